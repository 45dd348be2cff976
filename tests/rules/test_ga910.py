from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE,
    APACHE_CONF,
    LINK,
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
ONLY = ("GA910", "GA307")
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
LONG = "ProxyTimeout 900\n"
WHY = 'reason="known"'
ASKED = "put it before the directive, option or section, or write ignore-file for the whole file"
FORM = (
    'write # glance-audit: ignore[GA201] reason="..." until=2027-01-31, the date only where it '
    "shall end; ignore-file[...] is for a whole file"
)


def apache(*lines: str) -> dict[str, Content]:
    return {APACHE_CONF: ROUTE + "\n".join(lines) + "\n"}


def test_one_that_suppresses_nothing_is_told(audit_tree: AuditTree) -> None:
    report = audit_tree(apache(f"  # glance-audit: ignore[GA307] {WHY}", LONG), select=ONLY)
    found = finding(report, "GA910")

    assert where(found.location) == f"{CONF}:2:26"
    assert found.location.text == "GA307"
    assert judged(found) == ("warning", "high")
    assert found.message == "GA307 is suppressed on what follows, and finds nothing there"
    assert found.help == "remove it: left behind, it hides the next finding there"
    assert notes(found) == {"what it stands before": f"{CONF}:3:1"}
    (before,) = found.related
    assert before.location.text == "ProxyTimeout 900"


def test_one_before_a_section_and_one_for_a_file_say_so(audit_tree: AuditTree) -> None:
    section = f"# glance-audit: ignore[GA307] {WHY}\n<IfModule !x.c>\n{LONG}</IfModule>"
    found = finding(audit_tree(apache(section), select=ONLY), "GA910")
    assert (
        found.message == "GA307 is suppressed in the section that follows, and finds nothing there"
    )
    assert notes(found) == {"what it stands before": f"{CONF}:3:1"}

    file = f"# glance-audit: ignore-file[GA307] {WHY}"
    found = finding(audit_tree(apache(LONG, file), select=ONLY), "GA910")
    assert found.message == "GA307 is suppressed in this file, and finds nothing there"
    assert notes(found) == {}


def test_only_the_rules_of_a_list_that_find_nothing_are_told(audit_tree: AuditTree) -> None:
    lines = f"# glance-audit: ignore[GA307,GA302,proxy-timeout-short,ga209,GA307] {WHY}"
    report = audit_tree(apache(lines, "ProxyTimeout 60"), select=(*ONLY, "GA302", "GA209"))
    assert [(f.code, f.location.column) for f in report.findings] == [
        ("GA910", 30), ("GA910", 56), ("GA307", 1),
    ]  # fmt: skip


def test_a_rule_that_did_not_run_is_no_reproach(audit_tree: AuditTree) -> None:
    files = apache(f"# glance-audit: ignore[GA302, GA307] {WHY}", LONG)
    assert [f.location.text for f in audit_tree(files, select=ONLY).findings] == ["GA307"]
    assert codes(audit_tree(files, select=("GA910",))) == []
    text = {f.location.text for f in audit_tree(files, ignore=("GA302",)).findings}
    assert "GA302" not in text
    assert "GA307" in text


def test_what_is_hidden_is_suppressed_all_the_same(audit_tree: AuditTree) -> None:
    from glance_audit.engine.finding import Severity

    files = apache(f"# glance-audit: ignore[GA307] {WHY}", "ProxyTimeout 60")
    assert codes(audit_tree(files, select=ONLY, severity=Severity.ERROR)) == []


