from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from tests.rules.audited import (
    APACHE_CONF,
    UWSGI_INI,
    AuditTree,
    Content,
    codes,
    finding,
    judged,
    notes,
    where,
)

INI = "etc/glance/glance-api-uwsgi.ini"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
UWSGI = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
PLUGINS: dict[str, Content] = {
    "/usr/lib/uwsgi/plugins/http_plugin.so": "",
    "/usr/lib/uwsgi/plugins/python3_plugin.so": "",
    "/usr/lib/uwsgi/plugins/python311_plugin.so": "",
}


def unit(binary: str) -> dict[str, Content]:
    start = f"[Service]\nExecStart={binary} --ini {UWSGI_INI}\n"
    return {"/etc/systemd/system/glance-api.service": start}


DEBIAN, PYPI = unit("/usr/bin/uwsgi"), unit("/opt/venv/bin/uwsgi")


def uwsgi(*lines: str) -> dict[str, Content]:
    return {APACHE_CONF: ROUTE, UWSGI_INI: UWSGI + "".join(f"{line}\n" for line in lines)}


@pytest.mark.parametrize(
    ("build", "severity", "confidence", "words"),
    [
        pytest.param(DEBIAN, "error", "high", "does not exist in Debian's uWSGI", id="debian"),
        pytest.param(PLUGINS, "error", "high", "is not among the plugins", id="directory"),
        pytest.param({}, "error", "medium", "the one from PyPI has it compiled in", id="unknown"),
        pytest.param(PYPI, "info", "high", "is compiled into uWSGI from PyPI", id="pypi"),
    ],
)
def test_the_bare_name_is_judged_by_the_build(
    audit_tree: AuditTree,
    build: dict[str, Content],
    severity: str,
    confidence: str,
    words: str,
) -> None:
    report = audit_tree({**uwsgi("plugins = http,python"), **build}, select=("GA503",))
    found = finding(report, "GA503")

    assert where(found.location) == f"{INI}:4:11"
    assert judged(found) == (severity, confidence)
    assert words in found.message
    assert ("answers every request with nothing" in found.message) is (severity == "error")


@pytest.mark.parametrize(
    ("lines", "effect"),
    [
        (("plugins = python", "need-app = true"), "ends at once, as it finds no application"),
        (("plugins = python", "need-app = false"), "stays up without Glance"),
        (("need-plugin = python",), "does not start (need-plugins)"),
    ],
)
def test_what_happens_then_depends_on_what_is_needed(
    audit_tree: AuditTree, lines: tuple[str, ...], effect: str
) -> None:
    found = finding(audit_tree({**uwsgi(*lines), **DEBIAN}, select=("GA503",)), "GA503")

    assert effect in found.message
    assert ("decides whether uWSGI goes on without Glance" in notes(found)) is (len(lines) > 1)


def test_a_needed_plugin_ends_the_uwsgi_from_pypi_too(audit_tree: AuditTree) -> None:
    report = audit_tree({**uwsgi("need-plugins = python3"), **PYPI}, select=("GA503",))

    assert judged(finding(report, "GA503")) == ("error", "high")


def test_a_version_that_the_plugins_directory_lacks_is_reported(audit_tree: AuditTree) -> None:
    report = audit_tree({**uwsgi("plugins = python39"), **PLUGINS}, select=("GA503",))
    found = finding(report, "GA503")

    assert judged(found) == ("error", "high")
    assert "the plugin python39 is not among the plugins" in found.message
    assert found.help == "write plugins = python3; installed: python3 and python311"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({**uwsgi("plugins = python3"), **DEBIAN}, id="a version"),
        pytest.param({**uwsgi("plugins = python39"), **DEBIAN}, id="another version"),
        pytest.param({**uwsgi("plugins = python2"), **DEBIAN}, id="Python 2 is GA501's"),
        pytest.param({**uwsgi("plugins = python3"), **PYPI}, id="a version, PyPI"),
        pytest.param({**uwsgi("plugins = python311"), **PLUGINS}, id="it is there"),
        pytest.param({**uwsgi("plugins = python3_plugin.so"), **PLUGINS}, id="by its file"),
        pytest.param(
            {
                **uwsgi("plugins = python"),
                **PLUGINS,
                "/usr/lib/uwsgi/plugins/python_plugin.so": "",
            },
            id="the bare name is there",
        ),
        pytest.param(
            {**uwsgi("plugins-dir = /opt/plugins", "plugins = python"), **PLUGINS}
            | {"/opt/plugins/python_plugin.so": ""},
            id="in a directory of its own",
        ),
        pytest.param({**uwsgi("plugins = python,python3"), **DEBIAN}, id="another one serves"),
        pytest.param({**uwsgi("plugins = http"), **DEBIAN}, id="none is asked for"),
        pytest.param(
            {
                APACHE_CONF: ROUTE,
                UWSGI_INI: "[uwsgi]\nhttp-socket = :5000\nmodule = keystone.wsgi\n"
                "plugins = python\n",
            },
            id="another service",
        ),
    ],
)
def test_names_that_load_and_other_services_are_fine(
    audit_tree: AuditTree, files: dict[str, Content]
) -> None:
    assert codes(audit_tree(files, select=("GA503",))) == []


