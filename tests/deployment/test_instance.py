"""What a uWSGI configuration binds, loads and waits for."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.instance import Protocol
from glance_audit.deployment.target import parse_target
from glance_audit.deployment.timer import Timer
from glance_audit.uwsgi import parse_socket
from tests.deployment.uwsgis import INI, instance


@pytest.mark.parametrize(
    ("line", "target", "expected"),
    [
        ("http-socket = 127.0.0.1:60999", "http://127.0.0.1:60999", True),
        ("http-socket = 127.0.0.1:60999", "http://localhost:60999/", True),
        ("http-socket = localhost:60999", "http://127.0.0.1:60999", True),
        ("http-socket = localhost:60999", "http://[::1]:60999", True),
        ("http-socket = 127.0.0.1:60999", "http://127.0.0.1:60998", False),
        ("http-socket = 127.0.0.2:60999", "http://127.0.0.1:60999", False),
        ("http-socket = 127.0.0.2:60999", "http://127.0.0.2:60999", True),
        ("http-socket = 127.0.0.1:60999", "http://[::1]:60999", False),
        ("http-socket = 127.0.0.1:60999", "http://10.0.0.1:60999", False),
        ("http-socket = :60999", "http://127.0.0.1:60999", True),
        ("http-socket = 0.0.0.0:60999", "http://10.0.0.1:60999", True),
        ("http-socket = [::]:60999", "http://[::1]:60999", True),
        ("http-socket = [::1]:60999", "http://[::1]:60999", True),
        ("http-socket = [::1]:60999", "http://[0:0:0:0:0:0:0:1]:60999", True),
        ("http-socket = Glance.Example:60999", "http://glance.example:60999", True),
        ("http-socket = 127.0.0.1:80", "http://127.0.0.1/", True),
        ("https = 127.0.0.1:443,/c.pem,/k.pem", "https://127.0.0.1", True),
        ("socket = /run/g.sock", "unix:/run/g.sock|uwsgi://g", True),
        ("socket = /var/run/g.sock", "unix:/run/g.sock|uwsgi://g", True),
        ("socket = /run/./g.sock", "unix:/var/run/g.sock|uwsgi://g", True),
        ("socket = /run/g.sock", "unix:/run/h.sock|uwsgi://g", False),
        ("socket = /run/g.sock", "uwsgi://127.0.0.1:60999", False),
        ("socket = 127.0.0.1:60999", "unix:/run/g.sock|uwsgi://127.0.0.1:60999", False),
        ("socket = @g.sock", "unix:g.sock|uwsgi://g", False),
    ],
)
def test_a_listener_answers_what_is_sent_to_its_address(
    line: str, target: str, expected: bool, tmp_path: Path
) -> None:
    (listener,) = instance(tmp_path, line).listeners
    wanted = parse_target(target)
    assert wanted is not None
    assert listener.answers(wanted) is expected


def test_the_zone_of_an_address_is_escaped_in_a_url(tmp_path: Path) -> None:
    (listener,) = instance(tmp_path, "http-socket = [fe80::1]:60999").listeners
    zoned = listener._replace(address=parse_socket("[fe80::1%eth0]:60999"))
    target = parse_target("http://[fe80::1%25eth0]:60999")
    assert target is not None
    assert zoned.answers(target)
    assert not listener.answers(target)


def test_a_shared_socket_is_found_by_its_number(tmp_path: Path) -> None:
    one, other, none = instance(
        tmp_path,
        "shared-socket = 127.0.0.1:1",
        "shared-socket = 127.0.0.1:60999",
        "http-socket = =1",
        "http-socket = =0",
        "http-socket = =7",
    ).listeners

    assert (one.address.port, other.address.port, none.address.kind) == (60999, 1, "shared")


def test_the_option_tells_the_protocol(tmp_path: Path) -> None:
    found = instance(
        tmp_path,
        "socket = :1",
        "uwsgi-socket = :2",
        "http-socket = :3",
        "http = :4",
        "fastcgi-socket = :5",
        "https = :6,cert,key",
        "stats = :7",
    ).listeners

    assert [(one.address.port, one.protocol, one.router) for one in found] == [
        (1, Protocol.UWSGI, False),
        (2, Protocol.UWSGI, False),
        (3, Protocol.HTTP, False),
        (4, Protocol.HTTP, True),
        (5, Protocol.OTHER, False),
        (6, Protocol.HTTP, True),
    ]
    assert found[0].text == "socket = :1"


@pytest.mark.parametrize(
    ("line", "glance"),
    [
        ("wsgi-file = /usr/bin/glance-wsgi-api", True),
        ("file = /opt/venv/bin/glance-wsgi-api", True),
        ("module = glance.wsgi.api:application", True),
        ("wsgi = glance.common.wsgi_app:init_app()", True),
        ("mount = /image=glance.wsgi.api", True),
        ("mount = /image=/usr/bin/glance-wsgi-api", True),
        ("module = keystone.server.wsgi", False),
        ("module = myglance.wsgi.api", False),
        ("wsgi-file = /srv/app.py", False),
    ],
)
def test_what_it_loads_tells_whether_it_is_glance(line: str, glance: bool, tmp_path: Path) -> None:
    found = instance(tmp_path, line)
    assert len(found.applications) == 1
    assert found.glance is glance


def test_without_an_application_it_is_not_glance(tmp_path: Path) -> None:
    found = instance(tmp_path, "http-socket = :9292")
    assert (found.applications, found.glance) == ((), False)
    assert (found.name, found.place.file, found.place.line) == ("glance-uwsgi.ini", INI, 1)


def test_timers_have_their_defaults_and_their_lines(tmp_path: Path) -> None:
    plain = instance(tmp_path / "plain", "http-socket = :1")
    assert plain.socket_timeout == Timer("socket-timeout", 4)
    assert (plain.http_timeout, plain.harakiri, plain.post_buffering) == (None, None, None)

    told = instance(
        tmp_path / "told",
        "http = :1",
        "socket-timeout = 5",
        "socket-timeout = 30s",
        "harakiri = 60",
        "post-buffering = 8192",
    )
    assert told.socket_timeout.seconds == 30
    assert told.socket_timeout.place is not None
    assert told.socket_timeout.place.line == 4
    assert told.http_timeout == Timer("http-timeout", 60)
    assert told.harakiri is not None
    assert told.harakiri.seconds == 60
    assert told.harakiri.place is not None
    assert told.harakiri.place.line == 5
    assert told.post_buffering is not None
    assert told.post_buffering.value == "8192"

    off = instance(tmp_path / "off", "harakiri = 0", "post-buffering = 0", "socket-timeout = no")
    assert (off.harakiri, off.post_buffering, off.socket_timeout.seconds) == (None, None, 0)
