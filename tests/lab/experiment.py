"""What an experiment is: a rule's two deployments, what a client does, and what has to happen."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.samples.sample import RULES, SAMPLES

KIB = 1024
MIB = 1024 * KIB

GLANCE = "33.0.0"
SIDES = ("bad", "good")
ADDRESS = "192.0.2.11"  # of a sample's host: the loopback has it too
CERTIFICATE = "/etc/laboratory.pem"  # every machine has one; its key has ``.key`` behind the name


class Door(NamedTuple):
    """Where a client knocks: ``path`` is what stands before Glance's own paths.

    ``tls``: whatever the certificate says; for requests with little or no body. ``socket``: a UNIX
    socket in place of address and port, at which the user ``nobody`` of the machine knocks.
    """

    path: str = "/image"
    port: int = 80
    address: str = "127.0.0.1"
    host: str = "images.example.net"
    tls: bool = False
    socket: str = ""


class Upload(NamedTuple):
    """An image sent to Glance; half-way the client waits until it is seen where the bytes went.

    ``size`` and ``chunk`` are in bytes. ``pause``: seconds without a byte in the middle. ``lasts``:
    seconds over which the bytes are spread. ``to``: ``file``, or ``stage`` for an import; with
    ``raw`` the body goes to that path of a neighbour of Glance's. ``frozen``: seconds for which
    Glance is stopped in the middle, as by a store that hangs. ``asks``: requests of other clients
    in the middle. ``touches``: a file of the machine that is new in the middle, as after the
    upgrade of a package. ``signal``: what uWSGI's master gets in the middle. ``at_once``: so many
    uploads.
    """

    chunked: bool = True
    size: int = 8 * MIB
    chunk: int = 64 * KIB
    expect: bool = False
    pause: float = 0
    lasts: float = 0
    to: str = "file"
    raw: str = ""
    frozen: float = 0
    asks: int = 0
    touches: str = ""
    signal: str = ""
    at_once: int = 1
    door: Door = Door()


class Get(NamedTuple):
    """A list of images asked for; ``token`` is the length of the X-Auth-Token in bytes.

    ``absolute``: something else that is asked for, in whole.
    """

    token: int = 0
    absolute: str = ""
    door: Door = Door()


class Create(NamedTuple):
    """A new image, without a byte of it: the answer's Location is what the client goes on with."""

    door: Door = Door()


class Import(NamedTuple):
    """An image staged and imported with ``glance-direct``; ``at``: the import's door, if another.

    Nothing is asked of Glance for ``quiet`` seconds: the data base tells when it is done.
    """

    quiet: float = 20
    at: Door | None = None


Action = Upload | Get | Create | Import


class Want(NamedTuple):
    """What has to be observed; a field that is None is not looked at.

    ``status``: one of these, or what :class:`tests.lab.client.Answer` has in its place. ``step``:
    of what the status is, when not of the last thing that is done: ``create``, ``stage``.
    ``image``: the status in Glance's data base. ``streamed``: the store has (nearly) the first half
    while the client still holds back the second. ``spooled``: the program that keeps the first half
    in a temporary file meanwhile, ``""`` for none; ``spool_in``: that file's directory,
    ``spool_on``: the type of its file system. ``owner``: the user whose the image is in the store.
    ``disk_format``: the image's; when it is given, the image is not what was sent. ``after``: at
    least so many seconds. ``log``: a part of a line in a server's log. ``body``: a part of the
    answer, its head included.
    """

    status: tuple[int, ...]
    step: str | None = None
    image: str | None = None
    streamed: bool | None = None
    spooled: str | None = None
    spool_in: str | None = None
    spool_on: str | None = None
    owner: str | None = None
    disk_format: str | None = None
    after: float = 0
    log: str | None = None
    body: str | None = None


class Edit(NamedTuple):
    """A text that the experiment replaces in a sample: hours by seconds, a fault by its cure.

    Of one side alone when ``side`` names it.
    """

    file: str
    old: str
    new: str
    side: str = ""


