"""GA206 sendcl-value-ignored."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.environment import SENDCL
from glance_audit.deployment.model import Deployment, EnvironmentUse, Versions, by_directive
from glance_audit.deployment.versions import Holds
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule

FALSY = frozenset({"0", "off", "no", "false", ""})


@rule(
    "GA206",
    "sendcl-value-ignored",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    caused_by=("GA201", "GA202"),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Values such as `0` or `Off` do not switch `proxy-sendcl` off.

    ## What it does

    Looks for `proxy-sendcl` set to `0`, `off`, `no`, `false` or `""` while it is in force on a
    route behind mod_proxy_http.

    ## Why it matters

    mod_proxy_http asks only whether the variable is there. A line that is meant to switch the
    buffering off switches it on.

    ## Bad

    ```apache
    SetEnv proxy-sendcl 0
    ```

    ## Good

    No line at all, or, where another line sets it for Glance too:

    ```apache
    <Location "/image">
        SetEnv proxy-sendchunked 1
    </Location>
    ```

    `UnsetEnv` removes only what SetEnv and PassEnv have set: see GA207.

    ## Measured

    Apache 2.4.71, 100 kB chunked PUT: `1`, `0`, `Off`, `""` and no value at all were spooled alike
    (`tests/deployment/test_environment.py`).

    ## References

    - httpd 2.4 `modules/proxy/mod_proxy_http.c`: `apr_table_get(r->subprocess_env,
      "proxy-sendcl")` is compared with NULL.
    """
    # Once for each server: there may be as many settings as routes.
    serving = {id(server) for server in deployment.servers if server.glance_routes}
    for server, use in deployment.environment(SENDCL):
        setting = use.setting
        if setting.value is None or setting.value.lower() not in FALSY:
            continue
        reached = use.buffered
        if not reached or id(server) not in serving:
            continue
        written = setting.value or '""'
        yield Finding(
            place=setting.value_word.place if setting.value_word else setting.directive.place,
            message=(
                f"the value {written} does not switch proxy-sendcl off: Apache looks only whether "
                "the variable is there, so this line switches the buffering on"
            ),
            help=_help(deployment.versions, use),
            confidence=Confidence.HIGH if use.certain else Confidence.MEDIUM,
            context=setting.scope.context,
            related=(
                *macro_body(setting.directive),
                *(
                    Related(f"buffered by it: {group[0].path}", group[0].directive.place)
                    for group in by_directive(reached)[:3]
                ),
            ),
        )


def _help(versions: Versions, use: EnvironmentUse) -> str:
    if use.glance_buffered and versions.holds(before="chunked-read") is Holds.ALL:
        return "write proxy-sendcl 1, in Glance's own <Location>: Glance 15 (Pike) needs it there"
    # UnsetEnv is no advice: it leaves what SetEnvIf, BrowserMatch and RewriteRule set (GA207).
    return (
        "remove the line; where another one sets it, set proxy-sendchunked in Glance's own "
        "<Location>, which cancels it on httpd 2.4"
    )
