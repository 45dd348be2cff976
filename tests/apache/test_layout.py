from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.apache import ServerLayout, find_layout
from glance_audit.files import FileSource

DEBIAN = ServerLayout(
    "/etc/apache2/apache2.conf", "/etc/apache2", "debian", ("/etc/apache2/envvars",)
)
REDHAT = ServerLayout(
    "/etc/httpd/conf/httpd.conf", "/etc/httpd", "redhat", ("/etc/sysconfig/httpd",)
)
SINGLE = ServerLayout("/srv/x/httpd.conf", "/srv/x", "single")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/etc/apache2", DEBIAN),
        ("/etc/apache2/apache2.conf", DEBIAN),
        ("/etc/httpd", REDHAT),
        ("/etc/httpd/conf/httpd.conf", REDHAT),
        ("/srv/x", SINGLE),
        ("/srv/x/httpd.conf", SINGLE),
        ("/etc/apache2/ports.conf", None),
        ("/etc", None),
        ("/nowhere", None),
    ],
)
def test_a_server_is_known_by_its_main_file(
    tmp_path: Path, path: str, expected: ServerLayout | None
) -> None:
    for name in ("etc/apache2/apache2.conf", "etc/apache2/ports.conf", "etc/httpd/conf/httpd.conf",
                 "srv/x/httpd.conf"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert find_layout(FileSource(str(tmp_path)), path) == expected
