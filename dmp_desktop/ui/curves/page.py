"""Values over time: one analyte in one unit, its curve and the same values as a table."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from dmp_desktop.services.series import Series
from dmp_desktop.ui.curves.chart import CurveChart
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.page_frame import KeyHint, on_key
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.timeline import words
from dmp_desktop.ui.timeline.fact_table import FactRow, FactTable
from dmp_desktop.ui.timeline.presenter import OverviewPresenter
from dmp_desktop.ui.timeline.scrolled import scrolled_page
from dmp_desktop.ui.widgets.basic import KeyCap, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton, Choice
from dmp_desktop.ui.widgets.messages import EmptyState

HINTS = (
    KeyHint("← →", "Valeur"),
    KeyHint("Entrée", "Ouvrir"),
    KeyHint("Alt+N", "Analyse"),
    KeyHint("Échap", "Revenir"),
)
_NARROW = 900


class CurvesPage(QWidget):
    """Choose an analyte, read its curve; each point and each row opens its document."""

    left = Signal()

    def __init__(self, appearance: Appearance, presenter: OverviewPresenter) -> None:
        super().__init__()
        self._appearance, self._presenter = appearance, presenter
        self._series: tuple[Series, ...] = ()
        self.setAccessibleName("Valeurs dans le temps")
        self._title = Text("Valeurs dans le temps", "title", wrap=True)
        self._note = Text("", "body", "text-2", wrap=True)
        self.choice = Choice(appearance, "Analyse et unité")
        self.choice.setMinimumContentsLength(26)
        self.chart = CurveChart(appearance)
        self.table = FactTable(appearance, ("Date", "Valeur", "Usuelles", "Source"), wide=(3,))
        self._empty = EmptyState(appearance, "tube", "Aucune valeur chiffrée dans les documents lus.")
        back = ActionButton(appearance, "Revenir", keys="Échap")
        back.clicked.connect(lambda _c=False: self.left.emit())
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title, 1)
        self._cap = KeyCap(appearance, "Alt+N")
        head.addWidget(self.choice)
        head.addWidget(self._cap)
        head.addWidget(back)
        panel = Panel(margin=8)
        panel.body.addWidget(self.chart)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(16)
        self._body.addWidget(panel, 1)
        self._body.addWidget(self.table, 1)
        self._panel = panel
        column = scrolled_page(self)
        column.addLayout(head)
        column.addWidget(self._note)
        column.addLayout(self._body, 1)
        column.addWidget(self._empty, 1)
        self.choice.activated.connect(self._pick)
        self.chart.chosen.connect(self.table.choose)
        self.chart.opened.connect(self._open)
        self.table.chosen.connect(self._follow)
        self.table.opened.connect(presenter.open)
        on_key(self, "Alt+N", self.choice.setFocus)
        on_key(self, "Esc", self.left.emit)
        presenter.changed.connect(self.refresh)
        self.refresh()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of this screen, for the status bar."""
        return HINTS

    def series_called(self, label: str) -> Series | None:
        """The series of an analyte with the most values, ``None`` when there is none."""
        named = [one for one in self._series if one.label == label]
        return max(named, key=lambda one: len(one.points), default=None)

    def show_curve(self, series: Series | None) -> None:
        """This analyte."""
        if series is not None and series in self._series:
            self.choice.setCurrentIndex(self._series.index(series))
            self._pick(self._series.index(series))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The table goes under the curve where room lacks."""
        super().resizeEvent(event)
        narrow = self.width() < self._appearance.theme.px(_NARROW)
        self._body.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def showEvent(self, event: QShowEvent) -> None:
        """The arrows go from value to value at once."""
        super().showEvent(event)
        self.chart.setFocus()

    def refresh(self) -> None:
        """Draw what the presenter holds."""
        found = self._presenter.overview
        series = found.series if found is not None else ()
        if series != self._series:
            self._series = series
            self.choice.clear()
            self.choice.addItems([_named(one) for one in series])
            if series:
                self._pick(max(range(len(series)), key=lambda place: len(series[place].points)))
        for part in (self._panel, self.table, self.choice, self._cap):
            part.setVisible(bool(series))
        self._empty.setVisible(not series)

    def _pick(self, place: int) -> None:
        if not 0 <= place < len(self._series):
            return
        series = self._series[place]
        if self.choice.currentIndex() != place:
            self.choice.setCurrentIndex(place)
        self._title.setText(f"{series.label}, {series.unit}" if series.unit else series.label)
        self._note.setText(_note(series))
        self._note.setVisible(bool(_note(series)))
        self.table.show_rows([self._row(series, number) for number in range(len(series.points))])
        self.chart.show_series(series)

    def _row(self, series: Series, number: int) -> FactRow:
        point = series.points[number]
        found = self._presenter.overview
        row = found.row(point.key) if found is not None else None
        odd = point.observation.abnormal
        told = words.number(point.value) + (f" {words.ABNORMAL[odd]}" if odd is not None else "")
        usual = words.usual(point.observation.low, point.observation.high)
        return FactRow(point.key, (texts.day(point.at), told, usual, words.who(row) if row else ""), odd is not None)

    def _open(self, place: int) -> None:
        self._presenter.open(self.table.key(place))

    def _follow(self, place: int) -> None:
        self.chart.blockSignals(True)
        self.chart.choose(place)
        self.chart.blockSignals(False)


def _named(series: Series) -> str:
    values = texts.count(len(series.points), "valeur", "valeurs")
    own = ", mesuré par la personne" if series.by_patient else ""
    unit = f" ({series.unit})" if series.unit else ""
    return f"{series.label}{unit}, {values}{own}"


def _note(series: Series) -> str:
    parts = []
    if series.by_patient:
        parts.append("Valeurs déclarées par la personne.")
    if series.other_units:
        parts.append(f"D’autres valeurs sont en {', '.join(series.other_units)}\u00a0: elles ont leur propre courbe.")
    if series.low is not None or series.high is not None:
        parts.append(f"Bande\u00a0: valeurs usuelles du dernier compte rendu, {words.usual(series.low, series.high)}.")
    return " ".join(parts)
