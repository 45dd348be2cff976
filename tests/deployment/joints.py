"""ProxyPass with and without slashes, and what the backend is asked for in each."""

from __future__ import annotations

from glance_audit.deployment.joint import Amiss

# The path, the target and what the backend of PUT <path>/v2/images/<id>/file is asked for, where
# it is asked at all; the targets are @ONE@ (a URL), @SOCKET@ (HTTP) and @UWSGI@ (an address).
IMAGE = "/v2/images/<id>/file"
JOINTS: list[tuple[str, str, Amiss | None, str]] = [
    ("/image", "@ONE@", None, IMAGE),
    ("/image/", "@ONE@/", None, IMAGE),
    ("/", "@ONE@/", None, IMAGE),
    ("/image", "@ONE@/sub", None, f"/sub{IMAGE}"),
    ("/image/", "@ONE@/sub/", None, f"/sub{IMAGE}"),
    ("/image/", "@ONE@", Amiss.HOST, "@ONE@v2"),
    ("/", "@ONE@", Amiss.HOST, "@ONE@v2"),
    ("/v2/images/", "@ONE@", Amiss.HOST, "@ONE@<id>"),
    ("/image/", "@ONE@/sub", Amiss.PATH, "/subv2/images/<id>/file"),
    ("/v2/", "@ONE@/v2", Amiss.PATH, "/v2images/<id>/file"),
    ("/image", "@ONE@/", Amiss.DOUBLE, f"/{IMAGE}"),
    ("/image", "@ONE@/sub/", Amiss.DOUBLE, f"/sub/{IMAGE}"),
    ("/v2", "@ONE@/v2/", Amiss.DOUBLE, "/v2//images/<id>/file"),
    ("/image", "unix:@SOCKET@|http://glance", None, IMAGE),
    ("/image", "unix:@SOCKET@|http://glance/", Amiss.DOUBLE, f"/{IMAGE}"),
    ("/image/", "unix:@SOCKET@|http://glance", Amiss.HOST, "glancev2"),
    ("/image/", "unix:@SOCKET@|http:", Amiss.HOST, "localhostv2"),
    ("/image", "unix:@SOCKET@|http:", None, IMAGE),
    ("/image", "uwsgi://@UWSGI@", None, IMAGE),
    ("/image", "uwsgi://@UWSGI@/", None, IMAGE),
    ("/image/", "uwsgi://@UWSGI@/", None, IMAGE),
    ("/image/", "uwsgi://@UWSGI@", Amiss.HOST, "@UWSGI@v2"),
    ("/image", "uwsgi://@UWSGI@/sub/", Amiss.DOUBLE, f"/sub/{IMAGE}"),
    ("/image", "balancer://b", None, IMAGE),
    ("/image", "balancer://b/", Amiss.DOUBLE, f"/{IMAGE}"),
    ("/image/", "balancer://b/", None, IMAGE),
    ("/image/", "balancer://b", Amiss.HOST, "bv2"),
]
BALANCER = "<Proxy balancer://b>\nBalancerMember @ONE@\n</Proxy>\n"


def lines(path: str, target: str, *, section: bool) -> str:
    """Return the ProxyPass, in a Location or not, and the balancer."""
    if section:
        return f'{BALANCER}<Location "{path}">\nProxyPass "{target}"\n</Location>\n'
    return f'{BALANCER}ProxyPass "{path}" "{target}"\n'
