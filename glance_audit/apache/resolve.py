"""Resolving a configuration as Apache's reading phase does (server/config.c, mod_macro, mod_so).

Everything after that phase, such as whether a directive exists at all, is not judged here. After
a fault the reading goes on with what is left, so that the rest can be audited; the fault is a
problem with its place.
"""

from __future__ import annotations

from collections.abc import Mapping

from glance_audit.apache.conditional import CONDITIONAL
from glance_audit.apache.config import ApacheConfig, Directives
from glance_audit.apache.executed import EXECUTED
from glance_audit.apache.macro_section import MACROS
from glance_audit.apache.modules import DEBIAN_STATIC, Modules
from glance_audit.apache.reader import Reader
from glance_audit.apache.variables import Variables
from glance_audit.files import FileSource


def resolve(
    source: FileSource,
    main_file: str,
    *,
    server_root: str,
    defines: Mapping[str, str | None] | None = None,
    environment: Mapping[str, str] | None = None,
    httpd_version: tuple[int, int, int] = (2, 4, 71),
    compiled_modules: tuple[str, ...] = DEBIAN_STATIC,
    assume_modules: bool = False,
) -> ApacheConfig:
    """Resolve a server's configuration from its main file.

    ``defines`` are the names given with ``-D`` and their values, None for none. ``environment`` is
    the server's own. ``assume_modules`` lets every ``<IfModule>`` hold: for a fragment that is
    read without the server around it.
    """
    reader = Reader(
        source,
        server_root,
        Variables(defines or {}, environment or {}),
        httpd_version,
        Modules(compiled_modules, assumed=assume_modules),
        EXECUTED | CONDITIONAL | MACROS,
    )
    reader.read(main_file, None, (), 0, None)
    return ApacheConfig(
        server_root,
        main_file,
        tuple(reader.directives),
        Directives(reader.every),
        tuple(dict.fromkeys(reader.problems)),
        tuple(reader.modules.loaded),
        reader.variables.all(),
        tuple(reader.definitions),
        frozenset(reader.variables.used),
        tuple(reader.files),
        compiled_modules,
        tuple(reader.undefined),
        tuple(reader.strays),
    )
