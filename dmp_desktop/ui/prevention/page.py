"""Vaccinations: what was given, what the documents ask for. No calendar is applied: the page says so."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dmp_desktop.services.synthesis import Overview, PartKind
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.page_frame import KeyHint, on_key
from dmp_desktop.ui.synthesis.panel import line_words
from dmp_desktop.ui.synthesis.source_link import source_link
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.timeline import words
from dmp_desktop.ui.timeline.fact_table import FactRow, FactTable
from dmp_desktop.ui.timeline.presenter import OverviewPresenter
from dmp_desktop.ui.timeline.scrolled import scrolled_page
from dmp_desktop.ui.widgets.basic import Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import EmptyState

HINTS = (KeyHint("↑ ↓", "Vaccin"), KeyHint("Entrée", "Ouvrir"), KeyHint("Échap", "Revenir"))


class VaccinationPage(QWidget):
    """Done, then due."""

    left = Signal()

    def __init__(self, appearance: Appearance, presenter: OverviewPresenter) -> None:
        super().__init__()
        self._appearance, self._presenter = appearance, presenter
        self.setAccessibleName("Vaccinations")
        back = ActionButton(appearance, "Revenir", keys="Échap")
        back.clicked.connect(lambda _c=False: self.left.emit())
        head = QHBoxLayout()
        head.addWidget(Text("Vaccinations", "title"), 1)
        head.addWidget(back)
        self._note = Text("", "body", "text-2", wrap=True)
        self._due = Panel("À prévoir d’après les documents")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self._due.body.addLayout(self._lines)
        self.table = FactTable(
            appearance, ("Date", "Vaccin", "Protège de", "Dose", "Lot", "Source"), wide=(1, 2), less=(3, 4)
        )
        self.table.opened.connect(presenter.open)
        self._empty = EmptyState(appearance, "syringe", "Aucun vaccin dans les documents lus.")
        column = scrolled_page(self)
        column.addLayout(head)
        column.addWidget(self._note)
        column.addWidget(self.table, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self._due)
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
        found = self._presenter.overview
        done = found.immunizations if found is not None else ()
        self.table.setVisible(bool(done))
        self._empty.setVisible(not done)
        empty_layout(self._lines)
        if found is None:
            self._note.setText("")
            return
        shown = f"{texts.count(len(done), 'vaccination', 'vaccinations')} dans les documents lus. {words.gaps(found)}"
        self._note.setText(shown.strip())
        self.table.show_rows(_rows(found))
        self._fill_due(found)

    def _fill_due(self, found: Overview) -> None:
        for line in found.due_vaccines:
            row = QHBoxLayout()
            told = line_words(PartKind.DUE, line)
            link = source_link(self._appearance, told, line.at, line.key, self._presenter.open)
            row.addWidget(Text(told, "body", wrap=True), 1)
            row.addWidget(link)
            self._lines.addLayout(row)
        if not found.due_vaccines:
            self._lines.addWidget(
                Text("Aucun rappel n’est demandé dans les documents lus.", "body", "text-2", wrap=True)
            )
        rule = "Ce logiciel n’applique pas le calendrier vaccinal\u00a0: il montre ce que disent les documents."
        self._lines.addWidget(Text(rule, "caption", "text-3", wrap=True))


def _rows(found: Overview) -> list[FactRow]:
    rows = []
    for item in found.immunizations:
        source = found.row(item.source_key)
        rank = f"{item.rank}" if item.rank else ""
        told = item.label if item.given else f"{item.label}, non faite"
        when = texts.day(item.at) if item.at is not None else "Sans date"
        cells = (when, told, ", ".join(item.targets), rank, item.lot_number, words.who(source) if source else "")
        rows.append(FactRow(item.source_key, cells))
    return rows
