"""An opening that ended without a dossier: why, what it means, and what to do next."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent

from dmp_desktop.services.opening import StopCause
from dmp_desktop.services.papers import PaperKind
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.base import KeyHint, Screen, side_by_side
from dmp_desktop.ui.opening.outcome_screens import Band
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.opening.tray import PaperState
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Labelled, Panel, Text

_LEAFLET = "Information en gros caractères"
_WORDS = {
    StopCause.BY_HAND: (
        "info",
        "info",
        "Vous avez arrêté l’ouverture",
        "Rien n’a été créé, rien n’est parti.",
        ("Vous avez choisi d’arrêter.", "Aucun dossier n’a été ouvert.", "Recommencez quand vous voulez avec F2."),
    ),
    StopCause.CARD_SWAPPED: (
        "danger",
        "danger",
        "La carte Vitale a changé",
        "Ce n’est plus la carte sur laquelle la personne a été choisie. Rien n’est parti.",
        (
            "Une autre carte a été insérée.",
            "Aucun dossier n’a été ouvert\u00a0: il l’aurait peut-être été pour une autre personne.",
            "Remettez la bonne carte, puis recommencez avec F2.",
        ),
    ),
    StopCause.STALE_READING: (
        "warning",
        "clock",
        "La carte a été lue il y a plus de 20\u00a0min",
        "Une lecture sert 20\u00a0min, pour un seul geste. Rien n’est parti.",
        (
            "Trop de temps a passé depuis la lecture de la carte.",
            "Aucun dossier n’a été ouvert.",
            "Relisez la carte en recommençant avec F2.",
        ),
    ),
    StopCause.DIFFERENCE: (
        "warning",
        "not-equal",
        "Arrêté\u00a0: la carte et l’INSi diffèrent",
        "Votre décision est notée. Rien n’a été créé, rien n’est parti.",
        (
            "Un trait au moins n’est pas le même des deux côtés.",
            "Aucun dossier n’a été ouvert, aucune identité n’a été corrigée.",
            "Faites mettre la carte à jour, ou recommencez avec une pièce d’identité.",
        ),
    ),
    StopCause.REFUSED: (
        "info",
        "check",
        "Le refus de la personne est noté",
        "Rien n’est parti au DMP. Ses soins et ses remboursements n’en dépendent pas.",
        (
            "La personne ne veut pas de dossier.",
            "Aucun dossier n’a été ouvert.",
            "Rien à faire. Elle pourra changer d’avis quand elle voudra.",
        ),
    ),
    StopCause.HESITATES: (
        "info",
        "clock",
        "La personne préfère réfléchir",
        "C’est noté. Rien n’est parti au DMP.",
        (
            "La personne n’a pas encore décidé.",
            "Aucun dossier n’a été ouvert.",
            "Remettez-lui l’information si elle le souhaite (Alt+G). Vous en reparlerez une autre fois.",
        ),
    ),
}


class StoppedScreen(Screen):
    """Why it stopped, in three parts, and one key for the next person."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self.title.hide()
        self.band = Band(appearance)
        self.body.addWidget(self.band)
        panel = Panel("Ce que cela veut dire")
        self._parts = tuple(Labelled(label, "", "body") for label in ("Cause", "Effet sur le dossier", "Que faire"))
        panel.body.addLayout(side_by_side(*self._parts))
        self.body.addWidget(panel)
        self._printed = Text("", "caption", "text-2", wrap=True)
        self.body.addWidget(self._printed)
        self.body.addStretch(1)
        end = self.button("Terminer", presenter.finish, cap="Échap", keys="Esc")
        self.leaflet = self.button(_LEAFLET, presenter.print_leaflet, kind="link", cap="Alt+G", keys="Alt+G")
        self.look = self.button("La voir", presenter.viewer.show_first, kind="link", cap="Alt+V", keys="Alt+V")
        self.next = self.button(
            "Ouverture suivante", presenter.begin, kind="primary", cap="F2", keys="Return|Enter", icon="folder-plus"
        )
        self.commands.offer([end, self.leaflet, self.look], [self.next])

    def refresh(self) -> None:
        """The cause's words."""
        cause = self.presenter.flow.stop_cause
        if cause is None:
            return
        state, icon, title, under, parts = _WORDS[cause]
        self.band.tell(state, icon, title, under)
        for shown, words in zip(self._parts, parts, strict=True):
            shown.set_value(words)
        slot = self.presenter.tray.slot(PaperKind.LEAFLET)
        self.leaflet.setVisible(cause in {StopCause.REFUSED, StopCause.HESITATES})
        self._offer_look()
        self.look.setEnabled(bool(self.presenter.viewer.papers))
        self.leaflet.setEnabled(slot is not None and slot.may_print)
        # The swap and the old reading are the screen itself; another fault (the journal on a full disk) is told apart.
        told = cause in {StopCause.CARD_SWAPPED, StopCause.STALE_READING}
        self.tell_fault((None if told else self.presenter.fault) or self.presenter.tray.fault)
        printed = slot.printed_at if slot is not None and slot.state is PaperState.PRINTED else None
        self._printed.setText(f"Information imprimée à {texts.hour(printed)}." if printed else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room in the row of commands."""
        super().resizeEvent(event)
        self._offer_look()

    def _offer_look(self) -> None:
        """The leaflet can be looked at wherever it can be printed, unless a command would lose a letter."""
        self.leaflet.set_words(_LEAFLET)
        self.look.setVisible(self.leaflet.isVisibleTo(self))
        if not self.commands.has_room(""):
            self.look.hide()
        if not self.commands.has_room(""):
            self.leaflet.set_words("Gros caractères")

    def focus_first(self) -> None:
        """The next person."""
        self.next.setFocus()

    def announcement(self) -> str:
        """What happened."""
        return self.band.accessibleName()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of the end."""
        return (KeyHint("F2", "Ouverture suivante"), KeyHint("Échap", "Terminer"))
