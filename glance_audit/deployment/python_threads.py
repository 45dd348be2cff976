"""Whether Python's threads run in a uWSGI, up to 2.0.26: from 2.0.27 on they always do."""

from __future__ import annotations

from glance_audit.record import NamedTuple
from glance_audit.uwsgi import Option, UwsgiConfig

# Options that switch threads on by being there, whatever their value: UWSGI_OPT_THREADS in
# core/uwsgi.c and the plugins of 2.0.26. Measured on 2.0.21: tests/oracle/test_threads_live.py.
_SWITCHING_ON = (
    "threads",
    "thread-stacksize",
    "threads-stacksize",
    "thread-stack-size",
    "threads-stack-size",
    "py-tracebacker",
    "py-auto-reload",
    "py-autoreload",
    "python-auto-reload",
    "python-autoreload",
    "py-auto-reload-ignore",
    "asyncio",
    "gevent",
    "goroutines",
    "tornado",
)


class PythonThreads(NamedTuple):
    """Whether Python's threads run between requests; ``by`` is the option that decides, if any."""

    on: bool
    by: Option | None = None


def python_threads(config: UwsgiConfig) -> PythonThreads:
    """Return whether threads run.

    Several ``threads`` need them. Else ``enable-threads`` decides, for it acts after the others
    have switched them on.
    """
    threads = config.integer("threads")
    if threads is not None and threads[0] > 1:
        return PythonThreads(True, threads[1])
    option = config.last("enable-threads")
    if option is not None:
        return PythonThreads(config.enabled("enable-threads"), option)
    option = config.last(*_SWITCHING_ON)
    return PythonThreads(option is not None, option)
