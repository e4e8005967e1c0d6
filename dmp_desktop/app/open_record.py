"""One record open on the screen: its documents, its clinical views, the panels over them; gone when it closes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from dmp_desktop.app.own_acts import OwnActs
from dmp_desktop.app.record_papers import Papers, synthesis_printer
from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.events import Event
from dmp_desktop.domain.readable import Readable
from dmp_desktop.domain.record import RecordContext, RecordRow
from dmp_desktop.domain.record_rules import title_of
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.reading.readable import read_document
from dmp_desktop.services.document_paper import ToHandOut
from dmp_desktop.services.history import AccessLog
from dmp_desktop.services.properties import PropertiesDesk
from dmp_desktop.services.record import Record
from dmp_desktop.services.series import Series
from dmp_desktop.services.synthesis import Overview, RecordFacts, overview, wanted
from dmp_desktop.ui.curves.page import CurvesPage
from dmp_desktop.ui.page_frame import KeyHint, on_key
from dmp_desktop.ui.prevention.page import VaccinationPage
from dmp_desktop.ui.properties.panel import PropertiesPanel, PropertiesPresenter
from dmp_desktop.ui.record.banner import record_banner
from dmp_desktop.ui.record.document import BeforeReading, Showing
from dmp_desktop.ui.record.page import RecordPage
from dmp_desktop.ui.record.port import ListMemory
from dmp_desktop.ui.record.presenter import RecordPresenter
from dmp_desktop.ui.reimbursements.page import ReimbursementsPage
from dmp_desktop.ui.synthesis.contacts import ContactsPage
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.timeline.page import TimelinePage
from dmp_desktop.ui.timeline.presenter import OverviewPresenter
from dmp_desktop.ui.viewer.print_panel import PrintPanel
from dmp_desktop.ui.viewer.viewer import DocumentViewer
from dmp_desktop.ui.widgets.banner import BannerContent

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program

LEAVE = KeyHint("Ctrl W", "Fermer le dossier")

Beside = TypeVar("Beside", ContactsPage, CurvesPage, VaccinationPage, ReimbursementsPage)


class OpenRecord(QObject):
    """Everything shown of one record. The room that opened it closes it; nothing of it stays.

    :param before_reading: in an emergency, writes down what is about to be read before it is shown.
    :param log: the trace of ordinary accesses.
    :ivar host: the widget of the record's page; ``presenter``: of its documents.
    """

    banner_changed = Signal(object)
    hints_changed = Signal(object)
    acted = Signal()
    failed = Signal(object)
    status_changed = Signal()
    replacing = Signal(object)
    """A new version of one's own document is to be written."""

    def __init__(
        self,
        program: Program,
        record: Record,
        memory: ListMemory,
        papers: Papers,
        properties: PropertiesDesk,
        log: AccessLog,
        before_reading: BeforeReading | None = None,
    ) -> None:
        super().__init__(program)
        self._program, self._record, self._papers, self._log = program, record, papers, log
        self.context: RecordContext = record.context
        appearance, lanes = program.appearance, program.lanes
        self.presenter = RecordPresenter(record, lanes, program.clock.now, self._read, memory, before_reading)
        self._facts = RecordFacts(record.content)
        self.overview = OverviewPresenter(self._look_over, lanes)
        self._properties = PropertiesPresenter(properties, lanes)
        self.host = QStackedWidget()
        self.viewer = DocumentViewer(appearance, lanes)
        self.page = RecordPage(appearance, self.presenter, self.viewer)
        self.host.addWidget(self.page)
        self._question: PrintPanel | None = None
        self._before: QWidget = self.page
        self._closed = False
        self._seen: tuple[RecordRow, ...] = ()
        self._to_bring: list[str] = []
        self._asked: set[str] = set()
        presenter = self.presenter
        self._acts = OwnActs(record, lanes, presenter.note_ended, presenter.reload, self._fail)
        self._access, self._logged = "", set[str]()
        self._join()

    # Each view is made the first time it is asked for: opening a record builds the list and the document alone.

    @cached_property
    def timeline(self) -> TimelinePage:
        """24 months, and the synthesis."""
        view = TimelinePage(self._program.appearance, self.overview)
        view.documents_asked.connect(self.show_documents)
        view.contacts_asked.connect(lambda: self.show_view(self.contacts))
        view.print_asked.connect(self.print_synthesis)
        on_key(view, "Esc", self.show_documents)
        self.host.addWidget(view)
        return view

    @cached_property
    def contacts(self) -> ContactsPage:
        """Directives, and whom to call."""
        return self._beside(ContactsPage(self._program.appearance, self.overview))

    @cached_property
    def curves(self) -> CurvesPage:
        """Values over time."""
        return self._beside(CurvesPage(self._program.appearance, self.overview))

    @cached_property
    def vaccines(self) -> VaccinationPage:
        """Vaccinations."""
        return self._beside(VaccinationPage(self._program.appearance, self.overview))

    @cached_property
    def reimbursements(self) -> ReimbursementsPage:
        """What was reimbursed."""
        return self._beside(ReimbursementsPage(self._program.appearance, self.overview))

    @cached_property
    def properties(self) -> PropertiesPanel:
        """What the store says of one document, and what may be changed."""
        panel = PropertiesPanel(self._program.appearance, self._properties)
        panel.hints_changed.connect(self.hints_changed)
        self.host.addWidget(panel)
        return panel

    def _beside(self, view: Beside) -> Beside:
        view.left.connect(self.back)
        on_key(view, "F6", self.show_documents)
        self.host.addWidget(view)
        return view

    def _join(self) -> None:
        page, overview_ = self.page, self.overview
        page.hints_changed.connect(lambda hints: self.hints_changed.emit((*hints, LEAVE)))
        page.curves_asked.connect(lambda: self.show_view(self.curves))
        page.vaccines_asked.connect(lambda: self.show_view(self.vaccines))
        page.reimbursements_asked.connect(lambda: self.show_view(self.reimbursements))
        page.timeline_asked.connect(lambda: self.show_view(self.timeline))
        page.directives_asked.connect(lambda: self.show_view(self.contacts))
        page.properties_asked.connect(self.show_properties)
        page.print_asked.connect(lambda _row: self.ask_reason())
        page.export_asked.connect(lambda: self.ask_reason(save=True))
        overview_.document_asked.connect(self.show_document)
        overview_.curve_asked.connect(self._show_curve)
        overview_.changed.connect(self.tell_banner)
        self.presenter.list_changed.connect(self._list_changed)
        self.presenter.status_changed.connect(self.status_changed)
        self.presenter.document.changed.connect(self._log_reading)
        self._properties.closed.connect(self.show_documents)
        self._properties.sent.connect(self._acted)
        self._properties.replace_asked.connect(self._replace)

    # -- opening and closing ------------------------------------------------------------------------------------------

    def open(self) -> None:
        """The copy at once, the network behind."""
        self.presenter.open()
        self.tell_banner()
        self._acts.begin()
        if not self.context.in_memory:
            self._cache(lambda: self._log.opened(self.context), self._entered)

    def shown(self) -> None:
        """The record comes to the front."""
        self.tell_banner()
        self._tell_view()

    def close(self) -> None:
        """The visit is over: everything of it leaves the screen, now."""
        if self._closed:
            return
        self._closed = True
        self._acts.close()
        self.overview.close()
        self._properties.close()
        self._end_question()
        self.presenter.close()
        self.viewer.clear()
        self._properties.deleteLater()
        self.host.hide()
        self.host.deleteLater()
        self.deleteLater()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_documents(self) -> None:
        """The list and the document."""
        self._show(self.page)

    def show_view(self, view: QWidget) -> None:
        """One of the clinical views; Escape comes back from it."""
        current = self.host.currentWidget()
        if current is not view and current is not None:
            self._before = current
        self._show(view)

    def back(self) -> None:
        """From a view to the one it was opened from."""
        before, self._before = self._before, self.page
        self._show(before if before is not self.host.currentWidget() else self.page)

    def show_document(self, key: str) -> None:
        """The source of a line."""
        self.show_documents()
        self.presenter.choose(key)

    def show_properties(self, row: RecordRow) -> None:
        """In place of the record, below the banner."""
        self._properties.open(row, self.context)
        self._show(self.properties)

    def tell_banner(self) -> None:
        """Whom it is about; allergies as far as they are known here."""
        found = self.overview.overview
        self.banner_changed.emit(self._banner(found))

    def _banner(self, found: Overview | None) -> BannerContent:
        allergies = found.allergies if found is not None else None
        return record_banner(self.context, allergies, self._program.today())

    def _show(self, view: QWidget) -> None:
        if self._closed:
            return
        self._end_question()
        self.host.setCurrentWidget(view)
        self._tell_view()

    def _tell_view(self) -> None:
        view = self.host.currentWidget()
        if view is self.page:
            self.page.shown()
        elif isinstance(view, PropertiesPanel):
            view.shown()
        elif isinstance(view, TimelinePage | ContactsPage | CurvesPage | VaccinationPage | ReimbursementsPage):
            self.hints_changed.emit(tuple(view.hints()))

    def _show_curve(self, series: Series | None) -> None:
        self.show_view(self.curves)
        self.curves.show_curve(series)

    # -- the whole record at a glance ---------------------------------------------------------------------------------

    def _list_changed(self) -> None:
        """The copy was read: what is here is put together, and what could speak is brought, one by one behind.

        In an emergency, or a secret connection, nothing comes but what is read.
        """
        presenter = self.presenter
        rows = presenter.all_rows
        if self._closed or not rows or rows is self._seen:
            return
        self._seen = rows
        self.overview.load()
        if presenter.refreshing or self.context.in_memory:
            return
        fresh = [key for key in wanted(rows) if key not in self._asked]
        self._asked.update(fresh)
        idle, self._to_bring = not self._to_bring, [*self._to_bring, *fresh]
        if idle:
            self._bring()

    def captured(self, event: Event) -> None:
        """An act of this record was written down."""
        self._acts.captured(event.id)

    def delivered(self) -> None:
        """Acts left."""
        self._acts.delivered()

    def _bring(self) -> None:
        if self._closed or not self._to_bring:
            return
        key, record = self._to_bring[0], self._record

        def came(_count: int) -> None:
            self._to_bring = self._to_bring[1:]
            if not self._closed and not self._to_bring:
                self.presenter.reload()
            self._bring()

        def away(_error: DmpError) -> None:
            # The network left: the views say how many documents they have not read; F5 asks again.
            self._asked.difference_update(self._to_bring)
            self._to_bring = []

        self._program.lanes.run(Lane.SYNC, lambda: record.prefetch((key,)), came, away)

    def _look_over(self) -> Overview:
        """Cache lane. What the documents that are here say together."""
        presenter = self.presenter
        return overview(
            presenter.all_rows, self._facts, self._program.clock.now(), last_visit=presenter.state.last_visit
        )

    def _read(self, document: RetrievedDocument) -> Readable:
        """Print lane. The bytes made ready for the viewer; another person named in them is told."""
        return read_document(document, self.context.identity.traits, self._program.clock.now())

    # -- the trace ----------------------------------------------------------------------------------------------------

    def _entered(self, access: str) -> None:
        self._access = access
        self._log_reading()

    def _log_reading(self) -> None:
        """An ordinary access: each document shown is written down once. The others are written before they show."""
        document = self.presenter.document
        row, access = document.shown, self._access
        if not access or row is None or document.showing is not Showing.READY or row.key in self._logged:
            return
        self._logged.add(row.key)
        self._cache(lambda: self._log.read(self.context, access, row.key), lambda _none: None)

    def _cache(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._program.lanes.run(Lane.CACHE, work, done, self._fail)

    def _fail(self, error: DmpError) -> None:
        """An answer may come after the record closed: there is nobody left to tell."""
        if not self._closed:
            self.failed.emit(error)

    # -- papers -------------------------------------------------------------------------------------------------------

    def ask_reason(self, *, save: bool = False) -> None:
        """F8, or Alt+E to save: why the document leaves the dossier."""
        shown = self.presenter.document.shown
        if shown is None or self.presenter.document.readable is None or self._question is not None:
            return
        panel = PrintPanel(self._program.appearance, title_of(shown), save=save)
        panel.confirmed.connect(self._hand_out)
        panel.file_chosen.connect(lambda file, reason: self._hand_out(reason, file))
        panel.cancelled.connect(self.show_documents)
        self._question = panel
        self.host.addWidget(panel)
        self.host.setCurrentWidget(panel)

    def _hand_out(self, reason: str, file: Path | None = None) -> None:
        presenter, document = self.presenter, self.presenter.document
        shown, readable, author = document.shown, document.readable, self.context.author
        self.show_documents()
        if shown is None or readable is None:
            return
        paper = ToHandOut(readable, shown.entry.unique_id, title_of(shown), self.page.document.freshness())
        desk = self._papers.documents

        def go() -> None:
            if file is None:
                desk.print(paper, author, reason)
            else:
                desk.export(paper, author, reason, file)

        self._program.lanes.run(Lane.PRINT, go, lambda _none: presenter.reload(), self._not_printed)

    def print_synthesis(self) -> None:
        """F8 on the synthesis: one page."""
        found, program = self.overview.overview, self._program
        if found is not None:
            go = synthesis_printer(program, self._papers, self.context, found, self.presenter.state)
            program.lanes.run(Lane.PRINT, go, lambda _none: None, self._not_printed)

    def _not_printed(self, error: DmpError) -> None:
        if not isinstance(error, Cancelled):
            self._fail(error)

    def _end_question(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            self.host.removeWidget(question)
            question.deleteLater()

    def _replace(self, row: RecordRow) -> None:
        """Alt+V on the properties: the deposit page opens on it once its header is read."""
        self._acts.prepare(row, self.replacing.emit)

    def _acted(self, event: Event) -> None:
        self.show_documents()
        self.captured(event)
        self.acted.emit()
