"""Whether Apache sends a client's ``Expect: 100-continue`` on to the backend, and waits for it.

mod_proxy_http does since 2.4.40, unless Proxy100Continue is Off: a per-directory directive
(mod_proxy.c ``forward_100_continue``; mod_proxy_http.c ``ap_proxy_http_handler``). A request that
goes on as HTTP/1.0 has none. Measured: ``tests/oracle/test_expect_live.py``.
"""

from __future__ import annotations

from glance_audit.apache import Directive
from glance_audit.deployment.environment import FORCE_10, live_settings
from glance_audit.deployment.per_directory import PerDirectory
from glance_audit.deployment.route import NOT_PASSED, Endpoint, Expectation
from glance_audit.deployment.setting import Settings
from glance_audit.deployment.target import Gateway

DIRECTIVE = "proxy100continue"


def expectation(directives: PerDirectory, settings: Settings, endpoint: Endpoint) -> Expectation:
    """Return what becomes of the expectation of an endpoint's uploads."""
    if endpoint.gateway is not Gateway.PROXY_HTTP:
        return NOT_PASSED
    as_http_10 = live_settings(settings, endpoint, FORCE_10)
    if any(one.certain for one in as_http_10):
        return NOT_PASSED
    by, conditional = directives.in_force(endpoint)
    passed = by is None or _on(by)
    if any(_on(one) is not passed for one in conditional):
        return Expectation(None, next((one for one in conditional if _on(one)), by))
    if passed and as_http_10:
        return Expectation(None, by)
    return Expectation(passed, by)


def _on(directive: Directive) -> bool:
    return directive.words[0].text.lower() == "on"
