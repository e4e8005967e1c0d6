"""« Patients »: a field, and whoever answers to what is typed in it. Several people: no banner, no clinical word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from dmp_desktop.domain.people import PersonFound
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.page_frame import KeyHint, PageFrame, on_key
from dmp_desktop.ui.people.card_panel import CardPanel
from dmp_desktop.ui.people.lines import Line, LineList
from dmp_desktop.ui.people.presenter import PeoplePresenter
from dmp_desktop.ui.people.words import born_of, name_of, right_of, state_of, under_of
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.messages import EmptyState, ProgressLine

FULL = 50
"""So many rows at most: more letters find the rest."""


class PeoplePage(PageFrame):
    """The search of people.

    ``hints_changed`` tells the keys of the page.
    """

    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: PeoplePresenter) -> None:
        super().__init__(appearance, alone=True)
        self._presenter = presenter
        self._desk_staff = False
        self.setAccessibleName("Patients")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Nom, prénom, nom utilisé, date de naissance ou fin du numéro")
        self.field.setAccessibleName("Chercher une personne")
        self.field.setMaxLength(80)
        self.field.textEdited.connect(presenter.look_for)
        self.field.installEventFilter(self)
        self.body.addWidget(self.field)
        self._progress = ProgressLine(appearance)
        self.body.addWidget(self._progress)
        self.card = CardPanel(appearance, presenter.card)
        self.body.addWidget(self.card)
        self.list = LineList(appearance, "Personnes trouvées")
        self.list.picked.connect(presenter.choose)
        self.list.asked.connect(self._asked)
        self.body.addWidget(self.list, 1)
        self._empty = EmptyState(appearance, "search", "")
        self.body.addWidget(self._empty, 1)
        self.body.addStretch(0)  # what asks stands at the top, as tall as it is
        self._open = self.button("", presenter.open, kind="primary", cap="Entrée")
        self._listed = self.button("Mes dossiers", presenter.list_authorised, cap="Alt+M", keys="Alt+M", icon="users")
        self._listed.setAccessibleDescription("Les dossiers où vous êtes autorisé(e), selon le DMP")
        self._read = self.button("Lire la Vitale", presenter.card.read, cap="F4", keys="F4", icon="card")
        self._file = self.button("Fiche", presenter.open_file, cap="Alt+F", keys="Alt+F", icon="user")
        self._file.setAccessibleDescription("La page administrative de la personne\u00a0: état du dossier, coordonnées")
        self.commands.offer([self._read, self._listed, self._file], [self._open])
        on_key(self, "F5", presenter.refresh)
        presenter.changed.connect(self.refresh)
        self.fit(narrow=False)
        self.refresh()

    def shown(self, *, desk_staff: bool) -> None:
        """The page comes to the front, for a professional or for the desk."""
        self._desk_staff = desk_staff
        self._presenter.refresh()
        self.refresh()
        self.focus_first()
        self.hints_changed.emit(tuple(self.hints()))

    def focus_first(self) -> None:
        """The field, what it holds chosen: typing begins another search."""
        self.field.setFocus()
        self.field.selectAll()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this page."""
        return (KeyHint("↑ ↓", "Parcourir"), KeyHint("Entrée", "Choisir"), KeyHint("F4", "Lire la Vitale"))

    def refresh(self) -> None:
        """As the presenter stands."""
        p = self._presenter
        if p.words != self.field.text():
            self.field.setText(p.words)
        self.say("Patients", self._told())
        self.tell_fault(p.fault)
        if p.busy and not self._progress.isVisible():
            self._progress.start(p.busy)
        elif not p.busy:
            self._progress.stop()
        self._progress.setVisible(bool(p.busy))
        asking = self.card.asking
        self.list.tell(tuple(_line(person, clinical=not self._desk_staff) for person in p.rows), p.chosen)
        self.list.setVisible(bool(p.rows) and not asking)
        self._empty.setVisible(not p.rows and not asking)
        if p.words.strip():
            self._empty.say("search", "Personne ne répond à ces mots sur ce poste.", "Lisez la carte Vitale avec F4.")
        else:
            self._empty.say("users", "Ce poste ne connaît encore personne.", "Lisez une carte Vitale avec F4.")
        self._open.set_words("Ouvrir la fiche" if self._desk_staff else "Ouvrir le dossier")
        self._open.setEnabled(bool(p.chosen) and not asking)
        self._listed.setVisible(not self._desk_staff)
        self._file.setVisible(not self._desk_staff)
        self._file.setEnabled(bool(p.chosen) and not asking)
        self.tell_reason("" if p.chosen or not p.rows else "Choisissez une personne.")

    def _told(self) -> str:
        p = self._presenter
        if p.listed:
            return f"{texts.count(len(p.rows), 'dossier', 'dossiers')} où vous êtes autorisé(e), selon le DMP."
        if not p.words.strip():
            return "Les dernières personnes vues sur ce poste." if p.rows else ""
        found = texts.count(len(p.rows), "personne trouvée", "personnes trouvées")
        return f"{found}. Tapez une lettre de plus pour préciser." if len(p.rows) >= FULL else f"{found}."

    def _asked(self, dossier: str) -> None:
        self._presenter.choose(dossier)
        self._presenter.open()

    def fit(self, *, narrow: bool) -> None:
        """A narrow window shows the icon and the key of what stands beside the filled button."""
        super().fit(narrow=narrow)
        for button in (self._read, self._listed, self._file):
            button.show_words(not narrow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the field: arrows go to the list, Enter to the one person found."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._presenter.rows:
                self._into_list()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._presenter.settled and not self._presenter.chosen and self._presenter.rows:
                    self._into_list()
                else:
                    self._presenter.open()
                return True
        return super().eventFilter(watched, event)

    def _into_list(self) -> None:
        """The keyboard goes to the list; somebody is looked at, nobody is gone to yet."""
        self._presenter.choose(self._presenter.chosen or self._presenter.rows[0].dossier)
        self.list.setFocus()


def _line(person: PersonFound, *, clinical: bool) -> Line:
    seen = f"Vu(e) le {texts.day(person.seen_at)}"
    right = right_of(person) if clinical else ""
    more = f"{right}, {seen.lower()}" if right else seen
    return Line(
        person.dossier, name_of(person), under_of(person), born_of(person), state_of(person), ("", more, "text-2")
    )
