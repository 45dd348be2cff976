"""Which server a problem stops: the one whose configuration it was met in."""

from __future__ import annotations

from glance_audit.deployment.model import Deployment
from glance_audit.files import Problem


def reader_of(deployment: Deployment, problem: Problem) -> str | None:
    """Name the server that reads the place of a problem.

    None for what surrounds the servers: units, envvars and environment files.
    """
    if any(problem in server.config.problems for server in deployment.servers):
        return "Apache"
    if any(problem in instance.config.problems for instance in deployment.instances):
        return "uWSGI"
    if any(problem in service.problems for service in deployment.services):
        return "Glance"
    return None
