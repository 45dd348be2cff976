from __future__ import annotations

import pytest

from tests.rules.audited import AuditTree, codes, finding, judged, notes, where
from tests.rules.wsgi_glance import CONF, INI, standalone, two_glances, under_mod_wsgi
from tests.rules.wsgi_glance import under_uwsgi as system

ONLY = ("GA606",)
PLUGIN = ("[image_import_opts]", "image_import_plugins = [image_conversion]")
MESSAGE = (
    "python_interpreter is not set for the import plugin image_conversion: it starts "
    "the uwsgi of glance-api-uwsgi.ini instead of Python, and every import fails"
)


def test_without_a_section_for_it_the_plugin_is_the_place(audit_tree: AuditTree) -> None:
    report = audit_tree(system("[DEFAULT]", *PLUGIN), select=ONLY, glance_release="21")
    found = finding(report, "GA606")

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("error", "high")
    assert found.message == MESSAGE
    assert found.help == (
        "set python_interpreter = /usr/bin/python3, or what else Glance's own Python is, in [wsgi]"
    )
    assert notes(found) == {"glance-api-uwsgi.ini runs it": f"{INI}:1:1"}


def test_the_python_of_a_virtual_environment_is_the_one_to_name(audit_tree: AuditTree) -> None:
    files = system(*PLUGIN, options=("venv = /opt/stack/data/venv",))
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA606")

    assert found.help.startswith("set python_interpreter = /opt/stack/data/venv/bin/python3, or ")


def test_the_header_of_its_section_is_the_place(audit_tree: AuditTree) -> None:
    files = system(*PLUGIN, "[wsgi]", "task_pool_threads = 4")
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA606")

    assert where(found.location) == f"{CONF}:3:1"
    assert list(notes(found).items()) == [
        ("image_conversion is enabled here", f"{CONF}:2:1"),
        ("glance-api-uwsgi.ini runs it", f"{INI}:1:1"),
    ]


def test_an_empty_value_is_the_place(audit_tree: AuditTree) -> None:
    files = system(*PLUGIN, "[wsgi]", "python_interpreter =")
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA606")

    assert where(found.location) == f"{CONF}:4:1"
    assert found.message == MESSAGE


@pytest.mark.parametrize(
    "conf",
    [
        (*PLUGIN, "[wsgi]", "python_interpreter = /usr/bin/python3"),
        ("[image_import_opts]", "image_import_plugins = [inject_image_metadata]"),
        ("[image_import_opts]", "image_import_plugins = image_conversion"),  # refused
        ("[DEFAULT]", "image_import_plugins = [image_conversion]"),
        (*PLUGIN, "[DEFAULT]", "enabled_import_methods = []"),
        (*PLUGIN, "[DEFAULT]", "enabled_import_methods = web-download"),  # refused
        ("[DEFAULT]",),
    ],
)
def test_an_interpreter_or_no_conversion_is_fine(
    audit_tree: AuditTree, conf: tuple[str, ...]
) -> None:
    assert codes(audit_tree(system(*conf), select=ONLY, glance_release="33")) == []


@pytest.mark.parametrize(
    ("option", "fires"),
    [
        ("py-executable = /usr/bin/python3", False),
        ("py-sys-executable = /opt/glance/bin/python", False),
        ("binary-path = /usr/bin/python3", False),
        ("binary-path = /usr/bin/uwsgi", True),
        ("py-programname = /usr/bin/python3", True),
        ("home = /opt/glance-python3", True),
    ],
)
def test_uwsgi_can_name_the_interpreter(audit_tree: AuditTree, option: str, fires: bool) -> None:
    report = audit_tree(system(*PLUGIN, options=(option,)), select=ONLY, glance_release="33")
    assert codes(report) == ["GA606"] * fires


@pytest.mark.parametrize("files", [under_mod_wsgi(*PLUGIN), standalone(*PLUGIN)])
def test_other_servers_know_their_python(audit_tree: AuditTree, files: dict[str, str]) -> None:
    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []


def test_plugins_in_a_file_of_their_own_count(audit_tree: AuditTree) -> None:
    files = system("[DEFAULT]")
    files["/etc/glance/glance-image-import.conf"] = "\n".join((*PLUGIN, ""))
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA606")

    assert where(found.location) == "etc/glance/glance-image-import.conf:2:1"


@pytest.mark.parametrize(
    ("release", "confidence"), [("20", None), ("21", "high"), (None, "medium")]
)
def test_conversion_under_wsgi_came_with_victoria(
    audit_tree: AuditTree, release: str | None, confidence: str | None
) -> None:
    report = audit_tree(system(*PLUGIN), select=ONLY, glance_release=release)

    if confidence is None:
        assert codes(report) == []
        return
    found = finding(report, "GA606")
    assert judged(found) == ("error", confidence)
    words = " (on Glance 21 (Victoria) and later)" if release is None else ""
    assert found.message == MESSAGE + words


@pytest.mark.parametrize(
    "drop_in",
    [
        "[wsgi]\npython_interpreter = /usr/bin/python3\n",
        "[image_import_opts]\nimage_import_plugins = []\n",
    ],
)
def test_a_drop_in_that_some_releases_read_may_cure_it(audit_tree: AuditTree, drop_in: str) -> None:
    files = system(*PLUGIN)
    files["/etc/glance/glance-api.conf.d/x.conf"] = drop_in

    assert codes(audit_tree(files, select=ONLY)) == []
    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []
    assert codes(audit_tree(files, select=ONLY, glance_release="32")) == ["GA606"]


def test_each_glance_is_judged_by_its_own_configuration(audit_tree: AuditTree) -> None:
    files = two_glances("[DEFAULT]\n", "\n".join((*PLUGIN, "")))
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA606")

    assert where(found.location) == "srv/b/glance-api.conf:2:1"
    assert "it starts the uwsgi of b.ini" in found.message
