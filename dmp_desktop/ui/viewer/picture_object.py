"""A page or an image in the middle of the text: sized by the paper, drawn when it is in sight, hits marked on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPyTextObject, QTextDocument, QTextFormat, QTransform

from dmp_desktop.domain.readable import ImagePart, PdfPart
from dmp_desktop.reading.pdf import Hit
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.viewer.ink import Ink
from dmp_desktop.ui.viewer.pages import Pages
from dmp_desktop.ui.viewer.writer import PICTURE_NUMBER, Picture

LARGEST = 1.0
"""An image is never drawn larger than this many pixels of the screen for one of its own."""


class PictureObject(QPyTextObject):
    """Draws the pictures of one paper.

    :param room: width there is for a picture at 100 %, in pixels.
    :ivar turned: quarter turns clockwise of every picture.
    :ivar hits: words found, by number of picture; ``current`` is the one looked at.
    """

    def __init__(self, pages: Pages, room: Callable[[], int], ratio: Callable[[], float]) -> None:
        super().__init__()
        self._pages, self._room, self._ratio = pages, room, ratio
        self.pictures: Sequence[Picture] = ()
        self._ink: Ink | None = None
        self.turned = 0
        self.hits: dict[int, list[Hit]] = {}
        self.current: Hit | None = None
        self._images: dict[int, QImage] = {}

    def begin(self, pictures: Sequence[Picture], ink: Ink) -> None:
        """Another document."""
        self.pictures, self._ink = pictures, ink
        self.hits, self.current = {}, None
        self._images.clear()

    def size(self, number: int) -> QSizeF:
        """Size of a picture as it is seen, in pixels."""
        ink = self._ink
        if ink is None or not 0 <= number < len(self.pictures):
            return QSizeF(1, 1)
        picture = self.pictures[number]
        across, down = picture.size
        if self.turned % 2:
            across, down = down, across
        width = self._room() * ink.zoom / 100
        if isinstance(picture.part, ImagePart):
            width = min(width, across * LARGEST * ink.zoom / 100 * ink.theme.zoom / 100)
        return QSizeF(width, max(1.0, width * down / across))

    def intrinsicSize(self, doc: QTextDocument, position: int, format: QTextFormat) -> QSizeF:
        """Asked by the layout of the text."""
        return self.size(int(format.property(PICTURE_NUMBER)))

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        """Asked by the painting of the text, for what is in sight."""
        number = int(format.property(PICTURE_NUMBER))
        ink = self._ink
        if ink is None or not 0 <= number < len(self.pictures):
            return
        rect = QRectF(rect)
        picture = self.pictures[number]
        image = self._image(number, picture, round(rect.width() * self._ratio()))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if image is not None:
            painter.drawImage(rect, image)
        else:
            self._instead(painter, rect, picture, ink)
        painter.setPen(QPen(ink.color("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)
        self._mark(painter, rect, number, ink)
        painter.restore()

    def _image(self, number: int, picture: Picture, width: int) -> QImage | None:
        part = picture.part
        if isinstance(part, PdfPart):
            return self._pages.image(part, picture.number, width, self.turned)
        if number not in self._images:
            line = part.width * 3
            self._images[number] = QImage(part.rgb, part.width, part.height, line, QImage.Format.Format_RGB888)
        image = self._images[number]
        return image.transformed(QTransform().rotate(90 * self.turned)) if self.turned else image

    def _instead(self, painter: QPainter, rect: QRectF, picture: Picture, ink: Ink) -> None:
        fault = self._pages.fault(picture.part, picture.number) if isinstance(picture.part, PdfPart) else None
        told = sentence(fault) if fault is not None else None
        words = f"{told.what} {told.todo}" if told is not None else picture.label
        painter.setFont(ink.char("body").font())
        painter.setPen(ink.color("warning" if told else "text-3"))
        inside = rect.adjusted(24, 24, -24, -24)
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), words)

    def _mark(self, painter: QPainter, rect: QRectF, number: int, ink: Ink) -> None:
        for hit in self.hits.get(number, ()):
            current = hit is self.current
            for box in hit.boxes:
                seen = self.place(rect, box)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
                painter.fillRect(seen.adjusted(-1, -1, 1, 1), ink.color("selected"))
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
                painter.setPen(QPen(ink.color("action"), 3 if current else 1))
                painter.drawRect(seen.adjusted(-2, -2, 2, 2))

    def place(self, rect: QRectF, box: tuple[float, float, float, float]) -> QRectF:
        """Where a box of the page that is not turned stands in ``rect``, turned with it."""
        left, top, right, bottom = box
        for _ in range(self.turned % 4):
            left, top, right, bottom = 1 - bottom, left, 1 - top, right
        corner = QPointF(rect.left() + left * rect.width(), rect.top() + top * rect.height())
        return QRectF(corner, QSizeF((right - left) * rect.width(), (bottom - top) * rect.height()))
