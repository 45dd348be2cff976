"""A route: a path of a virtual host and the backend its requests reach."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from glance_audit.apache import Directive, Word
from glance_audit.deployment.claim import Claim
from glance_audit.deployment.scope import enclosing
from glance_audit.deployment.target import Gateway, Target
from glance_audit.files import Place
from glance_audit.record import NamedTuple

if TYPE_CHECKING:
    from glance_audit.deployment.environment import EnvironmentSetting
    from glance_audit.deployment.instance import Listener, UwsgiInstance
    from glance_audit.deployment.timer import Timer

# What an upload asks for: the path below the route that carries the image bytes.
UPLOAD = "/v2/images/00000000-0000-4000-8000-000000000000/file"
# And one of all the other requests, which is about no image.
VERSIONS = "/versions"
_OWN = re.compile(r"/v2(?:/|\Z)")


class Endpoint(NamedTuple):
    """What the directives alone say of a route, before anything is matched to it.

    ``path`` is the prefix, or the literal start of ``pattern``. ``host`` is the virtual host that
    answers with it (None: the main server), which for an inherited ProxyPass is not the one that
    declares it. ``targets`` is empty for mod_wsgi, whose script is ``script``. ``parameters`` are
    the directive that has the words ``name=value`` of it, and how many words stand before them.
    ``misdirected``: a RewriteRule to a scheme that mod_rewrite does not know, which reaches nobody.
    """

    path: str
    pattern: str | None
    target: str
    gateway: Gateway
    directive: Directive
    host: Directive | None
    targets: tuple[Target, ...] = ()
    script: str | None = None
    parameters: tuple[Directive, int] | None = None
    misdirected: bool = False

    def parameter(self, name: str) -> Word | None:
        """Return the last word that gives the parameter a value; ``name`` in lower case."""
        if self.parameters is None or name not in self.parameters[0].args.lower():
            return None
        directive, before = self.parameters
        given = [w for w in directive.words[before:] if w.text.lower().startswith(f"{name}=")]
        return given[-1] if given else None

    @property
    def upload_uri(self) -> str:
        """A request of this route that carries an image, if it were Glance's."""
        return self.uri(UPLOAD)

    def uri(self, request: str) -> str:
        """Return what a client asks for by this route to make a request of Glance.

        A path that names a part of Glance's own, such as ``/image/v2``, is not said twice.
        """
        path = self.path.rstrip("/")
        at = _OWN.search(path)
        if at is not None and request.startswith(path[at.start() :]):
            path = path[: at.start()]
        return path + request

    @property
    def upload_url(self) -> str:
        """The backend URL of such a request, which ``<Proxy>`` sections are matched with.

        Without the ``unix:`` part, as mod_proxy keeps it, and up to the first back-reference.
        """
        url = self.target.rpartition("|")[2] if self.target[:5].lower() == "unix:" else self.target
        return url.partition("$")[0].rstrip("/") + UPLOAD

    @property
    def mapped_to_file(self) -> bool:
        """Whether Apache maps the request to a file, and enters directories, before it is proxied.

        So it is for SetHandler and for a RewriteRule [P] in a section, which no ``<Proxy>``
        section reaches either (measured: ``sethandler_enters_no_proxy_section``).
        """
        section = self.directive.parent
        return self.directive.key == "sethandler" or (
            self.directive.key == "rewriterule"
            and section is not None
            and section.key != "virtualhost"
        )

    @property
    def context(self) -> tuple[str, ...]:
        """The sections around the directive, for a finding's identity."""
        return enclosing(self.directive)


class Shadow(NamedTuple):
    """What keeps a route's uploads from it.

    ``by`` is the directive that takes them and ``claim`` what it does to them; None: the route's
    own directive hands on no request. ``certain`` False: it takes some requests, or whether it does
    cannot be told from the files. ``whole``: other requests do not reach the route either.
    ``answer`` is the directive that answers in the end, which after a ``!`` is yet another.
    """

    by: Directive | None
    claim: Claim | None
    certain: bool
    whole: bool = False
    answer: Directive | None = None


