"""Where papers go: the printer of the settings, or the one a person chooses in the system's dialog."""

from __future__ import annotations

import queue
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from dmp_desktop.config import PrinterProfile
from dmp_desktop.errors import Cancelled
from dmp_desktop.printing.printer import Chosen, PrintQuestion, PrintRoom


@dataclass(frozen=True, slots=True)
class _Asked:
    profile: PrinterProfile
    answer: queue.SimpleQueue[Chosen | None]


class DialogPress(QObject):
    """Prints from the print lane; without a printer in the profile, asks on the UI thread and waits for the answer."""

    _ask = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._room = PrintRoom.of_this_system()
        self._question: PrintQuestion | None = None
        self._waiting: _Asked | None = None
        self._closed = False
        self._ask.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def send(self, pdf: bytes, profile: PrinterProfile, title: str) -> None:
        """Print lane. Print, or save where the dialog said.

        :raises Cancelled: the person closed the dialog.
        """
        if profile.printer:
            self._room.send(pdf, profile, title)
            return
        answer: queue.SimpleQueue[Chosen | None] = queue.SimpleQueue()
        self._ask.emit(_Asked(profile, answer))
        chosen = answer.get()
        if chosen is None:
            raise Cancelled("no printer chosen")
        if chosen.file is not None:
            self._room.save(pdf, chosen.file)
        else:
            self._room.send(pdf, chosen.profile, title)

    def close(self) -> None:
        """Nobody will answer any more."""
        self._closed = True
        if self._waiting is not None:
            self._waiting.answer.put(None)
            self._waiting = None

    @Slot(object)
    def _show(self, asked: _Asked) -> None:
        if self._closed:
            asked.answer.put(None)
            return
        self._waiting = asked
        self._question = PrintQuestion(self._window, asked.profile, self._answered)
        self._question.ask()

    def _answered(self, chosen: Chosen | None) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.answer.put(chosen)
