"""The zoom of every margin and gap, in one place.

Layouts are written with the numbers of the visual guide, as at 100 %. While another zoom is in force they are
multiplied here, whoever made them and whenever: on a change of zoom, and before a layout that changed is arranged.
Sizes and type are the business of the style sheet and of each widget (:meth:`Theme.px`).
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QObject
from PySide6.QtWidgets import QApplication, QLayout, QWidget

_KEPT = "_at100"


class LayoutZoom(QObject):
    """Multiplies margins and gaps of all layouts of the application."""

    def __init__(self, application: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._application = application
        self._zoom = 100

    def choose(self, zoom: int) -> None:
        """Another zoom, in per cent; at 100 nothing is watched."""
        if zoom == self._zoom:
            return
        if self._zoom == 100:
            self._application.installEventFilter(self)
        self._zoom = zoom
        for window in self._application.topLevelWidgets():
            for widget in (window, *window.findChildren(QWidget)):
                self._fit(widget.layout())
        if zoom == 100:
            self._application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What was just built or changed is multiplied before it is arranged."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Polish) and isinstance(watched, QWidget):
            self._fit(watched.layout())
        return False

    def _fit(self, layout: QLayout | None) -> None:
        if layout is None:
            return
        margins, gap = layout.contentsMargins(), layout.spacing()
        now = (margins.left(), margins.top(), margins.right(), margins.bottom(), gap)
        base, applied = layout.property(_KEPT) or (now, now)
        if now != tuple(applied):
            base = now  # whoever owns this layout gave it other numbers since
        wanted = tuple(round(n * self._zoom / 100) if n > 0 else n for n in base)
        if wanted != now:
            layout.setContentsMargins(QMargins(*wanted[:4]))
            layout.setSpacing(wanted[4])
        layout.setProperty(_KEPT, (tuple(base), wanted))
        # Not through itemAt: what it gives outlives its item in Python, and a later one at the same place ends the run.
        for child in layout.children():
            if isinstance(child, QLayout):
                self._fit(child)
