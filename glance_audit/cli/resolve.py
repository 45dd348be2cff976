"""``resolve``: a configuration as the server itself sees it."""

from __future__ import annotations

import os
import posixpath
from argparse import Namespace
from typing import Any, TextIO

from glance_audit.cli import status
from glance_audit.cli.output import deliver, look_of
from glance_audit.cli.status import Refused
from glance_audit.files import FileSource, Kind, Problem, ProblemKind, Unreadable
from glance_audit.record import NamedTuple


class Asked(NamedTuple):
    """What is resolved: a path of the audited system, a section, and the server's directory."""

    source: FileSource
    path: str
    section: str | None
    given: str
    cwd: str


class Resolved(NamedTuple):
    """The JSON-ready view, and what could not be read on the way to it."""

    view: dict[str, Any]
    problems: tuple[Problem, ...]


def run(options: Namespace) -> int:
    """Print what the server sees; status 3 when it, or we, could not read everything.

    Raises:
        Refused: the path is missing or holds no server configuration.
    """
    asked = _asked(options)
    environment = _environment(options.env)
    resolved = (
        _uwsgi(asked, environment, options)
        if _is_uwsgi(asked)
        else _apache(asked, environment, options)
    )
    view = _masked(resolved.view)
    look = look_of(options, to_file=options.output is not None)

    def produce(stream: TextIO) -> None:
        if options.format == "json":
            from glance_audit.report import json_report

            json_report.dump(view, stream)
        else:
            from glance_audit.report import resolved as drawn
            from glance_audit.report.text import write_lines

            write_lines(drawn.lines(view), stream, look)

    deliver(produce, options.output)
    unread = any(problem.kind is ProblemKind.UNREADABLE for problem in resolved.problems)
    return status.INCOMPLETE if unread or view["errors"] else status.CLEAN


def _asked(options: Namespace) -> Asked:
    here = os.getcwd()
    given: str = options.path
    if options.root is not None and not os.path.isdir(options.root):
        raise Refused(f"--root {options.root}: is not a directory")
    source = FileSource(os.path.join(here, options.root) if options.root is not None else "/")
    cwd = _inside(source.root, options.cwd, here) if options.cwd is not None else None
    path, section = _inside(source.root, given, here), None
    if source.kind(path) is Kind.MISSING and ":" in given:
        file, _, name = given.rpartition(":")
        if source.kind(_inside(source.root, file, here)) is Kind.FILE:
            path, section = _inside(source.root, file, here), name
    if source.kind(path) is Kind.MISSING:
        where = "" if source.root == "/" else f" below {options.root}"
        raise Refused(
            f"{given}: does not exist{where}; name a server's directory or configuration file"
        )
    if source.kind(path) is Kind.OTHER:
        raise Refused(f"{given}: is neither a file nor a directory")
    if source.kind(path) is Kind.FILE:
        try:
            source.read(path)
        except Unreadable as error:
            raise Refused(
                f"{given}: cannot be read: {error.reason}; resolve it as a user who may read it"
            ) from None
    return Asked(source, path, section, given, cwd or (here if source.root == "/" else "/"))


def _inside(root: str, path: str, here: str) -> str:
    """Return where a path lies in the audited system; absolute ones are the system's own."""
    if root == "/" or os.path.isabs(path):
        whole = os.path.normpath(os.path.join(here, path))
    else:
        whole = os.path.normpath(os.path.join(root, path))
        if whole != root and not whole.startswith(root + "/"):
            raise Refused(f"{path}: lies outside --root {root}")
    if root != "/" and (whole == root or whole.startswith(root + "/")):
        whole = whole[len(root) :] or "/"
    return whole


def _environment(given: list[str]) -> dict[str, str]:
    environment = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not name or not equals:
            raise Refused(f"--env {one}: write --env NAME=VALUE")
        environment[name] = value
    return environment


def _is_uwsgi(asked: Asked) -> bool:
    if asked.source.kind(asked.path) is not Kind.FILE:
        return False
    from glance_audit.uwsgi import UWSGI_ENDINGS, is_uwsgi_ini

    if asked.section is not None or asked.path.endswith(UWSGI_ENDINGS):
        return True
    # A [uwsgi] header never begins a line of Apache's; it could only stand in a comment there.
    return is_uwsgi_ini(asked.source.text(asked.path))


