"""``python -m glance_audit``."""

from __future__ import annotations

import sys

from glance_audit.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
