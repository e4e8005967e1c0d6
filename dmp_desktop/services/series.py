"""Values over time: of one analyte, in one unit. Values of two units are never joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from dmp_desktop.domain.facts import Observation
from dmp_desktop.reading.cda_words import unit


@dataclass(frozen=True, slots=True)
class Point:
    """One value; ``key``: its document."""

    at: datetime
    value: Decimal = field(repr=False)
    key: str
    observation: Observation = field(repr=False)


@dataclass(frozen=True, slots=True)
class Series:
    """An analyte in one unit, the oldest value first.

    :ivar unit: as it is read; ``low, high``: usual range of the latest value.
    :ivar by_patient: every value was declared by the person.
    :ivar other_units: units of the same analyte that stand apart.
    """

    label: str
    unit: str
    points: tuple[Point, ...] = field(repr=False)
    by_patient: bool = False
    other_units: tuple[str, ...] = ()

    @property
    def low(self) -> Decimal | None:
        """Lower bound of the usual range told with the latest value."""
        return self.points[-1].observation.low

    @property
    def high(self) -> Decimal | None:
        """Upper bound of the usual range told with the latest value."""
        return self.points[-1].observation.high

    @property
    def latest(self) -> Point:
        """The last one."""
        return self.points[-1]


def series_of(observations: Iterable[Observation]) -> tuple[Series, ...]:
    """Values put together by analyte and unit, by name. A value without a date stands in none."""
    groups: dict[tuple[str, str, bool], list[Point]] = {}
    for told in observations:
        if told.value is not None and told.at is not None:
            point = Point(told.at, told.value, told.source_key, told)
            groups.setdefault((told.code or told.label.lower(), told.unit, told.by_patient), []).append(point)
    made = []
    for (_, raw, by_patient), points in groups.items():
        kept = {(point.at, point.value): point for point in points}
        ordered = tuple(sorted(kept.values(), key=lambda point: point.at))
        made.append((ordered[-1].observation.label, unit(raw), ordered, by_patient))
    units: dict[str, set[str]] = {}
    for label, shown, _, _ in made:
        units.setdefault(label.lower(), set()).add(shown)
    found = [
        Series(label, shown, points, by_patient, tuple(sorted(units[label.lower()] - {shown})))
        for label, shown, points, by_patient in made
    ]
    return tuple(sorted(found, key=lambda one: (one.by_patient, one.label.lower(), -len(one.points))))
