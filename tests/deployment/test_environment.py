"""What reaches a route's environment; Apache's own answers are in tests/oracle."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.endpoints import find_endpoints
from glance_audit.deployment.environment import (
    SENDCL,
    Effect,
    buffering_of,
    find_settings,
    live_settings,
)
from tests.deployment.placements import PLACEMENTS, REQUESTS, Placement
from tests.deployment.trees import apache

PORT = 60999


def predictions(placement: Placement, root: Path) -> dict[str, bool | None]:
    config = apache(
        root,
        placement.main_server(PORT) + placement.virtual_hosts("*:80", {"a": "a", "b": "b"}, PORT),
    )
    settings = find_settings(config.all, frozenset({"proxy-sendcl"}))
    found: dict[str, bool | None] = {}
    for endpoint in find_endpoints(config):
        if endpoint.host is not None:
            name = next(d.words[0].text for d in endpoint.host.children if d.key == "servername")
            request = f"{name}/{endpoint.path.strip('/')}"
            assert request not in found, "the table holds no shadowed routes"
            found[request] = buffering_of(settings, endpoint).value
    return found


@pytest.mark.parametrize("placement", PLACEMENTS, ids=str)
def test_what_is_said_of_a_placement_is_what_apache_does(
    placement: Placement, tmp_path: Path
) -> None:
    assert predictions(placement, tmp_path) == {
        request: placement.predicted(request) for request in REQUESTS
    }


def test_a_request_that_cannot_be_judged_has_a_reason() -> None:
    for placement in PLACEMENTS:
        assert bool(placement.depends) == bool(placement.because), placement


def test_few_placements_cannot_be_judged() -> None:
    assert len(PLACEMENTS) > 110
    assert sum(bool(placement.depends) for placement in PLACEMENTS) < 15


HOST = """
SetEnv proxy-sendcl 0
<VirtualHost *:80>
    ServerName image.test
    ProxyPass "/image" "http://127.0.0.1:60999"
    ProxyPass "/placement" "uwsgi://127.0.0.1:60998"
    WSGIScriptAlias "/identity" "/usr/bin/keystone-wsgi-public"
    <Location "/image">
        SetEnv Proxy-SendCL
    </Location>
    SetEnv proxy-sendcl=1
</VirtualHost>
"""


def test_every_setting_in_force_is_named_outermost_first(tmp_path: Path) -> None:
    config = apache(tmp_path, HOST)
    settings = find_settings(config.all)
    image, placement, identity = find_endpoints(config)

    buffering = buffering_of(settings, image)
    assert [(s.value, s.scope.title) for s in buffering.settings] == [
        ("0", "the whole server"),
        (None, '<Location "/image">'),
    ]
    assert [s.effect for s in settings.every] == [Effect.SET, Effect.SET, Effect.NOTHING]
    assert {s.name for s in settings.every} == {SENDCL}
    assert [s.directive.place.line for s in settings.every] == [2, 9, 11]

    for other in (placement, identity):
        assert buffering_of(settings, other).settings == ()
        assert len(live_settings(settings, other, SENDCL)) == 1


def test_only_mod_proxy_http_spools(tmp_path: Path) -> None:
    config = apache(tmp_path, HOST)
    settings = find_settings(config.all)

    assert [buffering_of(settings, e).value for e in find_endpoints(config)] == [
        True,
        False,
        False,
    ]


def test_a_variable_the_server_does_not_have_is_not_passed(tmp_path: Path) -> None:
    config = apache(
        tmp_path,
        "<VirtualHost *:80>\nPassEnv proxy-sendcl PROXY-SENDCL\n"
        'ProxyPass "/" "http://127.0.0.1/"\n</VirtualHost>',
    )
    assert find_settings(config.all).every == ()
    assert len(find_settings(config.all, frozenset({"PROXY-SENDCL"})).every) == 1


@pytest.mark.parametrize(
    "line",
    [
        "SetEnv",
        "UnsetEnv",
        "PassEnv",
        "SetEnvIf",
        "SetEnvIf Request_URI",
        "SetEnvIf Request_URI ^/",
        "SetEnvIf Request_URI ( proxy-sendcl",
        "BrowserMatch",
        "SetEnvIfExpr",
        "RewriteEngine",
        "RewriteRule",
        "RewriteRule ^ -",
        "RewriteRule ^ - [",
        "RewriteRule ^ - [E=]",
        "RewriteRule ( - [E=proxy-sendcl:1]",
        "RewriteOptions",
        "<Location>\nSetEnv proxy-sendcl\n</Location>",
        "<LocationMatch (>\nSetEnv proxy-sendcl\n</LocationMatch>",
        "<Proxy>\nSetEnv proxy-sendcl\n</Proxy>",
    ],
)
def test_an_incomplete_directive_is_passed_over(line: str, tmp_path: Path) -> None:
    config = apache(
        tmp_path,
        "RewriteEngine On\n<VirtualHost *:80>\n"
        f'{line}\nProxyPass "/" "http://127.0.0.1/"\n</VirtualHost>',
    )
    settings = find_settings(config.all)
    (endpoint,) = find_endpoints(config)

    assert buffering_of(settings, endpoint).value is not True
