"""``python -m glance_audit``."""

from glance_audit.cli.entry import run

if __name__ == "__main__":
    run()
