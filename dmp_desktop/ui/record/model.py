"""The documents of a record as a Qt model: headings and rows, no widget per row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from dmp_desktop.domain.record import RecordRow
from dmp_desktop.domain.record_rules import Group, title_of
from dmp_desktop.domain.shelf import Hit, ShelfState
from dmp_desktop.ui.record import texts

Index = QModelIndex | QPersistentModelIndex

_CHOSEN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


@dataclass(frozen=True, slots=True)
class Heading:
    """The words above a group."""

    words: str


class DocumentModel(QAbstractListModel):
    """Headings and rows in order.

    :ivar words: what is searched, to be highlighted; ``hits``: where it was found, by key.
    :ivar own: PS_IdNat of whoever reads.
    """

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[Heading | RecordRow, ...] = ()
        self.hits: dict[str, Hit] = {}
        self.words = ""
        self.own = ""
        self._lines: dict[str, int] = {}
        self._places: dict[str, int] = {}

    def tell(self, groups: tuple[Group, ...], state: ShelfState, hits: dict[str, Hit], words: str, own: str) -> None:
        """Show these. Rows that only changed in place (read, sent) are not laid out again."""
        items: list[Heading | RecordRow] = []
        for group in groups:
            words_above = texts.heading(group, state)
            if words_above:
                items.append(Heading(words_above))
            items.extend(group.rows)
        same = len(items) == len(self.items) and all(map(_same_place, items, self.items))
        if same:
            self._take(tuple(items), hits, words, own)
            if items:
                self.dataChanged.emit(self.index(0), self.index(len(items) - 1))
            return
        self.beginResetModel()
        self._take(tuple(items), hits, words, own)
        self.endResetModel()

    def _take(self, items: tuple[Heading | RecordRow, ...], hits: dict[str, Hit], words: str, own: str) -> None:
        self.items, self.hits, self.words, self.own = items, hits, words, own
        self._lines = {item.key: line for line, item in enumerate(items) if isinstance(item, RecordRow)}
        self._places = {key: place for place, key in enumerate(self._lines, 1)}

    def line_of(self, key: str) -> int:
        """Line of a document; -1 when it is not shown."""
        return self._lines.get(key, -1)

    def row(self, line: int) -> RecordRow | None:
        """The document of a line, ``None`` for a heading."""
        item = self.items[line] if 0 <= line < len(self.items) else None
        return item if isinstance(item, RecordRow) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Headings and rows."""
        return 0 if parent.isValid() else len(self.items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is passed over."""
        line = index.row()
        is_row = index.isValid() and line < len(self.items) and isinstance(self.items[line], RecordRow)
        return _CHOSEN if is_row else Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Title, and the sentence read aloud."""
        if not index.isValid():
            return None
        item = self.items[index.row()]
        reading: dict[int, Callable[[], str]]
        if isinstance(item, Heading):
            reading = {Qt.ItemDataRole.DisplayRole: lambda: item.words}
            reading[Qt.ItemDataRole.AccessibleTextRole] = lambda: f"Groupe\u00a0: {item.words}"
        else:
            reading = {Qt.ItemDataRole.DisplayRole: lambda: title_of(item)}
            place = self._places[item.key]
            reading[Qt.ItemDataRole.AccessibleTextRole] = lambda: texts.spoken(item, place, len(self._places), self.own)
        answer = reading.get(role)
        return answer() if answer else None


def _same_place(one: Heading | RecordRow, other: Heading | RecordRow) -> bool:
    if isinstance(one, RecordRow) and isinstance(other, RecordRow):
        return one.key == other.key
    return one == other
