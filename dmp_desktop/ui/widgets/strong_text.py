"""A bold first sentence followed by the rest, in one paragraph that wraps."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from dmp_desktop.ui.theme.appearance import Appearance


class StrongText(QWidget):
    """Two weights in one paragraph: what a plain label cannot do, and rich text must not (what is shown may come from
    a store).
    """

    def __init__(self, appearance: Appearance, strong: str, rest: str = "") -> None:
        super().__init__()
        self._appearance = appearance
        self.strong, self.rest = strong, rest
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        appearance.changed.connect(self.updateGeometry)

    def say(self, strong: str, rest: str = "") -> None:
        """Other words."""
        self.strong, self.rest = strong, rest
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the wrapped words."""
        layout = self._layout(width)
        return max(1, layout.lineCount()) * self._appearance.theme.line("body")

    def sizeHint(self) -> QSize:
        """On one line if it may."""
        theme = self._appearance.theme
        layout = self._layout(theme.px(720))
        width = round(layout.maximumWidth()) if layout.lineCount() == 1 else theme.px(720)
        return QSize(width, layout.lineCount() * theme.line("body"))

    def minimumSizeHint(self) -> QSize:
        """Narrow is allowed."""
        theme = self._appearance.theme
        return QSize(theme.px(120), theme.line("body"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines, on the grid of the type."""
        line_height = self._appearance.theme.line("body")
        layout = self._layout(self.width())
        painter = QPainter(self)
        painter.setPen(self._appearance.theme.color("text"))
        top = (self.height() - layout.lineCount() * line_height) / 2
        for index in range(layout.lineCount()):
            line = layout.lineAt(index)
            line.draw(painter, QPointF(0, top + index * line_height - line.y() + (line_height - line.height()) / 2))
        painter.end()

    def _layout(self, width: int) -> QTextLayout:
        theme = self._appearance.theme
        layout = QTextLayout(f"{self.strong} {self.rest}".strip(), theme.font("body"))
        bold, quiet = QTextCharFormat(), QTextCharFormat()
        bold.setFont(theme.font("body-strong"))
        quiet.setForeground(theme.color("text-2"))
        ranges = []
        for start, length, style in ((0, len(self.strong), bold), (len(self.strong), len(self.rest) + 1, quiet)):
            piece = QTextLayout.FormatRange()
            piece.start, piece.length, piece.format = start, length, style
            ranges.append(piece)
        layout.setFormats(ranges)
        option = QTextOption(Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, 0))
        layout.endLayout()
        return layout
