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
from tests.lab.client import Answer, ask, upload
from tests.lab.experiment import Action, Door, Get, Import, Observation, Upload
from tests.lab.machine import Machine
from tests.lab.servers import wait

# Half-way every upload waits for its bytes to be seen somewhere; this long when they are not.
HELD = 15.0
_NEW = {"name": "laboratory", "disk_format": "raw", "container_format": "bare"}


def act(machine: Machine, action: Action) -> Observation:
    """Do it and return what was observed, without the logs."""
    began = time.monotonic()
    seen = _act(machine, action)
    return seen._replace(seconds=round(time.monotonic() - began, 1))


def _act(machine: Machine, action: Action) -> Observation:
    if isinstance(action, Get):
        answer = ask(
            action.door, "GET", action.absolute or action.door.path + action.to, token=action.token
        )
        return Observation("get", answer.status, body=_text(answer))
    if isinstance(action, Import):
        return _import(machine, action)
    # One after the other: sqlite refuses two writers at a time, which no upload is to blame for.
    identities = []
    for _ in range(action.at_once):
        created, identity = (None, "") if action.raw else _create(action.door)
        if created is not None and not identity:
            return created
        identities.append(identity)
    uploads = [
        action._replace(pause=action.pause + number) for number in range(action.at_once)
    ]  # fmt: skip
    with ThreadPoolExecutor(action.at_once) as threads:
        seen = list(threads.map(lambda *one: _upload(machine, *one), uploads, identities))
    return max(seen, key=lambda one: one.status)  # a failure is above success


def _upload(machine: Machine, action: Upload, identity: str) -> Observation:
    where = "images" if action.to == "file" else "staging"
    before = watch.stored(machine, where)
    spools: list[watch.Spool] = []
    reached: list[bool] = []

    def half(answered: Callable[[], bool]) -> None:
        def somewhere() -> bool:
            found = watch.spool(machine)
            spools.extend([found] if found else [])
            reached.extend([True] * (watch.stored(machine, where) > before))
            return bool(spools or reached) or answered()

        wait(somewhere, HELD)
        if action.frozen:
            _freeze(action.frozen)
        for _ in range(action.asks):
            ask(action.door, "GET", f"{action.door.path}/v2/images")

    sent = upload(action, identity, half)
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
        body=_text(sent.answer),
    )


def _import(machine: Machine, action: Import) -> Observation:
    staged = Upload(size=action.size, door=action.door, to="stage")
    created, identity = _create(action.door)
    if not identity:
        return created
    sent = upload(staged, identity, lambda _answered: None)
    if sent.answer.status != 204:
        return Observation("stage", sent.answer.status, body=_text(sent.answer))
    asked = {"method": {"name": action.method}}
    answer = ask(action.door, "POST", f"{action.door.path}/v2/images/{identity}/import", asked)
    if answer.status == 202:
        wait(lambda: watch.image(machine, identity).status == "active", action.quiet)
    row = watch.image(machine, identity)
    whole = row.size == action.size and row.sha512 == sent.sha512
    return Observation("import", answer.status, image=row.status, whole=whole, body=_text(answer))


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
