"""A column that scrolls when the window is lower than what it must show."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget


class _Inside(QWidget):
    """As tall as its words at the width they have: the least height of a layout counts them at their narrowest."""

    def minimumSizeHint(self) -> QSize:
        """So that nothing scrolls that fits."""
        least, layout, port = super().minimumSizeHint(), self.layout(), self.parentWidget()
        if layout is None or port is None or not layout.hasHeightForWidth():
            return least
        return QSize(least.width(), layout.totalHeightForWidth(max(least.width(), port.width())))


class ScrolledColumn(QScrollArea):
    """Fill ``column``; never a horizontal bar."""

    def __init__(self) -> None:
        super().__init__()
        inside = _Inside()
        inside.setProperty("room", "scrolled")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)


def scrolled_page(page: QWidget) -> QVBoxLayout:
    """Make ``page`` one such column, with the margins of the guide; gives what to fill."""
    page.setProperty("room", "page")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    whole = QVBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    scroll = ScrolledColumn()
    whole.addWidget(scroll)
    scroll.column.setContentsMargins(24, 16, 24, 16)
    scroll.column.setSpacing(12)
    return scroll.column