class Buffering(NamedTuple):
    """Whether Apache spools a route's uploads before the backend hears of them.

    ``value`` is that of the chunked ones, ``lengths`` of those with a Content-Length; None when it
    depends on the request (``<If>``, SetEnvIf on a header). ``settings`` are the live settings that
    cause the one, ``filters`` the directives that cause the other.
    """

    value: bool | None = False
    settings: tuple[EnvironmentSetting, ...] = ()
    lengths: bool | None = False
    filters: tuple[Directive, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether any upload is spooled."""
        return self.value is not False or self.lengths is not False

    @property
    def certain(self) -> bool:
        """Whether all chunked uploads are spooled, or all others."""
        return self.value is True or self.lengths is True

    @property
    def every(self) -> bool:
        """Whether every upload is spooled, chunked or not."""
        return self.value is True and self.lengths is True

    @property
    def causes(self) -> tuple[tuple[Place, str], ...]:
        """What causes it: each place, and what stands there."""
        if not self.settings and not self.filters:
            return ()
        return (
            *((one.directive.place, one.name) for one in self.settings),
            *((one.place, f"{one.name} {one.args}") for one in self.filters),
        )


UNBUFFERED = Buffering()


class Expectation(NamedTuple):
    """Whether Apache sends ``Expect: 100-continue`` on to the backend and waits for its answer.

    ``passed`` None: for some requests. ``by`` is the directive that says so; None: nothing does.
    """

    passed: bool | None = False
    by: Directive | None = None


NOT_PASSED = Expectation()


class Route(NamedTuple):
    """An endpoint with everything that was found out about it.

    ``glance`` says whether requests reach Glance and ``why`` by which evidence. ``backends`` are
    the uWSGI listeners behind its addresses. ``timers`` are Apache's own for this route: the one
    for its backend first, Timeout last. ``body_cap`` limits the whole time of an upload.
    ``expect`` says whether the backend is asked for a 100; it is worked out for Glance's alone.
    """

    endpoint: Endpoint
    host_name: str
    glance: bool
    why: str
    backends: tuple[Backend, ...] = ()
    buffering: Buffering = UNBUFFERED
    timers: tuple[Timer, ...] = ()
    body_cap: Timer | None = None
    expect: Expectation = NOT_PASSED
    shadow: Shadow | None = None

    @property
    def shadowed_by(self) -> Directive | None:
        """The directive that answers the route's uploads, all or some of them, in its place."""
        return self.shadow.by if self.shadow is not None else None

    @property
    def shadowed(self) -> bool:
        """Whether no upload reaches it."""
        return self.shadow is not None and self.shadow.certain

    @property
    def uploads(self) -> bool:
        """Whether image uploads reach Glance through it.

        A shadowed route is dead: what is wrong with it harms nobody until the shadow is gone.
        """
        return self.glance and not self.shadowed

    @property
    def gateway(self) -> Gateway:
        """The module that hands the request over."""
        return self.endpoint.gateway

    @property
    def directive(self) -> Directive:
        """The directive that makes the route."""
        return self.endpoint.directive

    @property
    def path(self) -> str:
        """The path as a message names it."""
        return self.endpoint.path or "/"

    @property
    def title(self) -> str:
        """The route as a message names it."""
        return f"{self.path} on {self.host_name}"

    @property
    def spoolable(self) -> bool:
        """Whether mod_proxy_http, the only gateway that can spool, serves it."""
        return self.gateway is Gateway.PROXY_HTTP


class Backend(NamedTuple):
    """A uWSGI instance that was found behind a route, and the listener that matched.

    ``certain`` is False where it listens on every address, and the route leads to a host by name:
    that may be another machine.
    """

    instance: UwsgiInstance
    listener: Listener
    certain: bool = True
