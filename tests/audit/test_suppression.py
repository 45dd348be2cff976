"""Suppressions in the audited files: which findings pass, and what the report says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.report.result import AuditReport
from tests.rules.audited import (
    APACHE,
    APACHE_CONF,
    GLANCE_CONF,
    LINK,
    UWSGI_INI,
    Content,
    audit_system,
    lay_out,
)

ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
UWSGI = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
WHY = 'reason="known"'
TIMEOUT = f"# glance-audit: ignore[GA307] {WHY}\n"


def audit(
    root: Path, files: dict[str, Content], path: str = APACHE, **settings: object
) -> AuditReport:
    lay_out(root, files)
    return audit_system(root, path, {"select": ("GA307", "GA302", "GA910"), **settings})


def short(text: str) -> dict[str, Content]:
    """A server on which GA307 finds the route's timeout."""
    return {APACHE_CONF: text, UWSGI_INI: f"{UWSGI}socket-timeout = 300\n"}


def told(report: AuditReport) -> list[tuple[str, int, str | None]]:
    return [(f.code, f.location.line, f.suppressed) for f in report.findings]


def test_a_finding_passes_with_the_reason_before_its_directive(tmp_path: Path) -> None:
    report = audit(tmp_path, short(f"ProxyTimeout 60\n{ROUTE}"))
    assert told(report) == [("GA307", 1, None)]
    report = audit(tmp_path, short(f"{TIMEOUT}ProxyTimeout 60\n{ROUTE}"))
    assert told(report) == [("GA307", 2, "known")]
    assert report.summary[:4] == (0, 0, 0, 1)
    assert told(audit(tmp_path, short(f"{TIMEOUT}{ROUTE}ProxyTimeout 60\n")))[-1] == (
        ("GA307", 3, None)
    )


def test_without_suppressions_nothing_passes_and_none_is_judged(tmp_path: Path) -> None:
    report = audit(tmp_path, short(f"{TIMEOUT}ProxyTimeout 60\n{ROUTE}"), suppressions=False)
    assert told(report) == [("GA307", 2, None)]
    assert (
        audit(tmp_path, short(f"{TIMEOUT}ProxyTimeout 900\n{ROUTE}"), suppressions=False)[2] == ()
    )


@pytest.mark.parametrize(
    "between",
    ["\n", "# why it is so\n", "  \n#\n", "# glance-audit: ignore[GA302] reason=x\n"],
)
def test_blank_lines_and_other_comments_may_stand_in_between(tmp_path: Path, between: str) -> None:
    report = audit(
        tmp_path, short(f"{TIMEOUT}{between}ProxyTimeout 60\n{ROUTE}"), ignore=("GA910", "GA302")
    )
    assert [suppressed for _, _, suppressed in told(report)] == ["known"]


@pytest.mark.parametrize(
    "comment",
    [
        f"#glance-audit:ignore[GA307]{' ' + WHY}",
        f"  ## glance-audit:  ignore [ga307] {WHY}",
        f"# glance-audit: ignore[GA302, GA307] {WHY}",
        f"# glance-audit: ignore[GA302 GA307] {WHY}",
        f"# glance-audit: ignore[proxy-timeout-short] {WHY}",
        "# glance-audit: ignore[GA307] reason='known'",
        "# glance-audit: ignore[GA307] reason=known",
        f"# glance-audit: ignore[GA307] until=2027-01-31 {WHY}",
        f'# glance-audit: ignore[GA307] {WHY} until="2027-01-31"',
        f"# glance-audit: ignore[GA307] {WHY}\r",
        "# glance-audit: ignore[GA307] \\\n   reason=known",
    ],
)
def test_it_may_be_written_in_several_ways(tmp_path: Path, comment: str) -> None:
    report = audit(
        tmp_path, short(f"{comment}\nProxyTimeout 60\n{ROUTE}"), select=("GA307",),
        today="2027-01-31",
    )  # fmt: skip
    assert [suppressed for _, _, suppressed in told(report)] == ["known"]


def test_a_date_is_the_last_day_and_without_todays_date_none_is_past(tmp_path: Path) -> None:
    files = short(f"# glance-audit: ignore[GA307] {WHY} until=2027-01-31\nProxyTimeout 60\n{ROUTE}")
    for today, passes in (
        ("2027-01-31", True), ("2027-02-01", False), ("2026-12-31", True), ("", True),
    ):  # fmt: skip
        report = audit(tmp_path, files, select=("GA307",), today=today)
        assert (told(report)[0][2] == "known") is passes


def test_before_a_section_it_holds_for_all_that_stands_in_it_and_no_further(tmp_path: Path) -> None:
    inside = f"<IfModule !none.c>\nProxyTimeout 60\n</IfModule>\n{ROUTE}"
    host = f"<VirtualHost *:80>\n{inside}</VirtualHost>\n"
    report = audit(tmp_path, short(f"{TIMEOUT}{host}{host}"))
    assert told(report) == [("GA307", 4, "known"), ("GA307", 10, None)]


