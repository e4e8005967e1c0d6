"""The comparison of two identities, trait by trait; the difference is marked four ways (guide 4.13)."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
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

    def _resize(self) -> None:
        px = self._appearance.theme.px
        rows = sum(px(self.DIFFERENT_ROW if r.verdict == "different" else self.ROW) for r in self._rows)
        self.setFixedHeight(px(self.HEADER) + rows + 2)

    def _columns(self) -> tuple[int, int, int, int]:
        px, width = self._appearance.theme.px, self.width()
        result = px(210)
        label = px(208) if width > px(700) else px(150)
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
            if icon:
                image = pixmap(icon, theme.hex("text-2"), px(16), self.devicePixelRatioF())
                painter.drawPixmap(QPoint(x, header.center().y() - px(8) + 1), image)
                left += px(26)
            painter.setPen(theme.color("text-2"))
            painter.drawText(QRect(left, header.top(), px(320), header.height()), _MIDDLE, words)
        top = header.bottom() + 1
        for row in self._rows:
            height = px(self.DIFFERENT_ROW if row.verdict == "different" else self.ROW)
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
        theme = self._appearance.theme
        painter.setFont(theme.font("value", bold=True))
        metrics, x = painter.fontMetrics(), area.left()
        baseline = area.center().y() + (metrics.ascent() - metrics.descent()) // 2 + 1
        for piece, other in differing(row.left, row.right):
            painter.setPen(theme.color("warning" if other else "text"))
            painter.drawText(QPoint(x, baseline), piece)
            width = metrics.horizontalAdvance(piece)
            if other:
                painter.fillRect(x, baseline + theme.px(4), width, theme.px(2), theme.color("warning"))
            x += width
