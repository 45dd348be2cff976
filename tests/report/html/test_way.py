"""Which stops an upload passes, and where a finding sits on them."""

from __future__ import annotations

import pytest

from glance_audit.engine.finding import Severity
from glance_audit.report.html.way import Stop, Way, ways
from glance_audit.report.result import Buffering, Topology
from tests.report.reports import BACKEND, IMAGE, PLACEMENT, SETTING, TOPOLOGY, finding, location

UWSGI_LINE = location(
    4, "post-buffering = 4096", file=BACKEND.location.file if BACKEND.location else ""
)


def drawn(*findings: object, topology: Topology = TOPOLOGY) -> Way:
    (way,) = ways(topology, findings)  # type: ignore[arg-type]
    return way


def where(way: Way) -> dict[str, list[Stop]]:
    found: dict[str, list[Stop]] = {}
    for passage in way.stops:
        for one in passage.findings:
            found.setdefault(one.code, []).append(passage.stop)
    return found


def test_the_way_of_a_route_goes_from_the_client_to_the_store() -> None:
    way = drawn()

    assert way.title == "/image of <VirtualHost *:80> (controller)"
    assert [(p.stop, p.name) for p in way.passages] == [
        (Stop.CLIENT, "client"),
        (Stop.HOST, "<VirtualHost *:80> (controller)"),
        (Stop.ROUTE, "/image"),
        (Stop.GATEWAY, "mod_proxy_http"),
        (Stop.WORKER, "uWSGI glance-uwsgi.ini"),
        (Stop.GLANCE, "Glance"),
        (Stop.STORE, "store"),
    ]
    assert way.passages[3].facts == (
        "http://127.0.0.1:60999", "worker timeout= 600 s", "Timeout 300 s"
    )  # fmt: skip
    assert way.passages[4].facts == (
        "http-socket = 127.0.0.1:60999",
        "socket-timeout 4 s by default",
    )


def test_a_route_that_is_spooled_has_its_spool_with_its_size() -> None:
    spool = drawn().spool

    assert spool is not None
    assert (spool.name, spool.facts) == ("/tmp", ("size unknown", "takes every chunked upload"))


@pytest.mark.parametrize(("value", "there"), [(False, False), (None, True), (True, True)])
def test_a_spool_is_drawn_where_an_upload_may_reach_it(value: bool | None, there: bool) -> None:
    (server,) = TOPOLOGY.servers
    host = server.vhosts[0]
    routes = (host.routes[1]._replace(buffered=Buffering(value, None)),)
    topology = Topology((server._replace(vhosts=(host._replace(routes=routes),)),))

    assert (drawn(topology=topology).spool is not None) is there


@pytest.mark.parametrize(
    ("code", "stop"),
    [
        ("GA112", Stop.GATEWAY),
        ("GA114", Stop.ROUTE),
        ("GA201", Stop.SPOOL),
        ("GA302", Stop.WORKER),
        ("GA306", Stop.HOST),
        ("GA401", Stop.SPOOL),
        ("GA503", Stop.GLANCE),
        ("GA601", Stop.STORE),
        ("GA701", Stop.WORKER),
        ("GA801", Stop.WORKER),
    ],
)
def test_a_finding_sits_on_the_arrow_that_it_breaks(code: str, stop: Stop) -> None:
    assert where(drawn(finding(IMAGE, code=code))) == {code: [stop]}


def test_what_the_worker_spools_itself_lies_between_it_and_glance() -> None:
    assert where(drawn(finding(UWSGI_LINE, code="GA209"))) == {"GA209": [Stop.GLANCE]}


def test_a_finding_of_another_route_or_of_the_files_alone_sits_nowhere() -> None:
    elsewhere = finding(location(90, "ProxyPass /other http://127.0.0.1:1/"), code="GA112")

    assert where(drawn(elsewhere, finding(PLACEMENT, code="GA204"))) == {}
    assert where(drawn(finding(IMAGE, code="GA904"))) == {}


def test_a_related_place_ties_a_finding_to_a_route() -> None:
    elsewhere = location(90, "Timeout 5")

    assert where(drawn(finding(elsewhere, ("the route", IMAGE), code="GA307"))) == {
        "GA307": [Stop.WORKER]
    }


def test_a_suppressed_finding_is_not_drawn() -> None:
    assert where(drawn(finding(SETTING)._replace(suppressed="measured, and accepted"))) == {}


def test_the_worst_finding_of_a_stop_comes_first() -> None:
    warning = finding(IMAGE, code="GA104")._replace(severity=Severity.WARNING, fingerprint="2")
    way = drawn(warning, finding(IMAGE, code="GA112"))

    assert [one.code for one in way.passages[3].findings] == ["GA112", "GA104"]


def test_a_worker_that_is_not_in_the_audit_is_drawn_as_missing() -> None:
    (server,) = TOPOLOGY.servers
    host = server.vhosts[0]
    routes = (host.routes[1]._replace(backend=None),)
    topology = Topology((server._replace(vhosts=(host._replace(routes=routes),)),))
    worker = drawn(topology=topology).passages[4]

    assert (worker.name, worker.facts, worker.found) == ("unknown", ("not in this audit",), False)


def test_mod_wsgi_runs_glance_in_its_own_process() -> None:
    (server,) = TOPOLOGY.servers
    host = server.vhosts[0]
    routes = (host.routes[1]._replace(gateway="mod_wsgi", backend=None),)
    topology = Topology((server._replace(vhosts=(host._replace(routes=routes),)),))
    way = drawn(topology=topology)

    assert [p.name for p in way.passages[3:5]] == ["mod_wsgi", "WSGI process"]
    assert way.passages[4].found


def test_a_uwsgi_that_no_route_leads_to_is_reached_straight() -> None:
    way = drawn(finding(UWSGI_LINE, code="GA702"), topology=Topology((), (BACKEND,)))

    assert way.title == "glance-uwsgi.ini, straight"
    assert [p.stop for p in way.passages] == [Stop.CLIENT, Stop.WORKER, Stop.GLANCE, Stop.STORE]
    assert where(way) == {"GA702": [Stop.WORKER]}
