"""What Python takes for its own program inside uWSGI."""

from __future__ import annotations

from glance_audit.uwsgi import UwsgiConfig

# plugins/python/python_plugin.c: the executable is the first two, else uWSGI's binary path.
_OPTIONS = ("py-executable", "py-sys-executable")
_BINARY = ("binary-path",)


def names_python(config: UwsgiConfig) -> bool:
    """Whether ``sys.executable`` is a Python, by its name; uWSGI itself unless an option says so.

    Measured: tests/oracle/test_threads_live.py.
    """
    option = config.last(*_OPTIONS) or config.last(*_BINARY)
    return option is not None and "python" in option.value
