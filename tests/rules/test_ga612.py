from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    GLANCE_CONF,
    UWSGI_INI,
    AuditTree,
    Content,
    codes,
    finding,
    findings,
    judged,
    notes,
    where,
)

CONF = GLANCE_CONF[1:]
ONLY = ("GA612",)
INI = "[uwsgi]\n{} = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
PROTO = "RequestHeader set X-Forwarded-Proto https\n"
REVERSE = 'ProxyPassReverse "/image" "http://127.0.0.1:60999"\n'
PUBLIC = "public_endpoint = https://images.example.net/image"
PARSED = "[oslo_middleware]\nenable_proxy_headers_parsing = true"
UNSET = "TLS ends at Apache and enable_proxy_headers_parsing is not set: "
LINKS, LOCATION = "the version links", "the Location of a new image"
PLAIN = "http://127.0.0.1:60999"
STEP = "set enable_proxy_headers_parsing = true in [oslo_middleware]"


def tls(*lines: str, engine: str = "SSLEngine on\n") -> str:
    return f"<VirtualHost *:443>\n{engine}{''.join(lines)}</VirtualHost>\n"


def system(
    apache: str, *lines: str, ini: str | None = INI.format("http-socket")
) -> dict[str, Content]:
    files: dict[str, Content] = {
        APACHE_CONF: apache,
        GLANCE_CONF: "\n".join(("[DEFAULT]", "debug = true", *lines, "")),
    }
    return files if ini is None else files | {UWSGI_INI: ini}


def test_its_absence_is_reported_at_the_sections_header(audit_tree: AuditTree) -> None:
    files = system(tls(ROUTE), "[oslo_middleware]", "max_request_body_size = 1")
    found = finding(audit_tree(files, select=ONLY), "GA612")

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        f"{UNSET}{LINKS} and {LOCATION} that Glance gives at /image begin with {PLAIN}"
    )
    assert found.help == (
        f"{STEP}, and RequestHeader set X-Forwarded-Proto https, of mod_headers, in the VirtualHost"
    )
    assert notes(found) == {
        "TLS ends here": f"{APACHE_CONF[1:]}:2:1",
        "clients come through /image": f"{APACHE_CONF[1:]}:3:1",
    }


def test_without_the_section_the_files_first_one_is_named(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(tls(ROUTE)), select=ONLY), "GA612")

    assert where(found.location) == f"{CONF}:1:1"


@pytest.mark.parametrize("value", ["false", "no", "0", "perhaps"])
def test_what_is_not_true_is_reported_where_it_stands(audit_tree: AuditTree, value: str) -> None:
    files = system(tls(ROUTE), "[oslo_middleware]", f"enable_proxy_headers_parsing = {value}")
    found = finding(audit_tree(files, select=ONLY), "GA612")

    assert where(found.location) == f"{CONF}:4:1"
    assert found.message.startswith(
        "TLS ends at Apache and enable_proxy_headers_parsing is not true: the version links"
    )


@pytest.mark.parametrize("value", ["true", "True", "yes", "on", "1"])
def test_it_is_fine_when_it_is_on(audit_tree: AuditTree, value: str) -> None:
    files = system(tls(ROUTE), "[oslo_middleware]", f"enable_proxy_headers_parsing = {value}")

    assert codes(audit_tree(files, select=ONLY)) == []


def test_another_section_does_not_turn_it_on(audit_tree: AuditTree) -> None:
    files = system(tls(ROUTE), "enable_proxy_headers_parsing = true")

    assert codes(audit_tree(files, select=ONLY)) == ["GA612"]


@pytest.mark.parametrize(
    ("apache", "found"),
    [
        (ROUTE, False),
        (tls(ROUTE, engine=""), False),
        (tls(ROUTE, engine="SSLEngine off\n"), False),
        (tls(ROUTE, engine="SSLEngine optional\n"), False),
        (tls(ROUTE, engine="SSLEngine on\nSSLEngine off\n"), False),
        (tls(ROUTE, engine="SSLEngine off\nSSLEngine On\n"), True),
        ("SSLEngine on\n" + tls(ROUTE, engine=""), True),
        (tls(ROUTE, engine="") + "SSLEngine on\n", True),
        ("SSLEngine on\n" + tls(ROUTE, engine="SSLEngine off\n"), False),
        ("SSLEngine on\n" + ROUTE, True),
        (ROUTE + tls(), True),  # the virtual host inherits the main server's ProxyPass
        (tls() + tls(ROUTE, engine="").replace("443", "80"), False),
        (tls(ROUTE, engine="SSLProxyEngine on\n"), False),
        (f"<IfModule !core.c>\nSSLEngine on\n</IfModule>\n{ROUTE}", False),
    ],
)
def test_tls_ends_where_the_engine_is_on(audit_tree: AuditTree, apache: str, found: bool) -> None:
    assert codes(audit_tree(system(apache), select=ONLY)) == (["GA612"] if found else [])


