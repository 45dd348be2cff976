"""Advice that depends on the release: what is right for one breaks another."""

from __future__ import annotations

from glance_audit.deployment.model import Versions
from glance_audit.deployment.versions import Holds


def stop_spooling(versions: Versions) -> str:
    """Say how to end the spooling by ``proxy-sendcl``, where that is right."""
    match versions.holds(before="chunked-read"):
        case Holds.ALL:
            return (
                "keep proxy-sendcl, without which Glance 15 (Pike) cannot read chunked uploads, in "
                "Glance's own <Location>"
            )
        case Holds.PART:
            return "stop the spooling (on Glance 15 (Pike) alone proxy-sendcl must stay)"
        case Holds.NONE:
            return "stop the spooling"


def http_gateway(versions: Versions) -> str:
    """Say what to put in the place of another gateway."""
    advice = (
        "let Glance's uWSGI listen with http-socket and reach it with http:// and mod_proxy_http, "
        "with Proxy100Continue Off beside it; set public_endpoint in glance-api.conf"
    )
    match versions.holds(before="chunked-read"):
        case Holds.ALL:
            return f"{advice}; Glance 15 (Pike) needs proxy-sendcl there"
        case Holds.PART:
            return f"{advice} (Glance 15 (Pike) alone needs proxy-sendcl there)"
        case Holds.NONE:
            return advice