class Disk(NamedTuple):
    """A file system of its own, a tmpfs with its ``size`` in bytes; 0: a plain directory.

    Of one side alone when ``side`` names it.
    """

    directory: str
    size: int
    side: str = ""


class Node(NamedTuple):
    """A second node beside the first: the same sample with these changes, and the same data base.

    The sides in ``shares`` have the staging directory in common.
    """

    edits: tuple[Edit, ...] = ()
    shares: tuple[str, ...] = ()

    def changes(self, side: str) -> tuple[Edit, ...]:
        """Return what is changed in the sample's files on the second node."""
        return _of_side(self.edits, side)


def _of_side(edits: tuple[Edit, ...], side: str) -> tuple[Edit, ...]:
    return tuple(edit for edit in edits if edit.side in ("", side))


class Neighbour(NamedTuple):
    """Another service, that answers every request with 200 and what it was sent ahead of a body."""

    port: int
    address: str = "127.0.0.1"


class Experiment(NamedTuple):
    """One rule's claim, put to the servers.

    ``bad`` and ``good`` are what is wanted of the two deployments, ``samples/rules/CODE/bad`` and
    ``good`` unless ``trees`` names others. ``options`` are the auditor's beside the sample's own.
    ``also``: codes that the auditor may report as well, of what is not tried here or of the same
    failure. ``uwsgi``: ``debian`` or ``pypi``, and of the good one, if another. ``node``: a second
    one beside the first. ``neighbours``: other services of the machine. ``needs``: programs, beside
    the servers.
    """

    name: str
    code: str
    what: str
    action: Action
    bad: Want
    good: Want
    releases: tuple[str, ...] = (GLANCE,)
    uwsgi: str = "debian"
    good_uwsgi: str = ""
    trees: tuple[str, str] | None = None
    good_action: Action | None = None
    edits: tuple[Edit, ...] = ()
    disks: tuple[Disk, ...] = ()
    node: Node | None = None
    neighbours: tuple[Neighbour, ...] = ()
    needs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    good_options: tuple[str, ...] | None = None
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

    def built(self, side: str) -> str:
        """Return whose uWSGI runs there."""
        return self.good_uwsgi or self.uwsgi if side == "good" else self.uwsgi

    def asked(self, side: str) -> tuple[str, ...]:
        """Return the auditor's options there."""
        good = self.options if self.good_options is None else self.good_options
        return good if side == "good" else self.options

    def file_systems(self, side: str) -> tuple[Disk, ...]:
        """Return the file systems that are made there."""
        return tuple(disk for disk in self.disks if disk.side in ("", side))

    def changes(self, side: str) -> tuple[Edit, ...]:
        """Return what is changed in the sample's files there."""
        return _of_side(self.edits, side)


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
    spool_on: str = ""
    owner: str = ""
    disk_format: str = ""
    body: str = ""
    seconds: float = 0
    log: tuple[str, ...] = ()


LAST_STEPS: dict[type, str] = {Upload: "upload", Get: "get", Create: "create", Import: "import"}


def differences(want: Want, seen: Observation, action: Action) -> list[str]:
    """Return in words how an observation differs from what is wanted; nothing when it does not."""
    found = []
    if seen.step != (want.step or LAST_STEPS[type(action)]):
        found.append(f"it ended at the step {seen.step}")
    if seen.status not in want.status:
        found.append(
            f"status {seen.status} ({seen.step}), not {' or '.join(map(str, want.status))}"
        )
    for field in ("image", "streamed", "spooled", "spool_in", "spool_on", "owner", "disk_format"):
        wanted, got = getattr(want, field), getattr(seen, field)
        if wanted is not None and wanted != got:
            found.append(f"{field} {got!r}, not {wanted!r}")
    if want.image == "active" and not want.disk_format and seen.whole is not True:
        found.append("the image differs from what was sent")
    if seen.seconds < want.after:
        found.append(f"after {seen.seconds} s, not {want.after} at least")
    if want.log is not None and not any(want.log in line for line in seen.log):
        found.append(f"no line with {want.log!r} in the logs")
    if want.body is not None and want.body not in seen.body:
        found.append(f"no {want.body!r} in the answer {seen.body[:200]!r}")
    return found
