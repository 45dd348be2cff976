"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: a slow machine is not a wrong answer. Where CI is set the examples are the same on
# every run, so that a change fails for its own reasons.
settings.register_profile("steady", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("steady")
