"""Words looked for on one paper: in its text at once, in its PDFs from a lane; marked in place, visited in order."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from dmp_desktop.domain.readable import PdfPart
from dmp_desktop.reading.finding import flat, occurrences
from dmp_desktop.reading.pdf import MAX_HITS, Hit, pdf_find
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.viewer.ink import Ink
from dmp_desktop.ui.viewer.pane import PaperPane


@dataclass(frozen=True, slots=True)
class Found:
    """One place. ``picture`` and ``hit`` for a place on a page; else ``length`` characters of the text."""

    position: int
    length: int = 0
    picture: int = -1
    hit: Hit | None = None


class Finder(QObject):
    """The places of some words on one paper.

    :ivar found: in reading order; ``at``: the one looked at, -1 for none.
    """

    changed = Signal()

    def __init__(self, appearance: Appearance, pane: PaperPane, lanes: Lanes) -> None:
        super().__init__(pane)
        self._appearance, self._pane, self._lanes = appearance, pane, lanes
        self.words = ""
        self.found: list[Found] = []
        self.at = -1
        self._stop = threading.Event()
        pane.written.connect(self._again)

    def look_for(self, words: str) -> None:
        """Other words; ``""`` marks nothing."""
        self.words = words.strip()
        self._again()

    def move(self, step: int) -> None:
        """The next place, or the one before; after the last comes the first."""
        if self.found:
            self.at = (self.at + step) % len(self.found) if self.at >= 0 else (0 if step > 0 else len(self.found) - 1)
            self._mark()
            self._go()
            self.changed.emit()

    def stop(self) -> None:
        """Give up what is being looked for in a lane."""
        self._stop.set()
        self._stop = threading.Event()

    def _again(self) -> None:
        self.stop()
        pane = self._pane
        self.found, self.at = [], -1
        if self.words and not pane.writing:
            text = flat(pane.document().toPlainText())
            for start, end in occurrences(text, self.words):
                self.found.append(Found(start, end - start))
                if len(self.found) >= MAX_HITS:
                    break
            self._look_in_pages()
        if self.found:
            self.at = 0
            self._go()
        self._mark()
        self.changed.emit()

    def _look_in_pages(self) -> None:
        shown = {id(picture.part): picture.part for picture in self._pane.pictures}
        stop, words = self._stop, self.words
        for part in shown.values():
            if isinstance(part, PdfPart):
                self._look_in(part, words, stop)

    def _look_in(self, part: PdfPart, words: str, stop: threading.Event) -> None:
        def here(hits: tuple[Hit, ...]) -> None:
            if stop is self._stop:
                self._add(part, hits)

        self._lanes.run(Lane.PRINT, lambda: pdf_find(part.data, words, stop.is_set), here, lambda _error: None)

    def _add(self, part: PdfPart, hits: tuple[Hit, ...]) -> None:
        pane = self._pane
        numbers = {picture.number: at for at, picture in enumerate(pane.pictures) if picture.part is part}
        looked_at = self.found[self.at] if 0 <= self.at < len(self.found) else None
        for hit in hits:
            number = numbers.get(hit.page)
            if number is not None:
                self.found.append(Found(pane.pictures[number].position, picture=number, hit=hit))
        self.found.sort(key=lambda one: one.position)
        self.at = self.found.index(looked_at) if looked_at is not None else (0 if self.found else -1)
        if looked_at is None and self.found:
            self._go()
        self._mark()
        self.changed.emit()

    def _go(self) -> None:
        one = self.found[self.at]
        marks = self._pane.marks
        top = one.hit.boxes[0][1] * marks.size(one.picture).height() if one.hit is not None else 0.0
        self._pane.show_place(one.position, top)

    def _mark(self) -> None:
        pane, marks = self._pane, self._pane.marks
        ink = Ink(self._appearance.theme, pane.zoom)
        selections = []
        marks.hits, marks.current = {}, None
        for number, one in enumerate(self.found):
            if one.hit is not None:
                marks.hits.setdefault(one.picture, []).append(one.hit)
                if number == self.at:
                    marks.current = one.hit
                continue
            selection = QTextEdit.ExtraSelection()
            hand = QTextCharFormat()
            looked_at = number == self.at
            hand.setBackground(ink.color("action" if looked_at else "selected"))
            hand.setForeground(ink.color("on-action" if looked_at else "action"))
            hand.setFontUnderline(True)
            cursor = QTextCursor(pane.document())
            cursor.setPosition(one.position)
            cursor.setPosition(one.position + one.length, QTextCursor.MoveMode.KeepAnchor)
            # Written from Python, these two attributes are the only way there is.
            selection.cursor, selection.format = cursor, hand
            selections.append(selection)
        pane.setExtraSelections(selections)
        pane.viewport().update()
