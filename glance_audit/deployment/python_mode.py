"""Which Python runs Glance, told from names and files, never by running it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glance_audit.apache import ApacheConfig, Directive
from glance_audit.deployment.versions import Version, parse_version
from glance_audit.files import FileSource, Kind, Place, Unreadable
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import UwsgiConfig

_FORM = re.compile(r"\A\d+:|\|.*\Z")
_PLUGIN = re.compile(r"python(\d)(\d{0,3})\Z")
_IN_PATH = re.compile(r"(?:^|[/\-_.])(?:lib)?py(?:thon)?-?(\d)(?:\.?(\d{1,3}))?(?=$|[/\-_.:]|so)")
_CPYTHON = re.compile(r"cpython-(\d)(\d{1,3})")
_DEBIAN_MODULE = re.compile(r"mod_wsgi\.so-(\d)\.(\d{1,3})\b")
_HOME_OPTIONS = ("pyhome", "home", "virtualenv", "venv")
_PATH_OPTIONS = ("pythonpath", "python-path", "pp")
_PLUGIN_OPTIONS = ("plugins", "plugin", "need-plugin", "need-plugins")
_SCRIPT_OPTIONS = ("wsgi-file", "file")
_SHEBANG = re.compile(r"#!.*?\bpython(\d)?(?:\.(\d{1,3}))?\b")


class PythonEvidence(NamedTuple):
    """A version of Python and the words that tell it; ``version`` has one to three parts.

    ``decides``: it chooses the interpreter (a plugin, a module, a virtual environment). A search
    path or a script's first line only hints: neither uWSGI nor mod_wsgi asks them.
    """

    version: Version
    place: Place
    because: str
    decides: bool = True


class Plugin(NamedTuple):
    """One plugin a uWSGI configuration asks for, with the option that does."""

    name: str
    place: Place
    needed: bool


def plugins_of(config: UwsgiConfig) -> tuple[Plugin, ...]:
    """Return the plugins of ``plugins = http,python3`` and its aliases.

    ``0:python|init`` is the plugin python with another modifier and another init function
    (core/plugins.c ``uwsgi_load_plugin``, ``uwsgi_opt_load_plugin``).
    """
    return tuple(
        Plugin(_FORM.sub("", name.strip()), option.value_place, option.key.startswith("need-"))
        for option in config.all(*_PLUGIN_OPTIONS)
        for name in option.value.split(",")
        if name.strip()
    )


def home_of(config: UwsgiConfig) -> str:
    """Return what holds the ``bin`` of a uWSGI's Python: a virtual environment, or ``/usr``."""
    home = config.last(*_HOME_OPTIONS)
    path = home.value.rstrip("/") if home is not None else ""
    return path if path.startswith("/") else "/usr"


def uwsgi_python(config: UwsgiConfig, source: FileSource) -> tuple[PythonEvidence, ...]:
    """Return what a uWSGI configuration tells of its Python: plugin, virtualenv, paths, script."""
    return tuple(_uwsgi(config, source))


def _uwsgi(config: UwsgiConfig, source: FileSource) -> Iterator[PythonEvidence]:
    for plugin in plugins_of(config):
        match = _PLUGIN.match(plugin.name)
        if match:
            yield PythonEvidence(
                _digits(match[1], match[2]), plugin.place, f"the plugin {plugin.name}"
            )
    for option in config.all(*_HOME_OPTIONS):
        yield from _home(option.value, option.value_place, source)
    for option in config.all(*_PATH_OPTIONS):
        yield from _path(option.value, option.value_place, decides=False)
    for option in config.all(*_SCRIPT_OPTIONS):
        yield from _shebang(option.value, option.value_place, source)


def wsgi_python(
    config: ApacheConfig, daemon: Directive | None, source: FileSource
) -> tuple[PythonEvidence, ...]:
    """Return what an Apache tells of mod_wsgi's Python: the module, its home and its paths."""
    return tuple(_wsgi(config, daemon, source))


def _wsgi(
    config: ApacheConfig, daemon: Directive | None, source: FileSource
) -> Iterator[PythonEvidence]:
    for module in config.modules:
        if module.identifier == "wsgi_module":
            yield from _path(module.path, module.place)
    if daemon is not None:
        for word in daemon.words[1:]:
            name, _, value = word.text.partition("=")
            if name == "python-home":
                yield from _home(value, word.place, source)
            elif name == "python-path":
                yield from _path(value, word.place, decides=False)
    for directive in config.directives:
        if directive.key == "wsgipythonhome" and directive.words:
            yield from _home(directive.words[0].text, directive.place, source)
        elif directive.key == "wsgipythonpath" and directive.words:
            yield from _path(directive.words[0].text, directive.place, decides=False)


def _home(home: str, place: Place, source: FileSource) -> Iterator[PythonEvidence]:
    if not home.startswith("/"):
        return
    try:
        settings = source.text(f"{home}/pyvenv.cfg")
    except Unreadable:
        settings = ""
    for line in settings.split("\n"):
        name, _, value = line.partition("=")
        version = parse_version(value.strip())
        if name.strip() in ("version", "version_info") and version:
            yield PythonEvidence(version[:2], place, f"{home}/pyvenv.cfg says {value.strip()}")
            return
    if source.kind(f"{home}/lib") is Kind.DIRECTORY:
        try:
            names = source.names(f"{home}/lib")
        except Unreadable:
            names = []
        for name in names:
            match = re.match(r"python(\d)\.(\d{1,3})\Z", name)
            if match:
                yield PythonEvidence(_digits(match[1], match[2]), place, f"{home}/lib/{name}")
                return
    yield from _path(home, place)


def _path(path: str, place: Place, *, decides: bool = True) -> Iterator[PythonEvidence]:
    for pattern in (_CPYTHON, _DEBIAN_MODULE, _IN_PATH):
        match = pattern.search(path)
        if match:
            yield PythonEvidence(_digits(match[1], match[2]), place, f"the path {path}", decides)
            return


def _shebang(script: str, place: Place, source: FileSource) -> Iterator[PythonEvidence]:
    if not script.startswith("/"):
        return
    try:
        first = source.text(script).split("\n", 1)[0]
    except Unreadable:
        return
    match = _SHEBANG.match(first)
    if match and match[1]:
        version = _digits(match[1], match[2])
        yield PythonEvidence(version, place, f"{script} starts with {first.strip()}", False)


def _digits(major: str, minor: str | None) -> Version:
    return (int(major), int(minor)) if minor else (int(major),)
