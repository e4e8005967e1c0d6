"""Python's cyclic collector, kept to the screen's thread.

Left to itself it runs in whichever thread happens to allocate, in the middle of whatever that thread does: a lane would
then destroy widgets and timers that belong to the screen. Here it runs between two turns of the event loop, and what
the program is made of is set aside, so that a pass looks at what sessions leave behind and nothing else.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 1_000


class Collector(QObject):
    """One for the program, from its start to its end. UI thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def settle(self) -> None:
        """The program is built, nobody is there yet: what it is made of is looked at once, then never again."""
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """The end: as it was before."""
        self._timer.stop()
        gc.unfreeze()
        if self._was:
            gc.enable()

    def _collect(self) -> None:
        """The oldest generation that is due, as Python itself would."""
        due = [
            at for at, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > most
        ]
        if due:
            gc.collect(max(due))
