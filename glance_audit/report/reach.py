"""File names as they are reached from the directory the audit ran in.

A report names files as the audited system does, from the first path on. What opens files (editors,
code hosts) takes names from where the command was run, which in a pipeline is the checkout.
"""

from __future__ import annotations

import os

from glance_audit.report.result import Location, Target


def reached(target: Target, file: str) -> str:
    """Return a reported file's name from the current directory, or absolute when it lies outside.

    A path of the command line is one already.
    """
    if file in target.paths:
        return file
    path = os.path.join(target.base, file)
    here = target.cwd.rstrip("/") + "/"
    return path[len(here) :] if target.cwd and path.startswith(here) else path


def opened(target: Target, location: Location) -> str:
    """Return the file to open for a location: links are followed, as code hosts show no links."""
    return reached(target, location.real_file)