@pytest.mark.parametrize(
    ("apache", "listen"),
    [
        ('ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n', "socket"),
        ('WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"\n', "http-socket"),
    ],
)
def test_other_gateways_know_of_tls(audit_tree: AuditTree, apache: str, listen: str) -> None:
    files = system(tls(apache), ini=INI.format(listen))

    assert codes(audit_tree(files, select=ONLY)) == []


AT = "that Glance gives at /image"
KEPT = "ProxyPreserveHost On\n"
EXPRESSION = 'RequestHeader set X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"\n'
SENT = "RequestHeader {}\n"


@pytest.mark.parametrize(
    ("lines", "options", "end"),
    [
        ((), (PUBLIC,), f"{LOCATION} {AT} begins with {PLAIN}"),
        ((), ("public_endpoint =",), f"{LINKS} and {LOCATION} {AT} begin with {PLAIN}"),
        ((REVERSE,), (), f"{LINKS} {AT} begin with {PLAIN}"),
        ((REVERSE,), (PUBLIC,), None),
        ((f"<Location /image>\nProxyPassReverse {PLAIN}/\n</Location>\n",), (PUBLIC,), None),
        (("ProxyPassReverse / http://127.0.0.1:61000\n",), (PUBLIC,), f"begins with {PLAIN}"),
        ((f"<Location /b>\nProxyPassReverse {PLAIN}\n</Location>\n",), (PUBLIC,), PLAIN),
        ((KEPT,), (), f"{LINKS} and {LOCATION} {AT} begin with http://"),
        ((KEPT, REVERSE), (PUBLIC,), "begins with http://"),
        ((PROTO,), (), f"{UNSET}{LOCATION} {AT} begins with https://127.0.0.1:60999"),
        ((PROTO, REVERSE), (PUBLIC,), "begins with https://127.0.0.1:60999"),
        ((PROTO, KEPT), (), None),
        ((PROTO, "ProxyPassReverse / https://127.0.0.1:60999\n"), (), None),
        ((EXPRESSION, KEPT), (), None),
        ((SENT.format("set X-Forwarded-Proto: https"), KEPT), (), None),
        ((SENT.format("setifempty x-forwarded-proto https"), KEPT), (), None),
        ((SENT.format("add X-Forwarded-Proto https"), KEPT), (), None),
        ((SENT.format("set X-Forwarded-Ssl on"), KEPT), (), None),
        ((SENT.format("set X-Forwarded-Ssl off"), KEPT), (), "begin with http://"),
        ((SENT.format("set X-Forwarded-Proto HTTP"), KEPT), (), "begin with http://"),
        ((SENT.format("set X-Forwarded-For https"), REVERSE), (), f"begin with {PLAIN}"),
        ((SENT.format("edit X-Forwarded-Proto https"), REVERSE), (), f"begin with {PLAIN}"),
        ((PROTO, SENT.format("unset X-Forwarded-Proto"), REVERSE), (), f"begin with {PLAIN}"),
        ((SENT.format("unset X-Forwarded-Proto"), PROTO, KEPT), (), None),
        ((f"<Location /image>\n{PROTO}</Location>\n", KEPT), (), None),
        ((f"<Location /b>\n{PROTO}</Location>\n", REVERSE), (), f"begin with {PLAIN}"),
    ],
)
def test_what_glance_makes_of_it_is_told(
    audit_tree: AuditTree, lines: tuple[str, ...], options: tuple[str, ...], end: str | None
) -> None:
    report = audit_tree(system(tls(*lines, ROUTE), *options), select=ONLY)

    assert codes(report) == ([] if end is None else ["GA612"])
    assert all(one.message.endswith(end or "") for one in report.findings)


def test_a_header_that_is_sent_need_not_be_advised(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(tls(PROTO, ROUTE)), select=ONLY), "GA612")
    ssl = tls("RequestHeader set X-Forwarded-Ssl on\n", ROUTE)
    other = finding(audit_tree(system(ssl), select=ONLY), "GA612")

    assert found.help == STEP
    assert other.help.startswith(f"{STEP}, and RequestHeader set X-Forwarded-Proto https")


