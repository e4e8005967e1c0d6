"""The outbox, read: what waits, what was refused, what is due, what a confirmed deposit left behind."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.event_rows import EventRows, read_event
from dmp_desktop.cache.journal import Journal
from dmp_desktop.cache.rows import stamp
from dmp_desktop.domain.events import Author, Event

LONGEST_WAIT = timedelta(hours=24)
"""Longest back-off. A due time further away than this comes from a clock that was wrong: the event is due."""

HELD_BY_AUTHOR = "held-by-author"
"""Cause of an event that its author keeps back: nothing leaves without them."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events stand where.

    :ivar held: those that a person must decide; ``kept``: those that their author keeps back.
    :ivar refused: those nobody took note of yet.
    """

    waiting: int = 0
    sending: int = 0
    held: int = 0
    kept: int = 0
    stuck: int = 0
    refused: int = 0


class OutboxReading:
    """What is on its way to the central store, as it stands."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._events = EventRows(database, journal)

    def transaction(self) -> AbstractContextManager[None]:
        """Several changes at once, or none."""
        return self._database.transaction()

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
            "SELECT count(*) FROM events WHERE target = 'dossier' AND created_at >= ?", (stamp(since),)
        )
        return int(row[0]) if row else 0

    def counts(self) -> Counts:
        """Events by state, for the status bar."""
        rows = self._database.rows(
            "SELECT iif(state = 'held' AND cause = ?, 'kept', state), count(*) FROM events"
            " WHERE state <> 'confirmed' AND seen_at IS NULL GROUP BY 1",
            (HELD_BY_AUTHOR,),
        )
        return Counts(**{row[0]: row[1] for row in rows})

    def due(self, now: datetime, author: Author) -> tuple[str, ...]:
        """Ids of what may leave now under this credential, in order.

        An event waits for the opening of its dossier, for every earlier act on the same thing, and for the one it
        depends on. A professional's own authorisation and their other acts on the dossier keep their order too, unless
        one of them waits for a person: it would never end. An event left ``sending`` by a crash is due at once.
        """
        rows = self._database.rows(
            "SELECT id FROM pending AS e WHERE professional = ? AND structure = ?"
            " AND (state = 'sending' OR state = 'waiting' AND (due_at IS NULL OR due_at <= ? OR due_at > ?))"
            " AND NOT EXISTS (SELECT 1 FROM pending AS b WHERE b.dossier = e.dossier AND b.position < e.position"
            "  AND (b.target = 'dossier' OR b.target = e.target OR b.professional = e.professional"
            "   AND b.state NOT IN ('held', 'stuck') AND (b.kind = 'authorisation' OR e.kind = 'authorisation')))"
            " AND (after IS NULL OR (SELECT o.state FROM events AS o WHERE o.id = e.after) = 'confirmed')"
            " ORDER BY position",
            (author.professional, author.structure, stamp(now), stamp(now + LONGEST_WAIT)),
        )
        return tuple(row["id"] for row in rows)

    def drafts_left(self, author: Author) -> tuple[str, ...]:
        """Ids of this author's deposits that ended while their draft may still be bound to them in the clinical copy.

        Confirmed or given up, it goes; taken back, it is a draft again. A refused one keeps it, until somebody decides.
        """
        rows = self._database.rows(
            "SELECT id FROM events WHERE kind = 'deposit' AND draft_settled = 0 AND professional = ?"
            " AND (state = 'confirmed' OR state = 'refused' AND cause IN ('given-up', 'withdrawn')) ORDER BY position",
            (author.professional,),
        )
        return tuple(row["id"] for row in rows)

    def _read(self, sql: str, values: Sequence[object] = ()) -> tuple[Event, ...]:
        return tuple(read_event(row) for row in self._database.rows(sql, values))
