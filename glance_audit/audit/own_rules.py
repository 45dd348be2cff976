"""An operator's own rules: the files of ``--rules-dir``, in the form of the shipped ones.

They are programs, and run with the rights of whoever audits. So a directory of them is only ever
named by the operator; nothing in an audited tree makes its files rules.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING

from glance_audit.audit.settings import UsageError
from glance_audit.engine.cause import cycle
from glance_audit.engine.finding import Confidence, Finding, Related, Severity
from glance_audit.engine.rule import Rule
from glance_audit.files import Inclusion, Place

if TYPE_CHECKING:
    from glance_audit.deployment.model import Deployment

_FILE = re.compile(r"[a-z]{2,8}[0-9]{3}_[a-z0-9_]+\.py\Z")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "place": Place,
    "message": str,
    "help": str,
    "severity": (Severity, type(None)),
    "confidence": Confidence,
    "related": tuple,
    "context": tuple,
}


def with_own_rules(
    shipped: Sequence[Rule], directories: Iterable[str], cwd: str
) -> tuple[Rule, ...]:
    """Return the shipped rules and, behind them, those in the directories, by their codes.

    Relative directories start at ``cwd``.

    Raises:
        UsageError: a directory or file that cannot be read, a file that is no rule or fails, a
            code or name that is taken. A rule that fails when it is run raises it too.
    """
    taken = {name: "a shipped rule" for rule in shipped for name in (rule.code, rule.slug)}
    own: list[Rule] = []
    for number, directory in enumerate(directories):
        path = os.path.join(cwd, directory)
        for name in _names(path, directory):
            shown = os.path.join(directory, name)
            found = _load(os.path.join(path, name), shown, _package(path, number))
            for word in (found.code, found.slug):
                if word in taken:
                    raise _refused(shown, f"{word} is already {taken[word]}")
                taken[word] = f"the rule of {shown}"
            own.append(_guarded(found, shown))
    circle = cycle({rule.code: rule.caused_by for rule in (*shipped, *own)})
    if circle:
        raise UsageError(f"--rules-dir: caused_by goes round in a circle: {' -> '.join(circle)}")
    return (*shipped, *sorted(own, key=lambda rule: rule.code))


def _names(path: str, directory: str) -> list[str]:
    """Return the files that are to be rules: all of Python's but private ones and tests."""
    try:
        entries = sorted(os.listdir(path))
    except OSError as error:
        raise _refused(directory, (error.strerror or str(error)).lower()) from None
    names = [
        name
        for name in entries
        if name.endswith(".py") and not name.startswith(("_", "test_")) and name != "conftest.py"
    ]
    for name in names:
        if _FILE.match(name) is None:
            raise _refused(
                os.path.join(directory, name),
                "is not named as a rule is, such as xx001_plain_http.py; others begin with _",
            )
    if not names:
        raise _refused(directory, "holds no rule, such as xx001_plain_http.py")
    return names


def _package(path: str, number: int) -> str:
    """Return the package that a directory's files are in, so that they can import each other."""
    name = f"glance_audit_own_rules_{number}"
    known = sys.modules.get(name)
    if known is None or known.__path__ != [path]:
        for loaded in [one for one in sys.modules if one.startswith(f"{name}.")]:
            del sys.modules[loaded]
        package = ModuleType(name, "An operator's own rules.")
        package.__path__ = [path]
        sys.modules[name] = package
    return name


def _load(path: str, shown: str, package: str) -> Rule:
    from importlib.util import module_from_spec, spec_from_file_location

    if os.path.exists(path) and not os.path.isfile(path):  # reading a pipe would never end
        raise _refused(shown, "is not a file")
    stem = os.path.basename(path).removesuffix(".py")
    spec = spec_from_file_location(f"{package}.{stem}", path)
    if spec is None or spec.loader is None:
        raise _refused(shown, "cannot be loaded")
    module = module_from_spec(spec)
    silent = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # the directory may be anybody's, and is left as it is
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise _failed(shown, path, error) from None
    finally:
        sys.dont_write_bytecode = silent
    found = getattr(module, "check", None)
    if not isinstance(found, Rule):
        raise _refused(shown, "declares no rule: write @rule(...) above a function named check")
    if found.code.startswith("GA"):
        raise _refused(shown, f"{found.code}: GA is the prefix of the shipped rules, take another")
    name = f"{found.code.lower()}_{found.slug.replace('-', '_')}.py"
    if name != os.path.basename(path):
        raise _refused(shown, f"holds {found.code} {found.slug}: name the file {name}")
    if not found.title:
        raise _refused(shown, "the first line of the docstring does not say what the rule finds")
    return found


def _guarded(found: Rule, shown: str) -> Rule:
    """Return a rule whose failures are its author's, and told as such."""
    check = found.check

    def guarded(deployment: Deployment) -> Iterator[Finding]:
        try:
            for finding in check(deployment):
                wrong = _wrong(finding)
                if wrong:
                    raise TypeError(f"{found.code} yields {wrong}")
                yield finding._replace(suppressed=None)  # that is the files' to say
        except (Exception, SystemExit) as error:  # a status of its own would look like ours
            raise _failed(shown, check.__code__.co_filename, error) from None

    guarded.__doc__ = check.__doc__
    return found._replace(check=guarded)


def _wrong(finding: object) -> str:
    """Say what of a finding a report cannot show, if anything."""
    if not isinstance(finding, Finding):
        return f"a {type(finding).__name__}, not a Finding"
    for name, types in _TYPES.items():
        value = getattr(finding, name)
        if not isinstance(value, types):
            return f"a finding whose {name} is a {type(value).__name__}"
    if not _all(str, finding.context):
        return "a finding whose context is not all str"
    every: tuple[object, ...] = finding.related
    places = [finding.place]
    for related in every:
        if not (
            isinstance(related, Related)
            and _all(str, (related.message,))
            and _all(Place, (related.place,))
        ):
            return "a finding whose related places are not all Related"
        places.append(related.place)
    return next(filter(None, map(_misplaced, places)), "")


def _misplaced(place: Place) -> str:
    """Say why a place is none, if it is not."""
    file, *numbers, steps = place
    if not _all(str, (file,)) or not file.startswith("/"):
        return f"a place in {file!r}, which is no absolute path"
    if not _all(int, numbers) or min(numbers) < 0:
        return f"a place in {file} whose lines and columns are not all numbers"
    if not _all(Inclusion, steps):
        return f"a place in {file} that is included from what is no Inclusion"
    return ""


def _all(kind: type, values: Iterable[object]) -> bool:
    return all(isinstance(value, kind) for value in values)


def _failed(shown: str, path: str, error: BaseException) -> UsageError:
    """Say in one line what went wrong, and on which line of the rule."""
    line: int | None = None
    message = " ".join(str(error).split())
    if isinstance(error, SyntaxError) and error.filename == path:
        line, message = error.lineno, error.msg
    at = error.__traceback__
    while at is not None:  # the innermost of its own lines
        if at.tb_frame.f_code.co_filename == path:
            line = at.tb_lineno
        at = at.tb_next
    where = f"{shown}:{line}" if line else shown
    return _refused(where, f"{type(error).__name__}{f': {message}' if message else ''}")


def _refused(where: str, what: str) -> UsageError:
    return UsageError(f"--rules-dir: {where}: {what}")
