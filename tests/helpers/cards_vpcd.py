"""A card inserted into the virtual PC/SC driver (vpcd): one TCP connection is one insertion.

Frames both ways: two bytes of length, then the payload. A payload of one byte is an order (power off, on, reset, ask
the ATR); everything else is a command to the card. The driver listens, the card connects.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from dmp_desktop.sandbox.cards.plastic import Chip

_OFF, _ON, _RESET, _ATR = 0, 1, 2, 4
_SECONDS = 10.0


class VirtualSlot:
    """Hands of a test on one virtual slot: insert, remove, pull at the n-th command.

    :param connect: makes a connection to the driver; called in the thread of the card.
    """

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self.pull_at = 0
        self.commands = 0
        self._connect = connect
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def insert(self, chip: Chip, *, pull_at: int = 0) -> None:
        """Put a card in, to be pulled at the n-th command if asked; the driver may still be starting."""
        self.remove()
        chip.reset()
        self.pull_at, self.commands = pull_at, 0
        connected: Future[socket.socket] = Future()
        self._thread = threading.Thread(target=self._live, args=(connected, chip), name="virtual-card")
        self._thread.start()
        self._socket = connected.result()

    def remove(self) -> None:
        """Pull the card out."""
        connection, self._socket = self._socket, None
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _live(self, connected: Future[socket.socket], chip: Chip) -> None:
        try:
            connection = self._open()
        except (OSError, TimeoutError) as error:
            connected.set_exception(error)
            return
        with connection:
            connected.set_result(connection)
            with suppress(OSError):
                self._serve(connection, chip)

    def _open(self) -> socket.socket:
        found: list[socket.socket] = []

        def attempt() -> bool:
            with suppress(ConnectionRefusedError):
                found.append(self._connect())
            return bool(found)

        until(attempt)
        found[0].settimeout(None)
        found[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return found[0]

    def _serve(self, connection: socket.socket, chip: Chip) -> None:
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
                return
            self._send(connection, chip.exchange(payload))

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
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            part = connection.recv(size - len(data))
            if not part:
                raise ConnectionError("the driver hung up")
            data += part
        return data


def until(condition: Callable[[], bool], seconds: float = _SECONDS) -> None:
    """Wait for a fact that has no event of its own.

    :raises TimeoutError: it never came.
    """
    limit = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError("the condition never came true")
        pause.wait(0.005)
