"""« Fiche »: one person as a desk administers them: their dossier, their contact details, their acts on this post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.events import EventState
from dmp_desktop.ui.page_frame import KeyHint, PageFrame, on_key
from dmp_desktop.ui.person import words
from dmp_desktop.ui.person.contact_panel import ContactPanel
from dmp_desktop.ui.person.presenter import PersonPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.waiting_words import cause_of, kind_of
from dmp_desktop.ui.waiting_words import state_of as act_state
from dmp_desktop.ui.widgets.basic import Chip, IconLabel, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton, Field
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import EmptyState, ProgressLine, QuestionPanel

_TWO_COLUMNS = 900
"""Width at 100 % under which the panels stand one under another."""


class PersonPage(PageFrame):
    """Two columns: what may be done at left, what was done at right.

    ``left`` goes back to the list, ``record_asked`` to the record of the person, ``waiting_asked`` to « À traiter »
    (with the id of the act to look at), ``opening_asked`` begins an opening.
    """

    hints_changed = Signal(object)
    left = Signal()
    record_asked = Signal(str)
    waiting_asked = Signal(str)
    opening_asked = Signal()

    def __init__(self, appearance: Appearance, presenter: PersonPresenter, now: Callable[[], datetime]) -> None:
        super().__init__(appearance, alone=True)
        self.presenter, self._now = presenter, now
        self._question: QuestionPanel | None = None
        self._stage: tuple[bool, bool, DossierState | None] = (False, False, None)
        self.setAccessibleName("Fiche de la personne")
        self.say("Fiche de la personne")
        self._progress = ProgressLine(appearance)
        self._progress.cancelled.connect(presenter.cancel)
        self.body.addWidget(self._progress)
        self._columns_host = QWidget()
        self._columns = QHBoxLayout(self._columns_host)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(16)
        first, second = QVBoxLayout(), QVBoxLayout()
        for column in (first, second):
            column.setSpacing(16)
            self._columns.addLayout(column, 1)
        self.contact = ContactPanel(appearance, presenter)
        first.addWidget(self._dossier_panel())
        first.addWidget(self.contact)
        first.addStretch(1)
        second.addWidget(self._acts_panel())
        second.addWidget(self._openings_panel())
        second.addStretch(1)
        self.body.addWidget(self._columns_host)
        self._empty = EmptyState(appearance, "user", "Personne n’est choisi.", "Cherchez la personne avec F3.")
        self.body.addWidget(self._empty, 1)
        self._asking = QVBoxLayout()
        self.body.addLayout(self._asking)
        self.body.addStretch(1)
        self._back = self.button("Patients", self._leave, kind="quiet", cap="Échap", keys="Esc")
        self._record_aside = self._record_button("secondary")
        self._record = self._record_button("primary")
        self._open = self.button("", self.opening_asked.emit, kind="primary", cap="F2")
        self._send = self.button(
            "Envoyer le changement",
            presenter.send,
            kind="primary",
            cap="Ctrl Entrée",
            keys="Ctrl+Return|Ctrl+Enter",
        )
        self.commands.offer([self._back, self._record_aside], [self._open, self._record, self._send])
        on_key(self, "F5", presenter.ask_state)
        presenter.changed.connect(self.refresh)
        self.fit(narrow=False)
        self.refresh()

    def _record_button(self, kind: str) -> ActionButton:
        return self.button("Ouvrir le dossier", self._to_record, kind=kind, cap="Alt+O", keys="Alt+O")

    # -- panels -------------------------------------------------------------------------------------------------------

    def _dossier_panel(self) -> Panel:
        panel = Panel("Dossier au DMP")
        head = QHBoxLayout()
        head.setSpacing(16)
        self._chip = Chip(self.appearance, "info", "help", "")
        self._ask = self.button("Demander au DMP", self.presenter.ask_state, cap="F5", icon="refresh")
        self._asked = Text("", "caption", "text-2", wrap=True)
        head.addWidget(self._chip)
        head.addWidget(self._asked, 1)
        head.addWidget(self._ask)
        panel.body.addLayout(head)
        self._meaning, self._then = Text("", "body-strong", wrap=True), Text("", "body", wrap=True)
        for part in (self._meaning, self._then):
            panel.body.addWidget(part)
        return panel

    def _acts_panel(self) -> Panel:
        panel = Panel("En attente sur ce poste")
        self._acts = QVBoxLayout()
        self._acts.setSpacing(12)
        panel.body.addLayout(self._acts)
        self._to_waiting = self.button("Voir dans À traiter", self._to_acts, cap="Alt+T", keys="Alt+T", icon="inbox")
        panel.body.addWidget(self._to_waiting)
        return panel

    def _openings_panel(self) -> Panel:
        panel = Panel("Ouvertures faites sur ce poste")
        self._openings = QVBoxLayout()
        self._openings.setSpacing(12)
        panel.body.addLayout(self._openings)
        self._print = self.button("", self.ask_print, cap="Alt+I", keys="Alt+I", icon="printer")
        self._printed = Text("", "caption", "success", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._print)
        row.addWidget(self._printed, 1)
        panel.body.addLayout(row)
        return panel

    # -- what is shown ------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page comes to the front."""
        self.refresh()
        self.focus_first()
        self.hints_changed.emit(tuple(self.hints()))

    def focus_first(self) -> None:
        """The first field that may be typed in, else the gesture that the page invites to."""
        if self._question is not None:
            self._question.setFocus()
        elif self.presenter.editable:
            self.contact.mobile.edit.setFocus()
        else:
            choices = (self.contact.read, self._open, self._record)
            here = next((one for one in choices if one.isVisible() and one.isEnabled()), self)
            here.setFocus()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this page."""
        return (
            KeyHint("F5", "Demander l’état"),
            KeyHint("Alt+C", "Lire les coordonnées"),
            KeyHint("Échap", "Patients"),
        )

    def refresh(self) -> None:
        """As the presenter stands."""
        p = self.presenter
        if p.file is None:
            self._drop_question()
        asking = self._question is not None
        self.tell_fault(p.fault)
        if p.busy and not self._progress.shown:
            self._progress.start(p.busy)
        elif not p.busy:
            self._progress.stop()
        self._progress.setVisible(bool(p.busy))
        self._empty.setVisible(not p.dossier)
        self._columns_host.setVisible(p.file is not None and not asking)
        self.commands.setVisible(not asking)
        if p.file is not None:
            self._tell_dossier()
            self._tell_acts()
            self._tell_openings()
        self.contact.refresh()
        self._tell_commands()
        self._follow()

    def _follow(self) -> None:
        """The person came, or the fields can be typed in, or no longer: the keyboard goes where work goes on."""
        file = self.presenter.file
        state = file.existence.state if file is not None and file.existence is not None else None
        stage = (file is not None, self.presenter.editable, state)
        if stage == self._stage:
            return
        self._stage = stage
        here = QApplication.focusWidget()
        if self.isVisible() and (here is None or here is self or self.isAncestorOf(here)):
            self.focus_first()
            QTimer.singleShot(0, self, self._show_focus)

    def _show_focus(self) -> None:
        here = QApplication.focusWidget()
        if here is not None and here is not self and self.area.isAncestorOf(here):
            self.area.ensureWidgetVisible(here)

    def _tell_dossier(self) -> None:
        file = self.presenter.file
        assert file is not None  # noqa: S101 - the caller looked
        self._chip.show_state(*words.chip_of(file))
        meaning, then = words.meaning_of(file)
        self._meaning.setText(meaning)
        self._then.setText(then)
        self._asked.setText(words.asked_of(file.existence))
        self._ask.setEnabled(file.identity.may_send)

    def _tell_acts(self) -> None:
        file = self.presenter.file
        assert file is not None  # noqa: S101 - the caller looked
        empty_layout(self._acts)
        for act in file.acts:
            icon, state, tone = act_state(act, self._now())
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(IconLabel(self.appearance, icon, tone, 18), 0, Qt.AlignmentFlag.AlignTop)
            said = QVBoxLayout()
            said.setSpacing(0)
            said.addWidget(Text(f"{kind_of(act)}, {state[:1].lower()}{state[1:]}", "body-strong", wrap=True))
            said.addWidget(Text(cause_of(act), "caption", "text-2", wrap=True))
            line.addLayout(said, 1)
            self._acts.addLayout(line)
        if not file.acts:
            self._acts.addWidget(Text("Rien n’attend pour cette personne.", "body", "text-2", wrap=True))
        self._to_waiting.setVisible(bool(file.acts))

    def _tell_openings(self) -> None:
        p = self.presenter
        assert p.file is not None  # noqa: S101 - the caller looked
        empty_layout(self._openings)
        for past in p.file.openings:
            said = QVBoxLayout()
            said.setSpacing(0)
            said.addWidget(Text(words.opening_line(past), "body", wrap=True))
            said.addWidget(Text(words.prints_line(past), "caption", "text-2", wrap=True))
            self._openings.addLayout(said)
        if not p.file.openings:
            self._openings.addWidget(Text("Aucune ouverture faite ici.", "body", "text-2", wrap=True))
        last = p.last_opening
        self._print.setVisible(last is not None)
        self._print.set_words(f"{'Réimprimer' if last and last.act.printed else 'Imprimer'} l’attestation")
        self._print.setEnabled(not p.busy)
        sent = last is not None and p.printed == last.act.event.id
        self._printed.setText("Partie à l’imprimante." if sent else "")
        self._printed.setVisible(sent)

    def _tell_commands(self) -> None:
        p = self.presenter
        clinical = p.professional is not None and not p.professional.is_desk_staff
        invited = words.invites(p.file) if not clinical else ""
        offered = {
            self._send: p.editable,
            self._open: bool(invited) and not p.editable,
            self._record: clinical and p.file is not None and not p.editable,
            self._record_aside: clinical and p.editable,
        }
        # One goes before another comes: a button shown asks at once for room that a narrow window does not have.
        for button in sorted(offered, key=lambda one: offered[one]):
            button.setVisible(offered[button])
        self._send.setEnabled(p.dirty and not p.wrong_field and not p.busy)
        if invited:
            self._open.set_words(invited)
        why = ""
        if p.editable and not p.dirty:
            why = "Rien n’a changé."
        elif p.wrong_field:
            why = "Une valeur ne convient pas."
        self.tell_reason(why)

    # -- gestures -----------------------------------------------------------------------------------------------------

    def _leave(self) -> None:
        if self.presenter.busy:
            self.presenter.cancel()
        else:
            self.left.emit()

    def _to_record(self) -> None:
        if self.presenter.dossier:
            self.record_asked.emit(self.presenter.dossier)

    def _to_acts(self) -> None:
        file = self.presenter.file
        if file is not None and file.acts:
            # What a person has to decide comes before what leaves by itself.
            first = next((a for a in file.acts if a.event.state in {EventState.HELD, EventState.STUCK}), file.acts[0])
            self.waiting_asked.emit(first.event.id)

    def ask_print(self) -> None:
        """The attestation of the latest opening; a second print asks its reason first."""
        past = self.presenter.last_opening
        if past is None or self._question is not None:
            return
        if not past.act.printed:
            self.presenter.reprint("")
            return
        reason = Field(self.appearance, "Motif", "Papier perdu, abîmé…")
        question = QuestionPanel(
            self.appearance,
            "Réimprimer l’attestation\u202f?",
            words.opening_line(past),
            "Aucun. Le motif est gardé au journal.",
            "Dites pourquoi la personne en reçoit une autre.",
            "Ne pas imprimer",
            ("Réimprimer", "Ctrl Entrée"),
            reason,
        )
        missing = "Donnez d’abord le motif."
        question.allow(False, missing)
        reason.edit.textChanged.connect(lambda text: question.allow(bool(text.strip()), missing))
        question.safe.connect(self._close_question)

        def send() -> None:
            given = reason.text()
            self._close_question()
            self.presenter.reprint(given)

        question.other.connect(send)
        on_key(question, "Ctrl+Return", question.answer_other)
        self._question = question
        self._asking.addWidget(question)
        self.refresh()
        # It takes the keyboard only once it is on the screen.
        question.show()
        reason.edit.setFocus()

    def _close_question(self) -> None:
        self._drop_question()
        self.refresh()
        self._print.setFocus()

    def _drop_question(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            self._asking.removeWidget(question)
            question.hide()
            question.deleteLater()

    # -- size ---------------------------------------------------------------------------------------------------------

    def fit(self, *, narrow: bool) -> None:
        """One column or two."""
        super().fit(narrow=narrow)
        wide = self.width() * 100 / self.appearance.theme.zoom >= _TWO_COLUMNS
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
