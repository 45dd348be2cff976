from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    UWSGI_INI,
    AuditTree,
    Content,
    codes,
    finding,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA504",)
UWSGI = 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n'
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
SENDCL = "SetEnv proxy-sendcl 1\n"
PYTHON2 = "plugins = python2"
REFUSED = (
    "mod_proxy_uwsgi answers every chunked upload to /image with 411, on Python 2 ({}) too, "
    "although the documentation says that they work there"
)
SPOOLED = (
    "Apache writes every chunked upload to /image to disk first, as the documentation has it for "
    "Python 2 (the plugin python2); Glance reads chunks by itself, on Python 2 too"
)
GATEWAY = (
    "let Glance's uWSGI listen with http-socket and reach it with http:// and mod_proxy_http, with "
    "Proxy100Continue Off (httpd 2.4.40 and later) beside it; set public_endpoint in "
    "glance-api.conf"
)


def system(
    apache: str, *lines: str, listen: str = "socket = 127.0.0.1:60999"
) -> dict[str, Content]:
    ini = ["[uwsgi]", listen, "wsgi-file = /usr/bin/glance-wsgi-api", *lines, ""]
    return {APACHE_CONF: apache, UWSGI_INI: "\n".join(ini)}


@pytest.mark.parametrize("release", ["16", "19", "19.0.4", "train"])
def test_mod_proxy_uwsgi_refuses_chunks_on_python_2_as_well(
    audit_tree: AuditTree, release: str
) -> None:
    report = audit_tree(system(UWSGI, PYTHON2), select=ONLY, glance_release=release)
    found = finding(report, "GA504")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("error", "high")
    assert found.message == REFUSED.format("the plugin python2")
    assert found.help == GATEWAY
    assert notes(found) == {"says Python 2: the plugin python2": f"{INI}:4:11"}


def test_on_pike_too(audit_tree: AuditTree) -> None:
    report = audit_tree(system(SENDCL + UWSGI, PYTHON2), select=ONLY, glance_release="pike")

    assert finding(report, "GA504").help == f"{GATEWAY}; Glance 15 (Pike) needs proxy-sendcl there"


@pytest.mark.parametrize("apache", [SENDCL + UWSGI, SENDCL + HTTP])
@pytest.mark.parametrize("release", ["20.0.0", "ussuri", "33"])
def test_later_releases_do_not_run_on_python_2(
    audit_tree: AuditTree, apache: str, release: str
) -> None:
    assert codes(audit_tree(system(apache, PYTHON2), select=ONLY, glance_release=release)) == []


def test_an_unknown_release_may_be_one_of_those(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(UWSGI, PYTHON2), select=ONLY), "GA504")

    assert judged(found) == ("error", "medium")
    assert found.message == f"{REFUSED.format('the plugin python2')} (on Glance up to 19 (Train))"


