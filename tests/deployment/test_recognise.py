"""Which routes are Glance's: the strongest evidence decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.route import Route
from tests.deployment.trees import APACHE, deploy

SITE = f"{APACHE}/apache2.conf"
GLANCE_INI = "[uwsgi]\nhttp-socket = 127.0.0.1:5000\nmodule = glance.wsgi.api:application\n"
OTHER_INI = "[uwsgi]\nhttp-socket = 127.0.0.1:5000\nmodule = placement.wsgi\n"
SILENT_INI = "[uwsgi]\nhttp-socket = 127.0.0.1:5000\n"


def routes(root: Path, text: str, **files: str) -> tuple[Route, ...]:
    more = {path.replace("__", "/"): content for path, content in files.items()}
    return deploy(root, {SITE: text} | more).servers[0].routes


def proxied(path: str, target: str, host: str = "*:80", inside: str = "") -> str:
    return f"<VirtualHost {host}>\n{inside}\nProxyPass {path} {target}\n</VirtualHost>\n"


def test_the_application_behind_the_address_is_the_strongest_evidence(tmp_path: Path) -> None:
    text = proxied("/anything", "http://127.0.0.1:5000")
    (route,) = routes(tmp_path, text, **{"/etc/glance/api.ini": GLANCE_INI})

    assert (route.glance, route.why) == (
        True,
        "api.ini behind it loads glance.wsgi.api:application",
    )
    assert [backend.instance.name for backend in route.backends] == ["api.ini"]


def test_another_application_behind_the_address_outweighs_every_name(tmp_path: Path) -> None:
    text = proxied("/image", "http://127.0.0.1:5000", "*:9292", "ServerName glance.example")
    (route,) = routes(tmp_path, text, **{"/etc/glance/glance.ini": OTHER_INI})

    assert (route.glance, route.why) == (False, "glance.ini behind it loads another application")


def test_an_instance_that_says_nothing_leaves_it_to_the_names(tmp_path: Path) -> None:
    text = proxied("/image", "http://127.0.0.1:5000")
    (route,) = routes(tmp_path, text, **{"/etc/glance/api.ini": SILENT_INI})

    assert (route.glance, route.why) == (True, "the path /image is the image service's")


@pytest.mark.parametrize(
    ("script", "content", "glance", "why"),
    [
        ("/usr/bin/glance-wsgi-api", None, True, "the WSGI script glance-wsgi-api is Glance's"),
        ("/srv/app.wsgi", "import glance.x\n", True, "the WSGI script app.wsgi imports glance"),
        (
            "/srv/app.wsgi",
            "  from glance import a",
            True,
            "the WSGI script app.wsgi imports glance",
        ),
        ("/srv/app.wsgi", "import other\n", False, "the WSGI script app.wsgi is not Glance's"),
        ("/srv/app.wsgi", "import glanceclient", False, "the WSGI script app.wsgi is not Glance's"),
        ("/srv/app.wsgi", None, True, "the path /image is the image service's"),
    ],
)
def test_a_script_speaks_for_itself(
    script: str, content: str | None, glance: bool, why: str, tmp_path: Path
) -> None:
    text = f"<VirtualHost *:80>\nWSGIScriptAlias /image {script}\n</VirtualHost>"
    files = {} if content is None else {script: content}
    (route,) = routes(tmp_path, text, **files)

    assert (route.glance, route.why) == (glance, why)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (proxied("/image", "http://h:1"), "the path /image is the image service's"),
        (proxied("/image/v2", "http://h:1"), "the path /image/v2 is the image service's"),
        (proxied("/x", "http://h:9292"), "port 9292 is Glance's"),
        (proxied("/x", "http://h:60999"), "port 60999 is Glance's"),
        (proxied("/x", "http://glance.example"), "the address http://glance.example names glance"),
        (
            proxied("/x", "unix:/run/uwsgi/glance-api.sock|http://h"),
            "the address unix:/run/uwsgi/glance-api.sock|http://h names glance",
        ),
        (
            "<VirtualHost *:80>\nWSGIScriptAlias /x /a.py process-group=glance-api\n</VirtualHost>",
            "the daemon process glance-api names glance",
        ),
        (proxied("/", "http://h:1", "*:9292"), "the virtual host listens on Glance's port 9292"),
        (
            proxied("/v2/images", "http://h:1", inside="ServerAlias a glance.example"),
            "ServerAlias a glance.example names glance",
        ),
        (
            "<VirtualHost *:80>\nWSGIProcessGroup glance\nWSGIScriptAlias /x /a.py\n</VirtualHost>",
            "WSGIProcessGroup glance names glance",
        ),
    ],
)
def test_names_and_ports_are_taken_when_there_is_nothing_better(
    text: str, why: str, tmp_path: Path
) -> None:
    (route,) = routes(tmp_path, text)
    assert (route.glance, route.why) == (True, why)


@pytest.mark.parametrize(
    "text",
    [
        proxied("/images", "http://h:1"),
        proxied("/x", "http://h:92920"),
        proxied("/x", "http://semaglance.example"),
        proxied("/x", "http://glances.example"),
        proxied("/x", "unix:/run/x.sock|http://h:9292"),
        proxied("/x", "http://h:1", "*:80", "ServerName placement.example"),
    ],
)
def test_a_likeness_is_no_evidence(text: str, tmp_path: Path) -> None:
    (route,) = routes(tmp_path, text)
    assert (route.glance, route.why) == (False, "")


def test_the_name_of_a_file_speaks_for_its_only_route(tmp_path: Path) -> None:
    one = proxied("/", "http://h:1")
    main = {SITE: "Include glance.conf\n"}
    (route,) = deploy(tmp_path / "1", main | {f"{APACHE}/glance.conf": one}).servers[0].routes
    assert (route.glance, route.why) == (True, "the file glance.conf names glance")

    two = one + proxied("/y", "http://h:2")
    server = deploy(tmp_path / "2", main | {f"{APACHE}/glance.conf": two}).servers[0]
    assert [route.glance for route in server.routes] == [False, False]


@pytest.mark.parametrize(
    "around",
    ["ServerAlias glance.example", "WSGIProcessGroup glance"],
)
def test_a_neighbour_in_glances_virtual_host_is_not_glance(around: str, tmp_path: Path) -> None:
    inside = f"{around}\nProxyPass /volume http://127.0.0.1:8776\nProxyPass /v2 http://h:1"
    text = proxied("/image", "http://127.0.0.1:5000", "*:9292", inside)
    found = routes(tmp_path, text, **{"/etc/glance/api.ini": GLANCE_INI})

    assert {route.path: route.glance for route in found} == {
        "/volume": False,
        "/v2": False,
        "/image": True,
    }


def test_a_path_of_its_own_in_glances_virtual_host_is_not_glance(tmp_path: Path) -> None:
    text = proxied("/horizon", "http://h:1", "*:9292", "ServerName glance.example")
    (route,) = routes(tmp_path, text)

    assert (route.glance, route.why) == (False, "")


def test_a_local_script_is_read_for_what_it_imports(tmp_path: Path) -> None:
    text = proxied("/anything", "http://127.0.0.1:5000")
    ini = "[uwsgi]\nhttp-socket = 127.0.0.1:5000\nwsgi-file = /srv/app.wsgi\n"
    for name, script, glance in (
        ("1", "from glance.common.wsgi_app import init_app\n", True),
        ("2", "from placement.wsgi import init_application\n", False),
    ):
        files = {"/etc/glance/api.ini": ini, "/srv/app.wsgi": script}
        (route,) = routes(tmp_path / name, text, **files)
        assert route.glance is glance


@pytest.mark.parametrize("module", ["wsgi:application", "app"])
def test_a_module_of_any_name_leaves_it_to_the_names(module: str, tmp_path: Path) -> None:
    text = proxied("/image", "http://127.0.0.1:5000")
    ini = f"[uwsgi]\nhttp-socket = 127.0.0.1:5000\nmodule = {module}\n"
    (route,) = routes(tmp_path, text, **{"/etc/glance/api.ini": ini})

    assert route.glance


def test_a_host_elsewhere_is_not_what_listens_on_every_address_here(tmp_path: Path) -> None:
    ini = "[uwsgi]\nhttp-socket = :5000\nmodule = glance.wsgi.api:application\n"
    text = proxied("/placement", "http://placement.example:5000")
    (route,) = routes(tmp_path, text, **{"/etc/glance/api.ini": ini})

    assert not route.glance


def test_who_logs_in_at_an_address_is_no_evidence_and_never_shown(tmp_path: Path) -> None:
    (route,) = routes(tmp_path / "1", proxied("/x", "http://glance:s3cret@127.0.0.1:80"))
    assert not route.glance

    (route,) = routes(tmp_path / "2", proxied("/x", "http://u:s3cret@glance.example"))
    assert route.why == "the address http://glance.example names glance"
