"""How much room there is for spooled uploads: from the files, and from the host when it is live."""

from glance_audit.storage.host import DirectoryFacts, probe_host
from glance_audit.storage.mount import Mount, mount_for, mounts
from glance_audit.storage.size import format_size, parse_size

__all__ = [
    "DirectoryFacts",
    "Mount",
    "format_size",
    "mount_for",
    "mounts",
    "parse_size",
    "probe_host",
]
