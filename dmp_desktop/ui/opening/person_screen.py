"""Who is in front of the desk: everybody on the card, nobody chosen beforehand (F15)."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dmp_desktop.domain.identity import Beneficiary, VitaleReading, fold
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.base import KeyHint, Screen, on_key
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Labelled, Panel, Text
from dmp_desktop.ui.widgets.messages import MessageStrip
from dmp_desktop.ui.widgets.people import PersonList, PersonRow

TITLE = "Qui est devant vous\u202f?"
DISCRETION = "Faites dire le prénom et la date de naissance. Ne les lisez pas à voix haute."
OUTDATED = "La carte n’est peut-être pas à jour\u00a0: une borne la met à jour, en pharmacie par exemple."


class PersonScreen(Screen):
    """The list, its warnings, and what the card's reading is worth."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self.list = PersonList(appearance)
        self.list.picked.connect(presenter.choose)
        self.list.confirmed.connect(presenter.confirm_person)
        for digit in range(1, 10):
            on_key(self, str(digit), partial(self.list.choose, digit))
        self.warning = MessageStrip(appearance, "warning", "")
        main = QVBoxLayout()
        main.setSpacing(16)
        main.addWidget(self.list, 1000)
        main.addWidget(self.warning)
        main.addStretch(1)
        self._side = self._aside()
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(main, 1)
        row.addWidget(self._side)
        self.body.addLayout(row, 1)
        leave = self.button("Abandonner", presenter.abandon, cap="Échap", keys="Esc")
        self.go_on = self.button(
            "Continuer", presenter.confirm_person, kind="primary", cap="Entrée", keys="Return|Enter"
        )
        self.commands.offer([leave], [self.go_on])

    def _aside(self) -> QWidget:
        aside = QWidget()
        aside.setFixedWidth(self.appearance.theme.size("side_panel"))
        column = QVBoxLayout(aside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        card = Panel("Carte lue", spacing=12)
        self._reader, self._read_at = Labelled("Lecteur", "", "body"), Labelled("Lecture", "", "body")
        self._valid = Labelled("Valable pour ce geste", "", "body")
        for shown in (self._reader, self._read_at, self._valid):
            card.body.addWidget(shown)
        discretion = Panel("Discrétion au comptoir")
        discretion.body.addWidget(Text(DISCRETION, "body", "text-2", wrap=True))
        missing = Panel("La personne n’y est pas\u202f?")
        missing.body.addWidget(Text(OUTDATED, "body", "text-2", wrap=True))
        missing.body.addWidget(
            self.button("Relire la carte", self.presenter.reread, cap="F4", keys="F4", icon="refresh")
        )
        for panel in (card, discretion, missing):
            column.addWidget(panel)
        column.addStretch(1)
        return aside

    def fit(self, *, narrow: bool) -> None:
        """No side panel in a narrow window."""
        super().fit(narrow=narrow)
        self._side.setVisible(not narrow)
        self._side.setFixedWidth(self.appearance.theme.size("side_panel"))

    def refresh(self) -> None:
        """Everybody on the card, and who is highlighted."""
        presenter, reading = self.presenter, self.presenter.flow.reading
        if reading is None:
            return
        people = reading.beneficiaries
        if len(people) == 1:
            self.say(TITLE, "Une seule personne figure sur cette carte Vitale. Choisissez-la si c’est elle.")
        else:
            self.say(TITLE, f"{len(people)} personnes figurent sur cette carte Vitale. Aucune n’est choisie d’avance.")
        self.tell_fault(presenter.fault)
        self.list.tell(tuple(self._row(reading, person) for person in people), presenter.chosen or 0)
        whole = self.list.height_for_all()
        self.list.setMaximumHeight(whole)
        self.list.setMinimumHeight(min(whole, 2 * self.appearance.theme.size("card_row")))
        told = _warning(people)
        self.warning.setVisible(told is not None)
        if told is not None:
            self.warning.say("warning", *told)
        self._reader.set_value(reading.reader)
        self._read_at.set_value(f"{texts.day(reading.read_at)} {texts.hour(reading.read_at)}")
        until = presenter.flow.valid_until
        self._valid.set_value(f"jusqu’à {texts.hour(until)}" if until else "")
        self.go_on.setEnabled(presenter.chosen is not None)
        if presenter.chosen is not None:
            self.tell_reason("")
        else:
            self.tell_reason(f"Tapez {_digits(len(people))} pour choisir la personne.\nEntrée seule ne fait rien.")

    def _row(self, reading: VitaleReading, person: Beneficiary) -> PersonRow:
        today = self.presenter.clock.now().date()
        age = person.birth_date.age_on(today)
        return PersonRow(
            person.position,
            f"{person.name}, {texts.capital(person.given_name)}",
            _under(reading, person),
            person.birth_date.text,
            texts.age(age),
            reading.quality(person, today),
            child=age is not None and age < 18,
        )

    def focus_first(self) -> None:
        """The list as a whole; no row of it."""
        self.list.setFocus()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of the choice."""
        number = len(self.presenter.people)
        return (KeyHint("1", f"à {number} Choisir" if number > 1 else "Choisir"), KeyHint("F4", "Relire la Vitale"))


def _under(reading: VitaleReading, person: Beneficiary) -> str:
    if person.birth_date.calendar is None:
        return "Date hors calendrier, gardée comme lue"
    if reading.shares_birth_date(person):
        return f"Naissance multiple, rang\u00a0{reading.birth_rank(person)}"
    return "Numéro personnel sur la carte" if person.holds_own_nir else "Numéro de l’assuré(e) sur la carte"


def _warning(people: tuple[Beneficiary, ...]) -> tuple[str, str] | None:
    """People that could be taken for one another: same day of birth, or same given name."""
    days = [person.birth_date.raw for person in people]
    names = [fold(person.given_name) for person in people]
    twice = next((day for day in days if days.count(day) > 1), None)
    if twice is not None:
        number = "Deux" if days.count(twice) == 2 else "Plusieurs"
        return f"{number} personnes nées le même jour.", "Demandez le prénom en entier avant de choisir."
    if any(names.count(name) > 1 for name in names):
        return "Deux personnes ont le même prénom.", "Demandez la date de naissance avant de choisir."
    return None


def _digits(number: int) -> str:
    if number == 1:
        return "1"
    if number > 4:
        return f"1 à {number}"
    return ", ".join(str(n) for n in range(1, number)) + f" ou {number}"
