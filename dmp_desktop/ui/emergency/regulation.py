"""Medical regulation (Centre 15): someone by their traits, without an INS (TD0.5). Who opposes it is not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout

from dmp_desktop.domain.habilitations import AccessMode, PatientMatch, PatientQuery
from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.errors import Cancelled, DmpError, UserError
from dmp_desktop.services.emergency import EmergencyDesk
from dmp_desktop.ui.emergency.presenter import EmergencyPresenter
from dmp_desktop.ui.opening import texts as words
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.page_frame import KeyHint, PageFrame
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Panel
from dmp_desktop.ui.widgets.controls import Field
from dmp_desktop.ui.widgets.messages import EmptyState
from dmp_desktop.ui.widgets.people import PersonList, PersonRow


class BadSearchDate(UserError):
    """What was typed as a birth date is none."""

    code = "bad-search-date"


class RegulationPresenter(QObject):
    """The search, then the access through :class:`EmergencyPresenter`.

    :param context_of: the record of someone found.
    """

    changed = Signal()

    def __init__(
        self,
        desk: EmergencyDesk,
        lanes: Lanes,
        emergency: EmergencyPresenter,
        context_of: Callable[[PatientMatch], RecordContext],
    ) -> None:
        super().__init__()
        self._desk, self._lanes, self._emergency, self._context_of = desk, lanes, emergency, context_of
        self.matches: tuple[PatientMatch, ...] | None = None
        self.busy = False
        self.fault: DmpError | None = None
        self._stay = 0

    @property
    def offered(self) -> bool:
        """Whether this practice regulates."""
        return self._desk.regulation

    def search(self, name: str, given: str, born: str, city: str) -> None:
        """Ask the store; the birth date is typed ``JJ/MM/AAAA`` or left out."""
        if not name.strip():
            return
        try:
            query = PatientQuery((name.strip(),), given.strip(), birth_date=_birth_date(born), city=city.strip())
        except BadSearchDate as error:
            self.fault = error
            self.changed.emit()
            return
        self._stay += 1
        stay, self.busy, self.fault, self.matches = self._stay, True, None, None

        def done(found: tuple[PatientMatch, ...]) -> None:
            if stay == self._stay:
                self.busy, self.matches = False, found
                self.changed.emit()

        def failed(error: DmpError) -> None:
            if stay == self._stay:
                self.busy, self.fault = False, None if isinstance(error, Cancelled) else error
                self.changed.emit()

        self._lanes.run(Lane.SYNC, lambda: self._desk.search(query), done, failed)
        self.changed.emit()

    def choose(self, position: int) -> None:
        """One of those found, counted from 1: the first gesture of an access for the call under way."""
        if self.matches is not None and 1 <= position <= len(self.matches):
            chosen = self.matches[position - 1]
            self.forget()
            self._emergency.begin(self._context_of(chosen), AccessMode.CENTRE_15)

    def forget(self) -> None:
        """Nothing of a search remains on the screen."""
        self._stay += 1
        self.matches, self.fault, self.busy = None, None, False
        self.changed.emit()


def _birth_date(typed: str) -> BirthDate | None:
    digits = "".join(c for c in typed if c.isdigit())
    if not typed.strip():
        return None
    try:
        born = date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        raise BadSearchDate("not a date") from None
    return BirthDate(born.strftime("%Y%m%d"))


class RegulationPage(PageFrame):
    """Traits at the top, people below, the best match first."""

    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: RegulationPresenter, today: Callable[[], datetime]) -> None:
        super().__init__(appearance, alone=True)
        self._presenter, self._today = presenter, today
        self.say(
            "Qui est la personne\u202f?",
            "Régulation médicale\u00a0: recherche par les traits, pour l’appel en cours.",
        )
        panel = Panel(margin=24)
        self._row = QHBoxLayout()
        self._row.setSpacing(16)
        self.name = Field(appearance, "Nom de naissance ou utilisé")
        self.given = Field(appearance, "Prénom")
        self.born = Field(appearance, "Date de naissance", "JJ/MM/AAAA")
        self.city = Field(appearance, "Commune")
        for field in (self.name, self.given, self.born, self.city):
            self._row.addWidget(field, 1)
            field.edit.textChanged.connect(lambda _text: self.refresh())
        panel.body.addLayout(self._row)
        self.body.addWidget(panel)
        self.people = PersonList(appearance)
        self.people.setAccessibleName("Personnes trouvées")
        self.people.picked.connect(lambda _digit: self.refresh())
        self.body.addWidget(self.people)
        self._empty = EmptyState(appearance, "search", "")
        self.body.addWidget(self._empty, 1)
        self._find = self.button("Rechercher", self._search, kind="secondary", cap="Alt+R", keys="Alt+R", icon="search")
        self._choose = self.button("Continuer", self._go, kind="primary", cap="Entrée", keys="Return|Enter")
        self.commands.offer([self._find], [self._choose])
        presenter.changed.connect(self.refresh)
        self._listed: tuple[PatientMatch, ...] = ()
        self.refresh()

    def fit(self, *, narrow: bool) -> None:
        """The traits one under another."""
        super().fit(narrow=narrow)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def refresh(self) -> None:
        """The people found, or why there are none."""
        presenter = self._presenter
        self.tell_fault(presenter.fault)
        found = presenter.matches or ()
        if found != self._listed:
            self._listed = found
            self.people.tell(tuple(self._person(i, match) for i, match in enumerate(found, 1)))
        self.people.setVisible(bool(found))
        self._empty.setVisible(not found)
        if presenter.busy:
            self._empty.say("search", "Le DMP cherche.")
        elif presenter.matches is not None:
            self._empty.say("search", "Personne ne correspond.", "Qui a refusé cet accès n’apparaît pas.")
        else:
            self._empty.say("search", "Le nom suffit\u202f; le prénom et la date précisent.")
        self._find.setEnabled(bool(self.name.text().strip()) and not presenter.busy)
        chosen = bool(found) and self.people.chosen > 0
        self._choose.setEnabled(chosen)
        self.tell_reason("" if chosen or not found else "Choisissez la personne.")

    def shown(self) -> None:
        """The page comes to the front."""
        self.hints_changed.emit(tuple(self.hints()))
        self.focus_first()

    def focus_first(self) -> None:
        """The name."""
        self.name.edit.setFocus()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this screen."""
        return (KeyHint("Alt+R", "Rechercher"), KeyHint("1 à 9", "Choisir"))

    def _search(self) -> None:
        self._presenter.search(self.name.text(), self.given.text(), self.born.text(), self.city.text())

    def _go(self) -> None:
        if self._presenter.matches:
            self._presenter.choose(self.people.chosen)
        else:
            self._search()

    def _person(self, position: int, match: PatientMatch) -> PersonRow:
        age = match.birth_date.age_on(self._today().date())
        place = " ".join(part for part in (match.postcode, match.city) if part)
        sure = f"{match.percentage}\u00a0%" if match.percentage is not None else ""
        return PersonRow(
            position,
            f"{match.birth_name}, {' '.join(match.given_names).title()}",
            " · ".join(part for part in (f"Nom utilisé {match.used_name}" if match.used_name else "", place) if part),
            match.birth_date.text,
            words.age(age),
            sure,
            child=age is not None and age < 18,
        )
