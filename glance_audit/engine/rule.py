"""A rule: its metadata, its page and its check, declared in one decorated function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.record import NamedTuple

if TYPE_CHECKING:
    from glance_audit.deployment.model import Deployment

HEADINGS = (
    "What it does",
    "Why it matters",
    "Bad",
    "Good",
    "Measured",
    "References",
)

DOCS = "https://glance-audit.readthedocs.io/en/latest/rules/"

# GA is the shipped rules' prefix; an operator's own rules have another one.
CODE = re.compile(r"[A-Z]{2,8}[0-9]{3}\Z")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")

Check = Callable[["Deployment"], Iterator[Finding]]


class Rule(NamedTuple):
    """One rule of the catalogue.

    ``severity`` is the one of a finding that names none. ``versions`` says in words on which
    releases it bites. ``check`` finds, and its docstring is the page. ``caused_by`` names the rules
    under whose findings one of this rule folds when they share its cause, the best explanation
    first (:mod:`glance_audit.engine.cause`). ``afterwards``: it runs when the others have, and is
    told by the deployment what their findings came to (:mod:`glance_audit.engine.suppress`).
    ``preview``: it is new, and runs only where that is wished, so that no pipeline breaks by it.
    """

    code: str
    slug: str
    severity: Severity
    basis: Basis
    versions: str
    check: Check
    caused_by: tuple[str, ...] = ()
    afterwards: bool = False
    preview: bool = False

    @property
    def page(self) -> str:
        """The docstring: its first line the title, then the sections of ``HEADINGS`` as Markdown.

        Cleaned when it is asked for: an audit has many rules and shows few.
        """
        from inspect import cleandoc  # with what it needs, a tenth of a small audit

        return cleandoc(self.check.__doc__ or "")

    @property
    def title(self) -> str:
        """The rule in one sentence."""
        return (self.check.__doc__ or "").partition("\n")[0].strip()

    @property
    def url(self) -> str:
        """The address of the rule's page; an operator's own rule has none."""
        return f"{DOCS}{self.code}/" if self.shipped else ""

    @property
    def shipped(self) -> bool:
        """Whether it comes with this program."""
        return self.code.startswith("GA")

    def sections(self) -> dict[str, str]:
        """Return the page's sections by heading, in page order."""
        parts = re.split(r"^## (.+)$", self.page, flags=re.MULTILINE)
        return {
            head.strip(): body.strip() for head, body in zip(parts[1::2], parts[2::2], strict=True)
        }


def rule(
    code: str,
    slug: str,
    *,
    severity: Severity,
    basis: Basis,
    versions: str = "all",
    caused_by: tuple[str, ...] = (),
    afterwards: bool = False,
    preview: bool = False,
) -> Callable[[Check], Rule]:
    """Declare a rule; the decorated generator becomes a :class:`Rule` value.

    Raises:
        ValueError: a malformed code or slug, or a check without a docstring page.
    """
    if not CODE.match(code) or not _SLUG.match(slug):
        raise ValueError(f"not a rule code and slug: {code!r} {slug!r}")

    def declare(check: Check) -> Rule:
        if not check.__doc__:
            raise ValueError(f"{code} has no page: write its docstring")
        return Rule(code, slug, severity, basis, versions, check, caused_by, afterwards, preview)

    return declare
