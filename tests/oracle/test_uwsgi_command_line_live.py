"""Both builds of uWSGI take a command line as this project does."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from glance_audit.files import FileSource, Place
from glance_audit.uwsgi import Start, UwsgiConfig, parse_command_line, resolve_start
from glance_audit.uwsgi import variable_options as options_of
from tests.oracle.uwsgi_server import UwsgiServer
from tests.uwsgi.cases import pairs

pytestmark = pytest.mark.oracle

FILES = {
    "x.ini": "[uwsgi]\na = %n %N\nsocket-timeout = 5\nb = %(late) %(socket-timeout)\n"
    "[more]\nc = 3\n",
    "y.yaml": "uwsgi:\n  y: 1\n",
    "j.js": '{"uwsgi": {"j": true}}',
    "t.xml": "<uwsgi><t>%n %N</t></uwsgi>",
    "bare.conf": "[uwsgi]\nbare = 1\n",
    "base.ini": "[uwsgi]\nbase = %(a) %n %N\nsocket-timeout = 9\n",
    "empty.ini": "",
}
LINES = (
    "--ini x.ini",
    "--ini=x.ini",
    "--socket-timeout 300 --ini x.ini",
    "--ini x.ini --socket-timeout 300",
    "--ini x.ini:more",
    "x.ini",
    "x.ini y.yaml --master",
    "x.ini --socket-timeout 300",
    "-y y.yaml -M",
    "-yy.yaml -MT -p4",
    "-p 4 -Mp5",
    "-x t.xml -j j.js",
    "--js j.js --json j.js --yml y.yaml --xml t.xml --xmlconfig t.xml",
    "t.xml j.js y.yaml",
    "bare.conf",
    "--ini bare.conf",
    "--config bare.conf",
    "--include x.ini --inherit base.ini",
    "--inherit base.ini --ini x.ini",
    "--ini x.ini --inherit base.ini --include base.ini",
    "--set late=1 -S a=b --ini x.ini",
    "--set-placeholder late=1 --ini x.ini --set-ph k=v",
    "--master --no-orphans --die-on-term",
    "--socket-timeo 7 --buffer-s=5",
    "--buffer 7",
    "--no-such-option 1",
    "--master=1",
    "--socket-timeout",
    "-Z",
    "-- x.ini --master",
    "--master -- --ini",
    "[x --master",
    "--env A=1 --env B=2 --ini x.ini --if-env A --set k=v --endif",
    "--chmod-socket=660 -C664",
    "--chmod-socket 660",
    "--log-date --thunder-lock --log-date=x",
    "--strict --ini x.ini",
    "--declare-option 'm=listen=$1' --ini x.ini",
    "'' x.ini",
    "--ini nope.ini",
    "--set 'k=%(socket-timeout) $(HOME) $(Q)' --ini x.ini",
    "--plugins http --http :1 --http-timeout 5",
    "--http :1",
    "--ini empty.ini --inherit base.ini",
)


@pytest.mark.parametrize("line", LINES)
def test_a_command_line_resolves_as_the_installed_uwsgi_resolves_it(
    server: UwsgiServer, tmp_path: Path, line: str
) -> None:
    environment = {"UWSGI_LATE": "env", "UWSGI_SOCKET_TIMEOUT": "8", "Q": "q"}
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    words = shlex.split(line)
    answer = server.start(words, tmp_path, environment=environment)

    parsed = parse_command_line(words, Place("unit", 3))
    config: UwsgiConfig = resolve_start(
        FileSource(),
        Start("unit", (*options_of(environment), *parsed.options), parsed.files, parsed.problems),
        environment=environment,
        cwd=str(tmp_path),
        facts=server.facts,
        build=server.build,
    )

    assert config.refused == (answer.pairs is None), (answer, config.problems)
    if answer.pairs is not None:
        assert pairs(config) == answer.pairs
