"""The timeline and the synthesis beside it (guide, picture 07)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from dmp_desktop.ui.page_frame import KeyHint, on_key
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.synthesis.panel import SynthesisPanel
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.timeline import words
from dmp_desktop.ui.timeline.canvas import TimelineCanvas
from dmp_desktop.ui.timeline.event_panel import EventPanel
from dmp_desktop.ui.timeline.presenter import OverviewPresenter
from dmp_desktop.ui.timeline.scrolled import ScrolledColumn
from dmp_desktop.ui.widgets.basic import Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import EmptyState, MessageStrip

HINTS = (
    KeyHint("← →", "Événement"),
    KeyHint("↑ ↓", "Ligne"),
    KeyHint("+ −", "Zoom"),
    KeyHint("F6", "Documents"),
    KeyHint("Alt+D", "Directives, proches"),
)


class TimelinePage(QWidget):
    """24 months, seven lanes, the event looked at in full; the synthesis at right, or under it where room lacks."""

    documents_asked = Signal()
    contacts_asked = Signal()
    print_asked = Signal()

    def __init__(self, appearance: Appearance, presenter: OverviewPresenter) -> None:
        super().__init__()
        self._appearance, self._presenter = appearance, presenter
        self.setProperty("room", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Frise et synthèse")
        self.canvas = TimelineCanvas(appearance, presenter)
        self.synthesis = SynthesisPanel(appearance, presenter)
        self.synthesis.print_asked.connect(self.print_asked)
        self._event = EventPanel(appearance, presenter)
        self._title = Text("", "title", wrap=True)
        self._older = Text("", "caption", "text-3", wrap=True)
        self._gaps = MessageStrip(appearance, "info", "")
        self._fault = MessageStrip(appearance, "danger", "")
        self._empty = EmptyState(appearance, "timeline", "Aucun document à placer sur la frise.")
        self._build()
        for key, act in (("F6", self.documents_asked.emit), ("Alt+D", self.contacts_asked.emit)):
            on_key(self, key, act)
        presenter.changed.connect(self.refresh)
        presenter.moved.connect(self.refresh)
        appearance.changed.connect(self._arrange)
        self.refresh()

    def _build(self) -> None:
        self._documents = ActionButton(self._appearance, "Documents", keys="F6")
        self._documents.clicked.connect(lambda _c=False: self.documents_asked.emit())
        here = ActionButton(self._appearance, "Frise", icon="timeline")
        here.setCheckable(True)
        here.setChecked(True)
        here.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        here.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._wider = ActionButton(self._appearance, "−")
        self._closer = ActionButton(self._appearance, "+")
        self._wider.setAccessibleName("Voir plus de mois")
        self._closer.setAccessibleName("Voir moins de mois")
        self._wider.clicked.connect(lambda _c=False: self._presenter.zoom(-1))
        self._closer.clicked.connect(lambda _c=False: self._presenter.zoom(1))
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(12)
        self._head.addWidget(self._title, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._documents, here, self._wider, self._closer):
            buttons.addWidget(button)
        buttons.addStretch()
        self._head.addLayout(buttons)
        self._frame = Panel(margin=1, spacing=0)
        self._frame.body.setContentsMargins(1, 1, 1, 1)
        self._frame.body.addWidget(self.canvas)
        self._scroll = ScrolledColumn()
        self._main = self._scroll.column
        self._main.setContentsMargins(24, 16, 16, 8)
        self._main.setSpacing(8)
        self._main.addLayout(self._head)
        for part in (self._fault, self._gaps, self._frame, self._empty, self._event, self._older):
            self._main.addWidget(part)
        self._main.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._scroll, 1)
        self._row.addWidget(self.synthesis)
        self._narrow = False

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of this screen, for the status bar."""
        return HINTS

    def showEvent(self, event: QShowEvent) -> None:
        """The arrows go to the timeline at once."""
        super().showEvent(event)
        self.canvas.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus, wherever the focus is."""
        zooms = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1}
        if event.key() in zooms:
            self._presenter.zoom(zooms[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """The synthesis goes under the timeline where room lacks (guide 2)."""
        narrow = self._appearance.theme.narrow(self.width() + self._appearance.theme.px(72))
        if narrow != self._narrow:
            self._narrow = narrow
            if narrow:
                self._main.insertWidget(self._main.count() - 1, self.synthesis)
            else:
                self._row.addWidget(self.synthesis)
        self._head.setDirection(QBoxLayout.Direction.TopToBottom if self._tight() else QBoxLayout.Direction.LeftToRight)
        self.synthesis.fit(narrow=narrow)

    def _tight(self) -> bool:
        return self.width() < self._appearance.theme.px(720)

    def refresh(self) -> None:
        """Draw what the presenter holds."""
        presenter, shown = self._presenter, self._presenter.shown
        self._fault.setVisible(presenter.fault is not None)
        if presenter.fault is not None:
            told = sentence(presenter.fault)
            self._fault.say("danger", told.what, f"{told.effect} {told.todo}")
        missing = words.gaps(presenter.overview) if presenter.overview is not None else ""
        self._gaps.setVisible(bool(missing))
        self._gaps.say("info", missing)
        has = shown is not None and bool(presenter.events or shown.bars)
        self._frame.setVisible(has or shown is None)
        self._empty.setVisible(shown is not None and not has)
        self._title.setText(words.window(shown) if shown is not None else "Frise")
        self._wider.setEnabled(not presenter.widest)
        self._closer.setEnabled(not presenter.closest)
        older = shown.older if shown is not None and presenter.widest else 0
        self._older.setVisible(older > 0)
        self._older.setText(
            "1 document plus ancien n’est pas sur cette frise."
            if older == 1
            else f"{older} documents plus anciens ne sont pas sur cette frise."
        )
