"""« Accès »: who may read this record, one's own authorisation, who did what and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dmp_desktop.domain.dossier import Authorisation
from dmp_desktop.services.rights_view import Ruling
from dmp_desktop.ui.access import texts
from dmp_desktop.ui.access.presenter import AccessPresenter, Filter, Part, RightAct
from dmp_desktop.ui.access.table import Line, LinesTable
from dmp_desktop.ui.page_frame import KeyHint, PageFrame, on_key
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import EmptyState, QuestionPanel

_PARTS = {Part.RIGHTS: ("Qui peut lire", "Alt+Q"), Part.HISTORY: ("Qui a lu, qui a fait", "Alt+H")}
_FILTERS = {
    Filter.ALL: ("Tout", "Alt+1"),
    Filter.READ: ("Lectures", "Alt+2"),
    Filter.WRITTEN: ("Écritures", "Alt+3"),
    Filter.EMERGENCY: ("Urgences", "Alt+4"),
}
_ACTS = {
    RightAct.WITHDRAW: (
        "Retirer mon autorisation",
        "Alt+R",
        "Vous ne lirez plus ce dossier sans nouvelle autorisation.",
    ),
    RightAct.BECOME: (
        "Devenir médecin traitant",
        "Alt+M",
        "Vous verrez aussi les documents masqués aux professionnels.",
    ),
    RightAct.CEASE: ("Ne plus être médecin traitant", "Alt+C", "Votre autorisation de lire reste."),
}


class AccessPage(PageFrame):
    """Two parts, by Alt+Q and Alt+H."""

    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: AccessPresenter) -> None:
        super().__init__(appearance, alone=True)
        self.presenter = presenter
        self.setAccessibleName("Accès")
        self._choices: dict[str, ActionButton] = {}
        parts = QHBoxLayout()
        parts.setSpacing(12)
        for part, (words, key) in _PARTS.items():
            parts.addWidget(self._choice(words, key, partial(presenter.show_part, part), part.value))
        parts.addStretch(1)
        self._print = self.button(
            "Imprimer pour la personne", presenter.print_list, cap="F8", keys="F8", icon="printer"
        )
        self._web = self.button("Historique au Web-PS", self._open_web, cap="Alt+W", keys="Alt+W", icon="link")
        self.commands.offer([], [self._web, self._print])
        self.body.addLayout(parts)
        self._asking = QVBoxLayout()
        self.body.addLayout(self._asking)
        self._question: QuestionPanel | None = None
        self._own = Panel("Mon autorisation", margin=20, spacing=10)
        self._state, self._note = Text("", "body", wrap=True), Text("", "caption", "text-2", wrap=True)
        self._own.body.addWidget(self._state)
        self._own.body.addWidget(self._note)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._acts: dict[RightAct, ActionButton] = {}
        for act, (words, key, _effect) in _ACTS.items():
            self._acts[act] = self.button(words, partial(self.ask, act), cap=key, keys=key)
            row.addWidget(self._acts[act])
        row.addStretch(1)
        self._own.body.addLayout(row)
        self.body.addWidget(self._own)
        self.people = LinesTable(appearance, "Qui peut lire ce dossier", texts.PEOPLE_HEADERS, (3, 3, 1.6, 1.4, 1.4))
        self.body.addWidget(self.people, 1)
        self._filters = QWidget()
        across = QHBoxLayout(self._filters)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        for chosen, (words, key) in _FILTERS.items():
            across.addWidget(self._choice(words, key, partial(presenter.filter_by, chosen), chosen.value))
        across.addStretch(1)
        self.body.addWidget(self._filters)
        self.history = LinesTable(appearance, "Accès à ce dossier", texts.ROW_HEADERS, (1.5, 2.4, 1.8, 1.5, 2.8))
        self.body.addWidget(self.history, 1)
        self._empty = EmptyState(appearance, "history", "")
        self.body.addWidget(self._empty, 1)
        on_key(self, "F5", presenter.refresh)
        presenter.changed.connect(self.refresh)
        self.refresh()

    def _choice(self, words: str, key: str, act: Callable[[], None], name: str) -> ActionButton:
        made = self.button(words, act, cap=key, keys=key)
        made.setCheckable(True)
        self._choices[name] = made
        return made

    def shown(self) -> None:
        """The page comes to the front."""
        self.hints_changed.emit(tuple(self.hints()))
        self.focus_first()

    def refresh(self) -> None:
        """Draw the part shown."""
        p = self.presenter
        there, rights = p.context is not None, p.part is Part.RIGHTS
        self.tell_fault(p.fault)
        source = "Ce que ce cabinet a fait" + (
            ", et ce que le DMP en garde." if p.has_remote else ". Le DMP garde le reste."
        )
        self.say("Accès au dossier", "" if not there else "Demandé au DMP." if rights else source)
        if not there:
            self._drop_question()
        for name, button in self._choices.items():
            button.setChecked(name in {p.part.value, p.filter.value})
        for part in _PARTS:
            self._choices[part.value].setVisible(there)
        asking = self._question is not None
        self._own.setVisible(there and rights and not asking)
        people = p.people or ()
        self.people.setVisible(there and rights and bool(people) and not asking)
        self.people.tell(tuple(self._person(one) for one in map(texts.person, people)))
        rows = p.rows if there else ()
        self._filters.setVisible(there and not rights)
        self.history.setVisible(there and not rights and bool(rows))
        self.history.tell(tuple(self._row(texts.line(row), row.emergency) for row in rows))
        self.commands.setVisible(there and not rights)
        self._web.setVisible(there and not rights and p.open_web is not None)
        self._print.setVisible(there and not rights)
        self._print.setEnabled(bool(rows))
        self._empty.setVisible((not there or not (people if rights else rows)) and not asking)
        self._tell_empty(there, rights)
        self._tell_own()

    def _tell_empty(self, there: bool, rights: bool) -> None:
        if not there:
            self._empty.say("history", "Ouvrez d’abord le dossier d’une personne.")
        elif rights and self.presenter.busy:
            self._empty.say("users", "Le programme demande au DMP qui peut lire ce dossier.")
        elif rights:
            self._empty.say("users", "Aucune autorisation à montrer.")
        else:
            self._empty.say("history", "Aucun accès de cette sorte.")

    def _tell_own(self) -> None:
        own = self.presenter.own
        if own is None:
            self._state.setText("")
            self._note.setText("")
            return
        said, pending = texts.own(own)
        self._state.setText(said)
        rulings = {RightAct.WITHDRAW: own.withdraw, RightAct.BECOME: own.become, RightAct.CEASE: own.cease}
        notes = [pending] if pending else []
        for act, button in self._acts.items():
            ruled: Ruling = rulings[act]
            authorised = own.state is Authorisation.VALID
            button.setVisible(authorised if act is RightAct.WITHDRAW else (act is RightAct.CEASE) == own.treating)
            button.setEnabled(ruled.allowed and not pending)
            button.setAccessibleDescription(ruled.words)
            if not ruled.allowed and not button.isHidden():
                notes.append(f"{button.words()}\u00a0: {ruled.words}")
        self._note.setText(" ".join(notes))
        self._note.setVisible(bool(notes))

    @staticmethod
    def _row(cells: tuple[str, ...], emergency: bool) -> Line:
        return Line(cells, "emergency" if emergency else "", "emergency-text", 3)

    @staticmethod
    def _person(cells: tuple[str, ...]) -> Line:
        return Line(cells, "lock" if cells[2] == "Bloqué" else "", "danger", 2)

    # -- questions ----------------------------------------------------------------------------------------------------

    def ask(self, act: RightAct) -> None:
        """A change of rights needs its reason; the safe answer changes nothing."""
        if self._question is not None or self.presenter.context is None:
            return
        words, _key, effect = _ACTS[act]
        reason = QLineEdit()
        reason.setAccessibleName("Motif")
        reason.setPlaceholderText("Motif, en une phrase")
        question = QuestionPanel(
            self.appearance,
            f"{words}\u202f?",
            "Votre geste, sous votre nom.",
            effect,
            "Donnez le motif\u00a0: il va au journal.",
            "Ne rien changer",
            (words, "Ctrl Entrée"),
            reason,
        )
        question.allow(False, "Donnez d’abord le motif.")
        reason.textChanged.connect(lambda text: question.allow(bool(text.strip()), "Donnez d’abord le motif."))
        question.other.connect(lambda: self._answer(act, reason.text()))
        question.safe.connect(lambda: self._answer(None, ""))
        on_key(question, "Ctrl+Return", question.answer_other)
        on_key(question, "Esc", question.safe.emit)
        self._question = question
        self._asking.addWidget(question)
        self.refresh()
        reason.setFocus()

    def _answer(self, act: RightAct | None, reason: str) -> None:
        self._drop_question()
        if act is not None:
            self.presenter.act(act, reason)
        self.refresh()

    def _drop_question(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.hide()
            question.deleteLater()

    def _open_web(self) -> None:
        if self.presenter.open_web is not None:
            self.presenter.open_web()

    def focus_first(self) -> None:
        """The table shown."""
        (self.people if self.presenter.part is Part.RIGHTS else self.history).setFocus()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this screen."""
        return (KeyHint("Alt+Q", "Qui peut lire"), KeyHint("Alt+H", "Historique"), KeyHint("F8", "Imprimer"))
