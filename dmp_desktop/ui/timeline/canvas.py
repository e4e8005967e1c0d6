"""The drawing of the timeline: lanes, marks, bars, the dashed line of the last visit.

It is a list view whose items are drawn on a time scale: screen readers find the events as the rows of a list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from dmp_desktop.domain.timeline import Timeline, TimelineBar, TimelineEvent
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.timeline import drawing, words
from dmp_desktop.ui.timeline.presenter import OverviewPresenter
from dmp_desktop.ui.timeline.scale import Scale

_Index = QModelIndex | QPersistentModelIndex
_REACH: Final = 16
"""Half the side of what a mouse reaches of a mark, at 100 %."""


class _Model(QAbstractListModel):
    """The events of the window, then its treatments."""

    def __init__(self) -> None:
        super().__init__()
        self.events: tuple[TimelineEvent, ...] = ()
        self.bars: tuple[TimelineBar, ...] = ()

    def show(self, shown: Timeline | None) -> None:
        """Another window."""
        events, bars = (shown.events, shown.bars) if shown is not None else ((), ())
        if (events, bars) == (self.events, self.bars):
            return
        self.beginResetModel()
        self.events, self.bars = events, bars
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Events and treatments."""
        return 0 if parent.isValid() else len(self.events) + len(self.bars)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a mark."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = index.row()
        if row < len(self.events):
            event = self.events[row]
            return event.label if role == Qt.ItemDataRole.DisplayRole else words.spoken(event)
        bar = self.bars[row - len(self.events)]
        until = f"jusqu’au {texts.day(bar.stop)}" if bar.stop is not None else "en cours"
        return f"Traitement, {bar.label}, depuis le {texts.day(bar.start)}, {until}"

    def key(self, row: int) -> str:
        """Document of a row."""
        return self.events[row].key if row < len(self.events) else self.bars[row - len(self.events)].key


class TimelineCanvas(QListView):
    """The timeline. Arrows and Enter go to the presenter."""

    def __init__(self, appearance: Appearance, presenter: OverviewPresenter) -> None:
        super().__init__()
        self._appearance, self._presenter = appearance, presenter
        self._model = _Model()
        self._scale = Scale(None, appearance.theme, 0)
        self.setModel(self._model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "plain")
        self.setProperty("ring", "inside")
        self.setAccessibleName("Frise chronologique")
        self.setAccessibleDescription(
            "Flèches gauche et droite\u00a0: événement. Haut et bas\u00a0: ligne. Plus et moins\u00a0: zoom."
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        presenter.changed.connect(self.refresh)
        presenter.moved.connect(self.refresh)
        appearance.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Draw what the presenter holds."""
        shown = self._presenter.shown
        self._model.show(shown)
        self._scale = Scale(shown, self._appearance.theme, self.viewport().width())
        self.setFixedHeight(self._scale.height)
        chosen = self._presenter.chosen
        if chosen is not None and chosen in self._model.events:
            index = self._model.index(self._model.events.index(chosen), 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The scale follows the width."""
        super().resizeEvent(event)
        self._scale = Scale(self._presenter.shown, self._appearance.theme, self.viewport().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Header, lanes, marks."""
        chosen = self._presenter.chosen
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drawing.draw(
            painter, self._scale, self._appearance.theme, chosen.key if chosen else "", self.devicePixelRatioF()
        )
        painter.end()

    # -- where things are, for the mouse and for screen readers -------------------------------------------------------

    def visualRect(self, index: _Index) -> QRect:
        """Where a mark is reached."""
        row = index.row()
        events = self._model.events
        if 0 <= row < len(events):
            centre = self._scale.mark(events[row])
            reach = self._appearance.theme.px(_REACH)
            return QRect(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)
        place = row - len(events)
        return self._scale.bar(place) if 0 <= place < len(self._model.bars) else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The nearest mark at a point; else the treatment."""
        near = [
            (abs(rect.center().x() - point.x()), row)
            for row in range(self._model.rowCount())
            if (rect := self.visualRect(self._model.index(row, 0))).contains(point)
        ]
        return self._model.index(min(near)[1], 0) if near else QModelIndex()

    def scrollTo(
        self, index: _Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Everything of the window is in sight."""

    # -- acts ---------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look at what is under the mouse."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            if index.row() < len(self._model.events):
                self._presenter.choose(self._model.key(index.row()))
            else:
                self._presenter.open(self._model.key(index.row()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open it."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self._presenter.open(self._model.key(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, open; the rest is for the page."""
        keys = Qt.Key
        acts: dict[Qt.Key, Callable[[], None]] = {
            keys.Key_Left: lambda: self._presenter.step(-1),
            keys.Key_Right: lambda: self._presenter.step(1),
            keys.Key_Up: lambda: self._presenter.change_lane(-1),
            keys.Key_Down: lambda: self._presenter.change_lane(1),
            keys.Key_Return: self._presenter.open,
            keys.Key_Enter: self._presenter.open,
        }
        act = acts.get(Qt.Key(event.key()))
        if act is None:
            event.ignore()
            return
        act()
        event.accept()
