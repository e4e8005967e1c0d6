"""The outbox: each act of a person is one row, written once; only its progress moves, and a finished row never does.

Every change is one short transaction with its journal row. States are those of
:class:`~dmp_desktop.domain.events.EventState`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.event_rows import MOVABLE, UNFINISHED, EventRows, read_event
from dmp_desktop.cache.journal import Act, Journal
from dmp_desktop.cache.patients import Patients
from dmp_desktop.cache.rows import dump_identity, stamp
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import Confirmation
from dmp_desktop.domain.events import Author, AuthorisationChange, Event, EventState, Opening, Payload, uuid7
from dmp_desktop.domain.identity import Identity, ProofDocument
from dmp_desktop.errors import FlowError

LONGEST_WAIT = timedelta(hours=24)
"""Longest back-off. A due time further away than this comes from a clock that was wrong: the event is due."""

IDENTITY_DIFFERENCE = "identity-difference"
"""Cause of an event held because card and INSi differ: only a human with a document lets it go (EX_GEN-1230)."""


class AlreadyWaiting(FlowError):
    """An opening of this dossier is already on its way. ``facts["reference"]`` names it."""

    code = "already-waiting"


class ProofMissing(FlowError):
    """Card and INSi differ: a document of high trust must be named before the event may go on."""

    code = "proof-missing"


class ReasonMissing(FlowError):
    """This act needs a reason."""

    code = "reason-missing"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events stand where. ``refused`` counts those nobody took note of yet."""

    waiting: int = 0
    sending: int = 0
    held: int = 0
    stuck: int = 0
    refused: int = 0


