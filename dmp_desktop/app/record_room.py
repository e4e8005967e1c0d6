"""« Dossier »: one person at a time, from the way in to the record, in the encrypted copy or in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from dmp_desktop.app.open_record import OpenRecord
from dmp_desktop.app.pages import Pages
from dmp_desktop.app.rooms import RECORD
from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.files import write_whole
from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.preferences import ListChoices
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.draft import Drafts
from dmp_desktop.domain.habilitations import AccessMode, PatientMatch
from dmp_desktop.domain.identity import Identity, InsStatus, Traits
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.shelf import ForgetReason, Shelf
from dmp_desktop.errors import DmpError, FlowError
from dmp_desktop.reading.readable import text_of
from dmp_desktop.services.desk import Delivery
from dmp_desktop.services.document_paper import DocumentDesk, HandedOut
from dmp_desktop.services.entrance import Entrance
from dmp_desktop.services.history import AccessLog
from dmp_desktop.services.properties import PropertiesDesk
from dmp_desktop.services.record import Record
from dmp_desktop.services.stationery import Press
from dmp_desktop.services.store_watch import StoreWatch
from dmp_desktop.sync.refresh import Refresher
from dmp_desktop.ui.emergency.presenter import EmergencyPresenter, OpenedInMemory
from dmp_desktop.ui.emergency.secret import SecretPresenter
from dmp_desktop.ui.page_frame import on_key
from dmp_desktop.ui.record.banner import gate_banner
from dmp_desktop.ui.record.document import BeforeReading
from dmp_desktop.ui.record.gate_page import GatePage
from dmp_desktop.ui.record.gate_presenter import GatePresenter
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.widgets.messages import EmptyState

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program


@dataclass(frozen=True, slots=True)
class RecordParts:
    """What the room is joined to.

    :ivar press: where papers go; ``watch``: the store, watched; ``delivery``: the outbox's engine.
    :ivar refresher: of the records' lists; ``forget``: purges the copy of a dossier.
    """

    store: DeskStore
    watch: StoreWatch
    delivery: Delivery
    press: Press
    refresher: Refresher
    forget: Callable[[str, ForgetReason, str | None], None]


class RecordRoom(QObject):
    """Lives as long as the program; holds one open record, or the way into one, or nothing.

    :ivar record: the record on the screen, ``None`` while there is none.
    """

    context_changed = Signal()
    opening_asked = Signal(object)
    """Somebody without an open dossier: open or reactivate it."""
    deposit_asked = Signal(object)
    replacing = Signal(object)
    acted = Signal()
    status_changed = Signal()
    banner_changed = Signal(object)
    """What the banner says of the record on the screen: the other pages about the same person say it too."""

    def __init__(
        self,
        program: Program,
        parts: RecordParts,
        pages: Pages,
        emergency: EmergencyPresenter,
        secret: SecretPresenter,
    ) -> None:
        super().__init__(program)
        self._program, self._parts, self._pages = program, parts, pages
        self._emergency, self._secret = emergency, secret
        store, watch = parts.store, parts.watch
        entrance = Entrance(
            store,
            watch.access,
            parts.delivery,
            program.clock,
            self._shelf,
            parts.forget,
            lambda: program.settings.structure.secret_from,
        )
        self.gate = GatePresenter(entrance, program.lanes, program.clock.now)
        self.gate_page = GatePage(program.appearance, self.gate)
        self._properties = PropertiesDesk(store)
        self._log = AccessLog(store, program.clock)
        self.documents = DocumentDesk(
            lambda: program.settings,
            program.clock,
            parts.press,
            lambda data, file: write_whole(file, data),
            self._handed_out,
            demonstration=program.options.sandbox,
        )
        self.press = parts.press
        self.host = QStackedWidget()
        self._nobody = EmptyState(
            program.appearance, "folder", "Aucun dossier n’est ouvert.", "Cherchez une personne avec F3, ou Ctrl+K."
        )
        for page in (self._nobody, self.gate_page):
            self.host.addWidget(page)
        self.record: OpenRecord | None = None
        self._memory_copy: ClinicalStore | None = None
        self._came_from = ""
        self._join()
        pages.add(RECORD, "folder", "Dossier", self.host, self.shown)

    def _join(self) -> None:
        gate = self.gate
        gate.opened.connect(self._entered)
        gate.changed.connect(self._gate_changed)
        gate.left.connect(self._left_gate)
        gate.opening_asked.connect(self.opening_asked)
        gate.emergency_asked.connect(lambda way: self._ask_emergency(way.identity))
        self.gate_page.deposit_asked.connect(self.deposit_asked)
        self.gate_page.hints_changed.connect(self._tell_hints)
        self._emergency.opened.connect(self._entered_in_emergency)
        self._emergency.ended.connect(self.close)
        self._secret.opened.connect(lambda opened: self._show_record(opened, None))
        self._secret.ended.connect(self.close)

    # -- who ----------------------------------------------------------------------------------------------------------

    @property
    def context(self) -> RecordContext | None:
        """Whose record is on the screen."""
        return self.record.context if self.record is not None else None

    def open_dossier(self, dossier: str) -> None:
        """Somebody of this post, by the key of their dossier."""
        if self.record is not None and self.record.context.dossier == dossier:
            self._pages.go(RECORD)
            return

        def found(identity: Identity | None) -> None:
            if identity is not None:
                self.open(identity)

        self._program.lanes.run(
            Lane.CACHE, lambda: self._parts.store.patients.identity(dossier), found, self._not_found
        )

    def open(self, identity: Identity) -> None:
        """The way into this person's record; another one that was open is closed first."""
        flow = self._program.flow
        if flow.holder is None or not flow.is_open:
            return
        self.close()
        self._came_from = self._program.shell.page
        self.host.setCurrentWidget(self.gate_page)
        self.gate.begin(identity, flow.holder, flow.author())
        self._pages.go(RECORD)

    def close(self) -> None:
        """Nobody's record is on the screen any more; a memory ends with it."""
        record, self.record = self.record, None
        copy, self._memory_copy = self._memory_copy, None
        if record is not None:
            self.show_nobody()
            self.host.removeWidget(record.host)
            record.close()
        if copy is not None:
            self._program.lanes.run(Lane.CACHE, copy.close, lambda _none: None, lambda _error: None)
        if record is not None:
            self.context_changed.emit()

    def leave(self) -> None:
        """The visit is over (Ctrl+W): the record closes, an access in memory ends."""
        if self._secret.active:
            self._secret.end()
        elif self._emergency.active:
            self._emergency.end()
        else:
            self.close()

    def hide(self) -> None:
        """The window is locked: nothing of anybody remains here."""
        self.gate.forget()
        self.close()
        self.show_nobody()

    def show_nobody(self) -> None:
        """No record, no way into one."""
        self.host.setCurrentWidget(self._nobody)
        self._pages.tell_banner(RECORD, None)
        self._pages.tell_hints(RECORD, ())

    def drafts(self) -> Drafts | None:
        """Where a deposit is kept: with the record on the screen, else in the copy while it is open."""
        clinical = self._program.profile.clinical
        return clinical.drafts if clinical is not None else None

    def context_of(self, match: PatientMatch) -> RecordContext:
        """The record of somebody a regulation found by their traits.

        :raises FlowError: nobody is signed in, or the store gave no INS.
        """
        flow = self._program.flow
        if flow.holder is None or match.ins is None:
            raise FlowError("nobody to look for them, or no INS")
        traits = Traits(match.birth_name, match.given_names, match.sex, match.birth_date, used_name=match.used_name)
        identity = Identity(traits, InsStatus.RETRIEVED, match.ins)
        dossier = self._parts.store.patients.dossier_key(match.ins)
        return RecordContext(dossier, identity, flow.holder, flow.author(), opened_at=self._program.clock.now())

    # -- what is shown ------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page comes to the front."""
        current = self.host.currentWidget()
        if self.record is not None and current is self.record.host:
            self.record.shown()
        elif current is self.gate_page:
            self.gate_page.shown()
        else:
            self._nobody.setFocus()

    def _gate_changed(self) -> None:
        gate = self.gate.gate
        if self.host.currentWidget() is self.gate_page:
            self._pages.tell_banner(RECORD, gate_banner(gate) if gate is not None else None)

    def _left_gate(self) -> None:
        self.show_nobody()
        self._pages.go(self._came_from or RECORD)

    def _tell_hints(self, hints: tuple[object, ...]) -> None:
        self._pages.tell_hints(RECORD, hints)  # type: ignore[arg-type]  # a signal carries any object

    # -- entering -----------------------------------------------------------------------------------------------------

    def _entered(self, context: RecordContext) -> None:
        """The way in is open: into the copy, or into a memory where the copy is closed or must not be written."""
        if context.access.secret:
            self._secret.open(context)
            return
        clinical = self._program.profile.clinical
        if clinical is not None:
            self._show(context, clinical.shelf, clinical.drafts)
            return
        # The person goes on without the copy: the record is read at the store, and nothing of it stays.
        self._memory_copy = ClinicalStore.in_memory(self._program.clock)
        self._show(context, self._memory_copy.shelf, self._memory_copy.drafts)

    def _ask_emergency(self, identity: Identity) -> None:
        """F12 at the gate: the first of two gestures."""
        self.ask_emergency(AccessMode.BREAK_GLASS, identity)

    def ask_emergency(self, mode: AccessMode, identity: Identity) -> None:
        """The first gesture of an access without authorisation, for this person."""
        flow = self._program.flow
        if flow.holder is None or not flow.is_open:
            return
        holder, author = flow.holder, flow.author()
        patients = self._parts.store.patients

        def begin(dossier: str) -> None:
            self.gate.forget()
            self.close()
            self._emergency.begin(
                RecordContext(dossier, identity, holder, author, opened_at=self._program.clock.now()), mode
            )

        self._program.lanes.run(Lane.CACHE, lambda: patients.remember(identity), begin, self._not_found)

    def _entered_in_emergency(self, opened: OpenedInMemory) -> None:
        self._show_record(opened, self._emergency.reading)
        self._pages.go(RECORD)

    def _show_record(self, opened: OpenedInMemory, before_reading: BeforeReading | None) -> None:
        copy = opened.copy
        assert isinstance(copy, ClinicalStore)  # noqa: S101 - made by this program's own factory
        self._show(opened.context, copy.shelf, copy.drafts, before_reading)

    def _show(
        self, context: RecordContext, shelf: Shelf, drafts: Drafts, before_reading: BeforeReading | None = None
    ) -> None:
        store = self._parts.store
        record = Record(
            context, shelf, drafts, store.outbox, self._parts.watch.documents, self._parts.refresher, text_of
        )
        choices = ListChoices(store.database, context.author.professional)
        opened = OpenRecord(self._program, record, choices, self, self._properties, self._log, before_reading)
        self.record = opened
        opened.banner_changed.connect(partial(self._tell_banner, opened))
        opened.hints_changed.connect(partial(self._tell_record_hints, opened))
        opened.acted.connect(self.acted)
        opened.replacing.connect(self.replacing)
        opened.failed.connect(self._failed)
        opened.status_changed.connect(self.status_changed)
        opened.presenter.turned_away.connect(partial(self._turned_away, opened))
        on_key(opened.host, "Ctrl+W", self.leave)
        self.host.addWidget(opened.host)
        self.host.setCurrentWidget(opened.host)
        opened.open()
        if self._program.shell.page == RECORD:
            opened.shown()
        self.context_changed.emit()

    def _tell_banner(self, opened: OpenRecord, content: object) -> None:
        if opened is self.record:
            self._pages.tell_banner(RECORD, content)  # type: ignore[arg-type]  # a signal carries any object
            self.banner_changed.emit(content)

    def _tell_record_hints(self, opened: OpenRecord, hints: tuple[object, ...]) -> None:
        if opened is self.record:
            self._tell_hints(hints)

    def _turned_away(self, opened: OpenRecord, _why: object) -> None:
        """The store no longer lets this professional in: back to the gate, which asks it and says why."""
        if opened is self.record:
            self.open(opened.context.identity)

    # -- what it is joined to -----------------------------------------------------------------------------------------

    def _shelf(self) -> Shelf | None:
        clinical = self._program.profile.clinical
        return clinical.shelf if clinical is not None else None

    def _handed_out(self, trace: HandedOut) -> None:
        """Print lane. A document left the dossier: its id, the act and the reason."""
        context = self.context
        dossier = context.dossier if context is not None else ""
        self._parts.store.journal.append(
            Act(trace.way.value), trace.author, event=trace.document, dossier=dossier, reason=trace.reason
        )

    def synthesis_printed(self, context: RecordContext) -> None:
        """Print lane. The synthesis left the record, on paper."""
        self._parts.store.journal.append(
            Act.DOCUMENT_PRINTED, context.author, dossier=context.dossier, reason="synthesis"
        )

    def _failed(self, error: DmpError) -> None:
        if self.record is not None:
            self.record.presenter.tell_fault(error)

    def _not_found(self, error: DmpError) -> None:
        self._failed(error)
