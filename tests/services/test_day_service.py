"""The day's list: whom its lines are about, and their copies fetched before they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.people_desk import PeopleDesk
from helpers.store_world import BRINDILLE, desk_store, keys

from dmp_desktop.cache.journal import Act
from dmp_desktop.domain.agenda import read_text
from dmp_desktop.domain.appointments import Expected, Likeness
from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.sandbox import people
from dmp_desktop.services.day import KEEP_DAYS, DayRow, Prepared, Untold
from dmp_desktop.sync.errors import MalformedAnswer, StoreTimeout


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PeopleDesk]:
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        yield PeopleDesk(store, clock)


def rows(desk: PeopleDesk) -> tuple[DayRow, ...]:
    """Today's lines."""
    return desk.day.rows(desk.day.today(), BRINDILLE)


def prepare(desk: PeopleDesk, stop_after: int = 99) -> tuple[Prepared, ...]:
    """Prepare today; stopped once so many lines are done."""
    told: list[tuple[int, int]] = []
    done = desk.day.prepare(
        desk.day.today(), BRINDILLE, desk.edges, lambda n, of: told.append((n, of)), lambda: len(told) > stop_after
    )
    assert told == [(n, len(done)) for n in range(len(done) + 1)]
    return done


@pytest.mark.parametrize(
    ("label", "born", "expected", "who"),
    [
        ("LAVANDIN-GENET Odile", "19790523", Likeness.KNOWN, "odile"),
        ("odile lavandin genêt", "19790523", Likeness.KNOWN, "odile"),
        ("CORNICHE Odile", "19790523", Likeness.KNOWN, "odile"),
        ("LAVANDIN Odile", "19790523", Likeness.ASK, "odile"),
        ("LAVANDIN-GENET Odile", "", Likeness.ASK, "odile"),
        ("LAVANDIN-GENET", "19790523", Likeness.ASK, "odile"),
        ("LAVANDIN-GENET Odile Otite", "19790523", Likeness.ASK, "odile"),
        ("LAVANDIN-GENET Odile", "19790524", Likeness.UNKNOWN, ""),
        ("PIVOINE Odile", "19790523", Likeness.UNKNOWN, ""),
        ("Odile", "", Likeness.UNKNOWN, ""),
        ("TOURNESOL Camille", "", Likeness.ASK, "camille-1968 camille-1986"),
        ("TOURNESOL Camille", "19680609", Likeness.KNOWN, "camille-1968"),
    ],
)
def test_a_line_is_somebody_only_by_name_and_birth_date(
    desk: PeopleDesk, label: str, born: str, expected: Likeness, who: str
) -> None:
    """Anything less is asked; another birth date is somebody else; a given name is nobody."""
    desk.know("odile", "camille-1968", "camille-1986", "ernest")
    desk.day.add(Expected(desk.day.today(), 540, label, BirthDate(born) if born else None))
    (row,) = rows(desk)
    meant = {desk.keys[key] for key in who.split()}
    assert row.likeness is expected
    assert {one.dossier for one in row.candidates} | ({row.person.dossier} if row.person else set()) == meant
    if expected is Likeness.KNOWN:
        assert rows(desk)[0].appointment.dossier in meant


def test_whom_somebody_named_stays_named(desk: PeopleDesk) -> None:
    """Until the person is named, and after the same agenda is imported again."""
    desk.know("camille-1968", "camille-1986")
    agenda = read_text("9h TOURNESOL Camille", desk.day.today())
    assert (desk.day.take(agenda), desk.day.take(agenda)) == (1, 0)
    desk.day.name(rows(desk)[0].appointment.id, desk.keys["camille-1986"])
    desk.day.take(agenda)
    (row,) = rows(desk)
    assert row.person is not None
    assert (row.likeness, row.person.dossier) == (Likeness.KNOWN, desk.keys["camille-1986"])
    desk.day.remove(row.appointment.id)
    assert rows(desk) == ()