@pytest.mark.parametrize(
    ("comment", "marked", "message", "advice"),
    [
        (
            "# glance-audit: ignore[GA307]",
            "# glance-audit: ignore[GA307]",
            "the suppression has no reason, and does not count",
            'write reason="..." behind the brackets: why the finding may stay',
        ),
        (
            '# glance-audit: ignore[GA307] reason=" " until=2026-01-31',
            '# glance-audit: ignore[GA307] reason=" " until=2026-01-31',
            "the suppression has no reason, and does not count",
            'write reason="..." behind the brackets: why the finding may stay',
        ),
        (
            f"# glance-audit: ignore[GA307] until=2026-01-31 {WHY}",
            "until=2026-01-31",
            "the suppression held until 2026-01-31, and does not count any more",
            "look at the finding again; when the reason still holds, write a later date",
        ),
        (
            f"# glance-audit: ignore[GA307] until=2027-02-29 {WHY}",
            "until=2027-02-29",
            "the suppression ends at no date of the calendar, and does not count",
            "write the last day it holds, as in until=2027-01-31",
        ),
        (
            f"# glance-audit: ignore[] {WHY}",
            f"# glance-audit: ignore[] {WHY}",
            "the suppression names no rule, and does not count",
            "write the codes in brackets right behind ignore, as in ignore[GA201,GA301]",
        ),
        (
            f"# glance-audit: ignore GA307 {WHY}",
            f"# glance-audit: ignore GA307 {WHY}",
            "the suppression names no rule, and does not count",
            "write the codes in brackets right behind ignore, as in ignore[GA201,GA301]",
        ),
        (
            f"# glance-audit: disable[GA307] {WHY}",
            f"# glance-audit: disable[GA307] {WHY}",
            "the suppression is not understood, and does not count",
            FORM,
        ),
        (
            f"# glance-audit ignore[GA307] {WHY}",
            f"# glance-audit ignore[GA307] {WHY}",
            "the suppression is not understood, and does not count",
            FORM,
        ),
        (
            f"# glance-audit: ignore[GA307] because=known {WHY}",
            f"because=known {WHY}",
            "the suppression is not understood, and does not count",
            FORM,
        ),
        (
            f"# glance-audit: ignore[GA307] {WHY} {WHY} ",
            WHY,
            "the suppression is not understood, and does not count",
            FORM,
        ),
        (
            f'# glance-audit: ignore[GA307] reason="{"x" * 10_000}"',
            f'# glance-audit: ignore[GA307] reason="{"x" * 10_000}"',
            "the suppression is not understood, and does not count",
            FORM,
        ),
        (
            '# glance-audit: ignore[GA307] reason="known',
            'reason="known',
            "the suppression is not understood, and does not count",
            FORM,
        ),
    ],
)
def test_what_is_wrong_does_not_count(
    audit_tree: AuditTree, comment: str, marked: str, message: str, advice: str
) -> None:
    report = audit_tree(apache(comment, "ProxyTimeout 60"), select=ONLY, today="2026-11-27")
    found = finding(report, "GA910")

    assert found.location.text == marked
    assert judged(found) == ("warning", "high")
    assert (found.message, found.help) == (message, advice)
    assert finding(report, "GA307").suppressed is None


@pytest.mark.parametrize(
    ("date", "is_one"),
    [
        ("2028-02-29", True), ("2027-02-29", False), ("2100-02-29", False), ("2400-02-29", True),
        ("2027-04-30", True), ("2027-04-31", False), ("2027-13-01", False), ("2027-00-01", False),
        ("2027-01-00", False), ("0000-01-01", False), ("2027-1-1", False), ("31.01.2027", False),
        ("2027-12-31x", False), ("\u0662027-01-01", False), ('""', False),
    ],
)  # fmt: skip
def test_a_date_is_one_of_the_calendar(audit_tree: AuditTree, date: str, is_one: bool) -> None:
    files = apache(f"# glance-audit: ignore[GA307] {WHY} until={date}", "ProxyTimeout 60")
    assert (codes(audit_tree(files, select=ONLY)) == ["GA307"]) is is_one


def test_one_behind_a_directive_is_told(audit_tree: AuditTree) -> None:
    comment = f"# glance-audit: ignore[GA307] {WHY}"
    files = {APACHE_CONF: f"{ROUTE}ProxyTimeout 60 {comment}\n"}
    found = finding(audit_tree(files, select=ONLY), "GA910")
    assert found.location.text == comment
    assert found.message == (
        "the suppression stands behind something on its line, and does not count"
    )
    assert found.help == "put it on a line of its own, before the directive or option"


