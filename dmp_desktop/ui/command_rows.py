"""The rows of the command bar: what can be done or gone to, how it answers to a few letters, how it is drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap

Index = QModelIndex | QPersistentModelIndex

ACTIONS, EVERYWHERE, HERE = "Actions", "Partout", "Cet écran"
PEOPLE, DOCUMENTS = "Personnes", "Documents"
ROWS = 9
"""At most so many rows; more letters find the rest."""

SHARE = {PEOPLE: 4, DOCUMENTS: 3}
"""So many rows a group of results takes while others want theirs."""

_MIDDLE = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done.

    :ivar words: a verb and its object; ``context``: where or on what, smaller.
    :ivar keys: its cap, ``""`` for none; ``reason``: why it cannot be done now, ``""`` when it can.
    :ivar group: the heading it stands under here; ``where``: the one it stands under in the map of keys.
    :ivar anchor: the button that does the same, when it is on the screen.
    """

    words: str
    run: Callable[[], object] = field(compare=False)
    icon: str = "right"
    keys: str = ""
    context: str = ""
    reason: str = ""
    group: str = ACTIONS
    where: str = EVERYWHERE
    anchor: QWidget | None = field(default=None, compare=False)


def fold(text: str) -> str:
    """Without accents nor capitals, letter for letter, so that places in the one are places in the other."""
    return "".join((unicodedata.normalize("NFD", letter)[0]).lower()[:1] or letter for letter in text)


def matches(words: str, typed: str) -> tuple[tuple[int, int], ...] | None:
    """Where the words typed begin the words of a command (start, length); ``None`` when one of them is nowhere."""
    folded, found = fold(words), []
    for piece in fold(typed).split():
        starts = [at for at in range(len(folded)) if folded.startswith(piece, at)]
        beginnings = [at for at in starts if at == 0 or not folded[at - 1].isalnum()]
        if not starts:
            return None
        found.append(((beginnings or starts)[0], len(piece)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the bar: a command, where what was typed stands in its words, and its heading if it bears one."""

    command: Command
    marks: tuple[tuple[int, int], ...]
    heading: str


def found(commands: Sequence[Command], typed: str, results: Sequence[Command] = ()) -> tuple[Row, ...]:
    """The rows to show, at most :data:`ROWS`, group by group; those that begin as typed first.

    :param results: what a search already found for what was typed: before the commands, in their own order, each group
        in its share of the rows as long as the others fill theirs.
    """
    hits = [(command, marks) for command in commands if (marks := matches(command.words, typed)) is not None]
    hits.sort(key=lambda hit: bool(hit[1]) and hit[1][0][0] != 0)
    order = list(dict.fromkeys(command.group for command in (*results, *commands)))
    groups = {group: [hit for hit in hits if hit[0].group == group] for group in order}
    for result in results:
        groups[result.group].append((result, matches(result.words, typed) or ()))
    rooms = {group: min(len(rows), SHARE.get(group, ROWS)) for group, rows in groups.items()}
    if sum(rooms.values()) < ROWS:
        for group in groups:
            rooms[group] += min(len(groups[group]) - rooms[group], ROWS - sum(rooms.values()))
    several = bool(results) or len(order) > 1
    rows: list[Row] = []
    for group, of_group in groups.items():
        heading = group if several else ""
        for command, marks in of_group[: min(rooms[group], ROWS - len(rows))]:
            rows.append(Row(command, marks, heading))
            heading = ""
    return tuple(rows)


class Rows(QAbstractListModel):
    """The rows shown."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def tell(self, rows: tuple[Row, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Its words, and the sentence read aloud."""
        if not index.isValid():
            return None
        command = self.rows[index.row()].command
        if role == Qt.ItemDataRole.DisplayRole:
            return command.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(p for p in (command.words, command.context, command.reason, command.keys) if p)
        return None


class RowDelegate(QStyledItemDelegate):
    """Paints heading, icon, words with the match in bold, context and key."""

    ROW, HEADING = 40, 28

    def __init__(self, appearance: Appearance, parent: QListView, rows: Rows) -> None:
        super().__init__(parent)
        self._appearance, self._list, self._rows = appearance, parent, rows

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A row, and its heading above it."""
        px = self._appearance.theme.px
        heading = px(self.HEADING) if self._rows.rows[index.row()].heading else 0
        return QSize(px(200), px(self.ROW) + heading)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        theme, px = self._appearance.theme, self._appearance.theme.px
        row, area = self._rows.rows[index.row()], QRect(option.rect)
        painter.save()
        if row.heading:
            head = QRect(area.left(), area.top(), area.width(), px(self.HEADING))
            painter.setFont(theme.font("caption", bold=True))
            painter.setPen(theme.color("text-3"))
            painter.drawText(head.adjusted(px(16), 0, 0, 0), _MIDDLE, row.heading)
            area.setTop(head.bottom() + 1)
        if self._list.currentIndex() == index:
            painter.fillRect(area, theme.color("selected"))
            painter.fillRect(area.left(), area.top(), px(4), area.height(), theme.color("action"))
        self._row(painter, row, area)
        painter.restore()

    def _row(self, painter: QPainter, row: Row, area: QRect) -> None:
        theme, px, command = self._appearance.theme, self._appearance.theme.px, row.command
        size, possible = px(18), not command.reason
        tone = "text-2" if possible else "text-disabled"
        image = pixmap(command.icon, theme.hex(tone), size, self._list.devicePixelRatioF())
        painter.drawPixmap(QPoint(area.left() + px(16), area.center().y() - size // 2 + 1), image)
        right = area.right() - px(12)
        if command.keys and possible:
            right = self._cap(painter, command.keys, area, right) - px(12)
        left = area.left() + px(46)
        layout = QTextLayout(command.words, theme.font("body"))
        bold, ranges = QTextCharFormat(), []
        bold.setFont(theme.font("body-strong"))
        for start, length in row.marks:
            piece = QTextLayout.FormatRange()
            piece.start, piece.length, piece.format = start, length, bold
            ranges.append(piece)
        layout.setFormats(ranges)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(max(1, right - left))
        layout.endLayout()
        painter.setPen(theme.color("text" if possible else "text-disabled"))
        line.draw(painter, QPointF(left, area.center().y() + 1 - line.height() / 2))
        beside = command.reason or command.context
        if beside:
            start = left + round(line.naturalTextWidth()) + px(12)
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("text-2" if command.reason else "text-3"))
            room = QRect(start, area.top(), right - start, area.height())
            words = painter.fontMetrics().elidedText(beside, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, _MIDDLE, words)

    def _cap(self, painter: QPainter, keys: str, area: QRect, right: int) -> int:
        theme, px = self._appearance.theme, self._appearance.theme.px
        painter.setFont(theme.font("caption"))
        width = painter.fontMetrics().horizontalAdvance(keys) + px(12)
        height = theme.size("key")
        cap = QRect(right - width, area.center().y() - height // 2 + 1, width, height)
        painter.setPen(QPen(theme.color("control"), 1))
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(cap, px(3), px(3))
        painter.setPen(theme.color("text-2"))
        painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), keys)
        return cap.left()
