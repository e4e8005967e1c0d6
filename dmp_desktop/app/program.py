"""The program: window first, then readers, wire and store behind the sign-in screen; everything closed in order."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QFileDialog

from dmp_desktop import log
from dmp_desktop.app.collector import Collector
from dmp_desktop.app.readers_room import ReadersRoom
from dmp_desktop.app.world import Folders, Options, Parts, come_alive, load_settings
from dmp_desktop.config import BadSettings, Settings
from dmp_desktop.domain.clock import PARIS, Clock, SystemClock
from dmp_desktop.domain.identifiers import CardNature, Secret
from dmp_desktop.domain.readers import ReaderEvent
from dmp_desktop.services.profile import Profile
from dmp_desktop.services.readers import ReaderBoard
from dmp_desktop.services.session import LockReason, SessionFlow
from dmp_desktop.services.sign_in import SignIn
from dmp_desktop.ui.lock import LockScreen
from dmp_desktop.ui.lock_covers import LockCovers
from dmp_desktop.ui.session_presenter import SessionPresenter
from dmp_desktop.ui.shell import Shell, after_paint
from dmp_desktop.ui.tasks import Lane, TaskLanes
from dmp_desktop.ui.theme.appearance import Appearance

SANDBOX_PASSPHRASE = Secret("bac à sable")
"""A sandbox profile holds fictional people only: it opens without being asked."""
SANDBOX_RECOVERY = Secret("BACA-SABE-DEM0-NSTR-ATF1-CT1V-EPAS")
"""Its recovery code, which lets every card of the sandbox in: not secret either, and no other profile's."""


if TYPE_CHECKING:
    from dmp_desktop.app.desk_room import DeskRoom
    from dmp_desktop.services.stationery import Press