def test_the_standalone_server_believes_no_header(audit_tree: AuditTree) -> None:
    files = system(tls(PROTO, ROUTE, "ProxyPreserveHost On\n"), ini=None)
    found = finding(audit_tree(files, select=ONLY), "GA612")

    assert judged(found) == ("warning", "high")
    assert found.message.endswith(f"{LINKS} and {LOCATION} {AT} begin with http://")
    assert found.help == STEP


@pytest.mark.parametrize(
    ("release", "judgement", "end"),
    [
        ("24", None, ""),
        ("25", "high", "begin with http://"),
        (None, "medium", "begin with http:// (on Glance 25 (Zed) and later)"),
    ],
)
def test_older_releases_have_an_option_of_their_own(
    audit_tree: AuditTree, release: str | None, judgement: str | None, end: str
) -> None:
    apache = tls(PROTO, ROUTE, "ProxyPreserveHost On\n")
    files = system(apache, "secure_proxy_ssl_header = HTTP_X_FORWARDED_PROTO", ini=None)
    report = audit_tree(files, select=ONLY, glance_release=release)

    assert [judged(one) for one in findings(report, "GA612")] == (
        [("warning", judgement)] if judgement else []
    )
    assert all(one.message.endswith(end) for one in report.findings)


@pytest.mark.parametrize(
    ("apache", "option"),
    [
        (tls(ROUTE), "secure_proxy_ssl_header = HTTP_X_FORWARDED_PROTO"),  # nobody sends it
        (tls(PROTO, ROUTE), "secure_proxy_ssl_header ="),
    ],
)
def test_that_option_needs_its_header(audit_tree: AuditTree, apache: str, option: str) -> None:
    files = system(apache, option, ini=None)

    assert codes(audit_tree(files, select=ONLY, glance_release="24")) == ["GA612"]


@pytest.mark.parametrize(
    ("url", "confidence"), [("http://127.0.0.1:9292", "high"), ("http://192.0.2.7:9292", "low")]
)
def test_another_machines_glance_may_be_another(
    audit_tree: AuditTree, url: str, confidence: str
) -> None:
    files = system(tls(f'ProxyPass "/image" "{url}"\n'), ini=None)

    assert judged(finding(audit_tree(files, select=ONLY), "GA612")) == ("warning", confidence)


def test_where_it_depends_on_the_request_it_is_less_sure(audit_tree: AuditTree) -> None:
    apache = tls(f"<If \"%{{HTTP_HOST}} == 'a'\">\nProxyPreserveHost On\n</If>\n{ROUTE}")

    assert judged(finding(audit_tree(system(apache), select=ONLY), "GA612")) == (
        "warning",
        "medium",
    )


def test_one_service_is_one_finding(audit_tree: AuditTree) -> None:
    include = "Include /etc/apache2/both.inc\n"
    apache = f"{tls(include)}{tls(include).replace('443', '8443')}{tls(include, engine='')}"
    files = system(apache) | {"/etc/apache2/both.inc": ROUTE}
    found = finding(audit_tree(files, select=ONLY), "GA612")

    assert [(one.message, where(one.location)) for one in found.related] == [
        ("TLS ends here", f"{APACHE_CONF[1:]}:2:1"),
        ("TLS ends here", f"{APACHE_CONF[1:]}:6:1"),
        ("clients come through /image", "etc/apache2/both.inc:1:1"),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {APACHE_CONF: tls(ROUTE), UWSGI_INI: INI.format("http-socket")},
        {APACHE_CONF: tls(ROUTE), UWSGI_INI: INI.format("http-socket"), GLANCE_CONF: None},
        {
            APACHE_CONF: tls(ROUTE),
            UWSGI_INI: INI.format("http-socket"),
            "/etc/glance/glance-api.conf.d/a.conf": "[DEFAULT]\n",
        },
        system(tls('ProxyPass "/identity" "http://127.0.0.1:5000"\n')),
    ],
    ids=["no configuration", "not read", "drop-ins alone", "keystone"],
)
def test_without_a_glance_and_its_configuration_nothing_is_said(
    audit_tree: AuditTree, files: dict[str, Content]
) -> None:
    assert codes(audit_tree(files, select=ONLY, glance_release="32")) == []


@pytest.mark.parametrize(("release", "found"), [("32", ["GA612"]), ("33", []), (None, [])])
def test_a_drop_in_may_set_it(audit_tree: AuditTree, release: str | None, found: list[str]) -> None:
    files = system(tls(ROUTE)) | {"/etc/glance/glance-api.conf.d/a.conf": f"{PARSED}\n"}

    assert codes(audit_tree(files, select=ONLY, glance_release=release)) == found
