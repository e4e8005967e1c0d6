"""Agendas as practices have them: pasted lines, a spreadsheet (CSV), a calendar file (iCalendar, RFC 5545).

Tolerant about the form, strict about the bounds. A line that holds no hour or no name is counted, never guessed at.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dmp_desktop.domain.agenda_ics import read_calendar
from dmp_desktop.domain.appointments import Expected, clean_label
from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.domain.people import plain
from dmp_desktop.errors import UserError

MAX_BYTES, MAX_LINES = 2_000_000, 5_000


class AgendaTooLarge(UserError):
    """More than a practice receives in months. ``facts["limit"]``: lines read at most."""

    code = "agenda-too-large"


class AgendaUnreadable(UserError):
    """Nothing in it is an hour and a name."""

    code = "agenda-unreadable"


@dataclass(frozen=True, slots=True, repr=False)
class Agenda:
    """What was read.

    :ivar cancelled: ids of what the agenda says is cancelled; ``skipped``: entries left out.
    """

    expected: tuple[Expected, ...]
    cancelled: frozenset[str] = frozenset()
    skipped: int = 0

    def __repr__(self) -> str:
        return f"Agenda({len(self.expected)})"


def read_file(data: bytes, today: date) -> Agenda:
    """An agenda file, ``.ics`` or ``.csv``, whatever it is called.

    :raises AgendaTooLarge, AgendaUnreadable: nothing of it is taken.
    """
    if len(data) > MAX_BYTES:
        raise AgendaTooLarge("agenda file", limit=MAX_LINES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return read_text(text, today)


def read_text(text: str, today: date) -> Agenda:
    """What was pasted, or the text of a file.

    :param today: the day of lines that tell none.
    :raises AgendaTooLarge, AgendaUnreadable: nothing of it is taken.
    """
    if len(text) > MAX_BYTES:
        raise AgendaTooLarge("agenda text", limit=MAX_LINES)
    if "BEGIN:VCALENDAR" in text[:1000].upper():
        expected, cancelled, skipped = read_calendar(text, MAX_LINES)
        found = Agenda(expected, cancelled, skipped)
    else:
        found = _lines(text, today)
    if not found.expected and not found.cancelled:
        raise AgendaUnreadable("no appointment in it")
    return found


def _lines(text: str, today: date) -> Agenda:
    text = text.replace("\0", "")
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_LINES:
        raise AgendaTooLarge("agenda lines", limit=MAX_LINES)
    rows = _cells(lines)
    columns = _columns(rows[0]) if rows else {}
    expected, skipped = [], 0
    for row in rows[1:] if columns else rows:
        one = _by_column(row, columns, today) if columns else _by_look(row, today)
        if one is None:
            skipped += 1
        else:
            expected.append(one)
    return Agenda(tuple(expected), skipped=skipped)


def _cells(lines: Sequence[str]) -> list[list[str]]:
    """Lines cut at the separator that the first of them uses most; whole when there is none."""
    counts = {mark: lines[0].count(mark) for mark in ("\t", ";", ",")} if lines else {}
    mark = max(counts, key=lambda m: counts[m]) if counts else ""
    if not mark or not counts[mark] or (mark == "," and counts[mark] < 2):
        return [[line] for line in lines]
    try:
        return [row for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=mark) if any(row)]
    except csv.Error:
        return [line.split(mark) for line in lines]


_HEADS = {
    "day": {"date", "jour", "daterdv", "datedebut", "daterendezvous"},
    "hour": {"heure", "horaire", "debut", "heuredebut", "heurerdv", "start"},
    "name": {"nom", "patient", "nompatient", "nomdenaissance", "nomusuel", "personne", "nomprenom", "nometprenom"},
    "given": {"prenom", "prenompatient", "prenoms"},
    "born": {"naissance", "datenaissance", "datedenaissance", "ddn", "nele", "neele", "nelee"},
}


def _columns(head: Sequence[str]) -> dict[str, int]:
    """Which column is what; nothing when the first row is no heading."""
    found: dict[str, int] = {}
    for at, cell in enumerate(head):
        word = "".join(plain(cell))
        for kind, names in _HEADS.items():
            if word in names:
                found.setdefault(kind, at)
    return found if {"hour", "name"} <= set(found) or {"day", "name"} <= set(found) else {}


def _by_column(row: Sequence[str], columns: dict[str, int], today: date) -> Expected | None:
    def cell(kind: str) -> str:
        at = columns.get(kind, len(row))
        return row[at] if at < len(row) else ""

    when = f"{cell('day')} {cell('hour')}"
    minute = _minute(when)
    label = clean_label(f"{cell('name')} {cell('given')}")
    born = _dates(cell("born"))
    day = _calendar(_dates(cell("day"))) or today
    if minute is None or not label:
        return None
    return Expected(day, minute, label, born[0] if born else None)


def _by_look(row: Sequence[str], today: date) -> Expected | None:
    """Hour, day and birth date are told by their look; the name is what is left of the first cell that has letters."""
    line = " ".join(row)
    minute = _minute(line)
    dates = _dates(line)
    near = [one for one in dates if one.calendar is not None and abs((one.calendar - today).days) < 400]
    born = [one for one in dates if one not in near]
    labels = [label for cell in row if (label := clean_label(_HOUR.sub(" ", _DATE.sub(" ", cell))))]
    if minute is None or not labels:
        return None
    label = labels[0] if " " in labels[0] or len(labels) == 1 else f"{labels[0]} {labels[1]}"
    return Expected(_calendar(near) or today, minute, clean_label(label), born[0] if born else None)


_HOUR = re.compile(r"(?<![\d:])([01]?\d|2[0-3])\s?[:hH]\s?([0-5]\d)?(?::\d\d)?(?![\d\w])")
_DATE = re.compile(r"(?<!\d)(?:(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})|(\d{4})-(\d\d)-(\d\d))(?!\d)")


def _minute(text: str) -> int | None:
    found = _HOUR.search(_DATE.sub(" ", text).replace("T", " "))
    return int(found[1]) * 60 + int(found[2] or 0) if found else None


def _dates(text: str) -> list[BirthDate]:
    """Every date of a text, as they are written: an impossible one stays so."""
    parts = (match.groups() for match in _DATE.finditer(text))
    return [BirthDate(f"{y or iy}{m or im:0>2}{d or idd:0>2}") for d, m, y, iy, im, idd in parts]


def _calendar(dates: Iterable[BirthDate]) -> date | None:
    return next((one.calendar for one in dates if one.calendar is not None), None)


def birth_date_typed(text: str) -> BirthDate | None:
    """A birth date typed in a field: ``23/05/1979``, ``23051979``; ``None`` when it is not one."""
    digits = re.sub(r"\s", "", text)
    if re.fullmatch(r"\d{8}", digits):
        digits = f"{digits[:2]}/{digits[2:4]}/{digits[4:]}"
    found = _dates(digits)
    return found[0] if len(found) == 1 and found[0].calendar is not None else None


def hour_typed(text: str) -> int | None:
    """An hour typed in a field: ``9h``, ``09:30``, ``930``; minutes since midnight, ``None`` when it is not one."""
    text = text.strip()
    if re.fullmatch(r"\d{3,4}", text):
        text = f"{text[:-2]}:{text[-2:]}"
    elif re.fullmatch(r"\d{1,2}", text):
        text += "h"
    found = _HOUR.fullmatch(text)
    return _minute(text) if found else None
