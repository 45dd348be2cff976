"""What uWSGI takes at once: a request's headers, a chunk, a body with a Content-Length."""

from __future__ import annotations

import re

from glance_audit.record import NamedTuple
from glance_audit.uwsgi import Option, UwsgiConfig

HEADERS = 4096  # bytes; core/init.c, uwsgi.buffer_size
MOST_HEADERS = 65535  # core/config.c: the option has 16 bits, more is taken as this
CHUNK = 1024 * 1024  # bytes; core/init.c, uwsgi.chunked_input_limit
# mod_proxy_http sends a chunked body on in pieces of up to 16 KiB: with a limit of 16384 a large
# upload through Apache 2.4.71 failed, with 16400 it passed (measured).
APACHE_PIECE = 16384  # bytes

_NUMBER_WITH_UNIT = re.compile(r"[0-9]+[ \t]*[A-Za-z]")


class SizeLimit(NamedTuple):
    """``size`` bytes of ``name``; ``option`` None means uWSGI's default."""

    name: str
    size: int
    option: Option | None = None

    @property
    def has_unit(self) -> bool:
        """Whether a unit is written behind the number, which uWSGI passes over."""
        return self.option is not None and bool(_NUMBER_WITH_UNIT.match(self.option.value))

    @property
    def text(self) -> str:
        """The limit as a message names it."""
        if self.option is None:
            return f"{self.name} {self.size} bytes by default"
        unit = f" (uWSGI reads no unit in {self.option.value})" if self.has_unit else ""
        return f"{self.name} {self.size} bytes{unit}"


def header_limit(config: UwsgiConfig) -> SizeLimit:
    """Return how long a request line with its headers may be, in every protocol."""
    found = config.unsigned("buffer-size")
    if found is None:
        return SizeLimit("buffer-size", HEADERS)
    return SizeLimit("buffer-size", min(found[0], MOST_HEADERS), found[1])


def chunk_limit(config: UwsgiConfig) -> SizeLimit | None:
    """Return what a chunk must be smaller than; None: 0, or a word, takes the limit away."""
    found = config.unsigned("chunked-input-limit")
    if found is None:
        return SizeLimit("chunked-input-limit", CHUNK)
    return SizeLimit("chunked-input-limit", *found) if found[0] > 0 else None


def length_limit(config: UwsgiConfig) -> SizeLimit | None:
    """Return the largest Content-Length that is taken; None: any."""
    found = config.unsigned("limit-post")
    return SizeLimit("limit-post", *found) if found is not None and found[0] > 0 else None
