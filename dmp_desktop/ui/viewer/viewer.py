"""The reader: one document, or two side by side; waiting, fault, nothing. Nothing leaves to an outside viewer."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from dmp_desktop.domain.readable import ImagePart, PdfPart, Readable
from dmp_desktop.errors import DmpError
from dmp_desktop.reading.pdf import pdf_text
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.viewer.find_bar import FindBar
from dmp_desktop.ui.viewer.finder import Finder
from dmp_desktop.ui.viewer.pages import Pages
from dmp_desktop.ui.viewer.pane import PaperPane
from dmp_desktop.ui.viewer.strips import Strips
from dmp_desktop.ui.viewer.thumbnails import Thumbnails
from dmp_desktop.ui.viewer.tools import Tools
from dmp_desktop.ui.widgets.basic import ElidedText
from dmp_desktop.ui.widgets.messages import EmptyState, MessageStrip, ProgressLine

_BESIDE = 420
"""Width a paper needs to stand beside another; under it, one stands above the other."""


class _Side(QWidget):
    """One paper with its title above it, shown when there are two."""

    def __init__(self, appearance: Appearance, pages: Pages, lanes: Lanes) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.title = ElidedText("", "body-strong")
        self.pane = PaperPane(appearance, pages)
        self.finder = Finder(appearance, self.pane, lanes)
        column.addWidget(self.title)
        column.addWidget(self.pane, 1)


class DocumentViewer(QWidget):
    """Shows documents made ready by the reading room. Made and used on the screen's thread.

    :ivar readable: what is shown, ``None`` while nothing is.
    """

    def __init__(self, appearance: Appearance, lanes: Lanes) -> None:
        super().__init__()
        self._appearance, self._lanes = appearance, lanes
        self.readable: Readable | None = None
        self._stop = threading.Event()
        self._wants_pages = False
        self.setProperty("ring", "none")
        self._pages = Pages(lanes, self)
        self.tools = Tools(appearance)
        self.strips = Strips(appearance)
        self.find_bar = FindBar(appearance)
        self.find_bar.hide()
        self.thumbnails = Thumbnails(appearance, self._pages)
        self.thumbnails.hide()
        self._first, self._second = (_Side(appearance, self._pages, lanes) for _ in range(2))
        self._second.hide()
        self._looked_at = self._first
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(12)
        self._splitter.addWidget(self._first)
        self._splitter.addWidget(self._second)
        reading = QWidget()
        column = QVBoxLayout(reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        papers = QHBoxLayout()
        papers.setContentsMargins(24, 16, 24, 0)
        papers.setSpacing(12)
        papers.addWidget(self.thumbnails)
        papers.addWidget(self._splitter, 1)
        for widget in (self.tools, self.find_bar, self.strips):
            column.addWidget(widget)
        column.addLayout(papers, 1)
        self._empty = EmptyState(appearance, "file", "Choisissez un document pour le lire.")
        waiting = QWidget()
        self._progress = ProgressLine(appearance)
        held = QVBoxLayout(waiting)
        held.setContentsMargins(24, 16, 24, 16)
        held.addWidget(self._progress)
        held.addStretch(1)
        self._fault = QWidget()
        self._fault_column = QVBoxLayout(self._fault)
        self._fault_column.setContentsMargins(24, 16, 24, 16)
        self._strip = MessageStrip(appearance, "danger", "")
        self._fault_column.addWidget(self._strip)
        self._fault_column.addStretch(1)
        self._waiting, self._reading = waiting, reading
        self._stack = QStackedLayout(self)
        for page in (self._empty, waiting, self._fault, reading):
            page.setProperty("room", "page")
            page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            self._stack.addWidget(page)
        self._connect()

    def _connect(self) -> None:
        tools = self.tools
        tools.search.connect(self._open_find)
        tools.zoomed.connect(self._zoom)
        tools.pages.connect(self._show_pages)
        tools.turned.connect(self._turn)
        tools.words.connect(self._turn_words)
        tools.apart.connect(self.end_compare)
        self.find_bar.asked.connect(self._look_for)
        self.find_bar.moved.connect(self._move)
        self.find_bar.closed.connect(self._close_find)
        self.thumbnails.chosen.connect(self._go_to)
        for side in (self._first, self._second):
            side.pane.written.connect(self._written)
            side.pane.noticed.connect(lambda side=side: self._look_at(side))
            side.finder.changed.connect(self._tell_found)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_waiting(self, words: str) -> None:
        """A document is on its way: said once it lasts; what was shown is no longer."""
        self._leave()
        self._progress.start(words)
        self._stack.setCurrentWidget(self._waiting)

    def show_document(self, readable: Readable, *, title: str, freshness: str) -> None:
        """A document is here.

        :param freshness: of the copy shown (« à jour à 09:12 », « copie du 12 mars 2026, hors ligne »).
        """
        words = self.find_bar.field.text() if not self.find_bar.isHidden() else self._first.finder.words
        self._leave()
        self.readable = readable
        self.tools.freshness.setText(freshness)
        self.tools.freshness.setAccessibleName(freshness)
        self._stack.setCurrentWidget(self._reading)
        self._show_in(self._first, readable, title)
        self.strips.tell(readable.warnings)
        self._first.finder.look_for(words)

    def show_fault(self, error: DmpError) -> None:
        """It cannot be had: cause, effect, what to do."""
        self._leave()
        told = sentence(error)
        rest = f"{told.effect} {told.todo} Identifiant\u00a0{told.incident}."
        self._strip.say("danger", told.what, rest)
        self._stack.setCurrentWidget(self._fault)

    def clear(self) -> None:
        """No document: nothing of the last one is kept."""
        self._leave()
        self.find_bar.field.clear()
        self.find_bar.hide()
        for side in (self._first, self._second):
            side.finder.look_for("")
        self._stack.setCurrentWidget(self._empty)

    def compare(self, readable: Readable, *, title: str, freshness: str) -> None:
        """A second document beside the first."""
        if self.readable is None:
            self.show_document(readable, title=title, freshness=freshness)
            return
        self._second.show()
        self._first.title.show()
        self._show_in(self._second, readable, f"{title}, {freshness}" if freshness else title)
        self.strips.tell((*self.readable.warnings, *readable.warnings))
        self._second.finder.look_for(self._first.finder.words)
        self._arrange()

    def end_compare(self) -> None:
        """The first one alone again."""
        self._second.hide()
        self._second.pane.clear_paper()
        self._first.title.hide()
        self._look_at(self._first)
        if self.readable is not None:
            self.strips.tell(self.readable.warnings)
        self._offer()

    @property
    def comparing(self) -> bool:
        """Whether two documents are shown."""
        return not self._second.isHidden()

    def set_find(self, words: str) -> None:
        """Mark these words in place, now and in the documents shown after; ``""`` marks nothing."""
        self._look_for(words)

    @property
    def panes(self) -> tuple[PaperPane, PaperPane]:
        """The papers; the second is hidden unless two are compared."""
        return self._first.pane, self._second.pane

    def _show_in(self, side: _Side, readable: Readable, title: str) -> None:
        side.title.setText(title)
        side.title.setAccessibleName(title)
        side.title.setVisible(self.comparing)
        side.pane.show_readable(readable, f"Document, {title}")
        self._offer()

    def _leave(self) -> None:
        """What was shown goes, and what was under way for it."""
        self._stop.set()
        self._stop = threading.Event()
        self._progress.stop()
        self._pages.clear()
        self.readable = None
        self._second.hide()
        self._first.title.hide()
        self._looked_at = self._first
        for side in (self._first, self._second):
            side.finder.stop()
            side.pane.clear_paper()
        self.thumbnails.show_pictures(())
        self.strips.tell(())
        self.tools.tell_words(False)

    # -- tools --------------------------------------------------------------------------------------------------------

    def _offer(self) -> None:
        pane = self._looked_at.pane
        parts = pane.readable.parts if pane.readable else ()
        pictures = any(isinstance(part, PdfPart | ImagePart) for part in parts)
        self.tools.offer(pdf=bool(pane.pdfs), pictures=pictures, compared=self.comparing)
        self._fit_thumbnails()

    def _written(self) -> None:
        self.thumbnails.show_pictures(self._looked_at.pane.pictures)
        self._fit_thumbnails()

    def _fit_thumbnails(self) -> None:
        """Beside the paper while they were asked for and there are any."""
        pane = self._looked_at.pane
        self.thumbnails.setVisible(self._wants_pages and bool(pane.pdfs) and not pane.reads_words)

    def _look_at(self, side: _Side) -> None:
        if side is not self._looked_at:
            self._looked_at = side
            self.thumbnails.show_pictures(side.pane.pictures)
            self._offer()
            self._tell_found()

    def _zoom(self, zoom: int) -> None:
        for side in (self._first, self._second):
            side.pane.set_zoom(zoom)

    def _turn(self) -> None:
        self._looked_at.pane.turn()

    def _show_pages(self) -> None:
        self._wants_pages = not self._wants_pages
        self._fit_thumbnails()
        (self.thumbnails if self.thumbnails.isVisible() else self._looked_at.pane).setFocus()

    def _go_to(self, picture: int) -> None:
        pane = self._looked_at.pane
        pane.show_place(pane.pictures[picture].position, 1.0)
        pane.setFocus()

    def _turn_words(self) -> None:
        """The words of the PDF instead of its pages, for a screen reader or another size; and back."""
        pane = self._looked_at.pane
        if pane.reads_words:
            pane.show_pdf_words(None)
            self.tools.tell_words(False)
            return
        pdfs, stop = pane.pdfs, self._stop

        def here(words: dict[int, Sequence[str]]) -> None:
            if stop is self._stop:
                pane.show_pdf_words(words)
                self.tools.tell_words(True)

        self._lanes.run(Lane.PRINT, lambda: _words(pdfs, stop), here, lambda _error: None)

    # -- finding ------------------------------------------------------------------------------------------------------

    def _open_find(self) -> None:
        self.find_bar.show()
        self.find_bar.field.setFocus()
        self.find_bar.field.selectAll()
        self._tell_found()

    def _close_find(self) -> None:
        self.find_bar.hide()
        self._look_for("")
        self.find_bar.field.clear()
        self._looked_at.pane.setFocus()

    def _look_for(self, words: str) -> None:
        for side in (self._first, self._second):
            side.finder.look_for(words)

    def _move(self, step: int) -> None:
        self._looked_at.finder.move(step)

    def _tell_found(self) -> None:
        finder = self._looked_at.finder
        self.find_bar.tell(finder.words, finder.at, len(finder.found))

    # -- room ---------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two papers beside each other, or one above the other."""
        super().resizeEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """The progress of what nobody sees is not drawn."""
        super().hideEvent(event)
        self._progress.stop()

    def _arrange(self) -> None:
        beside = self.width() >= 2 * self._appearance.theme.px(_BESIDE)
        self._splitter.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)


def _words(pdfs: Sequence[tuple[int, PdfPart]], stop: threading.Event) -> dict[int, Sequence[str]]:
    """Print lane. The words of each PDF, page by page; a page without any says so."""
    told: dict[int, Sequence[str]] = {}
    for number, part in pdfs:
        pages = pdf_text(part.data, give_up=stop.is_set)
        told[number] = [page.strip() or "Cette page n’a pas de texte\u00a0: c’est une image." for page in pages]
    return told
