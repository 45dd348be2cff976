"""The vassals of emperors, with the templates they are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.collect import Inputs
from tests.deployment.trees import APACHE, read

MAIN = {f"{APACHE}/apache2.conf": "ServerName x\n"}
UNIT = "/etc/systemd/system/uwsgi.service"
VASSAL = "[uwsgi]\nmodule = glance.wsgi.api:application\nsocket-timeout = 30\nlisten = %(b)\n"
TEMPLATE = {
    "/etc/uwsgi/t/a.ini": "[uwsgi]\nsocket-timeout = 5\nb = %n\n",
    "/etc/uwsgi/t/e.ini": "[uwsgi]\n",
}


def emperor(root: Path, options: str, more: dict[str, str] | None = None) -> Inputs:
    unit = f"[Service]\nEnvironment=TMPDIR=/big\nExecStart=/usr/bin/uwsgi {options}\n"
    return read(root, MAIN | TEMPLATE | {"/srv/v/image.ini": VASSAL, UNIT: unit} | (more or {}))


def seconds(inputs: Inputs, file: str = "/srv/v/image.ini") -> list[int]:
    found = [
        one.config.integer("socket-timeout") for one in inputs.uwsgis if one.config.file == file
    ]
    return [timeout[0] for timeout in found if timeout is not None]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("--emperor /srv/v", 30),
        ("--emperor=/srv/v --vassals-inherit /etc/uwsgi/t/a.ini", 5),
        ("--emperor dir:///srv/v --vassals-inherit-before /etc/uwsgi/t/a.ini", 5),
        ("--emperor /srv/v/*.ini --vassals-include /etc/uwsgi/t/a.ini", 5),
        ("--emperor glob:///srv/*/image.* --vassals-include-before /etc/uwsgi/t/a.ini", 30),
        ("--emperor /srv/v --vassal-set socket-timeout=7", 30),
        ("--emperor /srv/v --vassals-set harakiri=7 --vassals-include /etc/uwsgi/t/a.ini", 5),
    ],
)
def test_templates_act_where_the_emperor_puts_them(
    tmp_path: Path, options: str, expected: int
) -> None:
    inputs = emperor(tmp_path, options)

    assert [one.config.file for one in inputs.uwsgis] == ["/srv/v/image.ini"]
    assert seconds(inputs) == [expected]
    unit = inputs.uwsgis[0].unit
    assert unit is not None
    assert unit.name == "uwsgi.service"


def test_an_emperor_in_a_file_has_vassals_too(tmp_path: Path) -> None:
    text = "[uwsgi]\nemperor = /srv/v\nvassals-inherit = /etc/uwsgi/t/a.ini\n"
    inputs = emperor(tmp_path, "--ini /etc/uwsgi/emperor.ini", {"/etc/uwsgi/emperor.ini": text})

    files = [one.config.file for one in inputs.uwsgis]
    assert files == ["/etc/uwsgi/emperor.ini", "/srv/v/image.ini"]
    assert seconds(inputs) == [5]
    template = inputs.uwsgis[1].config.last("inherit")
    assert template is not None
    assert (template.place.file, template.place.line) == ("/etc/uwsgi/emperor.ini", 3)


def test_debians_emperor_needs_no_unit(tmp_path: Path) -> None:
    files = {
        "/etc/uwsgi-emperor/emperor.ini": (
            "[uwsgi]\nemperor = /etc/uwsgi-emperor/vassals\nvassals-inherit = /etc/uwsgi/t/a.ini\n"
        ),
        "/etc/uwsgi-emperor/vassals/image.ini": VASSAL,
    }
    inputs = read(tmp_path, MAIN | TEMPLATE | files)

    assert seconds(inputs, "/etc/uwsgi-emperor/vassals/image.ini") == [5]
    assert inputs.problems == ()


def test_a_vassal_lives_in_its_directory_with_the_emperors_variables(tmp_path: Path) -> None:
    files = {
        "/srv/v/image.ini": "[uwsgi]\ninclude = near.txt.ini\nk = $(TMPDIR) $(X)\n",
        "/srv/v/near.txt.ini": "[uwsgi]\nharakiri = 3\n",
    }
    inputs = emperor(tmp_path, "--emperor /srv/v --env X=y", files)
    [image] = [one.config for one in inputs.uwsgis if one.config.file == "/srv/v/image.ini"]

    assert image.integer("harakiri") is not None
    assert [option.value for option in image.all("k")] == ["/big y"]


def test_every_file_with_an_ending_is_a_vassal_also_an_empty_one(tmp_path: Path) -> None:
    files = {
        "/srv/v/b.yaml": "uwsgi:\n  module: x\n",
        "/srv/v/c.json": '{"uwsgi": {"module": "x"}}',
        "/srv/v/d.xml": "<uwsgi><module>x</module></uwsgi>",
        "/srv/v/e.js": "",
        "/srv/v/f.ini": "",
        "/srv/v/g.txt": "[uwsgi]\n",
        "/srv/v/sub.ini/h": "",
    }
    inputs = emperor(tmp_path, "--emperor /srv/v --vassals-inherit /etc/uwsgi/t/a.ini", files)

    found = [one.config.file for one in inputs.uwsgis]
    assert found == [
        f"/srv/v/{name}" for name in ("b.yaml", "c.json", "d.xml", "e.js", "f.ini")
    ] + ["/srv/v/image.ini"]
    assert seconds(inputs, "/srv/v/f.ini") == [5]


def test_an_emperor_among_its_own_vassals_comes_to_an_end(tmp_path: Path) -> None:
    text = "[uwsgi]\nemperor = /srv/v\nvassals-set = x=%(x)1\n"
    inputs = emperor(tmp_path, "--emperor /srv/v", {"/srv/v/self.ini": text})

    assert "/srv/v/image.ini" in [one.config.file for one in inputs.uwsgis]


def test_emperors_under_emperors_are_followed_so_far_and_the_rest_is_said(tmp_path: Path) -> None:
    chain = {f"/srv/v{n}/e.ini": f"[uwsgi]\nemperor = /srv/v{n + 1}\n" for n in range(9)}
    inputs = emperor(tmp_path, "--emperor /srv/v0", chain)
    said = [problem.message for one in inputs.uwsgis for problem in one.config.problems]

    assert said == ["its vassals (1) are left out: emperors under emperors, or too many of them"]


@pytest.mark.parametrize("value", ["zmq://tcp://h:1", "/nowhere", "/etc/uwsgi/t/none.*"])
def test_an_emperor_that_finds_no_file_has_no_vassals(tmp_path: Path, value: str) -> None:
    assert emperor(tmp_path, f"--emperor {value}").uwsgis == ()
