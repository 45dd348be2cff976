"""Whether mod_wsgi takes chunked requests on a route: the effective WSGIChunkedRequest.

mod_wsgi keeps a value for each server and one for each directory (mod_wsgi.c,
``wsgi_set_chunked_request``, ``wsgi_create_req_config``); the latter wins. Measured with mod_wsgi
4.9.4: ``tests/deployment/test_chunked_request.py``.
"""

from __future__ import annotations

from glance_audit.apache import Directive
from glance_audit.deployment.per_directory import PerDirectory
from glance_audit.deployment.route import Endpoint
from glance_audit.record import NamedTuple

DIRECTIVE = "wsgichunkedrequest"


class ChunkedRequest(NamedTuple):
    """``value`` None: it depends on the request. ``by`` None: nothing sets it, so it is Off.

    ``unreached`` are the directives that say On, for the server or the virtual host, and do not
    decide.
    """

    value: bool | None
    by: Directive | None
    unreached: tuple[Directive, ...] = ()


def chunked_request(directives: PerDirectory, endpoint: Endpoint) -> ChunkedRequest:
    """Return what holds for the uploads of a mod_wsgi endpoint; the directives are its name's."""
    by, conditional = directives.in_force(endpoint)
    value: bool | None = by is not None and _on(by)
    for directive in conditional:
        on = _on(directive)
        if value is not on:
            value = None
            by = by if on else directive
    if value is True:
        return ChunkedRequest(value, by)
    said = directives.said(endpoint)
    return ChunkedRequest(value, by, tuple(d for d in said if _on(d) and d is not by))


def _on(directive: Directive) -> bool:
    return directive.words[0].text.lower() == "on"
