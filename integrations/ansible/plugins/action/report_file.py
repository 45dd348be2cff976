# Copyright: (c) The glance-audit developers
# SPDX-License-Identifier: Apache-2.0

"""Keep a report in a file on the controller; `ansible-doc` documents it as a module."""

from __future__ import annotations

import json
import os
import tempfile

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Write, replace or remove the file."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        """Return whether the file changed; in check mode, whether it would."""
        result = super().run(tmp, task_vars)
        _checked, params = self.validate_argument_spec(
            argument_spec={
                "dest": {"type": "path", "required": True},
                "report": {"type": "dict"},
            }
        )
        dest = self._loader.path_dwim(params["dest"])
        try:
            changed = keep(dest, params["report"], write=not self._task.check_mode)
        except OSError as error:
            raise AnsibleActionFail(
                f"{error.filename or dest}: {error.strerror}; name a file that you may write on "
                "the controller with `dest`"
            ) from None
        result.update(changed=changed, dest=dest)
        return result


def keep(dest, report, write):
    """Make a file hold a report, or be absent; return whether it did not before.

    Raises:
        OSError: the file cannot be read, written or removed.
    """
    if report is None:
        if not os.path.lexists(dest):
            return False
        if write:
            os.remove(dest)
        return True
    text = json.dumps(report, indent=1) + "\n"
    if timeless(read(dest)) == timeless(text):
        return False
    if write:
        replace(dest, text)
    return True


def read(path):
    """Return the text of a file, empty when there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except FileNotFoundError:
        return ""


def timeless(text):
    """Return a report without the time that the audit took; None when it is no report."""
    try:
        report = json.loads(text)
        del report["summary"]["seconds"]
    except (ValueError, TypeError, KeyError):
        return None
    return report


def replace(path, text):
    """Write a file as a whole, readable as the user's other files are.

    Raises:
        OSError: it cannot be written; the old file is as it was.
    """
    directory = os.path.dirname(path)
    os.makedirs(directory, exist_ok=True)
    handle, new = tempfile.mkstemp(dir=directory, prefix=".", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(new, 0o666 & ~mask)
        os.replace(new, path)
    except BaseException:
        os.unlink(new)
        raise
