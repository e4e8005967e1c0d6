"""The day: who is expected, what is known of them, and their copies fetched before they come.

Preparing asks the central store about people who are not there: it is done on a person's request only, for those whom a
line of the list is surely about, and fetches nothing of a dossier that the professional is not authorised to read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.agenda import Agenda
from dmp_desktop.domain.appointments import Appointment, Expected, Likeness, likeness
from dmp_desktop.domain.clock import PARIS, Clock
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.people import PersonFound
from dmp_desktop.errors import Cancelled, DmpError, ServiceUnavailable
from dmp_desktop.services.people import People
from dmp_desktop.sync.errors import AuthorMismatch, NotSignedIn

KEEP_DAYS = 7
"""So long are past appointments kept."""


class Untold(StrEnum):
    """Why the copy of someone expected was not fetched."""

    NOT_NAMED = "not-named"
    """Nobody said yet who the line is about."""
    NO_INS = "no-ins"
    NO_DOSSIER = "no-dossier"
    CLOSED = "closed"
    OPPOSED = "opposed"
    BLOCKED = "blocked"
    NOT_AUTHORISED = "not-authorised"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Copy:
    """What the local copy of a dossier holds for whoever looks.

    :ivar new: documents learned since their last visit and not read; ``at``: when it was last refreshed, aware.
    """

    new: int
    at: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class DayRow:
    """One line of the day.

    :ivar person: who it is; ``candidates``: who it may be, when somebody must say so.
    :ivar copy: for a professional whose clinical copy is open; ``None`` otherwise.
    """

    appointment: Appointment
    likeness: Likeness
    person: PersonFound | None = None
    candidates: tuple[PersonFound, ...] = ()
    copy: Copy | None = None

    def __repr__(self) -> str:
        return f"DayRow({self.appointment.id}, {self.likeness})"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of one line.

    :ivar documents: brought here now; ``untold``: why nothing was fetched, ``None`` when it was.
    :ivar cause: code of the error that stopped it, ``""`` for none.
    """

    appointment: int
    documents: int = 0
    untold: Untold | None = None
    cause: str = ""


class Fetching(Protocol):
    """What preparing asks of the rest of the program. Sync lane."""

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2, kept as the store's last word."""
        ...

    def copy(self, dossier: str, answer: ExistenceAnswer) -> int:
        """Refresh the copy of a dossier and bring what is new of it; give how many documents came."""
        ...


Copies = Callable[[str, Author], Copy | None]


