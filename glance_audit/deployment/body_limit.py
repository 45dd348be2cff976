"""The effective LimitRequestBody: how large an upload Apache lets pass to mod_wsgi or uwsgi://.

mod_wsgi and mod_proxy_uwsgi ask for it (``ap_get_limit_req_body``, server/core.c; http_filters.c
``ap_setup_client_block``). mod_proxy_http does not: requests that it proxies have no limit
(measured: 1200 MiB and an explicit 1 MiB, streamed and spooled).
"""

from __future__ import annotations

from glance_audit.apache import Directive
from glance_audit.deployment.per_directory import PerDirectory
from glance_audit.deployment.route import Endpoint
from glance_audit.deployment.target import Gateway
from glance_audit.record import NamedTuple

DIRECTIVE = "limitrequestbody"
DEFAULT = 1024**3  # bytes; AP_DEFAULT_LIMIT_REQ_BODY of server/core.c, since 2.4.54

LIMITED = (Gateway.MOD_WSGI, Gateway.PROXY_UWSGI)


class BodyLimit(NamedTuple):
    """A limit in bytes, 0 for none, and the directive that sets it; None: the server's default.

    ``certain``: it holds for every upload of the endpoint.
    """

    size: int
    by: Directive | None
    certain: bool

    def refuses(self, size: int) -> bool:
        """Whether a body of that many bytes is too large."""
        return 0 < self.size < size


def body_limits(directives: PerDirectory, endpoint: Endpoint) -> tuple[BodyLimit, ...]:
    """Return the limits that uploads of an endpoint meet: one, or several when it depends."""
    by, conditional = directives.in_force(endpoint)
    size = DEFAULT if by is None else _size(by)
    certain = all(_size(one) == size for one in conditional)
    return (
        BodyLimit(size, by, certain),
        *(BodyLimit(_size(one), one, False) for one in conditional if _size(one) != size),
    )


def _size(directive: Directive) -> int:
    """Read the number; what is none Apache refuses, and no limit is made of it."""
    text = directive.words[0].text
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
