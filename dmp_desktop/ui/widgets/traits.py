"""The comparison of two identities, trait by trait; the difference is marked four ways (guide 4.13)."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QTextCharFormat, QTextLayout, QTextLine
from PySide6.QtWidgets import QFrame

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap

_MIDDLE = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True, repr=False)
class TraitRow:
    """One trait.

    :ivar verdict: ``same``, ``different`` or ``not-comparable``.
    :ivar muted_left, muted_right: the text says that there is nothing to show (absent, not displayed).
    """

    label: str
    left: str
    right: str
    verdict: str
    muted_left: bool = False
    muted_right: bool = False

    def __repr__(self) -> str:
        return f"TraitRow({self.verdict})"


_VERDICTS = {
    "same": ("equal", "success", "Identique"),
    "different": ("not-equal", "warning", "Différent"),
    "not-comparable": ("minus", "text-3", "Non comparable"),
}


def differing(left: str, right: str) -> list[tuple[str, bool]]:
    """``right`` cut into pieces, each with whether it differs from ``left``."""
    pieces = []
    for tag, _, _, start, end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if end > start:
            pieces.append((right[start:end], tag != "equal"))
    return pieces


class TraitTable(QFrame):
    """Card at left, INSi at right, result beside. Nothing in it can be edited."""

    HEADER, ROW, DIFFERENT_ROW = 36, 44, 56

    def __init__(self, appearance: Appearance, left_title: str, right_title: str) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self._appearance = appearance
        self._titles = (left_title, right_title)
        self._rows: tuple[TraitRow, ...] = ()
        appearance.changed.connect(self._resize)

    def tell(self, rows: tuple[TraitRow, ...], left_title: str = "", right_title: str = "") -> None:
        """Show these rows, the differing ones as they come."""
        self._rows = rows
        self._titles = (left_title or self._titles[0], right_title or self._titles[1])
        self.setAccessibleName("Comparaison des traits")
        self.setAccessibleDescription(
            ". ".join(f"{r.label}\u00a0: {r.left} ; {r.right} ; {_VERDICTS[r.verdict][2]}" for r in rows)
        )
        self._resize()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Long values take more lines in a narrow table."""
        super().resizeEvent(event)
        self._resize()

    def _resize(self) -> None:
        rows = sum(self._height(row) for row in self._rows)
        self.setFixedHeight(self._appearance.theme.px(self.HEADER) + rows + 2)

    def _height(self, row: TraitRow) -> int:
        """Of one row: more when a value wraps."""
        theme, columns = self._appearance.theme, self._columns()
        different = row.verdict == "different"
        least = theme.px(self.DIFFERENT_ROW if different else self.ROW)
        metrics = QFontMetrics(theme.font("value", bold=different))
        lines = 1
        for words, width in ((row.left, columns[2] - columns[1]), (row.right, columns[3] - columns[2])):
            room = QRect(0, 0, max(1, width - theme.px(12)), 10_000)
            taken = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), words).height()
            lines = max(lines, round(taken / metrics.height()))
        return least + (lines - 1) * theme.line("value")

    @property
    def _narrow(self) -> bool:
        return self.width() < self._appearance.theme.px(700)

    def _columns(self) -> tuple[int, int, int, int]:
        px, width = self._appearance.theme.px, self.width()
        result = px(150) if self._narrow else px(210)
        label = px(154) if self._narrow else px(208)
        middle = (width - label - result) // 2
        return px(16), label, label + middle, width - result + px(8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Header, rows, marks."""
        super().paintEvent(event)
        theme = self._appearance.theme
        px, columns = theme.px, self._columns()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        header = QRect(1, 1, self.width() - 2, px(self.HEADER))
        painter.fillRect(header, theme.color("sunken"))
        painter.setFont(theme.font("caption", bold=True))
        for x, words, icon in zip(
            columns, ("Trait", *self._titles, "Résultat"), ("", "card", "cloud", ""), strict=True
        ):
            left = x
            if icon and not self._narrow:
                image = pixmap(icon, theme.hex("text-2"), px(16), self.devicePixelRatioF())
                painter.drawPixmap(QPoint(x, header.center().y() - px(8) + 1), image)
                left += px(26)
            painter.setPen(theme.color("text-2"))
            painter.drawText(QRect(left, header.top(), self.width() - left, header.height()), _MIDDLE, words)
        top = header.bottom() + 1
        for row in self._rows:
            height = self._height(row)
            self._row(painter, row, QRect(1, top, self.width() - 2, height), columns)
            top += height
        painter.end()

    def _row(self, painter: QPainter, row: TraitRow, area: QRect, columns: tuple[int, int, int, int]) -> None:
        theme = self._appearance.theme
        px, different = theme.px, row.verdict == "different"
        if different:
            painter.fillRect(area, theme.color("warning-bg"))
            painter.fillRect(area.left(), area.top(), px(4), area.height(), theme.color("warning"))
        painter.fillRect(area.left(), area.top(), area.width(), theme.hairline, theme.color("line"))
        painter.setFont(theme.font("body", bold=different))
        painter.setPen(theme.color("text" if different else "text-2"))
        painter.drawText(QRect(columns[0], area.top(), columns[1] - columns[0], area.height()), _MIDDLE, row.label)
        left = QRect(columns[1], area.top(), columns[2] - columns[1] - px(12), area.height())
        right = QRect(columns[2], area.top(), columns[3] - columns[2] - px(12), area.height())
        self._value(painter, left, row.left, muted=row.muted_left, strong=different)
        if different and not row.muted_right:
            self._marked(painter, right, row)
        else:
            self._value(painter, right, row.right, muted=row.muted_right, strong=different)
        icon, tone, words = _VERDICTS[row.verdict]
        size = px(18)
        image = pixmap(icon, theme.hex(tone), size, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(columns[3], area.center().y() - size // 2 + 1), image)
        painter.setFont(theme.font("body", bold=different))
        painter.setPen(theme.color(tone))
        painter.drawText(QRect(columns[3] + px(24), area.top(), px(160), area.height()), _MIDDLE, words)

    def _value(self, painter: QPainter, area: QRect, words: str, *, muted: bool, strong: bool) -> None:
        theme = self._appearance.theme
        painter.setFont(theme.font("body" if muted else "value", bold=strong and not muted))
        painter.setPen(theme.color("text-3" if muted else "text"))
        painter.drawText(area, _MIDDLE | int(Qt.TextFlag.TextWordWrap), words)

    def _marked(self, painter: QPainter, area: QRect, row: TraitRow) -> None:
        """The value with its differing letters coloured and underlined, on as many lines as it needs."""
        theme = self._appearance.theme
        metrics = QFontMetrics(theme.font("value", bold=True))
        layout = QTextLayout(row.right, theme.font("value", bold=True))
        ranges, start = [], 0
        for piece, other in differing(row.left, row.right):
            if other:
                marked = QTextLayout.FormatRange()
                marked.start, marked.length = start, len(piece)
                marked.format = QTextCharFormat()
                marked.format.setForeground(theme.color("warning"))
                ranges.append(marked)
            start += len(piece)
        layout.setFormats(ranges)
        layout.beginLayout()
        height = theme.line("value")
        while (line := layout.createLine()).isValid():
            line.setLineWidth(area.width())
        layout.endLayout()
        top = area.top() + (area.height() - layout.lineCount() * height) // 2
        painter.setPen(theme.color("text"))
        for index in range(layout.lineCount()):
            line = layout.lineAt(index)
            y = top + index * height + (height - line.height()) / 2
            line.draw(painter, QPointF(area.left(), y - line.y()))
            for marked in ranges:
                first = max(marked.start, line.textStart())
                last = min(marked.start + marked.length, line.textStart() + line.textLength())
                if first < last:
                    under = round(y + metrics.ascent()) + theme.px(4)
                    left, right = area.left() + _x(line, first), area.left() + _x(line, last)
                    painter.fillRect(left, under, right - left, theme.px(2), theme.color("warning"))


def _x(line: QTextLine, position: int) -> int:
    """Where a letter begins. Qt gives the position back beside it, which its stubs do not say."""
    found: Any = line.cursorToX(position)
    x: float = found[0]
    return round(x)
