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
ENVVARS = "/etc/apache2/envvars"
INI = "etc/glance/glance-api-uwsgi.ini"
UNIT = "/etc/systemd/system/glance-api.service"
ONLY = ("GA906",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def apache(text: str, envvars: str | None = "export SET=1\n") -> dict[str, Content]:
    files: dict[str, Content] = {APACHE_CONF: ROUTE + text}
    return files if envvars is None else {**files, ENVVARS: envvars}


def uwsgi(text: str, service: str | None = "") -> dict[str, Content]:
    head = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
    files: dict[str, Content] = {APACHE_CONF: ROUTE, UWSGI_INI: head + text}
    if service is None:
        return files
    run = f"[Service]\nExecStart=/usr/bin/uwsgi --ini {UWSGI_INI}\n{service}"
    return {**files, UNIT: run}


def test_a_variable_without_a_value_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(apache("  ServerAdmin ${ADMIN}\n"), select=ONLY), "GA906")

    assert where(found.location) == f"{CONF}:2:15"
    assert (found.location.end_line, found.location.end_column) == (2, 23)
    assert judged(found) == ("warning", "high")
    assert found.message == "nothing gives ${ADMIN} a value: Apache keeps it as text"
    assert found.help == "write Define ADMIN VALUE above it, or export it in envvars"
    assert found.related == ()


def test_a_define_that_comes_later_is_named(audit_tree: AuditTree) -> None:
    text = "ServerAdmin ${ADMIN}\nDefine admin one\nDefine ADMIN two\n"
    found = finding(audit_tree(apache(text), select=ONLY), "GA906")

    assert found.help == "move the Define of ADMIN above this line"
    assert notes(found) == {"is defined only here": f"{CONF}:3:1"}


def test_a_define_without_a_value_gives_none(audit_tree: AuditTree) -> None:
    text = "Define ADMIN\nServerAdmin ${ADMIN}\n"
    found = finding(audit_tree(apache(text), select=ONLY), "GA906")

    assert where(found.location) == f"{CONF}:3:13"
    assert found.help.startswith("write Define ADMIN VALUE above it")


def test_what_envvars_sets_and_does_not_export_is_named(audit_tree: AuditTree) -> None:
    files = apache("ServerAdmin ${ADMIN}\n", "ADMIN=me\n")
    found = finding(audit_tree(files, select=ONLY), "GA906")

    assert found.help == "export ADMIN where it is set"
    assert notes(found) == {"is set here, but not exported": "etc/apache2/envvars:1:1"}


@pytest.mark.parametrize(
    "text",
    [
        "Define ADMIN me\nServerAdmin ${admin}\n",
        "ServerAdmin ${SET}\n",
        "ServerAdmin ${PATH}\n",  # the service manager's
        "RewriteRule ^/(.*) ${map:$1}\n",  # a RewriteMap
        'CustomLog "|/usr/bin/log ${NAME}" combined\n',  # the shell's
        "# ServerAdmin ${ADMIN}\n",
        "<IfDefine NEVER>\nServerAdmin ${ADMIN}\n</IfDefine>\n",
        "ServerAdmin $ADMIN\n",
        "ServerAdmin %{ADMIN}e\n",
    ],
)
def test_what_has_a_value_or_is_no_variable_is_fine(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree(apache(text), select=ONLY)) == []


@pytest.mark.parametrize(
    "text", ['CustomLog "${DIR}/a|b" combined\n', "RewriteRule ^/(a|b) http://${DIR}/ [P]\n"]
)
def test_a_bar_that_is_no_pipe_excuses_nothing(audit_tree: AuditTree, text: str) -> None:
    assert findings(audit_tree(apache(text), select=ONLY), "GA906")


@pytest.mark.parametrize(
    "envvars",
    [
        None,  # nobody knows the environment
        "export ADMIN=$(hostname)\n",  # a value that only a shell knows
        ". /etc/missing\n",  # may set anything
    ],
)
def test_an_unknown_environment_excuses_all(audit_tree: AuditTree, envvars: str | None) -> None:
    assert codes(audit_tree(apache("ServerAdmin ${ADMIN}\n", envvars), select=ONLY)) == []


