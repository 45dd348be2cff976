"""Several Glance configurations in one run, and which server runs which."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from glance_audit.deployment.build import build
from glance_audit.deployment.collect import ReadingOptions, collect
from glance_audit.deployment.glance_service import GlanceService
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.reader import reader_of
from glance_audit.deployment.room import RoomFinder
from glance_audit.deployment.versions import Holds, VersionRange
from glance_audit.files import FileSource, Place
from tests.deployment.trees import APACHE, GIB, deploy, expectations, versions, write

MAIN = f"{APACHE}/apache2.conf"
UNIT = "/etc/systemd/system/"
INI = "[uwsgi]\nmodule = glance.wsgi.api:application\nhttp-socket = 127.0.0.1:60999\n"
OTHER_INI = INI.replace("60999", "60998")
CONF = "[DEFAULT]\nworker_self_reference_url = http://{}\n"
TWO = {
    "/etc/glance/glance-api.conf": CONF.format("a"),
    "/srv/b/glance-api.conf": CONF.format("b"),
}
STARTED = "[Service]\nExecStart=/usr/sbin/apachectl start\n"
SAID = "[Service]\nEnvironment=OS_GLANCE_CONFIG_DIR=/etc/glance\n"
ALIAS = "WSGIScriptAlias /image /usr/bin/glance-wsgi-api\n"


def run_by(services: tuple[GlanceService, ...]) -> dict[str, list[str]]:
    return {
        one.directory: [*(i.name for i in one.instances), *(r.path for r in one.scripts)]
        for one in services
    }


def unit(ini: str, *environment: str) -> str:
    lines = "".join(f"Environment={one}\n" for one in environment)
    return f"[Service]\n{lines}ExecStart=/usr/bin/uwsgi --ini {ini}\n"


def at_release(root: Path, files: Mapping[str, str], number: int) -> Deployment:
    write(root, files)
    source = FileSource(str(root))
    inputs = collect(source, ["/etc/glance"], ReadingOptions({}))
    known = versions()._replace(glance=VersionRange((number,), (number, 999), "option"))
    rooms = RoomFinder(source, (), host=False, stated=None)
    return build(source, inputs, known, expectations(), rooms)


def test_each_directory_is_a_service_of_its_own(tmp_path: Path) -> None:
    services = deploy(tmp_path, TWO, "/etc/glance", "/srv/b").services

    assert [(one.directory, one.config.files) for one in services] == [
        ("/etc/glance", ("/etc/glance/glance-api.conf",)),
        ("/srv/b", ("/srv/b/glance-api.conf",)),
    ]
    found = [one.setting("DEFAULT", "worker_self_reference_url") for one in services]
    assert [one.value for one in found if one is not None] == ["http://a", "http://b"]


def test_files_that_are_named_belong_to_their_directory(tmp_path: Path) -> None:
    files = TWO | {
        "/srv/b/glance.conf.d/x.conf": CONF.format("x"),
        "/srv/b/glance-api.conf.d/y.conf": CONF.format("y"),
    }
    services = deploy(tmp_path, files, *files, "/srv/b/glance-api.conf").services

    assert [(one.directory, one.config.files) for one in services] == [
        ("/etc/glance", ("/etc/glance/glance-api.conf",)),
        ("/srv/b", ("/srv/b/glance-api.conf", "/srv/b/glance.conf.d/x.conf")),
    ]
    assert services[1].drop_ins is not None
    assert services[1].drop_ins.files == ("/srv/b/glance-api.conf.d/y.conf",)


def test_the_only_configuration_is_that_of_every_server(tmp_path: Path) -> None:
    files = {
        MAIN: ALIAS,
        "/etc/glance/glance-api.conf": CONF.format("a"),
        "/etc/glance/a.ini": INI,
        "/etc/glance/b.ini": OTHER_INI,
    }
    (service,) = deploy(tmp_path, files).services

    assert run_by((service,)) == {"/etc/glance": ["a.ini", "b.ini", "/image"]}
    assert service.under_wsgi
    assert service.runs == "uWSGI (a.ini, b.ini) and mod_wsgi"


def test_a_server_that_runs_another_application_runs_no_glance(tmp_path: Path) -> None:
    files = {
        "/etc/glance/glance-api.conf": CONF.format("a"),
        "/etc/glance/a.ini": "[uwsgi]\nmodule = keystone.wsgi.api:application\n",
    }
    (service,) = deploy(tmp_path, files, "/etc/glance").services

    assert not service.under_wsgi


@pytest.mark.parametrize(
    "environment",
    [
        {"/etc/uwsgi/b.ini": OTHER_INI + "env = OS_GLANCE_CONFIG_DIR=/srv/b/\n"},
        {
            "/etc/uwsgi/b.ini": OTHER_INI,
            f"{UNIT}b-uwsgi.service": unit("/etc/uwsgi/b.ini", "OS_GLANCE_CONFIG_DIR=/srv/b"),
        },
        {
            "/etc/uwsgi/b.ini": OTHER_INI + "env = OS_GLANCE_CONFIG_DIR=/srv/b\n",
            f"{UNIT}b-uwsgi.service": unit("/etc/uwsgi/b.ini", "OS_GLANCE_CONFIG_DIR=/srv/c"),
        },
    ],
    ids=["env option", "unit", "the option after the unit"],
)
def test_the_environment_says_which_configuration_is_read(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    files = {**TWO, **environment, "/etc/glance/a.ini": INI, MAIN: ""}
    files[f"{UNIT}a-uwsgi.service"] = unit("/etc/glance/a.ini")
    services = deploy(tmp_path, files).services

    assert run_by(services) == {"/etc/glance": ["a.ini"], "/srv/b": ["b.ini"]}


def test_without_a_unit_and_with_several_nobody_knows_which_is_read(tmp_path: Path) -> None:
    files = TWO | {"/srv/u/a.ini": INI}
    services = deploy(tmp_path, files, "/etc/glance", "/srv/b", "/srv/u").services

    assert run_by(services) == {"/etc/glance": [], "/srv/b": []}


@pytest.mark.parametrize(
    ("options", "read"),
    [
        ("env = OS_GLANCE_CONFIG_DIR=/srv/elsewhere\n", False),
        ("env = OS_GLANCE_CONFIG_DIR=relative\n", False),
        ("env = OS_GLANCE_CONFIG_DIR=\n", False),
        ("envdir = /etc/glance/env\n", False),
        ("env = OS_GLANCE_CONFIG_DIR\n", True),
        ("env = OS_GLANCE_CONFIG=/srv/b\n", True),
        ("env = OS_GLANCE_CONFIG_DIR=/srv/b\nunenv = OS_GLANCE_CONFIG_DIR\n", True),
        ("env = OS_GLANCE_CONFIG_DIR=/srv/b\nunenv = OTHER\n", False),
        ("envdir = /etc/glance/env\nenv = OS_GLANCE_CONFIG_DIR=/etc/glance\n", True),
        ("env = OS_GLANCE_CONFIG_DIR=/srv/b\nenv = OS_GLANCE_CONFIG_DIR=/etc/glance\n", True),
        ("pyargv = --config-file /srv/b/glance-api.conf\n", True),
    ],
)
def test_what_names_another_directory_is_believed(options: str, read: bool, tmp_path: Path) -> None:
    files = {
        "/etc/glance/glance-api.conf": CONF.format("a"),
        "/etc/glance/a.ini": INI + options,
    }
    (service,) = deploy(tmp_path, files, "/etc/glance").services

    assert service.under_wsgi is read


def test_mod_wsgi_has_what_apache_is_started_with(tmp_path: Path) -> None:
    files = TWO | {
        MAIN: ALIAS + "SetEnv OS_GLANCE_CONFIG_DIR /srv/c\n",
        f"{APACHE}/envvars": "export OS_GLANCE_CONFIG_DIR=/srv/b\n",
    }
    assert run_by(deploy(tmp_path, files).services) == {"/etc/glance": [], "/srv/b": ["/image"]}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({f"{APACHE}/envvars": "OS_GLANCE_CONFIG_DIR=/srv/b\n"}, []),
        (
            {f"{UNIT}apache2.service": "[Service]\nExecStart=/usr/sbin/apachectl start\n"},
            ["/image"],
        ),
        (
            {f"{UNIT}apache2.service": SAID},
            ["/image"],
        ),
        (
            {
                f"{UNIT}apache2.service": STARTED,
                f"{APACHE}/envvars": ". /nowhere/envvars\n",
            },
            [],
        ),
    ],
    ids=["not exported, no unit", "a unit without it", "a unit with it", "unsure"],
)
def test_mod_wsgi_reads_the_default_when_its_start_is_known(
    files: Mapping[str, str], expected: list[str], tmp_path: Path
) -> None:
    tree = {**TWO, MAIN: ALIAS, **files}
    services = deploy(tmp_path, tree, APACHE, "/etc/glance", "/srv/b").services

    assert run_by(services)["/etc/glance"] == expected


DROP_IN = {
    "/etc/glance/glance-api.conf": CONF.format("a"),
    "/etc/glance/glance-api.conf.d/z.conf": CONF.format("z") + "public_endpoint = http://p\n",
    "/etc/glance/glance.conf.d/y.conf": CONF.format("y"),
}


@pytest.mark.parametrize(
    ("number", "ini", "read", "value"),
    [
        (32, True, Holds.NONE, "http://y"),
        (33, True, Holds.ALL, "http://z"),
        (32, False, Holds.PART, "http://y"),
        (33, False, Holds.ALL, "http://z"),
    ],
)
def test_a_wsgi_server_reads_the_drop_ins_of_the_program_from_33_on(
    number: int, ini: bool, read: Holds, value: str, tmp_path: Path
) -> None:
    files = DROP_IN | ({"/etc/glance/a.ini": INI} if ini else {})
    (service,) = at_release(tmp_path, files, number).services

    setting = service.setting("DEFAULT", "worker_self_reference_url")
    assert service.drop_ins_read is read
    assert setting is not None
    assert setting.value == value
    assert service.uncertain("DEFAULT", "public_endpoint") is (read is Holds.PART)
    assert not service.uncertain("DEFAULT", "bind_port")
    assert (service.setting("DEFAULT", "public_endpoint") is None) is (read is not Holds.ALL)


@pytest.mark.parametrize(("number", "told"), [(32, False), (33, True)])
def test_a_fault_in_a_drop_in_that_nobody_reads_is_none(
    number: int, told: bool, tmp_path: Path
) -> None:
    files = DROP_IN | {
        "/etc/glance/a.ini": INI,
        "/etc/glance/glance-api.conf.d/z.conf": "no section\n",
    }
    deployment = at_release(tmp_path, files, number)

    assert bool(deployment.problems) is told
    assert [reader_of(deployment, one) for one in deployment.problems] == ["Glance"] * told


def test_a_fault_in_a_drop_in_that_some_release_reads_is_told(tmp_path: Path) -> None:
    files = DROP_IN | {"/etc/glance/glance-api.conf.d/z.conf": "no section\n"}
    deployment = deploy(tmp_path, files, "/etc/glance")

    assert [one.place.file for one in deployment.problems] == [
        "/etc/glance/glance-api.conf.d/z.conf"
    ]


def test_an_absence_is_reported_at_its_section(tmp_path: Path) -> None:
    text = "[wsgi]\ntask_pool_threads = 4\n[DEFAULT]\n"
    (service,) = deploy(tmp_path, {"/etc/glance/glance-api.conf": text}, "/etc/glance").services

    assert [service.place(name).line for name in ("DEFAULT", "wsgi", "paste_deploy")] == [3, 1, 3]


def test_an_absence_in_a_file_without_sections_is_reported_for_the_file(tmp_path: Path) -> None:
    files = {"/etc/glance/glance-api.conf": "# nothing\n"}
    (service,) = deploy(tmp_path, files, "/etc/glance").services

    assert service.place() == Place("/etc/glance/glance-api.conf")


def capped(size: int) -> str:
    return f"[DEFAULT]\nimage_size_cap = {size}\n"


@pytest.mark.parametrize(
    ("first", "second", "largest"),
    [
        (capped(GIB), capped(2 * GIB), 2 * GIB),
        (capped(3 * GIB), capped(2 * GIB), 3 * GIB),
        (capped(GIB), "[DEFAULT]\n", 10 * GIB),
        (capped(1024**4), capped(GIB), 10 * GIB),
        (capped(20 * GIB), "[DEFAULT]\n", 20 * GIB),
        ("[DEFAULT]\nimage_size_cap = 1G\n", capped(GIB), 10 * GIB),
        ("[DEFAULT]\nimage_size_cap = 1234567890123456789\n", capped(GIB), 10 * GIB),
    ],
)
def test_the_largest_image_is_that_of_the_glance_that_takes_the_largest(
    first: str, second: str, largest: int, tmp_path: Path
) -> None:
    files = {"/etc/glance/glance-api.conf": first, "/srv/b/glance-api.conf": second}
    deployment = deploy(tmp_path, files, "/etc/glance", "/srv/b")

    assert deployment.largest_image[0] == largest


def test_a_route_takes_the_largest_image_of_what_it_leads_to(tmp_path: Path) -> None:
    files = {
        "/etc/glance/glance-api.conf": capped(GIB),
        "/srv/b/glance-api.conf": capped(2 * GIB),
        "/etc/glance/a.ini": INI + "env = OS_GLANCE_CONFIG_DIR=/etc/glance\n",
        f"{APACHE}/envvars": "export OS_GLANCE_CONFIG_DIR=/srv/b\n",
        MAIN: (
            "ProxyPass /image http://127.0.0.1:60999\n"
            "ProxyPass /glance http://127.0.0.1:9292\n" + ALIAS.replace("/image", "/b")
        ),
    }
    deployment = deploy(tmp_path, files)

    images = deployment.largest_images()
    found = {route.path: images[id(route)][0] for route in deployment.glance_routes}
    assert found == {"/image": GIB, "/glance": 2 * GIB, "/b": 2 * GIB}


def test_a_directory_pointed_at_shares_the_usual_drop_ins(tmp_path: Path) -> None:
    files = TWO | {
        MAIN: "",
        "/etc/glance/glance.conf.d/z.conf": "[DEFAULT]\npublic_endpoint = http://p\n",
        "/srv/b/glance.conf.d/never.conf": "[DEFAULT]\npublic_endpoint = http://q\n",
        "/etc/uwsgi/b.ini": INI + "env = OS_GLANCE_CONFIG_DIR=/srv/b\n",
    }
    services = deploy(tmp_path, files).services

    found = [one.setting("DEFAULT", "public_endpoint") for one in services]
    assert [one.value for one in found if one is not None] == ["http://p", "http://p"]


def test_what_was_not_read_may_set_anything(tmp_path: Path) -> None:
    conf = "/etc/glance/glance-api.conf"
    read = deploy(tmp_path / "a", {conf: CONF.format("a")}, "/etc/glance").services
    (tmp_path / "b" / conf[1:]).mkdir(parents=True)  # a directory in the place of the file
    unread = deploy(tmp_path / "b", {}, "/etc/glance").services
    other = deploy(
        tmp_path / "b", {"/etc/glance/glance-image-import.conf": CONF.format("b")}, "/etc/glance"
    ).services
    drop_in = "/etc/glance/glance-api.conf.d/a.conf"
    nothing = deploy(tmp_path / "c", {drop_in: CONF.format("c")}, "/etc/glance").services

    assert [one.whole for one in (*read, *unread, *other, *nothing)] == [True, False, False, False]


def service_of(root: Path, *lines: str) -> GlanceService:
    conf = "".join(f"{line}\n" for line in ("[DEFAULT]", *lines))
    (service,) = deploy(root, {"/etc/glance/glance-api.conf": conf}, "/etc/glance").services
    return service


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("http://x", "http://x"),
        ("$public_endpoint/1", "http://p/1"),
        ("http://$my_ip", "http://$my_ip"),
        ("", ""),
    ],
)
def test_a_text_has_its_references_replaced_where_they_are_known(
    value: str, text: str, tmp_path: Path
) -> None:
    service = service_of(tmp_path, "public_endpoint = http://p", f"worker_url = {value}")

    assert service.text("DEFAULT", "worker_url") == text
    assert service.text("DEFAULT", "other") is None


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ((), ("glance-direct", "web-download")),
        (
            ("enabled_import_methods = [web-download, 'copy-image']",),
            ("web-download", "copy-image"),
        ),
        (("enabled_import_methods = []",), ()),
    ],
)
def test_import_methods_are_those_written_or_the_default(
    lines: tuple[str, ...], names: tuple[str, ...], tmp_path: Path
) -> None:
    methods = service_of(tmp_path, *lines).import_methods

    assert methods is not None
    assert methods.names == names


def test_methods_that_glance_refuses_are_none(tmp_path: Path) -> None:
    assert service_of(tmp_path, "enabled_import_methods = web-download").import_methods is None


def test_what_a_file_sets_that_cannot_be_read_is_uncertain(tmp_path: Path) -> None:
    files = {"/etc/glance/glance-image-import.conf": "[DEFAULT]\n"}
    write(tmp_path, files)
    os.mkfifo(tmp_path / "etc/glance/glance-api.conf")
    (service,) = deploy(tmp_path, files, "/etc/glance").services

    assert service.uncertain("DEFAULT", "public_endpoint")
    assert not service_of(tmp_path / "b").uncertain("DEFAULT", "public_endpoint")


@pytest.mark.parametrize(
    ("file", "whole"),
    [
        ("/etc/glance/glance-api.conf", True),
        ("/etc/glance/our.conf", True),
        ("/etc/glance/glance-image-import.conf", False),
        ("/etc/glance/glance.conf.d/a.conf", False),
    ],
)
def test_what_stands_beside_the_main_file_is_not_the_whole(
    file: str, whole: bool, tmp_path: Path
) -> None:
    (service,) = deploy(tmp_path, {file: "[DEFAULT]\n"}, file).services

    assert service.whole is whole
    assert service.uncertain("DEFAULT", "public_endpoint") is not whole
