"""One paper: the text of a document with its pages and images in it, scrolled by keys, read by screen readers.

A text edit that cannot be written in: it already tells its words, its selection and its caret to a screen reader. It
loads nothing: the only resources there are were put there by us.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QMimeData, QRectF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextCursor, QTextDocument, QTextOption
from PySide6.QtWidgets import QFrame, QTextEdit

from dmp_desktop.domain.readable import PdfPart, Readable
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.viewer.ink import Ink
from dmp_desktop.ui.viewer.pages import Pages
from dmp_desktop.ui.viewer.picture_object import PictureObject
from dmp_desktop.ui.viewer.writer import PICTURE_OBJECT, Picture, Writer

SLICE_MS = 8
"""How long the screen writes before it turns to whatever else waits."""

MARGIN = 28


class Paper(QTextDocument):
    """A text that loads nothing by itself, whatever a format names."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Nothing: what is ours was added by hand."""
        return None


class PaperPane(QTextEdit):
    """One paper.

    :ivar readable: what it shows; ``zoom`` in per cent, over that of the window.
    """

    written = Signal()
    """The whole document stands on the paper."""
    noticed = Signal()
    """The keyboard came here."""

    def __init__(self, appearance: Appearance, pages: Pages) -> None:
        super().__init__()
        self._appearance, self._pages = appearance, pages
        self.readable: Readable | None = None
        self.zoom = 100
        self._pdf_words: dict[int, Sequence[str]] | None = None
        self._steps: Iterator[None] | None = None
        self._written: Paper | None = None
        self._keep = 0.0
        self.setProperty("kind", "paper")
        self.setProperty("ring", "inside")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._object = PictureObject(pages, self._room, self.devicePixelRatioF)
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(0)
        self._more.timeout.connect(self._write)
        pages.changed.connect(self.viewport().update)
        appearance.changed.connect(self.rewrite)
        self._begin()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_readable(self, readable: Readable, name: str) -> None:
        """Another document, from its top."""
        self.readable, self._pdf_words, self._keep = readable, None, 0.0
        self._object.turned = 0
        self.setAccessibleName(name)
        self._begin()
        self._write()

    def show_pdf_words(self, words: dict[int, Sequence[str]] | None) -> None:
        """The text of the PDFs (by number of part, page by page) instead of their pages; ``None``: the pages."""
        self._pdf_words = words
        self.rewrite()

    def clear_paper(self) -> None:
        """Nothing of a document is kept."""
        self.readable, self._pdf_words = None, None
        self._begin()

    def rewrite(self) -> None:
        """The same document, another hand: zoom, theme. The reader stays where they were."""
        if self.readable is not None:
            bar = self.verticalScrollBar()
            self._keep = bar.value() / bar.maximum() if bar.maximum() else 0.0
            self._begin()
            self._write()

    def set_zoom(self, zoom: int) -> None:
        """In per cent."""
        self.zoom = zoom
        self.rewrite()

    def turn(self) -> None:
        """Every picture a quarter clockwise."""
        self._object.turned = (self._object.turned + 1) % 4
        self._lay_out_pictures()

    @property
    def writing(self) -> bool:
        """Whether some of the document is not on the paper yet."""
        return self._steps is not None

    @property
    def reads_words(self) -> bool:
        """Whether the text of the PDFs stands instead of their pages."""
        return self._pdf_words is not None

    @property
    def pictures(self) -> Sequence[Picture]:
        """The pages and images on the paper."""
        return self._object.pictures

    @property
    def marks(self) -> PictureObject:
        """Where hits on pages are marked."""
        return self._object

    @property
    def pdfs(self) -> list[tuple[int, PdfPart]]:
        """The PDFs of the document, with their number among its parts."""
        parts = self.readable.parts if self.readable else ()
        return [(number, part) for number, part in enumerate(parts) if isinstance(part, PdfPart)]

    def _begin(self) -> None:
        self._more.stop()
        if self._written is not None:
            self._written.deleteLater()
            self._written = None
        # Only a page made larger than the paper goes beyond its edge.
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(policy.ScrollBarAsNeeded if self.zoom > 100 else policy.ScrollBarAlwaysOff)
        self._steps = None
        self._show_paper(self._blank())
        self._object.begin((), Ink(self._appearance.theme, self.zoom))
        if self.readable is not None:
            # Written apart: laid out while it grows, each piece would cost the whole.
            self._written = self._blank()
            ink = Ink(self._appearance.theme, self.zoom)
            writer = Writer(self._written, ink, self._room(), self._pdf_words)
            self._object.begin(writer.pictures, ink)
            self._steps = writer.steps(self.readable)

    def _blank(self) -> Paper:
        paper = Paper(self)
        paper.setUndoRedoEnabled(False)
        paper.setDocumentMargin(self._margin)
        option = paper.defaultTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        paper.setDefaultTextOption(option)
        paper.setDefaultFont(Ink(self._appearance.theme, self.zoom).char().font())
        return paper

    def _show_paper(self, paper: Paper) -> None:
        paper.documentLayout().registerHandler(PICTURE_OBJECT, self._object)
        former = self.document()
        self.setDocument(paper)
        if isinstance(former, Paper):
            former.deleteLater()
        self.setExtraSelections([])

    def _write(self) -> None:
        """Write for a moment, then let the screen live."""
        if self._steps is None:
            return
        limit = time.monotonic() + SLICE_MS / 1000
        for _ in self._steps:
            if time.monotonic() > limit:
                self._more.start()
                return
        self._steps = None
        if self._written is not None:
            self._show_paper(self._written)
            self._written = None
        bar = self.verticalScrollBar()
        bar.setValue(round(self._keep * bar.maximum()))
        self.written.emit()

    # -- sizes --------------------------------------------------------------------------------------------------------

    @property
    def _margin(self) -> int:
        return min(self._appearance.theme.px(MARGIN), max(12, self.width() // 20))

    def _room(self) -> int:
        return max(80, self.viewport().width() - 2 * self._margin - 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pages follow the width of the paper."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.document().setDocumentMargin(self._margin)
            self._lay_out_pictures()

    def _lay_out_pictures(self) -> None:
        if self._object.pictures:
            self.document().markContentsDirty(0, self.document().characterCount())
        self.viewport().update()

    # -- places -------------------------------------------------------------------------------------------------------

    def show_place(self, position: int, top: float = 0.0) -> None:
        """Scroll to ``position`` of the text, ``top`` pixels under its upper edge; a third of the way down."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        rect = self.document().documentLayout().blockBoundingRect(cursor.block())
        if not top:
            seen = QRectF(self.cursorRect(cursor)).translated(0, self.verticalScrollBar().value())
            rect = seen
        self.verticalScrollBar().setValue(round(rect.top() + top - self.viewport().height() / 3))

    # -- keys ---------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Space and the page keys move the paper; with Maj, arrows select."""
        bar = self.verticalScrollBar()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        key = event.key()
        step = {
            Qt.Key.Key_Down: bar.singleStep() * 2,
            Qt.Key.Key_Up: -bar.singleStep() * 2,
            Qt.Key.Key_PageDown: bar.pageStep() * 9 // 10,
            Qt.Key.Key_PageUp: -bar.pageStep() * 9 // 10,
        }.get(Qt.Key(key))
        if key == Qt.Key.Key_Space:
            bar.setValue(bar.value() + (-1 if shift else 1) * bar.pageStep() * 9 // 10)
        elif step is not None and not shift and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            bar.setValue(bar.value() + step)
        elif key == Qt.Key.Key_Home and not shift:
            bar.setValue(0)
        elif key == Qt.Key.Key_End and not shift:
            bar.setValue(bar.maximum())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say so: tools act on the paper looked at."""
        super().focusInEvent(event)
        self.noticed.emit()

    def createMimeDataFromSelection(self) -> QMimeData:
        """What is copied is its words."""
        data = QMimeData()
        words = self.textCursor().selectedText()
        data.setText(words.replace("\u2029", "\n").replace("\u2028", "\n").replace("\ufffc", ""))
        return data
