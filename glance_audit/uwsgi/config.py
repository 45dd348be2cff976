"""A uWSGI configuration as uWSGI itself resolves it."""

from __future__ import annotations

from glance_audit.files import Place, Problem
from glance_audit.record import NamedTuple
from glance_audit.uwsgi.fault import UndefinedName
from glance_audit.uwsgi.option import Option
from glance_audit.uwsgi.values import atoi, is_true, strtoul


class UwsgiConfig(NamedTuple):
    """What one uWSGI reads when it starts with ``file``.

    ``pairs`` is its option list, what ``--show-config`` prints. ``effective`` holds the same in
    the order in which options act (immediate ones while the files are read, then the others, what
    ``inherit`` brings last) with what declared options stand for. ``problems`` are faults;
    ``unknown`` are values that depend on the machine and stay as they are written. ``files`` are
    those read, in order. ``section_place`` is the header line of the asked section, that of
    ``file`` where several files are given. ``undefined`` are names in values that nothing defines,
    ``asked`` the keys that ``%()`` and ``if-opt`` look up.
    """

    file: str
    pairs: tuple[Option, ...] = ()
    effective: tuple[Option, ...] = ()
    problems: tuple[Problem, ...] = ()
    unknown: tuple[Problem, ...] = ()
    files: tuple[str, ...] = ()
    section_place: Place | None = None
    undefined: tuple[UndefinedName, ...] = ()
    asked: frozenset[str] = frozenset()

    @property
    def refused(self) -> bool:
        """Whether uWSGI refuses to start with it."""
        return any(problem.fatal for problem in self.problems)

    def last(self, *names: str) -> Option | None:
        """Return the option that wins when each one overwrites the one before.

        ``names`` are the names of one setting (``processes``, ``workers``).
        """
        for option in reversed(self.effective):
            if option.key in names:
                return option
        return None

    def all(self, *names: str) -> tuple[Option, ...]:
        """Return every option of these names in the order they act: the meaning of lists."""
        return tuple(option for option in self.effective if option.key in names)

    def integer(self, *names: str) -> tuple[int, Option] | None:
        """Return the number uWSGI takes, and the option that wins: ``10s`` is 10, ``true`` 0."""
        option = self.last(*names)
        return None if option is None else (atoi(option.value), option)

    def unsigned(self, *names: str) -> tuple[int, Option] | None:
        """Return the same for an option of 16 or 64 bits, sizes and ``max-requests``.

        ``21474836480`` is that, where an ``int`` would be 0 (core/uwsgi.c, uwsgi_opt_set_64bit).
        """
        option = self.last(*names)
        return None if option is None else (strtoul(option.value), option)

    def enabled(self, *names: str) -> bool:
        """Whether the option that wins switches a boolean on; False when there is none."""
        option = self.last(*names)
        return option is not None and is_true(option.value)
