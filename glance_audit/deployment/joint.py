"""Where a target and the rest of a path are put together, and a slash is amiss.

Apache cuts the path of ProxyPass and WSGIScriptAlias off the request and puts what is left behind
the target, with nothing between (mod_proxy.c ``ap_proxy_trans_match``, mod_wsgi.c
``wsgi_hook_intercept``). Measured: ``tests/deployment/test_joint.py``.
"""

from __future__ import annotations

from enum import Enum

from glance_audit.deployment.pattern import has_wildcard
from glance_audit.deployment.route import UPLOAD, Endpoint
from glance_audit.deployment.target import Gateway
from glance_audit.record import NamedTuple

_IMAGE = UPLOAD.split("/")[3]


class Amiss(Enum):
    """What becomes of an upload."""

    HOST = "Apache looks for a host that is not there"
    PATH = "the backend is asked for another path"
    FILE = "mod_wsgi looks for a file that is not there"
    DOUBLE = "the backend is asked for a path with two slashes"


class Joint(NamedTuple):
    """A joint with a slash too few or too many; ``asked`` is the host, path or file that results.

    The image of an upload is ``<id>`` in it.
    """

    amiss: Amiss
    asked: str


def joint_of(endpoint: Endpoint) -> Joint | None:
    """Return what is amiss between path and target; None: nothing.

    ``uwsgi://host:port/`` behind a path without a slash is right: mod_proxy_uwsgi takes the second
    slash away. A path that is a pattern is not cut off.
    """
    path = endpoint.path
    left = endpoint.upload_uri[len(path) :].replace(_IMAGE, "<id>")
    if endpoint.script is not None:
        return _script_joint(endpoint, endpoint.script, left)
    url = endpoint.target.rpartition("|")[2]
    if (
        endpoint.directive.key != "proxypass"
        or endpoint.pattern is not None
        or has_wildcard(path)
        or path.endswith("/") is url.endswith("/")
        or "${" in url
        or "?" in url
    ):
        return None
    _, separator, rest = url.partition("://")
    authority, slash, below = rest.partition("/")
    if not separator:
        authority, slash, below = "localhost", "", ""  # such as unix:/run/glance.socket|http:
    host, below = authority.rpartition("@")[2], slash + below
    if not below:
        return Joint(Amiss.HOST, host + left.partition("/")[0])
    if below == "/" and endpoint.gateway is Gateway.PROXY_UWSGI:
        return None
    return Joint(Amiss.PATH if path.endswith("/") else Amiss.DOUBLE, below + left)


def _script_joint(endpoint: Endpoint, script: str, left: str) -> Joint | None:
    """Return what is amiss between a path and a script: with ``/`` alone it is right."""
    path = endpoint.path
    if (
        endpoint.directive.key != "wsgiscriptalias"
        or path == "/"
        or not path.endswith("/")
        or script.endswith("/")
    ):
        return None
    return Joint(Amiss.FILE, script + left.partition("/")[0])
