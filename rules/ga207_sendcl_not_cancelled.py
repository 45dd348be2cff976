"""GA207 sendcl-not-cancelled."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.environment import SENDCL
from glance_audit.deployment.model import Deployment, EnvironmentUse, Position, position
from glance_audit.deployment.outlasting import Failure, Outlasting
from glance_audit.deployment.setting import EnvironmentSetting
from glance_audit.deployment.versions import Holds
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA207",
    "sendcl-not-cancelled",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A line that is to cancel `proxy-sendcl` cannot, and images are spooled all the same.

    ## What it does

    Looks for `UnsetEnv proxy-sendcl`, and for `!proxy-sendcl` in SetEnvIf, BrowserMatch and
    RewriteRule, that cover a Glance route on which `proxy-sendcl` is in force nevertheless. A
    variable that is set on purpose in a narrower place, such as a `<Location>` of the VirtualHost
    that unsets it, is not meant.

    ## Why it matters

    Somebody has seen that images must not be spooled, and believes that they are not. UnsetEnv
    removes only what SetEnv and PassEnv have set, and only where it is merged after them: a
    `<Location>` of the main server comes after a whole VirtualHost, and of two Locations the lower
    line comes last, not the longer path. SetEnvIf, BrowserMatch and RewriteRule run before SetEnv.
    And where two Locations match that both hold directives of mod_env, whatever the variable,
    Apache merges the two first, and UnsetEnv is lost: what a VirtualHost sets stays. So it is with
    two directories, files or `<If>`.

    ## Bad

    ```apache
    SetEnv proxy-sendcl 1
    SetEnvIf Request_URI "^/image" !proxy-sendcl
    ```

    ## Good

    ```apache
    SetEnv proxy-sendcl 1
    <Location "/image">
        UnsetEnv proxy-sendcl
    </Location>
    ```

    ## Measured

    Apache 2.4.71, 100 kB in chunks. Spooled all the same: SetEnvIf and `UnsetEnv`; SetEnv and
    `!proxy-sendcl` of SetEnvIf or of RewriteRule; a `<Location>` of the main server that sets it
    and `UnsetEnv` in the VirtualHost; `<Location "/image">` with `UnsetEnv` above a
    `<Location "/">` with SetEnv; SetEnv in a VirtualHost and `UnsetEnv` in `<Location "/image">`
    beside a `<Location "/">` with `SetEnv other 1`. Streamed: `UnsetEnv` in a VirtualHost, or in
    one Location alone, against a SetEnv of the server. `proxy-sendchunked` cancels it in every
    case. All of them are in `tests/deployment/placements.conf`.

    ## References

    - httpd documentation, mod_env and "Environment Variables in Apache": SetEnv runs late.
    - httpd 2.4 `modules/metadata/mod_env.c` (`merge_env_dir_configs`: `res->unsetenv = NULL`),
      `modules/metadata/mod_setenvif.c`.
    """
    pike = deployment.versions.holds(before="chunked-read") is Holds.ALL
    for _, use in deployment.environment(SENDCL):
        groups: dict[tuple[Position, Failure], list[Outlasting]] = {}
        for one in use.outlasted:
            key = position(one.setting.directive), one.failure
            groups.setdefault(key, []).append(one)
        for group in groups.values():
            yield _finding(use, group, pike)


def _finding(use: EnvironmentUse, group: list[Outlasting], pike: bool) -> Finding:
    unset, cause, failure = use.setting, group[0].setting, group[0].failure
    certain = all(one.route.buffering.value is True for one in group)
    directive = unset.directive
    needed = "remove the line: Glance 15 (Pike) needs proxy-sendcl"
    return Finding(
        place=directive.place,
        message=(
            f"{_said(unset)} does not cancel the "
            f"{cause.by} for {cause.scope.title}, {_why(use, failure, cause.by)}: "
            f"{'' if certain else 'for some requests '}Apache still writes chunked uploads to "
            f"{listing(one.route.path for one in group)} to disk"
        ),
        help=needed if pike else _help(group[0]),
        confidence=Confidence.HIGH if certain else Confidence.MEDIUM,
        context=unset.scope.context,
        related=(
            *macro_body(directive),
            Related("what stays in force", cause.directive.place),
            *(
                Related(f"the Glance route it buffers: {path}", place)
                for place, path in {
                    one.route.directive.place: one.route.path for one in group
                }.items()
            ),
        ),
    )


def _said(unset: EnvironmentSetting) -> str:
    return f"!{SENDCL} of {unset.by}" if unset.early else f"{unset.by} {SENDCL}"


def _why(use: EnvironmentUse, failure: Failure, by: str) -> str:
    match failure:
        case Failure.NOT_ENTERED:
            return f"because proxied requests never enter {use.setting.scope.title}"
        case Failure.ANOTHER_KIND if use.setting.early:
            return f"because {by} is applied after every {use.setting.by}"
        case Failure.ANOTHER_KIND:
            return "because UnsetEnv removes only what SetEnv and PassEnv have set"
        case Failure.TOO_EARLY:
            return "which is applied after it"
        case Failure.MERGED:
            section = use.setting.scope.section
            kind = section.name if section is not None else ""
            return (
                f"because another <{kind}> with SetEnv or UnsetEnv matches too, and merging the "
                "two loses UnsetEnv"
            )


def _help(one: Outlasting) -> str:
    # UnsetEnv is no advice: another section that holds a directive of mod_env would lose it.
    return (
        f"remove the {one.setting.by}, or set proxy-sendchunked in Glance's own <Location>, which "
        "cancels it on httpd 2.4"
    )
