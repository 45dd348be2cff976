#!/usr/bin/python

# Copyright: (c) The glance-audit developers
# SPDX-License-Identifier: Apache-2.0

"""Run glance-audit on the managed host and return its report."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: audit
short_description: Audit OpenStack Glance behind Apache HTTPD and uWSGI
version_added: 0.1.0
author: The glance-audit developers (!UNKNOWN)
description:
  - Runs C(glance-audit) on the managed host and returns what it finds as data.
  - Nothing of the audited files is executed, fetched or changed. The result is never C(changed).
  - Findings do not fail the task, unless O(fail_on_findings) says so. The task fails when the audit
    could not be done.
  - Secrets of the audited files are masked in the report.
requirements:
  - glance-audit on the managed host, which needs Python 3.10 or newer. This module itself runs
    under any Python from 3.7 on that ansible-core supports on managed hosts.
attributes:
  check_mode:
    description: The audit runs in check mode too, for it only reads.
    support: full
  diff_mode:
    description: There is nothing to show, for nothing is changed.
    support: none
  platform:
    description: The systems it runs on.
    support: full
    platforms: posix
notes:
  - The files are read as the user that the task runs as. Files of Glance are often readable by
    root alone, so C(become) is usually needed; what cannot be read makes the audit incomplete.
  - File names are absolute, or relative to the directory in which the remote user's modules run.
options:
  executable:
    description:
      - The program, as a path or as a name that is looked for in C(PATH).
    type: path
    default: glance-audit
  paths:
    description:
      - What is audited, as one deployment. A server root (C(/etc/apache2), C(/etc/httpd)), a
        directory with uWSGI's or Glance's files, or a file. The uWSGI and Glance files behind
        an Apache are looked for in the usual places.
      - When it is not given, the first of C(/etc/apache2) and C(/etc/httpd) that is there, else
        those of C(/etc/uwsgi), C(/etc/uwsgi-emperor) and C(/etc/glance) that are there. When
        none of them is, RV(status) is V(nothing).
    type: list
    elements: path
  root:
    description:
      - The directory that holds the audited system, such as a container's. Absolute paths start
        there and nothing outside is opened.
    type: path
  defines:
    description:
      - Names to define, as C(apache2 -D) does. Each is C(NAME) or C(NAME=VALUE).
    type: list
    elements: str
  envvars:
    description:
      - Read Apache's environment from this file.
    type: path
  glance_route:
    description:
      - Paths of URLs, such as C(/image), that lead to Glance where no name and no file tells.
    type: list
    elements: str
  host:
    description:
      - Whether the machine is asked for the size of its file systems. When it is not given, it is
        asked only when its own configuration is audited.
    type: bool
  glance_release:
    description:
      - Glance's release, where it cannot be told from the files. A name or a number, such as
        V(ussuri), V(2025.2) or V(33).
    type: str
  httpd_version:
    description:
      - Apache's version, where it cannot be told from the files.
    type: str
  uwsgi_version:
    description:
      - uWSGI's version, where it cannot be told from the files.
    type: str
  python_version:
    description:
      - The version of the Python that runs Glance, where it cannot be told from the files.
    type: str
  largest_image:
    description:
      - The largest image that is uploaded, such as V(50GiB).
    type: str
  concurrent_uploads:
    description:
      - How many uploads there are at the same time.
    type: int
  tmpdir_size:
    description:
      - The size of the spool directory's file system, such as V(20GiB).
    type: str
  buffering_floor:
    description:
      - Timers of buffered uploads below this many seconds are short.
    type: int
  streaming_floor:
    description:
      - uWSGI's timers of streamed uploads below this many seconds are short.
    type: int
  gateway_floor:
    description:
      - Timers of Apache and of uWSGI's http router below this many seconds are short.
    type: int
  mercy_floor:
    description:
      - When uploads get less than these seconds while workers are reloaded, it is short.
    type: int
  header_floor:
    description:
      - A C(buffer-size) of uWSGI below this, such as V(16KiB), is small.
    type: str
  select:
    description:
      - Run these rules alone. Codes, starts of codes (C(GA2)) or names.
    type: list
    elements: str
  extend_select:
    description:
      - Run these rules too, beside the others.
    type: list
    elements: str
  preview:
    description:
      - Run the rules that are new too.
    type: bool
    default: false
  ignore:
    description:
      - Do not run these rules.
    type: list
    elements: str
  severity:
    description:
      - Leave out what is less severe.
    type: str
    choices: [error, warning, info]
  confidence:
    description:
      - Leave out what is less sure.
    type: str
    choices: [high, medium, low]
  rules_dir:
    description:
      - Directories, on the managed host, with rules of your own. They are Python files, which are
        run.
    type: list
    elements: path
  suppressions:
    description:
      - Whether comments of the audited files that suppress findings are heeded.
    type: bool
    default: true
  today:
    description:
      - The date that suppressions end by, such as V(2027-01-31), instead of the host's.
    type: str
  fail_on:
    description:
      - The least severity with which RV(status) is V(findings). C(glance-audit) takes V(warning)
        when it is not given.
    type: str
    choices: [error, warning, info, never]
  baseline:
    description:
      - A file on the managed host, as C(glance-audit baseline) writes it. What it holds is known
        and does not count for RV(status).
    type: path
  config:
    description:
      - The settings file, on the host. Without it none is heeded, wherever the module runs.
    type: path
  cross_check:
    description:
      - Read every Apache file with a second, independent parser too. This needs the extra
        C(cross-check) of glance-audit.
    type: bool
    default: false
  fail_on_findings:
    description:
      - Fail the task when RV(status) is V(findings), or V(incomplete), for what could not be read
        may hide them. The failed result holds the same values.
    type: bool
    default: false
seealso:
  - module: glance_audit.glance_audit.report_file
  - name: glance-audit
    description: What it finds, how it is used, and a page for each rule.
    link: https://glance-audit.readthedocs.io/en/latest/
"""

