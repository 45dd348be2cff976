"""Which files an audit reads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from glance_audit.deployment.collect import Inputs, ReadingOptions, collect
from glance_audit.files import FileSource, ProblemKind
from tests.deployment.trees import APACHE, read, write

INI = "[uwsgi]\nmodule = glance.wsgi.api:application\n"
CONF = "[DEFAULT]\nimage_size_cap = 1\n"
MAIN = {f"{APACHE}/apache2.conf": "ServerName x\n"}
UNIT = "/etc/systemd/system/"


def uwsgis(inputs: Inputs) -> list[str]:
    return [one.config.file for one in inputs.uwsgis]


def apaches(inputs: Inputs) -> list[str]:
    return [one.config.main_file for one in inputs.apaches]


def glance(inputs: Inputs) -> list[str]:
    return [file for one in inputs.glances for file in one.config.files]


def test_beside_an_apache_the_usual_places_are_searched(tmp_path: Path) -> None:
    files = {
        "/etc/glance/glance-uwsgi.ini": INI,
        "/etc/glance/glance-api-paste.ini": "[pipeline:x]\n",
        "/etc/glance/glance-api.conf": CONF,
        "/etc/uwsgi/apps-enabled/image.ini": INI,
        "/etc/uwsgi/vassals/b.ini": INI,
        "/etc/uwsgi-emperor/vassals/a.ini": INI,
        "/etc/uwsgi.d/c.ini": INI,
        "/etc/uwsgi/vassals/d.yaml": "# all\nuwsgi:\n  master: 1\n",
        "/etc/uwsgi/vassals/e.yml": "'uwsgi':\n  master: 1\n",
        "/etc/uwsgi/vassals/f.json": '{"uwsgi": {}}',
        "/etc/uwsgi/vassals/g.js": '{\n"uwsgi" : {"a": 1}}',
        "/etc/uwsgi/vassals/h.xml": "<x><uwsgi id='a'/></x>",
        "/etc/glance/policy.yaml": "default: ''\n# uwsgi: no\n",
        "/etc/glance/schema.json": '{"name": "uwsgi"}',
        "/etc/glance/no.xml": "<uwsgis/>",
        "/etc/uwsgi/apps-available/not.ini": INI,
        "/srv/not.ini": INI,
    }
    inputs = read(tmp_path, MAIN | files)

    assert apaches(inputs) == [f"{APACHE}/apache2.conf"]
    assert sorted(uwsgis(inputs)) == [
        "/etc/glance/glance-uwsgi.ini",
        "/etc/uwsgi-emperor/vassals/a.ini",
        "/etc/uwsgi.d/c.ini",
        "/etc/uwsgi/apps-enabled/image.ini",
        "/etc/uwsgi/vassals/b.ini",
        *(f"/etc/uwsgi/vassals/{name}" for name in ("d.yaml", "e.yml", "f.json", "g.js", "h.xml")),
    ]
    assert glance(inputs) == ["/etc/glance/glance-api.conf"]
    assert inputs.problems == ()
    assert not inputs.empty


def test_a_uwsgi_file_that_is_named_is_the_only_one(tmp_path: Path) -> None:
    files = {"/etc/glance/a.ini": INI, "/srv/b.ini": INI, "/etc/glance/glance-api.conf": CONF}
    inputs = read(tmp_path, MAIN | files, APACHE, "/srv/b.ini")

    assert uwsgis(inputs) == ["/srv/b.ini"]
    assert glance(inputs) == ["/etc/glance/glance-api.conf"]


def test_single_files_are_told_apart_by_what_is_in_them(tmp_path: Path) -> None:
    files = {
        "/x/1": "# a comment\n\nProxyPass / http://h/\n",
        "/x/2.ini": "; a comment\n[uwsgi]\nmaster = 1\n",
        "/x/3.conf": "# a comment\n[DEFAULT]\nx = 1\n",
        "/x/4.yaml": "uwsgi:\n  master: 1\n",
        "/x/glance-api-paste.ini": "[pipeline:x]\npipeline = y\n",
        "/x/5": "",
    }
    inputs = read(tmp_path, files, *files)

    assert apaches(inputs) == ["/x/1", "/x/5"]
    assert [one.family for one in inputs.apaches] == ["single", "single"]
    assert uwsgis(inputs) == ["/x/2.ini", "/x/4.yaml"]
    assert glance(inputs) == ["/x/3.conf"]


def test_a_directory_is_a_server_or_a_place_of_files(tmp_path: Path) -> None:
    files = {"/a/glance-api.conf": CONF, "/a/u.ini": INI, "/a/x.conf": "x\n"}
    inputs = read(tmp_path, files, "/a")

    assert (apaches(inputs), uwsgis(inputs), glance(inputs)) == (
        [],
        ["/a/u.ini"],
        ["/a/glance-api.conf"],
    )


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    inputs = read(tmp_path, {"/a/x.txt": "x"}, "/a")
    assert inputs.empty
    assert (inputs.apaches, inputs.uwsgis, inputs.glances, inputs.problems) == ((), (), (), ())


@pytest.mark.parametrize(
    "command",
    [
        "/usr/bin/uwsgi --ini /srv/image.ini",
        "/usr/bin/uwsgi --ini=/srv/image.ini",
        "/usr/bin/uwsgi_python3 --procname-prefix glance /srv/image.ini:glance",
        "-/opt/venv/bin/uwsgi --master --ini ${INI}",
        "/usr/bin/uwsgi --emperor /srv",
        "/usr/bin/uwsgi --emperor=/srv",
    ],
)
def test_a_unit_names_the_file_that_its_uwsgi_is_started_with(command: str, tmp_path: Path) -> None:
    files = {
        f"{UNIT}devstack@glance-uwsgi.service": (
            f"[Service]\nEnvironment=INI=/srv/image.ini\nExecStart={command}\n"
        ),
        f"{UNIT}other.service": "[Service]\nExecStart=/usr/bin/uwsgi --ini /srv/other/no.ini\n",
        "/srv/image.ini": INI,
        "/srv/other/no.ini": INI,
    }
    inputs = read(tmp_path, MAIN | files)

    assert uwsgis(inputs) == ["/srv/image.ini"]
    unit = inputs.uwsgis[0].unit
    assert unit is not None  # an emperor's unit starts its vassals too
    assert unit.name == "devstack@glance-uwsgi.service"


def test_a_unit_that_starts_a_named_file_comes_with_it(tmp_path: Path) -> None:
    files = {
        f"{UNIT}glance-api.service": (
            "[Service]\nWorkingDirectory=/srv/work\nEnvironment=UWSGI_SOCKET_TIMEOUT=30\n"
            "ExecStart=/usr/bin/uwsgi --ini /srv/image.ini\n"
        ),
        "/srv/image.ini": "[uwsgi]\ninclude = more.ini\n",
        "/srv/work/more.ini": "[uwsgi]\nharakiri = 5\n",
    }
    (one,) = read(tmp_path, files, "/srv/image.ini").uwsgis

    assert one.unit is not None
    assert one.config.integer("harakiri") is not None
    timeout = one.config.integer("socket-timeout")
    assert timeout is not None
    assert timeout[0] == 30


def test_without_a_unit_a_file_is_read_from_its_directory(tmp_path: Path) -> None:
    files = {"/srv/a.ini": "[uwsgi]\ninclude = b.ini\n", "/srv/b.ini": "[uwsgi]\nharakiri = 5\n"}
    (one,) = read(tmp_path, files, "/srv/a.ini").uwsgis

    assert one.config.integer("harakiri") is not None


def test_envvars_and_the_unit_give_apache_its_variables(tmp_path: Path) -> None:
    files = {
        f"{APACHE}/apache2.conf": (
            "ErrorLog ${APACHE_LOG_DIR}/error.log\nPidFile ${FROM_UNIT}/pid\nUser ${BOTH}\n"
        ),
        f"{APACHE}/envvars": (
            'SUFFIX="-x"\nexport APACHE_LOG_DIR=/var/log/apache2$SUFFIX\nexport BOTH=${BOTH}2\n'
        ),
        f"{UNIT}apache2.service": "[Service]\nEnvironment=FROM_UNIT=/run BOTH=unit\n",
    }
    (one,) = read(tmp_path, files).apaches

    assert [d.args for d in one.config.directives] == [
        "/var/log/apache2-x/error.log",
        "/run/pid",
        "unit2",
    ]
    assert (one.family, one.unit is not None) == ("debian", True)


def test_what_is_given_as_envvars_stands_for_the_servers_own(tmp_path: Path) -> None:
    files = {
        f"{APACHE}/apache2.conf": "User ${X}${Y}\n",
        f"{APACHE}/envvars": "export X=own\n",
        "/srv/envvars": "export Y=given\n",
    }
    source = write(tmp_path, files)
    (one,) = collect(source, [APACHE], ReadingOptions({}, "/srv/envvars")).apaches

    assert one.config.directives[0].args == "${X}given"


def test_defines_of_the_command_line_reach_apache(tmp_path: Path) -> None:
    source = write(tmp_path, {f"{APACHE}/apache2.conf": "<IfDefine A>\nUser ${B}\n</IfDefine>\n"})
    (one,) = collect(source, [APACHE], ReadingOptions({"A": None, "B": "x"})).apaches

    assert [d.args for d in one.config.directives] == ["x"]


def test_red_hats_layout_has_its_own_unit_and_file(tmp_path: Path) -> None:
    files = {
        "/etc/httpd/conf/httpd.conf": "User ${A}\n",
        "/etc/sysconfig/httpd": "A=apache\n",
        "/usr/lib/systemd/system/httpd.service": "[Service]\nPrivateTmp=true\n",
    }
    (one,) = read(tmp_path, files, "/etc/httpd").apaches

    assert (one.family, one.config.directives[0].args) == ("redhat", "apache")
    assert one.unit is not None
    assert one.unit.name == "httpd.service"


def test_what_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, MAIN)
    os.mkfifo(tmp_path / "fifo")
    inputs = collect(FileSource(str(tmp_path)), ["/fifo", APACHE], ReadingOptions({}))

    assert [(p.kind, p.message, p.place.file, p.fatal) for p in inputs.problems] == [
        (ProblemKind.UNREADABLE, "cannot be read: is not a regular file", "/fifo", False)
    ]
    assert len(inputs.apaches) == 1
