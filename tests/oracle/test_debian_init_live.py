"""Debian's own scripts start what this project says, and uWSGI makes of it the same options."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from glance_audit.deployment.debian_init import APPS, DEFAULTS, SCRIPT, init_starts
from glance_audit.files import FileSource
from glance_audit.uwsgi import Build, resolve_start
from tests.oracle.uwsgi_server import UwsgiServer, prepared
from tests.uwsgi.cases import pairs

pytestmark = pytest.mark.oracle

SNIPPETS = Path("/usr/share/uwsgi/init/do_command")
CONF = "/usr/share/uwsgi/conf/default.ini"
INI = "[uwsgi]\nmodule = glance.wsgi.api\nworkers = 8\n"
FILES = {
    "glance.ini": INI,
    "glance.yaml": "uwsgi:\n  listen: 1\n",
    "other.yml": "uwsgi:\n  listen: 2\n",
    "deep/er/third.xml": "<uwsgi><listen>3</listen></uwsgi>",
    "a.b.js": '{"uwsgi": {"listen": 4}}',
    "README": "",
    "UPPER.INI": INI,
    "data.db": "",
    "data.ini": INI,
}
# What the script itself sets, then a start-stop-daemon that writes down what it would start.
DRIVER = """
. "$2"
UWSGI_CONFDIR=$1 UWSGI_APPS_CONFDIR_SUFFIX=s-enabled UWSGI_APPS_CONFDIR_GLOB=$1/apps-enabled
UWSGI_RUNDIR=/nowhere UWSGI_DEFAULT_CONFNAMESPACE=app VERBOSE=no NAME=uwsgi DAEMON=uwsgi
. /etc/default/uwsgi
install() { :; }
chown_and_chmod_pidfile() { :; }
start-stop-daemon() {
    case "$*" in *--test*) return 0 ;; esac
    while [ "$1" != -- ]; do shift; done
    shift
    printf '%s\\n' "$UWSGI_DEB_CONFNAMESPACE" "$UWSGI_DEB_CONFNAME" "$@" "" >>"$OUT"
}
do_command start
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a system with the package's own files."""
    for path in (SCRIPT, DEFAULTS, CONF):
        (tmp_path / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path[1:]).write_bytes(Path(path).read_bytes())
    for name, text in FILES.items():
        file = tmp_path / APPS[1:] / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def test_the_scripts_start_the_same_daemons_with_the_same_words(
    tree: Path, require_server: Callable[..., None]
) -> None:
    require_server("uwsgi")
    out = tree / "out"
    out.touch()
    subprocess.run(
        ["bash", "-c", DRIVER, "driver", str(tree / "etc/uwsgi"), str(SNIPPETS)],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "OUT": str(out)},
        capture_output=True,
        check=False,
    )
    theirs = [block.split("\n") for block in out.read_text().split("\n\n") if block]

    ours = []
    for start in init_starts(FileSource(str(tree))):
        words = [*start.environment.values()]
        for option in start.start.options:
            if option.origin == "command-line":
                name = option.value
                words += [f"--{option.key}", str(tree) + name if name.startswith(APPS) else name]
        ours.append(words)

    readable = [words for words in theirs if "--sqlite" not in words]
    assert sorted(ours) == sorted(readable)
    assert len(ours) == 4


def test_uwsgi_makes_the_same_options_of_it(
    tree: Path, require_server: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> None:
    require_server("uwsgi", "gcc")
    server: UwsgiServer = prepared(tmp_path_factory.mktemp("shim"))
    for start in init_starts(FileSource(str(tree))):
        words: list[str] = []
        for option in start.start.options:
            if option.origin == "command-line":
                file = option.value.startswith((APPS, CONF))
                words += [f"--{option.key}", str(tree) * file + option.value]
        answer = server.start(words, Path("/"), environment=dict(start.environment))
        config = resolve_start(
            FileSource(str(tree)),
            start.start,
            environment=start.environment,
            facts=server.facts,
            build=Build.DEBIAN,
        )
        ours = [[key, value.removeprefix(str(tree))] for key, value in pairs(config)]
        assert answer.pairs is not None, answer.log
        assert ours == [[key, value.removeprefix(str(tree))] for key, value in answer.pairs]
