"""Which directive answers: the model's word on every configuration that Apache was asked about.

What Apache itself says of them is in ``tests/oracle/test_routes_live.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.apache import ApacheConfig
from glance_audit.deployment.answers import Answers
from glance_audit.deployment.claim import Claim, Claimant
from glance_audit.deployment.endpoints import find_endpoints
from glance_audit.deployment.environment import SENDCL, find_settings, live_settings
from glance_audit.deployment.joint import Amiss, joint_of
from glance_audit.deployment.route import Endpoint
from tests.deployment.answers import CONFIGURATIONS, Configuration
from tests.deployment.trees import apache

PLACES = {
    "one": "http://127.0.0.1:11",
    "two": "http://127.0.0.1:22",
    "socket": "/run/http.socket",
    "uwsgi": "127.0.0.1:33",
    "wsgi": "/srv/wsgi.wsgi",
    "script": "/srv/script.wsgi",
}
ADDRESS = "*:80"


def read(root: Path, configuration: Configuration) -> ApacheConfig:
    main, host = configuration.main_server(PLACES), configuration.virtual_host(ADDRESS, "h", PLACES)
    return apache(root, f"DocumentRoot /var\n{main}{host}")


def backend_of(config: ApacheConfig, claimant: Claimant) -> Endpoint | None:
    (host,) = config.all.of("virtualhost")
    for endpoint in find_endpoints(config):
        if endpoint.directive is claimant.directive and endpoint.host is host:
            return endpoint
    return None


def name_of(endpoint: Endpoint | None) -> str:
    if endpoint is None or endpoint.misdirected:
        return "none"
    if not endpoint.targets and endpoint.script is None:
        return "none"
    joint = joint_of(endpoint)
    if joint is not None and joint.amiss in (Amiss.HOST, Amiss.FILE):
        return "none"  # GA113 tells why
    target = endpoint.script or endpoint.targets[0].text
    (name,) = (name for name, place in PLACES.items() if place in target)
    return name


@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=str)
def test_the_model_says_what_apache_does(configuration: Configuration, tmp_path: Path) -> None:
    config = read(tmp_path, configuration)
    (host,) = config.all.of("virtualhost")
    found = [
        one
        for one in Answers(config, [host]).claimants(host, configuration.path)
        if one.claim is not Claim.EXCLUDES
    ]
    sure = name_of(backend_of(config, found[-1])) if found and found[-1].certain else "none"
    open_ends = [one for one in found if not one.certain]
    possible = [name_of(backend_of(config, one)) for one in open_ends]

    if any(one.claim is Claim.REWRITES for one in open_ends):
        assert configuration.unsure == sure  # whatever the rewritten request ends at
    elif configuration.unsure:
        assert possible or configuration.answers == "none"
        assert {sure, *possible} >= {configuration.answers, configuration.unsure} - {"none"}
    else:
        assert (sure, possible) == (configuration.gap or configuration.answers, [])


@pytest.mark.parametrize(
    "configuration",
    [
        c
        for c in CONFIGURATIONS
        if c.answers != "none" and not c.unsure and c.gap in ("", c.answers)
    ],
    ids=str,
)
def test_the_model_knows_the_environment_that_reaches_the_backend(
    configuration: Configuration, tmp_path: Path
) -> None:
    config = read(tmp_path, configuration)
    (host,) = config.all.of("virtualhost")
    *_, claimant = Answers(config, [host]).claimants(host, configuration.path)
    endpoint = backend_of(config, claimant)
    assert endpoint is not None

    live = live_settings(find_settings(config.all), endpoint, SENDCL)

    assert bool(live) is (configuration.seen and not configuration.gap)
