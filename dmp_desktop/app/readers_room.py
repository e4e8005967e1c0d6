"""The readers: what the program knows of them joined to their page, and the sandbox's cards beside the sign-in."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dmp_desktop.app.world import Parts
from dmp_desktop.cards.doctor_words import Action
from dmp_desktop.cards.pkcs11_modules import find_module
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.identity import VitaleReading
from dmp_desktop.domain.readers import CardFamily, ModuleMissing, ReaderChange, ReaderEvent
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.sync.tls import MAX_DRIFT
from dmp_desktop.ui.opening.base import KeyHint
from dmp_desktop.ui.readers_page import ReadersPage
from dmp_desktop.ui.readers_presenter import ReadersPresenter, Sources
from dmp_desktop.ui.tasks import Lane

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program
    from dmp_desktop.app.sandbox_hands import SandboxHands
    from dmp_desktop.ui.simulated_cards import SimulatedCards


class ReadersRoom(QObject):
    """Lives as long as the program. Nothing here ever holds what a Vitale says.

    :ivar beside: the sandbox's cards beside the sign-in, ``None`` in real life.
    """

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._program = program
        self._fault: DmpError | None = None
        self._was_read = False
        self._panels: list[SimulatedCards] = []
        self._hands = self._in_hand()
        sources = Sources(
            service_up=lambda: program.board.service_up,
            slots=lambda: tuple(program.board.slots.values()),
            module_found=self._module_found,
            holder=lambda: program.flow.holder.display_name if program.flow.holder else "",
            tries=lambda: program.flow.tries,
            professional_fault=lambda: program.session.fault,
            vitale_read=self._vitale_read,
            vitale_fault=self._vitale_fault,
            answered=lambda: program.room is not None and program.room.watch.answered_at is not None,
            silent=lambda: program.room is not None and program.room.watch.silent_since is not None,
            drift=lambda: program.parts.gateway.drift if program.parts else None,
            tolerated=MAX_DRIFT,
        )
        self.presenter = ReadersPresenter(sources, self._now, self._again, self._read, self._possible)
        self.beside = self._panel()

    @cached_property
    def page(self) -> ReadersPage:
        """The page of whoever is signed in."""
        return ReadersPage(self._program.appearance, self.presenter, self._panel())

    @cached_property
    def over_lock(self) -> ReadersPage:
        """The same over the sign-in; made when it is first asked for, so that the window opens at once."""
        page = ReadersPage(self._program.appearance, self.presenter, self._panel())
        page.hints_changed.connect(self._list_keys)
        page.left.connect(lambda: self._list_keys(()))
        return page

    def _in_hand(self) -> SandboxHands | None:
        if not self._program.options.sandbox or self._program.options.pcsc:
            return None
        from dmp_desktop.app.sandbox_hands import SandboxHands

        return SandboxHands(self._program.lanes, self._refresh_panels)

    def _panel(self) -> SimulatedCards | None:
        if self._hands is None:
            return None
        from dmp_desktop.ui.simulated_cards import SimulatedCards

        panel = SimulatedCards(self._program.appearance, self._hands, self._hands)
        self._panels.append(panel)
        return panel

    def _refresh_panels(self) -> None:
        for panel in self._panels:
            panel.refresh()

    # -- news ---------------------------------------------------------------------------------------------------------

    def awake(self, parts: Parts) -> None:
        """The parts of the program are alive."""
        if self._hands is not None and parts.sandbox is not None:
            self._hands.hold(parts.sandbox)

    def reader_changed(self, event: ReaderEvent) -> None:
        """What the watcher saw: what was tried with another card is forgotten."""
        if event.change is not ReaderChange.SERVICE_UP and event.family is not CardFamily.CPS:
            self._fault, self._was_read = None, False
        self.look()
        self._refresh_panels()

    def look(self) -> None:
        """Something the checks depend on may have changed."""
        self.presenter.look()

    # -- facts --------------------------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return self._program.clock.now().astimezone(PARIS)

    def _module_found(self) -> bool:
        if self._hands is not None:
            return True
        try:
            find_module(self._program.settings.cards.pkcs11_module)
        except ModuleMissing:
            return False
        return True

    def _vitale_read(self) -> bool:
        room = self._program.room
        flow = room.presenter.flow if room is not None and room.presenter is not None else None
        return self._was_read or (flow is not None and flow.reading is not None and flow.card_present)

    def _vitale_fault(self) -> DmpError | None:
        room = self._program.room
        if self._was_read or room is None or room.presenter is None:
            return self._fault
        return self._fault or room.presenter.fault

    def _possible(self) -> frozenset[Action]:
        settings = {Action.OPEN_SETTINGS} if self._program.room is not None else set()
        reading = {Action.READ_AGAIN} if self._program.flow.is_open else set()
        return frozenset(settings | reading)

    # -- gestures -----------------------------------------------------------------------------------------------------

    def _again(self) -> None:
        program = self._program
        program.session.read_again()
        if program.flow.is_open and program.room is not None:
            self._read()
            program.room.deliver()

    def _read(self) -> None:
        room = self._program.room
        if room is None or not self._program.flow.is_open or self._program.board.vitale_slot() is None:
            return

        def read(_reading: VitaleReading) -> None:
            self._fault, self._was_read = None, True
            self.look()

        def failed(error: DmpError) -> None:
            self._fault, self._was_read = None if isinstance(error, Cancelled) else error, False
            self.look()

        self._program.lanes.run(Lane.CARDS, room.desk.read_vitale, read, failed)

    def _list_keys(self, hints: tuple[KeyHint, ...]) -> None:
        self._program.shell.status.list_keys(tuple((hint.keys, hint.words) for hint in hints))
