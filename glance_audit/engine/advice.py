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


def continue_off(versions: Versions, where: str) -> str:
    """Say that Proxy100Continue has to be off, where Apache knows it.

    Older ones do not start with the directive, and pass no ``Expect`` on.
    """
    match versions.holds(since="proxy-100-continue"):
        case Holds.ALL:
            return f", with Proxy100Continue Off {where}"
        case Holds.PART:
            return f", with Proxy100Continue Off (httpd 2.4.40 and later) {where}"
        case Holds.NONE:
            return ""


def uwsgi_over_http(versions: Versions) -> str:
    """Say what to put in the place of another gateway, on releases that read chunks."""
    return (
        "let Glance's uWSGI listen with http-socket and reach it with http:// and mod_proxy_http"
        f"{continue_off(versions, 'beside it')}; set public_endpoint in glance-api.conf"
    )


def http_gateway(versions: Versions) -> str:
    """Say what to put in the place of another gateway, on every release."""
    advice = uwsgi_over_http(versions)
    match versions.holds(before="chunked-read"):
        case Holds.ALL:
            return f"{advice}; Glance 15 (Pike) needs proxy-sendcl there"
        case Holds.PART:
            return f"{advice} (Glance 15 (Pike) alone needs proxy-sendcl there)"
        case Holds.NONE:
            return advice
