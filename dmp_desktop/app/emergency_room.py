"""Entering without an authorisation, or secretly: bris de glace, medical regulation, a minor's secret connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dmp_desktop.app.pages import Pages
from dmp_desktop.app.rooms import PEOPLE, RECORD
from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.facts import Allergies, AllergyKnowledge
from dmp_desktop.domain.habilitations import AccessMode
from dmp_desktop.domain.identity import Identity
from dmp_desktop.services.emergency import EmergencyDesk, Ending, Stage
from dmp_desktop.services.store_watch import StoreWatch
from dmp_desktop.ui.emergency.page import EmergencyPage
from dmp_desktop.ui.emergency.presenter import EmergencyPresenter
from dmp_desktop.ui.emergency.regulation import RegulationPage, RegulationPresenter
from dmp_desktop.ui.emergency.secret import SecretPresenter
from dmp_desktop.ui.record.banner import record_banner

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program
    from dmp_desktop.app.record_room import RecordRoom


class EmergencyRoom(QObject):
    """Lives as long as the program; each access lives in memory and ends with its band."""

    def __init__(self, program: Program, store: DeskStore, watch: StoreWatch, pages: Pages) -> None:
        super().__init__(program)
        self._program, self._pages = program, pages
        desk = EmergencyDesk(
            watch.access,
            watch.administration,
            store.journal,
            program.clock,
            regulation=lambda: program.settings.structure.medical_regulation,
        )
        self._desk = desk
        self.presenter = EmergencyPresenter(desk, program.lanes, self._memory)
        self.secret = SecretPresenter(desk, program.lanes, self._memory)
        self._record: RecordRoom | None = None

    def join(self, record: RecordRoom) -> None:
        """The record's room, where every access shows."""
        program, pages = self._program, self._pages
        self._record = record
        self.page = EmergencyPage(program.appearance, self.presenter)
        self.regulation = RegulationPresenter(self._desk, program.lanes, self.presenter, record.context_of)
        self._regulation_page = RegulationPage(program.appearance, self.regulation, program.today)
        for page in (self.page, self._regulation_page):
            record.host.addWidget(page)
        self.presenter.changed.connect(self._changed)
        self.presenter.left.connect(self._left)
        self.page.hints_changed.connect(lambda hints: pages.tell_hints(RECORD, hints))
        for presenter in (self.presenter, self.secret):
            presenter.band_changed.connect(program.shell.tell_band)
        program.shell.band.end_asked.connect(self.end)

    @property
    def active(self) -> bool:
        """Whether a record is open in an emergency now."""
        return self.presenter.active

    @property
    def signing(self) -> bool:
        """Whether the list of what was read waits for its signature."""
        flow = self.presenter.flow
        return flow is not None and flow.stage is Stage.SIGNING

    @property
    def idle(self) -> bool:
        """Whether no access is asked for, open or to be signed."""
        return self.presenter.flow is None

    def ask(self) -> None:
        """F12: the first gesture, for the person at the gate or on the screen; a regulation looks for one first."""
        record = self._room
        gate, context = record.gate.gate, record.context
        identity: Identity | None = gate.identity if gate is not None else context.identity if context else None
        if self.regulation.offered and identity is None:
            record.host.setCurrentWidget(self._regulation_page)
            self._pages.go(RECORD)
            self._regulation_page.focus_first()
        elif identity is not None and not self.active:
            record.ask_emergency(AccessMode.CENTRE_15 if self.regulation.offered else AccessMode.BREAK_GLASS, identity)
        else:
            self._pages.go(PEOPLE)

    def end(self) -> None:
        """Alt+F12, or the button of the band."""
        if self.secret.active:
            self.secret.end()
        else:
            self.presenter.end()

    def resume(self, professional: str) -> bool:
        """Somebody signed in: their own list comes back to be signed."""
        return self.presenter.resume(professional)

    def hide(self) -> None:
        """The window is locked: contents are dropped at once."""
        self.secret.end(Ending.LOCKED)
        self.presenter.suspend()
        self.regulation.forget()
        self._program.shell.tell_band(None)

    @property
    def _room(self) -> RecordRoom:
        assert self._record is not None  # noqa: S101 - joined before anything is shown
        return self._record

    def _changed(self) -> None:
        flow, record = self.presenter.flow, self._room
        if flow is None or flow.stage is Stage.OPEN:
            return
        if record.host.currentWidget() is not self.page:
            record.host.setCurrentWidget(self.page)
            if not self._program.shell.locked:
                self._pages.go(RECORD)
        cause = "" if flow.stage is Stage.SIGNING else "avant le motif"
        allergies = Allergies(AllergyKnowledge.UNAVAILABLE, cause=cause)
        self._pages.tell_banner(RECORD, record_banner(flow.context, allergies, self._program.today()))
        self.page.shown()

    def _left(self) -> None:
        self._room.show_nobody()
        if not self._program.shell.locked:
            self._pages.go(PEOPLE)

    def _memory(self) -> ClinicalStore:
        return ClinicalStore.in_memory(self._program.clock)
