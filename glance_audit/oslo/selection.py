"""Which files Glance reads when a WSGI server loads it."""

from __future__ import annotations

from glance_audit.files import FileSource, Kind, Unreadable

# glance/common/wsgi_app.py, CONFIG_FILES: the optional file first, so that glance-api.conf wins.
_MAIN = ("glance-image-import.conf", "glance-api.conf")


def find_glance_files(
    source: FileSource,
    directory: str = "/etc/glance",
    program: str = "",
    search: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Return the configuration files of Glance under WSGI, least important first.

    ``directory`` is OS_GLANCE_CONFIG_DIR. Drop-ins are looked for as
    ``oslo_config.cfg.find_config_dirs`` does, in the first of ``search`` that has the directory
    (default: ``directory`` and its parent, which is oslo.config's ``/etc/glance`` then ``/etc``):
    ``glance.conf.d``, then ``<program>.conf.d``. ``program`` is what oslo.config takes for the
    program's name: ``glance-api`` from release 33; before it is the server's own name, and
    ``glance-api.conf.d`` is not read. Home directories are not searched.
    Files that do not exist are left out.
    """
    directory = directory.strip().rstrip("/") or "/"
    places = search or (directory, _parent(directory))
    found = [path for path in (_join(directory, name) for name in _MAIN) if _exists(source, path)]
    for project in ("glance", program):
        if not project:
            continue
        folders = (_join(place, f"{project}.conf.d") for place in places)
        folder = next((path for path in folders if _exists(source, path)), None)
        if folder is not None:
            found.extend(_drop_ins(source, folder))
    return tuple(found)


def _drop_ins(source: FileSource, folder: str) -> list[str]:
    """Return what ``sorted(glob.glob(folder + "/*.conf"))`` gives: no hidden files."""
    try:
        names = source.names(folder)
    except Unreadable:
        return []
    return [
        _join(folder, name)
        for name in sorted(names)
        if name.endswith(".conf") and not name.startswith(".")
    ]


def _exists(source: FileSource, path: str) -> bool:
    return source.kind(path) is not Kind.MISSING


def _join(directory: str, name: str) -> str:
    return f"{directory.rstrip('/')}/{name}"


def _parent(directory: str) -> str:
    return directory.rpartition("/")[0] or "/"
