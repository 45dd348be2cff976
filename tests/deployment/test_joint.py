"""Slashes between the path and the target of a ProxyPass.

What Apache does with each is in ``tests/oracle/test_joint_live.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.endpoints import find_endpoints
from glance_audit.deployment.joint import Amiss, Joint, joint_of
from tests.deployment.answers import filled
from tests.deployment.joints import JOINTS, lines
from tests.deployment.trees import apache

PLACES = {"one": "http://127.0.0.1:11", "socket": "/run/http.socket", "uwsgi": "127.0.0.1:33"}


def joint(root: Path, text: str) -> Joint | None:
    (endpoint,) = find_endpoints(apache(root, text))
    return joint_of(endpoint)


@pytest.mark.parametrize("section", [False, True], ids=["plain", "in a Location"])
@pytest.mark.parametrize(("path", "target", "amiss", "asked"), JOINTS)
def test_path_and_target_are_put_together(
    tmp_path: Path, path: str, target: str, amiss: Amiss | None, asked: str, section: bool
) -> None:
    found = joint(tmp_path, filled(lines(path, target, section=section), PLACES))

    wanted = filled(asked, PLACES).removeprefix("http://")
    assert found == (None if amiss is None else (amiss, wanted))


@pytest.mark.parametrize(
    "text",
    [
        'ProxyPassMatch "^/image/" "http://h"\n',
        'ProxyPass "~" "^/image/" "http://h"\n',
        '<LocationMatch "^/im.*/">\nProxyPass "http://h"\n</LocationMatch>\n',
        '<Location "/im*/">\nProxyPass "http://h"\n</Location>\n',
        '<Location "/image/">\nSetHandler "proxy:http://h"\n</Location>\n',
        'RewriteEngine On\nRewriteRule "^/image/" "http://h" [P]\n',
        'WSGIScriptAlias "/image/" "/srv/"\n',
        'WSGIScriptAlias "/image" "/srv/glance.wsgi"\n',
        'WSGIScriptAlias "/" "/srv/glance.wsgi"\n',
        'WSGIScriptAliasMatch "^/image/" "/srv/glance.wsgi"\n',
        'ProxyPass "/image/" "http://h/${SUB}"\n',
        'ProxyPass "/image/" "http://h/?a=b"\n',
    ],
)
def test_what_is_no_prefix_or_not_known_is_not_judged(tmp_path: Path, text: str) -> None:
    assert joint(tmp_path, text) is None


def test_a_script_and_what_is_left_of_the_path_are_one_word(tmp_path: Path) -> None:
    found = joint(tmp_path, 'WSGIScriptAlias "/image/" "/srv/glance.wsgi"\n')

    assert found == (Amiss.FILE, "/srv/glance.wsgiv2")


def test_a_password_is_no_part_of_the_host(tmp_path: Path) -> None:
    found = joint(tmp_path, 'ProxyPass "/image/" "http://user:secret@h:1"\n')

    assert found == (Amiss.HOST, "h:1v2")
