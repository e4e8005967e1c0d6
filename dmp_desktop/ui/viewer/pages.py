"""Pages of PDFs as pixels, drawn in the print lane when they come into sight, kept while there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from dmp_desktop.domain.readable import PdfPart
from dmp_desktop.errors import DmpError
from dmp_desktop.reading.pdf import Raster, pdf_page
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane

_ROOM = 96_000_000
"""Bytes of drawn pages that are kept."""

_WAITING = 12
"""Pages asked for and not drawn yet; those asked for first have left the sight since."""


@dataclass(frozen=True, slots=True)
class PageKey:
    """One page at one size. ``part``: identity of the PDF it is of."""

    part: int
    number: int
    width: int
    turned: int


class Pages(QObject):
    """The drawn pages of one viewer. One page is drawn at a time; what was asked last comes first."""

    changed = Signal()

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._kept: OrderedDict[PageKey, QImage] = OrderedDict()
        self._asked: OrderedDict[PageKey, PdfPart] = OrderedDict()
        self._faults: dict[PageKey, DmpError] = {}
        self._busy = False
        self._stop = threading.Event()

    def image(self, part: PdfPart, number: int, width: int, turned: int) -> QImage | None:
        """The page, or ``None`` while it is drawn; another size of it stands in meanwhile."""
        key = PageKey(id(part), number, width, turned)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._faults:
            self._asked[key] = part
            self._asked.move_to_end(key)
            while len(self._asked) > _WAITING:
                self._asked.popitem(last=False)
            self._next()
        return next(
            (
                image
                for other, image in reversed(self._kept.items())
                if (other.part, other.number, other.turned) == (key.part, number, turned)
            ),
            None,
        )

    def fault(self, part: PdfPart, number: int) -> DmpError | None:
        """Why a page cannot be drawn."""
        return next((e for key, e in self._faults.items() if (key.part, key.number) == (id(part), number)), None)

    def clear(self) -> None:
        """Forget every page; what is being drawn is given up."""
        self._stop.set()
        self._stop = threading.Event()
        self._asked.clear()
        self._kept.clear()
        self._faults.clear()
        self._busy = False

    def _next(self) -> None:
        if self._busy or not self._asked:
            return
        key, part = self._asked.popitem()
        self._busy = True
        stop = self._stop

        def drawn(raster: Raster) -> None:
            if stop is self._stop:
                self._drawn(key, raster)

        def failed(error: DmpError) -> None:
            if stop is self._stop:
                self._faults[key] = error
                self._done()

        self._lanes.run(
            Lane.PRINT, lambda: pdf_page(part.data, key.number, key.width, key.turned, stop.is_set), drawn, failed
        )

    def _drawn(self, key: PageKey, raster: Raster) -> None:
        line = raster.width * 3
        image = QImage(raster.rgb, raster.width, raster.height, line, QImage.Format.Format_RGB888).copy()
        self._kept[key] = image
        while sum(kept.sizeInBytes() for kept in self._kept.values()) > _ROOM and len(self._kept) > 1:
            self._kept.popitem(last=False)
        self._done()

    def _done(self) -> None:
        self._busy = False
        self.changed.emit()
        self._next()
