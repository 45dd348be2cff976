"""File names as editors and code hosts want them."""

from __future__ import annotations

import pytest

from glance_audit.report.reach import opened, reached
from tests.report.reports import SETTING, TARGET


@pytest.mark.parametrize(
    ("base", "cwd", "file", "expected"),
    [
        ("/work/deploy/etc", "/work", "a.conf", "deploy/etc/a.conf"),
        ("/work", "/work", "sites/a.conf", "sites/a.conf"),
        ("/work/deploy", "/work", "/work/other/a.ini", "other/a.ini"),
        ("/etc/apache2", "/work", "a.conf", "/etc/apache2/a.conf"),
        ("/etc/apache2", "/work", "/etc/glance/a.ini", "/etc/glance/a.ini"),
        ("/workshop", "/work", "a.conf", "/workshop/a.conf"),
        ("/etc/apache2", "/", "a.conf", "etc/apache2/a.conf"),
        ("", "", "a.conf", "a.conf"),
        ("", "", "/etc/a.conf", "/etc/a.conf"),
        ("/work/deploy", "/work", "deploy", "deploy"),  # as the command line has it
    ],
)
def test_a_name_leads_from_the_current_directory(
    base: str, cwd: str, file: str, expected: str
) -> None:
    assert reached(TARGET._replace(paths=("deploy",), base=base, cwd=cwd), file) == expected


def test_a_link_is_followed() -> None:
    target = TARGET._replace(base="/work/deploy", cwd="/work")

    assert opened(target, SETTING) == "deploy/sites-available/image.conf"
