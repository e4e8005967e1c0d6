"""The list of documents: one painted list, whatever its length; arrows go from document to document."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip

from dmp_desktop.domain.record_rules import title_of
from dmp_desktop.ui.record import texts
from dmp_desktop.ui.record.delegate import DocumentDelegate
from dmp_desktop.ui.record.model import DocumentModel
from dmp_desktop.ui.theme.appearance import Appearance


class DocumentList(QListView):
    """Chooses a document as one goes; Alt+Entrée on it is the page's business."""

    picked = Signal(str)
    entered = Signal()

    def __init__(self, appearance: Appearance, documents: DocumentModel) -> None:
        super().__init__()
        self._appearance, self._documents = appearance, documents
        self.setModel(documents)
        self.setItemDelegate(DocumentDelegate(appearance, self))
        self.setProperty("kind", "bare")
        self.setProperty("ring", "inside")
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Documents du dossier")
        self.clicked.connect(self._clicked)
        self.doubleClicked.connect(lambda _index: self.entered.emit())
        self._chosen = ""
        appearance.changed.connect(self.scheduleDelayedItemsLayout)

    def show_chosen(self, key: str, *, into_view: bool) -> None:
        """Mark the document that is on the screen."""
        line = self._documents.line_of(key)
        if line < 0:
            self._chosen = ""
            self.selectionModel().clear()
            return
        index = self._documents.index(line)
        moved, self._chosen = key != self._chosen, key
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if moved or into_view:
            # The heading above the first row of a group comes with it.
            above = self._documents.row(line - 1) is None and line > 0
            self.scrollTo(self._documents.index(line - 1 if above else line))
            self.scrollTo(index)

    def row_rect(self, key: str) -> QRect:
        """Where a document is drawn, in the viewport."""
        line = self._documents.line_of(key)
        return self.visualRect(self._documents.index(line)) if line >= 0 else QRect()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, pages, ends; Enter goes into the document; everything else goes to the page."""
        key, total = event.key(), len(self._documents.items)
        line = self._documents.line_of(self._chosen)
        page = max(1, self.viewport().height() // max(1, self._appearance.theme.size("document_row")) - 1)
        moves = {
            Qt.Key.Key_Down: (line, 1, 1),
            Qt.Key.Key_Up: (line, -1, 1),
            Qt.Key.Key_PageDown: (line, 1, page),
            Qt.Key.Key_PageUp: (line, -1, page),
            Qt.Key.Key_Home: (-1, 1, 1),
            Qt.Key.Key_End: (total, -1, 1),
        }
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and key in moves:
            self._move(*moves[Qt.Key(key)])
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            event.ignore()

    def _move(self, line: int, way: int, steps: int) -> None:
        target = line
        while steps > 0:
            ahead = line + way
            while self._documents.row(ahead) is None and 0 <= ahead < len(self._documents.items):
                ahead += way
            if self._documents.row(ahead) is None:
                break
            target = line = ahead
            steps -= 1
        row = self._documents.row(target)
        if row is not None and row.key != self._chosen:
            self.picked.emit(row.key)

    def _clicked(self, index: QModelIndex) -> None:
        row = self._documents.row(index.row())
        if row is not None:
            self.setFocus()
            self.picked.emit(row.key)

    def viewportEvent(self, event: QEvent) -> bool:
        """What the list had to cut is whole in the tip; the sentence read aloud is whole anyway."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self._documents.row(self.indexAt(event.pos()).row())
            words = f"{title_of(row)}\n{texts.author(row.entry, self._documents.own)}" if row else ""
            QToolTip.showText(event.globalPos() + QPoint(0, 8), words, self)
            return True
        return super().viewportEvent(event)
