"""Configurations with ``ProxyRequests`` that anybody can use, and those that nobody can."""

from __future__ import annotations

ON = "ProxyRequests On\n"
DENIED = "Require all denied\n"


def section(name: str, argument: str, body: str) -> str:
    return f"<{name} {argument}>\n{body}</{name}>\n"


def host(body: str, address: str = "*:80") -> str:
    return section("VirtualHost", address, body)


# Each of these was asked on a live Apache: tests/oracle/test_forward_proxy_live.py.
OPEN = {
    "alone": ON,
    "directory": ON + section("Directory", "/", DENIED),
    "location-root": ON + section("Location", '"/"', DENIED),
    "another-url": ON + section("Proxy", '"http://good.example/*"', DENIED),
    "limit": ON + section("Proxy", "*", section("Limit", "POST", DENIED)),
    "granted": ON + section("Proxy", "*", "Require all granted\n"),
    "any": ON + section("Proxy", "*", section("RequireAny", "", DENIED + "Require all granted\n")),
    "all-but-some": ON
    + section(
        "Proxy",
        "*",
        section(
            "RequireAll",
            "",
            "Require all granted\nRequire not ip 192.0.2.1\n"
            + section("RequireNone", "", "Require ip 192.0.2.2\nRequire ip 192.0.2.3\n"),
        ),
    ),
    "allow-all": ON + section("Proxy", "*", "Order deny,allow\nAllow from all\n"),
    "no-control": ON + section("Proxy", "*", "SetEnv A 1\n"),
    "later-granted": ON
    + section("Proxy", "*", DENIED)
    + section("Proxy", '"http://*"', "Require all granted\n"),
    "off-then-on": "ProxyRequests Off\n" + ON,
    "inherited": ON + host(""),
    "of-a-host": host(ON),
    "host-grants": ON
    + section("Proxy", "*", DENIED)
    + host(section("Proxy", "*", "Require all granted\n")),
}
CLOSED = {
    "off": "ProxyRequests Off\n",
    "on-then-off": ON + "ProxyRequests Off\n",
    "denied": ON + section("Proxy", "*", DENIED),
    "http": ON + section("Proxy", '"http://*"', DENIED),
    "match": ON + section("ProxyMatch", '"^http://"', DENIED),
    "location-scheme": ON + section("Location", '"http:"', DENIED),
    "location-match": ON + section("LocationMatch", '".*"', DENIED),
    "network": ON + section("Proxy", "*", "Require ip 10.0.0.0/8\n"),
    "deny": ON + section("Proxy", "*", "Order deny,allow\nDeny from all\n"),
    "deny-but": ON + section("Proxy", "*", "Order deny,allow\nDeny from all\nAllow from 10.\n"),
    "allow-deny": ON + section("Proxy", "*", "Order allow,deny\n"),
    "block": ON + 'ProxyBlock "*"\n',
    "later-denied": ON
    + section("Proxy", '"http://*"', "Require all granted\n")
    + section("Proxy", "*", DENIED),
    "if": ON + section("If", '"true"', DENIED),
    "host-off": ON + host("ProxyRequests Off\n"),
    "main-denies": section("Proxy", "*", DENIED) + host(ON),
    "host-denies": host(ON + section("Proxy", "*", DENIED)),
    "all": ON
    + section("Proxy", "*", section("RequireAll", "", "Require all granted\nRequire ip 10\n")),
    "all-but-all": ON
    + section(
        "Proxy",
        "*",
        section("RequireAll", "", "Require all granted\nRequire not all granted\n"),
    ),
    "allow-deny-both": ON
    + section("Proxy", "*", "Order allow,deny\nAllow from all\nDeny from all\n"),
    "loopback": "Listen 127.0.0.1:80\nListen [::1]:80\n" + ON,
    "loopback-host": host(ON, "127.0.0.1:80"),
}
