"""What an experiment is: a rule's two deployments, what a client does, and what has to happen."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.samples.sample import RULES, SAMPLES

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

GLANCE = "33.0.0"
SIDES = ("bad", "good")
ADDRESS = "192.0.2.11"  # of a sample's host: the loopback has it too


class Door(NamedTuple):
    """Where a client knocks: ``path`` is what stands before Glance's own paths."""

    path: str = "/image"
    port: int = 80
    address: str = "127.0.0.1"
    host: str = "images.example.net"


class Upload(NamedTuple):
    """An image sent to Glance; half-way the client waits until it is seen where the bytes went.

    ``size`` and ``chunk`` are in bytes. ``pause``: seconds without a byte in the middle. ``lasts``:
    seconds over which the bytes are spread. ``to``: ``file``, or ``stage`` for an import; with
    ``raw`` the body goes to that path of a neighbour of Glance's. ``token``: the bytes of the
    X-Auth-Token. ``frozen``: seconds for which Glance is stopped in the middle, as by a store that
    hangs. ``asks``: requests of other clients in the middle. ``at_once``: so many uploads.
    """

    chunked: bool = True
    size: int = 8 * MIB
    chunk: int = 64 * KIB
    expect: bool = False
    pause: float = 0
    lasts: float = 0
    to: str = "file"
    raw: str = ""
    token: int = 0
    frozen: float = 0
    asks: int = 0
    at_once: int = 1
    door: Door = Door()


class Get(NamedTuple):
    """A request without a body; ``token`` is the length of its X-Auth-Token in bytes.

    ``to``: the path after Glance's own, and ``absolute`` the whole of what is asked for.
    """

    to: str = "/v2/images"
    token: int = 0
    absolute: str = ""
    door: Door = Door()


class Import(NamedTuple):
    """An image staged and imported by ``method``.

    Nothing is asked of Glance for ``quiet`` seconds: the data base tells when it is done.
    """

    method: str = "glance-direct"
    size: int = 8 * MIB
    quiet: float = 20
    door: Door = Door()


Action = Upload | Get | Import


class Want(NamedTuple):
    """What has to be observed; a field that is None is not looked at.

    ``status``: one of these; 0 is a connection that ends without an answer. ``image``: the status
    in Glance's data base. ``streamed``: the store has bytes while the client still holds half of
    them back. ``spooled``: the program that keeps the upload in a deleted file meanwhile, ``""``
    for none; ``spool_in``: that file's directory. ``log``: a part of a line in a server's log.
    ``body``: a part of the answer.
    """

    status: tuple[int, ...]
    image: str | None = None
    streamed: bool | None = None
    spooled: str | None = None
    spool_in: str | None = None
    log: str | None = None
    body: str | None = None


class Edit(NamedTuple):
    """A text of a sample's file that the experiment replaces: what takes hours there, seconds here.

    Of one side alone when ``side`` names it.
    """

    file: str
    old: str
    new: str
    side: str = ""


class Disk(NamedTuple):
    """A file system of its own, with its ``size`` in bytes."""

    directory: str
    size: int


class Experiment(NamedTuple):
    """One rule's claim, put to the servers.

    ``bad`` and ``good`` are what is wanted of the two deployments, ``samples/rules/CODE/bad`` and
    ``good`` unless ``trees`` names others. ``options`` are the auditor's beside the sample's own.
    ``also``: codes that the auditor may report of the good deployment, each with a reason that is
    not this failure. ``uwsgi``: ``debian`` or ``pypi``.
    """

    name: str
    code: str
    what: str
    action: Action
    bad: Want
    good: Want
    releases: tuple[str, ...] = (GLANCE,)
    uwsgi: str = "debian"
    trees: tuple[str, str] | None = None
    good_action: Action | None = None
    edits: tuple[Edit, ...] = ()
    disks: tuple[Disk, ...] = ()
    options: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    smoke: bool = False

    def tree(self, side: str) -> Path:
        """Return the directory of one of the two deployments."""
        if self.trees:
            return SAMPLES / self.trees[SIDES.index(side)]
        return RULES / self.code / side

    def wanted(self, side: str) -> Want:
        """Return what is wanted of one of the two deployments."""
        return self.bad if side == "bad" else self.good

    def acted(self, side: str) -> Action:
        """Return what the client does there."""
        return self.good_action or self.action if side == "good" else self.action

    def changes(self, side: str) -> tuple[Edit, ...]:
        """Return what is changed in the sample's files there."""
        return tuple(edit for edit in self.edits if edit.side in ("", side))


class Observation(NamedTuple):
    """What was observed: see :class:`Want`.

    ``whole``: Glance's size and SHA-512 are those of what was sent, None when there is no image.
    ``seconds``: how long the action took. ``step``: what the status is of: ``create`` when not even
    an image could be created.
    """

    step: str
    status: int
    image: str = ""
    whole: bool | None = None
    streamed: bool | None = None
    spooled: str = ""
    spool_in: str = ""
    body: str = ""
    seconds: float = 0
    log: tuple[str, ...] = ()


def differences(want: Want, seen: Observation) -> list[str]:
    """Return in words how an observation differs from what is wanted; nothing when it does not."""
    found = []
    if seen.status not in want.status:
        found.append(
            f"status {seen.status} ({seen.step}), not {' or '.join(map(str, want.status))}"
        )
    for field in ("image", "streamed", "spooled", "spool_in"):
        wanted, got = getattr(want, field), getattr(seen, field)
        if wanted is not None and wanted != got:
            found.append(f"{field} {got!r}, not {wanted!r}")
    if want.image == "active" and seen.whole is not True:
        found.append("the image differs from what was sent")
    if want.log is not None and not any(want.log in line for line in seen.log):
        found.append(f"no line with {want.log!r} in the logs")
    if want.body is not None and want.body not in seen.body:
        found.append(f"no {want.body!r} in the answer {seen.body[:200]!r}")
    return found
