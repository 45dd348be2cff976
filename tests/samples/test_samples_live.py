"""The samples against the installed servers: Apache accepts or refuses them as they say."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.oracle.apache_server import binary, shell_environment
from tests.oracle.uwsgi_server import UwsgiServer
from tests.samples.sample import SAMPLES, Sample, samples

pytestmark = pytest.mark.oracle

DEBIAN = [sample for sample in samples() if (sample.root / "etc/apache2").is_dir()]
INIS = sorted(SAMPLES.rglob("*.ini"))
SYMBOL = re.compile(r"[%$@]\(")
# The services' own users, whom a machine without OpenStack does not know.
USERS = re.compile(r"\b(user|group)=(?:glance|keystone)\b")


def lay_out(root: Path, to: Path) -> Path:
    """Copy a server root and let mod_wsgi's daemons run as a user who is there."""
    server = Path(shutil.copytree(root / "etc/apache2", to / "etc/apache2", symlinks=True))
    for site in (server / "sites-available").iterdir():
        text = site.read_text(encoding="utf-8")
        site.write_text(USERS.sub(r"\1=www-data", text), encoding="utf-8")
    return server


@pytest.mark.parametrize("sample", DEBIAN, ids=lambda sample: sample.name)
def test_apache_accepts_or_refuses_a_sample_as_it_says(
    sample: Sample, tmp_path: Path, require_server: Callable[..., None]
) -> None:
    require_server("apache2", "mod_wsgi", "mod_proxy_uwsgi")
    server = lay_out(sample.root, tmp_path)
    here = {"APACHE_RUN_DIR": str(tmp_path), "APACHE_LOG_DIR": str(tmp_path)}
    done = subprocess.run(
        [binary(), "-d", str(server), "-f", "apache2.conf", "-t"],
        env=shell_environment(str(server / "envvars")) | here,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert sample.apache in ("accepts", "refuses")
    verdict = "accepts" if done.returncode == 0 else "refuses"
    assert verdict == sample.apache, done.stderr


@pytest.mark.parametrize("ini", INIS, ids=lambda ini: str(ini.relative_to(SAMPLES)))
def test_uwsgi_reads_every_option_of_an_ini_file(ini: Path, server: UwsgiServer) -> None:
    answer = server.resolve(ini.name, ini.parent)
    assert answer.pairs is not None, answer.log
    lines = ini.read_text(encoding="utf-8").split("\n")
    options = [line.split(" = ", 1) for line in lines if line[:1] not in ("", ";", "[")]
    keys, values = zip(*answer.pairs[1:], strict=True)
    assert answer.pairs[0] == ["ini", ini.name]
    assert list(keys) == [key for key, _ in options]
    # What stands for another value is replaced by then.
    bare = [
        put if SYMBOL.search(written) else written
        for (_, written), put in zip(options, values, strict=True)
    ]
    assert list(values) == bare