def _uwsgi(asked: Asked, environment: dict[str, str], options: Namespace) -> Resolved:
    from glance_audit.cli.machine import this_machine
    from glance_audit.uwsgi import HostFacts, resolve
    from glance_audit.uwsgi.dump import to_json

    # uWSGI's own way to be given a name and a value on the command line is --set-placeholder.
    arguments = tuple(("set-placeholder", define) for define in options.defines)
    name = asked.given if posixpath.isabs(asked.given) else None
    path = _as_named(asked, name)
    config = resolve(
        asked.source,
        path,
        section=asked.section,
        environment=environment,
        cwd=asked.cwd,
        arguments=arguments,
        facts=this_machine(asked.source) if asked.source.root == "/" else HostFacts(),
    )
    return Resolved(to_json(config), config.problems)


def _as_named(asked: Asked, absolute: str | None) -> str:
    """Return the file as uWSGI is given it: the pairs repeat the name that was used."""
    if absolute is not None:
        return asked.path
    name = asked.given.rpartition(":")[0] if asked.section is not None else asked.given
    if posixpath.normpath(posixpath.join(asked.cwd, name)) == asked.path:
        return name
    return asked.path


def _apache(asked: Asked, environment: dict[str, str], options: Namespace) -> Resolved:
    from glance_audit.apache import find_layout, resolve
    from glance_audit.apache.dump import to_json
    from glance_audit.environment import read_environment_file, read_envvars

    source = asked.source
    layout = find_layout(source, asked.path)
    if layout is None and source.kind(asked.path) is Kind.DIRECTORY:
        raise Refused(_no_server(asked), status.NOTHING)
    main_file = layout.main_file if layout is not None else asked.path
    root = layout.server_root if layout is not None else posixpath.dirname(asked.path)
    problems: tuple[Problem, ...] = ()
    base: dict[str, str] = {}
    files = layout.environment_files if layout is not None else ()
    if options.envvars is not None:
        files = (_inside(source.root, options.envvars, os.getcwd()),)
        if source.kind(files[0]) is not Kind.FILE:
            raise Refused(f"--envvars {options.envvars}: is not a file")
    for file in files:
        if source.kind(file) is Kind.FILE:
            read = (
                read_environment_file(source, file)
                if layout is not None and layout.family == "redhat" and options.envvars is None
                else read_envvars(source, file, {"APACHE_CONFDIR": root})
            )
            base.update(read.values())
            problems += read.problems
    config = resolve(
        source,
        main_file,
        server_root=root,
        defines=_defines(options.defines),
        environment={**base, **environment},
        httpd_version=_version(options.httpd_version),
    )
    return Resolved(to_json(config), (*problems, *config.problems))


def _no_server(asked: Asked) -> str:
    for place in ("/etc/apache2", "/etc/httpd"):
        if asked.source.kind(asked.path.rstrip("/") + place) is Kind.DIRECTORY:
            advice = f"try `--root {asked.given} {place}`"
            break
    else:
        advice = "name the configuration file itself"
    return f"{asked.given}: holds no apache2.conf, httpd.conf or conf/httpd.conf; {advice}"


def _defines(given: list[str]) -> dict[str, str | None]:
    defines: dict[str, str | None] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not name:
            raise Refused(f"-D {one}: write -D NAME or -D NAME=VALUE")
        defines[name] = value if equals else None
    return defines


def _version(text: str | None) -> tuple[int, int, int]:
    if text is None:
        return (2, 4, 71)
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise Refused(f"--httpd-version {text}: write three numbers, such as 2.4.62")
    return (int(parts[0]), int(parts[1]), int(parts[2]))


def _masked(view: dict[str, Any]) -> dict[str, Any]:
    """Mask the secrets of a view in place: no format shows them."""
    from glance_audit.report.secret import mask_setting

    for pair in view.get("pairs", ()):
        pair[1] = mask_setting(f"{pair[0]} = ", pair[1])
    pending = list(view.get("tree") or ())
    while pending:
        node = pending.pop()
        node["args"] = mask_setting(f"{node['directive']} ", node["args"])
        pending += node.get("children", ())
    return view
