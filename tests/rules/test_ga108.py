from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    AuditTree,
    codes,
    finding,
    findings,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
ONLY = ("GA108",)
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"'
BALANCER = (
    '<Proxy "balancer://images">\nBalancerMember "http://127.0.0.1:60999"\n</Proxy>\n'
    'ProxyPass "/image" "balancer://images"'
)
BALANCING = ("proxy", "proxy_balancer", "slotmem_shm")


def server(*lines: str, load: tuple[str, ...] = ("proxy",)) -> dict[str, str]:
    modules = [f"LoadModule {name}_module modules/mod_{name}.so" for name in load]
    return {APACHE_CONF: "".join(f"{line}\n" for line in (*modules, *lines))}


def test_the_module_of_the_scheme_is_missing(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(server(HTTP), select=ONLY), "GA108")

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "mod_proxy_http, which /image needs, is not loaded: every request ends with 500"
    )
    assert found.help == "run a2enmod proxy_http, and restart Apache"
    assert notes(found) == {"mod_proxy is loaded here": f"{CONF}:1:1"}


@pytest.mark.parametrize(
    ("scheme", "module"),
    [
        ("uwsgi", "proxy_uwsgi"),
        ("fcgi", "proxy_fcgi"),
        ("ajp", "proxy_ajp"),
        ("scgi", "proxy_scgi"),
        ("h2c", "proxy_http2"),
    ],
)
def test_each_scheme_has_its_module(audit_tree: AuditTree, scheme: str, module: str) -> None:
    route = f'ProxyPass "/image" "{scheme}://127.0.0.1:60999"'
    without = audit_tree(server(route, load=("proxy", "proxy_http")), select=ONLY)

    assert finding(without, "GA108").help == f"run a2enmod {module}, and restart Apache"
    assert codes(audit_tree(server(route, load=("proxy", module)), select=ONLY)) == []


@pytest.mark.parametrize("tls", ["ssl", "tls", "gnutls", "nss"])
@pytest.mark.parametrize(("scheme", "module"), [("https", "proxy_http"), ("h2", "proxy_http2")])
def test_tls_takes_a_module_of_its_own(
    audit_tree: AuditTree, tls: str, scheme: str, module: str
) -> None:
    route = f'ProxyPass "/image" "{scheme}://10.0.0.2:9292"'
    without = audit_tree(server(route, load=("proxy", module)), select=ONLY)

    assert finding(without, "GA108").help == "run a2enmod ssl, and restart Apache"
    assert codes(audit_tree(server(route, load=("proxy", module, tls)), select=ONLY)) == []


