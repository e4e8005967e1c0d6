"""The document at right: brought from the copy, else from the store; read outside the screen's thread. No widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.document import DocumentEntry, RetrievedDocument
from dmp_desktop.domain.readable import Readable
from dmp_desktop.domain.record import RecordRow
from dmp_desktop.errors import DmpError
from dmp_desktop.ui.opening.port import Lanes, Running
from dmp_desktop.ui.record.port import RecordPort
from dmp_desktop.ui.tasks import Lane

BeforeReading = Callable[[DocumentEntry, Callable[[], None], Callable[[DmpError], None]], None]
"""What must be written down before a document is shown; then it is shown, or it is not."""


class Stay:
    """Work for as long as a record stays open: an answer that comes after its end is dropped."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._number = 0

    def end(self) -> None:
        """Closed, or locked."""
        self._number += 1

    def run(
        self,
        lane: Lane,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[DmpError], None],
    ) -> Running:
        """Run in a lane; the answer comes on the screen's thread, unless the stay ended."""
        number = self._number

        def kept(act: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda result: act(result) if number == self._number else None

        return self._lanes.run(lane, work, kept(done), kept(failed))


class Showing(StrEnum):
    """Where the document stands."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"
    FAULT = "fault"


class DocumentPresenter(QObject):
    """The one document looked at.

    :param read: makes of the bytes what the viewer shows.
    :param before_reading: in an emergency, writes down what is about to be read before it is shown.
    """

    changed = Signal()
    described = Signal()
    """Its description changed; what the viewer shows did not."""
    was_read = Signal(str)

    def __init__(
        self,
        record: RecordPort,
        work: Stay,
        read: Callable[[RetrievedDocument], Readable],
        before_reading: BeforeReading | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._record, self._work, self._read, self._before = record, work, read, before_reading
        self.showing = Showing.NONE
        self.shown: RecordRow | None = None
        self.readable: Readable | None = None
        self.fault: DmpError | None = None
        self._pick = 0

    def choose(self, row: RecordRow) -> None:
        """Another document; the same one again only when it could not be had."""
        if self.shown is not None and row.key == self.shown.key and self.showing is not Showing.FAULT:
            return
        self.leave()
        self._pick += 1
        self.shown, self.readable, self.fault = row, None, None
        self._show(Showing.WAITING)
        self._bring(row.key, self._pick)

    def retry(self) -> None:
        """The document that could not be had is asked for again."""
        if self.shown is not None and self.showing is Showing.FAULT:
            self.choose(self.shown)

    def leave(self) -> None:
        """Another document is chosen, or the record closed: the one that was on the screen is read."""
        if self.shown is not None and self.showing is Showing.READY and not self._record.context.in_memory:
            self._mark(self.shown)

    def follow(self, rows: Mapping[str, RecordRow]) -> None:
        """The list was read again: the description may have changed, or the document be gone for this professional."""
        if self.shown is None:
            return
        now = rows.get(self.shown.key)
        if now is None:
            self.clear()
        else:
            self.shown = now
            self.described.emit()

    def clear(self) -> None:
        """Nothing of it stays on the screen."""
        self._pick += 1
        self.shown = self.readable = self.fault = None
        self._show(Showing.NONE)

    def _bring(self, key: str, pick: int) -> None:
        def here(document: RetrievedDocument | None) -> None:
            if pick != self._pick:
                return
            if document is None:
                self._work.run(Lane.SYNC, lambda: self._record.fetch(key), ready, failed)
            else:
                ready(document)

        def ready(document: RetrievedDocument) -> None:
            if pick == self._pick:
                # Reading a document may take a while (images, hundreds of pages): neither the screen nor the copy
                # waits for it.
                self._work.run(Lane.PRINT, lambda: self._read(document), done, failed)

        def done(readable: Readable) -> None:
            if pick != self._pick or self.shown is None:
                return
            if self._before is None:
                show(readable)
            else:
                self._before(self.shown.entry, lambda: show(readable), failed)

        def show(readable: Readable) -> None:
            if pick == self._pick and self.shown is not None:
                self.readable = readable
                self._show(Showing.READY)
                if self._record.context.in_memory:
                    self._mark(self.shown)

        def failed(error: DmpError) -> None:
            if pick == self._pick:
                self.fault = error
                self._show(Showing.FAULT)

        self._work.run(Lane.CACHE, lambda: self._record.content(key), here, failed)

    def _mark(self, row: RecordRow) -> None:
        key = row.key
        if row.kept.read_at is None:
            # A mark that cannot be written costs a badge, not the reading.
            self._work.run(
                Lane.CACHE,
                lambda: self._record.mark_read(key),
                lambda _none: self.was_read.emit(key),
                lambda _error: None,
            )

    def _show(self, showing: Showing) -> None:
        self.showing = showing
        self.changed.emit()
