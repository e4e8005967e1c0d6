"""The desk at work: the services joined to their pages, the outbox delivered, the status told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QStackedWidget

from dmp_desktop.app.clinic_room import ClinicRoom
from dmp_desktop.app.commands import Commands
from dmp_desktop.app.pages import Pages
from dmp_desktop.app.press import DialogPress
from dmp_desktop.app.rooms import OPENING, READERS, SETTINGS, WAITING
from dmp_desktop.app.settings_room import SettingsRoom
from dmp_desktop.app.world import Parts
from dmp_desktop.cache.outbox import Counts
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cards.doctor_words import Action
from dmp_desktop.domain.acts import Deposit
from dmp_desktop.domain.draft import Drafts
from dmp_desktop.domain.events import Event
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.readers import ReaderEvent
from dmp_desktop.errors import DmpError
from dmp_desktop.services.attention import Attention
from dmp_desktop.services.desk import Desk, Post
from dmp_desktop.services.history import AccessHistory, Directory
from dmp_desktop.services.opening import Stage
from dmp_desktop.services.papers import PaperKind
from dmp_desktop.services.stationery import Press, Stationery
from dmp_desktop.services.store_watch import StoreWatch
from dmp_desktop.sync.engine import Engine, PassReport
from dmp_desktop.ui.opening.base import KeyHint, on_key
from dmp_desktop.ui.opening.page import OpeningPage
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.readers_page import ReadersPage
from dmp_desktop.ui.status import statuses
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.waiting_page import WaitingPage
from dmp_desktop.ui.waiting_presenter import WaitingPresenter
from dmp_desktop.ui.widgets.banner import BannerContent

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program

_DELIVER_EVERY = timedelta(seconds=20)


class DeskRoom(QObject):
    """Made once the encrypted store is open; lives as long as the program.

    :ivar presenter: the opening of whoever is signed in. Another person's work is kept apart and never shown to them.
    """

    def __init__(self, program: Program, parts: Parts, store: DeskStore, press: Press | None = None) -> None:
        super().__init__(program)
        self._program = program
        self.store = store
        self._press = DialogPress(program.shell)
        self.watch: StoreWatch = StoreWatch(parts.gateway, program.clock)
        self.engine = Engine(store.outbox, store.patients, self.watch, program.clock, self._drafts)
        demonstration = program.options.sandbox
        self.stationery = Stationery(
            lambda: program.settings, program.clock, store, press or self._press, demonstration=demonstration
        )
        post = Post(program.clock, parts.platform, parts.card_nature)
        self.desk = Desk(
            post, program.flow, program.board, parts.cards, self.watch, store, self.engine, self.stationery
        )
        self.attention = Attention(store, self._drafts)
        self.counts = Counts()
        self.presenter: OpeningPresenter | None = None
        self._openings: dict[str, OpeningPage] = {}
        self._hosts = QStackedWidget()
        self.pages = Pages(program.shell)
        self.pages.add(OPENING, "folder-plus", "Ouverture", self._hosts, self._opening_shown)
        self.waiting = WaitingPresenter(
            self.attention, program.lanes, program.flow.author, program.today, self.deliver, self.print_papers
        )
        self.waiting_page = WaitingPage(
            program.appearance, self.waiting, program.clock.now, lambda: self.watch.silent_since
        )
        self._add(WAITING, "inbox", "À traiter", self.waiting_page)
        self.readers_page = program.readers.page
        self.readers_page.left.connect(lambda: self.go(OPENING))
        program.readers.presenter.asked.connect(self._readers_asked)
        self._add(READERS, "reader", "Lecteurs", self.readers_page)
        sandbox_store = parts.settings.store if demonstration else None
        self.settings = SettingsRoom(program, press or self._press, sandbox_store)
        self.pages.add(SETTINGS, "gear", "Réglages", self.settings.page, self._settings_shown, bottom=True)
        on_key(self.settings.page, "F2", self.begin)
        program.covers.add_settings(self.settings.over_lock)
        self.commands = Commands(program, self)
        self.clinic = ClinicRoom(program, self, press or self._press)
        self.waiting.draft_asked.connect(lambda taken: self.clinic.reopen(taken.dossier))
        self._delivering = self._deliver_again = False
        self._deliver_timer = QTimer(self)
        self._deliver_timer.setInterval(int(_DELIVER_EVERY.total_seconds() * 1000))
        self._deliver_timer.timeout.connect(self.deliver)
        self.tell_status()

    def _add(self, key: str, icon: str, words: str, page: WaitingPage | ReadersPage) -> None:
        page.hints_changed.connect(lambda hints: self.pages.tell_hints(key, hints))
        self.pages.add(key, icon, words, page, page.shown)
        on_key(page, "F2", self.begin)

    # -- who is there -------------------------------------------------------------------------------------------------

    def open_for(self, holder: Professional) -> None:
        """Bring a person's own opening back, or begin a new one."""
        key = holder.id.value
        if key not in self._openings:
            presenter = OpeningPresenter(self.desk, self._program.lanes, self._program.clock, holder)
            page = OpeningPage(self._program.appearance, presenter)
            page.banner_changed.connect(self._banner)
            page.hints_changed.connect(self._hints)
            presenter.changed.connect(self._changed)
            self._openings[key] = page
            self._hosts.addWidget(page)
        page = self._openings[key]
        self.presenter = page.presenter
        self._hosts.setCurrentWidget(page)
        self.clinic.open_for(holder)
        self._deliver_timer.start()

    def shown(self) -> None:
        """The window shows its work again."""
        self.go(self.clinic.first_page())
        if self.presenter is not None:
            self.presenter.resume()
        self.deliver()

    def hide(self) -> None:
        """The window is locked: nothing is shown, what is asked stops, work is kept."""
        self._deliver_timer.stop()
        if self.presenter is not None:
            self.presenter.suspend()
        self.waiting.forget()
        self.clinic.hide()
        self.pages.hide()
        self.tell_status()

    def go(self, key: str) -> None:
        """Show a page."""
        self.pages.go(key)

    def _opening_shown(self) -> None:
        page = self._hosts.currentWidget()
        if isinstance(page, OpeningPage):
            page.tell_again()

    def _settings_shown(self) -> None:
        self.settings.page.focus_first()
        self.pages.tell_hints(SETTINGS, tuple(self.settings.page.hints()))

    def _readers_asked(self, action: Action) -> None:
        """A gesture of the readers page that is made elsewhere."""
        if action is Action.OPEN_SETTINGS and self._program.shell.locked:
            self._program.covers.show_settings()
        elif action is Action.OPEN_SETTINGS:
            self.go(SETTINGS)

    def begin(self) -> None:
        """F2 from another page: the opening, begun."""
        self.go(OPENING)
        if self.presenter is not None:
            self.presenter.begin()

    def _banner(self, content: BannerContent | None) -> None:
        if self.sender() is self._hosts.currentWidget():
            self.pages.tell_banner(OPENING, content)

    def _hints(self, hints: tuple[KeyHint, ...]) -> None:
        if self.sender() is self._hosts.currentWidget():
            self.pages.tell_hints(OPENING, hints)

    # -- readers and store --------------------------------------------------------------------------------------------

    def reader_changed(self, event: ReaderEvent) -> None:
        """Pass on what the watcher saw."""
        if self.presenter is not None:
            self.presenter.reader_changed(event)
        self.clinic.reader_changed(event)
        self.tell_status()

    def _changed(self) -> None:
        self.tell_status()
        if self.presenter is not None and self.presenter.flow.stage is Stage.DONE:
            self.count()

    def _drafts(self, _deposit: Deposit) -> Drafts | None:
        """Where the draft of a deposit is, while the copy of the documents is open."""
        clinical = self._program.profile.clinical
        return clinical.drafts if clinical is not None else None

    def deliver(self) -> None:
        """One pass of the outbox in the background, under whoever is signed in.

        Asked for while one runs, another follows it: what was written meanwhile does not wait for the next beat.
        """
        program = self._program
        if self._delivering or not program.flow.is_open:
            self._deliver_again = self._delivering
            return
        author = program.flow.author()
        self._delivering = True

        def done(report: PassReport) -> None:
            self._delivering = False
            self.clinic.upkeep.passes.ran(program.clock.now(), report)
            if report.changed:
                self._news(report.changed)
                self.clinic.delivered()
            self.count()
            again, self._deliver_again = self._deliver_again, False
            if again and not report.stopped_by:
                self.deliver()

        program.lanes.run(Lane.SYNC, lambda: self.engine.run(author), done, self._not_delivered)

    def print_papers(self, event: Event) -> None:
        """Print the attestation and the sticker of an opening confirmed since the person left."""

        def go() -> None:
            for paper in self.desk.papers(event):
                if paper.kind in (PaperKind.ATTESTATION, PaperKind.STICKER) and paper.pdf is not None:
                    self.desk.print(paper)

        self._program.lanes.run(Lane.PRINT, go, lambda _none: self.waiting.refresh(), self.waiting.failed)

    def retry(self, event_id: str) -> None:
        """Let one act leave now, whatever its back-off."""
        author = self._program.flow.author()
        self._program.lanes.run(
            Lane.CACHE,
            lambda: self.attention.retry(event_id, author),
            lambda _none: self.deliver(),
            self._not_delivered,
        )

    def _not_delivered(self, error: DmpError) -> None:
        # Nothing is lost: the events wait in the outbox, and the next pass comes by itself.
        self._delivering = False
        self.clinic.upkeep.passes.failed(self._program.clock.now(), error.code)
        self.count()

    def _news(self, changed: frozenset[str]) -> None:
        event = self.presenter.flow.event if self.presenter is not None else None
        if event is None or event.id not in changed:
            return
        presenter, event_id = self.presenter, event.id
        assert presenter is not None  # noqa: S101 - event came from it
        self._program.lanes.run(
            Lane.CACHE, lambda: self.store.outbox.get(event_id), presenter.event_changed, self._not_delivered
        )

    def count(self) -> None:
        """Count what waits, for the status bar."""

        def counted(counts: Counts) -> None:
            self.counts = counts
            self._program.shell.navigation.count(WAITING, counts.held + counts.stuck + counts.refused)
            self.tell_status()
            if self._program.shell.page == WAITING:
                self.waiting.refresh()

        self._program.lanes.run(Lane.CACHE, self.attention.counts, counted, lambda _error: None)

    def tell_status(self) -> None:
        """Readers, person, store, outbox."""
        program = self._program
        reading = self.presenter.flow.reading if self.presenter is not None and program.flow.is_open else None
        stage = self.presenter.flow.stage if self.presenter is not None and program.flow.is_open else None
        states, freshness = statuses(program.board, program.flow, self.watch, self.counts, reading, stage)
        program.shell.status.tell(states)
        if program.flow.is_open:
            program.shell.top.tell_freshness(*freshness)

    def directory(self) -> tuple[Directory, AccessHistory | None]:
        """Who people are, and the store's own history where it can be asked: the sandbox knows both."""
        parts = self._program.parts
        if parts is None or parts.sandbox is None:
            return (lambda _professional: None), None
        from dmp_desktop.app.sandbox_history import SandboxHistory, who

        return who, SandboxHistory(parts.sandbox)

    def close(self) -> None:
        """Stop delivering; nobody will answer the print dialog."""
        self._deliver_timer.stop()
        self.clinic.hide()
        self._press.close()
