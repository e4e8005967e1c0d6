"""What the list of waiting acts decides: its rows, and the one gesture of each. No widget in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.acts import ContactChange
from dmp_desktop.domain.dossier import Contact
from dmp_desktop.domain.events import Author, Event, EventState
from dmp_desktop.domain.identity import ProofDocument
from dmp_desktop.errors import Cancelled, DmpError, FlowError
from dmp_desktop.services.attention import NextStep, Reopened, Turn, Waiting
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane


class AttentionPort(Protocol):
    """The service behind the list."""

    def rows(self, author: Author, today: datetime) -> tuple[Waiting, ...]:
        """Cache lane. What is unfinished or refused, then what was confirmed today."""
        ...

    def retry(self, event_id: str, author: Author) -> None:
        """Cache lane. Let it leave at the next pass."""
        ...

    def hold(self, event_id: str, author: Author) -> None:
        """Cache lane. Keep it back until its author lets it go."""
        ...

    def decide(self, event_id: str, author: Author, proof: ProofDocument) -> None:
        """Cache lane. Go on with INSi's identity, on the document shown."""
        ...

    def choose(self, event_id: str, author: Author, *, ours: bool) -> None:
        """Cache lane. Send ours or leave the store's, both seen."""
        ...

    def reopen(self, event_id: str, author: Author) -> Reopened:
        """Cache lane. Take a deposit back, to mend its document."""
        ...

    def change_contact(self, event_id: str, author: Author, wanted: Contact) -> None:
        """Cache lane. Another value for a change of contact that never left."""
        ...

    def give_up(self, event_id: str, author: Author, reason: str) -> None:
        """Cache lane. Abandon an act, with its reason."""
        ...

    def acknowledge(self, event_id: str) -> None:
        """Cache lane. Take note of a refusal."""
        ...


