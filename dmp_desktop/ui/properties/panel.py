"""« Propriétés »: one place to see and to change them (REC_3.3-1010); before and after are shown, then Ctrl+Entrée."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dmp_desktop.domain.events import Event
from dmp_desktop.domain.record import RecordContext, RecordRow
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.properties import Change, Choice, PropertiesDesk
from dmp_desktop.services.replacement import ruled
from dmp_desktop.services.rights_view import Ruling
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.page_frame import KeyHint, PageFrame, fill
from dmp_desktop.ui.properties import texts
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Labelled, Panel, Text
from dmp_desktop.ui.widgets.controls import RadioRow
from dmp_desktop.ui.widgets.frames import empty_layout


class PropertiesPresenter(QObject):
    """One document's properties, and the change chosen.

    :ivar chosen: nothing is chosen at first; ``replaceable``: whether one's own document may be replaced now, ``None``
        for somebody else's.
    """

    changed = Signal()
    sent = Signal(object)
    closed = Signal()
    replace_asked = Signal(object)
    """A new version of this row's document."""

    def __init__(self, desk: PropertiesDesk, lanes: Lanes) -> None:
        super().__init__()
        self._desk, self._lanes = desk, lanes
        self.row: RecordRow | None = None
        self.context: RecordContext | None = None
        self.choices: tuple[Choice, ...] = ()
        self.replaceable: Ruling | None = None
        self.chosen: Change | None = None
        self.fault: DmpError | None = None
        self.busy = False
        self._stay = 0

    def open(self, row: RecordRow, context: RecordContext) -> None:
        """Show a document."""
        self._stay += 1
        self.row, self.context, self.chosen, self.fault, self.busy = row, context, None, None, False
        self.choices = self._desk.choices(row, context)
        self.replaceable = ruled(row, context)
        self.changed.emit()

    def choose(self, change: Change) -> None:
        """One change; what is not allowed is not chosen."""
        if any(choice.change is change and choice.allowed for choice in self.choices):
            self.chosen = change
            self.changed.emit()

    def replace(self) -> None:
        """Alt+V: a new version of one's own document, written on the deposit page."""
        row = self.row
        if row is not None and self.replaceable is not None and self.replaceable.allowed and not self.busy:
            self.close()
            self.replace_asked.emit(row)

    @property
    def choice(self) -> Choice | None:
        """The change chosen."""
        return next((choice for choice in self.choices if choice.change is self.chosen), None)

    def apply(self) -> None:
        """Ctrl+Entrée: into the outbox."""
        row, context, change = self.row, self.context, self.chosen
        if row is None or context is None or change is None or self.busy:
            return
        self.busy, self.fault = True, None
        stay = self._stay

        def done(event: Event) -> None:
            self.sent.emit(event)
            if stay == self._stay:
                self.close()

        def failed(error: DmpError) -> None:
            if stay == self._stay:
                self.busy, self.fault = False, None if isinstance(error, Cancelled) else error
                self.changed.emit()

        self._lanes.run(Lane.CACHE, lambda: self._desk.apply(change, row, context), done, failed)
        self.changed.emit()

    def close(self) -> None:
        """Escape, a lock, another record: nothing remains."""
        self._stay += 1
        self.row, self.context, self.choices, self.chosen, self.replaceable = None, None, (), None, None
        self.fault, self.busy = None, False
        self.changed.emit()
        self.closed.emit()


