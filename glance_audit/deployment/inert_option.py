"""Options of uWSGI that do nothing, for want of the router or of the plugin that they are for."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.python_mode import plugins_of
from glance_audit.deployment.unknown_option import option_table
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import Option

_ROUTER = "http"
# A binary called uwsgi_python3 loads the plugin by itself, so that its absence tells nothing.
_UNJUDGED = frozenset({"core", "python"})


class InertOption(NamedTuple):
    """An option that does nothing; ``plugin`` is what it lacks, None for the http router."""

    option: Option
    plugin: str | None


def inert_options(instance: UwsgiInstance) -> Iterator[InertOption]:
    """Yield the options of the files that do nothing.

    Debian's uWSGI has all plugins in files of their own; which ones others have compiled in is not
    known.
    """
    table = option_table()
    routed = any(listener.router for listener in instance.listeners)
    modular = instance.build == "debian"
    loaded = {plugin.name.removesuffix("_plugin.so") for plugin in plugins_of(instance.config)}
    for option in instance.config.pairs:
        fact = table.get(option.key) if option.origin == "file" else None
        if fact is None or not fact.released or fact.plugin in _UNJUDGED:
            continue
        if fact.plugin == _ROUTER and not routed:
            yield InertOption(option, None)
        elif modular and fact.plugin not in loaded:
            yield InertOption(option, fact.plugin)