def test_what_the_agenda_moves_moves_and_what_it_cancels_goes(desk: PeopleDesk) -> None:
    """By its own id: the person named stays named, unless the line is now about somebody else."""
    desk.know("ernest")
    today, put = desk.day.today(), desk.store.appointments.put
    put([Expected(today, 540, "MIRABELLE", uid="1"), Expected(today, 600, "GLYCINE", uid="2")])
    first = rows(desk)[0].appointment.id
    desk.day.name(first, desk.keys["ernest"])
    assert put([Expected(today, 555, "MIRABELLE", uid="1")], ["2"]) == 2
    (row,) = rows(desk)
    assert (row.appointment.hour, row.likeness) == ("09:15", Likeness.KNOWN)
    put([Expected(today, 555, "PIVOINE", uid="1")])
    assert rows(desk)[0].likeness is Likeness.UNKNOWN


def test_past_days_are_forgotten(desk: PeopleDesk, tmp_path: Path) -> None:
    """Yesterday's lines of an agenda are not taken; what is old goes the next time the list is looked at."""
    today = desk.day.today()
    assert desk.day.take(read_text(f"{today - timedelta(days=1):%d/%m/%Y} 9h MIRABELLE Ernest", today)) == 0
    desk.expect((540, "ernest", True))
    desk.clock.forward(days=KEEP_DAYS)
    assert rows(desk) == ()
    assert len(desk.store.appointments.of_day(today)) == 1
    desk.clock.forward(days=1)
    assert rows(desk) == ()
    assert desk.store.appointments.of_day(today) == ()


def test_the_list_survives_the_night_in_the_encrypted_file(tmp_path: Path) -> None:
    """And its names stand nowhere in clear."""
    mine, clock = keys(), HandClock()
    with desk_store(tmp_path, clock, mine) as store:
        PeopleDesk(store, clock).expect((540, "ernest", True))
    assert not any(b"MIRABELLE" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    with desk_store(tmp_path, clock, mine) as store:
        assert rows(PeopleDesk(store, clock))[0].appointment.label == "MIRABELLE ERNEST"


def test_only_the_authorised_are_fetched_and_each_other_says_why(desk: PeopleDesk) -> None:
    """TD0.2 first, nothing asked about whom nobody named; each act is in the journal, under a pseudonym."""
    desk.full_day()
    rows(desk)
    done = prepare(desk)
    assert [one.untold for one in done] == [
        None,
        None,
        Untold.NOT_AUTHORISED,
        Untold.NOT_NAMED,
        Untold.BLOCKED,
        Untold.CLOSED,
        Untold.NOT_NAMED,
        Untold.NO_DOSSIER,
    ]
    assert [one.documents for one in done] == [3, 3, 0, 0, 0, 0, 0, 0]
    assert desk.edges.fetched == [desk.keys["hortense"], desk.keys["firmin"]]
    told = [row for row in desk.store.journal.last(20) if row.act == Act.DAY_PREPARED]
    assert [(row.dossier, row.reason) for row in reversed(told)][:3] == [
        (desk.keys["hortense"], "documents: 3"),
        (desk.keys["firmin"], "documents: 3"),
        (desk.keys["ernest"], "not-authorised"),
    ]
    assert len(told) == 6


@pytest.mark.parametrize(
    ("fault", "after"),
    [
        (StoreTimeout("late"), [None, Untold.STOPPED, Untold.STOPPED]),
        (MalformedAnswer("torn"), [None, Untold.FAILED, Untold.NOT_AUTHORISED]),
        (Cancelled("cut"), [None, Untold.STOPPED, Untold.STOPPED]),
    ],
)
def test_a_store_that_does_not_answer_ends_the_pass(
    desk: PeopleDesk, fault: DmpError, after: list[Untold | None]
) -> None:
    """A bad answer about one person says nothing of the next; a store that is away does."""
    desk.full_day()
    rows(desk)
    desk.edges.answers[people.person("firmin").ins] = fault
    assert [one.untold for one in prepare(desk)][:3] == after


def test_preparing_can_be_stopped(desk: PeopleDesk) -> None:
    """What came stays; the others say that they were not reached."""
    desk.full_day()
    rows(desk)
    done = prepare(desk, stop_after=1)
    assert [one.untold for one in done] == [None, *[Untold.STOPPED] * 7]


def test_the_desk_has_no_clinical_count(tmp_path: Path) -> None:
    """Without a clinical copy no line has one."""
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        staff = PeopleDesk(store, clock, clinical=False)
        staff.full_day()
        assert all(row.copy is None for row in rows(staff))
        assert not staff.expecting.may_prepare
