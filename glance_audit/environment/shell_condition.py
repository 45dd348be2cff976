"""What ``[ … ]`` answers, as far as the audited files tell."""

from __future__ import annotations

from glance_audit.files import FileSource, Kind

_FILE_TESTS = frozenset({"-b", "-c", "-d", "-e", "-f", "-g", "-h", "-k", "-L", "-p", "-r", "-s"})
_NUMBERS = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})

_DIGITS = 18  # of a number that any shell can compare


def condition(source: FileSource, words: list[str]) -> bool | None:
    """Return the truth of the arguments of ``test``, None when it cannot be known.

    A file that is not in the audited tree may exist on the host: only presence is known.
    """
    if not words:
        return False
    if len(words) == 1:
        return words[0] != ""
    if words[0] == "!" and len(words) <= 4:
        inner = condition(source, words[1:])
        return None if inner is None else not inner
    if len(words) == 2:
        operator, operand = words
        if operator == "-n":
            return operand != ""
        if operator == "-z":
            return operand == ""
        return _file_test(source, operator, operand) if operator in _FILE_TESTS else None
    if len(words) == 3:
        return _compare(*words)
    return None


def _compare(left: str, operator: str, right: str) -> bool | None:
    if operator in ("=", "!="):
        return (left == right) is (operator == "=")
    if operator in _NUMBERS:
        if len(left) > _DIGITS or len(right) > _DIGITS:
            return None
        try:
            first, second = int(left), int(right)
        except ValueError:
            return None
        return {
            "-eq": first == second,
            "-ne": first != second,
            "-lt": first < second,
            "-le": first <= second,
            "-gt": first > second,
            "-ge": first >= second,
        }[operator]
    return None


def _file_test(source: FileSource, operator: str, path: str) -> bool | None:
    if not path.startswith("/"):
        return None
    kind = source.kind(path)
    if kind is Kind.MISSING:
        return None
    if operator == "-e":
        return True
    if operator == "-f":
        return kind is Kind.FILE
    if operator == "-d":
        return kind is Kind.DIRECTORY
    # the server is started by root, who may read everything
    return True if operator == "-r" else None
