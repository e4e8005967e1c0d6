"""The frame of one page: a title, content that scrolls, and a command row that never does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dmp_desktop.errors import DmpError
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.frames import CommandRow
from dmp_desktop.ui.widgets.messages import MessageStrip


class KeyHint(NamedTuple):
    """A key of this screen, for the status bar and the Alt map."""

    keys: str
    words: str


def press(button: QPushButton, *keys: str) -> None:
    """Give a button its keys: they act wherever the focus is, while the button is on screen and enabled."""
    for key in keys:
        on_key(button, key, button.click)


def on_key(owner: QWidget, key: str, act: Callable[[], object]) -> None:
    """A key that acts while ``owner`` is on screen and enabled; held down it acts once."""
    shortcut = QShortcut(QKeySequence(key), owner)
    shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(act)


def fill(layout: QLayout, *items: QWidget) -> None:
    """Add several widgets in order."""
    for item in items:
        layout.addWidget(item)


class _Content(QWidget):
    """What scrolls: as tall as its words need at this width, no more."""

    def minimumSizeHint(self) -> QSize:
        """Wrapped words tell a minimum height for a width they do not have: only the height for width counts."""
        return QSize(0, 0)

    def heightForWidth(self, width: int) -> int:
        """What cannot be given up: elastic parts (paper previews) shrink before anything scrolls (guide 2)."""
        layout = self.layout()
        return layout.minimumHeightForWidth(width) if layout is not None else -1


class PageFrame(QWidget):
    """One page. Subclasses fill ``body`` and the command row, and draw themselves in :meth:`refresh`.

    :param alone: the page follows its window by itself; else whoever holds it calls :meth:`fit`.
    """

    def __init__(self, appearance: Appearance, *, alone: bool = False) -> None:
        super().__init__()
        self.appearance = appearance
        self._alone = alone
        self.narrow = False
        self._under = self._why_not = ""
        self.setProperty("room", "page")
        self.setProperty("ring", "none")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = _Content()
        inside.setProperty("room", "scrolled")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body = QVBoxLayout(inside)
        self.area.setWidget(inside)
        self.commands = CommandRow(appearance)
        column.addWidget(self.area, 1)
        column.addWidget(self.commands)
        self.title = Text("", "title", wrap=True)
        self.subtitle = Text("", "body", "text-2", wrap=True)
        self.fault = MessageStrip(appearance, "danger", "")
        self.fault.hide()
        head = QVBoxLayout()
        head.setSpacing(0)
        fill(head, self.title, self.subtitle)
        self.body.addLayout(head)
        self.body.addWidget(self.fault)

    def fit(self, *, narrow: bool) -> None:
        """Margins and gaps; a narrow window has no side panel and no second line under the title (guide 2)."""
        self.narrow = narrow
        side, top = (16, 12) if narrow else (24, 22)
        self.body.setContentsMargins(side, top, side, 16)
        self.body.setSpacing(16)
        self._tell_under()

    def say(self, title: str, subtitle: str = "") -> None:
        """Title of the screen and the line under it."""
        self.title.setText(title)
        self._under = subtitle
        self._tell_under()

    def tell_reason(self, words: str) -> None:
        """Why the filled button waits: beside it, or under the title where the row has no room for it."""
        self._why_not = words
        self._tell_under()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room beside the buttons."""
        super().resizeEvent(event)
        if self._alone:
            self.fit(narrow=self.appearance.theme.narrow(self.window().width()))
        else:
            self._tell_under()

    def _tell_under(self) -> None:
        beside = not self.narrow and self.commands.has_room(self._why_not)
        self.commands.say(self._why_not if beside else "")
        words = self._under if beside else self._why_not.replace("\n", " ")
        self.subtitle.setText(words)
        self.subtitle.setVisible(bool(words))

    def tell_fault(self, error: DmpError | None, *, state: str = "danger") -> None:
        """The strip of what went wrong, in its three parts, with the id to copy; nothing when nothing did."""
        self.fault.setVisible(error is not None)
        if error is not None:
            told = sentence(error)
            incident = f" Identifiant\u00a0{told.incident}." if told.incident else ""
            self.fault.say(state, told.what, f"{told.effect} {told.todo}{incident}")

    def button(
        self,
        words: str,
        act: Callable[[], object],
        *,
        kind: str = "secondary",
        cap: str = "",
        keys: str = "",
        icon: str = "",
    ) -> ActionButton:
        """A button with its key: ``cap`` as read on the screen, ``keys`` as Qt names them (several by ``|``)."""
        made = ActionButton(self.appearance, words, kind=kind, keys=cap, icon=icon)
        made.clicked.connect(lambda _checked=False: act())
        if keys:
            press(made, *keys.split("|"))
        return made

    def refresh(self) -> None:
        """Draw what the presenter holds now."""
        raise NotImplementedError

    def focus_first(self) -> None:
        """Where the keys go when the screen appears."""
        self.setFocus()

    def announcement(self) -> str:
        """What a screen reader says when the screen appears."""
        return self.title.text()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this screen for the status bar."""
        return ()
