"""GA503 python-plugin-name."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.python_mode import Plugin, plugins_of
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

BARE = "python"


@rule(
    "GA503",
    "python-plugin-name",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="all; info for uWSGI from PyPI",
    caused_by=("GA501",),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI is asked for a Python plugin that is not there.

    ## What it does

    Looks for `plugins = python` in a uWSGI that runs Glance, and for any python plugin whose file
    the plugins directory of the audited system lacks. A name with a version is otherwise judged by
    that version (GA501, GA502).

    ## Why it matters

    Debian and Ubuntu name the plugin after its Python: python3, python311. A missing plugin is only
    a line in the log: uWSGI stays up without any application and closes every connection without an
    answer; Apache makes status 502 of it. Upstream's sample has `plugins = python` in every
    release.

    ## Bad

    ```ini
    [uwsgi]
    plugins = python
    ```

    ## Good

    ```ini
    [uwsgi]
    plugins = python3
    need-app = true
    ```

    `need-app` makes uWSGI end when Glance cannot be loaded, so that systemd notices.

    ## Measured

    uWSGI 2.0.21-debian, `plugins = python`: "UNABLE to load uWSGI plugin", "no app loaded. going in
    full dynamic mode", every request is answered with nothing; with Glance 33.0.0 behind Apache:
    502. `need-plugins` and `need-app` end it with status 1 and 22; Apache answers 503 then, or 502
    while it is ending. uWSGI 2.0.31 from PyPI, which has Python compiled in: the same line in the
    log, and Glance is served; `need-plugins` ends it there as well.

    ## References

    - uWSGI `core/plugins.c`, `uwsgi_load_plugin`.
    - Glance `httpd/glance-api-uwsgi.ini`, 15.0.0 to 33.0.0.
    """
    for instance in glance_uwsgis(deployment):
        plugins = [p for p in plugins_of(instance.config) if p.name.startswith(BARE)]
        verdicts = [_judge(plugin, instance) for plugin in plugins]
        for plugin, verdict in zip(plugins, verdicts, strict=True):
            # One that loads serves Glance: another that is missing is only a line in the log.
            if verdict is None or (None in verdicts and not plugin.needed):
                continue
            severity, confidence, reason = verdict
            need = instance.config.last("need-app")
            yield Finding(
                place=plugin.place,
                message=(
                    f"the plugin {plugin.name} {reason}"
                    if severity is Severity.INFO
                    else f"the plugin {plugin.name} {reason}: {_effect(plugin, instance)}"
                ),
                help=_help(instance),
                severity=severity,
                confidence=confidence,
                context=("uwsgi",),
                related=()
                if need is None or severity is Severity.INFO
                else (Related("decides whether uWSGI goes on without Glance", need.place),),
            )


def _judge(plugin: Plugin, instance: UwsgiInstance) -> tuple[Severity, Confidence, str] | None:
    name = plugin.name.removesuffix("_plugin.so")
    there = instance.plugin_files
    if instance.build == "pypi":
        if plugin.needed:
            return Severity.ERROR, Confidence.HIGH, "has no file in uWSGI from PyPI"
        if name != BARE:
            return None
        return (
            Severity.INFO,
            Confidence.HIGH,
            "is compiled into uWSGI from PyPI: asking for it only makes a line in the log",
        )
    if there is not None:
        if name in there:
            return None
        return Severity.ERROR, Confidence.HIGH, "is not among the plugins of this system"
    if name != BARE or instance.redhat:
        return None
    if instance.build == "debian":
        return Severity.ERROR, Confidence.HIGH, "does not exist in Debian's uWSGI"
    return (
        Severity.ERROR,
        Confidence.MEDIUM,
        "does not exist in the uWSGI of Debian and Ubuntu (the one from PyPI has it compiled in)",
    )


def _effect(plugin: Plugin, instance: UwsgiInstance) -> str:
    if plugin.needed:
        return "uWSGI does not start (need-plugins)"
    if instance.config.enabled("need-app"):
        return "uWSGI ends at once, as it finds no application (need-app)"
    return "uWSGI stays up without Glance and answers every request with nothing"


def _help(instance: UwsgiInstance) -> str:
    there = sorted(n for n in instance.plugin_files or () if n.startswith(BARE))
    if instance.build == "pypi":
        return "remove it from plugins"
    if there:
        return f"write plugins = {there[0]}; installed: {listing(there)}"
    if instance.config.enabled("need-app"):
        return "write plugins = python3"
    return "write plugins = python3, and need-app = true so that a failure is noticed"
