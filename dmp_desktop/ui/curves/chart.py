"""The curve of one analyte in one unit: points on a time scale, the usual range as a band."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dmp_desktop.services.series import Point, Series
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.timeline import words

_RIGHT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_MIDDLE: Final = int(Qt.AlignmentFlag.AlignCenter)
_STEPS: Final = (1, 2, 5, 10)
_LINES: Final = 6


def ticks(low: float, high: float) -> list[float]:
    """Round values between two bounds, at most six."""
    span = max(high - low, 1e-9)
    power = 10.0 ** _floor_log(span / _LINES)
    step = next(power * factor for factor in _STEPS if span / (power * factor) <= _LINES)
    first = -(-low // step) * step
    return [round(first + number * step, 10) for number in range(_LINES + 2) if first + number * step <= high + 1e-9]


def _floor_log(value: float) -> int:
    return Decimal(repr(value)).adjusted()


class CurveChart(QWidget):
    """Points in the order of time. Arrows go from point to point; Enter opens the document of the chosen one."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._series: Series | None = None
        self._place = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", "inside")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        appearance.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(self._appearance.theme.px(560), self._appearance.theme.px(320))

    def minimumSizeHint(self) -> QSize:
        """Small enough for a counter."""
        return QSize(self._appearance.theme.px(260), self._appearance.theme.px(220))

    def show_series(self, series: Series) -> None:
        """Another analyte; its latest value is chosen."""
        self._series = series
        self.choose(len(series.points) - 1)

    def choose(self, place: int) -> None:
        """Another point."""
        series = self._series
        if series is None or not 0 <= place < len(series.points):
            return
        self._place = place
        point = series.points[place]
        self.setAccessibleName(f"Courbe, {series.label}, {texts.count(len(series.points), 'valeur', 'valeurs')}")
        self.setAccessibleDescription(f"{words.value(series, point)}, {texts.day(point.at)}")
        self.update()
        self.chosen.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From point to point; Enter opens."""
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in moves:
            self.choose(self._place + moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self._place)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the nearest point."""
        near = self._nearest(event.position())
        if near is not None:
            self.setFocus()
            self.choose(near)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open its document."""
        near = self._nearest(event.position())
        if near is not None:
            self.opened.emit(near)

    def _nearest(self, where: QPointF) -> int | None:
        if self._series is None:
            return None
        reach = self._appearance.theme.px(16)
        ground, low, high = self._ground()
        spots = [self._spot(point, ground, low, high) for point in self._series.points]
        away = [(spot - where).manhattanLength() for spot in spots]
        near = min(range(len(away)), key=away.__getitem__)
        return near if away[near] <= reach * 2 else None

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _ground(self) -> tuple[QRectF, float, float]:
        px = self._appearance.theme.px
        ground = QRectF(self.rect()).adjusted(px(56), px(20), -px(32), -px(36))
        series = self._series
        if series is None:
            return ground, 0.0, 1.0
        held = [float(point.value) for point in series.points]
        held += [float(bound) for bound in (series.low, series.high) if bound is not None]
        low, high = min(held), max(held)
        margin = (high - low) * 0.12 or max(abs(high) * 0.1, 1.0)
        # No measure of a body is negative: a scale never goes under zero for its margin.
        return ground, max(low - margin, 0.0) if low >= 0 else low - margin, high + margin

    def _spot(self, point: Point, ground: QRectF, low: float, high: float) -> QPointF:
        series = self._series
        points = series.points if series is not None else (point,)
        first, last = points[0].at, points[-1].at
        span = (last - first).total_seconds()
        part = (point.at - first).total_seconds() / span if span else 0.5
        up = (float(point.value) - low) / (high - low)
        return QPointF(ground.left() + part * ground.width(), ground.bottom() - up * ground.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Band, lines, points, values."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("surface"))
        series = self._series
        if series is not None:
            ground, low, high = self._ground()
            self._band(painter, series, ground, low, high)
            self._axes(painter, series, ground, low, high)
            self._points(painter, series, ground, low, high)
        painter.end()

    def _band(self, painter: QPainter, series: Series, ground: QRectF, low: float, high: float) -> None:
        if series.low is None and series.high is None:
            return
        theme = self._appearance.theme

        def height(value: Decimal | None, other: float) -> float:
            held = float(value) if value is not None else other
            return ground.bottom() - (held - low) / (high - low) * ground.height()

        top, bottom = height(series.high, high), height(series.low, low)
        painter.fillRect(QRectF(ground.left(), top, ground.width(), bottom - top), theme.color("success-bg"))
        painter.setPen(QPen(theme.color("success"), theme.hairline, Qt.PenStyle.DashLine))
        for bound, y in ((series.high, top), (series.low, bottom)):
            if bound is not None:
                painter.drawLine(QPointF(ground.left(), y), QPointF(ground.right(), y))

    def _axes(self, painter: QPainter, series: Series, ground: QRectF, low: float, high: float) -> None:
        theme = self._appearance.theme
        painter.setFont(theme.font("caption"))
        line = theme.px(18)
        for tick in ticks(low, high):
            y = ground.bottom() - (tick - low) / (high - low) * ground.height()
            painter.setPen(QPen(theme.color("line"), theme.hairline))
            painter.drawLine(QPointF(ground.left(), y), QPointF(ground.right(), y))
            painter.setPen(theme.color("text-2"))
            told = f"{tick:g}".replace(".", ",")
            painter.drawText(QRect(0, round(y) - line // 2, round(ground.left()) - theme.px(8), line), _RIGHT, told)
        taken = -1.0
        for point in series.points:
            x = self._spot(point, ground, low, high).x()
            told = texts.day(point.at).split(" ", 1)[1]
            wide = QFontMetrics(painter.font()).horizontalAdvance(told) + theme.px(4)
            left = min(max(x - wide / 2, 0.0), self.width() - wide)
            if left > taken:
                place = QRectF(left, ground.bottom() + theme.px(10), wide, line)
                painter.drawText(place, _MIDDLE, told)
                taken = left + wide + theme.px(8)

    def _points(self, painter: QPainter, series: Series, ground: QRectF, low: float, high: float) -> None:
        theme = self._appearance.theme
        spots = [self._spot(point, ground, low, high) for point in series.points]
        painter.setPen(QPen(theme.color("action"), 1.5))
        painter.drawPolyline(QPolygonF(spots))
        radius = theme.px(5)
        for number, (spot, point) in enumerate(zip(spots, series.points, strict=True)):
            abnormal = point.observation.abnormal is not None
            tone = theme.color("warning" if abnormal else "action")
            painter.setPen(QPen(tone, theme.px(2)))
            painter.setBrush(tone if abnormal or number == self._place else theme.color("surface"))
            if abnormal:
                # A triangle: a value said abnormal is known without its colour.
                painter.drawPolygon(
                    QPolygonF(
                        [
                            spot + QPointF(0, -radius - 1),
                            spot + QPointF(radius + 1, radius),
                            spot + QPointF(-radius - 1, radius),
                        ]
                    )
                )
            elif point.observation.by_patient:
                painter.drawRect(QRectF(spot.x() - radius, spot.y() - radius, 2 * radius, 2 * radius))
            else:
                painter.drawEllipse(spot, radius, radius)
            if number == self._place:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.color("focus"), theme.px(2)))
                painter.drawEllipse(spot, radius + theme.px(5), radius + theme.px(5))
                painter.setFont(theme.font("body-strong"))
                painter.setPen(theme.color("text"))
                told = words.number(point.value)
                wide = QFontMetrics(painter.font()).horizontalAdvance(told) + theme.px(8)
                left = min(max(spot.x() - wide / 2, ground.left()), self.width() - wide)
                above = spot.y() - radius - theme.px(28)
                top = above if above > 0 else spot.y() + radius + theme.px(8)
                painter.drawText(QRectF(left, top, wide, theme.px(20)), _MIDDLE, told)