def test_a_socket_of_the_file_system_needs_the_same(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "unix:/run/glance.sock|uwsgi://glance"'

    found = finding(audit_tree(server(route), select=ONLY), "GA108")
    assert found.help == "run a2enmod proxy_uwsgi, and restart Apache"


def test_without_mod_proxy_apache_knows_no_proxypass(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(server(HTTP, load=("env",)), select=ONLY), "GA108")

    assert judged(found) == ("error", "high")
    assert found.message == (
        "mod_proxy and mod_proxy_http, which /image needs, are not loaded: Apache refuses to "
        "start, for it knows no ProxyPass"
    )
    assert found.help == "run a2enmod proxy proxy_http, and restart Apache"
    assert notes(found) == {}


@pytest.mark.parametrize("key", ["ProxyPassMatch", "proxypass"])
def test_the_directive_that_apache_refuses_is_named(audit_tree: AuditTree, key: str) -> None:
    route = f'{key} "/image" "http://127.0.0.1:60999"'
    found = finding(audit_tree(server(route, load=("env",)), select=ONLY), "GA108")

    assert found.message.endswith(f"knows no {key}")


REWRITE = 'RewriteEngine On\nRewriteRule "^/image(.*)" "http://127.0.0.1:60999$1" [P]'
HANDLER = '<Location "/image">\nSetHandler "proxy:http://127.0.0.1:60999"\n</Location>'


@pytest.mark.parametrize(
    ("route", "load", "effect"),
    [
        (REWRITE, ("proxy",), "every request ends with 500"),
        (REWRITE, ("env",), "every request ends with 403"),
        (
            HANDLER,
            ("proxy",),
            "Apache looks for a file, so that uploads end with 405 and what is read with 404",
        ),
        (
            HANDLER,
            ("env",),
            "Apache looks for a file, so that uploads end with 405 and what is read with 404",
        ),
        (BALANCER, ("proxy", "proxy_http"), "every request ends with 500"),
        (BALANCER, ("proxy", "slotmem_shm"), "every request ends with 500"),
        (
            BALANCER,
            (*BALANCING, "lbmethod_byrequests"),
            "what goes to that member ends with 503",
        ),
        (BALANCER, (*BALANCING, "proxy_http"), "mod_proxy_balancer ends Apache's start"),
        (
            BALANCER,
            ("proxy", "proxy_balancer", "proxy_http", "lbmethod_bybusyness"),
            "mod_proxy_balancer ends Apache's start",
        ),
    ],
)
def test_what_happens_depends_on_the_way_to_the_backend(
    audit_tree: AuditTree, route: str, load: tuple[str, ...], effect: str
) -> None:
    found = finding(audit_tree(server(route, load=load), select=ONLY), "GA108")

    assert found.message.partition(": ")[2] == effect


def test_a_balancer_needs_its_own_modules_and_its_members(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(server(BALANCER), select=ONLY), "GA108")

    assert where(found.location) == f"{CONF}:5:1"
    assert found.help == (
        "run a2enmod proxy_balancer slotmem_shm lbmethod_byrequests proxy_http, and restart Apache"
    )


@pytest.mark.parametrize("method", ["byrequests", "bytraffic", "bybusyness", "heartbeat"])
def test_any_method_of_balancing_will_do(audit_tree: AuditTree, method: str) -> None:
    load = (*BALANCING, "proxy_http", f"lbmethod_{method}")

    assert codes(audit_tree(server(BALANCER, load=load), select=ONLY)) == []


def test_members_of_one_scheme_are_named_once(audit_tree: AuditTree) -> None:
    two = BALANCER.replace("</Proxy>", 'BalancerMember "http://10.0.0.3:60999"\n</Proxy>')
    load = (*BALANCING, "lbmethod_byrequests")
    found = finding(audit_tree(server(two, load=load), select=ONLY), "GA108")

    assert found.help == "run a2enmod proxy_http, and restart Apache"


def test_red_hats_layout_loads_by_hand(audit_tree: AuditTree) -> None:
    load = "LoadModule proxy_module modules/mod_proxy.so\n"
    files = {"/etc/httpd/conf/httpd.conf": f"{load}{HTTP.replace('http:', 'https:')}\n"}
    found = finding(audit_tree(files, path="/etc/httpd", select=ONLY), "GA108")

    assert judged(found) == ("error", "high")
    assert found.help == (
        "write LoadModule proxy_http_module modules/mod_proxy_http.so and "
        "LoadModule ssl_module modules/mod_ssl.so"
    )


def test_outside_debian_mod_proxy_may_be_compiled_in(audit_tree: AuditTree) -> None:
    files = {"/etc/httpd/conf/httpd.conf": f"LoadModule env_module modules/mod_env.so\n{HTTP}\n"}
    found = finding(audit_tree(files, path="/etc/httpd", select=ONLY), "GA108")

    assert judged(found) == ("error", "medium")


def test_a_file_that_was_not_read_may_load_it(audit_tree: AuditTree) -> None:
    files = server("Include /etc/apache2/modules.conf", HTTP)

    assert judged(finding(audit_tree(files, select=ONLY), "GA108")) == ("error", "low")


def test_a_mistake_elsewhere_changes_nothing(audit_tree: AuditTree) -> None:
    files = server(HTTP, "</Location>")

    assert judged(finding(audit_tree(files, select=ONLY), "GA108")) == ("error", "high")


def test_a_module_counts_where_apache_has_loaded_it_in_the_end(audit_tree: AuditTree) -> None:
    last = server(HTTP, "LoadModule proxy_http_module modules/mod_proxy_http.so")
    skipped = server(
        "<IfModule absent_module>",
        "LoadModule proxy_http_module modules/mod_proxy_http.so",
        "</IfModule>",
        HTTP,
    )

    assert codes(audit_tree(last, select=ONLY)) == []
    assert codes(audit_tree(skipped, select=ONLY)) == ["GA108"]


@pytest.mark.parametrize(
    "lines",
    [
        ('ProxyPass "/image" "ws://127.0.0.1:60999"',),  # several modules know it
        ('WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"',),
        ("<IfModule proxy_http_module>", HTTP, "</IfModule>"),
        ('ProxyPass "/identity" "http://127.0.0.1:5000"',),  # a neighbour's
    ],
)
def test_other_routes_are_no_finding(audit_tree: AuditTree, lines: tuple[str, ...]) -> None:
    assert codes(audit_tree(server(*lines), select=ONLY)) == []


def test_nothing_is_known_without_a_loadmodule_or_of_a_file_alone(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(server(HTTP, load=()), select=ONLY)) == []
    alone = {"/srv/site.conf": server(HTTP)[APACHE_CONF]}
    assert codes(audit_tree(alone, path="/srv/site.conf", select=ONLY)) == []


def test_one_directive_is_reported_once_with_all_its_paths(audit_tree: AuditTree) -> None:
    hosts = "".join(
        f"<VirtualHost *:{port}>\nInclude /etc/apache2/both.inc\n</VirtualHost>\n"
        for port in (80, 443)
    )
    files = server(hosts) | {"/etc/apache2/both.inc": f"{HTTP}\n"}
    found = finding(audit_tree(files, select=ONLY), "GA108")

    assert where(found.location) == "etc/apache2/both.inc:1:1"
    assert found.message.startswith("mod_proxy_http, which /image needs, is")


def test_two_directives_are_two_findings(audit_tree: AuditTree) -> None:
    second = 'ProxyPass "/image2" "http://127.0.0.1:9292"'

    assert len(findings(audit_tree(server(HTTP, second), select=ONLY), "GA108")) == 2


def test_a_macro_is_reported_where_it_is_used(audit_tree: AuditTree) -> None:
    macro = ("<Macro Image $port>", HTTP.replace("60999", "$port"), "</Macro>", "Use Image 9292")
    found = finding(audit_tree(server(*macro, load=("macro", "proxy")), select=ONLY), "GA108")

    assert where(found.location) == f"{CONF}:6:1"
    assert notes(found)["the line of the macro"] == f"{CONF}:4:1"
