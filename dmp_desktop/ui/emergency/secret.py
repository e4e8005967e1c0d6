"""A minor's secret connection: the record lives in memory, the band says so for as long as it is open (EX_0.1-1100)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.habilitations import Access
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.errors import DmpError
from dmp_desktop.services.emergency import EmergencyDesk, Ending, MemoryCopy
from dmp_desktop.ui.emergency.band import BandContent, BandKind
from dmp_desktop.ui.emergency.presenter import OpenedInMemory
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane

BAND = BandContent(
    BandKind.SECRET,
    "Connexion secrète",
    "Les représentants légaux ne voient ni cet accès ni ce que vous déposez. Rien n’est gardé sur ce poste.",
    end="Quitter la connexion secrète",
)


class SecretPresenter(QObject):
    """One secret connection at a time.

    :param memory: a new copy that writes nothing to the disk.
    """

    band_changed = Signal(object)
    opened = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, desk: EmergencyDesk, lanes: Lanes, memory: Callable[[], MemoryCopy]) -> None:
        super().__init__()
        self._desk, self._lanes, self._memory = desk, lanes, memory
        self._open: tuple[RecordContext, str, MemoryCopy] | None = None
        self._stay = 0

    @property
    def active(self) -> bool:
        """Whether a record is open secretly now."""
        return self._open is not None

    def open(self, context: RecordContext) -> None:
        """Enter this record so; written to the journal first."""
        if self.active:
            return
        inside = replace(context, access=Access(context.access.mode, context.access.motive, secret=True))
        access = self._desk.new_access()
        self._stay += 1
        stay = self._stay

        def work() -> MemoryCopy:
            self._desk.journal_secret(inside, access, Ending.BY_HAND, opened=True)
            return self._memory()

        def done(copy: MemoryCopy) -> None:
            if stay != self._stay:
                self._lanes.run(Lane.CACHE, copy.close, lambda _none: None, self.failed.emit)
                return
            self._open = (inside, access, copy)
            self.band_changed.emit(BAND)
            self.opened.emit(OpenedInMemory(inside, copy))

        def failed(error: DmpError) -> None:
            if stay == self._stay:
                self.failed.emit(error)

        self._lanes.run(Lane.CACHE, work, done, failed)

    def end(self, ending: Ending = Ending.BY_HAND) -> None:
        """Left, closed or locked: content is dropped at once."""
        self._stay += 1
        if self._open is None:
            return
        context, access, copy = self._open
        self._open = None
        self.band_changed.emit(None)
        self.ended.emit()

        def work() -> None:
            copy.close()
            self._desk.journal_secret(context, access, ending, opened=False)

        self._lanes.run(Lane.CACHE, work, lambda _none: None, self.failed.emit)
