"""« Accès »: of the record on the screen, or of this practice; joined to the journal, the store, the paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QStackedWidget

from dmp_desktop.app.pages import Pages
from dmp_desktop.app.rooms import ACCESS
from dmp_desktop.cache.files import write_whole
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.errors import DmpError
from dmp_desktop.printing.history import HistoryPaper
from dmp_desktop.printing.history import history as draw
from dmp_desktop.services.history import AccessHistory, AccessRow, Directory, History, printable
from dmp_desktop.services.places import place_name
from dmp_desktop.services.practice_log import PracticeLog
from dmp_desktop.services.rights_view import Rights
from dmp_desktop.services.stationery import Press
from dmp_desktop.services.store_watch import StoreWatch
from dmp_desktop.sync import webps
from dmp_desktop.ui.access import texts
from dmp_desktop.ui.access.page import AccessPage
from dmp_desktop.ui.access.practice import PracticePage, PracticePresenter
from dmp_desktop.ui.access.presenter import AccessPresenter
from dmp_desktop.ui.record.banner import record_banner
from dmp_desktop.ui.tasks import Lane

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program

TITLE = "Liste des accès"
MAJORITY = 18


class AccessRoom(QObject):
    """Lives as long as the program.

    :param remote: the store's own history, where it can be asked (the sandbox); ``directory``: who people are.
    """

    acted = Signal()

    def __init__(
        self,
        program: Program,
        store: DeskStore,
        watch: StoreWatch,
        press: Press,
        pages: Pages,
        directory: Directory,
        remote: AccessHistory | None = None,
    ) -> None:
        super().__init__(program)
        self._program, self._press, self._pages = program, press, pages
        rights, history = Rights(watch.access, store), History(store, directory, remote)
        settings = program.parts.settings if program.parts is not None else program.settings
        self._store_settings = settings.store
        open_web = self._open_web if self._store_settings.web_ps_domain else None
        self.presenter = AccessPresenter(rights, history, program.lanes, self.acted.emit, self._print, open_web)
        self.page = AccessPage(program.appearance, self.presenter)
        log = PracticeLog(store, directory)
        flow = program.flow
        self.practice = PracticePresenter(
            log,
            program.lanes,
            flow.author,
            program.clock.now,
            self._save,
            lambda: flow.holder if flow.is_open else None,
        )
        self.practice_page = PracticePage(program.appearance, self.practice)
        self.host = QStackedWidget()
        for page in (self.practice_page, self.page):
            page.hints_changed.connect(self._tell_hints)
            self.host.addWidget(page)
        pages.add(ACCESS, "history", "Accès", self.host, self.shown)

    def tell(self, context: RecordContext | None) -> None:
        """Another record is on the screen, or none: then the page is this practice's own."""
        if context is None:
            self.presenter.forget()
            self._pages.tell_banner(ACCESS, None)
            self.host.setCurrentWidget(self.practice_page)
            return
        self.presenter.start(context)
        self._pages.tell_banner(ACCESS, record_banner(context, None, self._program.today()))
        self.host.setCurrentWidget(self.page)

    def forget(self) -> None:
        """The window is locked."""
        self.tell(None)
        self.practice.forget()

    def shown(self) -> None:
        """The page comes to the front."""
        if self.host.currentWidget() is self.page:
            self.presenter.refresh()
            self.page.shown()
        else:
            self.practice_page.shown()

    def _tell_hints(self, hints: tuple[object, ...]) -> None:
        self._pages.tell_hints(ACCESS, hints)  # type: ignore[arg-type]  # a signal carries any object

    def _open_web(self) -> None:
        """The browser shows the Web-PS: its own sign-in, and no identity in the address."""
        page = webps.link(self._store_settings, webps.WebPsPage.DASHBOARD)
        QDesktopServices.openUrl(QUrl(page.reveal()))

    def _print(self, context: RecordContext, rows: tuple[AccessRow, ...]) -> None:
        program, traits = self._program, context.identity.traits
        age = traits.birth_date.age_on(program.today().date())
        shown = printable(rows, minor=age is not None and age < MAJORITY)
        paper = HistoryPaper(
            structure=program.settings.structure,
            traits=traits,
            birth_place=place_name(traits.birth_place),
            lines=tuple(texts.paper_line(row) for row in shown),
            source=texts.SOURCE_BOTH if self.presenter.has_remote else texts.SOURCE_HERE,
            printed_by=context.author.display_name,
            printed_at=program.clock.now(),
            demonstration=program.options.sandbox,
        )
        profile = program.settings.attestation_printer
        program.lanes.run(
            Lane.PRINT, lambda: self._press.send(draw(paper), profile, TITLE), lambda _none: None, self._failed
        )

    def _save(self, content: bytes) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self._program.shell, "Enregistrer l’export", "journal-du-cabinet.csv", "CSV (*.csv)"
        )
        if chosen:
            target = Path(chosen)
            self._program.lanes.run(Lane.CACHE, lambda: write_whole(target, content), lambda _none: None, self._failed)

    def _failed(self, error: DmpError) -> None:
        self.presenter.tell_fault(error)
