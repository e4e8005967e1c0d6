"""« Ajouter »: an hour, a name, a birth date, and it is on the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from dmp_desktop.domain.agenda import birth_date_typed, hour_typed
from dmp_desktop.domain.appointments import clean_label
from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.ui.page_frame import on_key
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Panel
from dmp_desktop.ui.widgets.controls import ActionButton, Field


class AddForm(Panel):
    """Three fields on one row; Enter adds and keeps the form for the next one, Escape closes it.

    ``added`` gives minutes since midnight, name, and birth date or ``None``.
    """

    added = Signal(int, str, object)
    closed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__("Ajouter une personne attendue")
        row = QHBoxLayout()
        row.setSpacing(16)
        self.hour = Field(appearance, "Heure", "9h30")
        self.name = Field(appearance, "Nom et prénom", "NOM Prénom")
        self.born = Field(appearance, "Date de naissance, si vous l’avez", "JJ/MM/AAAA")
        for field, share in ((self.hour, 1), (self.name, 4), (self.born, 2)):
            field.edit.setMaxLength(80)
            row.addWidget(field, share, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        self._leave = ActionButton(appearance, "Fermer", kind="quiet", keys="Échap")
        self._leave.clicked.connect(lambda _c=False: self.closed.emit())
        add = ActionButton(appearance, "Ajouter à la liste", keys="Entrée")
        add.clicked.connect(lambda _c=False: self.submit())
        foot.addWidget(self._leave)
        foot.addStretch(1)
        foot.addWidget(add)
        self.body.addLayout(foot)
        on_key(self, "Esc", self._leave.click)

    def begin(self) -> None:
        """Empty, the keyboard on the hour."""
        for field in (self.hour, self.name, self.born):
            field.edit.clear()
            field.set_error("")
        self.hour.edit.setFocus()

    def submit(self) -> None:
        """Add it, or say which field does not do; the keyboard goes to the first of them."""
        minute, label = hour_typed(self.hour.text()), clean_label(self.name.text())
        born: BirthDate | None = birth_date_typed(self.born.text())
        self.hour.set_error("" if minute is not None else "Une heure, par exemple 9h30.")
        self.name.set_error("" if label else "Un nom.")
        wrong_date = bool(self.born.text().strip()) and born is None
        self.born.set_error("Une date, par exemple 23/05/1979." if wrong_date else "")
        for field, wrong in ((self.hour, minute is None), (self.name, not label), (self.born, wrong_date)):
            if wrong:
                field.edit.setFocus()
                return
        self.added.emit(minute, label, born)
        self.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field adds."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)
