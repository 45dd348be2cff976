"""What an application finds of lines that are no options of uWSGI, asked of Debian's."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.oracle

APPLICATION = """\
import os
import uwsgi

print("found", *(uwsgi.opt.get(name) for name in ("foo_bar", "placed", "absent")), flush=True)
os._exit(0)
"""


def test_the_application_reads_placeholders_from_uwsgi_opt(
    require_server: Callable[..., None], tmp_path: Path
) -> None:
    require_server("uwsgi")
    (tmp_path / "app.py").write_text(APPLICATION)
    ini = tmp_path / "uwsgi.ini"
    ini.write_text(
        f"[uwsgi]\nplugins = python3\nhttp-socket = {tmp_path}/socket\nchdir = {tmp_path}\n"
        "wsgi-file = app.py\nfoo_bar = 1\nset-placeholder = placed=2\n"
    )
    answer = subprocess.run(
        ["uwsgi", "--ini", str(ini)], capture_output=True, text=True, timeout=20, check=False
    )

    assert "found b'1' b'2' None" in answer.stdout + answer.stderr
