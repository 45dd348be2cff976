"""Reading the audited system: nothing but regular files, and within bounds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from glance_audit.files import FileSource, Kind, Limits, Unreadable
from tests.files.reason import reason


def test_only_regular_files_are_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "fifo")
    (root / "device").symlink_to("/dev/null")
    opened: list[str] = []
    genuine = os.open

    def spy(path: str, flags: int, *, dir_fd: int | None = None) -> int:
        if not flags & os.O_DIRECTORY:
            opened.append(path)
        return genuine(path, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", spy)
    rooted, whole = FileSource(str(root)), FileSource()

    assert reason(rooted, "/fifo") == "is not a regular file"
    assert reason(rooted, "/etc") == "is a directory"
    assert reason(whole, f"{root}/device") == "is not a regular file"
    assert rooted.kind("/fifo") is Kind.OTHER
    assert opened == []
    assert rooted.text("/etc/file") == "file"
    assert opened == ["file"]


def test_a_file_that_is_too_large_is_refused_and_the_largest_is_read(root: Path) -> None:
    (root / "ten").write_bytes(b"x" * 10)
    (root / "eleven").write_bytes(b"x" * 11)
    source = FileSource(str(root), Limits(file_bytes=10))

    assert len(source.read("/ten")) == 10
    assert reason(source, "/eleven") == "is larger than 10 bytes"


def test_a_file_whose_size_is_a_lie_is_bounded_too() -> None:
    source = FileSource("/", Limits(file_bytes=10))
    assert os.stat("/proc/self/status").st_size == 0
    assert reason(source, "/proc/self/status") == "is larger than 10 bytes"


def test_after_so_many_files_it_stops_and_those_known_stay(root: Path) -> None:
    (root / "other").write_text("other")
    source = FileSource(str(root), Limits(files=1))

    assert source.text("/etc/file") == "file"
    assert "more than 1 files were read" in reason(source, "/other")
    assert source.text("/etc/file") == "file"


def test_a_refused_permission_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "listdir", refuse)
    source = FileSource(str(root))

    assert reason(source, "/etc/file") == "permission denied"
    with pytest.raises(Unreadable, match="permission denied"):
        source.names("/etc")


@pytest.mark.parametrize("rooted", [True, False])
@pytest.mark.parametrize("path", ["/etc\0/file", "/etc/\ud800"])
def test_a_path_no_system_can_have_is_unreadable(path: str, rooted: bool, root: Path) -> None:
    source = FileSource(str(root)) if rooted else FileSource()

    assert reason(source, path).startswith("no path can contain")
    assert source.kind(path) is Kind.MISSING
    assert not source.is_link(path)
    assert source.real(path) == path
    with pytest.raises(Unreadable, match="no path can contain"):
        source.names(path)


def test_a_name_that_is_too_long_is_unreadable(root: Path) -> None:
    path = "/" + "x" * 300
    assert reason(FileSource(str(root)), path) == "the name is too long"


def test_names_come_in_the_order_of_their_bytes(root: Path) -> None:
    directory = os.fsencode(root / "srv")
    for name in (
        b"10",
        b"9",
        b"B",
        b"a",
        b"_",
        b".hidden",
        b"\xff",
        "é".encode(),
        b"a-",
        b"a.conf",
    ):
        with open(os.path.join(directory, name), "wb"):
            pass
    source = FileSource(str(root))

    names = source.names("/srv")
    assert [os.fsencode(name) for name in names] == sorted(os.listdir(directory))
    assert names[:4] == [".hidden", "10", "9", "B"]
    assert "\udcff" in names
    assert source.text("/srv/\udcff") == ""


def test_a_file_has_no_names(root: Path) -> None:
    with pytest.raises(Unreadable, match="is not a directory"):
        FileSource(str(root)).names("/etc/file")


def test_every_byte_survives_in_the_text(root: Path) -> None:
    data = bytes(range(256)) + "é\r\n\u2028".encode()
    (root / "bytes").write_bytes(data)
    source = FileSource(str(root))

    assert source.text("/bytes").encode("utf-8", "surrogateescape") == data
    assert source.read("/bytes") == data


def test_a_file_is_read_once_and_remembered_in_order(root: Path) -> None:
    source = FileSource(str(root))
    source.text("/secret")
    source.text("/etc//./file")
    (root / "secret").write_text("changed")

    assert source.text("/secret") == "inside"
    assert source.files_read() == ("/secret", "/etc/file")


def test_what_could_not_be_read_is_not_among_those_read(root: Path) -> None:
    source = FileSource(str(root))
    reason(source, "/missing")
    assert source.files_read() == ()


def test_without_a_root_paths_are_the_systems_own(root: Path) -> None:
    source = FileSource()
    (root / "link").symlink_to("etc")

    assert source.text(f"{root}/link/file") == "file"
    assert source.real(f"{root}/link/file") == os.path.realpath(root / "etc" / "file")


def test_after_so_many_bytes_it_stops_and_those_known_stay(root: Path) -> None:
    (root / "six").write_text("123456")
    source = FileSource(str(root), Limits(bytes=8))

    assert source.text("/etc/file") == "file"
    assert "more than 8 bytes were read" in reason(source, "/six")
    assert source.text("/etc/file") == "file"


def test_a_file_that_shrinks_while_it_is_read_is_not_taken_for_whole(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = os.read

    def truncated(handle: int, size: int) -> bytes:
        return genuine(handle, size)[:2]

    monkeypatch.setattr(os, "read", truncated)

    assert reason(FileSource(str(root)), "/etc/file") == "changed while it was read; audit again"


def test_what_only_this_user_may_not_read_is_told_apart(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str, flags: int, *, dir_fd: int | None = None) -> int:
        raise PermissionError(13, "Permission denied")

    source = FileSource(str(root))
    source.kind("/etc/file")
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Unreadable) as caught:
        source.text("/etc/file")
    assert caught.value.ours

    with pytest.raises(Unreadable) as caught:
        FileSource().text("/proc")
    assert not caught.value.ours
