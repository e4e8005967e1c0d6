"""Where everything of the timeline stands, in pixels: computed once per window and width."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPoint, QRect

from dmp_desktop.domain.timeline import LaneKey, Timeline, TimelineEvent
from dmp_desktop.ui.theme.tokens import Theme

_HEADER, _LABELS, _LANE, _EMPTY, _BAR, _BAR_GAP, _INSET = 48, 132, 48, 28, 20, 2, 10
BARS_SHOWN: Final = 4
"""More treatments than that are counted, not drawn."""


@dataclass(frozen=True, slots=True)
class LanePlace:
    """One lane."""

    key: LaneKey
    top: int
    height: int


class Scale:
    """Pixels of a window. ``width``: of the whole drawing."""

    def __init__(self, shown: Timeline | None, theme: Theme, width: int) -> None:
        self.shown, self.width = shown, width
        self._px = theme.px
        self.left = theme.px(_LABELS)
        self.first = self.left + theme.px(_INSET)
        self.header = theme.px(_HEADER)
        self.right = max(self.left + 1, width - theme.px(16))
        self.lanes: tuple[LanePlace, ...] = ()
        top = self.header
        places = []
        for key in LaneKey:
            height = theme.px(self._height(key))
            places.append(LanePlace(key, top, height))
            top += height
        self.lanes = tuple(places)
        self.height = top + 1

    def _height(self, key: LaneKey) -> int:
        if self.shown is None:
            return _LANE
        if key is LaneKey.TREATMENTS and self.shown.bars:
            drawn = min(len(self.shown.bars), BARS_SHOWN) + (len(self.shown.bars) > BARS_SHOWN)
            return max(_EMPTY, 12 + drawn * (_BAR + _BAR_GAP))
        return _LANE if self.shown.lane(key) else _EMPTY

    def x(self, moment: datetime) -> int:
        """Where a moment stands."""
        part = self.shown.part(moment) if self.shown is not None else 0.0
        return round(self.first + part * (self.right - self.first))

    def lane(self, key: LaneKey) -> LanePlace:
        """The place of a lane."""
        return next(place for place in self.lanes if place.key is key)

    def mark(self, event: TimelineEvent) -> QPoint:
        """The centre of a mark."""
        place = self.lane(event.lane)
        return QPoint(self.x(event.at), place.top + place.height // 2)

    def bar(self, number: int) -> QRect:
        """Where a treatment is drawn; nowhere when it is only counted."""
        if self.shown is None or number >= BARS_SHOWN:
            return QRect()
        told = self.shown.bars[number]
        place = self.lane(LaneKey.TREATMENTS)
        left = self.x(told.start)
        end = self.x(told.stop) if told.stop is not None else self.right
        top = place.top + self._px(6) + number * self._px(_BAR + _BAR_GAP)
        return QRect(left, top, max(self._px(4), end - left), self._px(_BAR))
