"""Opening configuration files: names, sections, what is spliced in and how deep it goes."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from glance_audit.files import FileSource, Inclusion, Kind, Place, Unreadable
from glance_audit.uwsgi.build import Build
from glance_audit.uwsgi.fault import Faults
from glance_audit.uwsgi.magic import MagicTable
from glance_audit.uwsgi.option import Option
from glance_audit.uwsgi.record import Section
from glance_audit.uwsgi.syntax import SCHEMES, Reader, format_by_name, reader_of, why_unaudited
from glance_audit.uwsgi.text import ConfigText, Piece

MAX_DEPTH = 40  # files inside each other
MAX_FILES = 1_000
MAX_INJECTED = 40
# core/ini.c keeps the last file's name, so that :section alone means another part of it.
_REUSING = ("ini", "paste")


class Loader:
    """Reads the files of one start and hands every option in them to ``add``."""

    def __init__(
        self,
        source: FileSource,
        cwd: str,
        magic: MagicTable,
        faults: Faults,
        add: Callable[[Option], None],
        build: Build | None = None,
    ) -> None:
        self.files: list[str] = []
        self.headers: dict[str, Place] = {}
        self._source = source
        self._cwd = cwd
        self._magic = magic
        self._faults = faults
        self._add = add
        self._build = build
        self._injected: dict[str, list[tuple[str, Place]]] = {}
        self._last_ini = ""
        self._open: list[tuple[str, str]] = []
        self._loads = 0

    def load_by_name(self, name: str, place: Place, *, pluggable: bool = False) -> None:
        """Load a file by the ending of its name: ``include``, ``inherit``, or no option at all.

        ``config`` takes pluggable formats alone, of which releases have Lua.
        """
        format_name = format_by_name(name)
        if format_name is None or (pluggable and format_name != "lua"):
            self._faults.missing(
                f"uWSGI cannot load {name}: it goes by the ending of the name",
                place,
                "only ini = takes a :section; write ini = FILE:SECTION" if ":" in name else "",
            )
        else:
            self.load(format_name, name, place, first_file=False)

    def load(self, format_name: str, name: str, place: Place, *, first_file: bool) -> str:
        """Load ``file``, ``file:section`` or ``:section``, the last one of the last file.

        Return the name as uWSGI leaves it in its list. It cuts the name at the colon; core/json.c
        and core/xmlconf.c never put the colon back, core/yaml.c without libyaml only when it has
        come to the end of the file.
        """
        left_early = self._load(format_name, name, place, first_file=first_file)
        cut = ":" in name and (left_early or format_name in ("json", "xml"))
        return name.rpartition(":")[0] if cut else name

    def _load(self, format_name: str, name: str, place: Place, *, first_file: bool) -> bool:
        """Load a file; return whether its reader left before the end."""
        if self._elsewhere(name, name, place):
            return False
        reader = reader_of(format_name, self._build)
        if reader is None:
            what = why_unaudited(format_name)
            self._faults.incomplete(
                f"{name} is {what}: it cannot be audited, and is not run", place
            )
            return False
        file, colon, section = name.rpartition(":")
        if not colon:
            file, section = name, ""
        reused = bool(colon) and not file and format_name in _REUSING
        if reused:
            file = self._last_ini
        path = posixpath.normpath(posixpath.join(self._cwd, file))
        where = place if place.line else Place(path)
        if format_name == "json" and self._build is Build.PYPI:
            self._faults.refuse("uWSGI as pip builds it reads no JSON: it ends here", where)
        elif format_name == "xml" and colon and not section:
            self._faults.refuse("uWSGI ends at an empty id behind the colon", where)
        elif not file or self._source.kind(path) is Kind.MISSING:
            advice = "" if file.startswith("/") else f"relative names start at {self._cwd}"
            self._faults.missing(f"{file or 'an empty name'} does not exist", where, advice)
        elif len(self._open) >= MAX_DEPTH or self._loads >= MAX_FILES:
            self._too_deep(path, section or "uwsgi", where)
        else:
            full = None if reused else self._full_path(file, path)
            self._magic.enter("" if reused else file, full, section, first_file=first_file)
            text = self._text(path, file, where)
            if text is not None:
                if format_name in _REUSING:
                    self._last_ini = file
                return self._read_options(reader, text, path, format_name, section)
        return False

    def inject(self, key: str, name: str, place: Place) -> None:
        """Keep a file that ``inject-before`` or ``inject-after`` adds to every later one."""
        names = self._injected.setdefault(key, [])
        if len(names) < MAX_INJECTED:
            names.append((name, place))
        else:
            self._faults.incomplete(f"more than {MAX_INJECTED} {key}: left out", place)

    def content(self, name: str, shown: str, place: Place) -> str | None:
        """Return the text of a file that is no configuration; None when there is a problem."""
        if self._elsewhere(name, shown, place):
            return None
        if not name:
            self._faults.missing("the name of the file is empty", place)
            return None
        path = posixpath.normpath(posixpath.join(self._cwd, name))
        if self._source.kind(path) is Kind.MISSING:
            self._faults.missing(f"{name} does not exist", place)
            return None
        return self._read(path, name, place)

    def _read_options(
        self, reader: Reader, text: ConfigText, path: str, format_name: str, section: str
    ) -> bool:
        """Hand the options of a section on, while the file counts as open."""
        asked = section or "uwsgi"
        found = reader(text, section if format_name == "xml" else asked)
        self._faults.problems += found.problems
        if found.header is not None and not self._open:
            self.headers.setdefault(path, found.header)
        if not found.records and not found.problems:
            self._no_option(found, path, asked, format_name)
        self._open.append((path, asked))
        try:
            for record in found.records:
                if record.unknown:
                    self._faults.question(
                        f"{', '.join(sorted(set(record.unknown)))}: what the machine puts here is "
                        "not known, it stays as it is written",
                        record.place,
                    )
                self._add(Option(*record[:5]))
        finally:
            self._open.pop()
        return found.left_early

    def _text(self, path: str, file: str, place: Place) -> ConfigText | None:
        text = self._read(path, file, place)
        if text is None:
            return None
        self._loads += 1
        chain = (*place.included_from, Inclusion(place.file, place.line)) if place.line else ()
        pieces = [*self._pieces("inject-before"), Piece(path, text, chain)]
        return ConfigText([*pieces, *self._pieces("inject-after")], self._magic.values)

    def _pieces(self, key: str) -> Iterator[Piece]:
        for name, place in self._injected.get(key, ()):
            text = self.content(name, name, place)
            if text is not None:
                path = posixpath.normpath(posixpath.join(self._cwd, name))
                yield Piece(path, text, (*place.included_from, Inclusion(place.file, place.line)))

    def _read(self, path: str, name: str, place: Place) -> str | None:
        try:
            text = self._source.text(path)
        except Unreadable as error:
            self._faults.incomplete(f"{name}: {error.reason}", place)
            return None
        if path not in self.files:
            self.files.append(path)
        return text

    def _elsewhere(self, name: str, shown: str, place: Place) -> bool:
        """Say and report whether a name is a command, an address or standard input."""
        if name != "-" and not name.startswith(SCHEMES):
            return False
        self._faults.incomplete(f"{shown} is no file: it is neither run nor fetched here", place)
        return True

    def _full_path(self, file: str, path: str) -> str:
        """Return what ``%p`` is: links are followed unless the file itself is one."""
        if self._source.is_link(path):
            return file if file.startswith("/") else f"{self._cwd.rstrip('/')}/{file}"
        return self._source.real(path)

    def _too_deep(self, path: str, asked: str, place: Place) -> None:
        if (path, asked) in self._open:
            self._faults.endless(f"{path} includes itself without end: uWSGI crashes", place)
        else:
            self._faults.incomplete(
                f"{path} is one file too many or lies too deep: left out", place
            )

    def _no_option(self, section: Section, path: str, asked: str, format_name: str) -> None:
        if format_name not in _REUSING:
            place = section.header or Place(path)
            self._faults.ignored(f"uWSGI finds no option below {asked} in this file", place)
            return
        place = section.header or section.near or Place(path)
        if section.near is None:
            message, advice = f"uWSGI finds no option in a section [{asked}] of this file", ""
        else:
            message = f"uWSGI does not take this line for the header of [{asked}]"
            advice = f"write exactly [{asked}], with nothing around it"
        if self._source.text(path).startswith("\ufeff"):
            message += ": a byte order mark stands in front of the first line"
            advice = "save the file without the mark"
        self._faults.ignored(message, place, advice)
