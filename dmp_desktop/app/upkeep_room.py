"""The upkeep of the post joined to what it looks after: the copy of documents, the backups, the figures."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from dmp_desktop.app.rooms import UPKEEP
from dmp_desktop.cache.clinical import FILE as CLINICAL_FILE
from dmp_desktop.cache.database import Database
from dmp_desktop.cache.facts import FileFacts, file_facts, queue_lines
from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.preferences import Preferences
from dmp_desktop.cache.store import FILE as DESK_FILE
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.errors import FlowError
from dmp_desktop.services.backup import Backup, BackupMade
from dmp_desktop.services.diagnostics import LaneLine, Passes, Section, Sources, report
from dmp_desktop.services.diet import Diet, Emptied
from dmp_desktop.services.store_watch import StoreWatch
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.upkeep.page import UpkeepPage
from dmp_desktop.ui.upkeep.presenter import CopyFigures, UpkeepPresenter

if TYPE_CHECKING:
    from dmp_desktop.app.pages import Pages
    from dmp_desktop.app.program import Program
    from dmp_desktop.services.stationery import Press

_LAST_BACKUP: Final = "last-backup"
_CERTIFICATE: Final = "Certificat d’effacement"


class UpkeepRoom(QObject):
    """Lives as long as the program.

    :ivar passes: the latest passes of the outbox, told by whoever runs them; ``diet``: of the copy of documents.
    """

    def __init__(self, program: Program, store: DeskStore, press: Press, watch: StoreWatch, pages: Pages) -> None:
        super().__init__(program)
        self._program, self._store, self._press, self._watch = program, store, press, watch
        self.passes = Passes()
        self.diet = Diet(lambda: program.settings, program.clock, store, demonstration=program.options.sandbox)
        self._preferences = Preferences(store.database)
        self._backup = Backup(program.folders.profile, program.clock, self._open_databases)
        self.presenter = UpkeepPresenter(self, program.lanes)
        self.page = UpkeepPage(program.appearance, self.presenter, self._pick_folder)
        self.page.hints_changed.connect(lambda hints: pages.tell_hints(UPKEEP, hints))
        pages.add(UPKEEP, "shield", "Entretien", self.page, self.page.shown, bottom=True)

    def put_on_diet(self) -> None:
        """The copy was opened, or a new day began: what expired is forgotten, in the cache lane."""
        program = self._program
        if not program.flow.is_open or not self.diet.is_due:
            return
        author = program.flow.author()

        def go() -> None:
            clinical = program.profile.clinical
            if clinical is not None:
                self.diet.run(clinical, author)

        program.lanes.run(Lane.CACHE, go, lambda _none: None, lambda _error: None)

    # -- what the page asks, in the cache lane ------------------------------------------------------------------------

    def sections(self) -> tuple[Section, ...]:
        """Figures of the post."""
        program, watch = self._program, self._watch
        gateway = program.parts.gateway if program.parts is not None else None
        return report(
            Sources(
                now=program.clock.now,
                desk=lambda: file_facts(self._store.database),
                clinical=self._clinical_facts,
                queue=lambda: queue_lines(self._store.database),
                journal_rows=self._store.journal.verify,
                passes=self.passes.last,
                lanes=self._lane_lines,
                drift=lambda: gateway.drift if gateway is not None else None,
                answered_at=lambda: watch.answered_at,
                screen=self._screen,
            )
        )

    def copy_figures(self) -> CopyFigures | None:
        """What the copy of documents holds; ``None`` while it is closed."""
        clinical, rules = self._program.profile.clinical, self._program.settings.diet
        if clinical is None:
            return None
        held = self.diet.held(clinical)
        copy = held.copy
        return CopyFigures(
            copy.dossiers, copy.documents, copy.bytes, held.drafts, rules.days, rules.quota_mib * 1024 * 1024
        )

    def empty_copy(self) -> Emptied:
        """Purge the copy, unsent drafts excepted."""
        program = self._program
        clinical = program.profile.clinical
        if clinical is None:
            raise FlowError("the copy is closed")
        return self.diet.empty(clinical, program.flow.author())

    def print_certificate(self, emptied: Emptied) -> None:
        """Print lane. The certificate of what was emptied."""
        self._press.send(self.diet.certificate(emptied), self._program.settings.attestation_printer, _CERTIFICATE)

    def last_backup(self) -> datetime | None:
        """When the latest backup of this post was made."""
        kept = self._preferences.get(_LAST_BACKUP)
        return datetime.fromisoformat(kept) if kept else None

    def back_up(self, target: Path) -> BackupMade:
        """Make a backup in a new folder of ``target``, and remember when."""
        author = self._program.flow.author()
        made = self._backup.make(target)
        self._store.journal.append(Act.BACKED_UP, author, reason=f"{made.files} files")
        self._preferences.set(_LAST_BACKUP, made.made_at.isoformat())
        return made

    # -- inside -------------------------------------------------------------------------------------------------------

    def _open_databases(self) -> dict[str, Database]:
        clinical = self._program.profile.clinical
        held = {DESK_FILE: self._store.database}
        return held if clinical is None else {**held, CLINICAL_FILE: clinical.database}

    def _clinical_facts(self) -> FileFacts | None:
        clinical = self._program.profile.clinical
        return file_facts(clinical.database) if clinical is not None else None

    def _lane_lines(self) -> tuple[LaneLine, ...]:
        lanes = self._program.lanes
        return tuple(
            LaneLine(lane.value, tuple(t.waited for t in lanes.times(lane)), tuple(t.took for t in lanes.times(lane)))
            for lane in Lane
        )

    def _screen(self) -> tuple[tuple[str, str], ...]:
        theme = self._program.appearance.theme
        return (("Qt", f"{qVersion()}, {QGuiApplication.platformName()}, {theme.name}, {theme.zoom}\u00a0%"),)

    def _pick_folder(self) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self._program.shell, "Où ranger la sauvegarde")
        return Path(chosen) if chosen else None
