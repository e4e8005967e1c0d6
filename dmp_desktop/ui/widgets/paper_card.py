"""One paper of the done screen: preview, tick and title, printer, state (guide 4.15)."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Chip, ElidedText, IconLabel, KeyCap
from dmp_desktop.ui.widgets.controls import TickRow


class PaperPreview(QWidget):
    """A page on its grey ground, always white, whole, without a shadow; a press of the mouse asks to see it large."""

    pressed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._image = QImage()
        self._instead = ""
        self._fit()
        appearance.changed.connect(self._fit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _fit(self) -> None:
        self.setMinimumHeight(self._appearance.theme.px(120))

    def show_page(self, width: int, height: int, rgb: bytes) -> None:
        """A page as 8-bit RGB."""
        self._image = QImage(rgb, width, height, width * 3, QImage.Format.Format_RGB888).copy()
        self._instead = ""
        self.update()

    def show_words(self, words: str) -> None:
        """Why there is no page."""
        self._image, self._instead = QImage(), words
        self.update()

    def sizeHint(self) -> QSize:
        """The elastic part of the screen."""
        return QSize(self._appearance.theme.px(240), self._appearance.theme.px(264))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The hand's way to what a key does too."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, page, border."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.color("sunken"))
        if self._image.isNull():
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("text-2"))
            inside = self.rect().adjusted(theme.px(24), 0, -theme.px(24), 0)
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._instead)
        else:
            room = self.size() - QSize(theme.px(32), theme.px(24))
            size = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            corner = QPoint((self.width() - size.width()) // 2, (self.height() - size.height()) // 2)
            page = QRect(corner, size)
            ratio = self.devicePixelRatioF()
            sharp = self._image.scaled(
                size * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            painter.drawImage(page, sharp)
            painter.setPen(QPen(theme.color("control"), theme.hairline))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(page.adjusted(0, 0, -1, -1))
        painter.end()


class PaperCard(QFrame):
    """One paper."""

    ticked = Signal(bool)

    def __init__(self, appearance: Appearance, title: str, detail: str, key: str) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 0)
        column.setSpacing(0)
        self.preview = PaperPreview(appearance)
        column.addWidget(self.preview, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 12, 16, 12)
        foot.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        self.tick = TickRow(appearance, title, detail, strong=True)
        self.tick.toggled.connect(self.ticked)
        head.addWidget(self.tick, 1)
        head.addWidget(KeyCap(appearance, key), 0, Qt.AlignmentFlag.AlignTop)
        foot.addLayout(head)
        line = QHBoxLayout()
        line.setSpacing(8)
        self._printer = ElidedText("", "caption", "text-2")
        self._chip = Chip(appearance, "success", "success", "Prête")
        line.addWidget(IconLabel(appearance, "printer", "text-2", 16))
        line.addWidget(self._printer)
        line.addStretch(1)
        line.addWidget(self._chip)
        foot.addLayout(line)
        column.addLayout(foot)

    def tell(self, printer: str, state: str, icon: str, word: str) -> None:
        """Where it goes and where it stands."""
        self._printer.setText(printer)
        self._chip.show_state(state, icon, word)
