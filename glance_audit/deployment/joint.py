"""Where ProxyPass puts its target and the rest of a path together, and a slash is amiss.

Apache cuts the path off the request and puts what is left behind the target, with nothing between
(mod_proxy.c ``ap_proxy_trans_match``). Measured: ``tests/deployment/test_joint.py``.
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
    DOUBLE = "the backend is asked for a path with two slashes"


class Joint(NamedTuple):
    """A joint with a slash too few or too many; ``asked`` is the host, or the path, that results.

    The image of an upload is ``<id>`` in it.
    """

    amiss: Amiss
    asked: str


def joint_of(endpoint: Endpoint) -> Joint | None:
    """Return what is amiss between path and target of a ProxyPass; None: nothing.

    ``uwsgi://host:port/`` behind a path without a slash is right: mod_proxy_uwsgi takes the second
    slash away. A path that is a pattern is not cut off.
    """
    path = endpoint.path
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
    left = endpoint.upload_uri[len(path) :].replace(_IMAGE, "<id>")
    if not below:
        return Joint(Amiss.HOST, host + left.partition("/")[0])
    if below == "/" and endpoint.gateway is Gateway.PROXY_UWSGI:
        return None
    return Joint(Amiss.PATH if path.endswith("/") else Amiss.DOUBLE, below + left)
