"""Buttons, ticks, radios and fields: each says its key, each has a name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.widgets.basic import IconLabel, KeyCap, Text, mark

_TONES = {"primary": "on-action", "emergency": "on-emergency", "on-emergency": "on-emergency", "on-secret": "secret"}
_CAP_KINDS = {"primary": "key-on-action", "emergency": "key-on-emergency", "on-emergency": "key-on-emergency"}


class ActionButton(QPushButton):
    """A button with an optional icon before its words and its key after them.

    :param kind: ``primary`` (one per screen), ``emergency`` (the filled one that breaks the glass), ``on-emergency``
        and ``on-secret`` (in the band of such an access), ``secondary``, ``quiet`` (words) or ``link`` (underlined).
    """

    def __init__(
        self, appearance: Appearance, words: str, *, kind: str = "secondary", keys: str = "", icon: str = ""
    ) -> None:
        super().__init__()
        self._kind = kind
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        flat = kind in {"link", "quiet"}
        self._row.setContentsMargins(*((0, 0, 0, 0) if flat else (15, 0, 15, 0)))
        self._row.setSpacing(8)
        self._appearance = appearance
        self._icon = IconLabel(appearance, icon, self._tone(), 18) if icon else None
        if self._icon:
            self._row.addWidget(self._icon)
        self._icon_name = icon
        self._words = Text(words, "body" if flat else "body-strong", "")
        self._words.setProperty("on", kind)
        self._row.addWidget(self._words)
        self._cap = KeyCap(appearance, keys, _CAP_KINDS.get(kind, "key")) if keys else None
        if self._cap:
            self._row.addWidget(self._cap)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(words)
        appearance.changed.connect(self.updateGeometry)

    def _tone(self) -> str:
        if not self.isEnabled():
            return "text-disabled"
        return _TONES.get(self._kind, "action")

    def set_words(self, words: str) -> None:
        """Other words."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()

    def show_words(self, shown: bool) -> None:
        """Icon and key alone where room lacks; the accessible name stays."""
        self._words.setVisible(shown)
        self.updateGeometry()

    def words(self) -> str:
        """The words shown."""
        return self._words.text()

    def sizeHint(self) -> QSize:
        """As large as what it holds."""
        hint = self._row.sizeHint()
        flat = self._kind in {"link", "quiet"}
        height = hint.height() if flat else self._appearance.theme.size("button")
        return QSize(hint.width() + (0 if flat else 2), max(height, hint.height()))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow being enabled or not."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            enabled = self.isEnabled()
            mark(self._words, on=self._kind if enabled else "disabled")
            if self._icon:
                self._icon.show_icon(self._icon_name, self._tone())
            if self._cap:
                mark(self._cap, kind=_CAP_KINDS.get(self._kind, "key") if enabled else "key-disabled")


