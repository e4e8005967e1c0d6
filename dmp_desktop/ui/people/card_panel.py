"""What F4 shows on a page of several people: the card being read, the people to choose from, what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dmp_desktop.services.people import CardPerson
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.page_frame import on_key
from dmp_desktop.ui.people.card_finder import CardFinder
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import MessageStrip, ProgressLine
from dmp_desktop.ui.widgets.people import PersonList, PersonRow


class PeopleChoice(Panel):
    """A few people, one of whom is meant: digits and arrows choose, Enter confirms, nobody is chosen at first.

    :ivar list: its rows; what is confirmed is the digit in ``list.chosen``.
    """

    def __init__(self, appearance: Appearance, title: str, explained: str, leave: str) -> None:
        super().__init__(title)
        self.body.addWidget(Text(explained, "body", "text-2", wrap=True))
        self.list = PersonList(appearance)
        self.list.setAccessibleName(title)
        self.body.addWidget(self.list)
        self.leave = ActionButton(appearance, leave, kind="quiet", keys="Échap")
        self.body.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignLeft)
        on_key(self, "Esc", self.leave.click)
        # What was just laid out can take the keyboard once this event is over.
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self.list.setFocus)

    def tell(self, people: tuple[PersonRow, ...]) -> None:
        """Show these, and take the keyboard."""
        self.list.tell(people)
        self.list.setMaximumHeight(self.list.height_for_all())
        self.list.setMinimumHeight(min(self.list.height_for_all(), 3 * self.list.height_for_all() // len(people)))
        self._settled.start()


class CardPanel(QWidget):
    """Nothing while no card is being looked at."""

    def __init__(self, appearance: Appearance, finder: CardFinder) -> None:
        super().__init__()
        self._appearance, self._finder = appearance, finder
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._progress = ProgressLine(appearance)
        self._progress.cancelled.connect(finder.stop)
        self._choice = PeopleChoice(
            appearance,
            "Qui est là\u202f?",
            "La carte porte plusieurs personnes. Tapez le chiffre de celle qui est là, puis Entrée.",
            "Aucune d’elles",
        )
        self._choice.leave.clicked.connect(lambda _c=False: finder.stop())
        self._choice.list.confirmed.connect(lambda: finder.choose(self._choice.list.chosen))
        self._fault = QVBoxLayout()
        self._shown: tuple[CardPerson, ...] = ()
        column.addWidget(self._progress)
        column.addWidget(self._choice)
        column.addLayout(self._fault)
        finder.changed.connect(self.refresh)
        self.refresh()

    @property
    def asking(self) -> bool:
        """Whether somebody is to be chosen."""
        return bool(self._finder.people)

    def refresh(self) -> None:
        """As it stands."""
        finder = self._finder
        if finder.busy and not self._progress.isVisible():
            self._progress.start(finder.busy)
        elif not finder.busy:
            self._progress.stop()
        self._progress.setVisible(bool(finder.busy))
        self._choice.setVisible(self.asking)
        if self.asking and finder.people != self._shown:
            self._choice.tell(tuple(_row(one) for one in finder.people))
        self._shown = finder.people
        empty_layout(self._fault)
        if finder.fault is not None:
            self._fault.addWidget(MessageStrip.of(self._appearance, sentence(finder.fault)))
        self.setVisible(bool(finder.busy or finder.people or finder.fault))


def _row(one: CardPerson) -> PersonRow:
    person = one.person
    name = f"{person.name}, {texts.capital(person.given_name)}"
    known = "Connu(e) sur ce poste" if one.known is not None else "Pas connu(e) par cette carte"
    born = person.birth_date.text
    child = one.age is not None and one.age < 18
    return PersonRow(person.position, name, known, born, texts.age(one.age), one.quality, child)
