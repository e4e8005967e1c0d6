"""The reimbursement history of 24 months, filtered by kind (CNAM-HR). What is older is not shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dmp_desktop.domain.facts import Reimbursement, ReimbursementKind
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.page_frame import KeyHint, on_key
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.timeline import words
from dmp_desktop.ui.timeline.fact_table import FactRow, FactTable
from dmp_desktop.ui.timeline.presenter import OverviewPresenter
from dmp_desktop.ui.timeline.scrolled import scrolled_page
from dmp_desktop.ui.widgets.basic import KeyCap, Text
from dmp_desktop.ui.widgets.controls import ActionButton, Choice
from dmp_desktop.ui.widgets.messages import EmptyState

HINTS = (
    KeyHint("↑ ↓", "Ligne"),
    KeyHint("Entrée", "Ouvrir"),
    KeyHint("Alt+N", "Nature"),
    KeyHint("Échap", "Revenir"),
)
KINDS: Final = {
    ReimbursementKind.MEDICINE: "Médicaments",
    ReimbursementKind.VACCINE: "Vaccins",
    ReimbursementKind.DEVICE: "Dispositifs médicaux",
    ReimbursementKind.BIOLOGY: "Biologie",
    ReimbursementKind.IMAGING: "Imagerie",
    ReimbursementKind.CARE: "Soins médicaux et dentaires",
    ReimbursementKind.STAY: "Hospitalisations",
    ReimbursementKind.OTHER: "Autres actes",
}


class ReimbursementsPage(QWidget):
    """One table, one filter."""

    left = Signal()

    def __init__(self, appearance: Appearance, presenter: OverviewPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._kinds: list[ReimbursementKind | None] = []
        self.setAccessibleName("Historique de remboursements")
        back = ActionButton(appearance, "Revenir", keys="Échap")
        back.clicked.connect(lambda _c=False: self.left.emit())
        self.choice = Choice(appearance, "Nature")
        self.choice.setMinimumContentsLength(26)
        self._cap = KeyCap(appearance, "Alt+N")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Text("Remboursements", "title", wrap=True), 1)
        head.addWidget(self.choice)
        head.addWidget(self._cap)
        head.addWidget(back)
        self._note = Text("", "body", "text-2", wrap=True)
        self.table = FactTable(
            appearance, ("Date", "Nature", "Libellé", "Quantité", "Délivré ou réalisé par"), wide=(2, 4), less=(1,)
        )
        self.table.opened.connect(presenter.open)
        self._empty = EmptyState(appearance, "euro", "Aucun remboursement dans les documents lus.")
        column = scrolled_page(self)
        column.addLayout(head)
        column.addWidget(self._note)
        column.addWidget(self.table, 1)
        column.addWidget(self._empty, 1)
        self.choice.activated.connect(self._pick)
        on_key(self, "Alt+N", self.choice.setFocus)
        on_key(self, "Esc", self.left.emit)
        presenter.changed.connect(self.refresh)
        self.refresh()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of this screen, for the status bar."""
        return HINTS

    def showEvent(self, event: QShowEvent) -> None:
        """The arrows go through the rows at once."""
        super().showEvent(event)
        self.table.setFocus()

    def refresh(self) -> None:
        """Draw what the presenter holds."""
        found, kind = self._presenter.overview, self._presenter.kind
        lines = found.reimbursements if found is not None else ()
        self._fill(lines)
        self.choice.setCurrentIndex(self._kinds.index(kind) if kind in self._kinds else 0)
        shown = [line for line in lines if kind is None or line.kind is kind]
        self.table.setVisible(bool(shown))
        self._empty.setVisible(found is not None and not shown)
        self.table.show_rows([_row(line) for line in shown])
        if found is not None:
            told = f"{texts.count(len(shown), 'ligne', 'lignes')} sur les 24 derniers mois. {words.gaps(found)}"
            more = "Un remboursement ne prouve pas que le médicament a été pris, ni le vaccin fait."
            self._note.setText(f"{told.strip()} {more}")

    def _fill(self, lines: tuple[Reimbursement, ...]) -> None:
        held = [kind for kind in KINDS if any(line.kind is kind for line in lines)]
        wanted: list[ReimbursementKind | None] = [None, *held]
        if wanted != self._kinds:
            self._kinds = wanted
            self.choice.clear()
            self.choice.addItems(["Toutes les natures", *(KINDS[kind] for kind in held)])

    def _pick(self, place: int) -> None:
        if 0 <= place < len(self._kinds):
            self._presenter.filter(self._kinds[place])


def _row(line: Reimbursement) -> FactRow:
    amount = f"{words.number(line.quantity)} {line.unit}".strip() if line.quantity is not None else ""
    when = texts.day(line.at) if line.at is not None else "Sans date"
    return FactRow(line.source_key, (when, KINDS[line.kind], line.label, amount, line.detail))
