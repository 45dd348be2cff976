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
ONLY = ("GA905",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def apache(text: str) -> dict[str, Content]:
    return {APACHE_CONF: ROUTE + text}


def uwsgi(text: str, file: str = UWSGI_INI) -> dict[str, Content]:
    head = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
    return {APACHE_CONF: ROUTE, file: head + text}


def test_a_directive_behind_a_backslash_is_lost(audit_tree: AuditTree) -> None:
    report = audit_tree(apache("  # kept in C:\\\n    Proxy100Continue Off\n"), select=ONLY)
    found = finding(report, "GA905")

    assert where(found.location) == f"{CONF}:2:3"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "the comment ends in a backslash: Apache takes the next line as part of it"
    )
    assert found.help == "end the comment with anything else, a full stop for example"
    assert notes(found) == {"is not carried out": f"{CONF}:3:5"}
    (hidden,) = found.related
    assert (hidden.location.end_line, hidden.location.end_column) == (3, 25)


@pytest.mark.parametrize(
    "text",
    [
        "# a\\\n</VirtualHost>\n",
        "# a\\\n<Location /x>\n",
        "# a\\\nproxypass /x http://127.0.0.1:1\n",
        "# a\\\r\nKeepAlive On\r\n",
        "# a\\\\\nKeepAlive On\n",  # there is no escape
        "# a\\\n\tUse Limits 1\n",
    ],
)
def test_sections_and_other_spellings_are_lost_too(audit_tree: AuditTree, text: str) -> None:
    assert where(finding(audit_tree(apache(text), select=ONLY), "GA905").location) == f"{CONF}:2:1"


def test_the_first_lost_directive_is_shown(audit_tree: AuditTree) -> None:
    text = "# a \\\n  the rest \\\nKeepAlive On \\\nTimeout 1\n"
    found = finding(audit_tree(apache(text), select=ONLY), "GA905")

    assert where(found.location) == f"{CONF}:3:3"
    assert notes(found) == {"is not carried out": f"{CONF}:4:1"}


@pytest.mark.parametrize(
    "text",
    [
        "# a \\\n  env=!dontlog\n",  # the rest of a directive that is commented out
        "# a \\\n# KeepAlive On\n",
        "# a \\\n\nKeepAlive On\n",
        "# a \\ \nKeepAlive On\n",  # a blank behind the backslash
        "# a \\",
        "# a\nKeepAlive \\\nOn\n",
        "SetEnv A \\\n# no comment \\\nKeepAlive\n",
    ],
)
def test_comments_that_hide_nothing_are_fine(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree(apache(text), select=ONLY)) == []


def test_each_comment_is_told(audit_tree: AuditTree) -> None:
    text = "# a\\\nKeepAlive On\n# b\\\nTimeout 1\n"
    found = findings(audit_tree(apache(text), select=ONLY), "GA905")
    assert [where(one.location) for one in found] == [f"{CONF}:2:1", f"{CONF}:4:1"]


def test_a_file_that_is_read_twice_is_told_once(audit_tree: AuditTree) -> None:
    files = {
        APACHE_CONF: "Include a.conf\nInclude a.conf\n",
        "/etc/apache2/a.conf": "# a\\\nKeepAlive On\n",
    }
    assert where(finding(audit_tree(files, select=ONLY), "GA905").location) == (
        "etc/apache2/a.conf:1:1"
    )


def test_an_option_behind_a_percent_sign_is_lost(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(uwsgi("  ; up to 100%\n harakiri = 60\n"), select=ONLY), "GA905")

    assert where(found.location) == f"{INI}:4:3"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "the comment ends in a percent sign: uWSGI takes the next line as part of it"
    )
    assert found.help == "write %% in the comment, or put something behind it"
    assert notes(found) == {"is not carried out": f"{INI}:5:2"}


@pytest.mark.parametrize("text", ["# %%%\nmaster = true\n", "; a%\n[other]\n", "#%\nx\n"])
def test_odd_percent_signs_and_headers_are_lost_too(audit_tree: AuditTree, text: str) -> None:
    assert where(finding(audit_tree(uwsgi(text), select=ONLY), "GA905").location) == f"{INI}:4:1"


def test_a_comment_in_a_lost_comment_goes_on(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(uwsgi("; a%\n; b%\nmaster = true\n"), select=ONLY), "GA905")

    assert where(found.location) == f"{INI}:5:1"
    assert notes(found) == {"is not carried out": f"{INI}:6:1"}


@pytest.mark.parametrize(
    "text",
    [
        "; 100%%\nmaster = true\n",
        "; 100%.\nmaster = true\n",
        "; 100%\r\nmaster = true\r\n",  # the carriage return is what it takes
        "; 100%\n; a note\nmaster = true\n",
        "; 100%\n\nmaster = true\n",
        "log-prefix = 100%\nmaster = true\n",
        "master = true\n; 100%",
    ],
)
def test_comments_of_uwsgi_that_hide_nothing_are_fine(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree(uwsgi(text), select=ONLY)) == []


def test_only_ini_files_are_judged(audit_tree: AuditTree) -> None:
    head = "uwsgi:\n  http-socket: 127.0.0.1:60999\n  module: glance.wsgi.api\n"
    yaml = f"{head}# 1%\n  master: 1\n"
    files: dict[str, Content] = {APACHE_CONF: ROUTE, "/etc/glance/glance-api-uwsgi.yaml": yaml}
    assert codes(audit_tree(files, select=ONLY)) == []
