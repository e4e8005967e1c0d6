"""« Coordonnées »: mobile and e-mail as the DMP holds them, once asked; what may be changed, and where a change is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy

from dmp_desktop.domain.acts import ContactChange
from dmp_desktop.ui.page_frame import press
from dmp_desktop.ui.person import words
from dmp_desktop.ui.person.presenter import PersonPresenter, spaced
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Labelled, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton, Field
from dmp_desktop.ui.widgets.messages import MessageStrip

_NOTHING = "Aucun"
_WAITS = "contact-on-its-way"


class ContactPanel(Panel):
    """Two fields where a change may be made, two values where it may not, and why."""

    def __init__(self, appearance: Appearance, presenter: PersonPresenter) -> None:
        super().__init__("Coordonnées", spacing=12)
        self._presenter = presenter
        self._note = Text(words.NOT_KEPT, "caption", "text-2", wrap=True)
        self.body.addWidget(self._note)
        self.outcome = MessageStrip(appearance, "info", "")
        self.body.addWidget(self.outcome)
        self._why = MessageStrip(appearance, "info", "")
        self.body.addWidget(self._why)
        for strip in (self.outcome, self._why):
            # In half a window its words take more lines than its hint says.
            strip.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.mobile, self.email = Field(appearance, "Mobile", "06 ou 07"), Field(appearance, "Courriel")
        self._fields = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._fields.setSpacing(16)
        for field in (self.mobile, self.email):
            field.edit.setMaxLength(80)
            field.edit.textEdited.connect(self._typed)
            self._fields.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(self._fields)
        self._values = (Labelled("Mobile", ""), Labelled("Courriel", ""))
        shown = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        shown.setSpacing(16)
        for value in self._values:
            shown.addWidget(value, 1)
        self.body.addLayout(shown)
        self._read_at = Text("", "caption", "text-2", wrap=True)
        self.read = ActionButton(appearance, "", keys="Alt+C", icon="cloud")
        self.read.clicked.connect(lambda _c=False: presenter.ask_contact())
        press(self.read, "Alt+C")
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.read)
        foot.addWidget(self._read_at, 1)
        self.body.addLayout(foot)
        self.refresh()

    def refresh(self) -> None:
        """As the presenter stands."""
        p = self._presenter
        editable, values = p.editable, self._shown_values()
        self._tell_outcome()
        self._tell_why()
        for field, text in zip((self.mobile, self.email), p.typed, strict=True):
            field.setVisible(editable)
            if field.edit.text() != text:
                field.edit.setText(text)
        self._tell_errors()
        for labelled, text in zip(self._values, values or ("", ""), strict=True):
            labelled.setVisible(values is not None)
            labelled.set_value(text or _NOTHING)
        read = ""
        if p.file is not None and p.file.changing is not None:
            read = "Valeurs demandées, pas encore confirmées."
        elif p.held is not None:
            read = f"Lues au DMP le {words.moment(p.held.read_at)}."
        self._read_at.setText(read)
        self.read.set_words("Relire au DMP" if p.held is not None else "Lire au DMP")
        self.read.setVisible(p.file is not None and p.against_reading is None)
        self._note.setVisible(p.held is None)

    def _shown_values(self) -> tuple[str, str] | None:
        """What is shown and may not be typed in: the value on its way, else the store's."""
        p = self._presenter
        if p.editable:
            return None
        waiting = p.file.changing if p.file is not None else None
        if waiting is not None and isinstance(waiting.event.payload, ContactChange):
            wanted = waiting.event.payload.wanted
            return spaced(wanted.mobile), wanted.email
        if p.held is None:
            return None
        return spaced(p.held.contact.mobile), p.held.contact.email

    def _tell_outcome(self) -> None:
        row = self._presenter.outcome
        self.outcome.setVisible(row is not None)
        if row is not None:
            self.outcome.say(*words.outcome_of(row))

    def _tell_why(self) -> None:
        """Why nothing may be changed; a change on its way is told by its own strip."""
        p = self._presenter
        against = p.against_changing if p.file is not None else None
        told = sentence(against) if against is not None and against.code != _WAITS else None
        self._why.setVisible(told is not None)
        if told is not None:
            self._why.say("info", told.what, told.todo)

    def _typed(self) -> None:
        self._presenter.type(self.mobile.text(), self.email.text())

    def _tell_errors(self) -> None:
        wrong = self._presenter.wrong_field if self._presenter.editable else ""
        self.mobile.set_error("Dix chiffres, qui commencent par 06 ou 07." if wrong == "mobile" else "")
        self.email.set_error("Une adresse comme nom@exemple.fr." if wrong == "email" else "")
