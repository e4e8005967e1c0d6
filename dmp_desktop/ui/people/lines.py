"""A list of people, one line each: hour, name, birth date, state of the dossier, and what is known besides."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap

Index = QModelIndex | QPersistentModelIndex
_MIDDLE = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)

LEAD, BORN, STATE, MORE, BOTH = 64, 150, 190, 320, 290
"""Widths of the columns at 100 %; the name takes what is left. ``BOTH``: state and the rest, one over the other."""

WIDE, MIDDLING = 980, 760
"""Widths at 100 %: under the first the last column goes under the state, under the second the birth date goes under
the name."""


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line.

    :ivar key: what is told when it is chosen. :ivar lead: before the name (an hour), ``""`` for none.
    :ivar state: icon, words and colour; ``more``: the same, for what is known besides (no icon: ``""``).
    """

    key: str
    name: str
    under: str
    born: str
    state: tuple[str, str, str]
    more: tuple[str, str, str] = ("", "", "text-2")
    lead: str = ""

    def __repr__(self) -> str:
        return "Line(…)"

    @property
    def spoken(self) -> str:
        """The line as a sentence."""
        parts = (self.lead, self.name, self.under, self.born, self.state[1], self.more[1])
        return ", ".join(part for part in parts if part)


class _Lines(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Line, ...] = ()

    def tell(self, lines: tuple[Line, ...]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.spoken}, ligne {index.row() + 1} sur {len(self.lines)}"
        return None


class _LineDelegate(QStyledItemDelegate):
    def __init__(self, appearance: Appearance, parent: LineList, model: _Lines) -> None:
        super().__init__(parent)
        self._appearance, self._list, self._model = appearance, parent, model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self._list.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, px = self._appearance.theme, self._appearance.theme.px
        line, area = self._model.lines[index.row()], QRect(option.rect)
        painter.save()
        if self._list.currentIndex() == index:
            painter.fillRect(area, theme.color("selected"))
            painter.fillRect(area.left(), area.top(), px(4), area.height(), theme.color("action"))
        painter.fillRect(area.left(), area.bottom(), area.width(), theme.hairline, theme.color("line"))
        left, right = area.left() + px(16), area.right() - px(12)
        if line.lead:
            painter.setFont(theme.font("value", bold=True))
            painter.setPen(theme.color("text"))
            painter.drawText(QRect(left, area.top(), px(LEAD), area.height()), _MIDDLE, line.lead)
        left += px(LEAD) if self._list.leads else 0
        wide, middling = self._list.widths()
        if wide:
            self._state(painter, QRect(right - px(MORE), area.top(), px(MORE), area.height()), line.more)
            right -= px(MORE) + px(12)
        width = px(STATE if wide else BOTH)
        state = QRect(right - width, area.top(), width, area.height())
        if wide or not line.more[1]:
            self._state(painter, state, line.state)
        else:
            half = area.height() // 2
            self._state(painter, QRect(state.left(), state.top() + px(3), state.width(), half - px(3)), line.state)
            self._state(painter, QRect(state.left(), state.top() + half, state.width(), half - px(3)), line.more)
        right -= width + px(12)
        if middling:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("text"))
            painter.drawText(QRect(right - px(BORN), area.top(), px(BORN), area.height()), _MIDDLE, line.born)
            right -= px(BORN) + px(12)
        under = line.under if middling else ", ".join(part for part in (line.born, line.under) if part)
        self._name(painter, QRect(left, area.top(), right - left, area.height()), line.name, under)
        painter.restore()

    def _name(self, painter: QPainter, area: QRect, name: str, under: str) -> None:
        theme = self._appearance.theme
        top, low = theme.line("body"), theme.line("caption") if under else 0
        y = area.top() + (area.height() - top - low) // 2
        painter.setFont(theme.font("body-strong"))
        painter.setPen(theme.color("text"))
        cut = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRect(area.left(), y, area.width(), top), _MIDDLE, cut)
        if under:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("text-2"))
            cut = painter.fontMetrics().elidedText(under, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(QRect(area.left(), y + top, area.width(), low), _MIDDLE, cut)

    def _state(self, painter: QPainter, area: QRect, state: tuple[str, str, str]) -> None:
        theme, px = self._appearance.theme, self._appearance.theme.px
        icon, words, tone = state
        if icon:
            size = px(18)
            image = pixmap(icon, theme.hex(tone), size, self._list.devicePixelRatioF())
            painter.drawPixmap(QPoint(area.left(), area.center().y() - size // 2 + 1), image)
            area = area.adjusted(px(26), 0, 0, 0)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color(tone))
        cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _MIDDLE, cut)


class LineList(QListView):
    """Arrows move, Enter or a double click asks; nothing else is decided here.

    :param leads: whether lines begin with an hour.
    """

    picked = Signal(str)
    asked = Signal(str)

    def __init__(self, appearance: Appearance, name: str, *, leads: bool = False) -> None:
        super().__init__()
        self._appearance, self.leads = appearance, leads
        self._model = _Lines()
        self.setModel(self._model)
        self.setItemDelegate(_LineDelegate(appearance, self, self._model))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setAccessibleName(name)
        self.clicked.connect(lambda index: self._pick(index.row()))
        self.doubleClicked.connect(lambda index: self.asked.emit(self._model.lines[index.row()].key))
        appearance.changed.connect(self._model.layoutChanged)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._model.lines

    def tell(self, lines: tuple[Line, ...], chosen: str) -> None:
        """Show these, ``chosen`` current; the place in the list is kept."""
        if lines != self._model.lines:
            self._model.tell(lines)
        row = next((at for at, line in enumerate(lines) if line.key == chosen), -1)
        index = self._model.index(row) if row >= 0 else QModelIndex()
        self.setCurrentIndex(index)
        self.setAccessibleDescription(str(self._model.data(index, Qt.ItemDataRole.AccessibleTextRole) or ""))
        if row >= 0:
            self.scrollTo(index)
        self.viewport().update()

    def row_height(self) -> int:
        """The same for every line; two lines of words need their room."""
        theme = self._appearance.theme
        return max(theme.size("table_row"), theme.line("body") + theme.line("caption") + theme.px(12))

    def widths(self) -> tuple[bool, bool]:
        """Whether there is room for every column, and for the birth date in a column of its own."""
        width = self.viewport().width() * 100 / self._appearance.theme.zoom
        return width >= WIDE, width >= MIDDLING

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer columns."""
        super().resizeEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, page keys, Enter; everything else goes to the page."""
        key, count, at = event.key(), len(self._model.lines), self.currentIndex().row()
        page = max(1, self.viewport().height() // self.row_height() - 1)
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_Home: -count,
            Qt.Key.Key_End: count,
        }
        if key in steps and count:
            self._pick(min(max(at + steps[Qt.Key(key)], 0), count - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if at >= 0:
                self.asked.emit(self._model.lines[at].key)
        else:
            event.ignore()

    def _pick(self, row: int) -> None:
        self.picked.emit(self._model.lines[row].key)
