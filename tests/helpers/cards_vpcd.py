"""A card inserted into the virtual PC/SC driver (vpcd): one TCP connection is one insertion.

Frames both ways: two bytes of length, then the payload. A payload of one byte is an order (power off, on, reset, ask
the ATR); everything else is a command to the card. The driver listens, the card connects.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from dmp_desktop.sandbox.cards.plastic import Chip

_OFF, _ON, _RESET, _ATR = 0, 1, 2, 4


class VirtualSlot:
    """Hands of a test on one virtual slot: insert, remove, pull at the n-th command."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pull_at = 0
        self.commands = 0
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._chip: Chip | None = None

    def insert(self, chip: Chip, *, pull_at: int = 0, seconds: float = 5.0) -> None:
        """Put a card in; the driver may still be starting."""
        self.remove()
        chip.reset()
        limit = time.monotonic() + seconds
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", self.port), timeout=1)
                break
            except OSError:
                if time.monotonic() > limit:
                    raise
                threading.Event().wait(0.02)
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pull_at, self.commands = pull_at, 0
        self._chip, self._socket = chip, connection
        self._thread = threading.Thread(target=self._serve, args=(connection, chip), name=f"vpcd-{self.port}")
        self._thread.start()

    def remove(self) -> None:
        """Pull the card out."""
        connection, self._socket = self._socket, None
        if connection is not None:
            self._hang_up(connection)
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _serve(self, connection: socket.socket, chip: Chip) -> None:
        with suppress(OSError):
            while True:
                payload = self._frame(connection)
                if len(payload) == 1 and payload[0] in (_OFF, _ON, _RESET, _ATR):
                    if payload[0] == _ATR:
                        self._send(connection, chip.atr)
                    else:
                        chip.reset()
                    continue
                self.commands += 1
                if self.commands == self.pull_at:
                    break
                self._send(connection, chip.exchange(payload))
        self._hang_up(connection)

    @staticmethod
    def _hang_up(connection: socket.socket) -> None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    @staticmethod
    def _send(connection: socket.socket, payload: bytes) -> None:
        connection.sendall(len(payload).to_bytes(2, "big") + payload)

    def _frame(self, connection: socket.socket) -> bytes:
        return self._exactly(connection, int.from_bytes(self._exactly(connection, 2), "big"))

    @staticmethod
    def _exactly(connection: socket.socket, size: int) -> bytes:
        data = b""
        while len(data) < size:
            # The driver writes length and body apart: without this each command waits 40 ms for a delayed ACK.
            quick_ack = getattr(socket, "TCP_QUICKACK", None)
            if quick_ack is not None:
                connection.setsockopt(socket.IPPROTO_TCP, quick_ack, 1)
            part = connection.recv(size - len(data))
            if not part:
                raise ConnectionError("the driver hung up")
            data += part
        return data


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for a fact that has no event of its own.

    :raises TimeoutError: it never came.
    """
    limit = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError("the condition never came true")
        pause.wait(0.005)
