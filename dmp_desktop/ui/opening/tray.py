"""The papers to hand over: which are ticked, how they look, and what became of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.events import Event, EventState
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.opening import OpeningFlow, Stage
from dmp_desktop.services.papers import Paper, PaperKind, PreviewImage
from dmp_desktop.ui.opening.port import DeskPort, Lanes
from dmp_desktop.ui.tasks import Lane

PREVIEW_WIDTH = 480
"""Pixels: twice the widest preview at 100 %, so that it stays sharp on a dense screen."""


class PaperState(StrEnum):
    """What became of a paper."""

    READY = "ready"
    DISABLED = "disabled"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"


@dataclass(slots=True)
class PaperSlot:
    """One paper on the screen.

    :ivar ticked: goes out with the single key.
    """

    paper: Paper
    state: PaperState
    ticked: bool = False
    preview: PreviewImage | None = None
    printed_at: datetime | None = None
    failure: DmpError | None = None
    times: int = field(default=0)

    @property
    def kind(self) -> PaperKind:
        """Kind of paper."""
        return self.paper.kind

    @property
    def again(self) -> bool:
        """Whether printing it makes a second copy of a paper about somebody: its reason is asked (F67)."""
        return self.times > 0 and bool(self.paper.event)

    @property
    def may_print(self) -> bool:
        """Whether it exists and is not on its way already."""
        return self.state not in {PaperState.DISABLED, PaperState.PRINTING}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which papers a stage offers, and the state they tell of: another state has them drawn anew."""

    stage: Stage
    state: DossierState | EventState | None
    kinds: frozenset[PaperKind]


def papers_of(flow: OpeningFlow) -> Wanted | None:
    """The papers the stage of ``flow`` offers; an access that is blocked offers none."""
    leaflet = frozenset({PaperKind.LEAFLET})
    if flow.stage is Stage.DONE and flow.event is not None:
        return Wanted(flow.stage, flow.event.state, frozenset(PaperKind))
    if flow.stage is Stage.EXISTENCE and flow.existence is not None:
        state = flow.existence.state
        if state is DossierState.BLOCKED:
            return None
        return Wanted(flow.stage, state, leaflet | {PaperKind.STICKER} if state is DossierState.ACTIVE else leaflet)
    return Wanted(flow.stage, None, leaflet) if flow.stage in {Stage.CONSENT, Stage.STOPPED} else None


