"""The files that a person names beside what is audited: settings, a baseline, reports."""

from __future__ import annotations

import os
import stat

_MIB = 1024 * 1024


class Unread(Exception):
    """A file that could not be read; the message is the reason, ``line`` where it lies, else 0."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def read_text(path: str, largest: int, *, pipes: bool = True) -> str:
    """Return the text of a file of at most ``largest`` MiB; it is UTF-8, with or without a mark.

    ``pipes``: it may be one, such as a shell's ``<(...)``. One that was not named, but found, would
    keep us for ever.

    Raises:
        Unread: it cannot be read, is too large, or is no UTF-8.
    """
    try:
        handle = os.open(path, os.O_RDONLY | (0 if pipes else os.O_NONBLOCK))
        with open(handle, "rb") as file:
            if not pipes and not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Unread("is not a file")
            data = file.read(largest * _MIB + 1)
    except OSError as error:
        raise Unread(reason(error)) from None
    if len(data) > largest * _MIB:
        raise Unread(f"is larger than {largest} MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unread(f"byte {error.start + 1} is not UTF-8", line) from None


def reason(error: OSError) -> str:
    """Return what the system says of a failure, as the end of a sentence."""
    return (error.strerror or str(error)).lower()
