"""« Journée »: who is expected today, in order. Several people: no banner; clinical counts for professionals only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from dmp_desktop.domain.appointments import Likeness
from dmp_desktop.services.day import DayRow
from dmp_desktop.ui.day.add_form import AddForm
from dmp_desktop.ui.day.presenter import DayPresenter
from dmp_desktop.ui.day.words import expected, line_of, long_day, summary
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.page_frame import KeyHint, PageFrame, on_key
from dmp_desktop.ui.people.card_panel import CardPanel, PeopleChoice
from dmp_desktop.ui.people.lines import LineList
from dmp_desktop.ui.people.words import name_of, state_of, under_of
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import EmptyState, MessageStrip, ProgressLine
from dmp_desktop.ui.widgets.people import PersonRow

_CANDIDATES = 9
"""So many have a digit; more letters in the agenda's name would have told them apart."""


class DayPage(PageFrame):
    """The day's list.

    ``hints_changed`` tells the keys of the page.
    """

    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: DayPresenter) -> None:
        super().__init__(appearance, alone=True)
        self._presenter = presenter
        self._adding = False
        self._asked_about = 0
        self.setAccessibleName("Journée")
        self.setAcceptDrops(True)
        self._tools()
        self._progress = ProgressLine(appearance)
        self._progress.cancelled.connect(presenter.cancel)
        self._told = MessageStrip(appearance, "info", "")
        grows = self._told.sizePolicy()
        grows.setVerticalPolicy(grows.Policy.Minimum)  # as tall as its words, wrapped or not
        self._told.setSizePolicy(grows)
        self.form = AddForm(appearance)
        self.form.added.connect(presenter.add)
        self.form.closed.connect(lambda: self._show_form(False))
        self.card = CardPanel(appearance, presenter.card)
        self._candidates = PeopleChoice(
            appearance,
            "De qui s’agit-il\u202f?",
            "L’agenda ne suffit pas à le dire. Tapez le chiffre de la personne, puis Entrée.",
            "Aucune d’elles",
        )
        self._candidates.leave.clicked.connect(lambda _c=False: presenter.name(0))
        self._candidates.list.confirmed.connect(lambda: presenter.name(self._candidates.list.chosen))
        self.list = LineList(appearance, "Personnes attendues", leads=True)
        self.list.picked.connect(lambda key: presenter.choose(int(key)))
        self.list.asked.connect(self._asked)
        self._empty = EmptyState(
            appearance,
            "calendar",
            "Personne n’est inscrit pour aujourd’hui.",
            "Ajoutez avec Alt+A, importez un agenda (.ics, .csv) avec Alt+I, ou collez ses lignes avec Ctrl V.",
        )
        stack = QVBoxLayout()
        stack.setSpacing(12)
        for widget in (self._progress, self._told, self.form, self.card, self._candidates):
            stack.addWidget(widget)
        self.body.addLayout(stack)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._empty, 1)
        self.body.addStretch(0)  # what asks stands at the top, as tall as it is
        read = self.button("Lire la Vitale", presenter.card.read, cap="F4", keys="F4", icon="card")
        self._remove = self.button("Retirer la ligne", presenter.remove, kind="quiet", cap="Alt+R", keys="Alt+R")
        self._open = self.button("", presenter.open, kind="primary", cap="Entrée")
        self.commands.offer([self._remove], [read, self._open])
        on_key(self, "F5", presenter.refresh)
        on_key(self, "Ctrl+V", self._paste)
        presenter.changed.connect(self.refresh)
        self.fit(narrow=False)
        self.refresh()

    def _tools(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        self._add = self.button("Ajouter", lambda: self._show_form(True), cap="Alt+A", keys="Alt+A")
        self._import = self.button("Importer", self._choose_file, cap="Alt+I", keys="Alt+I")
        self._prepare = self.button(
            "Préparer ma journée", self._presenter.prepare, cap="Alt+J", keys="Alt+J", icon="refresh"
        )
        self._cancel: ActionButton = self.button("Arrêter", self._presenter.cancel, cap="Alt+X", keys="Alt+X")
        for button in (self._add, self._import, self._prepare, self._cancel):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page comes to the front."""
        self._presenter.refresh()
        self.focus_first()
        self.hints_changed.emit(tuple(self.hints()))

    def focus_first(self) -> None:
        """The list, or the page while it is empty."""
        (self.list if self.list.isVisible() else self).setFocus()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this page."""
        return (
            KeyHint("↑ ↓", "Parcourir"),
            KeyHint("Entrée", "Ouvrir"),
            KeyHint("Ctrl V", "Coller un agenda"),
            KeyHint("F3", "Chercher"),
        )

    def refresh(self) -> None:
        """As the presenter stands."""
        p = self._presenter
        self.say("Journée", f"{long_day(p.day)[:1].upper()}{long_day(p.day)[1:]}. {expected(len(p.rows))}.")
        self.tell_fault(p.fault)
        self._tell_progress()
        self._tell_told()
        done = {one.appointment: one for one in p.done}
        lines = tuple(line_of(row, done.get(row.appointment.id), p.day) for row in p.rows)
        had_keyboard = self.list.hasFocus() or self.hasFocus()
        self.list.tell(lines, str(p.chosen))
        asking = self.card.asking or p.naming
        self.list.setVisible(bool(lines) and not asking)
        self._empty.setVisible(not lines and not asking and not self._adding)
        self.form.setVisible(self._adding and not asking)
        if had_keyboard and self.list.isVisible():
            self.list.setFocus()
        self._tell_candidates()
        row = p.row
        known = row is not None and row.person is not None
        self._open.set_words("Dire qui c’est" if row is not None and not known else "Ouvrir")
        self._open.setEnabled(row is not None and row.likeness is not Likeness.UNKNOWN and not asking)
        unknown = row is not None and row.likeness is Likeness.UNKNOWN
        self.tell_reason("Personne à retrouver\u00a0:\nF4 sa carte, F3 son nom." if unknown else "")
        self._remove.setVisible(row is not None)
        self._prepare.setVisible(p.is_clinical and p.progress is None)
        self._prepare.setEnabled(p.may_prepare)
        self._prepare.setAccessibleDescription("" if p.may_prepare else "Personne de connu n’est attendu")
        self._cancel.setVisible(p.progress is not None)

    def _tell_progress(self) -> None:
        progress = self._presenter.progress
        if progress is None:
            self._progress.stop()
        elif not self._progress.isVisible():
            self._progress.start("Préparation de la journée")
        else:
            self._progress.say(f"{progress[0]} sur {progress[1]} personnes")
        self._progress.setVisible(progress is not None)

    def _tell_told(self) -> None:
        p = self._presenter
        self._told.setVisible(bool(p.done) or p.taken is not None)
        if p.taken is not None:
            new, skipped = p.taken
            strong = f"{texts.count(new, 'ligne ajoutée', 'lignes ajoutées')}."
            left = texts.count(skipped, "ligne laissée", "lignes laissées")
            rest = f"{left} de côté\u00a0: sans heure, sans nom, ou répétée."
            self._told.say("success" if new else "info", strong, rest if skipped else "")
        elif p.done:
            self._told.say(*summary(p.done))

    def _tell_candidates(self) -> None:
        p, row = self._presenter, self._presenter.row
        self._candidates.setVisible(p.naming)
        if p.naming and row is not None and self._asked_about != row.appointment.id:
            self._candidates.tell(_candidates(row, p.day))
        elif self._asked_about and not p.naming and self.list.isVisible():
            self.list.setFocus()
        self._asked_about = row.appointment.id if p.naming and row is not None else 0

    # -- gestures -----------------------------------------------------------------------------------------------------

    def _asked(self, key: str) -> None:
        self._presenter.choose(int(key))
        self._presenter.open()

    def _show_form(self, shown: bool) -> None:
        self._adding = shown
        self.refresh()
        if shown:
            self.form.begin()
        else:
            self.focus_first()

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self._presenter.paste(text)

    def _choose_file(self) -> None:
        """The system's own dialog, beside the window: nothing waits for it."""
        dialog = QFileDialog(self, "Importer un agenda", "", "Agendas (*.ics *.csv *.txt);;Tous les fichiers (*)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self._presenter.take_file(Path(path)))
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file of this computer."""
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import it."""
        event.acceptProposedAction()
        self._presenter.take_file(Path(event.mimeData().urls()[0].toLocalFile()))


def _candidates(row: DayRow, today: date) -> tuple[PersonRow, ...]:
    rows = []
    for rank, one in enumerate(row.candidates[:_CANDIDATES], 1):
        under = ", ".join(part for part in (under_of(one), state_of(one)[1]) if part)
        age = one.birth_date.age_on(today)
        child = age is not None and age < 18
        rows.append(PersonRow(rank, name_of(one), under, one.birth_date.text, texts.age(age), "", child))
    return tuple(rows)
