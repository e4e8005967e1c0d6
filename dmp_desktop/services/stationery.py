"""The papers of the desk: drawn from what the outbox holds, previewed, printed and registered.

An attestation exists only once the store confirmed; before, a provisional receipt says that the opening waits (F16,
F67). The print lane calls everything here; the drawing library is imported on the first paper, not at start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from dmp_desktop.cache.store import DeskStore
from dmp_desktop.config import PrinterProfile, Settings
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.events import Author, Event, EventState, Opening
from dmp_desktop.errors import BugError, FlowError
from dmp_desktop.printing.texts import information
from dmp_desktop.services.papers import PageImage, Paper, PaperKind, PreviewImage
from dmp_desktop.services.places import place_name
from dmp_desktop.services.session import SessionFlow

if TYPE_CHECKING:
    from datetime import datetime

TITLES = {
    PaperKind.ATTESTATION: "Attestation",
    PaperKind.RECEIPT: "Récépissé provisoire",
    PaperKind.STICKER: "Autocollant",
    PaperKind.LEAFLET: "Information en gros caractères",
}
"""What a job is called in the printer's queue, which others see: a kind of paper, never a person."""

NOT_CONFIRMED = "Le DMP n’a pas encore confirmé."
REFUSED = "Le DMP a refusé cette ouverture."
CONFIRMED = "L’ouverture est confirmée\u00a0: l’attestation le remplace."


class UndatedConfirmation(BugError):
    """A confirmed act without the store's date: no paper may be drawn from it."""

    code = "undated-confirmation"


class Press(Protocol):
    """A way to a printer."""

    def send(self, pdf: bytes, profile: PrinterProfile, title: str) -> None:
        """Print every page at true size."""
        ...


