"""The client: requests written to a socket byte by byte, for what they do is what is measured."""

from __future__ import annotations

import hashlib
import json
import select
import socket
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.lab.experiment import MIB, Door, Upload

PATIENCE = 100.0  # seconds without an answer that are taken for silence


class Answer(NamedTuple):
    """A status (0: the connection ended without one, -1: silence) and what came with it."""

    status: int
    head: str
    body: str


class Sent(NamedTuple):
    """An upload that is over: the answer, and the SHA-512 of the image that was sent."""

    answer: Answer
    sha512: str


def ask(door: Door, method: str, to: str, body: object = None, token: int = 0) -> Answer:
    """Send a request with at most a JSON body, and return the answer."""
    data = b"" if body is None else json.dumps(body).encode()
    head = [f"{method} {to} HTTP/1.1", f"Host: {door.host}", "Connection: close"]
    head += [f"Content-Type: application/json\r\nContent-Length: {len(data)}"] * bool(data)
    head += [f"X-Auth-Token: {'t' * token}"] * bool(token)
    try:
        with socket.create_connection((door.address, door.port), PATIENCE) as connection:
            connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode() + data)
            return _answer(connection)
    except TimeoutError:
        return Answer(-1, "", "")
    except OSError:
        return Answer(0, "", "")


def upload(action: Upload, image: str, half: Callable[[Callable[[], bool]], None]) -> Sent:
    """Send an image, and call ``half`` in the middle with a function that tells of an answer.

    An answer that comes before the end ends the upload, as it does with the clients of the field.
    """
    digest = hashlib.sha512()
    head = [
        f"PUT {action.raw or f'{action.door.path}/v2/images/{image}/{action.to}'} HTTP/1.1",
        f"Host: {action.door.host}",
        "Connection: close",
        "Content-Type: application/octet-stream",
        "Transfer-Encoding: chunked" if action.chunked else f"Content-Length: {action.size}",
    ]
    head += ["Expect: 100-continue"] * action.expect
    head += [f"X-Auth-Token: {'t' * action.token}"] * bool(action.token)
    answer = Answer(0, "", "")
    try:
        with socket.create_connection(
            (action.door.address, action.door.port), PATIENCE
        ) as connection:
            connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
            try:
                if not action.expect or _continues(connection):
                    _send(action, connection, digest, half)
            except OSError:
                pass  # closed from the other side; there may be an answer all the same
            answer = _answer(connection)
    except TimeoutError:
        answer = Answer(-1, "", "")
    except OSError:
        answer = Answer(0, "", "")
    return Sent(answer, digest.hexdigest())


def pieces(size: int, length: int) -> Iterator[bytes]:
    """Yield an image of ``size`` bytes: what repeats in it repeats after a megabyte and a bit."""
    block = b"".join(n.to_bytes(4, "big") for n in range(MIB // 4 + 251))
    large = block * (2 + length // len(block))
    sent = 0
    while sent < size:
        start = sent % len(block)
        piece = large[start : start + min(length, size - sent)]
        yield piece
        sent += len(piece)


def _send(
    action: Upload,
    connection: socket.socket,
    digest: hashlib._Hash,
    half: Callable[[Callable[[], bool]], None],
) -> None:
    sent, held, began = 0, False, time.monotonic()
    for piece in pieces(action.size, action.chunk):
        digest.update(piece)
        framed = b"%x\r\n%s\r\n" % (len(piece), piece) if action.chunked else piece
        if not _write(connection, framed):
            return
        sent += len(piece)
        if not held and sent >= action.size / 2:
            held = True
            half(lambda: _readable(connection))
            if _answered(connection, action.pause):
                return
        due = began + action.lasts * sent / action.size
        if action.lasts and _answered(connection, due - time.monotonic()):
            return
    if action.chunked:
        _write(connection, b"0\r\n\r\n")


def _answered(connection: socket.socket, seconds: float) -> bool:
    """Send nothing for a while; True when an answer came meanwhile."""
    return seconds > 0 and bool(select.select([connection], [], [], seconds)[0])


def _write(connection: socket.socket, data: bytes) -> bool:
    """Write it all; False when an answer came first."""
    view = memoryview(data)
    while view:
        readable, writable, _ = select.select([connection], [connection], [], PATIENCE)
        if readable:
            return False
        if not writable:
            raise TimeoutError
        view = view[connection.send(view) :]
    return True


def _readable(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0)[0])


def _continues(connection: socket.socket) -> bool:
    """Wait for 100 Continue as curl does, which sends after a second without one."""
    if not select.select([connection], [], [], 1)[0]:
        return True
    peeked = connection.recv(4096, socket.MSG_PEEK)
    end = peeked.find(b"\r\n\r\n")
    if b" 100 " not in peeked[:13] or end < 0:
        return False
    connection.recv(end + 4)
    return True


def _answer(connection: socket.socket) -> Answer:
    """Read to the end; what is read when the connection breaks counts."""
    connection.settimeout(PATIENCE)
    data = b""
    try:
        while piece := connection.recv(65536):
            data += piece
    except TimeoutError:
        if not data:
            raise
    except OSError:
        pass
    head, _, body = data.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head, _, body = body.partition(b"\r\n\r\n")
    words = head.split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    return Answer(status, head.decode("latin-1"), body.decode("utf-8", "replace"))