@pytest.mark.parametrize("behind", ["", "\n\n# the end\n", "</VirtualHost>\n"])
def test_one_before_nothing_is_told(audit_tree: AuditTree, behind: str) -> None:
    start = "<VirtualHost *:80>\n" if behind.startswith("<") else ""
    comment = f"# glance-audit: ignore[GA307] {WHY}"
    files = {APACHE_CONF: f"{start}ProxyTimeout 60\n{ROUTE}{comment}\n{behind}"}
    found = finding(audit_tree(files, select=ONLY), "GA910")
    assert found.location.text == comment
    assert found.message == "the suppression stands before nothing, and does not count"
    assert found.help == ASKED


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("GA3O7", "did you mean GA307?"),
        ("proxy-timeout-shrt", "did you mean proxy-timeout-short?"),
        ("spelling", "`glance-audit rules` lists the rules"),
        ("all", "`glance-audit rules` lists the rules"),
    ],
)
def test_a_name_that_is_no_rule_s_is_told(audit_tree: AuditTree, name: str, advice: str) -> None:
    comment = f"# glance-audit: ignore[{name}, GA307] {WHY}"
    report = audit_tree(apache(comment, "ProxyTimeout 60"), select=ONLY)
    found = finding(report, "GA910")

    assert found.location.text == name
    assert judged(found) == ("warning", "high")
    assert found.message == f"{name} is suppressed, and no rule has that name"
    assert found.help == advice
    assert finding(report, "GA307").suppressed == "known"  # the others hold


def test_the_name_that_is_offered_begins_like_the_wrong_one(audit_tree: AuditTree) -> None:
    files = apache(f"# glance-audit: ignore[GA370] {WHY}", LONG)
    offered = finding(audit_tree(files, select=ONLY), "GA910").help
    assert offered.startswith("did you mean GA3")


@pytest.mark.parametrize(
    ("name", "some"),
    [
        ("GA3", "GA301, GA302, GA303, GA304, GA305 and 3 more"),
        ("ga50", "GA501, GA502, GA503, GA504"),
        ("GA", "GA101, GA102, GA103, GA104, GA105 and "),
    ],
)
def test_the_start_of_a_code_suppresses_nothing_and_whole_codes_are_asked_for(
    audit_tree: AuditTree, name: str, some: str
) -> None:
    files = apache(f"# glance-audit: ignore[{name}] {WHY}", "ProxyTimeout 60")
    report = audit_tree(files, select=ONLY)
    found = finding(report, "GA910")

    assert found.location.text == name
    assert found.message == (
        f"{name} is suppressed, the start of codes, and does not count: a suppression names whole "
        "codes"
    )
    assert found.help.startswith(f"name those that are meant: {some}")
    assert finding(report, "GA307").suppressed is None


def test_of_a_long_name_the_start_is_told(audit_tree: AuditTree) -> None:
    for length, shown in ((60, "x" * 60), (61, "x" * 60 + "...")):
        files = apache(f"# glance-audit: ignore[{'x' * length}] {WHY}", LONG)
        found = finding(audit_tree(files, select=ONLY), "GA910")
        assert found.message == f"{shown} is suppressed, and no rule has that name"
        assert found.location.text == "x" * length


def test_a_name_that_looks_alike_is_offered_a_hundred_times(audit_tree: AuditTree) -> None:
    names = ",".join(f"GA30{letter}{number}" for letter in "ABCDEFGHIJK" for number in range(10))
    files = apache(f"# glance-audit: ignore[{names}] {WHY}", LONG)
    helps = [one.help for one in findings(audit_tree(files, select=ONLY), "GA910")]
    assert [one.startswith("did you mean GA30") for one in helps] == [True] * 100 + [False] * 10


def test_a_code_of_rules_that_are_not_there_is_a_remark(audit_tree: AuditTree) -> None:
    found = finding(
        audit_tree(apache(f"# glance-audit: ignore[XX001] {WHY}", LONG), select=ONLY), "GA910"
    )
    assert judged(found) == ("info", "high")
    assert found.message == "XX001 is suppressed, a rule that this audit does not know"
    assert found.help == "name the directory of your own rules with --rules-dir"


