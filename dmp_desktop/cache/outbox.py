"""The outbox: each act of a person is one row, written once; only its progress moves, and a finished row never does.

Every change is one short transaction with its journal row. States are those of
:class:`~dmp_desktop.domain.events.EventState`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dmp_desktop.cache.event_rows import UNFINISHED, EventMoved
from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.outbox_progress import AlreadyWaiting, OutboxProgress
from dmp_desktop.cache.outbox_reading import HELD_BY_AUTHOR, LONGEST_WAIT, Counts
from dmp_desktop.cache.rows import stamp
from dmp_desktop.domain.acts import ContactChange, Deposit, StatusChange, VisibilityChange
from dmp_desktop.domain.conflicts import CONFLICTS
from dmp_desktop.domain.dossier import Contact
from dmp_desktop.domain.events import Author, AuthorisationChange, Event, EventState, Opening, Payload, uuid7
from dmp_desktop.domain.identity import ProofDocument
from dmp_desktop.errors import FlowError

__all__ = [
    "HELD_BY_AUTHOR",
    "IDENTITY_DIFFERENCE",
    "LONGEST_WAIT",
    "WITHDRAWN",
    "AlreadySent",
    "AlreadyWaiting",
    "Counts",
    "DecisionMissing",
    "MayHaveLeft",
    "Outbox",
    "ProofMissing",
    "ReasonMissing",
]

IDENTITY_DIFFERENCE: Final = "identity-difference"
"""Cause of an event held because card and INSi differ: only a human with a document lets it go (EX_GEN-1230)."""

STORE_VALUE_KEPT: Final = "store-value-kept"
WITHDRAWN: Final = "withdrawn"


class ProofMissing(FlowError):
    """Card and INSi differ: a document of high trust must be named before the event may go on."""

    code = "proof-missing"


class ReasonMissing(FlowError):
    """This act needs a reason."""

    code = "reason-missing"


class AlreadySent(FlowError):
    """This document is already on its way, or was deposited."""

    code = "already-sent"


class DecisionMissing(FlowError):
    """The store holds another value than the one the act was made on: a person chooses between the two first."""

    code = "decision-missing"


class MayHaveLeft(FlowError):
    """It may have reached the store: it cannot be taken back, only asked about."""

    code = "may-have-left"


class Outbox(OutboxProgress):
    """What is on its way to the central store."""

    # -- writing an act -----------------------------------------------------------------------------------------------

    def add(self, payload: Payload, author: Author, *, held: bool = False) -> Event:
        """Write one act, for good.

        :param held: its author keeps it back until they let it go.
        :raises AlreadyWaiting: an opening or reactivation of this dossier is not finished yet.
        :raises AlreadySent: a deposit of this document is on its way, or was confirmed.
        :raises StorageError: nothing was written.
        """
        now = self._clock.now()
        event_id, after = str(uuid7(now)), "" if isinstance(payload, Opening) else payload.after
        if payload.ins is not None:
            dossier = self._patients.dossier_key(payload.ins)
        else:
            dossier = self._patients.provisional_key(payload.card)
        target = _target(payload, author)
        with self.transaction():
            other = self._opening_on_its_way(dossier) if isinstance(payload, Opening) else None
            if other is not None:
                raise AlreadyWaiting("an opening is on its way", reference=other["reference"])
            if isinstance(payload, Deposit) and self._database.row(
                "SELECT 1 FROM events WHERE target = ? AND kind = 'deposit' AND state <> 'refused'", (target,)
            ):
                raise AlreadySent("this document is on its way")
            self._database.execute(
                "INSERT INTO events (id, kind, professional, structure, sector, display_name, structure_name,"
                " created_at, payload, after, dossier, target, state, cause)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                    target,
                    EventState.HELD if held else EventState.WAITING,
                    HELD_BY_AUTHOR if held else "",
                ),
            )
            self._journal.append(Act.CAPTURED, author, event=event_id, dossier=dossier, reason=payload.kind.value)
        return self.get(event_id)

    # -- what a person decides ----------------------------------------------------------------------------------------

    def release(self, event_id: str, by: Author, reason: str = "", proof: ProofDocument | None = None) -> None:
        """Try again now: after a held event was decided, a stuck one reconsidered, or before a back-off ends.

        :param proof: the document shown, when card and INSi differed.
        :raises ProofMissing: they differed and no document is named. :raises EventMoved: nothing to release.
        :raises DecisionMissing: the store holds another value: see :meth:`overrule` and :meth:`keep_stores`.
        """
        with self.transaction():
            cause = self._events.row(event_id)["cause"]
            if cause in CONFLICTS:
                raise DecisionMissing("a conflict is decided, not retried")
            difference = cause == IDENTITY_DIFFERENCE
            if difference and proof is None:
                raise ProofMissing("difference without proof")
            self._let_go(event_id)
            act = Act.DIFFERENCE_ACCEPTED if difference else Act.RELEASED
            self._events.note(act, event_id, by=by, reason=proof.value if proof else reason)

    def overrule(self, event_id: str, by: Author) -> None:
        """Both versions seen, ours is to be sent: what was found is now what the act is made on.

        :raises EventMoved: there is no conflict to decide.
        """
        with self.transaction():
            self._check_conflict(event_id)
            self._let_go(event_id)
            self._events.note(Act.CONFLICT_DECIDED, event_id, by=by, reason="ours")

    def keep_stores(self, event_id: str, by: Author) -> None:
        """Both versions seen, the store's stays: the act ends here, on record.

        :raises EventMoved: there is no conflict to decide.
        """
        with self.transaction():
            self._check_conflict(event_id)
            self._end(event_id, STORE_VALUE_KEPT, "")
            self.acknowledge(event_id)
            self._events.note(Act.CONFLICT_DECIDED, event_id, by=by, reason="store")

    def hold_back(self, event_id: str, by: Author) -> None:
        """Its author keeps it back: nothing leaves until they release it.

        :raises EventMoved: it is leaving, held already, or finished.
        """
        with self.transaction():
            self._events.move(
                event_id,
                {EventState.WAITING, EventState.STUCK},
                state=EventState.HELD,
                due_at=None,
                cause=HELD_BY_AUTHOR,
                cause_text="",
            )
            self._events.note(Act.HELD, event_id, by=by, reason=HELD_BY_AUTHOR)

    def withdraw(self, event_id: str, by: Author) -> None:
        """Take back, to change it, what never reached the store; it stays on record as ended here.

        :raises MayHaveLeft: it was sent and no clear answer came. :raises EventMoved: it is leaving, or finished.
        """
        with self.transaction():
            if self._events.row(event_id)["in_doubt"]:
                raise MayHaveLeft("it may have reached the store")
            self._end(event_id, WITHDRAWN, "", UNFINISHED - {EventState.SENDING})
            self.acknowledge(event_id)
            self._events.note(Act.WITHDRAWN, event_id, by=by)

    def change_contact(self, event_id: str, by: Author, wanted: Contact) -> Event:
        """Another value for a change of contact that never left; made on what the store was found to hold, if it was.

        :raises MayHaveLeft, EventMoved: as for :meth:`withdraw`; EventMoved too for an act of another kind.
        """
        with self.transaction():
            event = self.get(event_id)
            if not isinstance(event.payload, ContactChange):
                raise EventMoved("not a change of contact", state=event.state)
            self.withdraw(event_id, by)
            base = event.found if isinstance(event.found, Contact) else event.payload.base
            return self.add(replace(event.payload, base=base, wanted=wanted), event.author)

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

    def _let_go(self, event_id: str) -> None:
        self._events.move(
            event_id,
            UNFINISHED - {EventState.SENDING},
            state=EventState.WAITING,
            attempts=0,
            due_at=None,
            cause="",
            cause_text="",
        )

    def _check_conflict(self, event_id: str) -> None:
        row = self._events.row(event_id)
        if row["state"] != EventState.HELD or row["cause"] not in CONFLICTS:
            raise EventMoved("no conflict to decide", state=row["state"])


def _target(payload: Payload, author: Author) -> str:
    """What an act acts upon within its dossier."""
    match payload:
        case AuthorisationChange():
            return f"access:{author.professional}"
        case Deposit():
            return f"deposit:{payload.unique_id}"
        case VisibilityChange() | StatusChange():
            return f"document:{payload.logical_id}"
        case ContactChange():
            return "contact"
        case _:
            return "dossier"