class WaitingPresenter(QObject):
    """The rows, filtered, and the gestures on the chosen one.

    :ivar mine: only the acts of whoever is signed in.
    :ivar chosen: id of the row looked at, ``""`` for none.
    :ivar draft_asked: a document is to be mended: :class:`~dmp_desktop.services.attention.Reopened`.
    """

    changed = Signal()
    draft_asked = Signal(object)

    def __init__(
        self,
        attention: AttentionPort,
        lanes: Lanes,
        author: Callable[[], Author],
        today: Callable[[], datetime],
        deliver: Callable[[], None],
        print_papers: Callable[[Event], None],
    ) -> None:
        super().__init__()
        self._attention, self._lanes = attention, lanes
        self._author, self._today = author, today
        self._deliver, self._print = deliver, print_papers
        self._all: tuple[Waiting, ...] = ()
        self.mine = False
        self.chosen = ""
        self.fault: DmpError | None = None
        self._stay = 0

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> tuple[Waiting, ...]:
        """The rows, by whose turn it is."""
        order = {Turn.PERSON: 0, Turn.PROGRAM: 1, Turn.NOBODY: 2}
        shown = [row for row in self._all if not (self.mine and row.other_author)]
        return tuple(sorted(shown, key=lambda row: order[row.turn]))

    @property
    def row(self) -> Waiting | None:
        """The row looked at."""
        return next((row for row in self.rows if row.event.id == self.chosen), None)

    def refresh(self) -> None:
        """Read the rows again."""
        try:
            author, today = self._author(), self._today()
        except FlowError:
            self.forget()
            return
        stay = self._stay

        def read(rows: tuple[Waiting, ...]) -> None:
            # Asked before the lock, answered after: nobody sees it.
            if stay == self._stay:
                self._read(rows)

        self._lanes.run(Lane.CACHE, lambda: self._attention.rows(author, today), read, self.failed)

    def forget(self) -> None:
        """The session is locked: nothing remains on the screen."""
        self._stay += 1
        self._all, self.chosen, self.fault = (), "", None
        self.changed.emit()

    def choose(self, event_id: str) -> None:
        """Look at one row."""
        if event_id != self.chosen:
            self.chosen = event_id
            self.changed.emit()

    def show_mine(self, mine: bool) -> None:
        """Everything, or only one's own."""
        self.mine = mine
        self.changed.emit()

    # -- gestures -----------------------------------------------------------------------------------------------------

    def do_next(self) -> None:
        """The one next step of the row looked at; a decision and a reason are asked by the screen first."""
        row = self.row
        if row is None:
            return
        event = row.event
        if row.step in {NextStep.RETRY, NextStep.RELEASE}:
            self._then_deliver(lambda author: self._attention.retry(event.id, author))
        elif row.step is NextStep.ACKNOWLEDGE:
            self._run(lambda _author: self._attention.acknowledge(event.id), self.refresh)
        elif row.step is NextStep.PRINT:
            self._print(event)

    def decide(self, proof: ProofDocument) -> None:
        """Go on with INSi's identity on the document shown."""
        row = self.row
        if row is not None and row.step is NextStep.DECIDE:
            event_id = row.event.id
            self._then_deliver(lambda author: self._attention.decide(event_id, author, proof))

    def choose_version(self, ours: bool) -> None:
        """Send ours or leave the store's, for the row looked at."""
        row = self.row
        if row is not None and row.step is NextStep.CHOOSE:
            event_id = row.event.id
            self._then_deliver(lambda author: self._attention.choose(event_id, author, ours=ours))

    def hold_or_release(self) -> None:
        """Keep the row looked at back, or let it go."""
        row = self.row
        if row is not None and row.may_hold:
            event_id = row.event.id
            self._run(lambda author: self._attention.hold(event_id, author), self.refresh)
        elif row is not None and row.step is NextStep.RELEASE:
            self.do_next()

    def reopen(self) -> None:
        """Take the document of the row looked at back, to mend it."""
        row = self.row
        if row is None or not row.may_mend or isinstance(row.event.payload, ContactChange):
            return
        author, event_id = self._author(), row.event.id
        self.fault = None

        def done(reopened: Reopened) -> None:
            self.refresh()
            self.draft_asked.emit(reopened)

        self._lanes.run(Lane.CACHE, lambda: self._attention.reopen(event_id, author), done, self.failed)

    def change_contact(self, wanted: Contact) -> None:
        """Another value for the row looked at."""
        row = self.row
        if row is not None and row.may_mend:
            event_id = row.event.id
            self._then_deliver(lambda author: self._attention.change_contact(event_id, author, wanted))

    def give_up(self, reason: str) -> None:
        """Abandon the row looked at."""
        row = self.row
        if row is not None and self.may_give_up(row):
            event_id = row.event.id
            self._run(lambda author: self._attention.give_up(event_id, author, reason), self.refresh)

    @staticmethod
    def may_give_up(row: Waiting) -> bool:
        """Whether it is neither leaving at this moment nor ended."""
        return row.event.state in {EventState.WAITING, EventState.HELD, EventState.STUCK}

    def retry_all(self) -> None:
        """F5: everything that waits for nobody leaves now."""
        ids = [row.event.id for row in self.rows if row.step is NextStep.RETRY]

        def retry(author: Author) -> None:
            for event_id in ids:
                self._attention.retry(event_id, author)

        self._then_deliver(retry)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _then_deliver(self, act: Callable[[Author], None]) -> None:
        def go() -> None:
            self._deliver()
            self.refresh()

        self._run(act, go)

    def _run(self, act: Callable[[Author], None], then: Callable[[], None]) -> None:
        author = self._author()
        self.fault = None
        self._lanes.run(Lane.CACHE, lambda: act(author), lambda _none: then(), self.failed)

    def _read(self, rows: tuple[Waiting, ...]) -> None:
        self._all = rows
        if self.row is None:
            self.chosen = self.rows[0].event.id if self.rows else ""
        self.changed.emit()

    def failed(self, error: DmpError) -> None:
        """Say what went wrong above the rows."""
        self.fault = None if isinstance(error, Cancelled) else error
        self.changed.emit()
