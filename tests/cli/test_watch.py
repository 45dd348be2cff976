"""``--watch``, with a process, files that change and the signal that ends it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from glance_audit.cli.watch import Watched, watched_of
from glance_audit.files import FileSource
from tests.cli.deployments import SHARED, lay_out

pytest.importorskip("watchfiles", reason="the extra `watch` is not installed")
PATIENCE = 20.0  # seconds after which something that must come is given up


class Running:
    """The process, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._said = {1: b"", 2: b""}
        assert process.stdout is not None
        assert process.stderr is not None
        self._streams = {process.stdout.fileno(): 1, process.stderr.fileno(): 2}

    def until(self, stream: int, words: str, times: int = 1) -> str:
        """Wait until words were said so often on 1, standard output, or 2; return all of it."""
        end = time.monotonic() + PATIENCE
        while self._said[stream].count(words.encode()) < times:
            left = end - time.monotonic()
            ready, _, _ = select.select([*self._streams], [], [], max(left, 0))
            assert ready, f"{words!r} was not said: {self._said}"
            for one in ready:
                piece = os.read(one, 65536)
                self._said[self._streams[one]] += piece
                if not piece:  # closed; the other may still hold what was said
                    del self._streams[one]
            assert self._streams or words.encode() in self._said[stream], f"ended: {self._said}"
        return self._said[stream].decode()


@contextmanager
def watching(*arguments: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "glance_audit", "--watch", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            yield Running(process)
        finally:
            process.kill()


def test_a_changed_file_a_replaced_one_and_a_new_one_are_audited(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "tree", SHARED + "IncludeOptional conf.d/*.conf\n")
    (root / "etc/httpd/conf.d").mkdir()
    conf = root / "etc/httpd/conf/httpd.conf"
    with watching("-q", "--format", "concise", "--select", "GA201,GA206", str(root)) as running:
        out = running.until(1, "GA201")
        assert "GA206" not in out

        conf.write_text(conf.read_text().replace("proxy-sendcl 1", "proxy-sendcl 0"))
        running.until(1, "GA206")

        draft = conf.with_name("draft")
        draft.write_text(SHARED + "Include conf.d/*.conf\n")
        draft.replace(conf)
        (root / "etc/httpd/conf.d/more.conf").write_text("SetEnv proxy-sendcl Off\n")
        out = running.until(1, "more.conf")
    assert "\x1b" not in out


def test_it_says_what_it_does_on_standard_error_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "tree")
    with watching("--format", "concise", "-o", str(root / "etc/httpd/report.txt"), str(root)) as on:
        assert "Ctrl-C ends it" in on.until(2, "watching ")
        on.process.send_signal(signal.SIGINT)
        assert on.process.wait(PATIENCE) == 130


def test_a_tree_that_goes_away_is_told_and_it_goes_on(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "tree", uwsgi=None)
    conf = root / "etc/httpd/conf/httpd.conf"
    with watching("--format", "concise", str(root)) as running:
        running.until(1, "GA201")
        running.until(2, "watching ")
        conf.unlink()
        running.until(2, "watching ", 2)
        conf.write_text(SHARED)
        running.until(1, "GA201", 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("/no/such/place",), "does not exist"), (("-", "--stdin-filename", "x"), "instead of -")],
)
def test_what_cannot_be_audited_at_first_is_refused(arguments: tuple[str, ...], words: str) -> None:
    with watching(*arguments) as running:
        assert words in running.until(2, words)
        assert running.process.wait(PATIENCE) == 2


def test_without_the_package_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "watchfiles.py").write_text("raise ModuleNotFoundError('watchfiles')\n")
    done = subprocess.run(
        [sys.executable, "-m", "glance_audit", "--watch", str(lay_out(tmp_path / "tree"))],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'glance-audit[watch]'" in done.stderr


def test_only_the_files_that_were_read_and_their_directories_count(tmp_path: Path) -> None:
    (tmp_path / "enabled").mkdir()
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a").write_text("A\n")
    (tmp_path / "enabled/a").symlink_to("../real/a")
    source = FileSource(str(tmp_path))
    source.names("/enabled")
    source.read("/enabled/a")
    watched = watched_of(source, frozenset({f"{tmp_path}/enabled/report"}))

    assert watched.directories == [f"{tmp_path}/enabled", f"{tmp_path}/real"]
    assert watched.counts(f"{tmp_path}/real/a", modified=True)
    assert watched.counts(f"{tmp_path}/enabled/a", modified=False)
    assert watched.counts(f"{tmp_path}/enabled/b", modified=False)
    assert not watched.counts(f"{tmp_path}/enabled/b", modified=True)
    assert not watched.counts(f"{tmp_path}/real/b", modified=False)
    assert not watched.counts(f"{tmp_path}/enabled/report", modified=False)
    assert not watched.counts(f"{tmp_path}/enabled/.glance-audit-x", modified=False)


def test_what_changed_before_the_watch_was_set_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("A\n")
    when = file.stat().st_ctime_ns
    watched = Watched(frozenset({str(file), f"{tmp_path}/gone"}), frozenset(), frozenset())

    assert watched.changed_since(when)
    assert not watched.changed_since(when + 1)


def test_a_report_of_ours_is_no_change_of_the_directory_that_it_is_in(tmp_path: Path) -> None:
    here = frozenset({str(tmp_path)})

    assert Watched(frozenset(), here, frozenset()).changed_since(1)
    assert not Watched(frozenset(), here, frozenset({f"{tmp_path}/out"})).changed_since(1)
