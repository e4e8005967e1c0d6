"""The desk: what the opening's screen asks for, joined from the cards, the encrypted store and the wire.

No Qt, no SQL, no HTTP here; each method says from which lane it is called (one thread each).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cards.vitale import read_inserted
from dmp_desktop.domain.clock import PARIS, Clock
from dmp_desktop.domain.dossier import ExistenceAnswer, RefusalKind
from dmp_desktop.domain.events import Author, AuthorisationAct, AuthorisationChange, Event, Opening
from dmp_desktop.domain.identifiers import CardNature, Ins
from dmp_desktop.domain.identity import CardTraits, Identity, InsiAnswer, Traits, VitaleReading
from dmp_desktop.domain.readers import CardMute, CardServiceDown, CardSystem, NoCard
from dmp_desktop.errors import FlowError
from dmp_desktop.services.opening import OpeningFlow, Platform, StopCause
from dmp_desktop.services.papers import PageImage, Paper, PreviewImage
from dmp_desktop.services.readers import ReaderBoard
from dmp_desktop.services.session import SessionFlow
from dmp_desktop.services.stationery import Stationery

MONTHS_WITHOUT_ASKING = 6
"""For so long after a refusal nobody proposes again; the person may always ask (F96)."""


class Questions(Protocol):
    """What the desk asks of the central store and of INSi directly: questions only, acts go through the outbox."""

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2."""
        ...

    def insi_by_vitale(self, card: CardTraits) -> InsiAnswer:
        """INSi with the card's numbers."""
        ...

    def insi_by_traits(self, traits: Traits) -> InsiAnswer:
        """INSi with the traits."""
        ...


class Delivery(Protocol):
    """The sync engine, as the desk needs it."""

    def run(self, author: Author, only: str | None = None) -> object:
        """One pass under ``author``'s credential."""
        ...


@dataclass(frozen=True, slots=True)
class InformationText:
    """The information in force, as the screen shows it."""

    version: str
    short: str
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Post:
    """What is fixed for the post.

    :ivar card_nature: nature of every Vitale in these readers, when the readers know it (simulated ones do).
    """

    clock: Clock
    platform: Platform
    card_nature: CardNature = CardNature.UNKNOWN


