"""Who did what in a record, and what this practice did: read from the journal, and from the store where it tells.

The national interface has no web service for traces: the Web-PS shows them. Here stands what this post did, and, where
a store can be asked (the sandbox), its own history beside it. A médecin traitant sees everybody's, another professional
their own (Web-PS, PDT-INF-527).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from dmp_desktop.cache.journal import Act, JournalRow
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cache.traces import Traces
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.event_kinds import EventKind
from dmp_desktop.domain.events import Author, made_in_secret, uuid7
from dmp_desktop.domain.habilitations import AccessMode
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.record import RecordContext


class Deed(StrEnum):
    """What a line tells, in the words of the trade."""

    OPENED = "opened"
    LISTED = "listed"
    READ = "read"
    DEPOSITED = "deposited"
    CHANGED = "changed"
    AUTHORISED = "authorised"
    ADMINISTERED = "administered"
    SIGNED = "signed"
    REVIEWED = "reviewed"
    INVITED = "invited"
    LET_IN = "let-in"
    SHUT_OUT = "shut-out"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a deed
    RECOVERY_PAGE = "recovery-page"
    RECOVERED = "recovered"
    REKEYED = "rekeyed"
    COPY_EMPTIED = "copy-emptied"
    COPY_BEGUN_AGAIN = "copy-begun-again"
    BACKED_UP = "backed-up"
    RESTORED = "restored"


class Source(StrEnum):
    """Who keeps the line."""

    POST = "post"
    STORE = "store"


@dataclass(frozen=True, slots=True, repr=False)
class AccessRow:
    """One line of a history.

    :ivar professional: PS_IdNat; ``name`` and ``role`` as people read them, ``""`` when not known here.
    :ivar motive: of an emergency, or the reason of a change of rights.
    :ivar refused: code of the refusal, ``""`` when it was done.
    :ivar target: id of the document, ``""`` for none; ``access``: id of the access it belongs to, here.
    """

    at: datetime
    professional: str
    name: str
    role: str
    deed: Deed
    mode: AccessMode
    source: Source
    motive: str = ""
    secret: bool = False
    refused: str = ""
    target: str = ""
    access: str = ""
    dossier: str = ""

    def __repr__(self) -> str:
        return f"AccessRow({self.deed}, {self.mode})"

    @property
    def emergency(self) -> bool:
        """Whether the record was entered without an authorisation."""
        return self.mode is not AccessMode.NORMAL


class AccessHistory(Protocol):
    """The store's own history, where it can be asked."""

    def of(self, ins: Ins) -> tuple[AccessRow, ...]:
        """Sync lane. Every access to a dossier, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """A person as a history names them."""

    name: str
    role: str = ""


Directory = Callable[[str], Known | None]
"""Who a PS_IdNat is, as far as this post knows."""


def naming(directory: Directory, traces: Traces) -> Directory:
    """The directory, and after it the names that acts were captured under here."""
    names = traces.names()
    return lambda who: directory(who) or (Known(names[who]) if who in names else None)


_OPENINGS: Final = {
    Act.RECORD_OPENED: AccessMode.NORMAL,
    Act.SECRET_OPENED: AccessMode.NORMAL,
    Act.EMERGENCY_OPENED: AccessMode.BREAK_GLASS,
    Act.REGULATION_OPENED: AccessMode.CENTRE_15,
}
_CAPTURED: Final = {
    EventKind.OPENING: Deed.ADMINISTERED,
    EventKind.REACTIVATION: Deed.ADMINISTERED,
    EventKind.CONTACT: Deed.ADMINISTERED,
    EventKind.AUTHORISATION: Deed.AUTHORISED,
    EventKind.DEPOSIT: Deed.DEPOSITED,
    EventKind.VISIBILITY: Deed.CHANGED,
    EventKind.STATUS: Deed.CHANGED,
}
_TOLD: Final = {
    Act.READ: Deed.READ,
    Act.ACCESS_SIGNED: Deed.SIGNED,
    Act.ACCESS_REVIEWED: Deed.REVIEWED,
    Act.INVITED: Deed.INVITED,
    Act.LET_IN: Deed.LET_IN,
    Act.SHUT_OUT: Deed.SHUT_OUT,
    Act.PASSPHRASE_CHANGED: Deed.PASSPHRASE,
    Act.RECOVERY_RENEWED: Deed.RECOVERY_PAGE,
    Act.RECOVERY_USED: Deed.RECOVERED,
    Act.KEYS_CHANGED: Deed.REKEYED,
    Act.COPY_EMPTIED: Deed.COPY_EMPTIED,
    Act.COPY_BEGUN_AGAIN: Deed.COPY_BEGUN_AGAIN,
    Act.BACKED_UP: Deed.BACKED_UP,
    Act.RESTORED: Deed.RESTORED,
    Act.RESTORED_ACCEPTED: Deed.RESTORED,
}


class AccessLog:
    """Writes an ordinary access into the journal. Cache lane."""

    def __init__(self, store: DeskStore, clock: Clock) -> None:
        self._journal, self._clock = store.journal, clock

    def opened(self, context: RecordContext) -> str:
        """A record was entered; gives the id of this access, for what is read in it."""
        access = str(uuid7(self._clock.now()))
        self._journal.append(Act.RECORD_OPENED, context.author, event=access, dossier=context.dossier)
        return access

    def read(self, context: RecordContext, access: str, logical_id: str) -> None:
        """A document was shown."""
        self._journal.append(Act.READ, context.author, event=access, dossier=context.dossier, reason=logical_id)


def told(
    rows: Iterable[JournalRow], directory: Directory, secret: Container[str] = frozenset()
) -> tuple[AccessRow, ...]:
    """Lines of the journal as a history tells them: each act once, with the mode and motive of its access.

    :param secret: ids of the acts made in a secret connection, besides what the accesses themselves tell.
    """
    kept = tuple(rows)
    opened = {row.event: row for row in kept if row.act in _OPENINGS}
    reasons = {row.event: row.reason for row in kept if row.act == Act.REASON_GIVEN}
    found = []
    for row in kept:
        deed = _deed(row)
        if deed is None:
            continue
        opening = opened.get(row.event)
        mode = _OPENINGS[Act(opening.act)] if opening else AccessMode.NORMAL
        motive = opening.reason if opening else reasons.get(row.event, "")
        known = directory(row.professional) or Known("")
        found.append(
            AccessRow(
                row.at,
                row.professional,
                known.name,
                known.role,
                deed,
                mode,
                Source.POST,
                motive,
                row.event in secret or (opening is not None and opening.act == Act.SECRET_OPENED),
                target=row.reason if deed is Deed.READ else "",
                access=row.event if opening else "",
                dossier=row.dossier,
            )
        )
    return tuple(found)


def _deed(row: JournalRow) -> Deed | None:
    if row.act in _OPENINGS:
        return Deed.OPENED
    if row.act == Act.CAPTURED:
        return _CAPTURED.get(EventKind(row.reason)) if row.reason in set(EventKind) else None
    return next((deed for act, deed in _TOLD.items() if act == row.act), None)


class History:
    """The history of one record.

    :param remote: the store's own history, ``None`` where it has no web service.
    """

    def __init__(self, store: DeskStore, directory: Directory, remote: AccessHistory | None = None) -> None:
        self._store = store
        self._traces = Traces(store.database)
        self._directory, self._remote = directory, remote

    @property
    def has_remote(self) -> bool:
        """Whether the store can be asked."""
        return self._remote is not None

    def here(self, context: RecordContext) -> tuple[AccessRow, ...]:
        """Cache lane. What this practice did in this record, latest first."""
        acts = self._store.outbox.of_dossier(context.dossier)
        secret = {event.id for event in acts if made_in_secret(event.payload)}
        rows = told(self._traces.of_dossier(context.dossier), naming(self._directory, self._traces), secret)
        return tuple(reversed(rows))

    def remote(self, context: RecordContext) -> tuple[AccessRow, ...]:
        """Sync lane. What the store keeps, latest first: everybody's for the médecin traitant, else one's own."""
        if self._remote is None:
            return ()
        rows = self._remote.of(context.ins)
        mine = context.author.professional
        return tuple(row for row in reversed(rows) if context.treating or row.professional == mine)

    def note_printed(self, context: RecordContext) -> None:
        """Cache lane. The list was printed for the person."""
        self._store.journal.append(Act.HISTORY_PRINTED, context.author, dossier=context.dossier)


def printable(rows: Iterable[AccessRow], *, minor: bool) -> tuple[AccessRow, ...]:
    """Lines for the paper: without secret connections for a minor, whose representatives may hold the paper."""
    return tuple(row for row in rows if not (minor and row.secret))


@dataclass(frozen=True, slots=True, repr=False)
class Review:
    """An emergency access, for whoever watches over privacy in the practice.

    :ivar dossier: pseudonym; ``documents``: how many were read; ``ending``: how it ended, ``""`` while unknown.
    :ivar signed: its author signed the list; ``reviewed_by``: id of who reviewed it, ``""`` for nobody yet.
    """

    access: str
    at: datetime
    professional: str
    name: str
    dossier: str
    mode: AccessMode
    motive: str
    documents: int
    ending: str
    signed: bool
    reviewed_by: str = ""
    reviewed_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Review({self.mode}, signed={self.signed})"

    @property
    def by_oneself(self) -> bool:
        """Whether its own author reviewed it: told as such."""
        return bool(self.reviewed_by) and self.reviewed_by == self.professional


@dataclass(frozen=True, slots=True)
class DayOf:
    """What one person did in one day, counted."""

    day: datetime
    name: str
    counts: dict[Deed, int] = field(default_factory=dict)
    emergencies: int = 0


def pseudonym(dossier: str) -> str:
    """A dossier as the practice's view names it: eight letters of its key, which lead to nobody outside this store."""
    return dossier[:8].upper()


def reviews(rows: Iterable[JournalRow], name_of: Callable[[str], str]) -> tuple[Review, ...]:
    """Every emergency access among these lines, latest first."""
    kept = tuple(rows)
    found = []
    for opening in kept:
        mode = _OPENINGS[Act(opening.act)] if opening.act in _OPENINGS else AccessMode.NORMAL
        if mode is AccessMode.NORMAL:
            continue
        inside = [row for row in kept if row.event == opening.event]
        review = next((row for row in reversed(inside) if row.act == Act.ACCESS_REVIEWED), None)
        found.append(
            Review(
                opening.event,
                opening.at,
                opening.professional,
                name_of(opening.professional),
                pseudonym(opening.dossier),
                mode,
                opening.reason,
                sum(1 for row in inside if row.act == Act.READ),
                next((row.reason for row in inside if row.act == Act.ACCESS_ENDED), ""),
                any(row.act == Act.ACCESS_SIGNED for row in inside),
                review.professional if review else "",
                review.at if review else None,
            )
        )
    return tuple(reversed(found))


def own_name(author: Author, role: str) -> Directory:
    """A directory that knows the person at work."""
    known = Known(author.display_name, role)
    return lambda professional: known if professional == author.professional else None
