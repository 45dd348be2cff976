"""Values with which uWSGI refuses to start."""

from __future__ import annotations

from glance_audit.uwsgi.address import parse_socket
from glance_audit.uwsgi.options import OptionFact
from glance_audit.uwsgi.values import atoi

# Options that do something else and end: nothing is served. The last two print at once.
_ENDING = frozenset(
    {
        *("stop", "reload", "pause", "suspend", "resume", "connect-and-read", "extract", "signal"),
        *("help", "usage", "version", "cflags", "dot-h", "config-py", "binary-append-data"),
        *("build-plugin", "python-version", "perl-version"),
    }
)
_TLS = frozenset({"https", "https2", "https-socket", "ssl-socket", "suwsgi-socket"})

# core/hooks.c, uwsgi_register_base_hooks; hook-asap runs before anything else.
_HOOKS = frozenset(
    {
        *("cd", "chdir", "mkdir", "putenv", "chmod", "chown", "chown2", "sticky", "exec"),
        *("safeexec", "create", "creat", "write", "writen", "append", "appendn", "writefifo"),
        *("unlink", "mount", "umount", "call", "callret", "callint", "callintret", "hostname"),
        *("alarm", "rpc", "retryrpc", "wait_for_fs", "wait_for_file", "wait_for_dir"),
        *("wait_for_socket", "unix_signal", "spinningfifo", "exit", "print", "log"),
    }
)


def refusal(fact: OptionFact, key: str, value: str, shared_sockets: int = 0) -> str | None:
    """Return why uWSGI ends when it applies an option, as one sentence; None when it goes on.

    ``shared_sockets`` is how many there are so far.

    Only what the value itself shows: an unknown user or an address in use is not seen here.
    """
    if key == "exit":
        return f"exit ends uWSGI here with status {atoi(value)}"
    if key in _ENDING:
        return f"{key} makes uWSGI do something else and end instead of serving"
    if fact.value_type == "int>=0" and atoi(value) < 0:
        return f"{key} must not be negative"
    if fact.value_type.startswith("mode("):
        octal = len(value) == 3 and all(digit in "01234567" for digit in value)
        if not octal and not (key == "chmod-socket" and value == "1"):
            return f"{key} takes exactly three octal digits"
    if fact.value_type == "list(socket)":
        address = parse_socket(value)
        # What a plugin makes of it is seen when uWSGI has resolved its options.
        if address.kind == "invalid" and fact.plugin == "core":
            return f"{key} needs an address"
        if address.kind == "shared" and (address.port or 0) >= shared_sockets:
            return f"{key} uses shared socket {address.port}, which no shared-socket made"
    if key == "hook-asap":
        return _hook(value)
    if key == "mount-asap" and value.count(" ") < 2:
        return "mount-asap takes a file system, what to mount and where"
    if key in _TLS and value.count(",") < 2:
        return f"{key} needs an address, a certificate and a key, separated by commas"
    return None


def _hook(value: str) -> str | None:
    name, colon, _ = value.partition(":")
    if not colon:
        return "hook-asap takes a hook and its arguments, as hook:arguments"
    name = name.removeprefix("!")
    return None if name in _HOOKS else f"hook-asap names the hook '{name}', which there is not"
