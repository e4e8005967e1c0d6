"""The event looked at, in full: what, who, when, its telling values, and what can be done with it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from dmp_desktop.ui.page_frame import press
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.timeline import words
from dmp_desktop.ui.timeline.presenter import OverviewPresenter
from dmp_desktop.ui.widgets.basic import Chip, ElidedText, IconLabel, Text
from dmp_desktop.ui.widgets.controls import ActionButton


class EventPanel(QFrame):
    """Under the timeline."""

    def __init__(self, appearance: Appearance, presenter: OverviewPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.setProperty("kind", "advice")
        self.setProperty("state", "chosen")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        self._icon = IconLabel(appearance, "file", "text-2", 20)
        self._name = ElidedText("", "body-strong")
        self._new = Chip(appearance, "info", "info", "Nouveau")
        self._said = Text("", "caption", "text-2", wrap=True)
        words_column = QVBoxLayout()
        words_column.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._name)
        first.addWidget(self._new)
        first.addStretch(1)
        words_column.addLayout(first)
        words_column.addWidget(self._said)
        self._curve = ActionButton(appearance, "Courbe", keys="Alt+C")
        self._open = ActionButton(appearance, "Ouvrir", keys="Entrée")
        self._curve.clicked.connect(lambda _c=False: presenter.curve())
        self._open.clicked.connect(lambda _c=False: presenter.open())
        press(self._curve, "Alt+C")
        row.addWidget(self._icon)
        row.addLayout(words_column, 1)
        row.addWidget(self._curve)
        row.addWidget(self._open)
        presenter.changed.connect(self.refresh)
        presenter.moved.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Draw what the presenter holds."""
        event = self._presenter.chosen
        if event is None or self.parentWidget() is not None:
            # Shown before it stands anywhere, it would flash as a window of its own.
            self.setVisible(event is not None)
        if event is None:
            return
        values = self._presenter.values_of(event.key)
        self._icon.show_icon(words.LANES[event.lane][0], "text-2")
        self._name.setText(event.label)
        self._name.setAccessibleName(event.label)
        self._new.setVisible(event.is_new)
        self._said.setText(words.said(event, values))
        self._curve.setVisible(bool(values))
        if values:
            label = values[0][0].label
            self._curve.set_words(f"Courbe\u00a0: {label[:1].lower()}{label[1:]}")
        self.setAccessibleName(words.spoken(event))
