"""A desk whose every answer is chosen by the test, and lanes whose work is let through one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from helpers.clocks import HandClock
from helpers.people import ACTIVE_AT, CABINET, doctor, gaspard_found, reading

from dmp_desktop.domain.dossier import DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, AuthorisationChange, Event, EventState, Opening
from dmp_desktop.domain.identifiers import CardNature, Ins
from dmp_desktop.domain.identity import CardTraits, Identity, InsiAnswer, Traits, VitaleReading
from dmp_desktop.domain.readers import CardFamily, NoCard, ReaderChange, ReaderEvent
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.opening import OpeningFlow, Platform
from dmp_desktop.services.papers import PageImage, Paper, PaperKind, PreviewImage
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.tasks import Lane

VITALE_IN = ReaderEvent(ReaderChange.CARD_IN, "right", b"", CardFamily.VITALE_2)
VITALE_OUT = ReaderEvent(ReaderChange.CARD_OUT, "right")


class Text:
    """The information text."""

    version = "2026-11"
    short = (
        "Le Dossier Médical Partagé réunit vos ordonnances, vos comptes rendus et vos résultats. "
        "Il est gratuit et n’est pas obligatoire.\n\n"
        "Seuls vous et les professionnels de santé que vous autorisez le consultent.\n\n"
        "À tout moment, vous pouvez changer d’avis, fermer le dossier ou demander sa destruction."
    )
    sections = (("À quoi sert-il\u202f?", "Il garde vos ordonnances."), ("Qui peut le lire\u202f?", "Vous."))


@dataclass
class Job:
    """One piece of work waiting in its lane."""

    lane: Lane
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[DmpError], None]
    cancelled: bool = False

    def cancel(self) -> None:
        """Given up."""
        self.cancelled = True

    def let_through(self) -> None:
        """Do the work and bring its result back, even of a job given up: the screen must not care.

        As in the real lanes, nothing is said of work that was cancelled.
        """
        try:
            result = self.work()
        except Cancelled:
            return
        except DmpError as error:
            self.failed(error)
        else:
            self.done(result)


@dataclass
class HandLanes:
    """Nothing runs until the test lets it through."""

    waiting: list[Job] = field(default_factory=list)

    def run(
        self, lane: Lane, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[DmpError], None]
    ) -> Job:
        """Keep the work for later."""
        job = Job(lane, work, done, failed)
        self.waiting.append(job)
        return job

    def next(self) -> None:
        """Let the oldest job through."""
        self.waiting.pop(0).let_through()

    def all(self, but: frozenset[Lane] = frozenset()) -> None:
        """Let everything through, and what it starts, except the lanes held."""
        while held := [job for job in self.waiting if job.lane not in but]:
            self.waiting.remove(held[0])
            held[0].let_through()


def _said(answer: Any) -> Any:
    if isinstance(answer, DmpError):
        raise answer
    return answer


def blank_page(kind: PaperKind, dpi: float) -> PageImage:
    """White paper of the size of its kind."""
    size = (24.0, 12.0) if kind is PaperKind.STICKER else (210.0, 297.0)
    width, height = (round(mm / 25.4 * dpi) for mm in size)
    return PageImage(PreviewImage(width, height, b"\xff" * (width * height * 3)), size)


@dataclass
class ScriptedDesk:
    """Answers as told; remembers what was written."""

    clock: HandClock
    card: VitaleReading | DmpError
    insi: InsiAnswer | DmpError = field(default_factory=gaspard_found)
    by_traits: InsiAnswer | DmpError | None = None
    refused_on: datetime | None = None
    existence: ExistenceAnswer | DmpError = field(default_factory=lambda: ExistenceAnswer(DossierState.NONE, ACTIVE_AT))
    keep_failure: DmpError | None = None
    delivered: EventState | DmpError = EventState.CONFIRMED
    cause: tuple[str, str] = ("", "")
    print_failure: DmpError | None = None
    record_failure: DmpError | None = None
    kept: list[Event] = field(default_factory=list)
    printed: list[tuple[PaperKind, str]] = field(default_factory=list)
    decisions: list[bool] = field(default_factory=list)
    refusals: list[OpeningFlow] = field(default_factory=list)
    asked_traits: list[Traits] = field(default_factory=list)
    pdf: Callable[[PaperKind], bytes] = lambda kind: kind.encode()
    paint: Callable[[bytes, int], PreviewImage] = lambda _pdf, width: PreviewImage(
        width, width * 14 // 10, b"\xff" * (width * (width * 14 // 10) * 3)
    )

    draw: Callable[[Paper, float], PageImage | DmpError] = lambda paper, dpi: blank_page(paper.kind, dpi)

    def new_flow(self) -> OpeningFlow:
        return OpeningFlow(self.clock, Platform(CardNature.TEST, lambda nir: nir.value[5:7] == "99"), "2026-11")

    def author(self) -> Author:
        person = doctor()
        return Author(person.id.value, CABINET.structure.value, CABINET.sector, person.display_name, CABINET.name)

    def read_vitale(self) -> VitaleReading:
        card: VitaleReading = _said(self.card)
        return replace(card, read_at=self.clock.now())

    def ask_insi(self, card: CardTraits) -> InsiAnswer:
        answer: InsiAnswer = _said(self.insi)
        return answer

    def ask_insi_by_traits(self, traits: Traits) -> InsiAnswer:
        self.asked_traits.append(traits)
        answer: InsiAnswer = _said(self.by_traits)
        return answer

    def ask_existence(self, ins: Ins) -> ExistenceAnswer:
        answer: ExistenceAnswer = _said(self.existence)
        return answer

    def earlier_refusal(self, ins: Ins) -> datetime | None:
        return self.refused_on

    def next_reference(self, reactivation: bool) -> str:
        return f"{'REA' if reactivation else 'OUV'}-2026-0414-{len(self.kept) + 1:04d}"

    def keep(self, opening: Opening) -> Event:
        _said(self.keep_failure)
        return self._keep(opening)

    def authorise(self, identity: Identity, treating: bool) -> Event:
        assert identity.ins is not None
        _said(self.keep_failure)
        return self._keep(AuthorisationChange(identity.ins, AuthorisationAct.ADD, treating))

    def _keep(self, payload: Opening | AuthorisationChange) -> Event:
        event = Event(f"event-{len(self.kept) + 1}", self.author(), self.clock.now(), payload)
        self.kept.append(event)
        return event

    def deliver(self, event_id: str) -> Event:
        state: EventState = _said(self.delivered)
        event = next(event for event in self.kept if event.id == event_id)
        at = self.clock.now() if state in {EventState.CONFIRMED, EventState.REFUSED} else None
        return replace(event, state=state, answered_at=at, cause=self.cause[0], cause_text=self.cause[1])

    def record_refusal(self, flow: OpeningFlow) -> None:
        _said(self.record_failure)
        self.refusals.append(flow)

    def record_decision(self, flow: OpeningFlow, accepted: bool) -> None:
        _said(self.record_failure)
        self.decisions.append(accepted)

    def papers(self, event: Event | None) -> tuple[Paper, ...]:
        reference = event.payload.reference if event and isinstance(event.payload, Opening) else ""
        confirmed = event is not None and event.state is EventState.CONFIRMED
        refused = event is not None and event.state is EventState.REFUSED

        def paper(kind: PaperKind, printer: str, stock: str, reason: str = "") -> Paper:
            about = event.id if event is not None and kind is not PaperKind.LEAFLET else ""
            return Paper(kind, reference, None if reason else self.pdf(kind), reason, printer, stock, about)

        a4, label = ("Laser accueil, bac 1", "A4"), ("Étiqueteuse, rouleau 24 × 12", "label-24x12")
        papers = [paper(PaperKind.STICKER, *label), paper(PaperKind.LEAFLET, *a4)]
        if event is None:
            return tuple(papers)
        if confirmed:
            replaced = paper(PaperKind.RECEIPT, *a4, "L’attestation le remplace.")
            return (paper(PaperKind.ATTESTATION, *a4), replaced, *papers)
        later = "Après la confirmation du DMP."
        if refused:
            no = "Le DMP a refusé cette ouverture."
            return (
                paper(PaperKind.RECEIPT, *a4, no),
                paper(PaperKind.ATTESTATION, *a4, no),
                paper(PaperKind.STICKER, *label, no),
                papers[1],
            )
        return (
            paper(PaperKind.RECEIPT, *a4),
            paper(PaperKind.ATTESTATION, *a4, later),
            paper(PaperKind.STICKER, *label, later),
            papers[1],
        )

    def preview(self, pdf: bytes, width_px: int) -> PreviewImage:
        return self.paint(pdf, width_px)

    def page(self, paper: Paper, dpi: float) -> PageImage:
        drawn: PageImage = _said(self.draw(paper, dpi))
        return drawn

    def print(self, paper: Paper, reason: str = "") -> None:
        _said(self.print_failure)
        self.printed.append((paper.kind, reason))

    def information(self) -> Text:
        return Text()


class Desk:
    """A presenter with everything around it in the test's hands."""

    def __init__(self, card: VitaleReading | DmpError | None = None) -> None:
        self.clock = HandClock()
        self.port = ScriptedDesk(self.clock, card if card is not None else NoCard("no card"))
        self.lanes = HandLanes()
        self.professional = doctor()
        self.presenter = OpeningPresenter(self.port, self.lanes, self.clock, self.professional)

    def insert(self, card: VitaleReading | None = None) -> None:
        """Put a Vitale in the reader."""
        self.port.card = card or reading(self.clock.now())
        self.presenter.reader_changed(VITALE_IN)

    def pull(self) -> None:
        """Take it out."""
        self.port.card = NoCard("no card")
        self.presenter.reader_changed(VITALE_OUT)

    def to_person(self) -> None:
        """Card in and read."""
        self.presenter.begin()
        self.insert()
        self.lanes.all()

    def to_identity(self, position: int = 2) -> None:
        """Somebody chosen, INSi being asked."""
        self.to_person()
        self.presenter.choose(position)
        self.presenter.confirm_person()

    def to_consent(self, position: int = 2) -> None:
        """Everything answered."""
        self.to_identity(position)
        self.lanes.all()

    def consent(self) -> None:
        """Information given, consent ticked."""
        form = self.presenter.flow.form
        form.tick_informed(self.clock.now())
        form.tick_consent(self.clock.now())

    def to_done(self) -> None:
        """The opening sent and answered."""
        self.to_consent()
        self.consent()
        self.presenter.submit()
        self.lanes.all()
