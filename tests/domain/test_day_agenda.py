"""Agendas pasted, from a spreadsheet, from a calendar file."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.domain.agenda import (
    MAX_BYTES,
    MAX_LINES,
    AgendaTooLarge,
    AgendaUnreadable,
    birth_date_typed,
    hour_typed,
    read_file,
    read_text,
)
from dmp_desktop.domain.appointments import Expected
from dmp_desktop.domain.identity import BirthDate

TODAY = date(2026, 4, 14)
ODILE = Expected(TODAY, 570, "LAVANDIN-GENÊT Odile", BirthDate("19790523"))


@pytest.mark.parametrize(
    "line",
    [
        "09:30 LAVANDIN-GENÊT Odile 23/05/1979",
        "9h30  LAVANDIN-GENÊT Odile (née le 23/05/1979)",
        "9h30\tLAVANDIN-GENÊT Odile\t23/05/1979",
        "9:30;LAVANDIN-GENÊT;Odile;23/05/1979;Renouvellement",
        "14/04/2026 09:30:00, Mme LAVANDIN-GENÊT Odile, 23.05.1979, consultation",
        "LAVANDIN-GENÊT Odile - 23/05/1979 - 09h30",
        "Mme LAVANDIN-GENÊT Odile, 1979-05-23, 9h30, 06 00 00 00 00",
        "Heure;Nom;Prénom;Date de naissance;Motif\n09:30;LAVANDIN-GENÊT;Odile;23/05/1979;Otite",
        "Motif,Patient,Né(e) le,Date,Début\nOtite,LAVANDIN-GENÊT Odile,23/05/1979,14/04/2026,09:30",
        '"Date";"Heure RDV";"Nom";"Prénom";"DDN"\n"14/04/2026";"9h30";"Mme LAVANDIN-GENÊT";"Odile";"23/05/1979"',
    ],
)
def test_a_line_is_read_as_it_is_written(line: str) -> None:
    """Pasted, tab-separated, from a spreadsheet with or without its headings: hour, name, birth date."""
    assert read_text(line, TODAY).expected == (ODILE,)


def test_lines_that_are_no_appointment_are_counted() -> None:
    """No hour, no name: left out, never guessed."""
    read = read_text("Journée du 14\n09:30 MIRABELLE Ernest\nMIRABELLE Ernest\n10:00\n\n14:15 GLYCINE", TODAY)
    assert [(one.label, one.minute) for one in read.expected] == [("MIRABELLE Ernest", 570), ("GLYCINE", 855)]
    assert read.skipped == 3


def test_an_impossible_birth_date_stays_as_it_is_written() -> None:
    """Month 19 is on some cards."""
    assert read_text("9h HORTENSIA Maxence 00/19/1990", TODAY).expected[0].birth_date == BirthDate("19901900")


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1@agenda
DTSTART;TZID=Europe/Paris:20260414T093000
SUMMARY:Mme LAVANDIN-GENÊT Odi
 le (23/05/1979)
BEGIN:VALARM
SUMMARY:Rappel
TRIGGER:-PT10M
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:2@agenda
DTSTART:20260414T080000Z
SUMMARY:MIRABELLE\\, Ernest\\nContrôle
END:VEVENT
BEGIN:VEVENT
UID:3@agenda
STATUS:CANCELLED
DTSTART:20260414T110000
SUMMARY:GLYCINE Apolline
END:VEVENT
BEGIN:VEVENT
UID:4@agenda
DTSTART;VALUE=DATE:20260414
SUMMARY:Congés
END:VEVENT
BEGIN:VEVENT
UID:5@agenda
RRULE:FREQ=WEEKLY
DTSTART:20260414T150000
SUMMARY:HORTENSIA Maxence
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_calendar_file_is_read(ends: str, code: str) -> None:
    """Folded lines, zones, escapes, alarms, cancelled ones; whole days and repeated ones are counted."""
    read = read_file(CALENDAR.replace("\n", ends).encode(code), TODAY)
    odile, ernest = read.expected
    assert odile == Expected(TODAY, 570, "LAVANDIN-GENÊT Odile", BirthDate("19790523"), "1@agenda")
    assert (ernest.minute, ernest.label, ernest.uid) == (600, "MIRABELLE, Ernest", "2@agenda")
    assert (read.cancelled, read.skipped) == (frozenset({"3@agenda"}), 2)


def test_too_much_or_nothing_takes_nothing() -> None:
    """Each said by its own error."""
    with pytest.raises(AgendaTooLarge):
        read_file(b"a" * (MAX_BYTES + 1), TODAY)
    with pytest.raises(AgendaTooLarge):
        read_text("09:30 X\n" * (MAX_LINES + 1), TODAY)
    for nothing in ("", "bonjour", "\x89PNG\r\n\x1a\n", "BEGIN:VCALENDAR\nEND:VCALENDAR"):
        with pytest.raises(AgendaUnreadable):
            read_text(nothing, TODAY)


def test_hours_and_birth_dates_as_they_are_typed() -> None:
    """In the fields of « Ajouter »."""
    assert [hour_typed(t) for t in ("9h", "09:30", "930", "1730", "9", "24h", "9h75", "")] == [
        540, 570, 570, 1050, 540, None, None, None,
    ]  # fmt: skip
    assert birth_date_typed("23/5/1979") == birth_date_typed("23051979") == BirthDate("19790523")
    assert [birth_date_typed(t) for t in ("", "23/05/79", "31/02/1979")] == [None, None, None]


LINE = st.text(st.sampled_from("09:3h/-.;,\t \"'MÉabc\n\r\\@1979"), max_size=120)


@settings(max_examples=200)
@given(st.text(max_size=200) | LINE)
def test_no_text_surprises_the_reader(text: str) -> None:
    """Appointments in their bounds, or a typed refusal; never anything else."""
    try:
        read = read_text(text, TODAY)
    except AgendaUnreadable:
        return
    for one in read.expected:
        assert 0 <= one.minute < 1440
        assert one.label.strip()
        assert len(one.label) <= 80


PIECE = st.sampled_from(
    ["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM", "DTSTART:20260414T093000", "DTSTART:99999999T999999Z",
     "DTSTART;TZID=Nowhere/At All:20260414T093000", 'DTSTART;TZID="../../etc":00000000T000000', "SUMMARY:\\", "UID:x",
     "SUMMARY:X 99/99/9999", " folded", "STATUS:CANCELLED", "RRULE:FREQ=DAILY", ":", ";;", '"']
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(PIECE | st.text(max_size=20), max_size=30))
def test_no_calendar_surprises_the_reader(lines: list[str]) -> None:
    """Whatever the file holds after its first line."""
    try:
        read_text("\n".join(["BEGIN:VCALENDAR", *lines]), TODAY)
    except AgendaUnreadable:
        return
