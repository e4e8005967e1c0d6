"""The command bar (guide 4.11): Ctrl+K, a few letters, Enter."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen, QResizeEvent, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.widgets.basic import IconLabel, KeyCap, Text

Index = QModelIndex | QPersistentModelIndex

ACTIONS, EVERYWHERE, HERE = "Actions", "Partout", "Cet écran"
ROWS = 9
"""At most so many rows; more letters find the rest."""

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


Provider = Callable[[], Sequence[Command]]


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
class _Row:
    command: Command
    marks: tuple[tuple[int, int], ...]
    heading: str


def found(commands: Sequence[Command], typed: str) -> tuple[_Row, ...]:
    """The rows to show: those that begin as typed first, group by group, at most :data:`ROWS`."""
    hits = [(command, marks) for command in commands if (marks := matches(command.words, typed)) is not None]
    hits.sort(key=lambda hit: bool(hit[1]) and hit[1][0][0] != 0)
    groups = list(dict.fromkeys(command.group for command in commands))
    rows: list[_Row] = []
    for group in groups:
        heading = group if len(groups) > 1 else ""
        for command, marks in hits:
            if command.group == group and len(rows) < ROWS:
                rows.append(_Row(command, marks, heading))
                heading = ""
    return tuple(rows)


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[_Row, ...] = ()

    def tell(self, rows: tuple[_Row, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        command = self.rows[index.row()].command
        if role == Qt.ItemDataRole.DisplayRole:
            return command.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(p for p in (command.words, command.context, command.reason, command.keys) if p)
        return None


class _RowDelegate(QStyledItemDelegate):
    ROW, HEADING = 40, 28

    def __init__(self, appearance: Appearance, parent: QListView, rows: _Rows) -> None:
        super().__init__(parent)
        self._appearance, self._list, self._rows = appearance, parent, rows

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        px = self._appearance.theme.px
        heading = px(self.HEADING) if self._rows.rows[index.row()].heading else 0
        return QSize(px(200), px(self.ROW) + heading)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
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

    def _row(self, painter: QPainter, row: _Row, area: QRect) -> None:
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


_OURS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class CommandBar(QFrame):
    """Opens over the top of the window, gives the focus back where it was.

    :param commands: asked each time it opens; a group is drawn only when it has rows.
    """

    WIDTH = 640

    def __init__(self, appearance: Appearance, window: QWidget, commands: Provider) -> None:
        super().__init__(window)
        self._appearance, self._window, self._provider = appearance, window, commands
        self._commands: tuple[Command, ...] = ()
        self._before: QWidget | None = None
        self.setProperty("kind", "floating")
        self.setProperty("ring", "none")
        self.setAccessibleName("Barre de commande")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(12)
        self._edit = QLineEdit()
        self._edit.setProperty("kind", "bare")
        self._edit.setProperty("ring", "none")
        self._edit.setPlaceholderText("Que voulez-vous faire\u202f?")
        self._edit.setAccessibleName("Chercher une action")
        self._edit.textChanged.connect(self._search)
        self._edit.installEventFilter(self)
        row.addWidget(IconLabel(appearance, "search", "text-2", 18))
        row.addWidget(self._edit, 1)
        row.addWidget(KeyCap(appearance, "Échap"))
        column.addLayout(row)
        self._rows = _Rows()
        self._list = QListView()
        self._list.setModel(self._rows)
        self._list.setProperty("kind", "bare")
        self._list.setItemDelegate(_RowDelegate(appearance, self._list, self._rows))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setSelectionMode(QListView.SelectionMode.NoSelection)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("Actions possibles")
        self._list.clicked.connect(self._clicked)
        column.addWidget(self._list)
        self._nothing = Text("Aucune action ne correspond.", "body", "text-2")
        self._nothing.setContentsMargins(16, 8, 16, 14)
        column.addWidget(self._nothing)
        window.installEventFilter(self)
        appearance.changed.connect(self._place)
        self.hide()

    # -- opening and closing ------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Show what can be done now."""
        if self.isVisible():
            return
        self._before = self._window.focusWidget()
        self._commands = tuple(self._provider())
        self._edit.clear()
        self._search("")
        self.show()
        self.raise_()
        # Only what is shown has the sizes of the style sheet.
        self._place()
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Close; the focus returns where it was."""
        if not self.isVisible():
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()

    @property
    def rows(self) -> tuple[str, ...]:
        """The words of the rows shown."""
        return tuple(row.command.words for row in self._rows.rows)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _search(self, typed: str) -> None:
        self._rows.tell(found(self._commands, typed))
        some = bool(self._rows.rows)
        self._list.setVisible(some)
        self._nothing.setVisible(not some)
        if some:
            self._choose(0)
        self._place()

    def _choose(self, row: int) -> None:
        index = self._rows.index(row)
        self._list.setCurrentIndex(index)
        self._list.viewport().update()
        self._edit.setAccessibleDescription(str(self._rows.data(index, Qt.ItemDataRole.AccessibleTextRole)))

    def _clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())
        self._run()

    def _run(self) -> None:
        row = self._list.currentIndex().row()
        if not 0 <= row < len(self._rows.rows):
            return
        command = self._rows.rows[row].command
        if command.reason:
            return
        self.close_bar()
        command.run()

    def _place(self) -> None:
        px = self._appearance.theme.px
        self._edit.setFixedHeight(px(48))
        width = min(px(self.WIDTH), self._window.width() - px(32))
        heights = sum(self._list.sizeHintForRow(row) for row in range(len(self._rows.rows)))
        heights += 2 * self._appearance.theme.hairline
        room = self._window.height() - px(44 + 48 + 24)
        self._list.setFixedHeight(max(1, min(heights, room)))
        left = px(280) if self._window.width() >= px(280) + width + px(16) else (self._window.width() - width) // 2
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(left, px(44))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows, Enter and Escape while typing; a click elsewhere closes."""
        kind = event.type()
        if watched is self._edit and isinstance(event, QKeyEvent):
            if kind == QEvent.Type.KeyPress:
                return self._key(event)
            if kind == QEvent.Type.ShortcutOverride and event.key() in _OURS:
                # The screen behind has these keys too: here they are the bar's.
                event.accept()
                return True
        if watched is self._edit and isinstance(event, QFocusEvent) and event.lostFocus() and self.isVisible():
            if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
                self._before = None
                self.hide()
        elif watched is self._window and isinstance(event, QResizeEvent) and self.isVisible():
            self._place()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, count = event.key(), len(self._rows.rows)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._choose((self._list.currentIndex().row() + step) % count)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            return False
        return True
