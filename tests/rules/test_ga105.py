from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
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

CONF = "etc/apache2/apache2.conf"
INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA105",)
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
UWSGI = 'ProxyPass "/image" "uwsgi://127.0.0.1:60998"\n'
ALIAS = 'WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"\n'
RUN = "run the standalone glance-api behind ProxyPass http://"
UPGRADE = f"{RUN}, which runs import, or upgrade to 21 (Victoria) or later"
SERVED = "Glance at /image is served by uWSGI (glance-api-uwsgi.ini): "
STALE = (
    'the documentation says "just don\'t do it", but that text is stale: since 21 (Victoria) image '
    "import works there"
)
RECOMMENDS = 'recommend{} the standalone glance-api, "particularly in production environments"'


def system(apache: str, listen: str = "127.0.0.1:60999") -> dict[str, Content]:
    return {
        APACHE_CONF: apache,
        UWSGI_INI: f"[uwsgi]\nhttp-socket = {listen}\nwsgi-file = /usr/bin/glance-wsgi-api\n",
    }


@pytest.mark.parametrize(
    ("release", "says"),
    [
        ("15.0.0", f"the release notes {RECOMMENDS.format('')}"),
        ("pike", f"the release notes {RECOMMENDS.format('')}"),
        ("16.0.0", f"the documentation {RECOMMENDS.format('s')}"),
        ("rocky", f"the documentation {RECOMMENDS.format('s')}"),
        ("19.0.3", f"the documentation {RECOMMENDS.format('s')}"),
        ("19.0.4", 'the documentation says "just don\'t do it"'),
        ("19", 'the documentation says "just don\'t do it" (from 19.0.4 on)'),
        ("20.0.0", f"the documentation {RECOMMENDS.format('s')}"),
        ("20.0.1", 'the documentation says "just don\'t do it"'),
        ("20.2.0", 'the documentation says "just don\'t do it"'),
        ("ussuri", 'the documentation says "just don\'t do it" (from 20.0.1 on)'),
    ],
)
def test_before_victoria_the_advice_is_right(
    audit_tree: AuditTree, release: str, says: str
) -> None:
    found = finding(audit_tree(system(HTTP), select=ONLY, glance_release=release), "GA105")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == f"{SERVED}{says}, and image import does not run there"
    assert found.help == UPGRADE
    assert notes(found) == {"loads Glance": f"{INI}:3:1"}


@pytest.mark.parametrize("release", ["victoria", "21.0.0", "25.1.0", "31", "31.1.0"])
def test_from_victoria_on_the_text_is_stale(audit_tree: AuditTree, release: str) -> None:
    found = finding(audit_tree(system(HTTP), select=ONLY, glance_release=release), "GA105")

    assert judged(found) == ("info", "high")
    assert found.message == f"{SERVED}{STALE}"
    assert found.help == (
        "nothing has to change because of that text: from 33 (2026.2) on WSGI is the only way to "
        "run Glance"
    )


@pytest.mark.parametrize("release", ["32.0.0", "2026.1", "33"])
def test_later_documentation_recommends_it(audit_tree: AuditTree, release: str) -> None:
    for apache in (HTTP, UWSGI, ALIAS):
        assert codes(audit_tree(system(apache), select=ONLY, glance_release=release)) == []


@pytest.mark.parametrize("apache", [HTTP, ""])
def test_the_module_tells_that_the_release_is_a_late_one(
    audit_tree: AuditTree, apache: str
) -> None:
    ini = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
    found = finding(audit_tree({APACHE_CONF: apache, UWSGI_INI: ini}, select=ONLY), "GA105")

    assert judged(found) == ("info", "medium")
    assert found.message.endswith(
        '(glance-api-uwsgi.ini): the documentation says "just don\'t do it" (on Glance up to 31 '
        "(2025.2)), but that text is stale: since 21 (Victoria) image import works there"
    )
    assert found.help == (
        "nothing has to change because of that text: from 33 (2026.2) on WSGI is the only way to "
        "run Glance"
    )


@pytest.mark.parametrize(("release", "severity"), [("25", "info"), ("20", "warning")])
def test_a_module_that_the_release_lacks_tells_nothing(
    audit_tree: AuditTree, release: str, severity: str
) -> None:
    ini = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
    files = {APACHE_CONF: HTTP, UWSGI_INI: ini}
    found = finding(audit_tree(files, select=ONLY, glance_release=release), "GA105")

    assert judged(found) == (severity, "high")


def test_an_own_script_in_mod_wsgi_that_imports_the_module_tells_it_too(
    audit_tree: AuditTree,
) -> None:
    files = {
        APACHE_CONF: 'WSGIScriptAlias "/image" "/srv/glance-api.wsgi"\n',
        "srv/glance-api.wsgi": "from glance.wsgi.api import application\n",
    }
    found = finding(audit_tree(files, select=ONLY), "GA105")

    assert "(on Glance up to 31 (2025.2)), but that text is stale" in found.message


