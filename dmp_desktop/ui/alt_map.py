"""The map of keys (guide 4.12): Alt held for a second shows every key of the moment; releasing it closes the map."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from dmp_desktop.ui.command_bar import Provider
from dmp_desktop.ui.command_rows import HERE, Command
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import KeyCap

HOLD_MS = 1000
"""How long Alt is held: shorter, and a slow Alt+letter would flash the map."""

_MIDDLE = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)


class AltMap(QWidget):
    """Covers the window without moving anything: caps over the buttons on screen, a panel at right for the rest.

    :param commands: asked each time; a command without a key is left out.
    """

    WIDTH, ROW, HEADING = 328, 32, 36

    def __init__(self, appearance: Appearance, window: QWidget, commands: Provider) -> None:
        super().__init__(window)
        self._appearance, self._window, self._provider = appearance, window, commands
        self._in_place: tuple[Command, ...] = ()
        self._groups: tuple[tuple[str, tuple[Command, ...]], ...] = ()
        self._pinned = False
        self._before: QWidget | None = None
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(HOLD_MS)
        self._hold.timeout.connect(self._held)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("ring", "none")
        self.setAccessibleName("Toutes les touches")
        window.installEventFilter(self)
        self.hide()

    @property
    def listed(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """The panel: per group, cap and words."""
        return tuple((title, tuple((c.keys, c.words) for c in commands)) for title, commands in self._groups)

    def pin(self) -> None:
        """Show every key until Escape, for who would rather read than hold (F1)."""
        if self._pinned:
            self.close_map()
            return
        self._before = self._window.focusWidget()
        self._pinned = True
        self._show(in_place=False)
        if self._pinned:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_map(self) -> None:
        """Close; the focus returns where it was."""
        self._hold.stop()
        self.hide()
        pinned, self._pinned = self._pinned, False
        before, self._before = self._before, None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if pinned and before is not None and isValid(before) and before.isVisible():
            before.setFocus()

    # -- the key ------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow Alt at the window system's door: whichever widget has the keyboard."""
        kind = event.type()
        if watched is self._window:
            if kind == QEvent.Type.Show:
                handle = self._window.windowHandle()
                if handle is not None:
                    handle.installEventFilter(self)
            elif kind == QEvent.Type.Resize and self.isVisible():
                self._fit()
            elif kind in (QEvent.Type.WindowDeactivate, QEvent.Type.Close):
                self.close_map()
        elif isinstance(event, QKeyEvent) and not event.isAutoRepeat():
            self._alt(event)
        return False

    def _alt(self, event: QKeyEvent) -> None:
        alone = event.key() == Qt.Key.Key_Alt
        if event.type() == QEvent.Type.KeyPress:
            others = event.modifiers() & ~Qt.KeyboardModifier.AltModifier
            if alone and not others and not self._pinned:
                self._hold.start()
            elif not self._pinned:
                self.close_map()
        elif event.type() == QEvent.Type.KeyRelease and alone and not self._pinned:
            self.close_map()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While it is pinned, Escape or F1 closes it."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
            self.close_map()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Escape is the map's, not that of the screen behind."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
                event.accept()
                return True
        elif event.type() == QEvent.Type.FocusOut and self._pinned:
            self._before = None
            self.close_map()
        return super().event(event)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _held(self) -> None:
        self._show(in_place=True)

    def _show(self, *, in_place: bool) -> None:
        keyed = [c for c in self._provider() if c.keys]
        if not keyed:
            self.close_map()
            return
        shown = [c for c in keyed if in_place and _seen(c.anchor)]
        rest = [c for c in keyed if c not in shown]
        titles = sorted(dict.fromkeys(c.where for c in rest), key=lambda title: title != HERE)
        self._in_place = tuple(shown)
        self._groups = tuple((title, tuple(c for c in rest if c.where == title)) for title in titles)
        spoken = [f"{c.words}, {c.keys}" for c in keyed]
        self.setAccessibleDescription(". ".join(spoken))
        self._fit()
        self.show()
        self.raise_()

    def _fit(self) -> None:
        self.setGeometry(self._window.rect())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Caps over their buttons, then the panel."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for command in self._in_place:
            if command.anchor is not None and command.anchor.isEnabled() and _seen(command.anchor):
                self._cap_over(painter, command.keys, command.anchor)
        if self._groups:
            self._panel(painter)
        painter.end()

    def _cap_over(self, painter: QPainter, keys: str, anchor: QWidget) -> None:
        """Lights up the cap that the button already has; gives one to the button that has none."""
        px = self._appearance.theme.px
        own = next((cap for cap in anchor.findChildren(KeyCap) if cap.isVisible()), None)
        if own is not None:
            filled = own.property("kind") == "key-on-action"
            area = QRect(own.mapTo(self._window, QPoint(0, 0)), own.size())
            self._cap(painter, keys, area, *(("on-action", "action") if filled else ("action", "on-action")))
            return
        width, height = self._cap_width(painter, keys), self._appearance.theme.size("key")
        corner = anchor.mapTo(self._window, QPoint(anchor.width() - width - px(2), px(2)))
        self._cap(painter, keys, QRect(corner.x(), corner.y(), width, height), "action", "on-action")

    def _panel(self, painter: QPainter) -> None:
        theme, px = self._appearance.theme, self._appearance.theme.px
        rows = sum(px(self.HEADING) + len(commands) * px(self.ROW) for _, commands in self._groups)
        top = theme.size("top_bar") + px(8)
        room = self.height() - top - theme.size("status_bar") - px(8)
        width = min(px(self.WIDTH), self.width() - px(32))
        area = QRect(self.width() - width - px(16), top, width, min(rows + px(20), room))
        painter.setPen(QPen(theme.color("control"), theme.hairline))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(area, px(4), px(4))
        painter.setClipRect(area.adjusted(1, 1, -1, -1))
        y = area.top() + px(8)
        for title, commands in self._groups:
            painter.setFont(theme.font("caption", bold=True))
            painter.setPen(theme.color("text-3"))
            painter.drawText(QRect(area.left() + px(16), y, width, px(self.HEADING)), _MIDDLE, title)
            y += px(self.HEADING)
            self._rows(painter, commands, QRect(area.left(), y, width, px(self.ROW)))
            y += len(commands) * px(self.ROW)

    def _rows(self, painter: QPainter, commands: Sequence[Command], first: QRect) -> None:
        theme, px, row = self._appearance.theme, self._appearance.theme.px, QRect(first)
        for command in commands:
            width = self._cap_width(painter, command.keys)
            height = theme.size("key")
            cap = QRect(row.right() - px(16) - width, row.center().y() - height // 2 + 1, width, height)
            self._cap(painter, command.keys, cap, "sunken", "text-2")
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("text"))
            room = QRect(row.left() + px(16), row.top(), cap.left() - row.left() - px(28), row.height())
            words = painter.fontMetrics().elidedText(command.words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, _MIDDLE, words)
            row.translate(0, row.height())

    def _cap_width(self, painter: QPainter, keys: str) -> int:
        painter.setFont(self._appearance.theme.font("caption"))
        return painter.fontMetrics().horizontalAdvance(keys) + self._appearance.theme.px(12)

    def _cap(self, painter: QPainter, keys: str, area: QRect, fill: str, ink: str) -> None:
        theme, px = self._appearance.theme, self._appearance.theme.px
        painter.setFont(theme.font("caption"))
        painter.setPen(QPen(theme.color("control" if fill == "sunken" else fill), 1))
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(area, px(3), px(3))
        painter.setPen(theme.color(ink))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), keys)


def _seen(anchor: QWidget | None) -> bool:
    """Whether any part of it is on the screen: not scrolled away, not on another page."""
    return anchor is not None and isValid(anchor) and not anchor.visibleRegion().isEmpty()