@pytest.mark.parametrize("lines", [("plugins = python3",), ("plugins = python",), ()])
def test_another_python_or_an_unknown_one_is_no_finding(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    for apache in (UWSGI, SENDCL + HTTP):
        report = audit_tree(system(apache, *lines), select=ONLY, glance_release="19")
        assert codes(report) == []


def test_a_hint_of_python_2_is_less_sure(audit_tree: AuditTree) -> None:
    files = system(UWSGI, "pythonpath = /opt/glance/lib/python2.7/site-packages")
    found = finding(audit_tree(files, select=ONLY, glance_release="19"), "GA504")

    assert judged(found) == ("error", "medium")


def test_every_sign_is_named(audit_tree: AuditTree) -> None:
    files = system(UWSGI, PYTHON2, "home = /opt/python2.7")
    found = finding(audit_tree(files, select=ONLY, glance_release="19"), "GA504")

    assert notes(found) == {
        "says Python 2: the plugin python2": f"{INI}:4:11",
        "says Python 2: the path /opt/python2.7": f"{INI}:5:8",
    }


@pytest.mark.parametrize("listen", ["socket = 127.0.0.1:60999", "socket = 127.0.0.1:61000"])
def test_what_the_operator_states_counts_for_a_uwsgi_that_is_not_found(
    audit_tree: AuditTree, listen: str
) -> None:
    files = system(UWSGI, listen=listen)
    report = audit_tree(files, select=ONLY, glance_release="19", python_version="2.7")
    found = finding(report, "GA504")

    assert judged(found) == ("error", "high")
    assert found.message == REFUSED.format("2.7, as stated")
    assert "3.6" not in found.message


def test_a_stated_python_3_stands_above_the_files(audit_tree: AuditTree) -> None:
    files = system(UWSGI, PYTHON2)
    report = audit_tree(files, select=ONLY, glance_release="19", python_version="3.6")

    assert codes(report) == []


def test_a_uwsgi_that_may_be_on_another_machine_is_a_hint(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "uwsgi://images.internal:60999"\n'
    files = system(route, PYTHON2, listen="socket = :60999")
    found = finding(audit_tree(files, select=ONLY, glance_release="19"), "GA504")

    assert judged(found) == ("error", "low")


@pytest.mark.parametrize("release", ["16.0.0", "19"])
def test_behind_http_the_recipe_spools_for_nothing(audit_tree: AuditTree, release: str) -> None:
    files = system(SENDCL + HTTP, PYTHON2, listen="http-socket = 127.0.0.1:60999")
    found = finding(audit_tree(files, select=ONLY, glance_release=release), "GA504")

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("warning", "high")
    assert found.message == SPOOLED
    assert found.help == "remove proxy-sendcl, and use Python 3"
    assert notes(found) == {
        "makes Apache spool: proxy-sendcl": f"{CONF}:1:1",
        "says Python 2: the plugin python2": f"{INI}:4:11",
    }


def test_behind_http_an_unknown_release_is_named(audit_tree: AuditTree) -> None:
    files = system(SENDCL + HTTP, PYTHON2, listen="http-socket = 127.0.0.1:60999")
    found = finding(audit_tree(files, select=ONLY), "GA504")

    assert judged(found) == ("warning", "medium")
    assert found.message == f"{SPOOLED} (on Glance 16 (Queens) to 19 (Train))"


def test_what_spools_for_some_requests_is_less_sure(audit_tree: AuditTree) -> None:
    apache = f'SetEnvIf User-Agent "nova" proxy-sendcl\n{HTTP}'
    files = system(apache, PYTHON2, listen="http-socket = 127.0.0.1:60999")
    found = finding(audit_tree(files, select=ONLY, glance_release="19"), "GA504")

    assert judged(found) == ("warning", "medium")


@pytest.mark.parametrize(("apache", "release"), [(HTTP, "19"), (SENDCL + HTTP, "pike")])
def test_behind_http_streaming_is_fine_and_pike_needs_the_recipe(
    audit_tree: AuditTree, apache: str, release: str
) -> None:
    files = system(apache, PYTHON2, listen="http-socket = 127.0.0.1:60999")

    assert codes(audit_tree(files, select=ONLY, glance_release=release)) == []


def test_other_services_are_none_of_its_business(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: 'ProxyPass "/identity" "uwsgi://127.0.0.1:5000"\n',
        "/etc/uwsgi/keystone.ini": "[uwsgi]\nsocket = 127.0.0.1:5000\nplugins = python2\n"
        "module = keystone.wsgi.api\n",
    }

    assert codes(audit_tree(files, select=ONLY, glance_release="19")) == []


@pytest.mark.parametrize(
    ("apache", "listen", "leader"),
    [(UWSGI, "socket", "GA103"), (SENDCL + HTTP, "http-socket", "GA202")],
)
def test_it_folds_under_the_cause(
    audit_tree: AuditTree, apache: str, listen: str, leader: str
) -> None:
    files = system(apache, PYTHON2, listen=f"{listen} = 127.0.0.1:60999")
    report = audit_tree(files, select=(leader, "GA504"), glance_release="19")

    assert finding(report, "GA504").caused_by == finding(report, leader).fingerprint


@pytest.mark.parametrize(("apache", "line"), [(UWSGI, 3), (HTTP, 3)])
def test_a_macro_is_reported_at_its_use_with_the_line_of_its_body(
    audit_tree: AuditTree, apache: str, line: int
) -> None:
    load = "LoadModule macro_module mod_macro.so\n"
    listen = "http-socket = 127.0.0.1:60999" if apache == HTTP else "socket = 127.0.0.1:60999"
    files = system(
        f"{load}<Macro Image>\n{apache}</Macro>\nUse Image\n{SENDCL}", PYTHON2, listen=listen
    )
    found = finding(audit_tree(files, select=ONLY, glance_release="19"), "GA504")

    assert where(found.location) == f"{CONF}:5:1"
    assert notes(found)["the line of the macro"] == f"{CONF}:{line}:1"


def test_a_fragment_in_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "<VirtualHost *:{}>\nInclude /etc/apache2/both.inc\n</VirtualHost>\n"
    files = system(include.format(80) + include.format(443), PYTHON2)
    files["/etc/apache2/both.inc"] = UWSGI
    found = finding(audit_tree(files, select=ONLY, glance_release="19"), "GA504")

    assert where(found.location) == "etc/apache2/both.inc:1:1"


def test_behind_http_a_hint_of_python_2_is_less_sure(audit_tree: AuditTree) -> None:
    files = system(
        SENDCL + HTTP, "pythonpath = /opt/glance/lib/python2.7/site-packages",
        listen="http-socket = 127.0.0.1:60999",
    )  # fmt: skip
    found = finding(audit_tree(files, select=ONLY, glance_release="19"), "GA504")

    assert judged(found) == ("warning", "medium")
