"""The band that says how a record was entered, for as long as it is open (EX_0.2-1050, EX_0.1-1100)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from dmp_desktop.ui.page_frame import press
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import ElidedText, IconLabel, Text, mark
from dmp_desktop.ui.widgets.controls import ActionButton


class BandKind(StrEnum):
    """Which access: it chooses the colour; icon and words say it too."""

    EMERGENCY = "emergency"
    SECRET = "secret"  # noqa: S105 - the connection that a minor's representatives do not see


@dataclass(frozen=True, slots=True, repr=False)
class BandContent:
    """What the band says.

    :ivar title: how it was entered; ``words``: the motive, or what follows from it.
    :ivar left: time left, ``""`` when nothing counts down; ``ending``: the last minutes.
    :ivar end: words of the button that ends the access, ``""`` while there is nothing to end.
    """

    kind: BandKind
    title: str
    words: str
    left: str = ""
    ending: bool = False
    end: str = ""

    def __repr__(self) -> str:
        return f"BandContent({self.kind})"


_ICON = {BandKind.EMERGENCY: "emergency", BandKind.SECRET: "secret"}
_TONE = {BandKind.EMERGENCY: "on-emergency", BandKind.SECRET: "secret"}


class AccessBand(QFrame):
    """40 high, above the patient banner, on every page; Alt+F12 ends the access."""

    end_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: BandContent | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 16, 0)
        row.setSpacing(12)
        self._icon = IconLabel(appearance, "emergency", "on-emergency", 20)
        self._title = Text("", "body-strong", "on-emergency")
        self._words = ElidedText("", "body", "on-emergency")
        # The words of the motive give way, to the last: what the band is and its end are never cut.
        self._words.setMinimumWidth(1)
        self._clock = IconLabel(appearance, "clock", "on-emergency", 18)
        self._left = Text("", "body-strong", "on-emergency")
        row.addWidget(self._icon)
        row.addWidget(self._title)
        row.addWidget(self._words, 1)
        row.addWidget(self._clock)
        row.addWidget(self._left)
        self._ends = {
            BandKind.EMERGENCY: ActionButton(appearance, "", kind="on-emergency", keys="Alt+F12"),
            BandKind.SECRET: ActionButton(appearance, "", kind="on-secret", keys="Alt+F12"),
        }
        for button in self._ends.values():
            # Reached by its key from everywhere: Tab goes through what the page asks.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False: self.end_asked.emit())
            press(button, "Alt+F12")
            row.addWidget(button)
        self._fit()
        appearance.changed.connect(self._fit)
        self.hide()

    def _fit(self) -> None:
        theme = self._appearance.theme
        self.setFixedHeight(theme.size("emergency_band"))
        for button in self._ends.values():
            button.setFixedHeight(theme.size("target_min"))

    @property
    def content(self) -> BandContent | None:
        """What it says now."""
        return self._shown

    def tell(self, content: BandContent | None) -> None:
        """Say this; ``None`` takes the band away."""
        before, self._shown = self._shown, content
        self.setVisible(content is not None)
        if content is None or content == before:
            return
        if before is None or before.kind is not content.kind:
            mark(self, band=content.kind.value)
        tone = _TONE[content.kind]
        self._icon.show_icon(_ICON[content.kind], tone)
        self._clock.show_icon("warning" if content.ending else "clock", tone)
        for label, words in ((self._title, content.title), (self._words, content.words), (self._left, content.left)):
            label.setText(words)
            label.set_tone(tone)
        self._words.setAccessibleName(content.words)
        self._clock.setVisible(bool(content.left))
        self._left.setVisible(bool(content.left))
        for kind, button in self._ends.items():
            button.set_words(content.end)
            button.setVisible(kind is content.kind and bool(content.end))
        self.setAccessibleName(f"{content.title}. {content.words}")
        self.setAccessibleDescription(f"Il reste {content.left}" if content.left else "")
        if before is None or content.ending != before.ending:
            said = f"Attention, il reste {content.left}." if content.ending else content.title
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