class PropertiesPanel(PageFrame):
    """In place of the content, below the banner: properties at left, changes at right."""

    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: PropertiesPresenter) -> None:
        super().__init__(appearance, alone=True)
        self.presenter = presenter
        self.setAccessibleName("Propriétés du document")
        self._columns = QHBoxLayout()
        self._columns.setSpacing(24)
        self._facts = Panel("Ce qu’en dit le DMP", margin=24, spacing=12)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._facts.body.addLayout(self._grid)
        self._facts.body.addStretch(1)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(16)
        self._changes = Panel("Modification des propriétés du document", margin=24, spacing=12)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self._changes.body.addLayout(self._rows)
        self._changes.body.addLayout(self._replacing())
        self._preview = Panel("Avant et après", margin=24, spacing=12)
        self._before, self._after = Labelled("Avant", "", "body"), Labelled("Après", "", "body")
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addWidget(self._before, 1, Qt.AlignmentFlag.AlignTop)
        both.addWidget(self._after, 1, Qt.AlignmentFlag.AlignTop)
        self._preview.body.addLayout(both)
        fill(right, self._changes, self._preview)
        right.addStretch(1)
        side = QWidget()
        side.setLayout(right)
        self._columns.addWidget(self._facts, 1)
        self._columns.addWidget(side, 1)
        self.body.addLayout(self._columns, 1)
        self._group: QButtonGroup | None = None
        self._radios: dict[Change, RadioRow] = {}
        self._drawn: RecordRow | None = None
        back = self.button("Revenir au document", presenter.close, cap="Échap", keys="Esc")
        self._apply = self.button(
            "Modifier", presenter.apply, kind="primary", cap="Ctrl Entrée", keys="Ctrl+Return", icon="send"
        )
        self.commands.offer([back], [self._apply])
        presenter.changed.connect(self.refresh)
        self.refresh()

    def _replacing(self) -> QVBoxLayout:
        """The way to a new version of one's own document, with what stands in it."""
        self._replace = self.button(
            "Remplacer par une nouvelle version", self.presenter.replace, cap="Alt+V", keys="Alt+V", icon="copies"
        )
        self._no_replacing = Text("", "caption", "text-2", wrap=True)
        column, row = QVBoxLayout(), QHBoxLayout()
        column.setSpacing(4)
        row.addWidget(self._replace)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._no_replacing)
        return column

    def fit(self, *, narrow: bool) -> None:
        """Changes go under the properties."""
        super().fit(narrow=narrow)
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def shown(self) -> None:
        """The panel comes to the front."""
        self.hints_changed.emit(tuple(self.hints()))
        self.focus_first()

    def refresh(self) -> None:
        """Draw the document and the change chosen."""
        p = self.presenter
        self.tell_fault(p.fault)
        if p.row is not self._drawn:
            self._drawn = p.row
            self._draw(p.row)
        row, choice = p.row, p.choice
        if row is None:
            self.say("Propriétés")
        if choice is not None:
            self._radios[choice.change].setChecked(True)
        self._preview.setVisible(choice is not None)
        if row is not None and choice is not None:
            entry = row.entry
            self._before.set_value(texts.state(entry.visibility, entry.status))
            self._after.set_value(texts.state(choice.visibility, choice.status))
        may_replace = p.replaceable
        self._replace.setVisible(may_replace is not None)
        self._replace.setEnabled(may_replace is not None and may_replace.allowed and not p.busy)
        why_not = may_replace.words if may_replace is not None else ""
        self._replace.setAccessibleDescription(why_not)
        self._no_replacing.setText(why_not)
        self._no_replacing.setVisible(bool(why_not))
        self._apply.setEnabled(choice is not None and not p.busy)
        self._apply.set_words(texts.CHANGE[choice.change][0] if choice else "Modifier")
        reason = "" if choice else "Choisissez un changement,\nou revenez."
        self._apply.setAccessibleDescription(reason.replace("\n", " "))
        self.tell_reason("Le DMP le fait au prochain envoi." if choice else reason)

    def _draw(self, row: RecordRow | None) -> None:
        empty_layout(self._grid)
        empty_layout(self._rows)
        if row is None:
            return
        self.say(row.entry.title or row.entry.type_code.text, "Propriétés du document")
        for line, (label, value) in enumerate(texts.rows(row)):
            named = Text(label, "body", "text-2")
            told = Text(value, "body", wrap=True)
            told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            told.setAccessibleName(f"{label}\u00a0: {value}")
            self._grid.addWidget(named, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(told, line, 1)
        self._group, self._radios = QButtonGroup(self), {}
        for choice in self.presenter.choices:
            words, note = texts.CHANGE[choice.change]
            radio = RadioRow(self.appearance, words, choice.why or note)
            radio.setEnabled(choice.allowed)
            radio.clicked.connect(lambda _c=False, change=choice.change: self.presenter.choose(change))
            self._group.addButton(radio)
            self._radios[choice.change] = radio
            self._rows.addWidget(radio)
        if not self.presenter.choices:
            self._rows.addWidget(Text("Rien ne peut plus être changé.", "body", "text-2"))

    def focus_first(self) -> None:
        """The first change that may be chosen."""
        buttons = self._group.buttons() if self._group is not None else []
        first = next((button for button in buttons if button.isEnabled()), None)
        (first or self).setFocus()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this screen."""
        return (KeyHint("↑ ↓", "Choisir"), KeyHint("Ctrl Entrée", "Modifier"), KeyHint("Échap", "Revenir"))
