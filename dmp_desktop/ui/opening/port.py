"""What the opening's screens ask of the rest of the program: one seam, satisfied by the desk service.

Every method names the lane it must be called from; the two without a lane answer from memory.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from dmp_desktop.domain.dossier import ExistenceAnswer
from dmp_desktop.domain.events import Author, Event, Opening
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits, Identity, InsiAnswer, Traits, VitaleReading
from dmp_desktop.errors import DmpError
from dmp_desktop.services.opening import OpeningFlow
from dmp_desktop.services.papers import PageImage, Paper, PreviewImage
from dmp_desktop.ui.tasks import Lane

T = TypeVar("T")


class InformationText(Protocol):
    """The information given to the person, as the practice shows and prints it."""

    @property
    def version(self) -> str:
        """Version of the text, stored with the consent (EX_1.1-1010)."""
        ...

    @property
    def short(self) -> str:
        """What is said at the desk; an empty line between paragraphs."""
        ...

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """Heading and text of each part of the large print."""
        ...


class DeskPort(Protocol):
    """The desk, as the opening needs it."""

    def new_flow(self) -> OpeningFlow:
        """A fresh opening for the person signed in."""
        ...

    def author(self) -> Author:
        """Under whose name acts leave.

        :raises dmp_desktop.errors.FlowError: no session is open.
        """
        ...

    def read_vitale(self) -> VitaleReading:
        """Cards lane. Read the Vitale of whichever reader holds one.

        :raises dmp_desktop.domain.readers.NoCard: no reader holds one; any other card error.
        """
        ...

    def ask_insi(self, card: CardTraits) -> InsiAnswer:
        """Sync lane. INSi with what the card holds."""
        ...

    def ask_insi_by_traits(self, traits: Traits) -> InsiAnswer:
        """Sync lane. INSi with the traits, when the card's numbers did not find one person."""
        ...

    def ask_existence(self, ins: Ins) -> ExistenceAnswer:
        """Sync lane. Is there a dossier (TD0.2)."""
        ...

    def earlier_refusal(self, ins: Ins) -> datetime | None:
        """Any lane. When the person said no here, not long ago."""
        ...

    def next_reference(self, reactivation: bool) -> str:
        """Cache lane. The reference of the opening about to be written."""
        ...

    def keep(self, opening: Opening) -> Event:
        """Cache lane. Write the act durably, once."""
        ...

    def authorise(self, identity: Identity, treating: bool) -> Event:
        """Cache lane. Write an authorisation of the author (EX_0.3-1010: on an explicit act only)."""
        ...

    def deliver(self, event_id: str) -> Event:
        """Sync lane. Try to deliver one event now; its state afterwards."""
        ...

    def record_refusal(self, flow: OpeningFlow) -> None:
        """Cache lane. The person refuses or hesitates: journalled, without pressure."""
        ...

    def record_decision(self, flow: OpeningFlow, accepted: bool) -> None:
        """Cache lane. What was decided on a difference of identity, journalled (EX_GEN-1230)."""
        ...

    def papers(self, event: Event | None) -> tuple[Paper, ...]:
        """Print lane. The papers of ``event``; without one, those that claim nothing (sticker, leaflet)."""
        ...

    def preview(self, pdf: bytes, width_px: int) -> PreviewImage:
        """Print lane. First page as pixels, ``width_px`` wide."""
        ...

    def page(self, paper: Paper, dpi: float) -> PageImage:
        """Print lane. The page as pixels, ``dpi`` an inch, with its measures in millimetres."""
        ...

    def print(self, paper: Paper, reason: str = "") -> None:
        """Print lane. Print one paper; ``reason`` is required when it was printed before."""
        ...

    def information(self) -> InformationText:
        """The information text in force."""
        ...


class Running(Protocol):
    """A piece of slow work under way."""

    def cancel(self) -> None:
        """Give up its result; a network call is cut."""
        ...


class Lanes(Protocol):
    """Slow work off the screen's thread; results and failures come back on it."""

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[DmpError], None],
    ) -> Running:
        """Run ``work`` in its lane, then exactly one of the two callbacks, unless cancelled."""
        ...
