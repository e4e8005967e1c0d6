"""Rows of the outbox: read back as events, moved from state to state, noted in the journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.journal import Act, Journal
from dmp_desktop.cache.rows import moment, read_identity
from dmp_desktop.domain.conflicts import read_found
from dmp_desktop.domain.event_kinds import BadEvent, EventKind
from dmp_desktop.domain.events import Author, Event, EventState, read_payload
from dmp_desktop.domain.identifiers import BadIdentifier
from dmp_desktop.errors import FlowError

MOVABLE = frozenset({EventState.WAITING, EventState.SENDING})
UNFINISHED = MOVABLE | {EventState.HELD, EventState.STUCK}

_PROGRESS = (
    "dossier",
    "state",
    "attempts",
    "in_doubt",
    "due_at",
    "cause",
    "cause_text",
    "answered_at",
    "store_id",
    "resolved",
    "found",
)


class NoSuchEvent(FlowError):
    """No event has this id."""

    code = "no-such-event"


class EventMoved(FlowError):
    """The event has moved on: what was asked no longer applies. ``facts["state"]`` tells where it stands."""

    code = "event-moved"


class EventRows:
    """The table of events; a row is moved only from the states that allow it."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def row(self, event_id: str) -> Any:
        """One row.

        :raises NoSuchEvent: there is none.
        """
        row = self._database.row("SELECT * FROM events WHERE id = ?", (event_id,))
        if row is None:
            raise NoSuchEvent("no event of this id")
        return row

    def move(self, event_id: str, allowed: Collection[EventState], **changes: object) -> None:
        """Change the progress of a row.

        :raises EventMoved: it is in none of the ``allowed`` states.
        """
        with self._database.transaction():
            row = self.row(event_id)
            if EventState(row["state"]) not in allowed:
                raise EventMoved("event moved on", state=row["state"])
            values = [changes.get(name, row[name]) for name in _PROGRESS]
            self._database.execute(
                "UPDATE events SET dossier = ?, state = ?, attempts = ?, in_doubt = ?, due_at = ?, cause = ?,"
                " cause_text = ?, answered_at = ?, store_id = ?, resolved = ?, found = ? WHERE id = ?",
                (*values, event_id),
            )

    def note(
        self,
        act: Act,
        event_id: str,
        *,
        by: Author | None = None,
        reason: str = "",
        store_time: datetime | None = None,
    ) -> None:
        """Journal something about a row, under its author's name unless somebody else decided it."""
        row = self.row(event_id)
        self._journal.append(
            act, by or _author(row), event=event_id, dossier=row["dossier"], reason=reason, store_time=store_time
        )


def read_event(row: Any) -> Event:
    """The event a row stands for.

    :raises BadEvent: it cannot be read back.
    """
    try:
        return Event(
            id=row["id"],
            author=_author(row),
            created_at=datetime.fromisoformat(row["created_at"]),
            payload=read_payload(EventKind(row["kind"]), row["payload"]),
            state=EventState(row["state"]),
            attempts=row["attempts"],
            due_at=moment(row["due_at"]),
            cause=row["cause"],
            cause_text=row["cause_text"],
            answered_at=moment(row["answered_at"]),
            dossier=row["dossier"],
            resolved=read_identity(row["resolved"]) if row["resolved"] else None,
            in_doubt=bool(row["in_doubt"]),
            found=read_found(row["found"]) if row["found"] else None,
        )
    except (KeyError, TypeError, ValueError, BadIdentifier) as error:
        raise BadEvent(f"stored event: {type(error).__name__}") from None


def _author(row: Any) -> Author:
    return Author(row["professional"], row["structure"], row["sector"], row["display_name"], row["structure_name"])
