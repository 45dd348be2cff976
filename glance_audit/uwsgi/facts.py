"""What uWSGI knows of its machine and its build that no configuration file tells."""

from __future__ import annotations

from glance_audit.record import NamedTuple


class HostFacts(NamedTuple):
    """Facts of the audited machine; ``None`` is "not known", never the auditing machine's own.

    ``cpus`` counts online processors, ``time`` is in seconds and ``microseconds`` in microseconds
    since 1970, ``binary`` is the path of the executable and ``version`` what it calls itself
    (``2.0.21-debian``). ``embedded_plugins`` are the plugins compiled into the binary (none in
    Debian's, http and python among others in the one from PyPI). ``reload`` is true when uWSGI
    starts again inside a running instance.
    """

    hostname: str | None = None
    cpus: int | None = None
    uid: int | None = None
    user: str | None = None
    gid: int | None = None
    group: str | None = None
    binary: str | None = None
    version: str | None = None
    time: int | None = None
    microseconds: int | None = None
    embedded_plugins: frozenset[str] | None = None
    reload: bool = False


UNKNOWN_HOST = HostFacts()
