"""The drawing beside the steps: a reader with two slots, and what the hand has to do with it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dmp_desktop.ui.theme.appearance import Appearance

_WIDTH, _HEIGHT = 208, 168


class Gesture(StrEnum):
    """What the drawing shows."""

    IN_PLACE = "in-place"
    PLUG = "plug"
    INSERT_LEFT = "insert-left"
    INSERT_RIGHT = "insert-right"
    TURN_LEFT = "turn-left"
    TURN_RIGHT = "turn-right"
    SWAP_LEFT = "swap-left"
    SWAP_RIGHT = "swap-right"


GESTURES = {
    "service-down": Gesture.PLUG,
    "no-reader": Gesture.PLUG,
    "professional-absent": Gesture.INSERT_LEFT,
    "professional-mute": Gesture.TURN_LEFT,
    "professional-unknown": Gesture.SWAP_LEFT,
    "vitale-absent": Gesture.INSERT_RIGHT,
    "vitale-mute": Gesture.TURN_RIGHT,
    "vitale-one": Gesture.SWAP_RIGHT,
    "vitale-unknown": Gesture.SWAP_RIGHT,
    "two-professional-cards": Gesture.SWAP_RIGHT,
    "garbled": Gesture.INSERT_RIGHT,
    "pulled": Gesture.INSERT_RIGHT,
}
"""By the key of a finding; any other shows both cards in place."""


class ReaderDrawing(QWidget):
    """Lines only: the reader and what stays in ``text``, what moves in ``action``, what was wrong dashed."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._gesture = Gesture.IN_PLACE
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._fit)
        self._fit()

    def show_gesture(self, gesture: Gesture) -> None:
        """Another gesture."""
        self._gesture = gesture
        self.update()

    def sizeHint(self) -> QSize:
        """At this zoom."""
        px = self._appearance.theme.px
        return QSize(px(_WIDTH), px(_HEIGHT))

    def _fit(self) -> None:
        self.setFixedHeight(self._appearance.theme.px(_HEIGHT))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The reader, its slots, its cards, the arrow."""
        theme = self._appearance.theme
        scale = theme.zoom / 100
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate((self.width() - _WIDTH * scale) / 2, 0)
        painter.scale(scale, scale)
        gesture = self._gesture
        left, right = QPointF(44, 118), QPointF(132, 118)
        card_left, card_right = gesture.value.endswith("left"), gesture.value.endswith("right")
        if gesture is not Gesture.PLUG:
            for foot, moves in ((left, card_left), (right, card_right)):
                if not moves:
                    self._card(painter, QRectF(foot.x() - 24, 48, 48, 70), "text-2", chip=True)
        if card_left or card_right:
            self._moving(painter, left if card_left else right, gesture)
        self._body(painter, left, right)
        if gesture is Gesture.PLUG:
            self._cable(painter)
        painter.end()

    def _pen(self, token: str, width: float = 1.75, *, dashed: bool = False) -> QPen:
        pen = QPen(self._appearance.theme.color(token), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setDashPattern([3, 2.5])
        return pen

    def _body(self, painter: QPainter, left: QPointF, right: QPointF) -> None:
        """Painted last, over the foot of the cards."""
        painter.setPen(self._pen("text"))
        painter.setBrush(self._appearance.theme.color("surface"))
        painter.drawRoundedRect(QRectF(1, 118, 174, 46), 5, 5)
        for foot in (left, right):
            painter.setPen(self._pen("text", 3.5))
            painter.drawLine(QPointF(foot.x() - 30, 118), QPointF(foot.x() + 30, 118))
            painter.setPen(self._pen("text"))
            painter.drawLine(QPointF(foot.x() - 17, 144), QPointF(foot.x() + 17, 144))

    def _card(self, painter: QPainter, area: QRectF, token: str, *, chip: bool, dashed: bool = False) -> None:
        painter.setPen(self._pen(token, dashed=dashed))
        painter.setBrush(Qt.BrushStyle.NoBrush if dashed else self._appearance.theme.color("surface"))
        painter.drawRoundedRect(area, 4, 4)
        if not chip:
            return
        mark = QRectF(area.center().x() - 11, area.bottom() - 32, 22, 18)
        painter.drawRoundedRect(mark, 2.5, 2.5)
        painter.drawLine(QPointF(mark.center().x(), mark.top()), QPointF(mark.center().x(), mark.bottom()))
        painter.drawLine(QPointF(mark.left(), mark.center().y()), QPointF(mark.right(), mark.center().y()))

    def _moving(self, painter: QPainter, foot: QPointF, gesture: Gesture) -> None:
        """The card the hand holds: above its slot, turned, or exchanged for another."""
        kind = gesture.value.partition("-")[0]
        if kind == "insert":
            self._card(painter, QRectF(foot.x() - 26, 2, 52, 76), "action", chip=True)
            self._arrow(painter, QPointF(foot.x(), 86), QPointF(foot.x(), 110))
            return
        # The card in the wrong way keeps its place, dashed; the right one rises beside it.
        self._card(painter, QRectF(foot.x() - 38, 36, 46, 82), "text-2", chip=False, dashed=True)
        if kind == "swap":
            self._arrow(painter, QPointF(foot.x() - 15, 30), QPointF(foot.x() - 15, 6))
            return
        path = QPainterPath(QPointF(foot.x() + 48, 34))
        path.cubicTo(QPointF(foot.x() + 68, 50), QPointF(foot.x() + 68, 72), QPointF(foot.x() + 48, 88))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen("action"))
        painter.drawPath(path)
        painter.drawPolyline([QPointF(foot.x() + 50, 77), QPointF(foot.x() + 48, 88), QPointF(foot.x() + 59, 88)])
        self._card(painter, QRectF(foot.x() - 14, 22, 50, 96), "action", chip=True)

    def _arrow(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        back = 7 if end.y() > start.y() else -7
        painter.setPen(self._pen("action", 2.25))
        painter.drawLine(start, end)
        painter.drawPolyline([QPointF(end.x() - 6, end.y() - back), end, QPointF(end.x() + 6, end.y() - back)])

    def _cable(self, painter: QPainter) -> None:
        """The plug, away from its socket."""
        painter.setPen(self._pen("action", 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath(QPointF(88, 118))
        path.cubicTo(QPointF(88, 84), QPointF(62, 96), QPointF(62, 66))
        painter.drawPath(path)
        painter.drawRoundedRect(QRectF(50, 38, 24, 28), 3, 3)
        painter.drawRect(QRectF(55, 26, 14, 12))
        painter.setPen(self._pen("text"))
        painter.drawRoundedRect(QRectF(100, 14, 46, 52), 4, 4)
        painter.drawRect(QRectF(116, 34, 14, 12))
        self._across(painter)

    def _across(self, painter: QPainter) -> None:
        painter.setPen(self._pen("action", 2.25))
        painter.drawLine(QPointF(78, 40), QPointF(96, 40))
        painter.drawPolyline([QPointF(90, 34), QPointF(96, 40), QPointF(90, 46)])
