"""The parts of the consent form, each a numbered panel bound to the draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLineEdit, QPushButton

from dmp_desktop.domain.dossier import AccessChoice, BadContact, Contact, Protection
from dmp_desktop.services.opening import OpeningFlow
from dmp_desktop.services.opening_form import ConsentForm
from dmp_desktop.services.papers import PaperKind
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.tray import PaperState
from dmp_desktop.ui.widgets.basic import Panel, Text
from dmp_desktop.ui.widgets.controls import Field, RadioRow, TickRow

if TYPE_CHECKING:
    from dmp_desktop.ui.opening.consent_screen import ConsentScreen


def set_quietly(box: QCheckBox, on: bool) -> None:
    """Show a state without telling it back."""
    with QSignalBlocker(box):
        box.setChecked(on)


def type_quietly(edit: QLineEdit, words: str) -> None:
    """Show a text without telling it back."""
    with QSignalBlocker(edit):
        edit.setText(words)


def who(flow: OpeningFlow) -> str:
    """How the sentences of the form name the person."""
    return texts.polite(flow.traits, flow.age) if flow.traits else "la personne"


class InformationPart:
    """1. The information is given, then ticked; its text can be read here and printed large."""

    def __init__(self, screen: ConsentScreen) -> None:
        self._screen = screen
        self.panel = Panel("Information", 1)
        self.tick = TickRow(screen.appearance, "")
        self.tick.toggled.connect(self._ticked)
        self.read = screen.button("Lire le texte", self._toggle_text, kind="link", cap="Alt+L", keys="Alt+L")
        self.large = screen.button(
            "En gros caractères", screen.presenter.print_leaflet, kind="link", cap="Alt+G", keys="Alt+G"
        )
        self.links = (self.read, self.large)
        self._text = Text("", "value", wrap=True)
        self._text.hide()
        _beside_title(self.panel, *self.links)
        self.panel.body.addWidget(self.tick)
        self.panel.body.addWidget(self._text)

    def begin(self, form: ConsentForm) -> None:
        """A new draft."""
        self._text.hide()
        self._text.setText(self._screen.presenter.information.short)

    def refresh(self, form: ConsentForm) -> None:
        """Follow the draft."""
        flow = self._screen.presenter.flow
        name = who(flow)
        given = f", donné à {texts.hour(form.informed_at)}" if form.informed_at else ""
        slot = self._screen.presenter.tray.slot(PaperKind.LEAFLET)
        printed = ", imprimé en gros caractères" if slot is not None and slot.state is PaperState.PRINTED else ""
        if form.protection is Protection.NONE:
            words = f"J’ai informé {name} du but du dossier, de ses droits, des accès et de la fermeture."
        else:
            words = (
                f"J’ai informé {name} et son représentant légal du but du dossier, des droits, des accès et de la "
                "fermeture."
            )
        self.tick.set_words(words, f"Texte {form.text_version}{given}{printed}")
        set_quietly(self.tick, form.informed_at is not None)
        self.large.setEnabled(slot is not None and slot.may_print)

    def _ticked(self, on: bool) -> None:
        self._screen.presenter.flow.form.tick_informed(_now(self._screen) if on else None)
        self._screen.presenter.edited()

    def _toggle_text(self) -> None:
        self._text.setVisible(self._text.isHidden())


class ConsentPart:
    """2. The consent: never ticked beforehand, its absence makes the opening impossible (EX_1.1-1010)."""

    def __init__(self, screen: ConsentScreen) -> None:
        self._screen = screen
        self.panel = Panel("Consentement", 2)
        self.tick = TickRow(screen.appearance, "", strong=True)
        self.tick.toggled.connect(self._ticked)
        refuse = screen.button("La personne refuse ou hésite", screen.ask_refusal, kind="link", cap="Alt+R")
        self.links = (refuse,)
        _beside_title(self.panel, refuse)
        self.panel.body.addWidget(self.tick)

    def begin(self, form: ConsentForm) -> None:
        """A new draft."""

    def refresh(self, form: ConsentForm) -> None:
        """Follow the draft; nobody consents uninformed."""
        flow = self._screen.presenter.flow
        act = "à la réactivation de son dossier" if flow.reactivation else "à l’ouverture de son dossier"
        name = who(flow)
        if form.protection is Protection.NONE:
            words = f"{texts.sentence_start(name)} consent {act}."
        else:
            words = f"Le représentant légal {texts.of(name)} consent {act}."
        impossible = "la réactivation" if flow.reactivation else "l’ouverture"
        note = f"Sans cette case, {impossible} est impossible."
        if form.informed_at is None:
            note = "Après l’information."
        self.tick.set_words(words, note)
        self.tick.setEnabled(form.informed_at is not None)
        set_quietly(self.tick, form.consented_at is not None)

    def _ticked(self, on: bool) -> None:
        self._screen.presenter.flow.form.tick_consent(_now(self._screen) if on else None)
        self._screen.presenter.edited()


class EmergencyPart:
    """3. Two separate boxes, ticked at first (EX_1.1-1050)."""

    def __init__(self, screen: ConsentScreen) -> None:
        self._screen = screen
        self.panel = Panel("En cas d’urgence", 3)
        self.centre_15 = TickRow(screen.appearance, "Le Centre 15 peut consulter son dossier.")
        self.break_glass = TickRow(
            screen.appearance,
            "Un soignant peut y accéder en urgence (bris de glace).",
            "Le motif est demandé, la personne est prévenue.",
        )
        self.ticks = (self.centre_15, self.break_glass)
        for tick in self.ticks:
            tick.toggled.connect(self._ticked)
            self.panel.body.addWidget(tick)

    def begin(self, form: ConsentForm) -> None:
        """A new draft."""

    def refresh(self, form: ConsentForm) -> None:
        """Follow the draft."""
        set_quietly(self.centre_15, form.centre_15)
        set_quietly(self.break_glass, form.break_glass)

    def _ticked(self) -> None:
        form = self._screen.presenter.flow.form
        form.centre_15, form.break_glass = self.centre_15.isChecked(), self.break_glass.isChecked()
        self._screen.presenter.edited()


class AccessPart:
    """4. Who may read from today on: nobody, unless the person says so (EX_0.3-1010)."""

    def __init__(self, screen: ConsentScreen) -> None:
        self._screen = screen
        self.panel = Panel("Accès autorisés dès aujourd’hui", 4)
        professional, author = screen.presenter.professional, screen.presenter.author
        choices = [AccessChoice.NOBODY, AccessChoice.STRUCTURE]
        # Desk staff have no clinical access of their own: only the structure can be proposed under their card.
        if not professional.is_desk_staff:
            choices.insert(1, AccessChoice.THIS_PROFESSIONAL)
        if professional.profession == "10":
            choices.append(AccessChoice.TREATING)
        notes = {
            AccessChoice.NOBODY: "Choix par défaut\u00a0: la personne pourra décider plus tard.",
        }
        self._group = QButtonGroup(self.panel)
        self.radios = {
            choice: RadioRow(screen.appearance, texts.access(choice, author), notes.get(choice, ""))
            for choice in choices
        }
        for radio in self.radios.values():
            self._group.addButton(radio)
            radio.toggled.connect(self._chosen)
            self.panel.body.addWidget(radio)

    def begin(self, form: ConsentForm) -> None:
        """A new draft."""

    def refresh(self, form: ConsentForm) -> None:
        """Follow the draft."""
        radio = self.radios.get(form.access)
        if radio is not None and not radio.isChecked():
            with QSignalBlocker(radio):
                radio.setChecked(True)

    def _chosen(self, on: bool) -> None:
        if on:
            form = self._screen.presenter.flow.form
            form.access = next(choice for choice, radio in self.radios.items() if radio.isChecked())
            self._screen.presenter.edited()


class ContactPart:
    """5. Optional contact; giving one opens the person's account (EX_1.X-1300)."""

    def __init__(self, screen: ConsentScreen) -> None:
        self._screen = screen
        self.panel = Panel("Contact pour Mon espace santé", 5, "facultatif")
        self.mobile = Field(screen.appearance, "Téléphone mobile", "06 00 00 00 00")
        self.email = Field(screen.appearance, "Adresse électronique", "nom@exemple.invalid")
        row = QHBoxLayout()
        row.setSpacing(16)
        for field in (self.mobile, self.email):
            field.edit.textEdited.connect(self._typed)
            field.edit.editingFinished.connect(self._check)
            row.addWidget(field, 1)
        self._note = Text("", "caption", "text-2", wrap=True)
        self.panel.body.addLayout(row)
        self.panel.body.addWidget(self._note)

    def begin(self, form: ConsentForm) -> None:
        """A new draft."""
        type_quietly(self.mobile.edit, form.mobile)
        type_quietly(self.email.edit, form.email)
        self._check()

    def refresh(self, form: ConsentForm) -> None:
        """Follow the draft."""
        given = bool(form.mobile.strip() or form.email.strip())
        self._note.setText(
            "Avec ce contact, le compte de la personne est demandé aussitôt."
            if given
            else "Avec un contact, le compte de la personne est demandé aussitôt."
        )
        self._note.set_tone("warning" if given else "text-2")

    def _typed(self) -> None:
        form = self._screen.presenter.flow.form
        form.mobile, form.email = self.mobile.text(), self.email.text()
        for field in (self.mobile, self.email):
            field.set_error("")
        self._screen.presenter.edited()

    def _check(self) -> None:
        """What is wrong is said once the field is left, not while it is typed."""
        wrong = {
            "mobile": _fault(lambda: Contact.parse(self.mobile.text(), "")),
            "email": _fault(lambda: Contact.parse("", self.email.text())),
        }
        self.mobile.set_error("Dix chiffres, en 06 ou 07." if wrong["mobile"] else "")
        self.email.set_error("Une adresse comme nom@exemple.fr." if wrong["email"] else "")


