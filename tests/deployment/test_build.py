"""Putting the parts together: hosts, routes, settings in use, spools."""

from __future__ import annotations

from pathlib import Path

from glance_audit.deployment.model import by_directive, position
from glance_audit.files import ProblemKind
from tests.deployment.trees import APACHE, GIB, deploy

MAIN = f"{APACHE}/apache2.conf"
SHARED = """\
<VirtualHost *:80>
    ServerName one.example
    Include shared.conf
</VirtualHost>
<VirtualHost *:81>
    Include shared.conf
    ProxyPass "/other" "http://127.0.0.1:1"
</VirtualHost>
"""
FRAGMENT = 'SetEnv proxy-sendcl 1\nProxyPass "/image" "http://127.0.0.1:60999"\n'


def test_a_host_has_its_name_its_place_and_its_routes(tmp_path: Path) -> None:
    (server,) = deploy(tmp_path, {MAIN: SHARED, f"{APACHE}/shared.conf": FRAGMENT}).servers

    assert [(h.name, h.place.line, [r.path for r in h.routes]) for h in server.hosts] == [
        ("<VirtualHost *:80> (one.example)", 1, ["/image"]),
        ("<VirtualHost *:81>", 5, ["/image", "/other"]),
    ]
    assert server.routes[0].title == "/image on <VirtualHost *:80> (one.example)"
    assert (server.name, server.family) == ("apache2.conf", "debian")


def test_the_main_server_is_a_host_when_it_has_routes(tmp_path: Path) -> None:
    text = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
    (server,) = deploy(tmp_path, {MAIN: text}).servers

    assert [(h.name, h.place.file, h.place.line) for h in server.hosts] == [
        ("the main server", MAIN, 0)
    ]
    assert deploy(tmp_path / "none", {MAIN: "Timeout 5\n"}).servers[0].hosts == ()


def test_a_fragment_in_two_hosts_is_one_setting_and_one_cause(tmp_path: Path) -> None:
    deployment = deploy(tmp_path, {MAIN: SHARED, f"{APACHE}/shared.conf": FRAGMENT})
    ((server, use),) = deployment.environment("proxy-sendcl")

    assert len(use.settings) == 2
    assert use.certain
    assert [r.path for r in use.scoped] == ["/image", "/image", "/other"]
    assert [r.path for r in use.glance_buffered] == ["/image", "/image"]
    assert [r.path for r in use.others] == ["/other"]
    assert [r.path for r in use.other_buffered] == ["/other"]
    assert [len(group) for group in by_directive(server.routes)] == [2, 1]
    assert position(use.setting.directive)[:2] == (f"{APACHE}/shared.conf", 1)


def test_each_use_of_a_macro_is_a_cause_of_its_own(tmp_path: Path) -> None:
    text = (
        "LoadModule macro_module m.so\n"
        "<Macro Image $port>\n<VirtualHost *:$port>\nSetEnv proxy-sendcl 1\n"
        'ProxyPass "/image" "http://127.0.0.1:60999"\n</VirtualHost>\n</Macro>\n'
        "Use Image 80\nUse Image 81\n"
    )
    (server,) = deploy(tmp_path, {MAIN: text}).servers

    assert [use.setting.directive.place.line for use in server.environment] == [8, 9]
    assert [len(use.reached) for use in server.environment] == [1, 1]


def test_envvars_win_over_the_unit_and_only_exported_ones_count(tmp_path: Path) -> None:
    files = {
        MAIN: "",
        f"{APACHE}/envvars": "TMPDIR=/not/exported\nexport TMP=/from/envvars\nexport TEMP=\n",
        "/etc/systemd/system/apache2.service": (
            "[Service]\nEnvironment=TMP=/from/unit TEMP=/temp\nPrivateTmp=yes\n"
        ),
    }
    spool = deploy(tmp_path, files).servers[0].spool

    assert (spool.directory, spool.by, spool.private) == ("/from/envvars", "TMP", None)
    assert spool.wish is not None
    assert (spool.wish.place.file, spool.wish.place.line) == (f"{APACHE}/envvars", 2)


def test_private_tmp_is_known_with_its_line(tmp_path: Path) -> None:
    files = {MAIN: "", "/etc/systemd/system/apache2.service": "[Service]\nPrivateTmp=yes\n"}
    spool = deploy(tmp_path, files).servers[0].spool

    assert (spool.directory, spool.private and spool.private.line) == ("/tmp", 2)


def test_uwsgi_spools_where_its_own_environment_says(tmp_path: Path) -> None:
    ini = (
        "[uwsgi]\nmodule = glance.wsgi.api\npost-buffering = 8192\n"
        "env = TMPDIR=/from/ini\nenv = TMP=/no\n"
    )
    files = {
        "/etc/glance/g.ini": ini,
        "/etc/systemd/system/glance-api.service": (
            "[Service]\nEnvironment=TMPDIR=/from/unit\n"
            "ExecStart=/usr/bin/uwsgi --ini /etc/glance/g.ini\n"
        ),
    }
    deployment = deploy(tmp_path, files, "/etc/glance")
    ((instance, spool),) = deployment.uwsgi_spools

    assert (instance.name, spool.directory, spool.by) == ("g.ini", "/from/ini", "TMPDIR")
    assert deployment.glance_instances == (instance,)


def test_the_largest_image_is_the_cap_or_what_is_expected(tmp_path: Path) -> None:
    files = {"/etc/glance/glance-api.conf": "[DEFAULT]\nimage_size_cap = 1073741824\n"}
    capped = deploy(tmp_path / "capped", files, "/etc/glance")
    assert capped.largest_image[0] == GIB
    assert capped.spool_needed == 2 * GIB

    assert deploy(tmp_path / "free", {MAIN: ""}).largest_image == (10 * GIB, None)


def test_every_problem_is_told_once(tmp_path: Path) -> None:
    files = {MAIN: "Include missing.conf\n", "/etc/glance/g.ini": "[uwsgi]\nini = missing.ini\n"}
    deployment = deploy(tmp_path, files)

    assert [p.kind for p in deployment.problems].count(ProblemKind.INCLUDE_MISSING) >= 1
    assert len(set(deployment.problems)) == len(deployment.problems)
    assert {p.place.file for p in deployment.problems} == {MAIN, "/etc/glance/g.ini"}
