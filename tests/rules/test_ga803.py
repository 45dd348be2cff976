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

INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA803",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
UNIT = "/etc/systemd/system/glance-api.service"
GLANCE = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"


def system(lines: str = "", service: str = "", start: str = "") -> dict[str, Content]:
    run = start or f"/usr/bin/uwsgi --ini {UWSGI_INI}"
    unit = f"[Service]\n{service}ExecStart={run}\n"
    return {APACHE_CONF: ROUTE, UWSGI_INI: GLANCE + lines, UNIT: unit}


def test_a_service_without_a_user_is_reported_at_the_header(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(), select=ONLY), "GA803")

    assert where(found.location) == f"{INI}:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "glance-api.service starts uWSGI as root, and no uid makes it another user: Glance runs as "
        "root"
    )
    assert found.help == (
        "set uid = glance and gid = glance in the [uwsgi] section, or User= in the unit"
    )
    assert {note: at.rpartition(":")[0] for note, at in notes(found).items()} == {
        "starts it": "etc/systemd/system/glance-api.service:2"
    }


@pytest.mark.parametrize("option", ["uid = root", "uid = 0", "immediate-uid = 0"])
def test_root_by_name_is_reported_where_it_stands(audit_tree: AuditTree, option: str) -> None:
    found = finding(audit_tree(system(f"{option}\n"), select=ONLY), "GA803")

    assert where(found.location) == f"{INI}:4:1"
    name = option.partition(" ")[0]
    assert found.message == (
        f"glance-api.service starts uWSGI as root, and {name} keeps it root: Glance runs as root"
    )


@pytest.mark.parametrize("service", ["User=root\n", "User=0\n", "User=\n", "DynamicUser=no\n"])
def test_a_unit_may_say_root(audit_tree: AuditTree, service: str) -> None:
    assert findings(audit_tree(system(service=service), select=ONLY), "GA803")


@pytest.mark.parametrize(
    ("lines", "service"),
    [
        ("uid = glance\n", ""),
        ("uid = 64062\n", ""),
        ("immediate-uid = glance\n", ""),
        ("uid = root\nuid = glance\n", ""),
        ("uid = $(WHO)\n", ""),
        ("", "User=glance\n"),
        ("", "DynamicUser=yes\n"),
    ],
)
def test_another_user_is_fine(audit_tree: AuditTree, lines: str, service: str) -> None:
    assert codes(audit_tree(system(lines, service), select=ONLY)) == []


def test_a_uid_on_the_command_line_counts(audit_tree: AuditTree) -> None:
    files = system(start=f"/usr/bin/uwsgi --uid glance --ini {UWSGI_INI}")
    assert codes(audit_tree(files, select=ONLY)) == []


def test_what_no_unit_starts_is_not_judged(audit_tree: AuditTree) -> None:
    files = {name: text for name, text in system().items() if name != UNIT}
    assert codes(audit_tree(files, select=ONLY)) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [("", ["GA803"]), ("--uid glance ", []), ("--emperor-tyrant ", []), ("--uid=glance ", [])],
)
def test_an_emperor_may_give_its_vassals_a_user(
    audit_tree: AuditTree, words: str, expected: list[str]
) -> None:
    start = f"/usr/bin/uwsgi {words}--emperor /etc/glance"
    assert codes(audit_tree(system(start=start), select=ONLY)) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [("", ["GA803"]), ("uid = glance\n", []), ("emperor-tyrant = true\n", []), ("uid = 0\n", None)],
)
def test_an_emperor_of_a_file_too(
    audit_tree: AuditTree, lines: str, expected: list[str] | None
) -> None:
    files = system(start="/usr/bin/uwsgi --ini /etc/uwsgi-emperor/emperor.ini")
    files["/etc/uwsgi-emperor/emperor.ini"] = f"[uwsgi]\nemperor = /etc/glance\n{lines}"
    assert codes(audit_tree(files, select=ONLY)) == (["GA803"] if expected is None else expected)


def test_a_neighbour_is_none_of_our_business(audit_tree: AuditTree) -> None:
    files = system()
    files[APACHE_CONF] = "KeepAlive On\n"
    files[UWSGI_INI] = GLANCE.replace("glance.wsgi.api", "nova.wsgi.osapi_compute")
    assert codes(audit_tree(files, select=ONLY)) == []
