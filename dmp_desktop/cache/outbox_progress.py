"""The outbox moved by the sync engine: from sending to what became of it; a finished row never moves again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.event_rows import MOVABLE, UNFINISHED
from dmp_desktop.cache.journal import Act, Journal
from dmp_desktop.cache.outbox_reading import OutboxReading
from dmp_desktop.cache.patients import Patients
from dmp_desktop.cache.rows import dump_identity, stamp
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.conflicts import Found, dump_found
from dmp_desktop.domain.dossier import Confirmation
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.identity import Identity
from dmp_desktop.errors import FlowError


class AlreadyWaiting(FlowError):
    """An opening of this dossier is already on its way. ``facts["reference"]`` names it."""

    code = "already-waiting"


class OutboxProgress(OutboxReading):
    """What became of each act."""

    def __init__(self, database: Database, patients: Patients, journal: Journal, clock: Clock) -> None:
        super().__init__(database, journal)
        self._patients = patients
        self._journal = journal
        self._clock = clock

    def mark_sending(self, event_id: str) -> None:
        """The request leaves now: from here on, without a clear answer, it is in doubt.

        :raises EventMoved: someone gave it up, or it was already finished.
        """
        self._events.move(event_id, MOVABLE, state=EventState.SENDING, in_doubt=1)

    def confirm(self, event_id: str, confirmation: Confirmation) -> None:
        """The store did it."""
        with self.transaction():
            self._events.move(
                event_id,
                MOVABLE,
                state=EventState.CONFIRMED,
                in_doubt=0,
                due_at=None,
                cause="",
                cause_text="",
                answered_at=stamp(confirmation.at),
                store_id=confirmation.store_id,
            )
            self._events.note(Act.CONFIRMED, event_id, store_time=confirmation.at)

    def refuse(self, event_id: str, cause: str, text: str = "") -> None:
        """The store said no, for good; what depends on this event is refused with it."""
        with self.transaction():
            self._end(event_id, cause, text)
            self._events.note(Act.REFUSED, event_id, reason=cause)

    def later(
        self, event_id: str, due: datetime | None, cause: str, text: str = "", *, in_doubt: bool, counted: bool = True
    ) -> None:
        """Not now: to be tried again at ``due`` (``None``: as soon as possible).

        :param in_doubt: whether this try or a former one may have reached the store.
        :param counted: whether the back-off grows; not when nothing was wrong with the event or its answer.
        """
        with self.transaction():
            self._events.move(
                event_id,
                MOVABLE,
                state=EventState.WAITING,
                attempts=self._events.row(event_id)["attempts"] + counted,
                due_at=stamp(due) if due else None,
                cause=cause,
                cause_text=text,
                in_doubt=int(in_doubt),
            )

    def hold(
        self,
        event_id: str,
        cause: str,
        text: str = "",
        *,
        in_doubt: bool = False,
        resolved: Identity | None = None,
        found: Found | None = None,
    ) -> None:
        """A person must decide.

        :param in_doubt: as for :meth:`later`.
        :param resolved: the identity INSi proposes, ``found``: what the store holds instead; kept for that decision.
        """
        proposed = {"resolved": dump_identity(resolved)} if resolved else {}
        if found is not None:
            proposed["found"] = dump_found(found)
        with self.transaction():
            self._events.move(
                event_id,
                MOVABLE,
                state=EventState.HELD,
                due_at=None,
                cause=cause,
                cause_text=text,
                in_doubt=int(in_doubt),
                **proposed,
            )
            self._events.note(Act.HELD, event_id, reason=cause)

    def stick(self, event_id: str, cause: str, text: str = "", *, in_doubt: bool | None = None) -> None:
        """Tried long enough, or unreadable: nothing more happens by itself.

        :param in_doubt: as for :meth:`later`; ``None`` leaves it as it is.
        """
        doubt = {} if in_doubt is None else {"in_doubt": int(in_doubt)}
        with self.transaction():
            self._events.move(
                event_id, MOVABLE, state=EventState.STUCK, due_at=None, cause=cause, cause_text=text, **doubt
            )
            self._events.note(Act.STUCK, event_id, reason=cause)

    def resolve(self, event_id: str, identity: Identity) -> bool:
        """INSi named the person: the event joins their dossier.

        Gives ``False`` when another opening of that dossier is already on its way: this one is then refused.

        :raises ValueError: an identity without INS.
        """
        if identity.ins is None:
            raise ValueError("a resolved identity has an INS")
        dossier = self._patients.dossier_key(identity.ins)
        with self.transaction():
            other = self._opening_on_its_way(dossier)
            if other is not None and other["id"] != event_id:
                self.refuse(event_id, AlreadyWaiting.code)
                return False
            self._events.move(event_id, MOVABLE, resolved=dump_identity(identity), dossier=dossier)
            self._events.note(Act.RESOLVED, event_id)
        return True

    def draft_settled(self, event_id: str) -> None:
        """The draft of this ended deposit went, or is a draft again."""
        self._database.execute("UPDATE events SET draft_settled = 1 WHERE id = ?", (event_id,))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _end(self, event_id: str, cause: str, text: str, allowed: frozenset[EventState] = UNFINISHED) -> None:
        self._events.move(
            event_id,
            allowed,
            state=EventState.REFUSED,
            due_at=None,
            cause=cause,
            cause_text=text,
            answered_at=stamp(self._clock.now()),
        )
        for row in self._database.rows("SELECT id FROM pending WHERE after = ?", (event_id,)):
            self.refuse(row["id"], "dependency-refused")

    def _opening_on_its_way(self, dossier: str) -> Any | None:
        return self._database.row(
            "SELECT id, json_extract(payload, '$.reference') AS reference FROM pending"
            " WHERE dossier = ? AND target = 'dossier'",
            (dossier,),
        )
