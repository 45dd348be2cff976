"""What a directive does to a request that another one might want too."""

from __future__ import annotations

from enum import Enum

from glance_audit.apache import Directive
from glance_audit.record import NamedTuple


class Claim(Enum):
    """The ways to answer a request, or to keep others from it."""

    PROXIES = "hands it to a backend"
    EXCLUDES = "keeps ProxyPass from it"
    REDIRECTS = "sends the client elsewhere"
    REFUSES = "answers it with an error"
    REWRITES = "rewrites it"
    MAPS = "maps it to a file"
    SCRIPT = "runs a script"
    HANDLES = "chooses its handler"

    @property
    def ends(self) -> bool:
        """Whether Apache answers itself, before it looks for a file."""
        return self in (Claim.REDIRECTS, Claim.REFUSES)


class Claimant(NamedTuple):
    """A directive that takes a request; ``certain`` False: that cannot be told from the files."""

    directive: Directive
    claim: Claim
    certain: bool

    @property
    def final(self) -> bool:
        """Whether nobody behind it gets the request."""
        return self.certain and self.claim is not Claim.EXCLUDES
