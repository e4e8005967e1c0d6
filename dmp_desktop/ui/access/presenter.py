"""What the page « Accès » decides: who may read, one's own authorisation, who did what. No widget."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.events import Event
from dmp_desktop.domain.habilitations import AuthorisedProfessional
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.history import AccessRow, Deed, History
from dmp_desktop.services.rights_view import OwnRight, Rights
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane


class Part(StrEnum):
    """What the page shows."""

    RIGHTS = "rights"
    HISTORY = "history"


class Filter(StrEnum):
    """Which lines of the history."""

    ALL = "all"
    READ = "read"
    WRITTEN = "written"
    EMERGENCY = "emergency"


class RightAct(StrEnum):
    """What may be done of one's own authorisation."""

    WITHDRAW = "withdraw"
    BECOME = "become"
    CEASE = "cease"


_WRITTEN = frozenset({Deed.DEPOSITED, Deed.CHANGED, Deed.AUTHORISED, Deed.ADMINISTERED})
_READ = frozenset({Deed.OPENED, Deed.LISTED, Deed.READ})


class AccessPresenter(QObject):
    """The accesses of one record.

    :param print_list: prints these lines for the person (see ``printing/history.py``).
    :param open_web: opens the Web-PS, which alone has the whole history; ``None`` when its domain is not set.
    """

    changed = Signal()
    sent = Signal(object)

    def __init__(
        self,
        rights: Rights,
        history: History,
        lanes: Lanes,
        deliver: Callable[[], None],
        print_list: Callable[[RecordContext, tuple[AccessRow, ...]], None],
        open_web: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._rights, self._history, self._lanes = rights, history, lanes
        self._deliver, self._print, self.open_web = deliver, print_list, open_web
        self.context: RecordContext | None = None
        self.part, self.filter = Part.RIGHTS, Filter.ALL
        self.people: tuple[AuthorisedProfessional, ...] | None = None
        self.own: OwnRight | None = None
        self.fault: DmpError | None = None
        self.busy = False
        self._rows: dict[str, tuple[AccessRow, ...]] = {}
        self._stay = 0

    def start(self, context: RecordContext) -> None:
        """Open the page on a record."""
        self.forget()
        self.context = context
        self.refresh()

    def forget(self) -> None:
        """The record is closed, the window locked: nothing remains."""
        self._stay += 1
        self.context, self.people, self.own, self.fault, self.busy = None, None, None, None, False
        self._rows = {}
        self.changed.emit()

    def show_part(self, part: Part) -> None:
        """Who may read, or who did."""
        self.part = part
        self.changed.emit()

    def filter_by(self, chosen: Filter) -> None:
        """Some lines of the history."""
        self.filter = chosen
        self.changed.emit()

    @property
    def rows(self) -> tuple[AccessRow, ...]:
        """The history, filtered, latest first."""
        every = sorted((row for rows in self._rows.values() for row in rows), key=lambda row: row.at, reverse=True)
        return tuple(row for row in every if self._kept(row))

    def _kept(self, row: AccessRow) -> bool:
        if self.filter is Filter.READ:
            return row.deed in _READ
        if self.filter is Filter.WRITTEN:
            return row.deed in _WRITTEN
        return self.filter is not Filter.EMERGENCY or row.emergency

    @property
    def has_remote(self) -> bool:
        """Whether the store tells its own history."""
        return self._history.has_remote

    def refresh(self) -> None:
        """F5: ask again."""
        context = self.context
        if context is None:
            return
        self._stay += 1
        stay, self.busy, self.fault = self._stay, True, None

        def told(people: tuple[AuthorisedProfessional, ...]) -> None:
            if stay == self._stay:
                self.people, self.busy = people, False
                self.changed.emit()

        def own(right: OwnRight) -> None:
            if stay == self._stay:
                self.own = right
                self.changed.emit()

        def rows(source: str) -> Callable[[tuple[AccessRow, ...]], None]:
            def keep(found: tuple[AccessRow, ...]) -> None:
                if stay == self._stay:
                    self._rows[source] = found
                    self.changed.emit()

            return keep

        def failed(error: DmpError) -> None:
            if stay == self._stay:
                self.busy, self.fault = False, None if isinstance(error, Cancelled) else error
                self.changed.emit()

        run = self._lanes.run
        run(Lane.CACHE, lambda: self._rights.own(context), own, failed)
        run(Lane.CACHE, lambda: self._history.here(context), rows("post"), failed)
        run(Lane.SYNC, lambda: self._rights.professionals(context), told, failed)
        if self._history.has_remote:
            run(Lane.SYNC, lambda: self._history.remote(context), rows("store"), failed)
        self.changed.emit()

    def act(self, act: RightAct, reason: str) -> None:
        """Give up or take on a right, with its reason."""
        context = self.context
        if context is None or self.busy:
            return
        verbs = {
            RightAct.WITHDRAW: self._rights.withdraw,
            RightAct.BECOME: self._rights.become_treating,
            RightAct.CEASE: self._rights.cease_treating,
        }
        stay = self._stay

        def done(event: Event) -> None:
            self.sent.emit(event)
            self._deliver()
            if stay == self._stay:
                self.refresh()

        def failed(error: DmpError) -> None:
            if stay == self._stay:
                self.fault = error
                self.changed.emit()

        self._lanes.run(Lane.CACHE, lambda: verbs[act](context, reason), done, failed)

    def tell_fault(self, error: DmpError) -> None:
        """Something asked from this page failed elsewhere: the printer, the disk."""
        self.fault = None if isinstance(error, Cancelled) else error
        self.changed.emit()

    def print_list(self) -> None:
        """F8: the lines shown, for the person."""
        context = self.context
        if context is not None:
            self._print(context, self.rows)
            self._lanes.run(
                Lane.CACHE, lambda: self._history.note_printed(context), lambda _none: None, self.tell_fault
            )