def test_a_file_on_its_own_is_not_judged(audit_tree: AuditTree) -> None:
    files = {"/srv/glance.conf": f"{ROUTE}ServerAdmin ${{ADMIN}}\n", ENVVARS: "export A=1\n"}
    report = audit_tree(files, path="/srv/glance.conf", select=ONLY, envvars=ENVVARS)
    assert codes(report) == []


def test_a_fragment_that_is_read_twice_is_told_once(audit_tree: AuditTree) -> None:
    files = apache("Include a.conf\nInclude a.conf\n")
    files["/etc/apache2/a.conf"] = "ServerAdmin ${ADMIN}\n"
    found = finding(audit_tree(files, select=ONLY), "GA906")
    assert where(found.location) == "etc/apache2/a.conf:1:13"


def test_a_macro_is_told_where_it_is_used(audit_tree: AuditTree) -> None:
    module = "LoadModule macro_module /usr/lib/apache2/modules/mod_macro.so\n"
    text = f"{module}<Macro M>\nServerAdmin ${{ADMIN}}\n</Macro>\nUse M\n"
    found = finding(audit_tree(apache(text), select=ONLY), "GA906")
    assert where(found.location) == f"{CONF}:6:1"


def test_every_variable_of_a_line_is_told(audit_tree: AuditTree) -> None:
    found = findings(audit_tree(apache("SetEnv A ${X}${Y}\n"), select=ONLY), "GA906")
    assert [where(one.location) for one in found] == [f"{CONF}:2:10", f"{CONF}:2:14"]


def test_a_placeholder_of_uwsgi_that_nothing_sets_is_told(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(uwsgi("socket-timeout = %(to)\n", None), select=ONLY), "GA906")

    assert where(found.location) == f"{INI}:4:18"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "nothing gives %(to) a value: uWSGI keeps it as text, and a number reads as 0"
    )
    assert found.help == "set to = ... in the file, or correct the name"


def test_a_name_in_an_expression_is_told(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(uwsgi("processes = %(cpus * 2)\n"), select=ONLY), "GA906")
    assert "nothing gives %(cpus) a value" in found.message


def test_a_variable_that_the_unit_does_not_set_is_told(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(uwsgi("chdir = $(HOME_OF_IT)\n"), select=ONLY), "GA906")

    assert where(found.location) == f"{INI}:4:9"
    assert found.message == (
        "nothing gives $(HOME_OF_IT) a value: uWSGI keeps it as text, and a number reads as 0"
    )
    assert found.help == "set Environment=HOME_OF_IT=... in the unit"


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("to = 9\nsocket-timeout = %(to)\n", None),
        ("socket-timeout = %(to)\nto = 9\n", None),
        ("processes = %(threads * 2)\nthreads = 4\n", None),
        ("chdir = $(DIR)\n", None),  # nobody knows what starts it
        ("chdir = $(DIR)\n", "Environment=DIR=/srv\n"),
        ("chdir = $(HOME)\n", ""),
        ("log-format = %(addr) %(method)\n", None),
        ("logformat-strftime = true\nlogformat = %(ltime)\n", None),
        ("exec-asap = touch $(date).txt\n", ""),
        ("attach-daemon = run $(id)\n", ""),
        ("; chdir = %(to) $(DIR)\n", ""),
    ],
)
def test_what_uwsgi_or_a_shell_knows_is_fine(
    audit_tree: AuditTree, text: str, service: str | None
) -> None:
    report = audit_tree(uwsgi(text, service), select=ONLY)
    assert [one.message for one in findings(report, "GA906")] == []


def test_a_file_without_a_listener_may_be_a_part_of_another(audit_tree: AuditTree) -> None:
    ini = "[uwsgi]\nmodule = glance.wsgi.api:application\nsocket-timeout = %(to)\n"
    assert codes(audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: ini}, select=ONLY)) == []
