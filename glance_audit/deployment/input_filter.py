"""``SetInputFilter BUFFER``: it makes Apache spool the uploads that have a Content-Length.

A filter that stays in the chain may change the length, so mod_proxy_http does not trust the
client's (``ap_proxy_http_prefetch``: ``r->input_filters == r->proto_input_filters``) and spools, or
with proxy-sendchunked sends chunks. Chunked bodies it hands on as ever. Measured: the cases of
``tests/deployment/merging.py``; ``filter_buffer_takes_no_chunked_body`` of ``placements.conf``;
"CL + BUFFER + sendchunked".
"""

from __future__ import annotations

from glance_audit.apache import Directive
from glance_audit.deployment.environment import (
    FORCE_10,
    SENDCHUNKED,
    SENDCL,
    Settings,
    live_settings,
)
from glance_audit.deployment.per_directory import PerDirectory
from glance_audit.deployment.route import Buffering, Endpoint
from glance_audit.deployment.target import Gateway

DIRECTIVE = "setinputfilter"
_BUFFER = "buffer"


def with_filters(
    buffering: Buffering, settings: Settings, filters: PerDirectory, endpoint: Endpoint
) -> Buffering:
    """Add to an endpoint's buffering what its filters do; they are the SetInputFilter."""
    if endpoint.gateway is not Gateway.PROXY_HTTP or not filters.said(endpoint):
        return buffering
    by, conditional = filters.in_force(endpoint)
    causes = tuple(one for one in (by, *conditional) if one is not None and _buffers(one))
    if not causes:
        return buffering
    certain = by is not None and all(_buffers(one) for one in (by, *conditional))
    chunks = [one for name in SENDCHUNKED for one in live_settings(settings, endpoint, name)]
    if chunks:
        kept = [one for n in (SENDCL, FORCE_10) for one in live_settings(settings, endpoint, n)]
        if not kept and any(one.certain for one in chunks):
            return buffering
        certain = certain and any(one.certain for one in kept)
    return buffering._replace(lengths=True if certain else None, filters=causes)


def _buffers(directive: Directive) -> bool:
    return _BUFFER in directive.words[0].text.lower().split(";")
