"""Sizes, mounts and what the host says of a directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from glance_audit.files import FileSource, Place
from glance_audit.storage import format_size, mount_for, mounts, parse_size, probe_host

GIB = 1024**3


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("10GiB", 10 * GIB),
        ("10G", 10 * GIB),
        ("10 gb", 10 * GIB),
        ("512M", GIB // 2),
        ("1.5TiB", 1536 * GIB),
        ("1024", 1024),
        ("0", 0),
        ("3B", 3),
        ("0.1K", 102),
    ],
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "G", "-1G", "10X", "1e3", "10 G B", "1,5G", "\u0661G", "10GG"]
)
def test_what_is_no_size_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (900, "900 B"),
        (1024, "1 KiB"),
        (20 * 1024**2, "20 MiB"),
        (10 * GIB, "10 GiB"),
        (1536 * GIB, "1.5 TiB"),
        (GIB - 1, "1024 MiB"),
        (1024**7, "1024 EiB"),
    ],
)
def test_sizes_are_shown_with_one_decimal_at_most(size: int, text: str) -> None:
    assert format_size(size) == text


def _tree(root: Path, files: dict[str, str]) -> FileSource:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return FileSource(str(root))


def test_fstab_lines_are_mounts_with_their_size_and_place(tmp_path: Path) -> None:
    source = _tree(
        tmp_path,
        {
            "etc/fstab": "# a comment\nUUID=1 / ext4 defaults 0 1\n"
            "tmpfs /tmp tmpfs nosuid,size=512M 0 0\n"
            "tmpfs /half tmpfs size=50% 0 0\n"
            "/dev/b /my\\040disk xfs noauto 0 0\n/dev/c /with\\040blank xfs\n"
            "/dev/s none swap sw 0 0\n"
        },
    )
    found = {mount.where: mount for mount in mounts(source)}
    assert set(found) == {"/", "/tmp", "/half", "/with blank"}
    assert found["/tmp"].size_bytes == GIB // 2
    assert found["/tmp"].in_memory
    assert found["/tmp"].place == Place("/etc/fstab", 3, 1, 3, 38)
    assert found["/half"].size_bytes is None
    assert found["/"].size_bytes is None


def test_a_shipped_tmp_mount_counts_only_when_something_wants_it(tmp_path: Path) -> None:
    unit = "[Mount]\nWhat=tmpfs\nWhere=/tmp\nType=tmpfs\nOptions=mode=1777,size=50%%,nr_inodes=1m\n"
    source = _tree(tmp_path, {"usr/lib/systemd/system/tmp.mount": unit})
    assert mounts(source) == ()
    wants = tmp_path / "usr/lib/systemd/system/local-fs.target.wants"
    wants.mkdir()
    (wants / "tmp.mount").symlink_to("../tmp.mount")
    found = mounts(FileSource(str(tmp_path)))
    assert [(mount.where, mount.fstype, mount.size_bytes) for mount in found] == [
        ("/tmp", "tmpfs", None)
    ]


def test_a_drop_in_changes_the_size_of_a_mount_unit(tmp_path: Path) -> None:
    source = _tree(
        tmp_path,
        {
            "etc/systemd/system/tmp.mount": "[Mount]\nWhat=tmpfs\nWhere=/tmp\nType=tmpfs\n",
            "etc/systemd/system/tmp.mount.d/size.conf": "[Mount]\nOptions=size=2G\n",
            "etc/fstab": "tmpfs /tmp tmpfs size=1G 0 0\n",
        },
    )
    (mount,) = mounts(source)
    assert mount.size_bytes == 2 * GIB
    assert mount.place == Place("/etc/systemd/system/tmp.mount.d/size.conf", 2, 9, 2, 16)


def test_the_deepest_mount_holds_a_path(tmp_path: Path) -> None:
    source = _tree(
        tmp_path,
        {"etc/fstab": "a / ext4\nb /var ext4\nc /var/tmp tmpfs size=1g\nd /var/tmpx xfs\n"},
    )
    found = mounts(source)
    where = {}
    for path in ("/var/tmp/x", "/var/tmp", "/var/tmp2", "/srv", "/var/tmpx/y"):
        mount = mount_for(found, path)
        where[path] = mount.where if mount else None
    assert where == {
        "/var/tmp/x": "/var/tmp",
        "/var/tmp": "/var/tmp",
        "/var/tmp2": "/var",
        "/srv": "/",
        "/var/tmpx/y": "/var/tmpx",
    }
    assert mount_for((), "/tmp") is None


def test_the_host_tells_the_room_and_type_of_a_directory(tmp_path: Path) -> None:
    facts = probe_host(str(tmp_path), None)
    room = os.statvfs(tmp_path)
    assert facts.exists
    assert facts.is_directory
    assert facts.total_bytes == room.f_frsize * room.f_blocks
    assert facts.free_bytes is not None
    assert facts.fstype
    assert facts.writable is None


def test_the_type_of_proc_is_proc() -> None:
    assert probe_host("/proc/self", None).fstype == "proc"


def test_a_missing_directory_and_a_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    missing = probe_host(str(tmp_path / "none"), "root")
    assert (missing.exists, missing.is_directory, missing.writable) == (False, False, False)
    file = probe_host(str(tmp_path / "file"), "root")
    assert (file.exists, file.is_directory, file.writable) == (True, False, False)
    assert probe_host("\0", None).exists is None


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to try as another account")
@pytest.mark.parametrize("mode", [0o777, 0o755, 0o1777, 0o700, 0o773, 0o775, 0o770, 0o776])
@pytest.mark.parametrize("owner", [(0, 0), (0, 65534), (65534, 0)])
def test_writability_is_what_the_kernel_answers_the_account(
    mode: int, owner: tuple[int, int]
) -> None:
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory(dir="/tmp") as parent:
        os.chmod(parent, 0o755)
        target = Path(parent) / "spool"
        target.mkdir()
        os.chown(target, *owner)
        target.chmod(mode)
        attempt = subprocess.run(
            [
                "setpriv",
                "--reuid=nobody",
                "--regid=nogroup",
                "--clear-groups",
                "touch",
                f"{target}/x",
            ],
            capture_output=True,
            check=False,
        )
        assert probe_host(str(target), "nobody").writable is (attempt.returncode == 0)
        assert probe_host(str(target), "root").writable is True
        assert probe_host(str(target), "no-such-account").writable is None


def test_a_closed_directory_above_closes_those_below(tmp_path: Path) -> None:
    import pwd

    inner = tmp_path / "closed/open"
    inner.mkdir(parents=True)
    inner.chmod(0o777)
    inner.parent.chmod(0o700)
    if inner.stat().st_uid != pwd.getpwnam("nobody").pw_uid:
        assert probe_host(str(inner), "nobody").writable is False
