"""What waits, why, and whose turn it is: the desk's list of acts that are not finished, and those confirmed today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dmp_desktop.cache.outbox import HELD_BY_AUTHOR, IDENTITY_DIFFERENCE, Counts
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.acts import ContactChange, Deposit
from dmp_desktop.domain.conflicts import CONFLICTS
from dmp_desktop.domain.dossier import Contact
from dmp_desktop.domain.events import Author, Event, EventState, Opening
from dmp_desktop.domain.identity import ProofDocument
from dmp_desktop.sync.delivery_deposit import DraftMissing, DraftsOf, give_back
from dmp_desktop.sync.policy import CopyClosed


class Turn(StrEnum):
    """Who must act next."""

    PERSON = "person"
    PROGRAM = "program"
    NOBODY = "nobody"


class NextStep(StrEnum):
    """The one next step of a row."""

    RETRY = "retry"
    RELEASE = "release"
    DECIDE = "decide"
    CHOOSE = "choose"
    ACKNOWLEDGE = "acknowledge"
    PRINT = "print"
    NONE = "none"


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """One act, as the list shows it.

    :ivar other_author: whose card it waits for, when that is not the person signed in; ``""`` otherwise.
    :ivar printed: whether its paper left the printer.
    :ivar title: of the document of a deposit, while the copy is open and its author signed in; else ``""``.
    :ivar may_mend: whether it can be taken back and changed; ``may_hold``: whether it can be kept back.
    """

    event: Event
    person: str
    turn: Turn
    step: NextStep
    other_author: str = ""
    printed: bool = False
    title: str = ""
    may_mend: bool = False
    may_hold: bool = False

    def __repr__(self) -> str:
        return f"Waiting({self.event.state}, {self.step})"


@dataclass(frozen=True, slots=True)
class Reopened:
    """A draft that is a draft again.

    :ivar dossier: key of the dossier; ``draft``: its id.
    """

    dossier: str
    draft: str


class Attention:
    """The list and its gestures. Cache lane.

    :param drafts: where the draft of a deposit is; gives ``None`` while that copy is closed.
    """

    def __init__(self, store: DeskStore, drafts: DraftsOf = lambda _deposit: None) -> None:
        self._store = store
        self._drafts = drafts

    def rows(self, author: Author, today: datetime) -> tuple[Waiting, ...]:
        """Everything unfinished or refused, then what was confirmed since ``today`` (midnight, aware)."""
        outbox = self._store.outbox
        events = (*outbox.refused(), *outbox.waiting(), *outbox.confirmed_since(today))
        return tuple(self._row(event, author) for event in events)

    def of(self, dossier: str, author: Author) -> tuple[Waiting, ...]:
        """Every act about one person, finished or not, the latest first."""
        return tuple(self._row(event, author) for event in reversed(self._store.outbox.of_dossier(dossier)))

    def counts(self) -> Counts:
        """For the status bar."""
        return self._store.outbox.counts()

    def retry(self, event_id: str, author: Author) -> None:
        """Let it leave at the next pass, whatever its back-off; or let go what was kept back."""
        self._store.outbox.release(event_id, author)

    def hold(self, event_id: str, author: Author) -> None:
        """Keep it back: nothing leaves until its author lets it go."""
        self._store.outbox.hold_back(event_id, author)

    def decide(self, event_id: str, author: Author, proof: ProofDocument) -> None:
        """Go on with INSi's identity although the card said otherwise, on the document shown (EX_GEN-1230)."""
        self._store.outbox.release(event_id, author, proof=proof)

    def choose(self, event_id: str, author: Author, *, ours: bool) -> None:
        """Both versions seen, send ours or leave the store's (F95)."""
        if ours:
            self._store.outbox.overrule(event_id, author)
        else:
            self._store.outbox.keep_stores(event_id, author)

    def reopen(self, event_id: str, author: Author) -> Reopened:
        """Take a deposit back, to mend its document and send it again as another act.

        :raises CopyClosed: the draft cannot be reached now. :raises DraftMissing: there is none any more.
        :raises MayHaveLeft: it may have reached the store. :raises EventMoved: it left, or was confirmed.
        """
        outbox = self._store.outbox
        event = outbox.get(event_id)
        payload = event.payload
        if not isinstance(payload, Deposit):
            raise DraftMissing("not a deposit")
        drafts = self._drafts(payload)
        if drafts is None:
            raise CopyClosed("the copy is closed")
        if drafts.get(payload.draft) is None:
            raise DraftMissing("no draft")
        if event.state is EventState.REFUSED:
            give_back(drafts, payload, event_id)
            outbox.acknowledge(event_id)
        else:
            # First taken back, then given back: a crash in between is settled by the next pass.
            outbox.withdraw(event_id, author)
            give_back(drafts, payload, event_id)
        outbox.draft_settled(event_id)
        return Reopened(event.dossier, payload.draft)

    def change_contact(self, event_id: str, author: Author, wanted: Contact) -> None:
        """Another value for a change of contact that never left.

        :raises MayHaveLeft: it may have reached the store. :raises EventMoved: it left, or was confirmed.
        """
        self._store.outbox.change_contact(event_id, author, wanted)

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
        title = "" if other else self._title(event)
        return Waiting(
            event,
            person,
            turn,
            step,
            other,
            printed,
            title,
            may_mend=not other and _may_mend(event, draft_here=bool(title)),
            may_hold=not other and event.state in {EventState.WAITING, EventState.STUCK},
        )

    def _title(self, event: Event) -> str:
        if not isinstance(event.payload, Deposit) or event.state is EventState.CONFIRMED:
            return ""
        drafts = self._drafts(event.payload)
        draft = drafts.get(event.payload.draft) if drafts is not None else None
        return (draft.title.strip() or "Document sans titre") if draft is not None else ""


def _may_mend(event: Event, *, draft_here: bool) -> bool:
    unsent = event.state in {EventState.WAITING, EventState.HELD, EventState.STUCK} and not event.in_doubt
    match event.payload:
        case Deposit():
            return draft_here and (unsent or event.state is EventState.REFUSED)
        case ContactChange():
            return unsent
        case _:
            return False


def _next(event: Event, *, other_author: bool, printed: bool) -> tuple[Turn, NextStep]:
    match event.state:
        case EventState.REFUSED:
            return Turn.PERSON, NextStep.ACKNOWLEDGE
        case EventState.HELD if event.cause == HELD_BY_AUTHOR:
            return Turn.PROGRAM, NextStep.NONE if other_author else NextStep.RELEASE
        case EventState.HELD if event.cause in CONFLICTS:
            return Turn.PERSON, NextStep.NONE if other_author else NextStep.CHOOSE
        case EventState.HELD:
            return Turn.PERSON, NextStep.DECIDE if event.cause == IDENTITY_DIFFERENCE else NextStep.RETRY
        case EventState.STUCK:
            return Turn.PERSON, NextStep.RETRY
        case EventState.CONFIRMED:
            to_print = isinstance(event.payload, Opening) and not printed
            return (Turn.PERSON, NextStep.PRINT) if to_print else (Turn.NOBODY, NextStep.NONE)
        case _:
            return (Turn.PERSON, NextStep.NONE) if other_author else (Turn.PROGRAM, NextStep.RETRY)
