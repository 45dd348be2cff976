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
    where,
)

CONF = "etc/apache2/apache2.conf"
INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA911",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def apache(text: str) -> dict[str, Content]:
    return {APACHE_CONF: ROUTE + text}


def test_the_first_mark_of_a_template_is_reported(audit_tree: AuditTree) -> None:
    text = "ServerAdmin {{ admin }}\nTimeout {{ timeout }}\n"
    found = finding(audit_tree(apache(text), select=ONLY), "GA911")

    assert where(found.location) == f"{CONF}:2:13"
    assert (found.location.end_line, found.location.end_column) == (2, 24)
    assert judged(found) == ("error", "high")
    assert found.message == (
        "the file is a template that was not rendered, with 2 marks of Jinja or Mustache: what the "
        "server will read is not known"
    )
    assert found.help == "render it first, with the variables of a real host, and audit the result"


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("{% if tls %}\n", "1 mark of Jinja"),
        ("{%- for host in hosts -%}\n", "1 mark of Jinja"),
        ("A {{ x }}\n{% endif %}\n", "2 marks of Jinja"),
        ("A {{{x}}}\n", "1 mark of Jinja or Mustache"),
        ("A {{#tls}}\n", "1 mark of Jinja or Mustache"),
        ("A {{ 'a' | upper }}\n", "1 mark of Jinja or Mustache"),
        ("A <%= @x %>\n", "1 mark of ERB"),
        ("<% if @tls -%>\n", "1 mark of ERB"),
        ("<%- | $x | -%>\n", "1 mark of ERB"),
    ],
)
def test_the_marks_of_three_languages_are_known(
    audit_tree: AuditTree, text: str, marks: str
) -> None:
    found = finding(audit_tree(apache(text), select=ONLY), "GA911")
    assert f"with {marks}: what" in found.message


def test_a_template_of_uwsgi_is_told_too(audit_tree: AuditTree) -> None:
    ini = "[uwsgi]\n; {{ comment }}\nhttp-socket = {{ host }}:60999\nmodule = glance.wsgi.api\n"
    found = finding(audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: ini}, select=ONLY), "GA911")

    assert where(found.location) == f"{INI}:3:15"
    assert "with 1 mark of Jinja or Mustache" in found.message


@pytest.mark.parametrize(
    "text",
    [
        "# {{ ansible_managed }}\n",
        "  # <% if @tls %>\n",
        'LogFormat "<%h> %>s %{Referer}i {%{X}e}" own\n',
        'LogFormat "{\\"a\\": {\\"b\\": \\"%>s\\"}}" json\n',
        "RewriteRule ^/[0-9a-f]{32}$ - [L]\n",
        'RedirectMatch "^/a{2}}" /b\n',
        '  Substitute "s|{{name}}|image|"\n',
        "SetEnv A {{ }}\n",
        "SetEnv A {{\nSetEnv B }}\n",
    ],
)
def test_look_alikes_are_no_templates(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree(apache(text), select=ONLY)) == []


def test_each_file_is_told_once(audit_tree: AuditTree) -> None:
    files = {
        APACHE_CONF: "Include a.conf\nInclude a.conf\nInclude b.conf\n",
        "/etc/apache2/a.conf": "ServerAdmin {{ a }}\n",
        "/etc/apache2/b.conf": "ServerName {{ b }}\n",
    }
    found = findings(audit_tree(files, select=ONLY), "GA911")
    assert [where(one.location) for one in found] == [
        "etc/apache2/a.conf:1:13",
        "etc/apache2/b.conf:1:12",
    ]


def test_faults_of_syntax_in_a_template_are_not_told_beside_it(audit_tree: AuditTree) -> None:
    files = {
        APACHE_CONF: "Include a.conf\nInclude b.conf\n",
        "/etc/apache2/a.conf": "{% if tls %}\n</Location>\n",
        "/etc/apache2/b.conf": "</Location>\n",
    }
    found = findings(audit_tree(files, select=("GA903", "GA911")), "GA903")
    assert [where(one.location) for one in found] == ["etc/apache2/b.conf:1:1"]


def test_an_audit_with_a_template_is_incomplete(audit_tree: AuditTree) -> None:
    report = audit_tree(apache("ServerAdmin {{ admin }}\n"), select=ONLY)

    assert [(one.file, one.reason) for one in report.incomplete] == [
        (CONF, "line 2: the file is a template, and not what a server reads")
    ]


def test_a_page_of_marks_is_counted_up_to_a_bound(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(apache("A {{ x }}\n" * 200), select=ONLY), "GA911")
    assert "with 100 marks of" in found.message
