"""A table of words: hairlines between rows, none between columns; a marked row says so by an icon and in bold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells, and the icon and tone of what marks it (``""`` for nothing).

    :ivar at: which cell bears the icon.
    """

    cells: tuple[str, ...]
    icon: str = ""
    tone: str = "text"
    at: int = 0


class LinesModel(QAbstractTableModel):
    """The lines, as a view asks for them."""

    def __init__(self, appearance: Appearance, headers: Sequence[str]) -> None:
        super().__init__()
        self._appearance, self._headers = appearance, tuple(headers)
        self.lines: tuple[Line, ...] = ()

    def tell(self, lines: tuple[Line, ...]) -> None:
        """Other lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """How many lines."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """How many columns."""
        return 0 if parent.isValid() else len(self._headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, icon, weight, and the whole line for a screen reader."""
        line, theme = self.lines[index.row()], self._appearance.theme
        words = line.cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.ToolTipRole:
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            told = zip(self._headers, line.cells, strict=True)
            return ", ".join(f"{name}\u00a0: {cell}" for name, cell in told if cell)
        if line.icon and index.column() == line.at:
            if role == Qt.ItemDataRole.DecorationRole:
                return QIcon(pixmap(line.icon, theme.hex(line.tone), theme.px(16)))
            if role == Qt.ItemDataRole.ForegroundRole:
                return theme.color(line.tone)
            if role == Qt.ItemDataRole.FontRole:
                font = QFont(theme.font("body"))
                font.setBold(True)
                return font
        return None


class LinesTable(QTableView):
    """Arrows move, Enter asks for the line looked at.

    :param shares: share of the width of each column.
    """

    asked = Signal(int)
    looked = Signal(int)

    def __init__(self, appearance: Appearance, name: str, headers: Sequence[str], shares: Sequence[float]) -> None:
        super().__init__()
        self._appearance, self._shares = appearance, tuple(shares)
        self.lines = LinesModel(appearance, headers)
        self.setModel(self.lines)
        self.setAccessibleName(name)
        self.setProperty("kind", "lines")
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.looked.emit(now.row()))
        appearance.changed.connect(self._fit)
        self._fit()

    def tell(self, lines: tuple[Line, ...]) -> None:
        """Other lines; the one looked at stays when there are as many."""
        if lines == self.lines.lines:
            return
        row = self.currentIndex().row()
        self.lines.tell(lines)
        self._fit()
        if lines:
            self.selectRow(row if 0 <= row < len(lines) else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks; Escape and the other keys of the page go to the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.asked.emit(self.currentIndex().row())
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        theme = self._appearance.theme
        self.horizontalHeader().setFixedHeight(theme.px(36))
        self.setMinimumHeight(theme.px(160))
        room, total = self.viewport().width(), sum(self._shares)
        for column, share in enumerate(self._shares):
            self.setColumnWidth(column, int(room * share / total))
        self.verticalHeader().setMinimumSectionSize(theme.size("list_row"))
        self.verticalHeader().setDefaultSectionSize(theme.px(44))
        if len(self.lines.lines) <= _MEASURED:
            self.resizeRowsToContents()


_MEASURED = 300
"""Rows whose height is measured one by one; a longer table keeps one height, its cut words stand in their tips."""
