"""Doing what an experiment says, and seeing what happens."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.lab import watch
from tests.lab.client import Answer, ask, ask_as_nobody, upload
from tests.lab.experiment import Action, Create, Door, Get, Import, Observation, Upload
from tests.lab.machine import Machine
from tests.lab.servers import wait

# Half-way every upload waits for its bytes to be seen somewhere; this long when they are not.
HELD = 15.0
# So much of the first half is it: the rest may still be in the buffers between.
_NEARLY = 0.75
_STORED = 204
# Seconds between the beginnings of uploads at once, and so between their ends.
APART = 0.5
# What becomes of an image when Glance goes on too late is waited for so long.
SETTLED = 20.0
_NEW = {"name": "laboratory", "disk_format": "raw", "container_format": "bare"}


def act(machine: Machine, action: Action) -> Observation:
    """Do it and return what was observed, without the logs."""
    began = time.monotonic()
    seen = _act(machine, action)
    return seen._replace(seconds=round(time.monotonic() - began, 1))


def _act(machine: Machine, action: Action) -> Observation:
    if isinstance(action, Get):
        to = action.absolute or f"{action.door.path}/v2/images"
        if action.door.socket:
            answer = ask_as_nobody(machine.root, action.door, to)
        else:
            answer = ask(action.door, "GET", to, token=action.token)
        return Observation("get", answer.status, body=_text(answer))
    if isinstance(action, Create):
        return _create(action.door)[0]
    if isinstance(action, Import):
        return _import(machine, action)
    # Apart: sqlite refuses two writers at a time, which no upload is to blame for.
    identities = []
    for _ in range(action.at_once):
        created, identity = (None, "") if action.raw else _create(action.door)
        if created is not None and not identity:
            return created
        identities.append(identity)
    uploads = [action._replace(pause=action.pause + n) for n in range(action.at_once)]

    def begin(number: int) -> Observation:
        time.sleep(number * APART)
        return _upload(machine, uploads[number], identities[number])

    with ThreadPoolExecutor(action.at_once) as threads:
        seen = list(threads.map(begin, range(action.at_once)))
    return next((one for one in seen if one.status != _STORED), seen[0])  # a failure counts


def _upload(machine: Machine, action: Upload, identity: str) -> Observation:
    where = "images" if action.to == "file" else "staging"
    least = int(action.size / 2 * _NEARLY)
    spools: list[watch.Spool] = []
    reached: list[bool] = []

    def half(answered: Callable[[], bool]) -> None:
        def somewhere() -> bool:
            found = watch.spool(machine, least)
            spools.extend([found] if found else [])
            reached.extend([True] * (watch.stored(machine, where, identity) >= least))
            return bool(spools or reached) or answered()

        wait(somewhere, HELD)
        if action.touches:
            os.utime(machine.path(action.touches))
        if action.signal:
            os.kill(min(watch.processes("uwsgi")), signal.Signals[action.signal])
        if action.frozen:
            _freeze(action.frozen)
        threading.Thread(target=_others, args=(action,), daemon=True).start()

    sent = upload(action, identity, half)
    if action.frozen and sent.answer.status != _STORED:
        wait(lambda: watch.image(machine, identity).status != "saving", SETTLED)
    row = watch.image(machine, identity)
    known = row.size is not None and row.sha512 is not None
    return Observation(
        "upload",
        sent.answer.status,
        image=row.status,
        whole=(row.size == action.size and row.sha512 == sent.sha512) if known else None,
        streamed=bool(reached),
        spooled=spools[0].program if spools else "",
        spool_in=spools[0].directory if spools else "",
        spool_on=spools[0].filesystem if spools else "",
        owner=watch.owner(machine, where, identity) if identity else "",
        body=_text(sent.answer),
    )


def _others(action: Upload) -> None:
    """Ask for a list as often as other clients do, one after the other; they may hang."""
    for _ in range(action.asks):
        ask(action.door, "GET", f"{action.door.path}/v2/images")


def _import(machine: Machine, action: Import) -> Observation:
    staged = Upload(to="stage")
    created, identity = _create(staged.door)
    if not identity:
        return created
    sent = upload(staged, identity, lambda _answered: None)
    if sent.answer.status != _STORED:
        return Observation("stage", sent.answer.status, body=_text(sent.answer))
    asked = {"method": {"name": "glance-direct"}}
    door = action.at or staged.door
    answer = ask(door, "POST", f"{door.path}/v2/images/{identity}/import", asked, token=32)
    if answer.status == 202:
        wait(lambda: watch.image(machine, identity).status == "active", action.quiet)
    row = watch.image(machine, identity)
    whole = row.size == staged.size and row.sha512 == sent.sha512
    return Observation(
        "import",
        answer.status,
        image=row.status,
        whole=whole,
        disk_format=row.disk_format,
        body=_text(answer),
    )


def _freeze(seconds: float) -> None:
    """Stop every process of uWSGI, and let them go on after a while."""
    pids = watch.processes("uwsgi")
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)

    def thaw() -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    timer = threading.Timer(seconds, thaw)
    timer.daemon = True
    timer.start()


def _create(door: Door) -> tuple[Observation, str]:
    answer = ask(door, "POST", f"{door.path}/v2/images", _NEW)
    created = Observation("create", answer.status, body=_text(answer))
    if answer.status != 201:
        return created, ""
    try:
        return created, str(json.loads(answer.body)["id"])
    except (ValueError, KeyError):
        return created, ""


def _text(answer: Answer) -> str:
    return (answer.head + "\n" + answer.body)[:2000]
