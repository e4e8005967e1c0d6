"""The engine: takes what is due out of the outbox, sends it under its author's credential, writes down what came of it.

One pass at a time; one dossier's events in order; one bad event never blocks another dossier. No transaction is held
over a call: a crash between two lines leaves an event ``sending``, and the store is asked before it is sent again.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field

from dmp_desktop.cache.event_rows import EventMoved
from dmp_desktop.cache.outbox import Outbox
from dmp_desktop.cache.patients import Patients
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.event_kinds import BadEvent
from dmp_desktop.domain.events import Author, Opening
from dmp_desktop.errors import FlowError
from dmp_desktop.sync.delivery import Delivery
from dmp_desktop.sync.delivery_common import GatewayPort
from dmp_desktop.sync.delivery_deposit import DraftsOf
from dmp_desktop.sync.policy import Decision, Verdict

_TROUBLES_BEFORE_STOP = 2
"""A store that did not answer about two events in a row is left alone until the next pass."""


class PassRunning(FlowError):
    """A pass is already under way; it will see what is new."""

    code = "pass-running"


@dataclass(frozen=True, slots=True)
class PassReport:
    """What a pass did: ids of events by what became of them.

    :ivar stopped_by: code of what ended the pass early, ``""`` when it went to its end.
    """

    by_verdict: dict[Verdict, tuple[str, ...]] = field(default_factory=dict)
    stopped_by: str = ""

    def of(self, verdict: Verdict) -> tuple[str, ...]:
        """Ids of the events that met this verdict."""
        return self.by_verdict.get(verdict, ())

    @property
    def changed(self) -> frozenset[str]:
        """Ids of every event that moved: what the screen must read again."""
        return frozenset(event for ids in self.by_verdict.values() for event in ids)


class Engine:
    """Delivers the outbox. Run it from the sync lane.

    :param drafts: where the draft of a deposit is; gives ``None`` while that copy is closed: the deposit waits.
    """

    def __init__(
        self,
        outbox: Outbox,
        patients: Patients,
        gateway: GatewayPort,
        clock: Clock,
        drafts: DraftsOf = lambda _deposit: None,
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._delivery = Delivery(outbox, patients, gateway, clock, drafts)
        self._pass = threading.Lock()

    def run(self, author: Author, only: str | None = None) -> PassReport:
        """One pass over what is due for whoever is signed in.

        :param author: the person whose card is open, in the situation they chose.
        :param only: id of an event: it and what depends on it, nothing else.
        :raises PassRunning: another pass is under way.
        :raises StorageError: the store here failed; what was written before stands.
        """
        if not self._pass.acquire(blocking=False):
            raise PassRunning("a pass is running")
        try:
            return self._run(author, only)
        finally:
            self._pass.release()

    def _run(self, author: Author, only: str | None) -> PassReport:
        done: dict[Verdict, list[str]] = defaultdict(list)
        seen: set[str] = set()
        troubles, stopped_by = 0, ""
        self._delivery.sweep(author)
        while event_id := self._next(author, only, seen):
            seen.add(event_id)
            decision = self._deliver(event_id)
            if decision is None:
                continue
            done[decision.verdict].append(event_id)
            troubles = troubles + 1 if decision.unavailable else 0
            if decision.stop_pass or troubles >= _TROUBLES_BEFORE_STOP:
                stopped_by = decision.cause
                break
        return PassReport({verdict: tuple(ids) for verdict, ids in done.items()}, stopped_by)

    def _next(self, author: Author, only: str | None, seen: set[str]) -> str | None:
        for event_id in self._outbox.due(self._clock.now(), author):
            if event_id not in seen and (only is None or event_id == only or self._depends(event_id, only)):
                return event_id
        return None

    def _depends(self, event_id: str, other: str) -> bool:
        try:
            payload = self._outbox.get(event_id).payload
        except BadEvent:
            return False
        return not isinstance(payload, Opening) and payload.after == other

    def _deliver(self, event_id: str) -> Decision | None:
        """Send one event and write down what came of it; ``None`` when nothing changed, or somebody else moved it."""
        try:
            event = self._outbox.get(event_id)
        except BadEvent as error:
            self._outbox.stick(event_id, error.code)
            return Decision(Verdict.STUCK, error.code)
        try:
            return self._delivery.deliver(event)
        except EventMoved:
            return None