class Outbox:
    """What is on its way to the central store."""

    def __init__(self, database: Database, patients: Patients, journal: Journal, clock: Clock) -> None:
        self._database = database
        self._patients = patients
        self._journal = journal
        self._clock = clock
        self._events = EventRows(database, journal)

    def transaction(self) -> AbstractContextManager[None]:
        """Several changes at once, or none."""
        return self._database.transaction()

    # -- writing an act -----------------------------------------------------------------------------------------------

    def add(self, payload: Payload, author: Author) -> Event:
        """Write one act, for good.

        :raises AlreadyWaiting: an opening or reactivation of this dossier is not finished yet.
        :raises StorageError: nothing was written.
        """
        now = self._clock.now()
        event_id, after = str(uuid7(now)), payload.after if isinstance(payload, AuthorisationChange) else ""
        if payload.ins is not None:
            dossier = self._patients.dossier_key(payload.ins)
        else:
            dossier = self._patients.provisional_key(payload.card)
        with self.transaction():
            other = self._opening_on_its_way(dossier) if isinstance(payload, Opening) else None
            if other is not None:
                raise AlreadyWaiting("an opening is on its way", reference=other["reference"])
            self._database.execute(
                "INSERT INTO events (id, kind, professional, structure, sector, display_name, structure_name,"
                " created_at, payload, after, dossier) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    event_id,
                    payload.kind.value,
                    author.professional,
                    author.structure,
                    author.sector,
                    author.display_name,
                    author.structure_name,
                    stamp(now),
                    payload.to_json(),
                    after or None,
                    dossier,
                ),
            )
            self._journal.append(Act.CAPTURED, author, event=event_id, dossier=dossier, reason=payload.kind.value)
        return self.get(event_id)

    # -- reading ------------------------------------------------------------------------------------------------------

    def get(self, event_id: str) -> Event:
        """One event.

        :raises NoSuchEvent: there is none. :raises BadEvent: it cannot be read back.
        """
        return read_event(self._events.row(event_id))

    def waiting(self) -> tuple[Event, ...]:
        """Every event that is not finished, in order."""
        return self._read("SELECT * FROM pending ORDER BY position")

    def refused(self) -> tuple[Event, ...]:
        """Refusals nobody took note of yet, in order."""
        return self._read("SELECT * FROM events WHERE state = 'refused' AND seen_at IS NULL ORDER BY position")

    def interrupted(self) -> tuple[Event, ...]:
        """Events a crash left ``sending``: the store is asked about each before it is sent again."""
        return self._read("SELECT * FROM events WHERE state = 'sending' ORDER BY position")

    def of_dossier(self, dossier: str) -> tuple[Event, ...]:
        """Every event of one dossier, in order."""
        return self._read("SELECT * FROM events WHERE dossier = ? ORDER BY position", (dossier,))

    def confirmed_since(self, since: datetime) -> tuple[Event, ...]:
        """What the store confirmed since then, in order."""
        return self._read(
            "SELECT * FROM events WHERE state = 'confirmed' AND answered_at >= ? ORDER BY position", (stamp(since),)
        )

    def captured_since(self, since: datetime) -> int:
        """How many openings and reactivations were written since then: the rank in a reference."""
        row = self._database.row(
            "SELECT count(*) FROM events WHERE kind <> 'authorisation' AND created_at >= ?", (stamp(since),)
        )
        return int(row[0]) if row else 0

    def counts(self) -> Counts:
        """Events by state, for the status bar."""
        rows = self._database.rows(
            "SELECT state, count(*) FROM events WHERE state <> 'confirmed' AND seen_at IS NULL GROUP BY state"
        )
        return Counts(**{row[0]: row[1] for row in rows})

    def due(self, now: datetime, author: Author) -> tuple[str, ...]:
        """Ids of what may leave now under this credential, in order.

        An event waits for every earlier one of its dossier and for the opening it depends on; an event left ``sending``
        by a crash is due at once.
        """
        rows = self._database.rows(
            "SELECT id FROM pending AS e WHERE professional = ? AND structure = ?"
            " AND (state = 'sending' OR state = 'waiting' AND (due_at IS NULL OR due_at <= ? OR due_at > ?))"
            " AND NOT EXISTS (SELECT 1 FROM pending AS b WHERE b.dossier = e.dossier AND b.position < e.position)"
            " AND (after IS NULL OR (SELECT o.state FROM events AS o WHERE o.id = e.after) = 'confirmed')"
            " ORDER BY position",
            (author.professional, author.structure, stamp(now), stamp(now + LONGEST_WAIT)),
        )
        return tuple(row["id"] for row in rows)

    # -- progress, moved by the sync engine ---------------------------------------------------------------------------

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
        self, event_id: str, cause: str, text: str = "", *, in_doubt: bool = False, resolved: Identity | None = None
    ) -> None:
        """A person must decide.

        :param in_doubt: as for :meth:`later`.
        :param resolved: the identity INSi proposes, kept for that decision.
        """
        proposed = {"resolved": dump_identity(resolved)} if resolved else {}
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

    # -- what a person decides ----------------------------------------------------------------------------------------

    def release(self, event_id: str, by: Author, reason: str = "", proof: ProofDocument | None = None) -> None:
        """Try again now: after a held event was decided, a stuck one reconsidered, or before a back-off ends.

        :param proof: the document shown, when card and INSi differed.
        :raises ProofMissing: they differed and no document is named. :raises EventMoved: nothing to release.
        """
        with self.transaction():
            difference = self._events.row(event_id)["cause"] == IDENTITY_DIFFERENCE
            if difference and proof is None:
                raise ProofMissing("difference without proof")
            self._events.move(
                event_id,
                UNFINISHED - {EventState.SENDING},
                state=EventState.WAITING,
                attempts=0,
                due_at=None,
                cause="",
                cause_text="",
            )
            act = Act.DIFFERENCE_ACCEPTED if difference else Act.RELEASED
            self._events.note(act, event_id, by=by, reason=proof.value if proof else reason)

    def give_up(self, event_id: str, by: Author, reason: str) -> None:
        """A person abandons an event that is not leaving at this moment; it stays on record as refused here.

        :raises ReasonMissing: no reason. :raises EventMoved: it is leaving, or finished.
        """
        if not reason.strip():
            raise ReasonMissing("no reason")
        with self.transaction():
            self._end(event_id, Act.GIVEN_UP.value, reason.strip(), UNFINISHED - {EventState.SENDING})
            self._events.note(Act.GIVEN_UP, event_id, by=by, reason=reason.strip())

    def acknowledge(self, event_id: str) -> None:
        """A person took note of a refusal: it no longer counts."""
        self._database.execute(
            "UPDATE events SET seen_at = ? WHERE id = ? AND state = 'refused'", (stamp(self._clock.now()), event_id)
        )

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
            " WHERE dossier = ? AND kind <> 'authorisation'",
            (dossier,),
        )

    def _read(self, sql: str, values: Sequence[object] = ()) -> tuple[Event, ...]:
        return tuple(read_event(row) for row in self._database.rows(sql, values))
