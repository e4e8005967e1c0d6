"""What waits, why, and whose turn it is: the desk's list of acts that are not finished, and those confirmed today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dmp_desktop.cache.outbox import Counts
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.events import Author, Event, EventState, Opening
from dmp_desktop.domain.identity import ProofDocument


class Turn(StrEnum):
    """Who must act next."""

    PERSON = "person"
    PROGRAM = "program"
    NOBODY = "nobody"


class NextStep(StrEnum):
    """The one next step of a row."""

    RETRY = "retry"
    DECIDE = "decide"
    GIVE_UP = "give-up"
    ACKNOWLEDGE = "acknowledge"
    PRINT = "print"
    NONE = "none"


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """One act, as the list shows it.

    :ivar other_author: whose card it waits for, when that is not the person signed in; ``""`` otherwise.
    :ivar printed: whether its paper left the printer.
    """

    event: Event
    person: str
    turn: Turn
    step: NextStep
    other_author: str = ""
    printed: bool = False

    def __repr__(self) -> str:
        return f"Waiting({self.event.state}, {self.step})"


class Attention:
    """The list and its gestures. Cache lane."""

    def __init__(self, store: DeskStore) -> None:
        self._store = store

    def rows(self, author: Author, today: datetime) -> tuple[Waiting, ...]:
        """Everything unfinished or refused, then what was confirmed since ``today`` (midnight, aware)."""
        outbox = self._store.outbox
        events = (*outbox.refused(), *outbox.waiting(), *outbox.confirmed_since(today))
        return tuple(self._row(event, author) for event in events)

    def counts(self) -> Counts:
        """For the status bar."""
        return self._store.outbox.counts()

    def retry(self, event_id: str, author: Author) -> None:
        """Let it leave at the next pass, whatever its back-off."""
        self._store.outbox.release(event_id, author)

    def decide(self, event_id: str, author: Author, proof: ProofDocument) -> None:
        """Go on with INSi's identity although the card said otherwise, on the document shown (EX_GEN-1230)."""
        self._store.outbox.release(event_id, author, proof=proof)

    def give_up(self, event_id: str, author: Author, reason: str) -> None:
        """Abandon an act, with its reason."""
        self._store.outbox.give_up(event_id, author, reason)

    def acknowledge(self, event_id: str) -> None:
        """Take note of a refusal."""
        self._store.outbox.acknowledge(event_id)

    def _row(self, event: Event, author: Author) -> Waiting:
        payload = event.payload
        identity = event.resolved or self._store.patients.identity(event.dossier)
        traits = identity.traits if identity else None
        if isinstance(payload, Opening) and event.resolved is None:
            traits = payload.traits
        person = f"{traits.birth_name}, {traits.first_given_name.title()}" if traits else ""
        printed = bool(self._store.papers.of(event.id))
        other = "" if event.author.professional == author.professional else event.author.display_name
        turn, step = _next(event, other_author=bool(other), printed=printed)
        return Waiting(event, person, turn, step, other, printed)


def _next(event: Event, *, other_author: bool, printed: bool) -> tuple[Turn, NextStep]:
    match event.state:
        case EventState.REFUSED:
            return Turn.PERSON, NextStep.ACKNOWLEDGE
        case EventState.HELD:
            decide = event.cause == "identity-difference"
            return Turn.PERSON, NextStep.DECIDE if decide else NextStep.RETRY
        case EventState.STUCK:
            return Turn.PERSON, NextStep.RETRY
        case EventState.CONFIRMED:
            to_print = isinstance(event.payload, Opening) and not printed
            return (Turn.PERSON, NextStep.PRINT) if to_print else (Turn.NOBODY, NextStep.NONE)
        case _:
            return (Turn.PERSON, NextStep.NONE) if other_author else (Turn.PROGRAM, NextStep.RETRY)