def test_on_red_hat_nothing_is_said_of_the_bare_name(audit_tree: AuditTree) -> None:
    files = {**uwsgi("plugins = python"), "/etc/redhat-release": "CentOS Stream release 9\n"}

    assert codes(audit_tree(files, select=("GA503",))) == []


@pytest.mark.parametrize("name", ["0:python", "python|init"])
def test_a_modifier_and_an_init_function_are_no_part_of_the_name(
    audit_tree: AuditTree, name: str
) -> None:
    found = finding(audit_tree(uwsgi(f"plugins = {name}"), select=("GA503",)), "GA503")

    assert found.message.startswith("the plugin python does not exist")


def test_need_app_is_not_advised_where_it_is_set(audit_tree: AuditTree) -> None:
    files = uwsgi("plugins = python", "need-app = true")

    assert finding(audit_tree(files, select=("GA503",)), "GA503").help == "write plugins = python3"


def test_every_build_and_effect_word_for_word(audit_tree: AuditTree) -> None:
    said = {}
    for name, files in {
        "Debian": {**uwsgi("plugins = python"), **DEBIAN},
        "a plugins directory": {**uwsgi("plugins = python"), **PLUGINS},
        "unknown": uwsgi("plugins = python"),
        "PyPI": {**uwsgi("plugins = python"), **PYPI},
        "PyPI, needed": {**uwsgi("need-plugins = python"), **PYPI},
        "needed": {**uwsgi("need-plugins = python"), **DEBIAN},
        "need-app": {**uwsgi("plugins = python", "need-app = true"), **DEBIAN},
    }.items():
        found = finding(audit_tree(files, select=("GA503",)), "GA503")
        said[name] = (found.message, found.help)

    assert said == snapshot(
        {
            "Debian": (
                (
                    "the plugin python does not exist in Debian's uWSGI: uWSGI stays up without "
                    "Glance and answers every request with nothing"
                ),
                "write plugins = python3, and need-app = true so that a failure is noticed",
            ),
            "a plugins directory": (
                (
                    "the plugin python is not among the plugins of this system: uWSGI stays up "
                    "without Glance and answers every request with nothing"
                ),
                "write plugins = python3; installed: python3 and python311",
            ),
            "unknown": (
                (
                    "the plugin python does not exist in the uWSGI of Debian and Ubuntu (the one "
                    "from PyPI has it compiled in): uWSGI stays up without Glance and answers "
                    "every request with nothing"
                ),
                "write plugins = python3, and need-app = true so that a failure is noticed",
            ),
            "PyPI": (
                (
                    "the plugin python is compiled into uWSGI from PyPI: asking for it only "
                    "makes a line in the log"
                ),
                "remove it from plugins",
            ),
            "PyPI, needed": (
                (
                    "the plugin python has no file in uWSGI from PyPI: uWSGI does not start "
                    "(need-plugins)"
                ),
                "remove it from plugins",
            ),
            "needed": (
                (
                    "the plugin python does not exist in Debian's uWSGI: uWSGI does not start "
                    "(need-plugins)"
                ),
                "write plugins = python3, and need-app = true so that a failure is noticed",
            ),
            "need-app": (
                (
                    "the plugin python does not exist in Debian's uWSGI: uWSGI ends at once, as "
                    "it finds no application (need-app)"
                ),
                "write plugins = python3",
            ),
        }
    )
