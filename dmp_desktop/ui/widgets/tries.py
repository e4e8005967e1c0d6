"""The tries left on a card, said before anything is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dmp_desktop.ui.theme.appearance import Appearance

TRIES = 3
"""A professional card blocks after three wrong codes."""


class TriesDots(QWidget):
    """The tries left, as dots, before anything is typed."""

    def __init__(self, appearance: Appearance, left: int) -> None:
        super().__init__()
        self._appearance, self._left = appearance, left
        px = appearance.theme.px
        self.setFixedSize(px(14) * TRIES, px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Full for those left, hollow for those used."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = theme.color("success" if self._left > 1 else "danger")
        side = theme.px(9)
        for index in range(TRIES):
            painter.setPen(tone)
            painter.setBrush(tone if index < self._left else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(index * theme.px(14) + 1, theme.px(1) + 1, side, side)
        painter.end()
