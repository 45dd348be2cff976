"""The client: requests written to a socket byte by byte, for what they do is what is measured."""

from __future__ import annotations

import hashlib
import json
import select
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.lab.experiment import MIB, Door, Upload

PATIENCE = 100.0  # seconds without an answer that are taken for silence


class Answer(NamedTuple):
    """A status and what came with it.

    In place of a status: 0, the connection ended without one; -1, silence; -2, nobody listens, or
    the kernel refuses.
    """

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
        with _connected(door) as connection:
            connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode() + data)
            return _answer(connection)
    except TimeoutError:
        return Answer(-1, "", "")
    except ConnectionRefusedError:
        return Answer(-2, "", "")
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
    answer = Answer(0, "", "")
    try:
        with _connected(action.door) as connection:
            connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
            try:
                if not action.expect or _continues(connection):
                    _send(action, connection, digest, half)
            except TimeoutError:
                raise
            except OSError:
                pass  # closed from the other side; there may be an answer all the same
            answer = _answer(connection)
    except TimeoutError:
        answer = Answer(-1, "", "")
    except ConnectionRefusedError:
        answer = Answer(-2, "", "")
    except OSError:
        answer = Answer(0, "", "")
    return Sent(answer, digest.hexdigest())


# Another user of the machine, with its Python: prints what the socket answers.
_NOBODY = "nobody:nogroup"
_KNOCK = """\
import socket, sys
knocking = socket.socket(socket.AF_UNIX)
knocking.connect(sys.argv[1])
knocking.sendall(sys.argv[2].encode())
while said := knocking.recv(65536):
    sys.stdout.buffer.write(said)
"""


def ask_as_nobody(root: Path, door: Door, to: str) -> Answer:
    """Ask at a UNIX socket of a machine as its user ``nobody``."""
    request = f"GET {to} HTTP/1.1\r\nHost: {door.host}\r\nConnection: close\r\n\r\n"
    done = subprocess.run(
        [
            *("chroot", f"--userspec={_NOBODY}", str(root)),
            *("/usr/bin/python3", "-c", _KNOCK, door.socket, request),
        ],
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    if b"PermissionError" in done.stderr:
        return Answer(-2, "", "")
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace"))
    return _parsed(done.stdout)


def _connected(door: Door) -> socket.socket:
    connection = socket.create_connection((door.address, door.port), PATIENCE)
    if not door.tls:
        return connection
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    return anybody.wrap_socket(connection, server_hostname=door.host)


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
    return _parsed(data)


def _parsed(data: bytes) -> Answer:
    """Return an answer from its bytes."""
    head, _, body = data.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head, _, body = body.partition(b"\r\n\r\n")
    words = head.split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    return Answer(status, head.decode("latin-1"), body.decode("utf-8", "replace"))
