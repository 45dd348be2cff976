"""``python -m glance_audit``."""

import sys

from glance_audit.cli.entry import run

if __name__ == "__main__":
    sys.exit(run())
