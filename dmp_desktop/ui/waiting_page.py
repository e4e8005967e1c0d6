"""« À traiter »: what waits, why, since when, and whose turn it is; one next step per row (guide, picture 09)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dmp_desktop.domain.acts import ContactChange
from dmp_desktop.domain.events import EventState
from dmp_desktop.services.attention import NextStep, Turn, Waiting
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.base import KeyHint, on_key
from dmp_desktop.ui.sentences import sentence, sentence_of
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.waiting_presenter import WaitingPresenter
from dmp_desktop.ui.waiting_questions import Question, ask_contact, ask_proof, ask_reason, ask_version
from dmp_desktop.ui.waiting_table import WaitingTable
from dmp_desktop.ui.waiting_words import STEPS, cause_of
from dmp_desktop.ui.widgets.basic import Labelled, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import EmptyState, MessageStrip, QuestionPanel

NARROW, LOW = 900, 480
"""Width and height, at 100 %, under which the detail scrolls with the rows, its parts one under another."""


COLUMN = 700
"""Width, at 100 %, under which the buttons of the detail stand one under another."""

T = TypeVar("T")


class WaitingPage(QWidget):
    """Title, filter, table, detail in three parts; questions take the place of the content.

    :param silent_since: since when the store does not answer, ``None`` while it does.
    """

    hints_changed = Signal(object)

    def __init__(
        self,
        appearance: Appearance,
        presenter: WaitingPresenter,
        now: Callable[[], datetime],
        silent_since: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        super().__init__()
        self._appearance, self._presenter, self._now = appearance, presenter, now
        self._silent_since = silent_since
        self.setProperty("room", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("À traiter")
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(16)
        titles = QVBoxLayout()
        titles.setSpacing(0)
        self._under = Text("", "body", "text-2", wrap=True)
        titles.addWidget(Text("À traiter", "title"))
        titles.addWidget(self._under)
        head.addLayout(titles, 1)
        self._everyone = ActionButton(appearance, "Tout")
        self._mine = ActionButton(appearance, "À mon nom")
        for button, mine in ((self._everyone, False), (self._mine, True)):
            button.setCheckable(True)
            button.clicked.connect(lambda _c=False, m=mine: presenter.show_mine(m))
            head.addWidget(button)
        self._all = ActionButton(appearance, "Tout réessayer", keys="F5", icon="refresh")
        self._all.clicked.connect(lambda _c=False: presenter.retry_all())
        head.addWidget(self._all)
        column.addLayout(head)
        self._fault = QVBoxLayout()
        column.addLayout(self._fault)
        self.table = WaitingTable(appearance)
        self.table.picked.connect(presenter.choose)
        self.table.picked.connect(self._follow)
        self.table.asked.connect(self.do_next)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("room", "scrolled")
        self._body = QVBoxLayout(inside)
        # Room for the ring around the table.
        self._body.setContentsMargins(4, 4, 8, 4)
        self._body.addWidget(self.table)
        self._body.addStretch(1)
        self._scroll.setWidget(inside)
        column.addWidget(self._scroll, 1)
        self._empty = EmptyState(appearance, "inbox", "Rien n’attend.", "Chaque geste envoyé est confirmé.")
        column.addWidget(self._empty, 1)
        self._detail = Panel()
        self._parts = parts = QHBoxLayout()
        parts.setSpacing(24)
        self._what = Labelled("Que s’est-il passé\u202f?", "", "body")
        self._effect = Labelled("Effet sur le dossier", "", "body")
        self._todo = Labelled("Que faire\u202f?", "", "body")
        for part in (self._what, self._effect, self._todo):
            parts.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
        self._detail.body.addLayout(parts)
        self._foot = foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        foot.setSpacing(16)
        self._leave = ActionButton(appearance, "Abandonner", kind="quiet", keys="Alt+A")
        self._mend = ActionButton(appearance, "Modifier", kind="quiet", keys="Alt+M")
        self._hold = ActionButton(appearance, "Retenir", kind="quiet", keys="Alt+R")
        self._next = ActionButton(appearance, "", kind="primary", keys="Entrée")
        self._leave.clicked.connect(lambda _c=False: self.ask_reason())
        self._mend.clicked.connect(lambda _c=False: self.mend())
        self._hold.clicked.connect(lambda _c=False: presenter.hold_or_release())
        self._next.clicked.connect(lambda _c=False: self.do_next())
        for button in (self._leave, self._hold, self._mend):
            foot.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        foot.addStretch(1)
        foot.addWidget(self._next, 0, Qt.AlignmentFlag.AlignRight)
        self._detail.body.addLayout(foot)
        column.addWidget(self._detail)
        self._question: QuestionPanel | None = None
        self._asking = QWidget()
        self._place_for_question = QVBoxLayout(self._asking)
        self._place_for_question.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._asking, 1)
        self._asking.hide()
        self._narrow = False
        self._first: QWidget | None = None
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._focus_first)
        on_key(self, "F5", presenter.retry_all)
        on_key(self, "Alt+A", self.ask_reason)
        on_key(self, "Alt+M", self.mend)
        on_key(self, "Alt+R", presenter.hold_or_release)
        presenter.changed.connect(self.refresh)
        appearance.changed.connect(self._arrange)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Detail and question stand under the rows, or scroll with them."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        zoom = self._appearance.theme.zoom
        narrow = self.width() * 100 / zoom < NARROW or self.height() * 100 / zoom < LOW
        if narrow == self._narrow:
            return
        self._narrow = narrow
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._parts.setDirection(down if narrow else right)
        self._parts.setSpacing(12 if narrow else 24)
        self._foot.setDirection(down if narrow and self.width() * 100 / zoom < COLUMN else right)
        for widget in (self._detail, self._asking):
            if narrow:
                self._body.insertWidget(self._body.count() - 1, widget)
            else:
                self._column.addWidget(widget, 1 if widget is self._asking else 0)
        self.refresh()

    def shown(self) -> None:
        """The page comes to the front."""
        self._presenter.refresh()
        self.table.setFocus()
        self.hints_changed.emit(
            (
                KeyHint("↑ ↓", "Parcourir"),
                KeyHint("Entrée", "Faire la suite"),
                KeyHint("Alt+R", "Retenir"),
                KeyHint("Alt+A", "Abandonner"),
                KeyHint("F5", "Réessayer"),
            )
        )

    def refresh(self) -> None:
        """Draw the rows as they stand."""
        p, now = self._presenter, self._now()
        rows, row = p.rows, p.row
        mine = sum(1 for r in rows if r.turn is Turn.PERSON)
        count = texts.count(mine, "point demande un geste", "points demandent un geste")
        safe = "Rien n’est perdu, rien ne part deux fois."
        self._under.setText(f"{count}. {safe}" if mine else f"Aucun geste à faire. {safe}")
        self._everyone.setChecked(not p.mine)
        self._mine.setChecked(p.mine)
        self._all.setEnabled(any(r.step is NextStep.RETRY for r in rows))
        empty_layout(self._fault)
        if p.fault is not None:
            self._fault.addWidget(MessageStrip.of(self._appearance, sentence(p.fault)))
        silent = self._silent_since()
        if silent is not None and rows:
            words = "Vous pouvez continuer\u00a0: vos gestes partent dès son retour, dans l’ordre."
            strong = f"Le DMP ne répond pas depuis {texts.hour(silent)}."
            self._fault.addWidget(MessageStrip(self._appearance, "offline", strong, words))
        self.table.tell(rows, p.chosen, now)
        if row is None:
            # The lock emptied the list: a question about somebody goes with it.
            self._drop_question()
        asking = self._question is not None
        self._under.setVisible(not self._narrow)
        self.table.setVisible(not asking)
        self._asking.setVisible(asking)
        self._scroll.setVisible(bool(rows) and (self._narrow or not asking))
        self._empty.setVisible(not rows and not asking)
        self._detail.setVisible(row is not None and not asking)
        if row is not None:
            self._explain(row)

    def _follow(self, event_id: str) -> None:
        """The row looked at is on the screen."""
        area = self.table.row_rect(event_id).translated(self.table.pos())
        self._scroll.ensureVisible(0, area.center().y(), 0, area.height())

    def _explain(self, row: Waiting) -> None:
        event = row.event
        if event.cause and event.state is not EventState.CONFIRMED:
            told = sentence_of(event.cause)
            what = cause_of(row)
            effect, todo = told.effect, told.todo
        else:
            what, effect, todo = cause_of(row), "", ""
            if event.state is EventState.CONFIRMED:
                effect = "Le dossier est à jour au DMP."
                todo = "Remettez l’attestation à la personne." if row.step is NextStep.PRINT else "Rien à faire."
            else:
                effect, todo = "Le DMP ne l’a pas encore enregistré.", "Rien à faire\u00a0: le programme s’en occupe."
        self._what.set_value(what)
        self._effect.set_value(effect)
        self._todo.set_value(f"{todo} Identifiant\u00a0{event.id[-9:].upper()}.")
        words = STEPS.get(row.step, "")
        self._next.setVisible(bool(words))
        if words:
            self._next.set_words(words)
        self._leave.setVisible(self._presenter.may_give_up(row) and not row.other_author)
        self._mend.setVisible(row.may_mend)
        self._hold.setVisible(row.may_hold)

    # -- questions ----------------------------------------------------------------------------------------------------

    def do_next(self) -> None:
        """The next step of the row; what a person decides is asked first."""
        row = self._presenter.row
        if row is not None and self._question is None and row.step is NextStep.DECIDE:
            self._ask(ask_proof(self._appearance, row, self._then(self._presenter.decide)))
        elif row is not None and self._question is None and row.step is NextStep.CHOOSE:
            self._ask(ask_version(self._appearance, row, self._then(self._presenter.choose_version)))
        else:
            self._presenter.do_next()

    def mend(self) -> None:
        """Alt+M: another contact is asked for here; a document is mended where it was written."""
        row = self._presenter.row
        if row is None or not row.may_mend or self._question is not None:
            return
        if isinstance(row.event.payload, ContactChange):
            self._ask(ask_contact(self._appearance, row, self._then(self._presenter.change_contact)))
        else:
            self._presenter.reopen()

    def ask_reason(self) -> None:
        """Alt+A: abandoning an act needs its reason."""
        row = self._presenter.row
        if row is not None and self._presenter.may_give_up(row) and not row.other_author and self._question is None:
            self._ask(ask_reason(self._appearance, row, self._then(self._presenter.give_up)))

    def _then(self, act: Callable[[T], None]) -> Callable[[T], None]:
        return lambda value: self._answer(lambda: act(value))

    def _ask(self, question: Question) -> None:
        panel = question.panel
        self._question = panel
        self._place_for_question.addWidget(panel, 0, Qt.AlignmentFlag.AlignTop)
        panel.safe.connect(lambda: self._answer(lambda: None))
        on_key(panel, "Esc", panel.safe.emit)
        self.refresh()
        # What was just laid out can take the keyboard once this event is over.
        self._first = question.first
        self._settled.start()

    def _focus_first(self) -> None:
        if self._first is not None and self._question is not None:
            self._first.setFocus()

    def _drop_question(self) -> None:
        question, self._question, self._first = self._question, None, None
        if question is not None:
            question.hide()
            question.deleteLater()

    def _answer(self, act: Callable[[], None]) -> None:
        self._drop_question()
        act()
        self.refresh()
        self.table.setFocus()
