"""The timeline: whole months, lanes, stays folded, labels that never touch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from helpers import facts_record
from helpers.clocks import START
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.timeline import (
    LaneKey,
    TimelineBar,
    labels_that_fit,
    month_starts,
    timeline,
)

_ROWS = facts_record.rows()


def test_the_window_is_24_whole_months_ending_with_this_one() -> None:
    """From the first of May 2024 to the end of April 2026, in Paris."""
    shown = timeline(_ROWS, (), START)
    assert shown.start == datetime(2024, 5, 1, tzinfo=PARIS)
    assert shown.end == datetime(2026, 5, 1, tzinfo=PARIS)
    starts = month_starts(shown)
    assert (len(starts), starts[0], starts[-1].month) == (24, shown.start, 4)


@pytest.mark.parametrize("hour", [0, 22, 23])
def test_the_month_is_the_one_of_paris(hour: int) -> None:
    """The last evening of a month in UTC may be the next month in Paris."""
    now = datetime(2026, 6, 30, hour, 30, tzinfo=UTC)
    assert timeline((), (), now).end.month == (8 if hour >= 22 else 7)


def test_every_lane_has_its_kind() -> None:
    """By type and rubrique; documents of the person have their own lane; prescriptions are no events."""
    shown = timeline(_ROWS, (), START)
    lanes = {event.key: event.lane for event in shown.events}
    assert lanes["h-bio-7"] is LaneKey.LABORATORY
    assert lanes["h-echo"] is LaneKey.IMAGING
    assert lanes["h-tension-62"] is LaneKey.PATIENT
    assert lanes["h-vac-40"] is LaneKey.PREVENTION
    assert lanes["h-visite-95"] is LaneKey.REPORTS
    assert not {"h-presc-bio", "h-ordo-24", "h-vsm-2", "h-remb-2", "h-dispensation"} & set(lanes)


def test_documents_of_one_stay_are_one_event() -> None:
    """Under the letter of discharge, with its length."""
    stays = timeline(_ROWS, (), START).lane(LaneKey.STAYS)
    last = stays[-1]
    assert (last.key, last.more, last.days) == ("h-sortie-cardio", ("h-sejour-cardio",), 3)


def test_obsolete_versions_are_not_drawn_and_older_events_are_counted() -> None:
    """What is before the window is said, never drawn."""
    shown = timeline(_ROWS, (), START)
    assert shown.older == 3
    assert min(event.at for event in shown.events) >= shown.start


def test_bars_are_those_that_touch_the_window() -> None:
    """A treatment that ended before is not drawn; one that lasts is."""
    old = TimelineBar("A", START - timedelta(days=2000), START - timedelta(days=1500), "k")
    lasting = TimelineBar("B", START - timedelta(days=2000), None, "k")
    assert timeline((), (old, lasting), START).bars == (lasting,)


def test_a_visit_out_of_the_window_has_no_line() -> None:
    """Nothing is drawn at the edge for a visit of three years ago."""
    assert timeline((), (), START, last_visit=START - timedelta(days=1100)).last_visit is None
    assert timeline((), (), START, last_visit=START - timedelta(days=5)).last_visit is not None


_MARKS = st.lists(
    st.tuples(st.floats(0, 900), st.lists(st.floats(1, 300), min_size=1, max_size=2)), min_size=1, max_size=40
)
_SPANS = st.lists(st.tuples(st.floats(0, 900), st.floats(0, 60)), max_size=2)


@given(_MARKS, _SPANS, st.integers(-1, 45))
def test_labels_never_touch(
    marks: list[tuple[float, list[float]]], spans: list[tuple[float, float]], first: int
) -> None:
    """No label over a mark, a label, a blocked span or the edge, however many there are."""
    marks.sort()
    blocked = [(start, start + wide) for start, wide in spans]
    placed = labels_that_fit(marks, (0, 900), 8, 4, blocked, first)
    drawn = sorted(
        (spot[0], spot[0] + widths[spot[1]]) for spot, (_, widths) in zip(placed, marks, strict=True) if spot
    )
    assert all(left >= 0 and right <= 900 for left, right in drawn)
    assert all(right <= left for (_, right), (left, _) in pairwise(drawn))
    for left, right in drawn:
        assert not any(left < at < right for at, _ in marks)
        assert not any(left < end and right > start for start, end in blocked)


def test_the_event_looked_at_is_served_first() -> None:
    """Of two labels that cannot both stand, its own."""
    marks = [(50.0, [100.0]), (120.0, [100.0]), (170.0, [100.0])]
    assert labels_that_fit(marks, (0, 290), 8, 4, ())[0] is None
    wide = [(400.0, [100.0]), (402.0, [100.0])]
    assert labels_that_fit(wide, (0, 510), 8, 4, (), 0) == ((288.0, 0), None)
