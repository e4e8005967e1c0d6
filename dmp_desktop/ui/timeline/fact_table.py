"""A table of facts, each row of which opens its document: values, vaccinations, reimbursements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from dmp_desktop.ui.theme.appearance import Appearance

_Index = QModelIndex | QPersistentModelIndex

_NARROW = 800


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row; ``key``: its document; ``strong``: a value said abnormal, whose words say so too."""

    key: str
    cells: tuple[str, ...]
    strong: bool = False


class _Model(QAbstractTableModel):
    def __init__(self, appearance: Appearance, heads: tuple[str, ...]) -> None:
        super().__init__()
        self._appearance, self._heads = appearance, heads
        self.rows: tuple[FactRow, ...] = ()

    def show_rows(self, rows: Sequence[FactRow]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Columns."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._heads[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell; for a screen reader, the name of its column before it."""
        row = self.rows[index.row()]
        told = row.cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return told
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{self._heads[index.column()]}, {told or 'non renseigné'}"
        if role == Qt.ItemDataRole.FontRole and row.strong:
            return self._appearance.theme.font("body", bold=True)
        if role == Qt.ItemDataRole.ForegroundRole and row.strong:
            return self._appearance.theme.color("warning")
        return None


class FactTable(QTableView):
    """Rows chosen by arrows, opened by Enter.

    :param wide: numbers of the columns that share the room left.
    :param less: numbers of the columns left out where room lacks; the document holds what they say.
    """

    chosen = Signal(int)
    opened = Signal(str)

    def __init__(
        self, appearance: Appearance, heads: tuple[str, ...], *, wide: tuple[int, ...], less: tuple[int, ...] = ()
    ) -> None:
        super().__init__()
        self._appearance, self._less = appearance, less
        self._model = _Model(appearance, heads)
        self.setModel(self._model)
        self.setAccessibleName(f"Tableau, {', '.join(heads)}")
        self.setProperty("kind", "facts")
        self.setProperty("ring", "inside")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in wide:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.chosen.emit(now.row()))
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        appearance.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        theme = self._appearance.theme
        self.verticalHeader().setMinimumSectionSize(theme.size("table_row"))
        self.horizontalHeader().setFixedHeight(theme.px(32))
        self.setMinimumHeight(theme.px(140))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer columns where room lacks."""
        super().resizeEvent(event)
        narrow = self.width() < self._appearance.theme.px(_NARROW)
        for column in self._less:
            if self.isColumnHidden(column) != narrow:
                self.setColumnHidden(column, narrow)

    def show_rows(self, rows: Sequence[FactRow]) -> None:
        """Other rows."""
        self._model.show_rows(rows)
        self._fit()

    def choose(self, row: int) -> None:
        """Show a row as the one looked at."""
        if row != self.currentIndex().row():
            self.selectRow(row)

    def key(self, row: int) -> str:
        """Document of a row, ``""`` for none."""
        return self._model.rows[row].key if 0 <= row < len(self._model.rows) else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def _open(self, row: int) -> None:
        if self.key(row):
            self.opened.emit(self.key(row))
