"""The settings file: ``glance-audit.toml``, or ``[tool.glance-audit]`` of ``pyproject.toml``."""
