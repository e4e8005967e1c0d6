"""Which paper is looked at on its own, and its page at the resolution of the screen: no widget here."""

from __future__ import annotations

from collections.abc import Callable

from dmp_desktop.errors import DmpError
from dmp_desktop.services.papers import PageImage, PaperKind
from dmp_desktop.ui.opening.port import DeskPort, Lanes
from dmp_desktop.ui.opening.tray import PaperSlot, PaperTray
from dmp_desktop.ui.tasks import Lane


class PaperViewer:
    """One paper of the tray, shown large. Papers drawn anew close it: what it showed is no longer what prints.

    :ivar page: the page drawn, ``None`` until it is; ``failure``: why it could not be.
    """

    def __init__(self, desk: DeskPort, lanes: Lanes, tray: PaperTray, changed: Callable[[], None]) -> None:
        self._desk, self._lanes, self._tray, self._changed = desk, lanes, tray, changed
        self._slot: PaperSlot | None = None
        self._dpi = 0.0
        self.page: PageImage | None = None
        self.failure: DmpError | None = None

    @property
    def slot(self) -> PaperSlot | None:
        """The paper shown, while the tray still holds it."""
        return self._slot if any(slot is self._slot for slot in self._tray.slots) else None

    @property
    def papers(self) -> tuple[PaperSlot, ...]:
        """Every paper that may be looked at: those that exist."""
        return tuple(slot for slot in self._tray.slots if slot.paper.pdf is not None)

    def show(self, kind: PaperKind) -> None:
        """Look at the paper of that kind, if it exists."""
        slot = self._tray.slot(kind)
        if slot is not None and slot in self.papers and slot is not self.slot:
            self._slot, self._dpi, self.page, self.failure = slot, 0.0, None, None
            self._changed()

    def show_first(self) -> None:
        """Look at the first paper of the tray."""
        if self.papers:
            self.show(self.papers[0].kind)

    def close(self) -> None:
        """Back to the screen it was opened from."""
        self._slot = self.page = self.failure = None
        self._changed()

    def draw(self, dpi: float) -> None:
        """Have the page drawn at ``dpi`` dots an inch; asked twice, it is drawn once."""
        slot = self.slot
        if slot is None or dpi == self._dpi:
            return
        self._dpi = dpi

        def drawn(page: PageImage) -> None:
            if slot is self._slot and dpi == self._dpi:
                self.page, self.failure = page, None
                self._changed()

        def failed(error: DmpError) -> None:
            if slot is self._slot and dpi == self._dpi:
                self.failure = error
                self._changed()

        self._lanes.run(Lane.PRINT, lambda: self._desk.page(slot.paper, dpi), drawn, failed)
