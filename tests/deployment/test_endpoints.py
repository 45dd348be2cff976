"""Every directive that hands a path to a backend, and which virtual hosts it does so in."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.endpoints import find_endpoints
from glance_audit.deployment.target import Gateway
from tests.deployment.trees import apache

HTTP, UWSGI, WSGI, OTHER = (
    Gateway.PROXY_HTTP,
    Gateway.PROXY_UWSGI,
    Gateway.MOD_WSGI,
    Gateway.PROXY_OTHER,
)
B = "http://127.0.0.1:60999"


def host(text: str, name: str = "*:80") -> str:
    return f"<VirtualHost {name}>\n{text}\n</VirtualHost>\n"


def rows(root: Path, text: str) -> list[tuple[str, str, Gateway]]:
    return [(e.path, e.target, e.gateway) for e in find_endpoints(apache(root, text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'ProxyPass "/image" "{B}"', [("/image", B, HTTP)]),
        (f"ProxyPass /image {B}/ nocanon retry=0", [("/image", f"{B}/", HTTP)]),
        ("ProxyPass /image uwsgi://h:1/", [("/image", "uwsgi://h:1/", UWSGI)]),
        ("ProxyPass /image unix:/s|uwsgi://h", [("/image", "unix:/s|uwsgi://h", UWSGI)]),
        ("ProxyPass /php fcgi://h:1/", [("/php", "fcgi://h:1/", OTHER)]),
        ("ProxyPass /image !", []),
        ("ProxyPass /image", []),
        ("ProxyPass", []),
        ("ProxyPass /image /elsewhere", []),
        (f"ProxyPassMatch ^/image/?(.*)$ {B}/$1", [("/image", f"{B}/$1", HTTP)]),
        (f"ProxyPass ~ ^/(image|x) {B}", [("/", B, HTTP)]),
        (f"<Location /image>\nProxyPass {B}\n</Location>", [("/image", B, HTTP)]),
        (f"<LocationMatch ^/image>\nProxyPass {B}\n</LocationMatch>", [("/image", B, HTTP)]),
        (f"<Location ~ ^/image>\nProxyPass {B}\n</Location>", [("/image", B, HTTP)]),
        ("<Location /image>\nProxyPass !\n</Location>", []),
        (f'<Location /image>\nSetHandler "proxy:{B}"\n</Location>', [("/image", B, HTTP)]),
        ("<Location /image>\nSetHandler wsgi-script\n</Location>", []),
        (f"<Directory /x>\nSetHandler proxy:{B}\n</Directory>", [("/", B, HTTP)]),
        ("WSGIScriptAlias /image /usr/bin/g.py", [("/image", "/usr/bin/g.py", WSGI)]),
        ("WSGIScriptAlias /image", []),
        ("WSGIScriptAliasMatch ^/im(.*) /usr/bin/g.py", [("/im", "/usr/bin/g.py", WSGI)]),
        ("WSGIHandlerScript image /usr/bin/g.py", []),
        (
            "WSGIHandlerScript g /usr/bin/g.py\n<Location /image>\nSetHandler g\n</Location>",
            [("/image", "/usr/bin/g.py", WSGI)],
        ),
        (
            "WSGIHandlerScript g /usr/bin/g.py\n<Location /image>\nSetHandler h\n</Location>",
            [],
        ),
        ("Alias /image /srv/g.wsgi", []),
        (
            "Alias /image /srv/g.wsgi\nAddHandler wsgi-script .wsgi .py",
            [("/image", "/srv/g.wsgi", WSGI)],
        ),
        ("Alias /image /srv/g.txt\nAddHandler wsgi-script .wsgi .py", []),
        ("Alias /image /srv/wsgi\nAddHandler wsgi-script .wsgi", []),
        ("Alias /image /srv/\nSetHandler wsgi-script", []),
        ("AliasMatch ^/image/(.*) /srv/$1\nSetHandler wsgi-script", []),
        (
            "ScriptAlias /image /srv/a/g\n<Directory /srv>\nSetHandler wsgi-script\n</Directory>",
            [("/image", "/srv/a/g", WSGI)],
        ),
        ("Alias /image /srv/g\n<Directory /usr>\nSetHandler wsgi-script\n</Directory>", []),
        ("Alias /image /srv/g\n<Directory /sr>\nSetHandler wsgi-script\n</Directory>", []),
        (
            "Alias /image /srv/g\n<Location /image>\nSetHandler wsgi-script\n</Location>",
            [("/image", "/srv/g", WSGI)],
        ),
        ("Alias /image /srv/g\n<Location /x>\nSetHandler wsgi-script\n</Location>", []),
        (
            "Alias /image /srv/g\n<Files g*>\nSetHandler wsgi-script\n</Files>",
            [("/image", "/srv/g", WSGI)],
        ),
        ("Alias /image /srv/g\n<FilesMatch ^h>\nSetHandler wsgi-script\n</FilesMatch>", []),
        (
            "AliasMatch ^/im /srv/g\n<FilesMatch g$>\nSetHandler wsgi-script\n</FilesMatch>",
            [("/im", "/srv/g", WSGI)],
        ),
    ],
)
def test_a_directive_makes_an_endpoint(
    text: str, expected: list[tuple[str, str, Gateway]], tmp_path: Path
) -> None:
    assert rows(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (f"RewriteEngine On\nRewriteRule ^/image/(.*) {B}/$1 [P]", ["/image/"]),
        (f"RewriteEngine on\nRewriteRule ^/image/(.*) {B}/$1 [QSA,proxy,L]", ["/image/"]),
        (f"RewriteEngine On\nRewriteRule ^/image {B}/ [R]", []),
        (f"RewriteEngine On\nRewriteRule ^/image {B}/", []),
        (f"RewriteRule ^/image {B}/ [P]", []),
        (f"RewriteEngine Off\nRewriteRule ^/image {B}/ [P]", []),
        (f"RewriteEngine On\nRewriteRule ^/image {B}/ [P]\nRewriteEngine Off", []),
        (f"RewriteEngine On\nRewriteRule ^/image /elsewhere [P]\nRewriteRule ^/i {B} [p]", ["/i"]),
        (f"RewriteEngine On\nRewriteRule !^/x {B} [P]", ["/"]),
        (
            f"RewriteEngine On\n<Location /image>\nRewriteRule (.*) {B}/$1 [P]\n</Location>",
            ["/image"],
        ),
        (
            f"<Directory /srv>\nRewriteEngine On\nRewriteRule ^image/ {B}/ [P]\n</Directory>",
            ["/image/"],
        ),
    ],
)
def test_a_rewrite_rule_makes_one_where_the_engine_is_on(
    text: str, paths: list[str], tmp_path: Path
) -> None:
    for where, whole in (("main", text), ("host", host(text))):
        root = tmp_path / where
        assert [e.path for e in find_endpoints(apache(root, whole))] == paths


def test_the_engine_of_the_main_server_is_that_of_its_hosts(tmp_path: Path) -> None:
    rule = f"RewriteRule ^/image {B} [P]"
    text = "RewriteEngine On\n" + host(rule) + host(f"RewriteEngine Off\n{rule}", "*:81")

    (endpoint,) = find_endpoints(apache(tmp_path, text))

    assert endpoint.host is not None
    assert endpoint.host.args == "*:80"


def test_every_host_inherits_and_what_the_main_server_says_comes_first(tmp_path: Path) -> None:
    text = (
        f"ProxyPass /image {B}/main\n"
        f"<Location /x>\nProxyPass {B}/main\n</Location>\n"
        "WSGIScriptAlias /w /main.py\n"
        + host(f"ProxyPass /image {B}/own\nWSGIScriptAlias /w /own.py", "*:80")
        + host(f"ProxyPassInherit Off\n<Location /x>\nProxyPass {B}/own\n</Location>", "*:81")
    )
    found: dict[str | None, list[tuple[str, str]]] = {}
    for endpoint in find_endpoints(apache(tmp_path, text)):
        name = endpoint.host.args if endpoint.host is not None else None
        found.setdefault(name, []).append((endpoint.path, endpoint.target))

    assert found[None] == [("/image", f"{B}/main"), ("/x", f"{B}/main"), ("/w", "/main.py")]
    assert found["*:80"] == [
        ("/image", f"{B}/main"),
        ("/x", f"{B}/main"),
        ("/image", f"{B}/own"),
        ("/w", "/own.py"),
    ]
    assert found["*:81"] == [("/image", f"{B}/main"), ("/w", "/main.py"), ("/x", f"{B}/own")]


def test_rewrite_rules_are_inherited_on_demand_alone(tmp_path: Path) -> None:
    text = f"RewriteEngine On\nRewriteRule ^/image {B} [P]\n"
    hosts = host("", "*:80") + host("RewriteOptions InheritBefore", "*:81")
    found = find_endpoints(apache(tmp_path, text + hosts))

    assert [e.host.args if e.host else None for e in found] == [None, "*:81"]


def test_a_balancer_is_its_members(tmp_path: Path) -> None:
    text = (
        '<Proxy "balancer://glance">\n'
        "BalancerMember http://10.0.0.1:9292 timeout=5\n"
        "BalancerMember http://10.0.0.2:9292\n"
        "</Proxy>\n"
        "BalancerMember balancer://other uwsgi://10.0.0.3:1\n"
        "ProxyPass /image balancer://GLANCE/\n"
        "ProxyPass /other balancer://other\n"
        "ProxyPass /none balancer://none\n"
    )
    image, other, none = find_endpoints(apache(tmp_path, text))

    assert [target.host for target in image.targets] == ["10.0.0.1", "10.0.0.2"]
    assert (image.gateway, other.gateway) == (HTTP, UWSGI)
    assert (none.gateway, none.targets) == (OTHER, ())


def test_a_balancer_of_the_main_server_stands_for_its_namesakes(tmp_path: Path) -> None:
    text = "<Proxy balancer://b>\nBalancerMember http://main\n</Proxy>\n"
    own = (
        "<Proxy balancer://b>\nBalancerMember http://own\n</Proxy>\nProxyPass /image balancer://b\n"
    )
    both_off = "BalancerInherit Off\nProxyPassInherit Off\n"
    hosts = (
        host(own, "*:80")
        + host(own + "BalancerInherit Off\nProxyPassInherit On", "*:81")
        + host(own + both_off, "*:82")
    )

    found = find_endpoints(apache(tmp_path, text + hosts))

    assert [[t.host for t in e.targets] for e in found] == [["main"], ["main"], ["own"]]


def test_a_balancer_that_the_main_server_only_names_is_empty_everywhere(tmp_path: Path) -> None:
    own = "BalancerMember balancer://b http://own\nProxyPass /image balancer://b\n"
    text = "<Location /x>\nProxyPass balancer://b\n</Location>\n" + host(own)

    found = find_endpoints(apache(tmp_path, text))

    assert [e.targets for e in found] == [(), (), ()]


def test_balancers_of_one_name_in_two_hosts_are_two(tmp_path: Path) -> None:
    def one(address: str) -> str:
        return (
            f"<Proxy balancer://b>\nBalancerMember http://{address}\n</Proxy>\n"
            "ProxyPass /image balancer://b"
        )

    found = find_endpoints(apache(tmp_path, host(one("one"), "*:80") + host(one("two"), "*:81")))

    assert [[target.host for target in e.targets] for e in found] == [["one"], ["two"]]


def test_parameters_keep_their_places(tmp_path: Path) -> None:
    text = f"ProxyPass /image {B} Timeout=30 nocanon retry=0"
    (endpoint,) = find_endpoints(apache(tmp_path, text))

    timeout, retry = endpoint.parameter("timeout"), endpoint.parameter("retry")
    assert timeout is not None
    assert timeout.text == "Timeout=30"
    assert timeout.place.column == text.index("Timeout") + 1
    assert retry is not None
    assert retry.text == "retry=0"
    assert endpoint.parameter("nocanon") is None
    assert endpoint.parameter("keepalive") is None


def test_of_a_parameter_given_twice_the_last_one_counts(tmp_path: Path) -> None:
    (endpoint,) = find_endpoints(apache(tmp_path, f"ProxyPass /image {B} retry=0 Retry=1"))

    retry = endpoint.parameter("retry")
    assert retry is not None
    assert retry.text == "Retry=1"


def test_a_path_is_no_parameter(tmp_path: Path) -> None:
    (endpoint,) = find_endpoints(apache(tmp_path, f"ProxyPassMatch retry=0 {B}"))

    assert endpoint.parameter("retry") is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (f"ProxyPass /image {B}/", f"{B}/v2"),
        ("ProxyPass /image unix:/s|http://localhost/", "http://localhost/v2"),
        (f"ProxyPassMatch ^/image(.*) {B}$1", f"{B}/v2"),
    ],
)
def test_the_url_that_proxy_sections_see(text: str, url: str, tmp_path: Path) -> None:
    (endpoint,) = find_endpoints(apache(tmp_path, text))
    assert endpoint.upload_url.startswith(url)
