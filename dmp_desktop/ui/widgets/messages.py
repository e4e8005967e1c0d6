"""Strips, questions, progress and empty states: how a screen speaks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
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
    ) -> None:
        super().__init__()
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
        self._since_key = QElapsedTimer()
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Escape are the safe answer; a scanner's burst is none."""
        scanner = self._since_key.isValid() and self._since_key.elapsed() < SCANNER_MS
        self._since_key.restart()
        if scanner:
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.safe.emit()
        else:
            super().keyPressEvent(event)


class ProgressLine(QWidget):
    """A line and a sentence once the work lasts; after five seconds the seconds, and a way to cancel."""

    cancelled = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._position = 0
        self._words = ""
        self._since = QElapsedTimer()
        self._clock = QTimer(self)
        self._clock.setInterval(100)
        self._clock.timeout.connect(self._tick)
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
        self._since.start()
        self._clock.start()
        self.setAccessibleName(words)

    def stop(self) -> None:
        """Work ended."""
        self._clock.stop()
        self._label.setText("")
        self._cancel.hide()
        self._since.invalidate()
        self.update()

    @property
    def shown(self) -> bool:
        """Whether anything is drawn yet."""
        return self._since.isValid() and self._since.elapsed() >= QUIET_MS

    def _tick(self) -> None:
        if not self.shown:
            return
        self._position = (self._position + 5) % 100
        seconds = self._since.elapsed() // 1000
        self._label.setText(self._words if seconds < 5 else f"{self._words}, {seconds}\u00a0s")
        self._cancel.setVisible(seconds >= 5)
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
        for widget in (self._icon, self._words, self._note):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
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