def _paint_choice(
    button: QCheckBox | QRadioButton, appearance: Appearance, note: str, *, round_: bool, strong: bool
) -> None:
    theme = appearance.theme
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = theme.size("check")
    box = QRectF(0.75, theme.px(1) + 0.75, side - 1.5, side - 1.5)
    on, enabled = button.isChecked(), button.isEnabled()
    edge = theme.color("action" if on else "text-2" if button.underMouse() else "control")
    painter.setPen(QPen(edge if enabled else theme.color("text-disabled"), 1.5))
    fill = "sunken" if not enabled else "action" if on and not round_ else "surface"
    painter.setBrush(theme.color(fill))
    if round_:
        painter.drawEllipse(box)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("action"))
            inner = side * 0.26
            painter.drawEllipse(box.adjusted(inner, inner, -inner, -inner))
    else:
        painter.drawRoundedRect(box, theme.px(3), theme.px(3))
        if on:
            size = round(side * 0.8)
            tone = theme.hex("on-action" if enabled else "text-disabled")
            image = pixmap("check", tone, size, button.devicePixelRatioF())
            painter.drawPixmap(QPoint(round((side - size) / 2), theme.px(1) + round((side - size) / 2)), image)
    left = side + theme.px(12)
    width = button.width() - left
    font = theme.font("body", bold=strong)
    painter.setFont(font)
    painter.setPen(theme.color("text" if enabled else "text-disabled"))
    rect = QRect(left, 0, width, button.height())
    flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)
    used = painter.boundingRect(rect, flags, button.text())
    top = max(0, (theme.px(22) - QFontMetrics(font).height()) // 2)
    painter.drawText(rect.translated(0, top), flags, button.text())
    if note:
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text-3"))
        painter.drawText(rect.adjusted(0, top + used.height() + theme.px(1), 0, 0), flags, note)
    painter.end()


def _choice_height(
    button: QCheckBox | QRadioButton, appearance: Appearance, note: str, width: int, strong: bool
) -> int:
    theme = appearance.theme
    inner = max(40, width - theme.size("check") - theme.px(12))
    flags = int(Qt.TextFlag.TextWordWrap)
    room = QRect(0, 0, inner, 10_000)
    height = QFontMetrics(theme.font("body", bold=strong)).boundingRect(room, flags, button.text()).height()
    if note:
        height += QFontMetrics(theme.font("caption")).boundingRect(room, flags, note).height() + theme.px(1)
    return max(theme.px(24), height + theme.px(3))


class TickRow(QCheckBox):
    """A tick box with a sentence and an optional smaller line under it; Space ticks it."""

    def __init__(self, appearance: Appearance, words: str, note: str = "", *, strong: bool = False) -> None:
        super().__init__(words)
        self._appearance, self._note, self._strong = appearance, note, strong
        _setup_choice(self, words, note)
        appearance.changed.connect(self.updateGeometry)

    def set_words(self, words: str, note: str = "") -> None:
        """Other words."""
        self.setText(words)
        self._note = note
        self.setAccessibleName(words)
        self.setAccessibleDescription(note)
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Box, words, line."""
        _paint_choice(self, self._appearance, self._note, round_=False, strong=self._strong)

    def ring_rect(self) -> QRect:
        """The box alone."""
        side = self._appearance.theme.size("check")
        return QRect(0, self._appearance.theme.px(1), side, side)

    def hitButton(self, position: QPoint) -> bool:
        """The whole row is the target."""
        return self.rect().contains(position)

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the wrapped words."""
        return _choice_height(self, self._appearance, self._note, width, self._strong)

    def sizeHint(self) -> QSize:
        """At a comfortable width."""
        return QSize(self._appearance.theme.px(280), self.heightForWidth(self._appearance.theme.px(280)))

    def minimumSizeHint(self) -> QSize:
        """Narrow is allowed: words wrap."""
        return QSize(self._appearance.theme.px(160), self._appearance.theme.px(24))


class RadioRow(QRadioButton):
    """One of several, with a sentence and an optional smaller line under it."""

    def __init__(self, appearance: Appearance, words: str, note: str = "") -> None:
        super().__init__(words)
        self._appearance, self._note = appearance, note
        _setup_choice(self, words, note)
        appearance.changed.connect(self.updateGeometry)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Disc, words, line."""
        _paint_choice(self, self._appearance, self._note, round_=True, strong=False)

    def ring_rect(self) -> QRect:
        """The box alone."""
        side = self._appearance.theme.size("check")
        return QRect(0, self._appearance.theme.px(1), side, side)

    def hitButton(self, position: QPoint) -> bool:
        """The whole row is the target."""
        return self.rect().contains(position)

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the wrapped words."""
        return _choice_height(self, self._appearance, self._note, width, False)

    def sizeHint(self) -> QSize:
        """At a comfortable width."""
        return QSize(self._appearance.theme.px(280), self.heightForWidth(self._appearance.theme.px(280)))

    def minimumSizeHint(self) -> QSize:
        """Narrow is allowed: words wrap."""
        return QSize(self._appearance.theme.px(160), self._appearance.theme.px(24))


def _setup_choice(button: QCheckBox | QRadioButton, words: str, note: str) -> None:
    button.setAccessibleName(words)
    button.setAccessibleDescription(note)
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    button.setSizePolicy(policy)
    button.setCursor(Qt.CursorShape.PointingHandCursor)


class Field(QWidget):
    """A label, a line to type in, and under it help or what is wrong."""

    def __init__(self, appearance: Appearance, label: str, placeholder: str = "", help_: str = "") -> None:
        super().__init__()
        self._help = help_
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(label)
        self._under = Text(help_, "caption", "text-3", wrap=True)
        column.addWidget(Text(label, "caption", "text-2"))
        column.addWidget(self.edit)
        column.addWidget(self._under)
        self._under.setVisible(bool(help_))
        self.edit.setAccessibleDescription(help_)

    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    def set_error(self, words: str) -> None:
        """Say what is wrong under the field, or nothing when ``words`` is empty."""
        mark(self.edit, invalid="true" if words else "false")
        self._under.setText(words or self._help)
        self._under.set_tone("danger" if words else "text-3")
        self._under.setVisible(bool(words or self._help))
        self.edit.setAccessibleDescription(words or self._help)


class Choice(QComboBox):
    """A list to choose from; nothing is chosen at first unless said so."""

    def __init__(self, appearance: Appearance, label: str, invitation: str = "") -> None:
        super().__init__()
        self._appearance = appearance
        self.setAccessibleName(label)
        self.setPlaceholderText(invitation)
        self.setCurrentIndex(-1)
        # Its longest words do not make the form wider than its window: the list, once open, shows them whole.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Words too long for the field end with an ellipsis, before the arrow."""
        super().initStyleOption(option)
        room = self.width() - self._appearance.theme.px(12 + 8 + 18 + 12)
        elided = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        option.currentText = elided

    def paintEvent(self, event: QPaintEvent) -> None:
        """The chosen words, and the arrow of the set of icons."""
        super().paintEvent(event)
        theme = self._appearance.theme
        size = theme.px(18)
        painter = QPainter(self)
        image = pixmap("down", theme.hex("text-2"), size, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(self.width() - size - theme.px(12), (self.height() - size) // 2), image)
        painter.end()
