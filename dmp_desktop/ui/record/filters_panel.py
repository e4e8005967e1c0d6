"""The filters of the list (EX_3.1-1030, by role), its order and its groups: in place, above the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dmp_desktop.domain.record import Filters, RecordRow
from dmp_desktop.domain.record_rules import Grouping, Sorting, folded_text
from dmp_desktop.ui.page_frame import on_key
from dmp_desktop.ui.record import texts
from dmp_desktop.ui.record.presenter import RecordPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Text
from dmp_desktop.ui.widgets.controls import ActionButton, Choice, TickRow

PERIODS: Final = (("Toutes les dates", 0), ("3 derniers mois", 92), ("12 derniers mois", 366), ("5 ans", 1827))
EVERY_KIND: Final = "Tous les types"
EVERYONE: Final = "Tous les auteurs"

_TICKS = (
    ("archived", "Archivés", ""),
    ("obsolete", "Anciennes versions", ""),
    ("hidden_from_patient", "Seulement ceux que le patient ne voit pas", ""),
    ("hidden_from_representatives", "Seulement ceux que les représentants ne voient pas", ""),
)
_MASKED = ("masked", "Masqués aux professionnels", "Pour le médecin traitant seulement")


class FiltersPanel(QFrame):
    """Ticks and choices; each acts at once."""

    closed = Signal()

    def __init__(self, appearance: Appearance, presenter: RecordPresenter) -> None:
        super().__init__()
        self._appearance, self._presenter = appearance, presenter
        self._telling = False
        self.setProperty("room", "bar")
        self.setAccessibleName("Filtres")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("room", "bar")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(10)
        area.setWidget(inside)
        outer.addWidget(area)
        column.addWidget(Text("Montrer aussi", "caption", "text-2"))
        # Only the médecin traitant has the tick: for the others it does not exist.
        ticks = (*_TICKS[:2], _MASKED, *_TICKS[2:]) if presenter.context.treating else _TICKS
        self.ticks: dict[str, TickRow] = {}
        for name, words, note in ticks:
            if name == "hidden_from_patient":
                column.addWidget(Text("Restreindre", "caption", "text-2"))
            tick = TickRow(appearance, words, note)
            tick.toggled.connect(lambda on, name=name: self._set(name, on))
            self.ticks[name] = tick
            column.addWidget(tick)
        self.kinds = Choice(appearance, "Type de document")
        self.authors = Choice(appearance, "Auteur")
        self.period = Choice(appearance, "Période")
        self.sorting = Choice(appearance, "Ordre")
        self.grouping = Choice(appearance, "Groupes")
        for label, choice in (
            ("Type de document", self.kinds),
            ("Auteur", self.authors),
            ("Période", self.period),
            ("Ordre", self.sorting),
            ("Groupes", self.grouping),
        ):
            column.addWidget(Text(label, "caption", "text-2"))
            column.addWidget(choice)
            choice.activated.connect(lambda _i: self._chosen())
        for words, days in PERIODS:
            self.period.addItem(words, days)
        for sorting, words in texts.SORTING.items():
            self.sorting.addItem(words, sorting)
        for grouping, words in texts.GROUPING.items():
            self.grouping.addItem(words, grouping)
        self.everything = ActionButton(appearance, "Demander tout l’historique", keys="Alt+Y", icon="history")
        self.everything.clicked.connect(self._ask_everything)
        on_key(self, "Alt+Y", self.everything.click)
        column.addWidget(self.everything)
        row = QHBoxLayout()
        self.clear = ActionButton(appearance, "Tout remettre", kind="link", keys="Alt+Z")
        self.done = ActionButton(appearance, "Voir la liste", keys="Échap")
        self.clear.clicked.connect(self._reset)
        self.done.clicked.connect(self.closed)
        on_key(self, "Alt+Z", self._reset)
        row.addWidget(self.clear)
        row.addStretch(1)
        row.addWidget(self.done)
        column.addLayout(row)
        column.addStretch(1)

    def tell(self) -> None:
        """Show the filters in force; the kinds and authors are those of the documents this professional is shown."""
        presenter, filters = self._presenter, self._presenter.filters
        self._telling = True
        self.everything.setVisible(presenter.state.first_only)
        for name, tick in self.ticks.items():
            tick.setChecked(bool(getattr(filters, name)))
        kinds = {row.entry.type_code.value: row.entry.type_code.text for row in presenter.all_rows}
        _offer(self.kinds, EVERY_KIND, kinds, next(iter(filters.kinds), ""))
        _offer(self.authors, EVERYONE, _authors(presenter.all_rows), next(iter(filters.authors), ""))
        self.period.setCurrentIndex(self._period_of(filters))
        self.sorting.setCurrentIndex(self.sorting.findData(presenter.choice.sorting))
        self.grouping.setCurrentIndex(self.grouping.findData(presenter.choice.grouping))
        self._telling = False

    def _period_of(self, filters: Filters) -> int:
        if filters.since is None:
            return 0
        days = (self._presenter.now() - filters.since).days
        return min(range(1, len(PERIODS)), key=lambda i: abs(PERIODS[i][1] - days))

    def _set(self, name: str, on: bool) -> None:
        if not self._telling:
            self._presenter.filter(_with(self._presenter.filters, name, on))

    def _chosen(self) -> None:
        if self._telling:
            return
        kind, author, days = self.kinds.currentData(), self.authors.currentData(), self.period.currentData()
        now: datetime = self._presenter.now().astimezone(UTC)
        self._presenter.filter(
            replace(
                self._presenter.filters,
                kinds=frozenset({kind}) if kind else frozenset(),
                authors=frozenset({author}) if author else frozenset(),
                since=now - timedelta(days=days) if days else None,
            )
        )
        self._presenter.choose_order(Sorting(self.sorting.currentData()), Grouping(self.grouping.currentData()))

    def _ask_everything(self) -> None:
        """Older than the search of a first visit too: on demand only, it may be long."""
        self._presenter.refresh(full=True)
        self.closed.emit()

    def _reset(self) -> None:
        self._presenter.reset_filters()
        self.tell()


def _with(filters: Filters, name: str, on: bool) -> Filters:
    match name:
        case "archived":
            return replace(filters, archived=on)
        case "obsolete":
            return replace(filters, obsolete=on)
        case "masked":
            return replace(filters, masked=on)
        case "hidden_from_patient":
            return replace(filters, hidden_from_patient=on)
        case _:
            return replace(filters, hidden_from_representatives=on)


def _authors(rows: tuple[RecordRow, ...]) -> dict[str, str]:
    return {
        one.id: texts.name_of(one) for row in rows if not row.entry.by_patient for one in row.entry.authors if one.id
    }


def _offer(choice: Choice, every: str, offered: dict[str, str], chosen: str) -> None:
    choice.clear()
    choice.addItem(every, "")
    for value, words in sorted(offered.items(), key=lambda item: folded_text(item[1])):
        choice.addItem(words, value)
    choice.setCurrentIndex(max(0, choice.findData(chosen)))
