"""The way into a record on the screen: what stands in the way, why, and what remains possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from dmp_desktop.domain.rights import DIRECT, matrix
from dmp_desktop.services.gate import AccessGate, GateReason, GateState
from dmp_desktop.ui.opening import texts as common
from dmp_desktop.ui.page_frame import KeyHint, PageFrame, on_key
from dmp_desktop.ui.record import gate_words as words
from dmp_desktop.ui.record.gate_presenter import GatePresenter
from dmp_desktop.ui.sentences import sentence_of
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import KeyCap, Labelled, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton, RadioRow, TickRow
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import MessageStrip, ProgressLine

_DEPOSIT: Final = frozenset({GateState.GESTURE, GateState.AWAITING, GateState.REFUSED, GateState.FORBIDDEN})
"""Filing a document needs no authorisation to read (TD2.1)."""

_AGAIN: Final = frozenset({GateState.UNREACHABLE, GateState.AWAITING, GateState.REFUSED, GateState.BLOCKED})


class GatePage(PageFrame):
    """One screen for every state of the way in; drawn anew when the state changes."""

    deposit_asked = Signal(object)
    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: GatePresenter) -> None:
        super().__init__(appearance, alone=True)
        self._presenter = presenter
        self._state: GateState | None = None
        self._first: QWidget | None = None
        self._go: ActionButton | None = None
        self.setAccessibleName("Accès au dossier")
        self._progress = ProgressLine(appearance)
        self._progress.cancelled.connect(presenter.leave)
        self.body.addWidget(self._progress)
        self._parts = QWidget()
        self._column = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._parts)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(24)
        self.body.addWidget(self._parts)
        self.body.addStretch(1)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._focus)
        self._choices: dict[object, RadioRow] = {}
        self._ticks: tuple[TickRow, ...] = ()
        on_key(self, "F5", presenter.retry)
        on_key(self, "F2", presenter.ask_opening)
        on_key(self, "Alt+O", self._deposit)
        on_key(self, "Ctrl+Return", self._confirm)
        on_key(self, "Ctrl+Enter", self._confirm)
        on_key(self, "Esc", presenter.leave)
        for digit in range(1, 4):
            on_key(self, str(digit), partial(self._digit, digit))
        presenter.changed.connect(self.refresh)
        self.refresh()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page comes to the front."""
        self.hints_changed.emit(tuple(self.hints()))
        self._settled.start()

    def refresh(self) -> None:
        """Draw the state; within one state only what changed."""
        presenter, gate = self._presenter, self._presenter.gate
        if presenter.busy:
            self._progress.start(presenter.busy)
        else:
            self._progress.stop()
        self._progress.setVisible(bool(presenter.busy))
        if gate is None:
            self._state = None
            empty_layout(self._column)
            self.say("Dossier")
            self.commands.offer([], [])
            self.tell_fault(presenter.fault)
            return
        if gate.state is not self._state:
            self._state = gate.state
            self._build(gate)
            self.hints_changed.emit(tuple(self.hints()))
            self.focus_first()
        self.tell_fault(presenter.fault if gate.state is not GateState.UNREACHABLE else None)
        self._tell_choices(gate)

    def _build(self, gate: AccessGate) -> None:
        empty_layout(self._column)
        self._choices, self._ticks, self._first, self._go = {}, (), None, None
        person = common.polite(gate.identity.traits, gate.age)
        title, under = words.title(gate, person)
        self.say(title, under)
        match gate.state:
            case GateState.GESTURE:
                self._column.addWidget(self._gesture(gate, person), 3, Qt.AlignmentFlag.AlignTop)
                self._column.addWidget(self._consequences(gate, person), 2, Qt.AlignmentFlag.AlignTop)
            case GateState.CHOOSING:
                self._column.addWidget(self._connection(gate), 1, Qt.AlignmentFlag.AlignTop)
            case GateState.ASKING | GateState.AUTHORISING:
                pass
            case _:
                self._column.addWidget(self._explained(gate, person), 1, Qt.AlignmentFlag.AlignTop)
        self._offer(gate)

    def _gesture(self, gate: AccessGate, person: str) -> Panel:
        panel = Panel("Pourquoi consultez-vous ce dossier\u202f?", 1, spacing=12)
        self._radios(panel, words.REASONS, lambda reason: self._presenter.say(reason=reason))
        agreed = TickRow(self.appearance, words.agreement(person), words.AGREEMENT_NOTE, strong=True)
        agreed.toggled.connect(lambda on: self._presenter.say(agreed=on))
        ticks = [agreed]
        panel.body.addSpacing(4)
        panel.body.addWidget(agreed)
        if gate.may_be_treating:
            treating = TickRow(self.appearance, words.treating(person), words.TREATING_NOTE)
            treating.toggled.connect(lambda on: self._presenter.say(treating=on))
            panel.body.addWidget(treating)
            ticks.append(treating)
        self._ticks = tuple(ticks)
        return panel

    def _consequences(self, gate: AccessGate, person: str) -> Panel:
        panel = Panel("Ce qui va se passer", spacing=12)
        for label, said in words.consequences(person):
            panel.body.addWidget(Labelled(label, said, "body"))
        self._other_ways(gate, panel)
        return panel

    def _other_ways(self, gate: AccessGate, panel: Panel) -> None:
        """What may be done without reading, or in an emergency."""
        column = QVBoxLayout()
        column.setSpacing(8)
        if gate.state in _DEPOSIT:
            column.addWidget(self.button("Déposer sans lire", self._deposit, cap="Alt+O", icon="file-plus"))
        if gate.offers_emergency:
            urgent = self._presenter.ask_emergency
            column.addWidget(self.button("Urgence\u00a0: bris de glace", urgent, cap="F12", icon="emergency"))
        panel.body.addLayout(column)

    def _connection(self, gate: AccessGate) -> Panel:
        panel = Panel("Comment ouvrir ce dossier\u202f?", spacing=12)
        self._radios(panel, words.CONNECTIONS, self._presenter.choose_secret)
        return panel

    def _radios(self, panel: Panel, offered: Sequence[tuple[object, str, str]], choose: Callable[..., None]) -> None:
        group = QButtonGroup(panel)
        for digit, (value, said, note) in enumerate(offered, 1):
            row = QHBoxLayout()
            row.setSpacing(12)
            radio = RadioRow(self.appearance, said, note)
            radio.clicked.connect(lambda _c=False, value=value: choose(value))
            group.addButton(radio)
            row.addWidget(KeyCap(self.appearance, str(digit)), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(radio, 1)
            panel.body.addLayout(row)
            self._choices[value] = radio
            self._first = self._first or radio

    def _explained(self, gate: AccessGate, person: str) -> Panel:
        panel = Panel(spacing=16)
        state, strong, rest = words.strip(gate, person)
        panel.body.addWidget(MessageStrip(self.appearance, state, strong, rest))
        for label, said in words.explained(gate, person):
            panel.body.addWidget(Labelled(label, said, "body"))
        cause = words.cause(gate)
        if cause:
            told = sentence_of(cause)
            panel.body.addWidget(Labelled("Cause", f"{told.what} {told.todo}", "body"))
        if gate.state is GateState.FORBIDDEN:
            source = matrix(DIRECT)
            panel.body.addWidget(Text(f"{source.source}, {common.plain_day(source.dated.replace('-', ''))}", "caption"))
        self._other_ways(gate, panel)
        return panel

    def _offer(self, gate: AccessGate) -> None:
        left = [self.button("Revenir", self._presenter.leave, kind="quiet", cap="Échap")]
        right: list[ActionButton] = []
        match gate.state:
            case GateState.GESTURE:
                right = [self.button("Ouvrir le dossier", self._confirm, kind="primary", cap="Ctrl Entrée")]
            case GateState.CHOOSING:
                right = [self.button("Continuer", self._confirm, kind="primary", cap="Ctrl Entrée")]
            case GateState.NO_DOSSIER:
                right = [self.button("Ouvrir un dossier", self._presenter.ask_opening, kind="primary", cap="F2")]
            case GateState.CLOSED:
                right = [self.button("Réactiver le dossier", self._presenter.ask_opening, kind="primary", cap="F2")]
            case state if state in _AGAIN:
                right = [self.button("Réessayer", self._presenter.retry, kind="primary", cap="F5")]
        self._go = right[-1] if right else None
        self.commands.offer(list(left), list(right))
        self._first = self._first or self._go or left[0]

    def _tell_choices(self, gate: AccessGate) -> None:
        presenter = self._presenter
        chosen: object = presenter.reason if gate.state is GateState.GESTURE else presenter.secret
        for value, radio in self._choices.items():
            radio.setChecked(chosen is not None and value == chosen)
        missing = ""
        if gate.state is GateState.GESTURE:
            for tick, on in zip(self._ticks, (presenter.agreed, presenter.treating), strict=False):
                tick.setChecked(on)
            missing = words.MISSING.get(presenter.missing, "")
        elif gate.state is GateState.CHOOSING and presenter.secret is None:
            missing = "Choisissez d’abord la connexion."
        if self._go is not None:
            self._go.setEnabled(not missing)
        self.tell_reason(missing)

    def focus_first(self) -> None:
        """The first choice, else the one thing to do."""
        # What was just laid out can take the keyboard once this event is over.
        self._settled.start()

    def _focus(self) -> None:
        if self._first is None or not isValid(self._first):
            return
        if self.isVisible() and not self._first.isVisible():
            # Qt shows what is added to a page already on the screen at a later turn; a hidden choice takes no keyboard.
            self._show_now(self._first)
        if self._first.isVisible():
            self._first.setFocus()

    def _show_now(self, widget: QWidget) -> None:
        above = widget.parentWidget()
        if above is not None and above is not self and not above.isVisible():
            self._show_now(above)
        widget.show()

    def fit(self, *, narrow: bool) -> None:
        """Panels beside each other, or one under another."""
        super().fit(narrow=narrow)
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._column.setDirection(down if narrow else right)
        self._column.setSpacing(16 if narrow else 24)

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this screen."""
        gate = self._presenter.gate
        if gate is None:
            return ()
        found = [KeyHint("Échap", "Revenir")]
        if gate.state in (GateState.GESTURE, GateState.CHOOSING):
            found += [KeyHint("1 à 3" if gate.state is GateState.GESTURE else "1 2", "Choisir")]
        if gate.state in _AGAIN:
            found.append(KeyHint("F5", "Réessayer"))
        return tuple(found)

    # -- gestures -----------------------------------------------------------------------------------------------------

    def _confirm(self) -> None:
        if self._go is None or not self._go.isEnabled() or self._presenter.gate is None:
            return
        if self._presenter.gate.state is GateState.GESTURE:
            self._presenter.authorise()
        elif self._presenter.gate.state is GateState.CHOOSING:
            self._presenter.connect_as_chosen()

    def _digit(self, digit: int) -> None:
        radios = list(self._choices.items())
        if digit <= len(radios):
            value, radio = radios[digit - 1]
            radio.setFocus()
            if isinstance(value, GateReason):
                self._presenter.say(reason=value)
            else:
                self._presenter.choose_secret(bool(value))

    def _deposit(self) -> None:
        gate = self._presenter.gate
        if gate is not None and gate.state in _DEPOSIT:
            self.deposit_asked.emit(gate)