def test_the_closest_one_is_used_and_another_one_is_left_over(tmp_path: Path) -> None:
    inner = TIMEOUT.replace("known", "inner")
    text = f"{TIMEOUT}<VirtualHost *:80>\n{inner}{TIMEOUT}ProxyTimeout 60\n{ROUTE}</VirtualHost>\n"
    assert told(audit(tmp_path, short(text))) == [
        ("GA910", 1, None), ("GA910", 4, None), ("GA307", 5, "inner"),
    ]  # fmt: skip


def test_a_whole_file_is_meant_wherever_it_is_said(tmp_path: Path) -> None:
    files = short(f"ProxyTimeout 60\n{ROUTE}# glance-audit: ignore-file[GA307] {WHY}\n")
    files[UWSGI_INI] = f"{UWSGI}socket-timeout = 3\n"
    assert told(audit(tmp_path, files)) == [("GA307", 1, "known"), ("GA302", 4, None)]


def test_a_continued_directive_is_one(tmp_path: Path) -> None:
    text = f"{TIMEOUT}ProxyPass /image \\\n http://127.0.0.1:60999 \\\n timeout=60\n"
    report = audit(tmp_path, short(text))
    assert [f[2] for f in told(report) if f[0] == "GA307"] == ["known"]


def test_a_macro_s_line_and_its_use_are_the_same_directive(tmp_path: Path) -> None:
    def macro(in_body: str, at_use: str) -> dict[str, Content]:
        body = f"{in_body}SetEnv proxy-sendcl 1\n"
        load = "LoadModule macro_module modules/mod_macro.so\n"
        return short(f"{load}<Macro Spool>\n{body}</Macro>\n{ROUTE}{at_use}Use Spool\n")

    one = f"# glance-audit: ignore[GA202] {WHY}\n"
    for files in (macro(one, ""), macro("", one)):
        report = audit(tmp_path, files, select=("GA202", "GA910"), glance_release="2026.1")
        assert told(report) == [("GA202", 7, "known")]


def test_a_related_place_does_not_count(tmp_path: Path) -> None:
    files = short(f"SetEnv proxy-sendcl 1\n# glance-audit: ignore[GA202] {WHY}\n{ROUTE}")
    report = audit(tmp_path, files, select=("GA202",), glance_release="2026.1")
    assert told(report) == [("GA202", 1, None)]


def test_a_file_that_two_hosts_include_passes_once(tmp_path: Path) -> None:
    host = f"<VirtualHost *:80>\nInclude {APACHE}/part\n{ROUTE}</VirtualHost>\n"
    files = short(host + host)
    files[f"{APACHE}/part"] = f"{TIMEOUT}ProxyTimeout 60\n"
    assert told(audit(tmp_path, files)) == [("GA307", 2, "known")]


def test_a_link_and_its_file_are_one(tmp_path: Path) -> None:
    files = short(f"Include {APACHE}/one\nInclude {APACHE}/two\n{ROUTE}")
    files[f"{APACHE}/file"] = f"{TIMEOUT}KeepAlive On\n"
    files |= {f"{APACHE}/one": f"{LINK}file", f"{APACHE}/two": f"{LINK}file"}
    assert told(audit(tmp_path, files, select=("GA307", "GA910"), ignore=())) == [
        ("GA307", 3, None), ("GA910", 1, None),
    ]  # fmt: skip