EXAMPLES = r"""
- name: Audit the web server that is there
  glance_audit.glance_audit.audit:
  become: true
  register: glance

- name: Stop when an upload would break
  ansible.builtin.assert:
    that: glance.summary.error == 0
    fail_msg: "{{ glance.findings | map(attribute='message') | join('; ') }}"

- name: Audit a container's files, for images of up to 50 GiB
  glance_audit.glance_audit.audit:
    root: /var/lib/machines/glance
    paths: [/etc/apache2]
    glance_release: "2025.2"
    largest_image: 50GiB
  become: true

- name: Fail on what is not in the baseline
  glance_audit.glance_audit.audit:
    executable: /opt/glance-audit/venv/bin/glance-audit
    paths: [/etc/httpd]
    baseline: /etc/glance-audit-baseline.json
    fail_on_findings: true
  become: true
"""

RETURN = r"""
status:
  description:
    - V(clean), nothing at or above O(fail_on).
    - V(findings), something at or above it.
    - V(incomplete), something could not be read, or a server would refuse it. There may be
      findings.
    - V(nothing), there is nothing to audit.
  returned: when the audit was done
  type: str
  sample: findings
msg:
  description: The status in one line, with the counts.
  returned: always
  type: str
  sample: "findings: 3 errors, 3 warnings, 1 info"
findings:
  description:
    - What was found, in the order of file, line, column, code. The schema that
      C(glance-audit schema) prints tells every key.
  returned: when the audit was done
  type: list
  elements: dict
  sample:
    - code: GA201
      name: sendcl-shared-vhost
      severity: error
      message: proxy-sendcl also reaches Glance at /image
summary:
  description: How many findings of each severity there are, and what was read.
  returned: when the audit was done
  type: dict
  sample:
    error: 3
    warning: 3
    info: 1
    suppressed: 0
    known: 0
    files: 15
    vhosts: 1
    seconds: 0.02
incomplete:
  description: What could not be audited, and why.
  returned: when the audit was done
  type: list
  elements: dict
  sample:
    - file: /etc/glance/glance-api.conf
      reason: permission denied
report:
  description:
    - The whole report, as C(glance-audit --format json) prints it.
  returned: when something was audited
  type: dict
  sample:
    schema: 1
    tool: {name: glance-audit, version: 0.1.0}
cmd:
  description: The command that ran.
  returned: when the program was found
  type: list
  elements: str
  sample: [/usr/bin/glance-audit, check, --format=json, /etc/apache2]
exit_status:
  description: The exit status of the command.
  returned: when the program ran
  type: int
  sample: 1
stderr:
  description: What the command said beside its report.
  returned: when the audit could not be done
  type: str
  sample: "glance-audit: /etc/apache2: does not exist"
"""

