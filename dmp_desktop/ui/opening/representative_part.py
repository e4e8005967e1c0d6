"""The legal representative of a minor or of a protected adult: identity and quality first, and it blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from dmp_desktop.domain.dossier import Protection, Representative, RepresentativeQuality
from dmp_desktop.domain.identity import ProofDocument
from dmp_desktop.services.opening_form import ConsentForm
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.consent_parts import set_quietly, type_quietly
from dmp_desktop.ui.widgets.basic import Text
from dmp_desktop.ui.widgets.controls import Choice, Field, TickRow
from dmp_desktop.ui.widgets.frames import CollapsiblePanel

if TYPE_CHECKING:
    from dmp_desktop.ui.opening.consent_screen import ConsentScreen

_OF_A_MINOR = (
    RepresentativeQuality.MOTHER,
    RepresentativeQuality.FATHER,
    RepresentativeQuality.OTHER_PARENT,
    RepresentativeQuality.GUARDIAN,
)
_OF_AN_ADULT = {
    Protection.GUARDIANSHIP: RepresentativeQuality.GUARDIAN,
    Protection.CURATORSHIP: RepresentativeQuality.CURATOR,
}


class RepresentativePart:
    """Folded for an adult, opened by its rule for a minor; an adult's protection is told here (Alt+M)."""

    def __init__(self, screen: ConsentScreen) -> None:
        self._screen = screen
        appearance = screen.appearance
        self.family = Field(appearance, "Nom de naissance")
        self.given = Field(appearance, "Prénom")
        self.protection = Choice(appearance, "Mesure de protection", "Tutelle ou curatelle")
        for protection in _OF_AN_ADULT:
            self.protection.addItem(texts.PROTECTION[protection], protection)
        self.quality = Choice(appearance, "Lien avec la personne", "Mère, père, tuteur…")
        self.proof = Choice(appearance, "Pièce présentée", "Carte d’identité…")
        for document, words in texts.PROOF.items():
            self.proof.addItem(words, document)
        self.agreed = TickRow(appearance, "Son accord est recueilli, avant toute ouverture.")
        self._heard = Text("", "caption", "text-2", wrap=True)
        self.fields: list[QWidget] = [
            self.protection,
            self.family.edit,
            self.given.edit,
            self.quality,
            self.proof,
            self.agreed,
        ]
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 0, 16, 16)
        column.setSpacing(8)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        self._protection_row = _labelled("Mesure de protection", self.protection)
        grid.addWidget(self._protection_row, 0, 0, 1, 2)
        grid.addWidget(self.family, 1, 0)
        grid.addWidget(self.given, 1, 1)
        grid.addWidget(_labelled("Lien", self.quality), 2, 0)
        grid.addWidget(_labelled("Pièce présentée", self.proof), 2, 1)
        column.addLayout(grid)
        column.addWidget(self.agreed)
        column.addWidget(self._heard)
        self.panel = CollapsiblePanel(appearance, "Représentant légal", "", "Alt+M", content)
        for field in (self.family, self.given):
            field.edit.textEdited.connect(self._told)
        for choice in (self.quality, self.proof):
            choice.currentIndexChanged.connect(self._told)
        self.protection.currentIndexChanged.connect(self._protected)
        self.agreed.toggled.connect(self._told)

    def begin(self, form: ConsentForm) -> None:
        """A new draft: nobody is represented yet; a minor's part is open and stays so."""
        minor = form.protection is Protection.MINOR
        known = form.representative
        type_quietly(self.family.edit, known.family if known else "")
        type_quietly(self.given.edit, known.given if known else "")
        self._offer_qualities(form.protection)
        for choice, value in (
            (self.quality, known.quality if known else None),
            (self.proof, known.proof if known else None),
            (self.protection, form.protection if form.protection in _OF_AN_ADULT else None),
        ):
            blocked = choice.blockSignals(True)
            choice.setCurrentIndex(choice.findData(value) if value is not None else -1)
            choice.blockSignals(blocked)
        set_quietly(self.agreed, bool(known and known.agreed))
        self._protection_row.setVisible(not minor)
        self.panel.set_open(False)
        self.panel.set_open(form.protection is not Protection.NONE, forced=minor)

    def refresh(self, form: ConsentForm) -> None:
        """Follow the draft."""
        minor = form.protection is Protection.MINOR
        if form.protection is Protection.NONE:
            summary = "Sans objet\u00a0: personne majeure"
        elif form.representative is not None and form.representative.complete:
            summary = "Complet"
        else:
            summary = "Obligatoire\u00a0: personne mineure" if minor else "Obligatoire\u00a0: personne protégée"
        self.panel.summarise("Représentant légal", summary)
        self._heard.setText(
            "L’avis de l’enfant est entendu selon sa maturité." if minor else "La personne est associée à la décision."
        )

    def toggle(self) -> None:
        """Alt+M: for an adult, tell a protection or fold it away again."""
        form = self._screen.presenter.flow.form
        if form.protection is Protection.MINOR:
            self.family.edit.setFocus()
        elif self.panel.is_open:
            self._screen.presenter.flow.declare_protection(Protection.NONE)
            self.begin(form)
            self._screen.presenter.edited()
        else:
            self.panel.set_open(True)
            self.protection.setFocus()

    def _protected(self) -> None:
        chosen = self.protection.currentData()
        if chosen is not None:
            protection = Protection(chosen)
            self._screen.presenter.flow.declare_protection(protection)
            self._offer_qualities(protection)
            self._told()

    def _offer_qualities(self, protection: Protection) -> None:
        blocked = self.quality.blockSignals(True)
        self.quality.clear()
        fixed = _OF_AN_ADULT.get(protection)
        for quality in (fixed,) if fixed else _OF_A_MINOR:
            self.quality.addItem(texts.QUALITY[quality], quality)
        # Under guardianship or curatorship there is one possible quality: nothing to choose.
        self.quality.setCurrentIndex(0 if fixed else -1)
        self.quality.blockSignals(blocked)

    def _told(self) -> None:
        form = self._screen.presenter.flow.form
        quality, proof = self.quality.currentData(), self.proof.currentData()
        form.representative = (
            Representative(
                self.family.text().strip(),
                self.given.text().strip(),
                RepresentativeQuality(quality),
                ProofDocument(proof),
                self.agreed.isChecked(),
            )
            if quality is not None and proof is not None
            else None
        )
        self._screen.presenter.edited()


def _labelled(label: str, field: QComboBox) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(Text(label, "caption", "text-2"))
    column.addWidget(field)
    return holder
