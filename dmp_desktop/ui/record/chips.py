"""A state drawn in a row of the list: the small sister of :class:`dmp_desktop.ui.widgets.basic.Chip`."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from dmp_desktop.ui.record.texts import Mark
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.theme.tokens import Theme, ThemeName

_MIDDLE = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)
_NEUTRAL = frozenset({"text-2"})


def chip_width(theme: Theme, mark: Mark) -> int:
    """How wide it will be."""
    words = QFontMetrics(theme.font("caption")).horizontalAdvance(mark.words)
    return words + theme.px(12) + (theme.px(22) if mark.icon else 0)


def paint_chip(painter: QPainter, theme: Theme, mark: Mark, right: int, top: int) -> int:
    """Draw it with its right edge at ``right``; gives its left edge."""
    px = theme.px
    width, height = chip_width(theme, mark), theme.size("chip_small")
    area = QRect(right - width, top, width, height)
    neutral = mark.tone in _NEUTRAL
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edged = mark.dashed or theme.name is ThemeName.HIGH_CONTRAST
    if edged:
        style = Qt.PenStyle.DashLine if mark.dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme.color("control" if neutral else mark.tone), theme.hairline, style))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("surface" if mark.dashed else "sunken" if neutral else f"{mark.tone}-bg"))
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), px(3), px(3))
    left = area.left() + px(6)
    if mark.icon:
        size = px(16)
        image = pixmap(mark.icon, theme.hex(mark.tone), size, painter.device().devicePixelRatio())
        painter.drawPixmap(QPoint(left, area.center().y() - size // 2 + 1), image)
        left += px(22)
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.color(mark.tone))
    painter.drawText(QRect(left, area.top(), area.right() - left, height), _MIDDLE, mark.words)
    painter.restore()
    return area.left()


def paint_badge(painter: QPainter, theme: Theme, number: int, right: int, middle: int) -> int:
    """A count in a disc, its right edge at ``right``; gives its left edge."""
    words = str(number) if number < 100 else "99+"
    font = theme.font("caption", bold=True)
    side = theme.px(18)
    width = max(side, QFontMetrics(font).horizontalAdvance(words) + theme.px(8))
    area = QRect(right - width, middle - side // 2, width, side)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("action"))
    painter.drawRoundedRect(area, side / 2, side / 2)
    painter.setFont(font)
    painter.setPen(theme.color("on-action"))
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), words)
    painter.restore()
    return area.left()