import json
import os

from ansible.module_utils.basic import AnsibleModule

SCHEMA = 1  # of the report; later releases of glance-audit only add to it
STATUS = {0: "clean", 1: "findings", 3: "incomplete", 4: "nothing"}
USAGE = 2
COUNTS = ("error", "warning", "info", "suppressed", "known", "files", "vhosts", "seconds")

# Options of the command line that have a value and are called as their parameter is.
VALUES = (
    "root",
    "envvars",
    "glance_release",
    "httpd_version",
    "uwsgi_version",
    "python_version",
    "largest_image",
    "concurrent_uploads",
    "tmpdir_size",
    "buffering_floor",
    "streaming_floor",
    "gateway_floor",
    "mercy_floor",
    "header_floor",
    "severity",
    "confidence",
    "today",
    "fail_on",
    "baseline",
    "config",
)
LISTS = ("glance_route", "select", "extend_select", "ignore", "rules_dir")

WEB_SERVERS = ("/etc/apache2", "/etc/httpd")
OTHERS = ("/etc/uwsgi", "/etc/uwsgi-emperor", "/etc/glance")


def usual_paths(root):
    """Return what to audit below root when nobody says: a web server, else what it would serve.

    Only whether a name is there is asked; where a link leads is glance-audit's business.
    """

    def there(path):
        return os.path.lexists(os.path.join(root or "/", path.lstrip("/")))

    servers = [path for path in WEB_SERVERS if there(path)]
    return servers[:1] or [path for path in OTHERS if there(path)]


def command_line(executable, paths, params):
    """Return the command as a list. No value can be taken for an option, nor a path for a word."""
    command = [executable, "check", "--format=json"]
    for name in VALUES + LISTS:
        given = params[name]
        values = given if isinstance(given, list) else [given]
        option = "--" + name.replace("_", "-")
        command.extend(f"{option}={value}" for value in values if value is not None)
    command.extend("-D" + one for one in params["defines"] or ())
    if params["host"] is not None:
        command.append("--host" if params["host"] else "--no-host")
    if not params["suppressions"]:
        command.append("--no-suppressions")
    if params["preview"]:
        command.append("--preview")
    if params["config"] is None:
        command.append("--isolated")
    if params["cross_check"]:
        command.append("--cross-check")
    # argparse takes what begins with a dash for an option, after `--` too.
    return command + ["./" + path if path.startswith("-") else path for path in paths]


def counted(number, noun):
    """Return a number and its noun."""
    plural = noun if number == 1 or noun == "info" else noun + "s"
    return f"{number} {plural}"


def told(status, report):
    """Return a status in one line."""
    summary = report["summary"]
    parts = [counted(summary[name], name) for name in ("error", "warning", "info")]
    parts.extend(f"{summary[name]} {name}" for name in ("suppressed", "known") if summary[name])
    line = f"{status}: " + ", ".join(parts)
    if report["incomplete"]:
        first = report["incomplete"][0]
        files = counted(len({one["file"] for one in report["incomplete"]}), "file")
        where, why = first["file"], first["reason"]
        line += f"; {files} could not be audited, the first {where}: {why}"
    return line


def nothing(message):
    """Return the values of a host on which there is nothing to audit."""
    return {
        "status": "nothing",
        "msg": "nothing: " + message,
        "findings": [],
        "incomplete": [],
        "summary": dict.fromkeys(COUNTS, 0),
    }


def said(stderr):
    """Return a complaint of the program without the program's name in front."""
    text = stderr.strip()
    start = "glance-audit: "
    return text[len(start) :] if text.startswith(start) else text


