"""The focus ring: one per window, drawn over everything (guide §8)."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from dmp_desktop.ui.theme.appearance import Appearance


@runtime_checkable
class RingTarget(Protocol):
    """A widget whose ring goes around a part of it only."""

    def ring_rect(self) -> QRect:
        """That part, in the widget's own coordinates."""
        ...


_MOVES = (
    QEvent.Type.Resize,
    QEvent.Type.Move,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
    QEvent.Type.DynamicPropertyChange,
)


class FocusRing(QWidget):
    """The ring around whatever has the focus: two pixels, two away, over everything, deaf to the mouse."""

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__(window)
        self._appearance = appearance
        self._window = window
        self._target: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._followed: list[QWidget] = []
        # A layout moves its widgets after the focus did: the ring is placed once everything has settled.
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._place)
        self._following = False
        window.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focused widget and everything it stands in, from the showing of the window to its closing."""
        if not self._alive:
            return False
        kind = event.type()
        if watched is self._window and kind == QEvent.Type.Show:
            self._follow(True)
        elif watched is self._window and kind in {QEvent.Type.Close, QEvent.Type.DeferredDelete}:
            self._follow(False)
        if self._following and kind in _MOVES:
            self._settled.start()
        return False

    @property
    def _alive(self) -> bool:
        """A window that is being destroyed still moves the focus and its widgets, past its own end and the ring's.

        Python's collector may even have emptied the ring before Qt stops sending it events.
        """
        return isValid(self) and "_window" in self.__dict__ and isValid(self._window) and isValid(self._settled)

    def _follow(self, following: bool) -> None:
        application = QApplication.instance()
        if following == self._following or not isinstance(application, QApplication):
            return
        self._following = following
        if following:
            application.focusChanged.connect(self._moved)
            self._moved(None, application.focusWidget())
        else:
            application.focusChanged.disconnect(self._moved)
            self._moved(None, None)
            self._settled.stop()

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if not self._alive:
            return
        for followed in self._followed:
            if isValid(followed):
                followed.removeEventFilter(self)
        self._target = new if new is not None and self._window.isAncestorOf(new) else None
        self._followed = []
        widget: QWidget | None = self._target
        while widget is not None and widget is not self._window:
            widget.installEventFilter(self)
            self._followed.append(widget)
            widget = widget.parentWidget()
        self._place()
        if self._following:
            self._settled.start()

    def _place(self) -> None:
        if not self._alive:
            return
        target = self._target
        if target is None or not isValid(target) or not target.isVisible() or target.property("ring") == "none":
            self.hide()
            return
        away = self._appearance.theme.px(-1 if target.property("ring") == "inside" else 4)
        around = target.ring_rect() if isinstance(target, RingTarget) else target.rect()
        ring = around.translated(target.mapTo(self._window, QPoint(0, 0))).adjusted(-away, -away, away, away)
        seen = ring
        for holder in self._followed:
            if isValid(holder) and isinstance(holder, QAbstractScrollArea) and holder is not target:
                view = holder.viewport()
                seen = seen.intersected(QRect(view.mapTo(self._window, QPoint(0, 0)), view.size()))
        self.setGeometry(ring)
        # What scrolled out of its view keeps no ring over the command row.
        if seen == ring:
            self.clearMask()
        else:
            self.setMask(QRegion(seen.translated(-ring.topLeft())))
        self.setVisible(not seen.isEmpty())
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ring."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = theme.px(3 if theme.name == "high_contrast" else 2)
        painter.setPen(QPen(theme.color("focus"), width))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), theme.px(6), theme.px(6))
        painter.end()
