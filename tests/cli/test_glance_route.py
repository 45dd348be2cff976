"""``--glance-route``: what the operator knows and no file tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glance_audit.cli.main import main
from tests.cli.deployments import lay_out

PLAIN = """\
LoadModule proxy_module modules/mod_proxy.so
LoadModule proxy_http_module modules/mod_proxy_http.so
<VirtualHost *:80>
    SetEnv proxy-sendcl 1
    ProxyPass "{path}" "http://10.0.0.7:8123"
    ProxyPass "/placement" "http://10.0.0.7:8000"
</VirtualHost>
"""


def glance(
    root: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[dict[str, str], list[str]]:
    main(["--no-host", "--format", "json", *options, str(root)])
    report = json.loads(capsys.readouterr().out)
    routes = {
        route["path"]: route["why"]
        for server in report["topology"]["servers"]
        for host in server["vhosts"]
        for route in host["routes"]
        if route["glance"]
    }
    return routes, [finding["code"] for finding in report["findings"]]


@pytest.mark.parametrize("stated", ["/pictures", "/pictures/"])
@pytest.mark.parametrize("path", ["/pictures", "/pictures/"])
def test_a_stated_route_is_judged_as_glances(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, stated: str
) -> None:
    root = lay_out(tmp_path, PLAIN.format(path=path), None)

    assert glance(root, capsys) == ({}, [])
    routes, codes = glance(root, capsys, "--glance-route", stated)
    assert routes == {path: f"the path {path} is Glance's, as stated"}
    assert "GA201" in codes


def test_several_are_stated_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = lay_out(tmp_path, PLAIN.format(path="/pictures"), None)
    routes, _ = glance(root, capsys, "--glance-route", "/placement", "--glance-route", "/pictures")

    assert set(routes) == {"/pictures", "/placement"}


def test_what_the_backend_loads_counts_for_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = "[uwsgi]\nhttp-socket = 127.0.0.1:8123\nmodule = placement.wsgi\n"
    text = PLAIN.format(path="/pictures").replace("10.0.0.7", "127.0.0.1")
    root = lay_out(tmp_path, text, other)

    assert glance(root, capsys, "--glance-route", "/pictures") == ({}, [])


def test_a_longer_path_is_another_route(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = lay_out(tmp_path, PLAIN.format(path="/pictures/old"), None)

    assert glance(root, capsys, "--glance-route", "/pictures")[0] == {}


def test_a_path_that_no_route_has_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(tmp_path, PLAIN.format(path="/pictures/"), None)
    stated = [f"--glance-route={path}" for path in ("/pictures", "/", "/old/", "/placement")]
    main(["--no-host", "--format", "json", *stated, str(root)])
    notes = json.loads(capsys.readouterr().out)["notes"]

    assert [note for note in notes if "--glance-route" in note] == [
        "--glance-route /: no route has that path",
        "--glance-route /old: no route has that path",
    ]


@pytest.mark.parametrize("stated", ["image", "", "http://images.example.net/image"])
def test_what_is_no_path_is_refused(capsys: pytest.CaptureFixture[str], stated: str) -> None:
    assert main(["--glance-route", stated, "."]) == 2
    assert capsys.readouterr().err == (
        f"glance-audit: --glance-route {stated}: write the path of the route, such as /image\n"
    )
