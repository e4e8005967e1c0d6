"""A tiny real HTTPS server over mutual TLS, which answers what a test tells it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from helpers.wire_world import Pki


@dataclass
class Told:
    """What the store answers.

    :ivar length: the declared length, when it lies; ``cut``: close without an answer.
    :ivar hold: set when the request has been read; the answer waits for ``release``.
    """

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    date: datetime | None = None
    length: int | None = None
    cut: bool = False
    hold: threading.Event | None = None
    release: threading.Event = field(default_factory=threading.Event)


@dataclass
class Seen:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    content: bytes
    peer: dict[str, Any]


class Store:
    """The server. ``answer`` makes what is told from what is seen."""

    def __init__(self, pki: Pki) -> None:
        self.answer: Callable[[Seen], Told] = lambda seen: Told()
        self.seen: list[Seen] = []
        self.connections = 0
        store = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 20
            # Headers and body leave apart: without this, each answer waits for the client's delayed acknowledgement.
            disable_nagle_algorithm = True

            def setup(self) -> None:
                store.connections += 1
                super().setup()

            def do_HEAD(self) -> None:
                self._send(store.answer(Seen(self.path, dict(self.headers), b"", {})))

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                seen = Seen(self.path, dict(self.headers), content, self.connection.getpeercert())  # type: ignore[attr-defined]
                store.seen.append(seen)
                self._send(store.answer(seen))

            def _send(self, told: Told) -> None:
                if told.hold is not None:
                    told.hold.set()
                    told.release.wait(20)
                if told.cut:
                    self.close_connection = True
                    return
                self.send_response_only(told.status)
                if told.date is not None:
                    self.send_header("Date", format_datetime(told.date.replace(microsecond=0), usegmt=True))
                length = len(told.content) if told.length is None else told.length
                self.send_header("Content-Length", str(length))
                for name, value in told.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(told.content)
                if told.length is not None:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                return

        class Server(ThreadingHTTPServer):
            daemon_threads = False

            def handle_error(self, request: object, client_address: object) -> None:
                return

        self._server = Server(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pki.server)
        context.load_verify_locations(pki.authority)
        context.verify_mode = ssl.CERT_REQUIRED
        self.context = context
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        """Without a final slash."""
        return f"https://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[Store]:
        """From listening to joined."""
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()


@contextmanager
def deaf_server() -> Iterator[int]:
    """A port that accepts connections and never says a word: a handshake that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def ahead(clock: datetime, **delta: float) -> datetime:
    """The store's time, when it is not the post's."""
    return clock.astimezone(UTC) + timedelta(**delta)
