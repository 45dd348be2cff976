"""Links and dots: nothing outside the root is ever opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.files import FileSource, Kind, Unreadable
from tests.files.reason import reason


@pytest.mark.parametrize(
    ("link", "target", "text"),
    [
        ("etc/a", "file", "file"),
        ("etc/a", "/etc/file", "file"),
        ("etc/a", "../etc/./file", "file"),
        ("etc/a", "../../../../etc/file", "file"),
        ("etc/a", "../secret", "inside"),
        ("etc/a", "../../secret", "inside"),
        ("etc/a", "/../secret", "inside"),
        ("a", "etc", None),
        ("a", "/etc/", None),
    ],
)
def test_a_link_is_followed_inside_the_root(
    link: str, target: str, text: str | None, root: Path
) -> None:
    (root / link).symlink_to(target)
    source = FileSource(str(root))

    if text is None:
        assert source.kind(f"/{link}") is Kind.DIRECTORY
        assert source.text(f"/{link}/file") == "file"
        assert source.real(f"/{link}/file") == "/etc/file"
        assert source.names(f"/{link}") == ["file"]
    else:
        assert source.text(f"/{link}") == text
        assert source.kind(f"/{link}") is Kind.FILE
    assert source.is_link(f"/{link}")
    assert not source.is_link("/etc/file")


@pytest.mark.parametrize("path", ["/../secret", "/../../secret", "/etc/../../secret", "//secret"])
def test_dots_stop_at_the_root(path: str, root: Path) -> None:
    source = FileSource(str(root))
    assert source.text(path) == "inside"
    assert source.real(path) == "/secret"


@pytest.mark.parametrize("where", ["absolute", "relative"])
def test_nothing_outside_the_root_is_opened(where: str, root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("outside")
    target = str(outside) if where == "absolute" else "../outside"
    (root / "link").symlink_to(target)
    (root / "link-to-file").symlink_to(f"{target}/file")
    source = FileSource(str(root))

    assert source.kind("/link") is Kind.MISSING
    assert reason(source, "/link/file") == "does not exist"
    assert reason(source, "/link-to-file") == "does not exist"
    with pytest.raises(Unreadable):
        source.names("/link")


def test_a_parent_behind_a_link_is_that_of_its_target(root: Path) -> None:
    (root / "srv" / "deep").mkdir()
    (root / "srv" / "file").write_text("srv")
    (root / "etc" / "link").symlink_to("/srv/deep")
    source = FileSource(str(root))

    # As the kernel does: /srv/deep/.. is /srv, while /etc/link/.. by its name alone were /etc.
    assert source.text("/etc/link/../file") == "srv"
    assert source.kind("/etc/link/../file") is Kind.FILE
    assert source.real("/etc/link/../file") == "/srv/file"


def test_a_root_that_is_a_link_is_its_target(root: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to("root")
    source = FileSource(str(tmp_path / "alias"))

    assert source.text("/etc/file") == "file"
    assert source.real("/etc/file") == "/etc/file"
    assert source.real("/") == "/"


@pytest.mark.parametrize("rooted", [True, False])
def test_a_loop_of_links_ends(rooted: bool, root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    (root / "self").symlink_to("self/self")
    source = FileSource(str(root)) if rooted else FileSource()
    prefix = "" if rooted else str(root)

    for name in ("a", "b", "self", "a/x"):
        path = f"{prefix}/{name}"
        assert reason(source, path) == "too many levels of symbolic links"
        assert source.kind(path) is Kind.MISSING
        assert source.real(path).startswith("/")
    with pytest.raises(Unreadable, match="too many levels"):
        source.names(f"{prefix}/a")


def test_a_dangling_link_does_not_exist(root: Path) -> None:
    (root / "a").symlink_to("nowhere")
    source = FileSource(str(root))

    assert reason(source, "/a") == "does not exist"
    assert source.is_link("/a")
    assert source.real("/a") == "/nowhere"
