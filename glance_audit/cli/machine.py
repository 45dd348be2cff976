"""What uWSGI would find on this machine: for ``resolve`` without ``--root``."""

from __future__ import annotations

import os
import time

from glance_audit.deployment.detect import detect_package
from glance_audit.files import FileSource
from glance_audit.uwsgi import HostFacts


def this_machine(source: FileSource) -> HostFacts:
    """Return the facts that uWSGI's magic variables show when it is started here and now."""
    now = time.time_ns() // 1000
    uid, gid = os.getuid(), os.getgid()
    package = detect_package(source, "uwsgi-core", (0,), (0,))
    debian = package.source != "unknown"
    return HostFacts(
        hostname=os.uname().nodename,
        cpus=os.sysconf("SC_NPROCESSORS_ONLN"),
        uid=uid,
        user=_user(uid),
        gid=gid,
        group=_group(gid),
        # Debian's build calls itself after its package and has every plugin in a package.
        version=f"{'.'.join(map(str, package.first))}-debian" if debian else None,
        time=now // 1_000_000,
        microseconds=now,
        embedded_plugins=frozenset() if debian else None,
    )


def _user(uid: int) -> str | None:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def _group(gid: int) -> str | None:
    import grp

    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return None
