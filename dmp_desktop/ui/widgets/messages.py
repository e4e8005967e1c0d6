"""Strips, questions, progress and empty states: how a screen speaks."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dmp_desktop.ui.sentences import Sentence
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import IconLabel, Labelled, Text, mark
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.strong_text import StrongText

_ICONS = {
    "info": "info",
    "success": "success",
    "warning": "warning",
    "danger": "danger",
    "offline": "offline",
    "sandbox": "sandbox",
    "secret": "secret",
}

SCANNER_MS = 30
"""Keys closer than this come from a scanner: they never answer a question (guide 4.7)."""

QUIET_MS = 400
"""Nothing is said of work shorter than this (guide 4.10)."""

CANCEL_MS = 5_000
"""Work longer than this says for how long it lasts, and may be cancelled."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ANSWERS = (*_ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Space)
_MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta)
_CHORDS = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier


def milliseconds() -> int:
    """A clock that never goes back."""
    return time.monotonic_ns() // 1_000_000


class MessageStrip(QFrame):
    """One message with its state: a bold first sentence, the rest, at most one action. It never fades."""

    def __init__(
        self, appearance: Appearance, state: str, strong: str, rest: str = "", action: QWidget | None = None
    ) -> None:
        super().__init__()
        self.setProperty("strip", state)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(12)
        self._icon = IconLabel(appearance, _ICONS[state], state, 20)
        self.words = StrongText(appearance, strong, rest)
        # The icon stands beside the first line, wherever a taller button puts that line.
        said, middle = QHBoxLayout(), QVBoxLayout()
        said.setSpacing(12)
        said.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.words, 1)
        middle.addStretch(1)
        middle.addLayout(said)
        middle.addStretch(1)
        row.addLayout(middle, 1)
        if action is not None:
            row.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(f"{strong} {rest}".strip())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    @classmethod
    def of(cls, appearance: Appearance, sentence: Sentence, action: QWidget | None = None) -> MessageStrip:
        """The strip of an error: cause, effect on the dossier, what to do, and the id to copy."""
        rest = f"{sentence.effect} {sentence.todo}"
        if sentence.incident:
            rest += f" Identifiant\u00a0{sentence.incident}."
        return cls(appearance, "danger", sentence.what, rest, action)

    def say(self, state: str, strong: str, rest: str = "") -> None:
        """Another message."""
        mark(self, strip=state)
        self._icon.show_icon(_ICONS[state], state)
        self.words.say(strong, rest)
        self.setAccessibleName(f"{strong} {rest}".strip())


