"""What « Journée » decides: the lines of the day, who they are about, and preparing them. No widget in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Event as Flag
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.agenda import MAX_BYTES, Agenda, AgendaUnreadable, read_file, read_text
from dmp_desktop.domain.appointments import Expected, Likeness
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.errors import Cancelled, DmpError, FlowError
from dmp_desktop.services.day import DayRow, Fetching, Prepared
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.people.card_finder import CardFinder
from dmp_desktop.ui.tasks import Lane

T = TypeVar("T")


class DayPort(Protocol):
    """The service of the day."""

    def today(self) -> date:
        """The day in Paris."""
        ...

    def rows(self, day: date, author: Author) -> tuple[DayRow, ...]:
        """Cache lane. The lines of a day."""
        ...

    def add(self, expected: Expected) -> int:
        """Cache lane. One line, typed."""
        ...

    def take(self, agenda: Agenda) -> int:
        """Cache lane. The lines of an agenda."""
        ...

    def name(self, appointment: int, dossier: str) -> None:
        """Cache lane. Who a line is about."""
        ...

    def remove(self, appointment: int) -> None:
        """Cache lane. Take a line out."""
        ...

    def prepare(
        self,
        day: date,
        author: Author,
        fetching: Fetching,
        told: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> tuple[Prepared, ...]:
        """Sync lane. Fetch the copies of the authorised people of a day."""
        ...


class DayPresenter(QObject):
    """The lines of today and the gestures on them.

    :ivar chosen: id of the line looked at, 0 for none; ``naming``: somebody is being asked who it is about.
    :ivar taken: what the last import brought and left out, ``None`` when there was none; ``done``: what the last
        preparation made of each line.
    :ivar progress: lines prepared, of how many; ``None`` while nothing is being prepared.
    """

    changed = Signal()
    person_chosen = Signal(str)
    _told = Signal(int, int)

    def __init__(
        self,
        day: DayPort,
        lanes: Lanes,
        author: Callable[[], Author],
        card: CardFinder,
        fetching: Callable[[], Fetching | None],
    ) -> None:
        super().__init__()
        self._day, self._lanes, self._author, self._fetching = day, lanes, author, fetching
        self.card = card
        self._turn = 0
        self._stop = Flag()
        self._clear()
        self._told.connect(self._tell_progress)
        card.changed.connect(self.changed)
        card.found.connect(self.person_chosen)

    def _clear(self) -> None:
        self.rows: tuple[DayRow, ...] = ()
        self.chosen = 0
        self.naming = False
        self.taken: tuple[int, int] | None = None
        self.done: tuple[Prepared, ...] = ()
        self.progress: tuple[int, int] | None = None
        self.fault: DmpError | None = None

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def day(self) -> date:
        """Today."""
        return self._day.today()

    @property
    def row(self) -> DayRow | None:
        """The line looked at."""
        return next((row for row in self.rows if row.appointment.id == self.chosen), None)

    @property
    def may_prepare(self) -> bool:
        """Whether there is somebody to prepare, and a clinical copy to prepare them in."""
        return self.progress is None and self._fetching() is not None and any(row.person for row in self.rows)

    @property
    def is_clinical(self) -> bool:
        """Whether whoever is signed in has a clinical copy."""
        return self._fetching() is not None

    def refresh(self) -> None:
        """Read the day again."""
        try:
            author = self._author()
        except FlowError:
            self.forget()
            return
        day = self.day
        self._run(Lane.CACHE, lambda: self._day.rows(day, author), self._read)

    def forget(self) -> None:
        """The session is locked: nobody remains on the screen, and nothing more is fetched."""
        self._turn += 1
        self._stop.set()
        self._clear()
        self.card.stop()
        self.changed.emit()

    # -- gestures -----------------------------------------------------------------------------------------------------

    def choose(self, appointment: int) -> None:
        """Look at one line."""
        if appointment != self.chosen:
            self.chosen, self.naming = appointment, False
            self.changed.emit()

    def open(self) -> None:
        """Go to the person of the line looked at; ask who it is when that is not sure."""
        row = self.row
        if row is None:
            return
        if row.person is not None:
            self.person_chosen.emit(row.person.dossier)
        elif row.likeness is Likeness.ASK:
            self.naming = True
            self.changed.emit()

    def name(self, rank: int) -> None:
        """The line looked at is about that one of its candidates, from 1; 0: about none of them."""
        row, self.naming = self.row, False
        if row is None or not 0 < rank <= len(row.candidates):
            self.changed.emit()
            return
        appointment, dossier = row.appointment.id, row.candidates[rank - 1].dossier
        self._then_read(lambda: self._day.name(appointment, dossier))

    def add(self, minute: int, label: str, born: BirthDate | None) -> None:
        """One line more, today."""
        one = Expected(self.day, minute, label, born)
        self._then_read(lambda: self._day.add(one))

    def remove(self) -> None:
        """Take the line looked at out."""
        row = self.row
        if row is not None:
            appointment = row.appointment.id
            self._then_read(lambda: self._day.remove(appointment))

    def paste(self, text: str) -> None:
        """The lines of a text."""
        today = self.day
        self._take(lambda: read_text(text, today))

    def take_file(self, path: Path) -> None:
        """The lines of an agenda file (.ics, .csv); it is read where it stands, nothing of it is copied."""
        today = self.day

        def read() -> Agenda:
            try:
                with path.open("rb") as file:
                    data = file.read(MAX_BYTES + 1)
            except OSError:
                raise AgendaUnreadable("agenda file not readable") from None
            return read_file(data, today)

        self._take(read)

    # -- preparing ----------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """« Préparer ma journée »: fetch the copies of the authorised people of the list."""
        fetching = self._fetching()
        if fetching is None or not self.may_prepare:
            return
        day, author, told = self.day, self._author(), self._told.emit
        self._stop = stop = Flag()
        self.progress, self.done, self.taken, self.fault = (0, len(self.rows)), (), None, None
        self.changed.emit()
        self._run(Lane.SYNC, lambda: self._day.prepare(day, author, fetching, told, stop.is_set), self._prepared)

    def cancel(self) -> None:
        """Stop preparing after the person being fetched; what came stays."""
        self._stop.set()

    def _tell_progress(self, done: int, of: int) -> None:
        if self.progress is not None:
            self.progress = (done, of)
            self.changed.emit()

    def _prepared(self, done: tuple[Prepared, ...]) -> None:
        self.progress, self.done = None, done
        self.refresh()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _take(self, read: Callable[[], Agenda]) -> None:
        def work() -> tuple[int, int]:
            agenda = read()
            return self._day.take(agenda), agenda.skipped

        def done(taken: tuple[int, int]) -> None:
            self.taken = taken
            self.refresh()

        self.taken = None
        self._run(Lane.CACHE, work, done)

    def _then_read(self, work: Callable[[], object]) -> None:
        self._run(Lane.CACHE, work, lambda _none: self.refresh())

    def _read(self, rows: tuple[DayRow, ...]) -> None:
        self.rows = rows
        if self.row is None:
            self.chosen, self.naming = (rows[0].appointment.id if rows else 0), False
        self.changed.emit()

    def _run(self, lane: Lane, work: Callable[[], T], done: Callable[[T], None]) -> None:
        turn, self.fault = self._turn, None

        def told(result: T) -> None:
            if turn == self._turn:
                done(result)

        def failed(error: DmpError) -> None:
            if turn == self._turn:
                self.progress = None
                self.fault = None if isinstance(error, Cancelled) else error
                self.changed.emit()

        self._lanes.run(lane, work, told, failed)
