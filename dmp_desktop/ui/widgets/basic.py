"""Text, icons, keys, chips, panels: the small pieces every screen is made of."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap


def mark(widget: QWidget, **properties: str) -> QWidget:
    """Set dynamic properties and have the style sheet read again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    return widget


class Text(QLabel):
    """One piece of text, plain (never rich: what comes from a card or a store is shown as it is)."""

    def __init__(self, text: str = "", role: str = "body", tone: str = "text", *, wrap: bool = False) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_tone(self, tone: str) -> None:
        """Change the colour token."""
        mark(self, tone=tone)


class ElidedText(Text):
    """A text that may be cut when there is little room; whole in its tip and for screen readers."""

    def __init__(self, text: str = "", role: str = "body", tone: str = "text") -> None:
        super().__init__(text, role, tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * 8), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """What fits, with an ellipsis."""
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()), shown)
        painter.end()


class IconLabel(QLabel):
    """An icon that follows the theme. Beside a word it is ignored by screen readers; alone it needs a name."""

    def __init__(self, appearance: Appearance, name: str, tone: str = "text-2", size: int = 20) -> None:
        super().__init__()
        self._appearance, self._name, self._tone, self._size = appearance, name, tone, size
        appearance.changed.connect(self._draw)
        self._draw()

    def show_icon(self, name: str, tone: str) -> None:
        """Another icon, another colour."""
        self._name, self._tone = name, tone
        self._draw()

    def _draw(self) -> None:
        theme = self._appearance.theme
        size = theme.px(self._size)
        self.setPixmap(pixmap(self._name, theme.hex(self._tone), size, self.devicePixelRatioF()))
        self.setFixedSize(size, size)


class KeyCap(QLabel):
    """A key, after the word it belongs to, never instead of it."""

    def __init__(self, appearance: Appearance, keys: str, kind: str = "key") -> None:
        super().__init__(keys)
        self._appearance = appearance
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        self.setFixedHeight(self._appearance.theme.size("key"))


class Chip(QFrame):
    """A state in a small box: colour, icon and word."""

    def __init__(self, appearance: Appearance, state: str, icon: str, word: str) -> None:
        super().__init__()
        self.setProperty("chip", state)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(6)
        self._icon = IconLabel(appearance, icon, state, 16)
        self._word = Text(word, "caption-strong", state)
        row.addWidget(self._icon)
        row.addWidget(self._word)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word)

    def show_state(self, state: str, icon: str, word: str) -> None:
        """Another state."""
        mark(self, chip=state)
        self._icon.show_icon(icon, state)
        self._word.setText(word)
        self._word.set_tone(state)
        self.setAccessibleName(word)


class Hairline(QFrame):
    """A thin line between two things."""

    def __init__(self, *, vertical: bool = False, length: int = 0) -> None:
        super().__init__()
        self.setProperty("kind", "hairline-v" if vertical else "hairline-h")
        if length:
            self.setProperty("long", str(length))


class Panel(QFrame):
    """A white panel; ``body`` is its column.

    :param number: shown in a disc before the title, for the numbered parts of a form.
    """

    def __init__(self, title: str = "", number: int = 0, note: str = "", *, margin: int = 16, spacing: int = 8) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin - 2, margin, margin)
        self.body.setSpacing(spacing)
        if title:
            row = QHBoxLayout()
            row.setSpacing(8)
            if number:
                disc = QLabel(str(number))
                disc.setProperty("kind", "number")
                disc.setAlignment(Qt.AlignmentFlag.AlignCenter)
                row.addWidget(disc)
            self.title = Text(title, "body-strong")
            row.addWidget(self.title)
            if note:
                row.addWidget(Text(note, "caption", "text-3"))
            row.addStretch(1)
            self.body.addLayout(row)


class Labelled(QWidget):
    """A label at 12 above its value."""

    def __init__(self, label: str, value: str, role: str = "value") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.label = Text(label, "caption", "text-3")
        self.value = Text(value, role, wrap=True)
        column.addStretch(1)
        column.addWidget(self.label)
        column.addWidget(self.value)
        column.addStretch(1)

    def set_value(self, value: str) -> None:
        """Another value."""
        self.value.setText(value)