class Day:
    """The day's list and its gestures.

    :param copies: what the clinical copy says of a dossier to a professional; ``None`` while it is shut (desk staff).
    """

    def __init__(self, store: DeskStore, people: People, clock: Clock, copies: Copies | None = None) -> None:
        self._store = store
        self._people = people
        self._clock = clock
        self._copies = copies

    def today(self) -> date:
        """The day in Paris."""
        return self._clock.now().astimezone(PARIS).date()

    # -- the list -----------------------------------------------------------------------------------------------------

    def rows(self, day: date, author: Author) -> tuple[DayRow, ...]:
        """Cache lane. The lines of a day; those that are surely about one person are linked to them, old days go."""
        self.tidy()
        lines = self._store.appointments.of_day(day)
        known = self._people.of((line.dossier for line in lines if line.dossier), author)
        return tuple(self._row(line, known.get(line.dossier), author) for line in lines)

    def _row(self, line: Appointment, person: PersonFound | None, author: Author) -> DayRow:
        candidates: tuple[PersonFound, ...] = ()
        kind = Likeness.KNOWN
        if person is None:
            kind, candidates = likeness(line, self._meant(line, author))
            if kind is Likeness.KNOWN:
                person, candidates = candidates[0], ()
                self._store.appointments.link(line.id, person.dossier)
        copy = self._copies(person.dossier, author) if person is not None and self._copies is not None else None
        return DayRow(line, kind, person, candidates, copy)

    def _meant(self, line: Appointment, author: Author) -> tuple[PersonFound, ...]:
        """Everyone whom the words of a line, or its birth date, may name."""
        found = self._people.find(line.label, author) if line.label.strip() else ()
        if line.birth_date is not None:
            found += self._people.find(line.birth_date.text, author)
        return tuple({person.dossier: person for person in found}.values())

    def add(self, expected: Expected) -> int:
        """Cache lane. One line, typed; give how many are new (none when it was there)."""
        return self._store.appointments.put((expected,))

    def take(self, agenda: Agenda) -> int:
        """Cache lane. The lines of an agenda, all or none; give how many are new or changed. Past days are left out."""
        today = self.today()
        wanted = (one for one in agenda.expected if one.day >= today)
        return self._store.appointments.put(wanted, agenda.cancelled)

    def name(self, appointment: int, dossier: str) -> None:
        """Cache lane. Somebody said who a line is about."""
        self._store.appointments.link(appointment, dossier)

    def remove(self, appointment: int) -> None:
        """Cache lane. Take a line out."""
        self._store.appointments.remove(appointment)

    def tidy(self) -> None:
        """Cache lane. Forget what is older than :data:`KEEP_DAYS`."""
        self._store.appointments.purge(self.today() - timedelta(days=KEEP_DAYS))

    # -- preparing ----------------------------------------------------------------------------------------------------

    def prepare(
        self,
        day: date,
        author: Author,
        fetching: Fetching,
        told: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> tuple[Prepared, ...]:
        """Sync lane. Fetch the copies of the authorised people of a day, on a person's request.

        :param told: how many lines are done, of how many; :param cancelled: asked before each of them.
        :returns: what became of each line, in order. A store that does not answer ends the pass: the lines left say so.
        """
        lines = self._store.appointments.of_day(day)
        numbers = self._store.patients.people.with_ins({line.dossier for line in lines if line.dossier})
        done: list[Prepared] = []
        over = Prepared(0)
        for rank, line in enumerate(lines):
            told(rank, len(lines))
            if over.untold is None and cancelled():
                over = Prepared(0, untold=Untold.STOPPED)
            if over.untold is not None:
                done.append(replace(over, appointment=line.id))
                continue
            one = self._prepare(line, numbers.get(line.dossier), author, fetching)
            done.append(one)
            if one.untold is Untold.STOPPED:
                over = one
        told(len(lines), len(lines))
        return tuple(done)

    def _prepare(self, line: Appointment, ins: Ins | None, author: Author, fetching: Fetching) -> Prepared:
        if not line.dossier:
            return Prepared(line.id, untold=Untold.NOT_NAMED)
        if ins is None:
            return Prepared(line.id, untold=Untold.NO_INS)
        try:
            answer = fetching.existence(ins)
            untold = _refused(answer)
            documents = 0 if untold else fetching.copy(line.dossier, answer)
        except Cancelled:
            return Prepared(line.id, untold=Untold.STOPPED)
        except (ServiceUnavailable, NotSignedIn, AuthorMismatch) as error:
            # The next one would fare no better.
            return Prepared(line.id, untold=Untold.STOPPED, cause=error.code)
        except DmpError as error:
            self._journal(author, line, error.code)
            return Prepared(line.id, untold=Untold.FAILED, cause=error.code)
        self._journal(author, line, untold.value if untold else f"documents: {documents}")
        return Prepared(line.id, documents, untold)

    def _journal(self, author: Author, line: Appointment, reason: str) -> None:
        self._store.journal.append(Act.DAY_PREPARED, author, dossier=line.dossier, reason=reason)


_STATES = {
    DossierState.NONE: Untold.NO_DOSSIER,
    DossierState.CLOSED: Untold.CLOSED,
    DossierState.OPPOSED: Untold.OPPOSED,
    DossierState.BLOCKED: Untold.BLOCKED,
}


def _refused(answer: ExistenceAnswer) -> Untold | None:
    """Why nothing of this dossier may be fetched, or nothing against it."""
    if answer.state in _STATES:
        return _STATES[answer.state]
    return None if answer.authorisation is Authorisation.VALID else Untold.NOT_AUTHORISED
