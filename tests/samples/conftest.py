"""The samples ask the same real servers as the oracle tests."""

from __future__ import annotations

from tests.oracle.conftest import pytest_configure, require_server, server

__all__ = ["pytest_configure", "require_server", "server"]
