"""The part of iCalendar (RFC 5545) that an agenda of appointments uses: events with an hour and a title.

Repeated events are not unfolded and whole days are nobody's appointment: both are counted as left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dmp_desktop.domain.appointments import Expected, clean_label
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.identity import BirthDate

_STARTS = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(?:\d\d)?(Z?)")
_BORN = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

Properties = dict[str, tuple[str, str]]
"""Name → (parameters, value)."""


def read_calendar(text: str, most: int) -> tuple[tuple[Expected, ...], frozenset[str], int]:
    """Appointments, ids of the cancelled ones, and how many events were left out.

    :param most: events looked at; the others count as left out.
    """
    expected: list[Expected] = []
    cancelled: set[str] = set()
    skipped = 0
    for rank, event in enumerate(_events(text)):
        uid = _uid(event)
        if event.get("STATUS", ("", ""))[1].strip().upper() == "CANCELLED" and uid:
            cancelled.add(uid)
            continue
        one = _appointment(event, uid) if rank < most and "RRULE" not in event else None
        if one is None:
            skipped += 1
        else:
            expected.append(one)
    return tuple(expected), frozenset(cancelled), skipped


def _events(text: str) -> Iterator[Properties]:
    """The properties of each event; what lies inside its alarms is not its own."""
    event: Properties | None = None
    inner = 0
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    for line in unfolded.splitlines():
        head, _, value = _split(line)
        name, _, parameters = head.partition(";")
        name, kind = name.strip().upper(), value.strip().upper()
        if name == "BEGIN" and kind == "VEVENT":
            event, inner = {}, 0
        elif event is None:
            continue
        elif name == "BEGIN":
            inner += 1
        elif name == "END" and kind == "VEVENT":
            yield event
            event = None
        elif name == "END":
            inner = max(0, inner - 1)
        elif not inner:
            event.setdefault(name, (parameters, value))


def _split(line: str) -> tuple[str, str, str]:
    """Name and parameters, colon, value: a colon between quotes is a parameter's."""
    quoted = False
    for at, letter in enumerate(line):
        if letter == '"':
            quoted = not quoted
        elif letter == ":" and not quoted:
            return line[:at], ":", line[at + 1 :]
    return line, "", ""


def _uid(event: Properties) -> str:
    uid, again = event.get("UID", ("", ""))[1].strip(), event.get("RECURRENCE-ID", ("", ""))[1].strip()
    return f"{uid}/{again}"[:200] if uid and again else uid[:200]


def _appointment(event: Properties, uid: str) -> Expected | None:
    starts = _local(*event.get("DTSTART", ("", "")))
    title = _ESCAPED.sub(lambda m: " | " if m[1] in "nN" else m[1], event.get("SUMMARY", ("", ""))[1])
    born = _BORN.search(title)
    label = clean_label(_BORN.sub(" ", title))
    if starts is None or not label:
        return None
    date_ = BirthDate(f"{born[3]}{born[2]:0>2}{born[1]:0>2}") if born else None
    return Expected(starts.date(), starts.hour * 60 + starts.minute, label, date_, uid)


def _local(parameters: str, value: str) -> datetime | None:
    """The beginning in Paris; ``None`` for a whole day or what is no time."""
    found = _STARTS.fullmatch(value.strip())
    if found is None:
        return None
    zone = re.search(r'TZID="?([^";:]+)', parameters)
    try:
        where = UTC if found[6] else ZoneInfo(zone[1]) if zone else PARIS
    except (ZoneInfoNotFoundError, ValueError, OSError):
        where = PARIS  # a zone of the agenda's own making: its hours are those of the wall
    year, month, day, hour, minute = (int(found[n]) for n in range(1, 6))
    try:
        return datetime(year, month, day, hour, minute, tzinfo=where).astimezone(PARIS)
    except (ValueError, OverflowError):
        return None
