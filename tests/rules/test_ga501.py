from __future__ import annotations

import pytest
from inline_snapshot import snapshot

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

INI = "etc/glance/glance-api-uwsgi.ini"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
UWSGI = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"


def uwsgi(*lines: str) -> dict[str, Content]:
    return {APACHE_CONF: ROUTE, UWSGI_INI: UWSGI + "".join(f"{line}\n" for line in lines)}


@pytest.mark.parametrize(
    ("release", "severity", "confidence", "words"),
    [
        ("15", "warning", "high", "nobody maintains that Python"),
        ("19", "warning", "high", "nobody maintains that Python"),
        ("20", "error", "high", "Glance 20 (Ussuri) cannot be imported there"),
        ("33", "error", "high", "Glance 33 (2026.2) cannot be imported there"),
        (None, "error", "medium", "only up to 19 (Train) it still runs"),
    ],
)
def test_python_2_is_an_error_since_ussuri(
    audit_tree: AuditTree, release: str | None, severity: str, confidence: str, words: str
) -> None:
    found = finding(audit_tree(uwsgi("plugins = python2"), glance_release=release), "GA501")

    assert judged(found) == (severity, confidence)
    assert words in found.message


@pytest.mark.parametrize(
    ("line", "column", "because"),
    [
        ("plugins = python2", 11, "the plugin python2"),
        ("plugin = http,python27", 10, "the plugin python27"),
        ("home = /opt/py27", 8, "the path /opt/py27"),
        ("virtualenv = /opt/v", 14, "/opt/v/lib/python2.7"),
        ("pythonpath = /usr/lib/python2.7/dist-packages", 14, "the path /usr/lib/python2.7"),
        ("wsgi-file = /usr/bin/glance-wsgi-api", 13, "starts with #!/usr/bin/python2"),
    ],
)
def test_what_tells_python_2_in_uwsgi_is_named_with_its_place(
    audit_tree: AuditTree, line: str, column: int, because: str
) -> None:
    files: dict[str, Content] = {
        **uwsgi(line),
        "/opt/v/lib/python2.7": None,
        "/usr/bin/glance-wsgi-api": "#!/usr/bin/python2\n",
    }
    found = finding(audit_tree(files, select=("GA501",)), "GA501")

    assert where(found.location) == f"{INI}:4:{column}"
    assert "uWSGI (glance-api-uwsgi.ini) runs Glance on Python 2" in found.message
    assert because in found.message


def test_all_that_tells_it_is_one_finding(audit_tree: AuditTree) -> None:
    found = finding(
        audit_tree(uwsgi("plugins = python2", "home = /opt/py27"), select=("GA501",)), "GA501"
    )

    assert where(found.location) == f"{INI}:4:11"
    assert notes(found) == {"says Python 2 too: the path /opt/py27": f"{INI}:5:8"}


def test_mod_wsgi_for_python_2_is_told_by_its_module(audit_tree: AuditTree) -> None:
    text = (
        "LoadModule wsgi_module /usr/lib/apache2/modules/mod_wsgi.so-2.7\n"
        'WSGIScriptAlias "/image" "/srv/glance-wsgi-api"\n'
    )
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA501",)), "GA501")

    assert where(found.location) == "etc/apache2/apache2.conf:1:1"
    assert "mod_wsgi runs Glance on Python 2" in found.message


def test_what_the_operator_states_is_reported_at_the_section(audit_tree: AuditTree) -> None:
    report = audit_tree(uwsgi("plugins = http"), python_version="2.7", select=("GA501",))
    found = finding(report, "GA501")

    assert where(found.location) == f"{INI}:1:1"
    assert "(2.7, as stated)" in found.message


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(uwsgi("plugins = python3"), id="Python 3"),
        pytest.param(uwsgi("plugins = python"), id="no version"),
        pytest.param(uwsgi("plugins = python311"), id="Python 3.11"),
        pytest.param(
            {
                APACHE_CONF: ROUTE,
                UWSGI_INI: "[uwsgi]\nhttp-socket = :5000\nmodule = keystone.wsgi\n"
                "plugins = python2\n",
            },
            id="another service's uWSGI",
        ),
        pytest.param(
            {
                APACHE_CONF: "LoadModule wsgi_module modules/mod_wsgi.so-2.7\n"
                'WSGIScriptAlias "/identity" "/srv/keystone-wsgi-public"\n' + ROUTE
            },
            id="another service's mod_wsgi",
        ),
    ],
)
def test_python_3_and_other_services_are_fine(
    audit_tree: AuditTree, files: dict[str, Content]
) -> None:
    assert codes(audit_tree(files, select=("GA501",))) == []


def test_a_uwsgi_behind_a_glance_route_counts_though_it_names_no_application(
    audit_tree: AuditTree,
) -> None:
    ini = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nplugins = python2\n"
    report = audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: ini}, select=("GA501",))

    assert where(finding(report, "GA501").location) == f"{INI}:3:11"


def test_a_scripts_first_line_is_only_a_comment_to_a_uwsgi_with_a_plugin(
    audit_tree: AuditTree,
) -> None:
    script = {"/srv/glance-wsgi-api": "#!/usr/bin/python2\n"}
    named = uwsgi("plugins = python3", "wsgi-file = /srv/glance-wsgi-api") | script
    bare = uwsgi("wsgi-file = /srv/glance-wsgi-api") | script

    assert codes(audit_tree(named, glance_release="25", select=("GA501",))) == []
    found = finding(audit_tree(bare, glance_release="25", select=("GA501",)), "GA501")
    assert judged(found) == ("error", "medium")


def test_where_plugin_and_virtual_environment_disagree_it_is_less_certain(
    audit_tree: AuditTree,
) -> None:
    files = uwsgi("plugins = python3", "home = /srv/venv-python2.7")
    found = finding(audit_tree(files, glance_release="25", select=("GA501",)), "GA501")

    assert where(found.location) == f"{INI}:5:8"
    assert judged(found) == ("error", "medium")


def test_what_is_said_for_each_release_word_for_word(audit_tree: AuditTree) -> None:
    said = {}
    for release in ("19", "25", None):
        found = finding(audit_tree(uwsgi("plugins = python2"), glance_release=release), "GA501")
        said[release] = found.message

    assert said == snapshot(
        {
            "19": (
                "uWSGI (glance-api-uwsgi.ini) runs Glance on Python 2 (the plugin python2): "
                "Glance from 20 (Ussuri) on does not run there, and nobody maintains that Python"
            ),
            "25": (
                "uWSGI (glance-api-uwsgi.ini) runs Glance on Python 2 (the plugin python2): "
                "Glance 25 (Zed) cannot be imported there, it needs Python 3"
            ),
            None: (
                "uWSGI (glance-api-uwsgi.ini) runs Glance on Python 2 (the plugin python2): "
                "Glance from 20 (Ussuri) on cannot be imported there; only up to 19 (Train) it "
                "still runs"
            ),
        }
    )
    assert found.help == "use Python 3: the plugin, the virtual environment and the paths"
