"""While INSi or the store is asked, and while the opening is sent: what is being done, and what to do if it lasts."""

from __future__ import annotations

from dataclasses import dataclass

from dmp_desktop.services.opening import Stage
from dmp_desktop.ui.opening.base import KeyHint, Screen, side_by_side
from dmp_desktop.ui.opening.errands import Work
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Labelled, Panel
from dmp_desktop.ui.widgets.messages import ProgressLine


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    subtitle: str
    progress: str
    now: str
    meanwhile: str


_IDENTITY = _Words(
    "Identité en cours de vérification",
    "Les traits de la carte partent tels qu’ils ont été lus, sans aucune correction.",
    "Téléservice INSi interrogé, environ 2\u00a0s",
    "L’INSi cherche la personne avec les données de sa carte. Ses traits seront comparés à ceux de la carte.",
    "Rien n’est créé. Si un trait diffère, la décision vous revient.",
)
_EXISTENCE = _Words(
    "A-t-elle déjà un dossier\u202f?",
    "Le DMP est interrogé avant toute ouverture.",
    "DMP interrogé, environ 2\u00a0s",
    "Le DMP dit si un dossier existe, s’il est fermé, ou si la personne s’y oppose.",
    "Rien n’est créé. La suite dépend de sa réponse.",
)
_SENDING = _Words(
    "Ouverture en cours d’envoi",
    "L’ouverture est écrite ici, elle partira quoi qu’il arrive.",
    "Envoi au DMP, environ 3\u00a0s",
    "La carte a été relue, l’ouverture est écrite sur ce poste et part au DMP.",
    "Vous pouvez ne plus attendre\u00a0: la confirmation arrivera d’elle-même, et l’attestation avec elle.",
)


class WaitingScreen(Screen):
    """One sentence, a line that moves, and a way out."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self._told: _Words | None = None
        panel = Panel()
        self.progress = ProgressLine(appearance)
        self.progress.cancelled.connect(self._leave)
        panel.body.addWidget(self.progress)
        self._now, self._meanwhile = Labelled("En ce moment", "", "body"), Labelled("En attendant", "", "body")
        panel.body.addLayout(side_by_side(self._now, self._meanwhile))
        self.body.addWidget(panel)
        self.body.addStretch(1)
        self._back = self.button("Revenir", presenter.back, cap="Alt+←", keys="Alt+Left")
        self._leave_button = self.button("Abandonner", self._leave, kind="quiet", cap="Échap", keys="Esc")
        self.commands.offer([self._back, self._leave_button], [])

    def refresh(self) -> None:
        """Follow the work under way; the line keeps running as long as the question is the same."""
        stage = self.presenter.flow.stage
        words = {Stage.IDENTITY: _IDENTITY, Stage.EXISTENCE: _EXISTENCE}.get(stage, _SENDING)
        self.say(words.title, words.subtitle)
        self.tell_fault(self.presenter.fault)
        sending = stage is Stage.SENDING
        self._back.setVisible(not sending)
        self._leave_button.set_words("Ne plus attendre" if sending else "Abandonner")
        self._leave_button.setEnabled(not sending or self.presenter.sending.kept is not None)
        if self.presenter.errands.work is Work.NONE:
            self.progress.stop()
            self._told = None
        elif self._told is not words:
            self._told = words
            self.progress.start(words.progress)
        self._now.set_value(words.now)
        self._meanwhile.set_value(words.meanwhile)

    def _leave(self) -> None:
        if self.presenter.flow.stage is Stage.SENDING:
            self.presenter.sending.stop_waiting()
        else:
            self.presenter.abandon()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of the wait."""
        return (KeyHint("Échap", self._leave_button.words()),)
