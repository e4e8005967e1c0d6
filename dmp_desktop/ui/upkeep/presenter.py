"""« Entretien »: figures of the post, its backups, the copy of documents emptied; decided here, shown by the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.backup import BackupMade
from dmp_desktop.services.diagnostics import Section, as_text
from dmp_desktop.services.diet import Emptied
from dmp_desktop.ui.tasks import Lane, TaskLanes

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CopyFigures:
    """What the copy of documents holds: counts only. ``size`` in bytes.

    :ivar drafts: documents not at the store yet, which emptying leaves.
    :ivar days: life of a record after its last legitimate access; ``quota`` in bytes.
    """

    records: int
    documents: int
    size: int
    drafts: int
    days: int
    quota: int


class UpkeepPort(Protocol):
    """What the page asks; in the cache lane, save the printing."""

    def sections(self) -> tuple[Section, ...]:
        """Figures of the post."""
        ...

    def copy_figures(self) -> CopyFigures | None:
        """What the copy of documents holds; ``None`` while it is closed."""
        ...

    def empty_copy(self) -> Emptied:
        """Purge the copy of documents, unsent drafts excepted."""
        ...

    def print_certificate(self, emptied: Emptied) -> None:
        """Print lane. The certificate of what was emptied."""
        ...

    def last_backup(self) -> datetime | None:
        """When the latest backup of this post was made."""
        ...

    def back_up(self, target: Path) -> BackupMade:
        """Make a backup in a new folder of ``target``."""
        ...


class UpkeepPresenter(QObject):
    """The state of the page. UI thread."""

    changed = Signal()

    def __init__(self, port: UpkeepPort, lanes: TaskLanes) -> None:
        super().__init__()
        self._port, self._lanes = port, lanes
        self.sections: tuple[Section, ...] = ()
        self.figures: CopyFigures | None = None
        self.last_backup: datetime | None = None
        self.backed_up: BackupMade | None = None
        self.emptied = False
        self.busy = ""
        self.fault: DmpError | None = None
        self._stay = 0

    def refresh(self) -> None:
        """Read the figures again."""
        stay = self._stay

        def read() -> tuple[tuple[Section, ...], CopyFigures | None, datetime | None]:
            return self._port.sections(), self._port.copy_figures(), self._port.last_backup()

        def done(found: tuple[tuple[Section, ...], CopyFigures | None, datetime | None]) -> None:
            if stay == self._stay:
                self.sections, self.figures, self.last_backup = found
                self.changed.emit()

        self._lanes.run(Lane.CACHE, read, done, self._failed)

    def back_up(self, target: Path) -> None:
        """Make a backup there."""

        def done(made: BackupMade) -> None:
            self.backed_up, self.busy = made, ""
            self.refresh()

        self._begin("Sauvegarde en cours", lambda: self._port.back_up(target), done)

    def empty_copy(self) -> None:
        """Empty the copy of documents; asked for by a person who was told what it means."""

        def done(emptied: Emptied) -> None:
            self.emptied, self.busy = True, ""
            self.refresh()
            self._lanes.run(Lane.PRINT, lambda: self._port.print_certificate(emptied), lambda _none: None, self._failed)

        self._begin("Effacement en cours", self._port.empty_copy, done)

    def text(self) -> str:
        """The figures as they are copied."""
        return as_text(self.sections)

    def forget(self) -> None:
        """The session is locked: what was answered leaves the screen."""
        self._stay += 1
        self.backed_up, self.emptied, self.fault, self.busy = None, False, None, ""
        self.changed.emit()

    def _begin(self, words: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        if self.busy:
            return
        self.busy, self.fault = words, None
        self.backed_up, self.emptied = None, False
        self.changed.emit()
        self._lanes.run(Lane.CACHE, work, done, self._failed)

    def _failed(self, error: DmpError) -> None:
        # The dialog of the printer closed: what was done stays done.
        self.busy, self.fault = "", None if isinstance(error, Cancelled) else error
        self.changed.emit()
