"""The open connections, so that another thread can shut them down: an HTTP client alone cannot be interrupted."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet


class Sockets:
    """Connections of one client, and whether the running transaction was cancelled."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: WeakSet[socket.socket] = WeakSet()
        # During the handshake Python detaches the plain socket: a duplicate keeps a hand on the connection.
        self._shaking: list[socket.socket] = []
        self._running = 0
        self.cancelled = False

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around a transaction; a cancellation concerns the transactions that run when it comes."""
        with self._lock:
            if self._running == 0:
                self.cancelled = False
            self._running += 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                self._forget_handshakes()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """httpcore's trace extension: sees each connection being made."""
        if event == "connection.connect_tcp.complete":
            plain: socket.socket = info["return_value"].get_extra_info("socket")
            with self._lock:
                self._shaking.append(plain.dup())
        elif event == "connection.start_tls.complete":
            with self._lock:
                self._open.add(info["return_value"].get_extra_info("socket"))
                self._forget_handshakes()
        else:
            return
        if self.cancelled:
            self._shut()

    def cancel(self) -> bool:
        """Shut every connection down if a transaction runs; tell whether one did."""
        with self._lock:
            running = self._running > 0
            self.cancelled = running
        if running:
            self._shut()
        return running

    def _shut(self) -> None:
        with self._lock:
            connections = [*self._shaking, *self._open]
        for connection in connections:
            try:
                # The plain method: that of SSLSocket would pull the TLS layer away under the reading thread.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            except OSError:
                continue

    def _forget_handshakes(self) -> None:
        while self._shaking:
            self._shaking.pop().close()
