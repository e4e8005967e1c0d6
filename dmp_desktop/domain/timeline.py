"""The timeline of a record: whole months ending with the present one, seven lanes, bars of treatments. Pure.

What is older than the window is not drawn, and the timeline says how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.record import RecordRow

MONTHS: Final = 24
ZOOMS: Final = (24, 12, 6, 3)
"""Months shown, from the widest."""

_STAYS: Final = frozenset({"11490-0", "34112-3", "11493-4", "15507-7", "34874-8"})
_ASKED: Final = frozenset({"42", "43"})
"""Classes of prescriptions and deliveries: nothing was found or done yet, and the medicines are bars."""

_LETTERS: Final = ("11490-0", "34112-3", "11493-4")


class LaneKey(StrEnum):
    """The lanes, from the top."""

    STAYS = "stays"
    REPORTS = "reports"
    LABORATORY = "laboratory"
    IMAGING = "imaging"
    TREATMENTS = "treatments"
    PREVENTION = "prevention"
    PATIENT = "patient"


_RUBRIQUES: Final = {
    "imagerie": LaneKey.IMAGING,
    "laboratoire": LaneKey.LABORATORY,
    "prevention": LaneKey.PREVENTION,
    "comptes-rendus": LaneKey.REPORTS,
}


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One mark.

    :ivar key: logical id of its document; ``more``: those of the other documents of the same stay.
    :ivar label: its title; ``author``: who, ``""`` when not told.
    """

    key: str
    lane: LaneKey
    at: datetime
    label: str = field(repr=False)
    author: str = field(default="", repr=False)
    is_new: bool = False
    by_patient: bool = False
    more: tuple[str, ...] = ()
    days: int = 0


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """A treatment over time; ``stop`` is ``None`` while it lasts. ``key``: the document that last told of it."""

    label: str = field(repr=False)
    start: datetime
    stop: datetime | None
    key: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is drawn.

    :ivar start: first day of the first month; ``end``: first day after the last month (both in Paris).
    :ivar last_visit: of this professional, ``None`` the first time or out of the window.
    :ivar older: events before the window.
    """

    start: datetime
    end: datetime
    months: int
    events: tuple[TimelineEvent, ...] = ()
    bars: tuple[TimelineBar, ...] = ()
    last_visit: datetime | None = None
    older: int = 0

    def lane(self, key: LaneKey) -> tuple[TimelineEvent, ...]:
        """Its events, the oldest first."""
        return tuple(event for event in self.events if event.lane is key)

    def part(self, moment: datetime) -> float:
        """Where a moment stands, 0 at the start and 1 at the end, kept between them."""
        whole = (self.end - self.start).total_seconds()
        return min(1.0, max(0.0, (moment - self.start).total_seconds() / whole))


def lane_of(row: RecordRow) -> LaneKey | None:
    """Where a document is drawn, ``None`` for kinds that are no event (syntheses, prescriptions, reimbursements)."""
    entry = row.entry
    if entry.by_patient:
        return LaneKey.PATIENT
    if entry.class_code.value in _ASKED:
        return None
    if entry.type_code.value in _STAYS:
        return LaneKey.STAYS
    return next((_RUBRIQUES[key] for key in row.rubriques if key in _RUBRIQUES), None)


def timeline(
    rows: Iterable[RecordRow],
    bars: Iterable[TimelineBar],
    now: datetime,
    *,
    last_visit: datetime | None = None,
    months: int = MONTHS,
    back: int = 0,
) -> Timeline:
    """What the record holds in ``months`` whole months, the last of which is the present one, or ``back`` before."""
    local = now.astimezone(PARIS)
    end = _month(local, 1 - back)
    start = _month(local, 1 - back - months)
    events = _events(row for row in rows if not row.obsolete)
    inside = tuple(event for event in events if start <= event.at < end)
    kept = tuple(bar for bar in bars if bar.start < end and (bar.stop is None or bar.stop >= start))
    visit = last_visit if last_visit is not None and start <= last_visit < end else None
    return Timeline(start, end, months, inside, kept, visit, sum(event.at < start for event in events))


def _events(rows: Iterable[RecordRow]) -> list[TimelineEvent]:
    made: list[TimelineEvent] = []
    stays: dict[str, int] = {}
    for row in sorted((row for row in rows if row.at is not None), key=_order):
        lane, at = lane_of(row), row.at
        if lane is None or at is None:
            continue
        entry = row.entry
        if lane is LaneKey.STAYS and row.key in stays:
            first = made[stays[row.key]]
            made[stays[row.key]] = _with(first, row)
            continue
        author = entry.authors[0] if entry.authors else None
        who = (author.structure_name or f"{author.given} {author.family}".strip()) if author else ""
        days = (entry.service_stop - at).days if entry.service_stop else 0
        if lane is LaneKey.STAYS:
            stays.update(dict.fromkeys(row.lot, len(made)))
        made.append(TimelineEvent(row.key, lane, at, entry.title, who, row.is_new, entry.by_patient, (), max(0, days)))
    return sorted(made, key=lambda event: event.at)


def _order(row: RecordRow) -> tuple[int, float, str]:
    """Letters of discharge first: the other documents of their stay fold into them."""
    at = row.at.timestamp() if row.at is not None else 0.0
    code = row.entry.type_code.value
    return (_LETTERS.index(code) if code in _LETTERS else len(_LETTERS), at, row.key)


def _with(event: TimelineEvent, row: RecordRow) -> TimelineEvent:
    return TimelineEvent(
        event.key,
        event.lane,
        event.at,
        event.label,
        event.author,
        event.is_new or row.is_new,
        event.by_patient,
        (*event.more, row.key),
        event.days,
    )


def _month(local: datetime, ahead: int) -> datetime:
    """First day of a month, ``ahead`` of the one of ``local``."""
    number = local.year * 12 + local.month - 1 + ahead
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=PARIS)


def month_starts(shown: Timeline) -> tuple[datetime, ...]:
    """First day of each month shown."""
    return tuple(_month(shown.start, ahead) for ahead in range(shown.months))


def labels_that_fit(
    marks: Sequence[tuple[float, Sequence[float]]],
    room: tuple[float, float],
    mark: float,
    gap: float,
    blocked: Sequence[tuple[float, float]],
    first: int = -1,
) -> tuple[tuple[float, int] | None, ...]:
    """Where each label begins and which wording it has, ``None`` for one that is dropped.

    No label touches a mark, another, or the edge. It stands at the right of its mark, else at its left; among marks
    that touch, only the outer ones have a side.

    :param marks: position of each mark, in order, and widths of its wordings, the best one first.
    :param room: left and right edges. :param mark: half a mark. :param gap: between things.
    :param blocked: spans no label may touch (the dashed line of the last visit and its words).
    :param first: is served first, beyond the marks that touch it if it must; then the latest, which matter most.
    """
    clusters = _clusters([at for at, _ in marks], 2 * (mark + gap))
    taken = [(low - mark - gap, high + mark + gap) for low, high in clusters]
    fixed = [(low - gap, high + gap) for low, high in blocked]
    placed: list[tuple[float, int] | None] = [None] * len(marks)
    order = [first] if 0 <= first < len(marks) else []
    for index in order + [place for place in reversed(range(len(marks))) if place != first]:
        at, widths = marks[index]
        low, high = next((low, high) for low, high in clusters if low <= at <= high)
        sides = [(number, high + mark + gap) for number, _ in enumerate(widths) if at == high or index == first]
        sides += [
            (number, low - mark - gap - width) for number, width in enumerate(widths) if at == low or index == first
        ]
        for number, left in sorted(sides, key=lambda side: side[0]):
            right = left + widths[number]
            free = all(right <= start or left >= end for start, end in (*taken, *fixed))
            if free and left >= room[0] and right <= room[1]:
                placed[index] = (left, number)
                taken.append((left - gap, right + gap))
                break
    return tuple(placed)


def _clusters(positions: Sequence[float], near: float) -> list[tuple[float, float]]:
    """Marks that touch, as one span."""
    spans: list[tuple[float, float]] = []
    for at in sorted(positions):
        if spans and at - spans[-1][1] < near:
            spans[-1] = (spans[-1][0], at)
        else:
            spans.append((at, at))
    return spans