def read_report(module, stdout, ran):
    """Return the report that was printed; fail when it is none that this module knows."""
    try:
        report = json.loads(stdout)
        schema = report["schema"]
    except (ValueError, TypeError, KeyError):
        program, complaint = ran["cmd"][0], ran["stderr"].strip().split("\n")[-1]
        what = complaint or "is it glance-audit?"
        module.fail_json(msg=f"{program} printed no report: {what}", **ran)
    if schema != SCHEMA:
        module.fail_json(
            msg=f"the report follows schema {schema}, and this collection knows schema {SCHEMA}: "
            "install the collection of the same release as glance-audit",
            **ran,
        )
    return report


def run(module, command):
    """Run the command and return the values of the result; fail when there was no audit."""
    try:
        code, stdout, stderr = module.run_command(
            command, handle_exceptions=False, expand_user_and_vars=False
        )
    except OSError as error:
        module.fail_json(
            msg=f"{command[0]} cannot be started: {error.strerror}; install it again",
            cmd=command,
        )
    # Not called rc: Ansible takes a result whose rc is not 0 for a failed one.
    ran = {"cmd": command, "exit_status": code, "stderr": stderr}
    status = STATUS.get(code)
    if status is None:
        what = "refused the command line" if code == USAGE else f"failed with status {code}"
        module.fail_json(msg=f"glance-audit {what}: {said(stderr)}", **ran)
    del ran["stderr"]
    if status == "nothing":
        return dict(nothing(said(stderr)), **ran)
    report = read_report(module, stdout, dict(ran, stderr=stderr))
    return dict(
        ran,
        status=status,
        msg=told(status, report),
        findings=report["findings"],
        incomplete=report["incomplete"],
        summary=report["summary"],
        report=report,
    )


def executable_of(module):
    """Return the path of the program; fail when there is none."""
    wanted = module.params["executable"]
    found = module.get_bin_path(wanted)
    if found is None:
        module.fail_json(
            msg=f"{wanted} is not there or cannot be executed: install glance-audit on this host, "
            "as the role glance_audit.glance_audit.audit does, or name it with `executable`"
        )
    return found


def main():
    """Audit, and return the report."""
    module = AnsibleModule(
        argument_spec={
            "executable": {"type": "path", "default": "glance-audit"},
            "paths": {"type": "list", "elements": "path"},
            "root": {"type": "path"},
            "defines": {"type": "list", "elements": "str"},
            "envvars": {"type": "path"},
            "glance_route": {"type": "list", "elements": "str"},
            "host": {"type": "bool"},
            "glance_release": {"type": "str"},
            "httpd_version": {"type": "str"},
            "uwsgi_version": {"type": "str"},
            "python_version": {"type": "str"},
            "largest_image": {"type": "str"},
            "concurrent_uploads": {"type": "int"},
            "tmpdir_size": {"type": "str"},
            "buffering_floor": {"type": "int"},
            "streaming_floor": {"type": "int"},
            "gateway_floor": {"type": "int"},
            "mercy_floor": {"type": "int"},
            "header_floor": {"type": "str"},
            "select": {"type": "list", "elements": "str"},
            "extend_select": {"type": "list", "elements": "str"},
            "preview": {"type": "bool", "default": False},
            "ignore": {"type": "list", "elements": "str"},
            "severity": {"type": "str", "choices": ["error", "warning", "info"]},
            "confidence": {"type": "str", "choices": ["high", "medium", "low"]},
            "rules_dir": {"type": "list", "elements": "path"},
            "suppressions": {"type": "bool", "default": True},
            "today": {"type": "str"},
            "fail_on": {"type": "str", "choices": ["error", "warning", "info", "never"]},
            "baseline": {"type": "path"},
            "config": {"type": "path"},
            "cross_check": {"type": "bool", "default": False},
            "fail_on_findings": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    params = module.params
    executable = executable_of(module)
    paths = params["paths"] or usual_paths(params["root"])
    if not paths:
        usual = ", ".join(WEB_SERVERS + OTHERS)
        below = " below " + params["root"] if params["root"] else ""
        module.exit_json(changed=False, **nothing(f"none of {usual} is there{below}"))
    result = run(module, command_line(executable, paths, params))
    if params["fail_on_findings"] and result["status"] in ("findings", "incomplete"):
        module.fail_json(**result)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
