"""The parameters of the Ansible module beside the options of the command line."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

MODULE = Path(__file__).resolve().parents[2] / "integrations/ansible/plugins/modules/audit.py"

# Options of the command line that the module does not have, and why.
NOT_PARAMETERS = {
    "help": "ansible-doc tells",
    "version": "the report holds it",
    "stdin_filename": "a module has no standard input",
    "reports": "the report is always JSON, and returned",
    "color": "nothing is drawn",
    "hyperlinks": "nothing is drawn",
    "statistics": "the report holds every finding",
    "width": "nothing is drawn",
    "verbose": "the report holds everything",
    "quiet": "nothing is printed",
    "watch": "a task ends",
    "isolated": "without `config` no settings file is heeded",
}
# Parameters that the command line does not have.
OWN_PARAMETERS = {"executable", "fail_on_findings"}


# One value for each parameter that the command line has too.
EVERYTHING: dict[str, Any] = {
    "paths": ["/etc/apache2", "/etc/glance"],
    "root": "/srv/root",
    "defines": ["SSL", "PORT=$HOME"],
    "envvars": "/srv/envvars",
    "glance_route": ["/img", "/image"],
    "host": False,
    "glance_release": "2025.2",
    "httpd_version": "2.4.62",
    "uwsgi_version": "2.0.31",
    "python_version": "3.11",
    "largest_image": "50GiB",
    "concurrent_uploads": 3,
    "tmpdir_size": "20GiB",
    "buffering_floor": 1,
    "streaming_floor": 2,
    "gateway_floor": 3,
    "mercy_floor": 4,
    "header_floor": "5KiB",
    "select": ["GA2", "GA301"],
    "extend_select": ["GA910"],
    "preview": True,
    "ignore": ["GA201"],
    "severity": "warning",
    "confidence": "low",
    "rules_dir": ["/srv/rules"],
    "suppressions": False,
    "today": "2027-01-31",
    "fail_on": "info",
    "baseline": "/srv/-baseline.json",
    "config": "/srv/glance-audit.toml",
    "cross_check": True,
}


def argument_spec() -> dict[str, dict[str, Any]]:
    """Return what the module tells Ansible of its parameters."""
    (call,) = (
        node
        for node in ast.walk(ast.parse(MODULE.read_text()))
        if isinstance(node, ast.keyword) and node.arg == "argument_spec"
    )
    spec: dict[str, dict[str, Any]] = ast.literal_eval(call.value)
    return spec
