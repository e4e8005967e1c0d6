"""What the way into a record decides: what is asked, when, and what opens it. No widget in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.dossier import ExistenceAnswer
from dmp_desktop.domain.events import Author, Event
from dmp_desktop.domain.identity import Identity
from dmp_desktop.domain.professional import Professional
from dmp_desktop.errors import Cancelled, DmpError, UserError
from dmp_desktop.services.gate import AccessGate, GateReason, GateState
from dmp_desktop.ui.opening.port import Lanes, Running
from dmp_desktop.ui.record.document import Stay
from dmp_desktop.ui.tasks import Lane


class EntrancePort(Protocol):
    """See :class:`dmp_desktop.services.entrance.Entrance`."""

    def gate(self, identity: Identity, professional: Professional, author: Author) -> AccessGate:
        """Cache lane."""
        ...

    def ask(self, gate: AccessGate) -> ExistenceAnswer:
        """Sync lane."""
        ...

    def keep(self, gate: AccessGate) -> Event:
        """Cache lane."""
        ...

    def deliver(self, event_id: str, author: Author) -> Event:
        """Sync lane."""
        ...


class GatePresenter(QObject):
    """The way into one record after another."""

    changed = Signal()
    opened = Signal(object)
    """The record that may now be opened (:class:`dmp_desktop.domain.record.RecordContext`)."""
    emergency_asked = Signal(object)
    """Bris de glace is asked for, from this gate."""
    opening_asked = Signal(object)
    """There is no dossier, or a closed one: open or reactivate it, for this identity."""
    left = Signal()

    def __init__(self, entrance: EntrancePort, lanes: Lanes, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._entrance, self.now = entrance, now
        self._work = Stay(lanes)
        self._asking: Running | None = None
        self.gate: AccessGate | None = None
        self.busy = ""
        self.fault: DmpError | None = None
        self.reason: GateReason | None = None
        self.agreed = self.treating = False
        self.secret: bool | None = None

    # -- the way in ---------------------------------------------------------------------------------------------------

    def begin(self, identity: Identity, professional: Professional, author: Author) -> None:
        """Somebody's record is asked for."""
        self.forget()

        def known(gate: AccessGate) -> None:
            self.gate = gate
            gate.start()
            self._go_on()

        self._work.run(Lane.CACHE, lambda: self._entrance.gate(identity, professional, author), known, self._failed)

    def forget(self) -> None:
        """Locked, left, or another person: nothing of this one remains."""
        self._work.end()
        self.gate, self.busy, self.fault, self._asking = None, "", None, None
        self.reason, self.agreed, self.treating, self.secret = None, False, False, None
        self.changed.emit()

    def leave(self) -> None:
        """Escape: back, without a gesture; a question under way is given up."""
        if self._asking is not None:
            self._asking.cancel()
        self.forget()
        self.left.emit()

    def retry(self) -> None:
        """F5: ask the store again, or send the authorisation again."""
        gate = self.gate
        if gate is None or self.busy:
            return
        if gate.state is GateState.AWAITING and gate.event is not None:
            self._deliver(gate, gate.event.id)
        elif gate.state not in (GateState.OPEN, GateState.CHOOSING, GateState.GESTURE, GateState.FORBIDDEN):
            gate.ask_again()
            self._go_on()

    # -- what the person chooses --------------------------------------------------------------------------------------

    def choose_secret(self, secret: bool) -> None:
        """Ordinary or secret, not yet acted upon."""
        self.secret = secret
        self.changed.emit()

    def connect_as_chosen(self) -> None:
        """Go on with the connection chosen."""
        if self.gate is not None and self.secret is not None and self.gate.state is GateState.CHOOSING:
            self.gate.choose_connection(self.secret)
            self._go_on()

    def say(
        self, *, reason: GateReason | None = None, agreed: bool | None = None, treating: bool | None = None
    ) -> None:
        """One answer of the gesture."""
        self.reason = reason if reason is not None else self.reason
        self.agreed = agreed if agreed is not None else self.agreed
        self.treating = treating if treating is not None else self.treating
        self.changed.emit()

    @property
    def missing(self) -> str:
        """Code of what the gesture lacks, ``""`` when it may be made."""
        return "gate-reason" if self.reason is None else "gate-agreement" if not self.agreed else ""

    def authorise(self) -> None:
        """Ctrl+Entrée: the gesture."""
        gate = self.gate
        if gate is None or gate.state is not GateState.GESTURE:
            return
        self.fault = None
        try:
            gate.authorise(self.reason, self.agreed, self.treating)
        except UserError as error:
            self._failed(error)
            return
        self._say("L’autorisation part au DMP")

        def kept(event: Event) -> None:
            self._deliver(gate, event.id)

        def not_kept(error: DmpError) -> None:
            gate.not_kept(error)
            self._failed(error)

        self._work.run(Lane.CACHE, lambda: self._entrance.keep(gate), kept, not_kept)

    def ask_emergency(self) -> None:
        """F12, where the matrix allows it."""
        if self.gate is not None and self.gate.offers_emergency:
            self.emergency_asked.emit(self.gate)

    def ask_opening(self) -> None:
        """F2, where there is no dossier or a closed one."""
        if self.gate is not None and self.gate.state in (GateState.NO_DOSSIER, GateState.CLOSED):
            self.opening_asked.emit(self.gate.identity)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        gate = self.gate
        if gate is None:
            return
        if gate.state is GateState.OPEN:
            context = gate.context()
            self.forget()
            self.opened.emit(context)
            return
        if gate.state is GateState.ASKING:
            self.fault = None
            self._say("Le DMP est interrogé")

            def told(answer: ExistenceAnswer) -> None:
                self._say("")
                gate.answered(answer)
                self._go_on()

            def untold(error: DmpError) -> None:
                self._say("")
                gate.unanswered(error)
                self._failed(error)

            self._asking = self._work.run(Lane.SYNC, lambda: self._entrance.ask(gate), told, untold)
        self.changed.emit()

    def _deliver(self, gate: AccessGate, event_id: str) -> None:
        self._say("L’autorisation part au DMP")

        def sent(event: Event) -> None:
            self._say("")
            gate.delivered(event, self.now())
            self._go_on()

        self._asking = self._work.run(
            Lane.SYNC, lambda: self._entrance.deliver(event_id, gate.author), sent, self._failed
        )

    def _say(self, words: str) -> None:
        self.busy = words
        self._asking = None
        self.changed.emit()

    def _failed(self, error: DmpError) -> None:
        self.busy = ""
        self.fault = None if isinstance(error, Cancelled) else error
        self.changed.emit()
