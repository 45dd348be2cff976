"""Where a server spools: APR's search for a temporary directory."""

from __future__ import annotations

from glance_audit.deployment.spool import Room, Spool, Wish, choose_spool
from glance_audit.files import Place
from glance_audit.storage import DirectoryFacts

PLACE = Place("/etc/apache2/envvars", 3)
UNKNOWN = DirectoryFacts(None, None, None, None, None, None)
MISSING = DirectoryFacts(False, False, False, None, None, None)
A_FILE = DirectoryFacts(True, False, False, None, None, None)
READ_ONLY = DirectoryFacts(True, True, False, None, None, None)
GOOD = DirectoryFacts(True, True, True, 10, 5, "ext4")
ROOM = Room(1024, None, "tmpfs", "fstab for /tmp", PLACE)


def wish(directory: str, variable: str = "TMPDIR") -> Wish:
    return Wish(variable, directory, PLACE)


def choose(
    *wishes: Wish, facts: dict[str, DirectoryFacts] | None = None, private: Place | None = None
) -> Spool:
    known = facts or {}
    return choose_spool(wishes, lambda path: known.get(path, UNKNOWN), lambda path: ROOM, private)


def test_without_a_wish_it_is_tmp() -> None:
    spool = choose()
    assert (spool.directory, spool.wish, spool.by, spool.refused) == ("/tmp", None, "default", ())
    assert spool.room is ROOM


def test_the_first_wish_that_can_be_used_decides() -> None:
    facts = {"/a": MISSING, "/b": A_FILE, "/c": READ_ONLY, "/d": GOOD}
    spool = choose(
        wish("/a"), wish("/b", "TMP"), wish("/c", "TEMP"), wish("/d", "X"), wish("/e"), facts=facts
    )
    assert (spool.directory, spool.by) == ("/d", "X")
    assert [(r.wish.directory, r.reason, r.certain) for r in spool.refused] == [
        ("/a", "does not exist", True),
        ("/b", "is not a directory", True),
        ("/c", "is not writable for the server", True),
    ]


def test_a_directory_nothing_is_known_about_is_believed() -> None:
    assert choose(wish("/a")).directory == "/a"


def test_an_empty_value_falls_through_without_a_word() -> None:
    spool = choose(wish(""), wish("/b", "TMP"))
    assert (spool.directory, spool.refused) == ("/b", ())


def test_an_unusable_fallback_is_followed_by_the_next_one() -> None:
    assert choose(facts={"/tmp": MISSING}).directory == "/usr/tmp"
    assert choose(facts={"/tmp": MISSING, "/usr/tmp": A_FILE}).directory == "/var/tmp"
    none = dict.fromkeys(("/tmp", "/usr/tmp", "/var/tmp"), READ_ONLY)
    assert choose(facts=none).directory == "/tmp"


def test_a_private_tmp_concerns_what_lies_in_it_alone() -> None:
    assert choose(private=PLACE).private == PLACE
    assert choose(wish("/tmp"), private=PLACE).private == PLACE
    assert choose(wish("/var/tmp/x"), private=PLACE).private == PLACE
    assert choose(wish("/tmp-large"), private=PLACE).private is None
    assert choose(wish("/srv/spool"), private=PLACE).private is None
    assert choose(facts={"/tmp": MISSING}, private=PLACE).private is None


def test_a_room_says_how_large_it_is_and_how_that_is_known() -> None:
    assert (ROOM.text, ROOM.in_memory) == ("1 KiB (fstab for /tmp)", True)
    assert (Room().text, Room().in_memory) == ("size unknown", False)
    assert Room(fstype="ext4").in_memory is False