@pytest.mark.parametrize(
    "lines",
    [
        f"<IfModule x.c>\n# glance-audit: ignore[GA307] {WHY}\nProxyTimeout 60\n</IfModule>",
        f"# glance-audit: ignore[GA307] {WHY}\n<IfModule x.c>\nProxyTimeout 60\n</IfModule>",
        f"<Macro M>\n# glance-audit: ignore[GA307] {WHY}\nProxyTimeout 60\n</Macro>",
    ],
)
def test_what_no_server_carries_out_is_judged_by_nobody(audit_tree: AuditTree, lines: str) -> None:
    files = apache("LoadModule macro_module modules/mod_macro.so", lines, LONG)
    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_macro_that_is_used_is_carried_out(audit_tree: AuditTree) -> None:
    load = "LoadModule macro_module modules/mod_macro.so"
    macro = f"<Macro M>\n# glance-audit: ignore[GA307] {WHY}\n{LONG}</Macro>"
    assert where(
        finding(audit_tree(apache(load, macro, "Use M"), select=ONLY), "GA910").location
    ) == (f"{CONF}:4:24")
    at_use = f"<Macro M>\n{LONG}</Macro>\n# glance-audit: ignore[GA307] {WHY}"
    assert codes(audit_tree(apache(load, at_use, "Use M"), select=ONLY)) == ["GA910"]


def test_another_section_of_a_uwsgi_file_is_judged_by_nobody(audit_tree: AuditTree) -> None:
    serves = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
    ignored = f"# glance-audit: ignore[GA302] {WHY}\nsocket-timeout = 300\n"
    for text, found in ((f"{serves}[x]\n{ignored}", 0), (f"{serves}{ignored}[x]\n", 1)):
        report = audit_tree({**apache(), UWSGI_INI: text}, select=("GA910", "GA302"))
        assert len(findings(report, "GA910")) == found


@pytest.mark.parametrize(
    "comment",
    [
        "# glance-audit was run on this file",
        "# see glance-audit: ignore[GA307]",
        "# glance-audit-server: nobody",
        "# glance_audit: ignore[GA307]",
        'SetEnv X "glance-audit: ignore[GA307]"',
    ],
)
def test_what_only_speaks_of_the_program_is_no_suppression(
    audit_tree: AuditTree, comment: str
) -> None:
    assert codes(audit_tree(apache(comment, LONG), select=ONLY)) == []


def test_one_file_under_two_names_is_told_once(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: f"{ROUTE}Include {APACHE}/one\nInclude {APACHE}/two\n",
        f"{APACHE}/file": f"# glance-audit: ignore[GA307] {WHY}\n{LONG}",
        f"{APACHE}/one": f"{LINK}file",
        f"{APACHE}/two": f"{LINK}file",
    }
    assert where(finding(audit_tree(files, select=ONLY), "GA910").location) == (
        "etc/apache2/one:1:24"
    )


def test_it_may_itself_be_suppressed_for_a_file(audit_tree: AuditTree) -> None:
    lines = (
        f"# glance-audit: ignore[GA307] {WHY}", LONG, f"# glance-audit: ignore-file[GA910] {WHY}",
    )  # fmt: skip
    found = finding(audit_tree(apache(*lines), select=ONLY), "GA910")
    assert found.suppressed == "known"
    # and is never called unused, as it runs last
    assert codes(audit_tree(apache(lines[2], LONG), select=ONLY)) == []


def test_ten_thousand_are_as_many_findings_and_no_more_work(audit_tree: AuditTree) -> None:
    many = "".join(f"# glance-audit: ignore[GA307] {WHY}\n{LONG}" for _ in range(3000))
    nested = "".join(
        f"# glance-audit: ignore[GA307] {WHY}\n<IfModule !x{n}.c>\n" for n in range(400)
    )
    report = audit_tree(apache(many, nested, LONG, "</IfModule>\n" * 400), select=ONLY)
    assert len(findings(report, "GA910")) == 3400
