"""What frames a screen: command row, folded panel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import ElidedText, IconLabel, KeyCap, Text


class CommandRow(QFrame):
    """Bottom of the content: the way out at left, a reason, then the one filled button at right."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("room", "bar")
        self.setProperty("edge", "top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(16)
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        self._left.setSpacing(24)
        self._right.setSpacing(16)
        self._reason = Text("", "caption", "text-2", wrap=True)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._left)
        row.addStretch(1)
        row.addWidget(self._reason)
        row.addLayout(self._right)
        self._resize()
        appearance.changed.connect(self._resize)

    def _resize(self) -> None:
        self.setFixedHeight(self._appearance.theme.size("command_row"))

    def offer(self, left: list[QPushButton], right: list[QPushButton], reason: str = "") -> None:
        """Show these buttons; the last one at right is the filled one."""
        for layout, buttons in ((self._left, left), (self._right, right)):
            empty_layout(layout)
            for button in buttons:
                layout.addWidget(button)
        self.say(reason)

    def has_room(self, reason: str) -> bool:
        """Whether ``reason`` stands beside the buttons without one of them losing a letter."""
        theme = self._appearance.theme
        buttons = [
            button.sizeHint().width() + theme.px(24)
            for button in self.findChildren(QPushButton)
            if not button.isHidden()
        ]
        return sum(buttons) + theme.px(24 + 16 + 16) + self._width_of(reason) <= self.width()

    def _width_of(self, reason: str) -> int:
        theme = self._appearance.theme
        metrics = QFontMetrics(theme.font("caption"))
        widest = max((metrics.horizontalAdvance(line) for line in reason.splitlines()), default=0)
        return min(widest + 4, theme.px(300))

    def say(self, reason: str) -> None:
        """Why the filled button waits, or what it will do; its own line breaks are kept as long as there is room."""
        theme = self._appearance.theme
        self._reason.setMinimumWidth(self._width_of(reason))
        self._reason.setMaximumWidth(theme.px(300))
        self._reason.setText(reason)


class CollapsiblePanel(QFrame):
    """A folded part of a form: header with title, one line of summary and its key (guide 4.14)."""

    toggled = Signal(bool)

    def __init__(self, appearance: Appearance, title: str, summary: str, keys: str, content: QWidget) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._header = QPushButton()
        self._header.setProperty("kind", "quiet")
        self._header.setAccessibleName(f"{title}, {summary}")
        row = QHBoxLayout(self._header)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        self._chevron = IconLabel(appearance, "right", "text", 18)
        self._title, self._summary = Text(title, "body-strong"), ElidedText(summary, "caption", "text-3")
        row.addWidget(self._chevron)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._summary)
        row.addWidget(KeyCap(appearance, keys))
        for child in self._header.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.content = content
        column.addWidget(self._header)
        column.addWidget(content)
        content.hide()
        self._forced = False
        self._appearance = appearance
        self._fit()
        appearance.changed.connect(self._fit)
        self._header.clicked.connect(self._turned)

    def _turned(self) -> None:
        """The header was pressed: what a rule opened stays open."""
        if not self._forced:
            self.set_open(not self.is_open)

    def _fit(self) -> None:
        self._header.setFixedHeight(self._appearance.theme.px(46))

    @property
    def is_open(self) -> bool:
        """Whether its content shows."""
        return not self.content.isHidden()

    def set_open(self, is_open: bool, *, forced: bool = False) -> None:
        """Open or fold; one that a rule opened cannot be folded."""
        self._forced = forced or (self._forced and is_open)
        shown = is_open or self._forced
        self.content.setVisible(shown)
        self._chevron.show_icon("down" if shown else "right", "text")
        self.toggled.emit(shown)

    def summarise(self, title: str, summary: str) -> None:
        """Another title and line of summary."""
        self._title.setText(title)
        self._summary.setText(summary)
        self._header.setAccessibleName(f"{title}, {summary}")


def empty_layout(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty_layout(inner)
