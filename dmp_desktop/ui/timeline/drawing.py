"""The strokes of the timeline."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from dmp_desktop.domain.timeline import LaneKey, Timeline, TimelineEvent, labels_that_fit, month_starts
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.theme.tokens import Theme
from dmp_desktop.ui.timeline import words
from dmp_desktop.ui.timeline.scale import BARS_SHOWN, LanePlace, Scale

_DOT, _SQUARE, _STAY_W, _STAY_H, _GAP = 6, 6, 13, 10, 8
_VISIT_LANES: Final = (LaneKey.PREVENTION, LaneKey.IMAGING, LaneKey.STAYS, LaneKey.PATIENT, LaneKey.REPORTS)
_CENTRE: Final = int(Qt.AlignmentFlag.AlignCenter)
_MIDDLE: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


def draw(painter: QPainter, scale: Scale, theme: Theme, chosen: str, ratio: float) -> None:
    """The whole timeline."""
    painter.fillRect(QRect(0, 0, scale.width, scale.height), theme.color("surface"))
    shown = scale.shown
    if shown is None:
        return
    _header(painter, scale, theme, shown)
    for place in scale.lanes:
        _lane_head(painter, scale, theme, place, ratio)
    visit = _visit(painter, scale, theme, shown)
    _bars(painter, scale, theme, shown)
    for place in scale.lanes:
        blocked = [(visit[0], visit[0])] if visit is not None else []
        if visit is not None and visit[1] is place.key:
            blocked.append((visit[0], visit[2]))
        _marks(painter, scale, theme, shown.lane(place.key), place, chosen, blocked, ratio)


def _header(painter: QPainter, scale: Scale, theme: Theme, shown: Timeline) -> None:
    painter.fillRect(QRect(0, 0, scale.width, scale.header), theme.color("sunken"))
    painter.setPen(QPen(theme.color("line"), theme.hairline))
    painter.drawLine(0, scale.header, scale.width, scale.header)
    starts = month_starts(shown)
    step = scale.right - scale.left
    for number, start in enumerate(starts):
        x = scale.x(start)
        first = start.month == 1 or number == 0
        painter.setPen(QPen(theme.color("line" if start.month == 1 else "sunken"), theme.hairline))
        if number:
            painter.drawLine(x, scale.header, x, scale.height)
        if first:
            painter.setFont(theme.font("body-strong"))
            painter.setPen(theme.color("text"))
            # The year of a window that begins in December would touch the next one.
            if start.month != 12 or shown.months < 12 or number:
                painter.drawText(
                    QRect(x + theme.px(3), theme.px(4), theme.px(60), theme.px(22)), _MIDDLE, str(start.year)
                )
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text-2"))
        name = words.MONTHS[start.month - 1]
        room = step // shown.months
        letters = name[:1].upper() if room < theme.px(70) else name
        painter.drawText(QRect(x + theme.px(3), theme.px(26), room, theme.px(18)), _MIDDLE, letters)


def _lane_head(painter: QPainter, scale: Scale, theme: Theme, place: LanePlace, ratio: float) -> None:
    icon, name = words.LANES[place.key]
    painter.setPen(QPen(theme.color("line"), theme.hairline))
    bottom = place.top + place.height
    painter.drawLine(0, bottom, scale.width, bottom)
    size = theme.px(16)
    middle = place.top + place.height // 2
    painter.drawPixmap(QPoint(theme.px(13), middle - size // 2), pixmap(icon, theme.hex("text-2"), size, ratio))
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.color("text"))
    painter.drawText(QRect(theme.px(38), place.top, scale.left - theme.px(40), place.height), _MIDDLE, name)


def _visit(painter: QPainter, scale: Scale, theme: Theme, shown: Timeline) -> tuple[float, LaneKey, float] | None:
    """The dashed line, its words in a lane where they touch nothing; gives where they stand."""
    if shown.last_visit is None:
        return None
    x = scale.x(shown.last_visit)
    painter.setPen(QPen(theme.color("text-2"), 1.5, Qt.PenStyle.DashLine))
    painter.drawLine(x, scale.header + 1, x, scale.height - 1)
    font = theme.font("caption")
    told = ("Votre visite", texts.day(shown.last_visit).rsplit(" ", 1)[0])
    wide = max(QFontMetrics(font).horizontalAdvance(text) for text in told)
    left = x + theme.px(8)
    if left + wide > scale.right:
        left = x - theme.px(8) - wide
    for key in _VISIT_LANES:
        place = scale.lane(key)
        marks = [scale.mark(event).x() for event in shown.lane(key)]
        if place.height < theme.px(40) or any(left - theme.px(16) < at < left + wide + theme.px(16) for at in marks):
            continue
        painter.setFont(font)
        painter.setPen(theme.color("text-3"))
        line = theme.px(16)
        for number, text in enumerate(told):
            top = place.top + (place.height - 2 * line) // 2 + number * line
            painter.drawText(QRect(left, top, wide + 2, line), _MIDDLE, text)
        return (min(x, left), key, max(x, left + wide))
    return (x, LaneKey.TREATMENTS, x)


def _bars(painter: QPainter, scale: Scale, theme: Theme, shown: Timeline) -> None:
    painter.setFont(theme.font("caption"))
    metrics = QFontMetrics(painter.font())
    for number, bar in enumerate(shown.bars[:BARS_SHOWN]):
        rect = scale.bar(number)
        painter.fillRect(rect, theme.color("selected"))
        if bar.start >= shown.start:
            painter.fillRect(QRect(rect.left(), rect.top(), theme.px(3), rect.height()), theme.color("action"))
        wide = metrics.horizontalAdvance(bar.label)
        painter.setPen(theme.color("text"))
        left = rect.left() + theme.px(10)
        if left + wide > rect.right():
            left = rect.right() + theme.px(6)
        if left + wide <= scale.right:
            painter.drawText(QRect(left, rect.top(), wide + 2, rect.height()), _MIDDLE, bar.label)
    more = len(shown.bars) - BARS_SHOWN
    if more > 0:
        last = scale.bar(BARS_SHOWN - 1)
        painter.setPen(theme.color("text-2"))
        told = texts.count(more, "autre traitement", "autres traitements")
        painter.drawText(QRect(scale.left, last.bottom() + theme.px(2), theme.px(200), theme.px(18)), _MIDDLE, told)


def _marks(
    painter: QPainter,
    scale: Scale,
    theme: Theme,
    events: tuple[TimelineEvent, ...],
    place: LanePlace,
    chosen: str,
    blocked: list[tuple[float, float]],
    ratio: float,
) -> None:
    half = theme.px(_STAY_W if place.key is LaneKey.STAYS else _DOT + 2)
    fonts = [theme.font("caption", bold=event.is_new or event.key == chosen) for event in events]
    labels = [words.short_labels(event) for event in events]
    marks = [
        (float(scale.x(event.at)), [float(QFontMetrics(font).horizontalAdvance(label)) for label in wordings])
        for event, font, wordings in zip(events, fonts, labels, strict=True)
    ]
    first = next((place for place, event in enumerate(events) if event.key == chosen), -1)
    spots = labels_that_fit(marks, (scale.left + 2, scale.right), half, theme.px(_GAP) / 2, blocked, first)
    for event, font, wordings, told, spot in zip(events, fonts, labels, marks, spots, strict=True):
        centre = scale.mark(event)
        if spot is not None:
            left, number = spot
            rect = QRect(round(left), centre.y() - theme.px(10), round(told[1][number]) + 2, theme.px(20))
            # The lines of the months stop at the words.
            ground = theme.color("selected" if event.key == chosen else "surface")
            painter.fillRect(rect.adjusted(-theme.px(3), 0, theme.px(3), 0), ground)
            painter.setFont(font)
            painter.setPen(theme.color("action" if event.key == chosen else "text"))
            painter.drawText(rect, _CENTRE, wordings[number])
        _mark(painter, theme, event, centre, ratio)
        if event.key == chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), theme.px(2)))
            reach = half + theme.px(3)
            tall = theme.px(_STAY_H + 3) if place.key is LaneKey.STAYS else reach
            painter.drawRoundedRect(
                QRectF(centre.x() - reach, centre.y() - tall, 2 * reach, 2 * tall),
                theme.px(4) if place.key is LaneKey.STAYS or event.by_patient else reach,
                theme.px(4) if place.key is LaneKey.STAYS or event.by_patient else reach,
            )


def _mark(painter: QPainter, theme: Theme, event: TimelineEvent, centre: QPoint, ratio: float) -> None:
    tone = "text-2" if event.by_patient else "action"
    painter.setPen(QPen(theme.color(tone), theme.px(2)))
    painter.setBrush(theme.color(tone if event.is_new else "surface"))
    x, y = centre.x(), centre.y()
    if event.lane is LaneKey.STAYS:
        wide, tall = theme.px(_STAY_W), theme.px(_STAY_H)
        painter.setPen(QPen(theme.color(tone), max(1, theme.px(1))))
        painter.drawRoundedRect(QRectF(x - wide, y - tall, 2 * wide, 2 * tall), theme.px(3), theme.px(3))
        size = theme.px(16)
        image = pixmap("hospital", theme.hex("on-action" if event.is_new else tone), size, ratio)
        painter.drawPixmap(QPoint(x - size // 2, y - size // 2), image)
    elif event.by_patient:
        side = theme.px(_SQUARE)
        painter.drawRect(QRectF(x - side, y - side, 2 * side, 2 * side))
    else:
        radius = theme.px(_DOT)
        painter.drawEllipse(QRectF(x - radius, y - radius, 2 * radius, 2 * radius))
