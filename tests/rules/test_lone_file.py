"""A file that is audited without the server around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.audit import AuditSettings, audit
from tests.rules.audited import AuditTree, codes, finding, lay_out

FILE = "/etc/apache2/sites-available/image.conf"
SPOOLED = (
    "<IfModule mod_ssl.c>\n<VirtualHost *:443>\nSetEnv proxy-sendcl 1\n"
    "<IfModule mod_proxy_http.c>\n"
    'ProxyPass "/image" "http://127.0.0.1:60999"\nProxyPass "/x" "http://127.0.0.1:1"\n'
    "</IfModule>\n</VirtualHost>\n</IfModule>\n"
)
MACRO = (
    "<Macro Image $port>\n<VirtualHost *:$port>\nSetEnv proxy-sendcl 1\n"
    'ProxyPass "/image" "http://127.0.0.1:60999"\n</VirtualHost>\n</Macro>\nUse Image 80\n'
)


def test_what_stands_under_a_modules_condition_counts(audit_tree: AuditTree) -> None:
    report = audit_tree({FILE: SPOOLED}, path=FILE, glance_release="33", select=("GA2",))

    assert codes(report) == ["GA201", "GA204"]
    assert "image.conf was read alone: what the server around it sets is not seen" in report.notes


def test_its_macros_are_used(audit_tree: AuditTree) -> None:
    report = audit_tree({FILE: MACRO}, path=FILE, glance_release="33", select=("GA2",))

    assert codes(report) == ["GA202"]


def test_a_text_stands_for_a_file_also_where_a_link_leads_to_it(tmp_path: Path) -> None:
    server = tmp_path / "etc/apache2"
    (server / "sites-enabled").mkdir(parents=True)
    (server / "sites-available").mkdir()
    (server / "apache2.conf").write_text("IncludeOptional sites-enabled/*.conf\n")
    site = server / "sites-available/image.conf"
    site.write_text(SPOOLED.replace("IfModule", "IfDefine !"))
    (server / "sites-enabled/image.conf").symlink_to("../sites-available/image.conf")
    settings = AuditSettings(
        (str(server), "-"),
        str(tmp_path),
        host=False,
        stdin_text='ProxyPass "/image" "http://127.0.0.1:60999"\n',
        stdin_filename=str(site),
        select=("GA2",),
    )

    assert codes(audit(settings)) == []


UWSGI_FILE = "/etc/glance/glance-api-uwsgi.ini"
UWSGI = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
PROXY = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
WSGI = 'WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"\n'


@pytest.mark.parametrize(
    ("code", "absent", "said"),
    [
        ("GA307", PROXY, "ProxyTimeout 60\n" + PROXY),
        ("GA112", PROXY, "Proxy100Continue On\n" + PROXY),
        ("GA701", WSGI, "LimitRequestBody 1000\n" + WSGI),
    ],
)
def test_what_it_does_not_say_the_server_around_it_may(
    tmp_path: Path, code: str, absent: str, said: str
) -> None:
    judged = []
    for name, text in {"absent": absent, "said": said}.items():
        root = tmp_path / name
        lay_out(root, {FILE: text, UWSGI_FILE: UWSGI})
        settings = AuditSettings(
            (FILE, UWSGI_FILE), str(root), root=str(root), host=False,
            select=(code,), glance_release="33", httpd_version="2.4.71",
        )  # fmt: skip
        judged.append(finding(audit(settings), code).confidence.value)

    assert judged == ["low", "high"]
