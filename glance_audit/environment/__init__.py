"""The environment that a server's start files give it: read, never executed."""

from glance_audit.environment.assignment_file import read_environment_file
from glance_audit.environment.envvars import read_envvars
from glance_audit.environment.variable import Environment, Variable

__all__ = ["Environment", "Variable", "read_environment_file", "read_envvars"]
