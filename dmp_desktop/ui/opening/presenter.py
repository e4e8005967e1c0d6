"""What the opening's screens decide: no widget in it.

It owns one :class:`~dmp_desktop.services.opening.OpeningFlow` at a time, runs the slow work through the lanes, and says
``changed`` whenever the screen must be drawn again. It belongs to one professional: another person's session has its
own presenter and never sees this one's work.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.events import Event
from dmp_desktop.domain.identity import Beneficiary, VitaleReading
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.readers import (
    CardFamily,
    CardMute,
    CardRemoved,
    CardServiceDown,
    NoCard,
    ReaderChange,
    ReaderEvent,
    ReaderGone,
)
from dmp_desktop.errors import DmpError
from dmp_desktop.services.opening import Stage, StopCause
from dmp_desktop.services.papers import PaperKind
from dmp_desktop.ui.opening.errands import Errands, Work
from dmp_desktop.ui.opening.inquiry import Inquiry
from dmp_desktop.ui.opening.port import DeskPort, InformationText, Lanes
from dmp_desktop.ui.opening.sending import Sending
from dmp_desktop.ui.opening.tray import PaperTray, Wanted, papers_of
from dmp_desktop.ui.opening.viewing import PaperViewer
from dmp_desktop.ui.tasks import Lane

_ASKED_AGAIN = frozenset({Work.READING, Work.REREADING, Work.INSI, Work.EXISTENCE})
"""Work that leaves no trace: given up when the session locks, asked again on return."""

_WORKING = frozenset({Stage.IDENTITY, Stage.EXISTENCE, Stage.CONSENT})


class OpeningPresenter(QObject):
    """The opening under way.

    :ivar professional, author: whose presenter it is, and under whose name acts leave.
    :ivar flow: the state machine; ``inquiry``, ``sending``, ``tray``, ``viewer``: its questions, its sending, its
        papers, the one looked at.
    :ivar errands: the slow work awaited, and since when.
    :ivar chosen: position of the person highlighted on the list, before they are confirmed.
    :ivar fault: what went wrong last and is not part of the flow itself (card, disk), or ``None``.
    """

    changed = Signal()

    def __init__(
        self, desk: DeskPort, lanes: Lanes, clock: Clock, professional: Professional, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self.clock = clock
        self.professional = professional
        self.author = desk.author()
        self.errands = Errands(lanes, clock)
        self.tray = PaperTray(desk, lanes, clock, self.changed.emit)
        self.viewer = PaperViewer(desk, lanes, self.tray, self.changed.emit)
        self.chosen: int | None = None
        self.fault: DmpError | None = None
        self._suspended = False
        self._drawn_for: Wanted | None = None
        self.flow = desk.new_flow()
        self.inquiry = Inquiry(self.flow, desk, self.errands, self._shown)
        self.sending = Sending(self.flow, desk, self.errands, self._shown)

    # -- beginning and ending -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """F2: a new opening, unless one is under way; the card already in its reader is read at once."""
        if self.in_progress:
            return
        self._renew()
        self._read(asked=False)

    def finish(self) -> None:
        """The screen is left for the next person; the card still in its reader is not read again by itself."""
        self._renew()
        self._shown(None)

    def abandon(self) -> None:
        """Stopped by hand: nothing leaves."""
        if self.flow.stage is Stage.CARD:
            self.finish()
        elif self.flow.stage not in {Stage.SENDING, Stage.DONE, Stage.STOPPED}:
            self.errands.drop()
            self.flow.abandon()
            self._shown(None)

    def back(self) -> None:
        """Return to the choice of the person."""
        if self.flow.stage in _WORKING:
            self.errands.drop()
            self.tray.clear()
            self.flow.back()
            self.chosen = None
            self._forget()
            self._shown(None)

    @property
    def in_progress(self) -> bool:
        """Whether something would be lost by starting another opening."""
        return self.flow.stage in {Stage.IDENTITY, Stage.CONSENT, Stage.SENDING}

    def suspend(self) -> None:
        """The session is locked: the work is kept, and what is asked meanwhile will be asked again."""
        self._suspended = True
        if self.errands.work in _ASKED_AGAIN:
            self.errands.drop()

    def resume(self) -> None:
        """The same person is back."""
        self._suspended = False
        if self.errands.work is not Work.NONE:
            self.changed.emit()
        elif self.flow.stage is Stage.CARD or (self.flow.stage in _WORKING and not self.flow.card_present):
            self._read(asked=False)
        else:
            self._ask_on()

    # -- the card -----------------------------------------------------------------------------------------------------

    def reader_changed(self, event: ReaderEvent) -> None:
        """What the reader watcher saw."""
        match event.change:
            case ReaderChange.CARD_IN if event.family is not CardFamily.CPS:
                self._card_in()
            case ReaderChange.CARD_OUT:
                self._card_out(event.reader)
            case ReaderChange.READER_GONE:
                self._card_out(event.reader)
                self._fault_at_card(ReaderGone("reader gone"))
            case ReaderChange.CARD_MUTE:
                self._fault_at_card(CardMute("card mute"))
            case ReaderChange.SERVICE_DOWN:
                if self.flow.reading is not None:
                    self._card_out(self.flow.reading.reader)
                self._fault_at_card(CardServiceDown("card service down"))
            case ReaderChange.SERVICE_UP | ReaderChange.READER_ADDED if self.flow.stage is Stage.CARD:
                self.fault = None
                self.changed.emit()
            case _:
                pass

    def reread(self) -> None:
        """F4: read the Vitale again; another card than the one begun with stops everything."""
        if self.flow.stage in {Stage.CARD, Stage.PERSON} | _WORKING and self.errands.work is not Work.READING:
            self._read(asked=True)

    # -- the person ---------------------------------------------------------------------------------------------------

    @property
    def people(self) -> tuple[Beneficiary, ...]:
        """Everybody on the card, in its order."""
        return self.flow.reading.beneficiaries if self.flow.reading else ()

    def choose(self, position: int) -> None:
        """Highlight somebody; nothing is asked about them yet."""
        if self.flow.stage is Stage.PERSON and any(b.position == position for b in self.people):
            self.chosen = position
            self.changed.emit()

    def confirm_person(self) -> None:
        """Go on with whoever is highlighted; nobody is, until a key chose them."""
        if self.flow.stage is not Stage.PERSON or self.chosen is None:
            return
        try:
            self.flow.choose(self.chosen)
        except DmpError as error:
            self._shown(error)
            return
        self.inquiry.ask_insi()

    # -- consent and sending ------------------------------------------------------------------------------------------

    @property
    def information(self) -> InformationText:
        """The text given to the person."""
        return self._desk.information()

    def edited(self) -> None:
        """The form was changed by the person; what blocks the button is looked at again."""
        self.changed.emit()

    def refuse(self, cause: StopCause) -> None:
        """The person refuses, or hesitates: recorded, without pressure."""
        if self.flow.stage is Stage.CONSENT:
            self.flow.refuse(cause)
            flow = self.flow
            self.errands.start(
                Work.WRITING, Lane.CACHE, lambda: self._desk.record_refusal(flow), self._recorded, self._shown
            )
            self._shown(None)

    def submit(self) -> None:
        """Ctrl+Entrée: the card is read again, then the act is written and sent."""
        if self.flow.stage is Stage.CONSENT and not self.flow.blockers and self.errands.work is Work.NONE:
            self.sending.start()
            self._shown(None)

    def event_changed(self, event: Event) -> None:
        """Later news from the outbox about the act shown."""
        before = self.flow.event
        self.flow.event_changed(event)
        if self.flow.event is not before:
            self._shown(None)

    def print_leaflet(self) -> None:
        """The information in large print, at whatever stage it is asked for."""
        if self.flow.stage is Stage.CONSENT:
            self.flow.form.large_print = True
        self.tray.print_one(PaperKind.LEAFLET)
        self.changed.emit()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        self.errands.drop()
        self.tray.clear()
        self.flow = self._desk.new_flow()
        self.chosen, self.fault = None, None
        self._forget()

    def _forget(self) -> None:
        self._drawn_for = None
        self.inquiry.begin(self.flow)
        self.sending.begin(self.flow)

    def _shown(self, fault: DmpError | None) -> None:
        self.fault = fault
        self._load_papers()
        self.changed.emit()

    def _recorded(self, _: None) -> None:
        self._shown(None)

    def _read(self, asked: bool) -> None:
        work = Work.READING if self.flow.stage is Stage.CARD else Work.REREADING

        def failed(error: DmpError) -> None:
            self._shown(None if isinstance(error, NoCard) and not asked else error)

        self.errands.start(work, Lane.CARDS, self._desk.read_vitale, self._card_read, failed)
        self._shown(None)

    def _card_read(self, reading: VitaleReading) -> None:
        before = self.flow.reading
        try:
            self.flow.card_read(reading)
        except DmpError as error:
            self._shown(error)
            return
        if before is None or before.fingerprint != reading.fingerprint:
            self.chosen = None
        self._ask_on()

    def _ask_on(self) -> None:
        flow, self.fault = self.flow, None
        if flow.stage is Stage.IDENTITY and flow.insi is None and flow.insi_failure is None:
            self.inquiry.ask_insi()
        elif flow.stage is Stage.EXISTENCE and flow.existence is None and flow.existence_failure is None:
            self.inquiry.ask_existence()
        else:
            self._shown(None)

    def _card_in(self) -> None:
        if self._suspended:
            return
        if self.flow.stage is Stage.CARD or (self.flow.stage in _WORKING and not self.flow.card_present):
            self._read(asked=False)

    def _card_out(self, reader: str) -> None:
        if self.flow.reading is not None and self.flow.reading.reader == reader:
            self.flow.card_removed()
            if self.flow.stage is Stage.CARD:
                self.chosen = None
            self.changed.emit()
        elif self.flow.stage is Stage.CARD and self.errands.work is Work.NONE:
            # That the card was pulled while it was read stays said until another one comes.
            self._shown(self.fault if isinstance(self.fault, CardRemoved) else None)

    def _fault_at_card(self, error: DmpError) -> None:
        if self.flow.stage is Stage.CARD:
            self.errands.drop()
            self._shown(error)

    def _load_papers(self) -> None:
        """Have the papers of this stage drawn, once for each state of what they tell."""
        wanted = papers_of(self.flow)
        if wanted is not None and self._drawn_for != wanted:
            self._drawn_for = wanted
            self.tray.load(self.flow.event, wanted.kinds)