class Desk:
    """One desk, for whoever is signed in."""

    def __init__(
        self,
        post: Post,
        session: SessionFlow,
        board: ReaderBoard,
        cards: CardSystem,
        questions: Questions,
        store: DeskStore,
        delivery: Delivery,
        stationery: Stationery,
    ) -> None:
        self._post = post
        self._session = session
        self._board = board
        self._cards = cards
        self._questions = questions
        self._store = store
        self._delivery = delivery
        self._stationery = stationery

    def new_flow(self) -> OpeningFlow:
        """A fresh opening."""
        return OpeningFlow(self._post.clock, self._post.platform, self._stationery.text.version)

    def author(self) -> Author:
        """Whoever is signed in.

        :raises dmp_desktop.errors.FlowError: nobody is.
        """
        return self._session.author()

    def information(self) -> InformationText:
        """The text read to the person, and what the large print says."""
        text = self._stationery.text
        sections = tuple((part.heading, "\n".join(part.lines)) for part in text.sections)
        return InformationText(text.version, "\n\n".join(text.spoken), sections)

    # -- the card -----------------------------------------------------------------------------------------------------

    def read_vitale(self) -> VitaleReading:
        """Cards lane. Read the Vitale of whichever reader holds one.

        :raises CardServiceDown, NoCard, CardMute: nothing to read; any other card error of the reading.
        """
        if not self._board.service_up:
            raise CardServiceDown("PC/SC is stopped")
        slot = self._board.vitale_slot()
        if slot is None:
            raise NoCard("no Vitale in a reader")
        if slot.mute:
            raise CardMute("a card that does not answer")
        return read_inserted(self._cards, slot.name, slot.family, self._post.clock, self._post.card_nature)

    # -- questions ----------------------------------------------------------------------------------------------------

    def ask_insi(self, card: CardTraits) -> InsiAnswer:
        """Sync lane. INSi with what the card holds."""
        return self._questions.insi_by_vitale(card)

    def ask_insi_by_traits(self, traits: Traits) -> InsiAnswer:
        """Sync lane. INSi with the traits."""
        return self._questions.insi_by_traits(traits)

    def ask_existence(self, ins: Ins) -> ExistenceAnswer:
        """Sync lane. TD0.2; the answer is kept as the store's last word."""
        answer = self._questions.existence(ins)
        self._store.patients.learned(self._store.patients.dossier_key(ins), answer, self.author())
        return answer

    def earlier_refusal(self, ins: Ins) -> datetime | None:
        """Any lane. When the person said no or not yet here, within the months in which nobody insists (F96)."""
        dossier = self._store.patients.dossier_key(ins)
        if self._store.refusals.ask_again_from(dossier, MONTHS_WITHOUT_ASKING) is None:
            return None
        last = self._store.refusals.last(dossier)
        return last.at if last else None

    # -- acts ---------------------------------------------------------------------------------------------------------

    def next_reference(self, reactivation: bool) -> str:
        """Cache lane. ``OUV-2026-0414-0027``: kind, local day, rank of the day on this post; it holds no identity."""
        today = self._post.clock.now().astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
        rank = self._store.outbox.captured_since(today.astimezone(UTC)) + 1
        return f"{'REA' if reactivation else 'OUV'}-{today:%Y-%m%d}-{rank:04d}"

    def keep(self, opening: Opening) -> Event:
        """Cache lane. One durable event; nothing is sent here.

        :raises dmp_desktop.cache.outbox.AlreadyWaiting: an opening of this dossier is on its way.
        """
        return self._store.outbox.add(opening, self.author())

    def authorise(self, identity: Identity, treating: bool) -> Event:
        """Cache lane. An authorisation of the author, on an explicit act (EX_0.3-1010).

        :raises FlowError: the identity has no INS yet.
        """
        if identity.ins is None:
            raise FlowError("an authorisation needs an INS")
        with self._store.outbox.transaction():
            self._store.patients.remember(identity)
            change = AuthorisationChange(identity.ins, AuthorisationAct.ADD, treating)
            return self._store.outbox.add(change, self.author())

    def deliver(self, event_id: str) -> Event:
        """Sync lane. One pass for that event; its state afterwards."""
        self._delivery.run(self.author(), only=event_id)
        return self._store.outbox.get(event_id)

    def record_refusal(self, flow: OpeningFlow) -> None:
        """Cache lane. The person refused or hesitates: kept with the text version, without pressure (F96)."""
        kind = RefusalKind.REFUSED if flow.stop_cause is StopCause.REFUSED else RefusalKind.HESITATES
        self._store.refusals.record(self._key(flow), kind, flow.form.text_version, self.author())

    def record_decision(self, flow: OpeningFlow, accepted: bool) -> None:
        """Cache lane. The decision on a difference of identity, journalled with what differed and what was shown."""
        rows = ", ".join(row.trait.value for row in flow.differences)
        proof = f" ({flow.proof.value})" if accepted and flow.proof else ""
        act = Act.DIFFERENCE_ACCEPTED if accepted else Act.DIFFERENCE_STOPPED
        self._store.journal.append(act, self.author(), dossier=self._key(flow), reason=f"{rows}{proof}")

    def _key(self, flow: OpeningFlow) -> str:
        if flow.identity is not None and flow.identity.ins is not None:
            return self._store.patients.dossier_key(flow.identity.ins)
        return self._store.patients.provisional_key(flow.card) if flow.card else ""

    # -- papers -------------------------------------------------------------------------------------------------------

    def papers(self, event: Event | None) -> tuple[Paper, ...]:
        """Print lane. The papers of ``event``; without one, those that claim nothing."""
        return self._stationery.papers(event, self._session)

    def preview(self, pdf: bytes, width_px: int) -> PreviewImage:
        """Print lane. First page, ``width_px`` wide."""
        return self._stationery.preview(pdf, width_px)

    def page(self, paper: Paper, dpi: float) -> PageImage:
        """Print lane. The paper at ``dpi`` dots an inch, with its measures."""
        return self._stationery.page(paper, dpi)

    def print(self, paper: Paper, reason: str = "") -> None:
        """Print lane. Print one paper; ``reason`` is required when it was printed before."""
        self._stationery.print(paper, self.author(), reason)
