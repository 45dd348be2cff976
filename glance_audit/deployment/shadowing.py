"""Routes to Glance that no upload reaches, by what takes the uploads away."""

from __future__ import annotations

from glance_audit.apache import Directive
from glance_audit.deployment.claim import Claim
from glance_audit.deployment.model import ApacheServer, Position, position
from glance_audit.deployment.route import Route, Shadow
from glance_audit.deployment.scope import virtual_host_of
from glance_audit.record import NamedTuple


class Shadowing(NamedTuple):
    """A directive and the Glance routes whose uploads it takes; None: their own hands on none.

    ``claim`` is what it does to them; ``elsewhere``: another route leads all of them to Glance.
    """

    by: Directive | None
    claim: Claim | None
    routes: tuple[Route, ...]
    elsewhere: bool


def shadowings(server: ApacheServer) -> tuple[Shadowing, ...]:
    """Return what takes uploads from Glance's routes, and is no decision of the operator.

    Left out are routes of a directive that uploads reach in another virtual host, or that a
    virtual host has from the main server and overrides.
    """
    dead = [
        (r, r.shadow) for r in server.routes if r.shadow is not None and r.glance and r.shadowed
    ]
    if not dead:
        return ()
    reached = {position(route.directive) for route in server.glance_routes}
    routes = {(id(r.directive), id(r.endpoint.host)): r for r in server.routes}
    found: dict[Position, list[tuple[Route, Shadow, bool]]] = {}
    for route, shadow in dead:
        if route.endpoint.host is not virtual_host_of(route.directive):
            continue
        winner = routes.get((id(shadow.answer), id(route.endpoint.host)))
        if position(route.directive) in reached or _meant(route, shadow, winner):
            continue
        elsewhere = winner is not None and winner.uploads
        cause = shadow.by or route.directive
        found.setdefault(position(cause), []).append((route, shadow, elsewhere))
    # A rule that leads nowhere itself is told of by what it takes from others.
    groups = [[one for one in group if one[1].by is not None] or group for group in found.values()]
    return tuple(
        Shadowing(
            group[0][1].by,
            group[0][1].claim,
            tuple(route for route, *_ in group),
            all(elsewhere for *_, elsewhere in group),
        )
        for group in groups
    )


def _meant(route: Route, shadow: Shadow, winner: Route | None) -> bool:
    """Whether somebody wants it so.

    A redirect sends clients on; two routes to one target are one; and a more specific path before
    the wider one is how it should be, unless what is behind it is known not to be Glance.
    """
    if shadow.claim is Claim.REDIRECTS:
        return True
    if winner is None:
        return False
    if winner.endpoint.target.rstrip("/") == route.endpoint.target.rstrip("/"):
        return True
    return not shadow.whole and (winner.glance or not winner.why)
