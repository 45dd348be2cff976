#!/usr/bin/python

# Copyright: (c) The glance-audit developers
# SPDX-License-Identifier: Apache-2.0

"""The documentation of the action of this name, which runs on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: report_file
short_description: Keep a report of glance-audit in a file on the controller
version_added: 0.1.0
author: The glance-audit developers (!UNKNOWN)
description:
  - Writes the report that M(glance_audit.glance_audit.audit) returned to a file on the controller,
    as the user who runs Ansible. Nothing happens on the managed host, and C(become) has no effect.
  - The file is replaced as a whole. It stays as it is when the report differs only in the time that
    the audit took, so that a second run changes nothing.
attributes:
  check_mode:
    description: Tells whether the file would change, and leaves it alone.
    support: full
  diff_mode:
    description: The difference of two reports is not shown.
    support: none
  platform:
    description: The systems it runs on. It runs on the controller, for hosts of any kind.
    support: full
    platforms: posix
options:
  dest:
    description:
      - The file. Directories above it are made. A relative path starts at the playbook's directory.
    type: path
    required: true
  report:
    description:
      - RV(glance_audit.glance_audit.audit#module:report). When it is not given, an old file is
        removed, for a host on which there is nothing to audit has no report.
    type: dict
seealso:
  - module: glance_audit.glance_audit.audit
"""

EXAMPLES = r"""
- name: Audit
  glance_audit.glance_audit.audit:
  become: true
  register: glance

- name: Keep the report
  glance_audit.glance_audit.report_file:
    dest: "reports/{{ inventory_hostname }}.json"
    report: "{{ glance.report | default(omit) }}"
"""

RETURN = r"""
dest:
  description: The absolute path of the file.
  returned: always
  type: str
  sample: /home/operator/reports/controller-1.json
"""