class QuestionPanel(QFrame):
    """A question in place of the content: the safe answer is filled and default, Escape gives it (guide 4.7).

    :param other: words and key of the other answer; it stays disabled until :meth:`allow` says so.
    :param clock: milliseconds, to tell a scanner from a hand.
    """

    safe = Signal()
    other = Signal()

    def __init__(
        self,
        appearance: Appearance,
        title: str,
        cause: str,
        effect: str,
        todo: str,
        safe: str,
        other: tuple[str, str],
        content: QWidget | None = None,
        clock: Callable[[], int] = milliseconds,
    ) -> None:
        super().__init__()
        self._clock = clock
        self._last_key: int | None = None
        self._burst = False
        self.setProperty("kind", "panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addWidget(Text(title, "title", wrap=True))
        parts = QHBoxLayout()
        parts.setSpacing(24)
        for label, words in (("Cause", cause), ("Effet sur le dossier", effect), ("Que faire", todo)):
            if words:
                parts.addWidget(Labelled(label, words, "body"), 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(parts)
        if content is not None:
            column.addWidget(content)
        self._reason = Text("", "caption", "text-2", wrap=True)
        self._other = ActionButton(appearance, other[0], keys=other[1])
        self._other.setEnabled(False)
        self.safe_button = ActionButton(appearance, safe, kind="primary", keys="Entrée")
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addStretch(1)
        row.addWidget(self._reason)
        row.addWidget(self._other)
        row.addWidget(self.safe_button)
        column.addLayout(row)
        self.safe_button.clicked.connect(self.safe)
        self._other.clicked.connect(self.other)

    def allow(self, allowed: bool, reason: str = "") -> None:
        """Whether the other answer may be given, and why not."""
        self._other.setEnabled(allowed)
        self._reason.setText("" if allowed else reason)

    def answer_other(self) -> None:
        """The other answer, by its key; ignored while it is not allowed."""
        if self._other.isEnabled():
            self.other.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """From now on every key of the panel is timed, whichever field takes it."""
        super().showEvent(event)
        for widget in (self, *self.findChildren(QWidget)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that follow each other too closely come from a scanner: they may fill a field, they answer nothing."""
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget) or not watched.hasFocus():
            return False
        if event.key() in _MODIFIERS:
            # The two keys of a chord fall together under a hand too.
            return False
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:
            now = self._clock()
            self._burst = self._last_key is not None and now - self._last_key < SCANNER_MS
            self._last_key = now
        elif kind != QEvent.Type.KeyPress:
            return False
        if self._burst and (event.key() in _ANSWERS or event.modifiers() & _CHORDS):
            event.accept()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Escape are the safe answer, wherever the focus is."""
        if event.key() in (*_ENTER, Qt.Key.Key_Escape):
            self.safe.emit()
        else:
            super().keyPressEvent(event)


class ProgressLine(QWidget):
    """A line and a sentence once the work lasts; after five seconds the seconds, and a way to cancel."""

    cancelled = Signal()

    def __init__(self, appearance: Appearance, clock: Callable[[], int] = milliseconds) -> None:
        super().__init__()
        self._appearance, self._clock = appearance, clock
        self._position = 0
        self._words = ""
        self._since: int | None = None
        self._beat = QTimer(self)
        self._beat.setInterval(100)
        self._beat.timeout.connect(self._tick)
        self._label = Text("", "caption", "text-2")
        self._cancel = ActionButton(appearance, "Annuler", kind="link", keys="Échap")
        self._cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 10, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._label)
        row.addWidget(self._cancel)
        row.addStretch(1)
        self._fit()
        appearance.changed.connect(self._fit)
        self.stop()

    def _fit(self) -> None:
        self.setFixedHeight(self._appearance.theme.px(34))

    def start(self, words: str) -> None:
        """Work began: ``words`` are said after 400 ms."""
        self._words = words
        self._since = self._clock()
        self._beat.start()
        self.setAccessibleName(words)

    def say(self, words: str) -> None:
        """How far it is; the seconds go on."""
        self._words = words
        self.setAccessibleName(words)

    def stop(self) -> None:
        """Work ended."""
        self._beat.stop()
        self._label.setText("")
        self._cancel.hide()
        self._since = None
        self.update()

    @property
    def shown(self) -> bool:
        """Whether anything is drawn yet."""
        return self._lasted() >= QUIET_MS

    def _lasted(self) -> int:
        return self._clock() - self._since if self._since is not None else -1

    def _tick(self) -> None:
        if not self.shown:
            return
        self._position = (self._position + 5) % 100
        lasted = self._lasted()
        long = lasted >= CANCEL_MS
        self._label.setText(f"{self._words}, {lasted // 1000}\u00a0s" if long else self._words)
        self._cancel.setVisible(long)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line."""
        if not self.shown:
            return
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), theme.px(4), theme.color("sunken"))
        left = self.width() * self._position // 100
        painter.fillRect(left, 0, self.width() // 4, theme.px(4), theme.color("action"))
        painter.end()


class EmptyState(QWidget):
    """An icon, one sentence, one action."""

    def __init__(
        self, appearance: Appearance, icon: str, words: str, note: str = "", action: QPushButton | None = None
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        self._icon = IconLabel(appearance, icon, "text-3", 32)
        self._words = Text(words, "value", wrap=True)
        self._note = Text(note, "body", "text-3", wrap=True)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        # The whole width: a wrapped label that is only centred guesses its own, and cuts its last line.
        column.addWidget(self._words)
        column.addWidget(self._note)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._note.setVisible(bool(note))
        if action is not None:
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def say(self, icon: str, words: str, note: str = "") -> None:
        """Another emptiness."""
        self._icon.show_icon(icon, "text-3")
        self._words.setText(words)
        self._note.setText(note)
        self._note.setVisible(bool(note))


def on_click(button: QPushButton, act: Callable[[], None]) -> QPushButton:
    """Connect and give back, for building rows in one expression."""
    button.clicked.connect(lambda _checked=False: act())
    return button
