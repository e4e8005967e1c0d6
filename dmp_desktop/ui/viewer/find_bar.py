"""The field that looks for words in the document: how many places, the one looked at, the next and the one before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import IconLabel, Text
from dmp_desktop.ui.widgets.controls import ActionButton


class FindBar(QFrame):
    """Words, places, next, close. Enter goes on, Maj Entrée back, Échap closes."""

    asked = Signal(str)
    moved = Signal(int)
    closed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setProperty("room", "bar")
        self.setProperty("edge", "bottom")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 24, 6)
        row.setSpacing(12)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Chercher dans ce document")
        self.field.setAccessibleName("Chercher dans ce document")
        self.field.setMinimumWidth(120)
        self.count = Text("", "caption", "text-2")
        self._next = ActionButton(appearance, "Suivant", kind="quiet", keys="Entrée")
        self._close = ActionButton(appearance, "Fermer", kind="quiet", keys="Échap")
        row.addWidget(IconLabel(appearance, "search", "text-2", 18))
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        row.addWidget(self._next)
        row.addWidget(self._close)
        self.field.textChanged.connect(self.asked)
        self._next.clicked.connect(lambda: self.moved.emit(1))
        self._close.clicked.connect(self.closed)

    def tell(self, words: str, at: int, found: int) -> None:
        """Where the reader stands."""
        told = "" if not words.strip() else "Aucun passage" if not found else f"{at + 1} sur {found}"
        self.count.setText(told)
        self.field.setAccessibleDescription(told)
        self._next.setEnabled(found > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Maj Entrée, Échap, wherever the keyboard is in the bar."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.moved.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