class PaperTray:
    """Loads, previews and prints; a second copy asks its reason first."""

    def __init__(self, desk: DeskPort, lanes: Lanes, clock: Clock, changed: Callable[[], None]) -> None:
        self._desk = desk
        self._lanes = lanes
        self._clock = clock
        self._changed = changed
        self._generation = 0
        self.slots: list[PaperSlot] = []
        self.loading = False
        self.failure: DmpError | None = None
        self.awaiting_reason: tuple[PaperSlot, ...] = ()

    def load(self, event: Event | None, only: frozenset[PaperKind] = frozenset(PaperKind)) -> None:
        """Have the papers of ``event`` drawn; what was printed of the same kind stays printed."""
        self._generation += 1
        generation, before = self._generation, {slot.kind: slot for slot in self.slots}
        self.slots, self.loading, self.failure, self.awaiting_reason = [], True, None, ()

        def drawn(papers: tuple[Paper, ...]) -> None:
            if generation != self._generation:
                return
            self.loading = False
            self.slots = [_slot(paper, before.get(paper.kind)) for paper in papers if paper.kind in only]
            for slot in self.slots:
                self._draw(slot, generation)
            self._changed()

        def failed(error: DmpError) -> None:
            if generation == self._generation:
                self.loading, self.failure = False, error
                self._changed()

        self._lanes.run(Lane.PRINT, lambda: self._desk.papers(event), drawn, failed)

    def clear(self) -> None:
        """Forget everything: another opening begins."""
        self._generation += 1
        self.slots, self.loading, self.failure, self.awaiting_reason = [], False, None, ()

    def tick(self, kind: PaperKind, on: bool) -> None:
        """Tick or untick one paper."""
        slot = self.slot(kind)
        if slot is not None and slot.state is not PaperState.DISABLED and slot.ticked is not on:
            slot.ticked = on
            self._changed()

    def slot(self, kind: PaperKind) -> PaperSlot | None:
        """The paper of that kind, if there is one."""
        return next((slot for slot in self.slots if slot.kind is kind), None)

    @property
    def fault(self) -> DmpError | None:
        """Why the papers could not be drawn, or the first of them not printed."""
        return self.failure or next((slot.failure for slot in self.slots if slot.failure is not None), None)

    @property
    def printable(self) -> tuple[PaperSlot, ...]:
        """What the single key would send now."""
        return tuple(slot for slot in self.slots if slot.ticked and slot.may_print)

    @property
    def cards(self) -> tuple[PaperSlot, ...]:
        """At most three papers to show: what may be handed over, then what may not yet; the leaflet if there is room.

        A receipt that the attestation has replaced is not worth a place.
        """
        main = [s for s in self.slots if s.kind is not PaperKind.LEAFLET]
        if any(s.kind is PaperKind.ATTESTATION and s.state is not PaperState.DISABLED for s in main):
            main = [s for s in main if s.kind is not PaperKind.RECEIPT]
        if len(main) < 3:
            main += [s for s in self.slots if s.kind is PaperKind.LEAFLET]
        return tuple(main)

    def print_ticked(self) -> None:
        """Everything ticked that was not printed yet; if all was, the reason of a second copy is asked."""
        fresh = tuple(slot for slot in self.printable if not slot.again)
        if fresh:
            self._send(fresh, "")
        elif self.printable:
            self._ask(self.printable)

    def print_one(self, kind: PaperKind) -> None:
        """One paper alone, ticked or not."""
        slot = self.slot(kind)
        if slot is None or not slot.may_print:
            return
        if slot.again:
            self._ask((slot,))
        else:
            self._send((slot,), "")

    def give_reason(self, reason: str) -> None:
        """Why a second copy is printed; journalled with it."""
        slots, self.awaiting_reason = self.awaiting_reason, ()
        if slots and reason.strip():
            self._send(slots, reason.strip())

    def withdraw(self) -> None:
        """No second copy after all."""
        self.awaiting_reason = ()
        self._changed()

    def _ask(self, slots: tuple[PaperSlot, ...]) -> None:
        self.awaiting_reason = slots
        self._changed()

    def _send(self, slots: tuple[PaperSlot, ...], reason: str) -> None:
        for slot in slots:
            slot.state, slot.failure = PaperState.PRINTING, None
            self._print(slot, reason)
        self._changed()

    def _print(self, slot: PaperSlot, reason: str) -> None:
        paper = slot.paper

        def work() -> bool:
            try:
                self._desk.print(paper, reason)
            except Cancelled:
                # The system's own print dialog was dismissed: a lane says nothing of it, the paper must be ready again.
                return False
            return True

        def ended(printed: bool) -> None:
            if printed:
                slot.state, slot.printed_at, slot.times = PaperState.PRINTED, self._clock.now(), slot.times + 1
            else:
                slot.state = PaperState.PRINTED if slot.times else PaperState.READY
            self._changed()

        def failed(error: DmpError) -> None:
            slot.state, slot.failure = PaperState.FAILED, error
            self._changed()

        self._lanes.run(Lane.PRINT, work, ended, failed)

    def _draw(self, slot: PaperSlot, generation: int) -> None:
        pdf = slot.paper.pdf
        if pdf is None:
            return

        def drawn(image: PreviewImage) -> None:
            if generation == self._generation:
                slot.preview = image
                self._changed()

        # A paper without its preview can still be printed: the card then shows its icon.
        self._lanes.run(Lane.PRINT, lambda: self._desk.preview(pdf, PREVIEW_WIDTH), drawn, lambda _: None)


def _slot(paper: Paper, before: PaperSlot | None) -> PaperSlot:
    if paper.pdf is None:
        return PaperSlot(paper, PaperState.DISABLED)
    ticked = paper.kind is not PaperKind.LEAFLET
    if before is not None and before.times and before.paper.reference == paper.reference:
        return PaperSlot(paper, PaperState.PRINTED, before.ticked, None, before.printed_at, None, before.times)
    return PaperSlot(paper, PaperState.READY, ticked)
