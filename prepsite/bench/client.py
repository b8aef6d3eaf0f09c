"""An HTTP client for load: many keep-alive connections, driven by one loop.

What a connection does is a script: a generator that yields the bytes of a request and is
sent the response. That costs a fraction of what tasks and futures cost, and the generator
of the load shares its processors with the server.
"""

import gzip
import re
import selectors
import socket
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field

RECONNECT_SECONDS = 0.01
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


class ConnectionLost(Exception):
    """The server went away before it answered; the request may have been carried out."""


class TooSlow(Exception):
    """The server has not answered in time."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response as it came: the body may be compressed."""

    status: int
    head: bytes
    body: bytes

    @property
    def content(self) -> bytes:
        """Return the body as a page."""
        return gzip.decompress(self.body) if self.header("content-encoding") else self.body

    def header(self, name: str) -> str:
        """Return the value of the first header of this name, or nothing."""
        match = re.search(rb"\r\n%s: *([^\r]*)" % name.encode(), self.head, re.IGNORECASE)
        return match[1].decode("latin-1") if match else ""


type Script = Generator[bytes, Response, None]


def split_response(data: bytes | bytearray) -> tuple[Response, int] | None:
    """Return the first response in ``data`` and how many bytes it takes; None if unfinished."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, start = bytes(data[:end]), end + 4
    status = int(head[9:12])
    if match := _LENGTH.search(head):
        stop = start + int(match[1])
        if len(data) < stop:
            return None
        return Response(status, head, bytes(data[start:stop])), stop
    if _CHUNKED.search(head):
        chunks: list[bytes] = []
        while (line_end := data.find(b"\r\n", start)) >= 0:
            size = int(data[start:line_end], 16)
            start = line_end + 2 + size + 2
            if len(data) < start:
                return None
            if size == 0:
                return Response(status, head, b"".join(chunks)), start
            chunks.append(bytes(data[start - size - 2 : start - 2]))
        return None
    return Response(status, head, b""), start


@dataclass(eq=False)
class _Line:
    """A connection, the script that it serves and the request that waits for its answer."""

    script: Script
    wire: socket.socket | None = None
    request: bytes = b""
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    connect_at: float = 0.0


class Driver:
    """Runs scripts side by side, each on a connection of its own.

    A lost connection is thrown into its script, which may yield the request again: the
    driver then connects anew as often as it takes. A script that does not catch it ends
    the run with ConnectionLost, as one that waits longer than ``timeout`` seconds does
    with TooSlow.
    """

    def __init__(self, port: int, scripts: Iterable[Script], timeout: float = 60) -> None:
        self._address = ("127.0.0.1", port)
        self._timeout = timeout
        self._selector = selectors.DefaultSelector()
        self._lines = [_Line(script) for script in scripts]
        self._has_begun = False
        for line in self._lines:
            self._connect(line)

    @property
    def in_flight(self) -> int:
        """Return how many requests are with the server and not answered yet."""
        return sum(line.wire is not None and bool(line.request) for line in self._lines)

    @property
    def is_done(self) -> bool:
        return not self._lines

    def run(self, seconds: float | None = None) -> None:
        """Go on until every script has ended, or for so many seconds."""
        until = None if seconds is None else time.perf_counter() + seconds
        if not self._has_begun:
            self._has_begun = True
            for line in list(self._lines):
                self._advance(line, None)
        checked_at = time.perf_counter()
        while self._lines:
            now = time.perf_counter()
            if until is not None and now >= until:
                return
            for key, _ in self._selector.select(self._patience(now, until)):
                self._receive(key.data)
            if any(line.wire is None for line in self._lines):
                self._reconnect()
            if now - checked_at > min(1.0, self._timeout):
                checked_at = now
                self._give_up_on_late_ones(now)

    def _patience(self, now: float, until: float | None) -> float:
        """Return how long to wait for the next event."""
        is_down = any(line.wire is None for line in self._lines)
        wait = RECONNECT_SECONDS if is_down else min(1.0, self._timeout)
        return wait if until is None else max(0.0, min(wait, until - now))

    def _connect(self, line: _Line) -> None:
        line.wire = socket.create_connection(self._address, timeout=5)
        line.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.received.clear()
        self._selector.register(line.wire, selectors.EVENT_READ, line)

    def _reconnect(self) -> None:
        now = time.perf_counter()
        for line in [one for one in self._lines if one.wire is None and one.connect_at <= now]:
            try:
                self._connect(line)
            except OSError:
                line.connect_at = now + RECONNECT_SECONDS
            else:
                self._send(line)

    def _send(self, line: _Line) -> None:
        line.sent_at = time.perf_counter()
        try:
            if line.wire is not None:
                line.wire.sendall(line.request)
        except OSError:
            self._lose(line)

    def _receive(self, line: _Line) -> None:
        if line.wire is None:
            return
        try:
            data = line.wire.recv(262_144)
        except OSError:
            data = b""
        if not data:
            self._lose(line)
            return
        line.received += data
        if found := split_response(line.received):
            response, length = found
            del line.received[:length]
            self._advance(line, response)

    def _advance(self, line: _Line, response: Response | None) -> None:
        """Give the script its answer, and send what it asks for next."""
        try:
            line.request = line.script.send(response) if response else next(line.script)
        except StopIteration:
            self._close(line)
            self._lines.remove(line)
        else:
            self._send(line)

    def _lose(self, line: _Line) -> None:
        self._close(line)
        self._interrupt(line, ConnectionLost("The server closed a connection."))

    def _interrupt(self, line: _Line, why: Exception) -> None:
        """Tell the script that no answer comes; what it yields is sent on a new connection."""
        try:
            line.request = line.script.throw(why)
        except StopIteration:
            self._lines.remove(line)
        else:
            line.connect_at = 0.0

    def _give_up_on_late_ones(self, now: float) -> None:
        for line in list(self._lines):
            if line.wire is not None and now - line.sent_at > self._timeout:
                self._close(line)
                self._interrupt(line, TooSlow(f"No answer within {self._timeout:.0f} s."))

    def _close(self, line: _Line) -> None:
        if line.wire is not None:
            self._selector.unregister(line.wire)
            line.wire.close()
            line.wire = None

    def close(self) -> None:
        """Close every connection, whatever its script still wanted."""
        for line in self._lines:
            self._close(line)
        self._lines.clear()
        self._selector.close()
