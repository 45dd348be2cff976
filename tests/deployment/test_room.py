"""What is known of the room in a temporary directory."""

from __future__ import annotations

from pathlib import Path

from glance_audit.deployment.room import RoomFinder
from glance_audit.files import Place
from glance_audit.storage import Mount
from tests.deployment.trees import write

FSTAB = Place("/etc/fstab", 3)
MOUNTS = (
    Mount("/", "ext4", None, Place("/etc/fstab", 1)),
    Mount("/tmp", "tmpfs", 1024, FSTAB),
    Mount("/tmp/disk", "xfs", None, FSTAB),
)


def finder(root: Path, *, host: bool = False, stated: int | None = None) -> RoomFinder:
    return RoomFinder(write(root, {"/srv/file": ""}), MOUNTS, host=host, stated=stated)


def test_the_mount_over_a_directory_says_its_size(tmp_path: Path) -> None:
    room = finder(tmp_path).room("/tmp/x")
    assert (room.total, room.fstype, room.source, room.place) == (
        1024,
        "tmpfs",
        "fstab for /tmp",
        FSTAB,
    )
    deeper = finder(tmp_path).room("/tmp/disk/x")
    assert (deeper.total, deeper.fstype, deeper.in_memory) == (None, "xfs", False)


def test_the_root_file_system_says_nothing(tmp_path: Path) -> None:
    room = finder(tmp_path).room("/tmpfoo")
    assert (room.total, room.fstype, room.place) == (None, None, None)


def test_what_the_operator_states_counts_and_the_type_stays(tmp_path: Path) -> None:
    room = finder(tmp_path, stated=5).room("/tmp")
    assert (room.total, room.fstype, room.source) == (5, "tmpfs", "as stated")


def test_a_mount_of_the_service_alone_hides_the_systems(tmp_path: Path) -> None:
    own = (Mount("/tmp", "tmpfs", 77, Place("/etc/systemd/system/apache2.service", 9)),)
    for host in (False, True):
        room = finder(tmp_path, host=host).room("/tmp", own)
        assert (room.total, room.source) == (77, "apache2.service for /tmp")


def test_the_live_host_is_asked_only_when_it_is_meant(tmp_path: Path) -> None:
    directory = str(tmp_path)
    live = finder(tmp_path, host=True)
    assert live.room(directory).source == "measured here"
    assert (live.room(directory).total or 0) > 0
    assert live.facts(directory, None).is_directory is True
    assert live.facts(f"{directory}/missing", None).exists is False

    tree = finder(tmp_path)
    assert tree.room("/srv").source == "unknown"
    assert tree.facts(directory, None).exists is None


def test_a_tree_tells_of_what_it_holds(tmp_path: Path) -> None:
    tree = finder(tmp_path)
    assert tree.facts("/srv", None).is_directory is True
    assert tree.facts("/srv/file", None).is_directory is False
    assert tree.facts("/srv/missing", None).exists is None
    assert tree.facts("/srv", None).writable is None