class Program(QObject):
    """One run of the program.

    :ivar press: where papers go instead of the printers, ``None`` for the printers.
    :ivar shell: the window; ``session``: who is at the desk; ``room``: the desk, once the store is open.
    """

    _reader_event = Signal(object)
    ready = Signal()

    def __init__(self, application: QApplication, options: Options, clock: Clock | None = None) -> None:
        super().__init__()
        self.options = options
        self.clock = clock or SystemClock()
        self.folders = Folders.of(options)
        self.settings = load_settings(options, self.folders)
        self._log = log.start(self.folders.profile / "logs", debug=options.debug)
        self.appearance = Appearance(application, self.settings.theme, self.settings.zoom)
        self.appearance.setParent(self)  # its zoom watches every layout: it ends with the program
        self.collector = Collector(self)
        self.lanes = TaskLanes(parent=self)
        self.parts: Parts | None = None
        self.room: DeskRoom | None = None
        self.press: Press | None = None
        self.board = ReaderBoard(self.settings.cards)
        nature = CardNature.TEST if options.sandbox else CardNature.REAL
        self.flow = SessionFlow(self.clock, nature)
        self.profile = Profile(self.folders.profile, self.clock, author=self.flow.author)
        secrets = (SANDBOX_PASSPHRASE, SANDBOX_RECOVERY) if options.sandbox else (None, None)
        self.session = SessionPresenter(
            self.flow,
            self.profile,
            self.lanes,
            sandbox_passphrase=secrets[0],
            sandbox_recovery=secrets[1],
            pick_backup=self._pick_backup,
        )
        self.readers = ReadersRoom(self)
        lock = LockScreen(self.appearance, self.session, self._place, self._local_now, self.readers.beside)
        self.covers = LockCovers(lock, lambda: self.readers.over_lock, self.session)
        self.shell = Shell(self.appearance, self.settings.structure.name, self.covers, sandbox=options.sandbox)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(lambda: self.session.lock(LockReason.IDLE))
        self._closed = False
        self._join()

    def _join(self) -> None:
        self._reader_event.connect(self._saw, Qt.ConnectionType.QueuedConnection)
        self.session.store_ready.connect(self._store_ready)
        self.session.opened.connect(self._opened)
        self.session.hidden.connect(self._hidden)
        self.session.restored.connect(self._restored)
        self.session.changed.connect(self.readers.look)
        self.shell.lock_asked.connect(self.session.lock)
        self.shell.closing.connect(self.close)
        self.shell.touched.connect(self._touched)
        self.shell.shortcut("F9", self.session.lock)

    # -- beginning ----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the window, then bring the parts to life."""
        self.shell.resize(1366, 768)
        self.shell.show()
        after_paint(self._wake)

    def _wake(self) -> None:
        options, folders, settings, clock = self.options, self.folders, self.settings, self.clock
        self.lanes.run(
            Lane.SYNC,
            lambda: come_alive(options, folders, settings, clock),
            self._awake,
            self.session.failed_to_begin,
        )

    def _awake(self, parts: Parts) -> None:
        self.parts = parts
        self.lanes.interrupt_with(Lane.SYNC, parts.gateway.cancel)
        parts.cards.start(self._reader_event.emit)
        self.session.begin(SignIn(parts.cards, parts.gateway))
        self.readers.awake(parts)

    def _store_ready(self) -> None:
        assert self.parts is not None and self.profile.store is not None  # noqa: S101 - that is what ready means
        # Imported once the window is painted: the store and the screens of the desk are heavy.
        from dmp_desktop.app.desk_room import DeskRoom

        if self.room is None:
            self.room = DeskRoom(self, self.parts, self.profile.store, self.press)
            self.collector.settle()
        self.ready.emit()

    # -- who is there -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _saw(self, event: ReaderEvent) -> None:
        if self._closed:
            return
        self.board.saw(event)
        self.session.reader_changed(event)
        if self.room is not None:
            self.room.reader_changed(event)
        self.readers.reader_changed(event)

    def _opened(self) -> None:
        holder = self.flow.holder
        if holder is None or self.room is None:
            return
        self.room.open_for(holder)
        self.shell.show_work(holder.display_name, holder.practice)
        self.room.shown()
        self._touched()
        # Behind the work already asked for; whoever opens a PDF and cannot is told then.
        from dmp_desktop.pdfium.documents import warm_pdf

        self.lanes.run(Lane.PRINT, warm_pdf, lambda _none: None, lambda _error: None)

    def _hidden(self) -> None:
        self.shell.show_lock()
        self._idle.stop()
        if self.room is not None:
            self.room.hide()

    def _touched(self) -> None:
        if self.flow.is_open:
            self._idle.start(self.settings.idle_lock_minutes * 60_000)

    # -- small facts --------------------------------------------------------------------------------------------------

    def _place(self) -> tuple[str, str]:
        return self.settings.structure.name, self.settings.structure.post

    def _local_now(self) -> datetime:
        return self.clock.now().astimezone(PARIS)

    def today(self) -> datetime:
        """Local midnight, aware."""
        return self._local_now().replace(hour=0, minute=0, second=0, microsecond=0)

    def change_settings(self, settings: Settings) -> None:
        """Write new settings, and follow those that need no restart.

        :raises OSError: they could not be written; the old ones stay.
        """
        settings.save(self.folders.profile / "settings.json")
        self._follow(settings)

    def _restored(self) -> None:
        """A backup was put back: its settings are those of the post, save what only a start reads."""
        try:
            self._follow(load_settings(self.options, self.folders))
        except BadSettings as error:
            # The ones in force stay; the next start tells it.
            log.LOGGER.warning("settings of the backup: %s", error.code)

    def _pick_backup(self) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self.shell, "La sauvegarde à restaurer")
        return Path(chosen) if chosen else None

    def _follow(self, settings: Settings) -> None:
        self.settings = settings
        self.board.settings = settings.cards
        self.appearance.choose(settings.theme, settings.zoom)

    # -- end ----------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop watching, join the lanes, close the store and the wire, remove what was to be thrown away."""
        if self._closed:
            return
        self._closed = True
        self._idle.stop()
        if self.room is not None:
            self.room.close()
        from dmp_desktop.pdfium.documents import pdf_shut

        # A page that never ends to be drawn would hold its lane, and the lane the closing.
        with pdf_shut():
            self.lanes.close()
        if self.parts is not None:
            self.parts.close()
        self.profile.close()
        log.LOGGER.removeHandler(self._log)
        self._log.close()
        self.folders.clean()
        self.collector.close()


def run_program(options: Options) -> int:
    """Make the application, run it, close it."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("dmp_desktop")
    program = Program(application, options)
    log.install_crash_hook(lambda _error: None)
    if options.play is not None:
        from dmp_desktop.app.play import Play

        play = Play(program, options.play)
        program.begin()
        play.begin()
        application.exec()
        program.close()
        return play.status
    program.begin()
    status: int = application.exec()
    program.close()
    return status