def test_an_unknown_release_is_an_info_that_names_the_releases(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(HTTP), select=ONLY), "GA105")

    assert judged(found) == ("info", "medium")
    assert found.message == (
        f"{SERVED}the documentation advises against it (on Glance up to 31 (2025.2)); that text is "
        "stale since 21 (Victoria), and before it image import does not run"
    )
    assert found.help == (
        "from 21 (Victoria) on nothing has to change because of that text; before it, " + RUN
    )


@pytest.mark.parametrize(("apache", "server"), [(ALIAS, "mod_wsgi"), (UWSGI, "uWSGI")])
def test_every_web_server_counts(audit_tree: AuditTree, apache: str, server: str) -> None:
    report = audit_tree({APACHE_CONF: apache}, select=ONLY, glance_release="25")
    found = finding(report, "GA105")

    assert where(found.location) == f"{CONF}:1:1"
    assert found.message == f"Glance at /image is served by {server}: {STALE}"
    assert notes(found) == {}


def test_a_uwsgi_without_apache_counts_too(audit_tree: AuditTree) -> None:
    report = audit_tree(system("", listen=":9292"), select=ONLY, glance_release="25")
    found = finding(report, "GA105")

    assert where(found.location) == f"{INI}:3:1"
    assert judged(found) == ("info", "high")
    assert found.message == f"Glance is served by uWSGI (glance-api-uwsgi.ini): {STALE}"
    assert found.help.startswith("nothing has to change")


def test_a_uwsgi_that_may_be_on_another_machine_is_reported_by_itself(
    audit_tree: AuditTree,
) -> None:
    route = 'ProxyPass "/image" "http://images.internal:60999"\n'
    report = audit_tree(system(route, listen=":60999"), select=ONLY, glance_release="25")

    assert where(finding(report, "GA105").location) == f"{INI}:3:1"


@pytest.mark.parametrize("release", ["20.2.0", "25"])
def test_apache_before_a_standalone_glance_is_what_was_advised(
    audit_tree: AuditTree, release: str
) -> None:
    files = {APACHE_CONF: 'ProxyPass "/image" "http://127.0.0.1:9292"\n'}

    assert codes(audit_tree(files, select=ONLY, glance_release=release)) == []


def test_other_services_are_none_of_its_business(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: 'ProxyPass "/identity" "http://127.0.0.1:5000"\n'
        'WSGIScriptAlias "/dashboard" "/srv/horizon/wsgi.py"\n',
        "/etc/uwsgi/keystone.ini": "[uwsgi]\nhttp-socket = :5000\nmodule = keystone.wsgi.api\n",
    }

    assert codes(audit_tree(files, select=ONLY, glance_release="20")) == []


def test_two_servers_behind_a_balancer_are_one_finding(audit_tree: AuditTree) -> None:
    files = system(
        '<Proxy "balancer://glance">\nBalancerMember "http://127.0.0.1:60999"\n'
        'BalancerMember "http://127.0.0.1:61000"\n</Proxy>\nProxyPass "/image" "balancer://glance"\n'
    )
    files["/etc/uwsgi/second.ini"] = (
        "[uwsgi]\nhttp-socket = 127.0.0.1:61000\nmodule = glance.wsgi.api:application\n"
    )
    found = finding(audit_tree(files, select=ONLY, glance_release="30.2.0"), "GA105")

    assert found.message.startswith(
        "Glance at /image is served by uWSGI (glance-api-uwsgi.ini) and uWSGI (second.ini): the"
    )
    assert [where(one.location) for one in found.related] == [
        f"{INI}:3:1",
        "etc/uwsgi/second.ini:3:1",
    ]


def test_a_fragment_in_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "<VirtualHost *:{}>\nInclude /etc/apache2/both.inc\n</VirtualHost>\n"
    files = system(include.format(80) + include.format(443))
    files["/etc/apache2/both.inc"] = HTTP
    found = finding(audit_tree(files, select=ONLY, glance_release="25"), "GA105")

    assert where(found.location) == "etc/apache2/both.inc:1:1"


def test_a_macro_is_reported_at_its_use_with_the_line_of_its_body(audit_tree: AuditTree) -> None:
    load = "LoadModule macro_module mod_macro.so\n"
    files = {APACHE_CONF: f"{load}<Macro Image>\n{ALIAS}</Macro>\nUse Image\n"}
    found = finding(audit_tree(files, select=ONLY, glance_release="25"), "GA105")

    assert where(found.location) == f"{CONF}:5:1"
    assert notes(found) == {"the line of the macro": f"{CONF}:3:1"}


@pytest.mark.parametrize(("apache", "leader"), [(ALIAS, "GA101"), (UWSGI, "GA103")])
def test_it_folds_under_what_says_more_of_the_gateway(
    audit_tree: AuditTree, apache: str, leader: str
) -> None:
    report = audit_tree({APACHE_CONF: apache}, select=("GA105", leader), glance_release="25")
    found = {one.code: one for one in findings(report, leader) + findings(report, "GA105")}

    assert found["GA105"].caused_by == found[leader].fingerprint