class Stationery:
    """Papers of one post.

    :param demonstration: every page bears DÉMONSTRATION (the sandbox).
    """

    def __init__(
        self, settings: Callable[[], Settings], clock: Clock, store: DeskStore, press: Press, *, demonstration: bool
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._store = store
        self._press = press
        self._demonstration = demonstration
        self.text = information()

    def papers(self, event: Event | None, session: SessionFlow) -> tuple[Paper, ...]:
        """The papers of an opening; without one, those that claim nothing (sticker, leaflet)."""
        if event is None or not isinstance(event.payload, Opening):
            return (self._sticker(self._clock.now(), None), self._leaflet())
        opening = event.payload
        if event.state is EventState.CONFIRMED:
            if event.answered_at is None:
                raise UndatedConfirmation("confirmed without a date")
            attestation = self._paper(
                PaperKind.ATTESTATION, self._draw_attestation(event, opening, session, event.answered_at), event
            )
            return (
                attestation,
                self._disabled(PaperKind.RECEIPT, CONFIRMED, event),
                self._sticker(event.answered_at, event),
                self._leaflet(),
            )
        why = REFUSED if event.state is EventState.REFUSED else NOT_CONFIRMED
        receipt = (
            self._disabled(PaperKind.RECEIPT, REFUSED, event)
            if event.state is EventState.REFUSED
            else self._paper(PaperKind.RECEIPT, self._draw_receipt(event, opening, session), event)
        )
        return (
            receipt,
            self._disabled(PaperKind.ATTESTATION, why, event),
            self._disabled(PaperKind.STICKER, why, event),
            self._leaflet(),
        )

    def preview(self, pdf: bytes, width_px: int) -> PreviewImage:
        """The first page, ``width_px`` wide."""
        from dmp_desktop.printing.preview import page_sizes, rasterise

        raster = rasterise(pdf, width_px * 25.4 / page_sizes(pdf)[0][0])
        return PreviewImage(raster.width, raster.height, raster.data)

    def page(self, paper: Paper, dpi: float) -> PageImage:
        """The paper at ``dpi`` dots an inch, with its measures and the labels of its sheet.

        :raises FlowError: the paper must not exist yet.
        """
        from dmp_desktop.printing.preview import page_sizes, rasterise
        from dmp_desktop.printing.stocks import labels

        if paper.pdf is None:
            raise FlowError("this paper must not exist yet")
        raster = rasterise(paper.pdf, dpi)
        image = PreviewImage(raster.width, raster.height, raster.data)
        return PageImage(image, page_sizes(paper.pdf)[0], labels(self._profile(paper.kind)))

    def print(self, paper: Paper, author: Author, reason: str = "") -> None:
        """Print one paper and register it; nothing is registered when the printer refuses.

        :raises dmp_desktop.cache.outbox.ReasonMissing: it was printed before and no reason is given.
        :raises FlowError: the paper must not exist yet.
        """
        if paper.pdf is None:
            raise FlowError("this paper must not exist yet")
        event = self._store.outbox.get(paper.event) if paper.event else None
        if event is not None:
            self._store.papers.require_reason(event, paper.kind.value, reason)
        self._press.send(paper.pdf, self._profile(paper.kind), TITLES[paper.kind])
        if event is not None:
            self._store.papers.record(event, paper.kind.value, paper.reference, paper.pdf, author, reason)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _draw_attestation(self, event: Event, opening: Opening, session: SessionFlow, confirmed_at: datetime) -> bytes:
        from dmp_desktop.printing.attestation import attestation
        from dmp_desktop.printing.papers import OpeningPaper

        return attestation(
            OpeningPaper(
                opening=opening,
                author=event.author,
                structure=self._settings().structure,
                confirmed_at=confirmed_at,
                printed_at=self._clock.now(),
                role=_role(event.author, session),
                responsible=self._responsible(event.author, session),
                resolved=event.resolved,
                birth_place=place_name((event.resolved.traits if event.resolved else opening.traits).birth_place),
                demonstration=self._demonstration,
            )
        )

    def _draw_receipt(self, event: Event, opening: Opening, session: SessionFlow) -> bytes:
        from dmp_desktop.printing.papers import ReceiptPaper
        from dmp_desktop.printing.receipt import receipt

        return receipt(
            ReceiptPaper(
                opening=opening,
                author=event.author,
                structure=self._settings().structure,
                captured_at=event.created_at,
                printed_at=self._clock.now(),
                reason=opening.deferred_reason,
                birth_place=place_name(opening.traits.birth_place),
                role=_role(event.author, session),
                responsible=self._responsible(event.author, session),
                demonstration=self._demonstration,
            )
        )

    def _sticker(self, opened_at: datetime, event: Event | None) -> Paper:
        from dmp_desktop.printing.papers import StickerPaper
        from dmp_desktop.printing.sticker import sticker

        pdf = sticker(StickerPaper(opened_at, self._demonstration), self._profile(PaperKind.STICKER))
        return self._paper(PaperKind.STICKER, pdf, event)

    def _leaflet(self) -> Paper:
        from dmp_desktop.printing.leaflet import leaflet
        from dmp_desktop.printing.papers import LeafletPaper

        paper = LeafletPaper(
            self._settings().structure, self.text.version, self._clock.now(), demonstration=self._demonstration
        )
        return self._paper(PaperKind.LEAFLET, leaflet(paper), None)

    def _paper(self, kind: PaperKind, pdf: bytes, event: Event | None) -> Paper:
        profile = self._profile(kind)
        reference, event_id = _reference(event), event.id if event else ""
        return Paper(kind, reference, pdf, printer=profile.printer, stock=profile.stock, event=event_id)

    def _disabled(self, kind: PaperKind, reason: str, event: Event) -> Paper:
        return Paper(kind, _reference(event), None, disabled_reason=reason, event=event.id)

    def _profile(self, kind: PaperKind) -> PrinterProfile:
        settings = self._settings()
        return settings.sticker_printer if kind is PaperKind.STICKER else settings.attestation_printer

    def _responsible(self, author: Author, session: SessionFlow) -> str:
        holder = session.holder
        is_staff = holder is not None and holder.id.value == author.professional and holder.is_desk_staff
        return self._settings().structure.responsible if is_staff else ""


def _role(author: Author, session: SessionFlow) -> str:
    """Profession and speciality of the author, known while it is they who are signed in."""
    holder = session.holder
    if holder is None or holder.id.value != author.professional:
        return ""
    words = [holder.practice]
    if not holder.is_desk_staff and holder.speciality_label and holder.profession_label:
        words.insert(0, holder.profession_label)
    return ", ".join(words).lower()


def _reference(event: Event | None) -> str:
    return event.payload.reference if event is not None and isinstance(event.payload, Opening) else ""
