"""A page on its ground at the size it has on paper, with a ruler along two edges to check it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QScreen
from PySide6.QtWidgets import QAbstractScrollArea

from dmp_desktop.services.papers import PageImage
from dmp_desktop.ui.theme.appearance import Appearance

MM_PER_INCH = 25.4
PLAUSIBLE_DPI = (50.0, 400.0)
"""Points an inch of the screens that exist; outside of it the screen did not tell its size (projectors, televisions and
virtual screens tell none, or that of a stamp)."""
SQUARE = 0.1
"""How far the two directions of a screen may differ: pixels are square."""


def dots_per_inch(screen: QScreen) -> tuple[float, bool]:
    """Points an inch of ``screen`` in the units of its widgets, and whether the screen itself told them."""
    across, down = screen.physicalDotsPerInchX(), screen.physicalDotsPerInchY()
    low, high = PLAUSIBLE_DPI
    if low <= across <= high and low <= down <= high and abs(across - down) <= SQUARE * max(across, down):
        return (across + down) / 2, True
    return screen.logicalDotsPerInch(), False


class PaperView(QAbstractScrollArea):
    """One page, at its true size or whole; arrows and page keys move over it.

    :ivar whole: fitted into the room there is, never larger than life.
    """

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._image = QImage()
        self._size_mm = (0.0, 0.0)
        self._labels: tuple[tuple[float, float, float, float], ...] = ()
        self._dpi = 96.0
        self.whole = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", "inside")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        appearance.changed.connect(self._lay_out)

    def show_page(self, page: PageImage | None, dpi: float) -> None:
        """A page and the points an inch of the screen; ``None`` while it is drawn."""
        image = page.image if page is not None else None
        self._image = (
            QImage(image.rgb, image.width, image.height, image.width * 3, QImage.Format.Format_RGB888).copy()
            if image is not None
            else QImage()
        )
        self._size_mm = page.size_mm if page is not None else (0.0, 0.0)
        self._labels = page.labels if page is not None else ()
        self._dpi = dpi
        self._lay_out()

    def show_whole(self, whole: bool) -> None:
        """The whole page, or its true size."""
        self.whole = whole
        self._lay_out()

    def go_to_top(self) -> None:
        """The beginning of the page."""
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)

    @property
    def scale(self) -> float:
        """Points of the screen for a millimetre of paper."""
        true = self._dpi / MM_PER_INCH
        width, height = self._size_mm
        if not self.whole or not width or not height:
            return true
        room = self.viewport().size()
        edge = 2 * self._margin
        return max(0.1, min(true, (room.width() - edge) / width, (room.height() - edge) / height))

    @property
    def too_wide(self) -> bool:
        """Whether the page goes beyond the view on a side."""
        return self.horizontalScrollBar().maximum() > 0

    @property
    def seen_whole(self) -> bool:
        """Whether the page is seen from edge to edge."""
        return not self.too_wide and self.verticalScrollBar().maximum() == 0

    # -- places -------------------------------------------------------------------------------------------------------

    @property
    def _margin(self) -> int:
        return self._appearance.theme.px(12)

    @property
    def _ruler(self) -> int:
        return 0 if self.whole else self._appearance.theme.px(22)

    def _page_size(self) -> QSize:
        return QSize(round(self._size_mm[0] * self.scale), round(self._size_mm[1] * self.scale))

    def _lay_out(self) -> None:
        page, around = self._page_size(), 2 * self._margin + self._ruler
        room = self.viewport().size()
        for bar, length, seen in (
            (self.horizontalScrollBar(), page.width(), room.width()),
            (self.verticalScrollBar(), page.height(), room.height()),
        ):
            bar.setRange(0, max(0, length + around - seen))
            bar.setPageStep(max(1, seen - round(10 * self.scale)))
            bar.setSingleStep(max(1, round(10 * self.scale)))
        self.viewport().update()

    def _page(self) -> QRect:
        """Where the page lies: in the middle, or as far as it was moved."""
        size = self._page_size()
        spare = self.viewport().width() - size.width() - self._ruler
        left = max(self._margin, spare // 2) + self._ruler - self.horizontalScrollBar().value()
        down = self._margin + self._ruler - self.verticalScrollBar().value()
        return QRect(left, down, size.width(), size.height())

    def minimumSizeHint(self) -> QSize:
        """The elastic part of the screen."""
        return QSize(self._appearance.theme.px(120), self._appearance.theme.px(48))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room, other ends of the way."""
        super().resizeEvent(event)
        self._lay_out()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Everything is painted again: the ground is not part of the page."""
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows and page keys move; so do the two ends."""
        if event.key() == Qt.Key.Key_Home:
            self.go_to_top()
        elif event.key() == Qt.Key.Key_End:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        else:
            super().keyPressEvent(event)

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, ruler, page, labels, border."""
        theme = self._appearance.theme
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.color("sunken"))
        if not self._image.isNull():
            page = self._page()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            ratio = self.devicePixelRatioF()
            sharp = self._image.scaled(
                page.size() * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            painter.drawImage(page, sharp)
            self._paint_labels(painter, page)
            painter.setPen(QPen(theme.color("control"), theme.hairline))
            painter.drawRect(page.adjusted(-1, -1, 0, 0))
            if self._ruler:
                self._paint_ruler(painter, page)
        painter.end()

    def _paint_labels(self, painter: QPainter, page: QRect) -> None:
        pen = QPen(self._appearance.theme.color("control"), self._appearance.theme.hairline)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        scale = self.scale
        for left, top, width, height in self._labels:
            painter.drawRect(
                QRectF(page.left() + left * scale, page.top() + top * scale, width * scale, height * scale)
            )

    def _paint_ruler(self, painter: QPainter, page: QRect) -> None:
        """Millimetres above and at left of the page, numbered."""
        theme, scale = self._appearance.theme, self.scale
        painter.setPen(QPen(theme.color("text-2"), 1))
        painter.setFont(theme.font("caption"))
        gap, room = theme.px(3), QRect(0, 0, theme.px(30), theme.px(14))
        # At a large zoom, or on a coarse screen, fewer numbers: they never touch.
        every = next((mm for mm in (10, 20, 50) if mm * scale >= room.width() + gap), 100)
        top, left = page.top() - gap, page.left() - gap
        for millimetre in range(int(self._size_mm[0]) + 1):
            x = page.left() + millimetre * scale
            painter.drawLine(QPointF(x, top), QPointF(x, top - theme.px(_tick(millimetre))))
            if millimetre % every == 0:
                box = room.translated(round(x) - room.width() // 2, top - theme.px(20))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter), str(millimetre))
        for millimetre in range(int(self._size_mm[1]) + 1):
            y = page.top() + millimetre * scale
            painter.drawLine(QPointF(left, y), QPointF(left - theme.px(_tick(millimetre)), y))
            if millimetre and millimetre % 10 == 0:
                box = room.translated(left - theme.px(8) - room.width(), round(y) - room.height() // 2)
                right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                painter.drawText(box, right, str(millimetre))


def _tick(millimetre: int) -> int:
    return 7 if millimetre % 10 == 0 else 5 if millimetre % 5 == 0 else 3
