"""GA113 route-slash-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.joint import Amiss, joint_of
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

_EFFECTS = {
    Amiss.HOST: "every request to Glance at {routes} ends with 500: Apache looks for a host "
    "{asked}, for the path ends in / and the target does not",
    Amiss.PATH: "Glance at {routes} is asked for {asked}, which it does not have: the path ends "
    "in / and the target does not",
    Amiss.FILE: "every request to Glance at {routes} ends with 404: mod_wsgi looks for a file "
    "{asked}, for the path ends in / and the script does not",
    Amiss.DOUBLE: "Glance at {routes} is asked for {asked}, with two slashes: the target ends in / "
    "and the path does not",
}


@rule(
    "GA113",
    "route-slash-mismatch",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Only one of path and target of a route to Glance ends in a slash.

    ## What it does

    Compares the end of the path and of the target of each ProxyPass to Glance, also of one in a
    `<Location>`, and of each WSGIScriptAlias. Not of ProxyPassMatch, RewriteRule and SetHandler,
    which do not cut the path off; and `uwsgi://host:port/` behind a path without a slash is right,
    as is a WSGIScriptAlias of `/`.

    ## Why it matters

    Apache cuts the path off the request and puts the rest behind the target, with nothing between.
    A slash too few joins two words: a host or a file that is not there, or a path that Glance does
    not have. A slash too many is sent on: Glance takes it, but what tells requests apart by their
    path, a log, an access rule or Glance's image cache, sees another one.

    ## Bad

    ```apache
    ProxyPass "/image/" "http://127.0.0.1:60999"
    ```

    ## Good

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Measured

    Apache 2.4.71, `PUT /image/v2/images/…`, over TCP and a UNIX socket, `http://`, `uwsgi://` and
    `balancer://`. `/image/` to `http://127.0.0.1:60999`: 500, "DNS lookup failure for:
    127.0.0.1:60999v2". `/image/` to `http://127.0.0.1:60999/sub`: the backend is asked for
    `/subv2/images/…`. `/image` to `http://127.0.0.1:60999/`: `//v2/images/…`; to `uwsgi://…/`:
    PATH_INFO is `/v2/images/…`. mod_wsgi 4.9.4, `WSGIScriptAlias "/image/" "/srv/g.wsgi"`: 404.
    Glance 20.2.0, 25.1.0 and 33.0.0: `//v2/schemas/image` and
    `/v2//schemas/image` 200, `/subv2/schemas/image` and `/v2schemas/image` 300, the list of its
    versions. That the image cache does not know `/v2//images/…` is from its source.

    ## References

    - httpd 2.4 `modules/proxy/mod_proxy.c`, `ap_proxy_trans_match`; documentation of ProxyPass, "If
      the first argument ends with a trailing /, the second argument should also end with a trailing
      /, and vice versa".
    - mod_wsgi `src/server/mod_wsgi.c`, `wsgi_hook_intercept`.
    - Glance `glance/api/middleware/version_negotiation.py`, `cache.py` (33.0.0).
    """
    for group in by_directive(deployment.glance_routes):
        route = group[0]
        joint = joint_of(route.endpoint)
        if joint is None:
            continue
        routes = listing((one.title for one in group), most=2)
        if joint.amiss is Amiss.DOUBLE:
            step = "write the target without its last /"
        elif route.path == "/":
            step = "write the target with a / at its end"
        else:
            step = f'write the path without its last /: "{route.path.rstrip("/")}"'
        yield Finding(
            place=route.directive.place,
            message=_EFFECTS[joint.amiss].format(routes=routes, asked=joint.asked),
            help=step,
            context=route.endpoint.context,
            related=macro_body(route.directive),
        )
