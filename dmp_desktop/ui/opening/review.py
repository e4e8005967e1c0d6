"""The review: everything that is about to be sent, on one line above the command row, while it can still be changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from dmp_desktop.domain.dossier import Protection
from dmp_desktop.services.opening import OpeningFlow
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Labelled

LABELS = ("Titulaire", "Ouvert par", "Consentement", "En urgence", "Accès", "Contact", "Papiers")


class ReviewBar(QFrame):
    """Who, by whom, for which structure, what was consented to, who may read, which papers."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("room", "bar")
        self.setProperty("edge", "top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 4, 24, 4)
        row.setSpacing(16)
        self._cells = {label: Labelled(label, "", "caption") for label in LABELS}
        for label, cell in self._cells.items():
            row.addWidget(cell, 3 if label in {"Titulaire", "Ouvert par"} else 2, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName("Récapitulatif")

    def tell(self, flow: OpeningFlow, presenter: OpeningPresenter) -> None:
        """What would be sent now."""
        form, author = flow.form, presenter.author
        traits = flow.traits
        typed = (("mobile", form.mobile), ("adresse", form.email))
        contact = [words for words, given in typed if given.strip()]
        represented = form.representative.family if form.representative else "à compléter"
        consent = "à recueillir" if form.consented_at is None else f"recueilli à {texts.hour(form.consented_at)}"
        if form.protection is not Protection.NONE:
            consent += f", représentant\u00a0: {represented}"
        values = {
            "Titulaire": texts.full_name(traits) + f"\n{traits.birth_date.text}" if traits else "",
            "Ouvert par": f"{author.display_name}\n{author.structure_name}",
            "Consentement": consent,
            "En urgence": f"Centre 15\u00a0: {_yes(form.centre_15)}\nBris de glace\u00a0: {_yes(form.break_glass)}",
            "Accès": texts.access(form.access, author),
            "Contact": ", ".join(contact) or "aucun",
            "Papiers": "récépissé provisoire" if form.offline else "attestation, autocollant",
        }
        for label, value in values.items():
            self._cells[label].set_value(value)
        self.setAccessibleDescription(". ".join(f"{label}\u00a0: {value}" for label, value in values.items()))


def _yes(answer: bool) -> str:
    return "oui" if answer else "non"