class DeferredPart:
    """Why the card's data will be used later than in the person's presence (EX_1.2-1010)."""

    def __init__(self, screen: ConsentScreen) -> None:
        self._screen = screen
        self.panel = Panel("Pourquoi l’ouverture est différée", 0, "hors ligne")
        self.reason = Field(
            screen.appearance, "Raison", "", "Écrite avec l’ouverture. Vous pouvez la corriger ou la préciser."
        )
        self.reason.edit.textEdited.connect(self._typed)
        self.panel.body.addWidget(self.reason)

    def begin(self, form: ConsentForm) -> None:
        """A new draft: the silence just met is proposed as the reason."""
        if form.offline and not form.deferred_reason:
            silent = "L’INSi" if self._screen.presenter.flow.insi_failure is not None else "Le DMP"
            form.deferred_reason = f"{silent} ne répondait pas à {texts.hour(_now(self._screen))}"
        type_quietly(self.reason.edit, form.deferred_reason)

    def refresh(self, form: ConsentForm) -> None:
        """Only offline."""
        self.panel.setVisible(form.offline)

    def _typed(self) -> None:
        self._screen.presenter.flow.form.deferred_reason = self.reason.text()
        self._screen.presenter.edited()


def _beside_title(panel: Panel, *links: QPushButton) -> None:
    """What is seldom needed stands on the title's line: the whole form then fits above the review."""
    head = panel.body.itemAt(0)
    line = head.layout() if head is not None else None
    assert isinstance(line, QHBoxLayout)  # noqa: S101 - made so by Panel
    line.setSpacing(12)
    for link in links:
        line.addWidget(link)


def _now(screen: ConsentScreen) -> datetime:
    return screen.presenter.clock.now()


def _fault(parse: Callable[[], object]) -> bool:
    try:
        parse()
    except BadContact:
        return True
    return False
