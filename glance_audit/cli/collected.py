"""The files of the reports that were collected from hosts."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence

from glance_audit.cli.status import Refused
from glance_audit.cli.text_file import Unread, read_text, reason

LARGEST = 64  # MiB: the report of some 75,000 virtual hosts


def report_files(paths: Sequence[str], written: Collection[str] = ()) -> list[str]:
    """Return the files that paths name, each once: of a directory, all *.json in it and below.

    Of a directory, not what is ``written`` by this run, as it was by the one before.

    Raises:
        Refused: a path that is missing, or a directory without reports.
    """
    if not paths:
        raise Refused(
            "name the reports of the hosts, or a directory of them; see `glance-audit merge --help`"
        )
    files: dict[str, str] = {}
    for path in paths:
        if not os.path.exists(path):
            raise Refused(f"{path}: does not exist; name a report or a directory of reports")
        found = [path]
        if os.path.isdir(path):
            targets = {os.path.realpath(one) for one in written}
            found = [one for one in _below(path) if os.path.realpath(one) not in targets]
        if not found:
            raise Refused(
                f"{path}: holds no *.json; `glance-audit --format json -o FILE PATH` writes one"
            )
        for file in found:
            files.setdefault(os.path.realpath(file), file)
    return list(files.values())


def _below(directory: str) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise Refused(f"{error.filename}: cannot be read: {reason(error)}") from None

    for where, directories, names in os.walk(directory, onerror=refuse):
        directories.sort()
        for name in sorted(names):
            file = os.path.join(where, name)
            if name.endswith(".json") and os.path.isfile(file):
                yield file


def file_text(path: str) -> str:
    """Return the text of a report's file.

    Raises:
        Refused: it cannot be read, is too large, or is no UTF-8.
    """
    try:
        return read_text(path, LARGEST)
    except Unread as error:
        raise Refused(f"{path}: {error}") from None