ONE = f"glance-audit: ignore[GA302] {WHY}"
SERVES = "  http-socket: 127.0.0.1:60999\n  module: glance.wsgi.api:application\n"
INI = f"{UWSGI}; {ONE}\nsocket-timeout = 3\n"
INI_SECTION = f"# {ONE}\n{UWSGI}socket-timeout = 3\n[other]\n"
YAML = f"uwsgi:\n{SERVES}  # {ONE}\n  socket-timeout: 3\n"
YAML_BLOCK = f"# {ONE}\n---\nuwsgi: # all of it\n{SERVES}\n  socket-timeout: 3\nother:\n"
XML = f"""<?xml version="1.0"?>
<uwsgi>
<http-socket>127.0.0.1:60999</http-socket>
<module>glance.wsgi.api:application</module>
<!-- {ONE} -->
<socket-timeout>3</socket-timeout>
</uwsgi>
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ini", INI),
        ("a.ini", INI_SECTION),
        ("a.yaml", YAML),
        ("a.yaml", YAML_BLOCK),
        ("a.xml", XML),
    ],
)
def test_every_format_of_uwsgi_with_comments_has_them(tmp_path: Path, name: str, text: str) -> None:
    files: dict[str, Content] = {APACHE_CONF: ROUTE, f"/etc/glance/{name}": text}
    report = audit(tmp_path, files, select=("GA302", "GA910"))
    assert [(code, suppressed) for code, _, suppressed in told(report)] == [("GA302", "known")]


def test_another_section_of_an_ini_file_is_not_meant(tmp_path: Path) -> None:
    short_one = "socket-timeout = 3\n"
    text = f"; glance-audit: ignore[GA302] {WHY}\n[other]\n{short_one}{UWSGI}{short_one}"
    report = audit(tmp_path, {APACHE_CONF: ROUTE, UWSGI_INI: text}, select=("GA302", "GA910"))
    assert told(report) == [("GA302", 7, None)]


@pytest.mark.parametrize("indent", ["", " "])
def test_an_indented_comment_of_oslo_config_is_none(tmp_path: Path, indent: str) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: f"{ROUTE}LimitRequestBody 0\n",
        GLANCE_CONF: "[DEFAULT]\nimage_size_cap = 1\n"
        f"{indent}# glance-audit: ignore[GA903] {WHY}\nno assignment\n",
    }
    report = audit(tmp_path, files, select=("GA903",))
    (found,) = [f for f in told(report) if f[1] == 4]
    assert found == ("GA903", 4, None if indent else "known")


def test_envvars_and_units_have_them(tmp_path: Path) -> None:
    one = f"# glance-audit: ignore[GA402] {WHY}\n"
    spooled = f"{ROUTE}SetEnv proxy-sendcl 1\n"
    by_envvars: dict[str, Content] = {
        APACHE_CONF: spooled,
        f"{APACHE}/envvars": f"{one}export TMPDIR=relative\n",
    }
    by_unit: dict[str, Content] = {
        APACHE_CONF: spooled,
        "/etc/systemd/system/apache2.service": f"{one}[Service]\n# more\nEnvironment=A=1 \\\n"
        "  TMPDIR=relative\n",
    }
    for number, files in enumerate((by_envvars, by_unit)):
        report = audit(tmp_path / str(number), files, select=("GA402", "GA910"))
        assert [(code, why) for code, _, why in told(report)] == [("GA402", "known")]


def test_fstab_has_them(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: f"{ROUTE}SetEnv proxy-sendcl 1\n",
        "/etc/fstab": f"# glance-audit: ignore[GA404] {WHY}\ntmpfs /tmp tmpfs size=40G 0 0\n",
    }
    report = audit(tmp_path, files, select=("GA404", "GA910"))
    assert told(report) == [("GA404", 2, "known")]


def test_what_is_suppressed_leads_nothing_and_follows_nothing(tmp_path: Path) -> None:
    def audited(where: str) -> dict[str, tuple[str | None, bool]]:
        before = {name: f"# glance-audit: ignore[{where}] {WHY}\n" if name == where else ""
                  for name in ("GA201", "GA404")}  # fmt: skip
        files: dict[str, Content] = {
            APACHE_CONF: f"{before['GA201']}SetEnv proxy-sendcl 1\n{ROUTE}"
            'ProxyPass "/x" "http://127.0.0.1:1"\n',
            "/etc/fstab": f"{before['GA404']}tmpfs /tmp tmpfs size=40G 0 0\n",
        }
        only = ("GA201", "GA404")
        report = audit(tmp_path, files, select=only, glance_release="2026.1")
        return {f.code: (f.suppressed, f.caused_by is not None) for f in report.findings}

    assert audited("") == {"GA201": (None, False), "GA404": (None, True)}
    assert audited("GA201") == {"GA201": ("known", False), "GA404": (None, False)}
    assert audited("GA404") == {"GA201": (None, False), "GA404": ("known", False)}


def test_a_reason_is_shown_harmlessly(tmp_path: Path) -> None:
    text = TIMEOUT.replace("known", "a\u202eb\x1b[31m password=hunter2")
    (found,) = audit(tmp_path, short(f"{text}ProxyTimeout 60\n{ROUTE}"), select=("GA307",)).findings
    assert found.suppressed is not None
    assert not {"\u202e", "\x1b"} & set(found.suppressed)
    assert "hunter2" not in found.suppressed


@pytest.mark.parametrize("form", ["ignore", "ignore-file"])
def test_a_file_that_nothing_enables_has_them_for_what_is_said_of_it(
    tmp_path: Path, form: str
) -> None:
    site = f"# glance-audit: {form}[GA109,GA307] {WHY}\n{ROUTE}"
    others = f"# glance-audit: {form}[GA307]\n# glance-audit: {form}[GA307] {WHY}\nKeepAlive On\n"
    files: dict[str, Content] = {
        APACHE_CONF: "IncludeOptional sites-enabled/*.conf\n",
        f"{APACHE}/sites-available/glance.conf": site + others,
    }
    report = audit(tmp_path, files, select=("GA109", "GA307", "GA910"))
    assert told(report) == [("GA109", 2, "known")]


def test_a_whole_file_of_which_nothing_is_carried_out_is_judged_by_nobody(tmp_path: Path) -> None:
    whole = (
        f"# glance-audit: ignore-file[GA307] {WHY}\n<IfDefine Old>\nProxyTimeout 60\n</IfDefine>\n"
    )
    files = short(f"{ROUTE}ProxyTimeout 900\nInclude {APACHE}/part\n")
    files[f"{APACHE}/part"] = whole
    assert told(audit(tmp_path, files)) == []
    files[f"{APACHE}/part"] = f"{whole}KeepAlive On\n"
    assert told(audit(tmp_path, files)) == [("GA910", 1, None)]
