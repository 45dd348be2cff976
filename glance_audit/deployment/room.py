"""How much room a temporary directory has, from the operator, the host or the tree."""

from __future__ import annotations

import posixpath

from glance_audit.deployment.spool import Room
from glance_audit.files import FileSource, Kind
from glance_audit.storage import DirectoryFacts, Mount, mount_for, probe_host


class RoomFinder:
    """Answers what is known of directories, asking the live host only when ``host`` is true.

    ``stated`` is the size in bytes the operator gave for the temporary directory.
    """

    def __init__(
        self, source: FileSource, mounts: tuple[Mount, ...], *, host: bool, stated: int | None
    ) -> None:
        self._source = source
        self._mounts = mounts
        self._host = host
        self._stated = stated

    def facts(self, directory: str, user: str | None) -> DirectoryFacts:
        """Say what is known of a directory.

        Off the live host only what the tree holds speaks. A directory that is missing says
        nothing: few trees are whole.
        """
        if self._host:
            return probe_host(directory, user)
        kind = self._source.kind(directory)
        if kind is not Kind.MISSING:
            return DirectoryFacts(True, kind is Kind.DIRECTORY, None, None, None, None)
        return DirectoryFacts(None, None, None, None, None, None)

    def room(self, directory: str, own: tuple[Mount, ...] = ()) -> Room:
        """Return the size of the file system a directory is on.

        ``own`` are the mounts that only the service sees (TemporaryFileSystem=).
        """
        private = mount_for(own, directory)
        mount = private or mount_for(self._mounts, directory)
        fstype = mount.fstype if mount is not None else None
        if self._stated is not None:
            return Room(self._stated, None, fstype, "as stated")
        if self._host and private is None:
            facts = probe_host(directory, None)
            if facts.total_bytes is not None:
                return Room(facts.total_bytes, facts.free_bytes, facts.fstype, "measured here")
        if mount is not None and mount.place is not None and mount.where != "/":
            file = posixpath.basename(mount.place.file)
            return Room(mount.size_bytes, None, fstype, f"{file} for {mount.where}", mount.place)
        return Room()
