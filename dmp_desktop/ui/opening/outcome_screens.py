"""A dossier exists already, or may not be opened: active, closed, opposed, blocked, each with its own next step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import EventState
from dmp_desktop.services.papers import PaperKind
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.base import KeyHint, Screen, side_by_side
from dmp_desktop.ui.opening.errands import Work
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.opening.tray import PaperState
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import IconLabel, Labelled, Panel, Text, mark
from dmp_desktop.ui.widgets.controls import RadioRow
from dmp_desktop.ui.widgets.messages import MessageStrip

_BAND = {
    DossierState.ACTIVE: ("info", "folder", "La personne a déjà un dossier"),
    DossierState.CLOSED: ("warning", "archive", "Le dossier de la personne est fermé"),
    DossierState.OPPOSED: ("secret", "secret", "La personne s’oppose à un dossier"),
    DossierState.BLOCKED: ("danger", "lock", "L’accès à ce dossier vous est bloqué"),
}
_PARTS = {
    DossierState.ACTIVE: (
        "Un dossier actif existe au DMP.",
        "Aucune ouverture n’est possible ni utile. Rien n’a été créé.",
        "Remettez les papiers si la personne les souhaite. Elle peut vous autoriser ci-dessous.",
    ),
    DossierState.CLOSED: (
        "Le dossier a été fermé\u00a0: ses documents sont gardés, personne ne les consulte.",
        "La réactivation rend le dossier et ses documents à la personne.",
        "Proposez-la. Un nouveau consentement est recueilli, comme pour une ouverture.",
    ),
    DossierState.OPPOSED: (
        "La personne a dit au DMP qu’elle ne veut pas de dossier.",
        "Rien n’est créé, rien n’est demandé. Son choix est respecté.",
        "Si elle veut en savoir plus, remettez l’information. Elle seule peut revenir sur son choix.",
    ),
    DossierState.BLOCKED: (
        "La personne vous a bloqué l’accès à son dossier.",
        "Rien n’est lu, rien n’est créé. Ce choix lui appartient.",
        "Aucun geste n’est attendu de vous. Elle peut changer d’avis depuis Mon espace santé.",
    ),
}
_CLOSED_OTHERWISE = (
    "Le dossier a été fermé pour un autre motif que la demande de la personne.",
    "La réactivation rendrait le dossier et ses documents à la personne.",
    "Lisez d’abord le motif donné par le DMP\u00a0: il peut refuser la réactivation.",
)
_AT_REQUEST = "FERMETURE_DEMANDE_PATIENT"
"""The one reason of closing whose code is known (nomenclature 1.2.250.1.213.4.1.2.4); the others are quoted."""
_AUTHORISATION = {
    Authorisation.VALID: "Vous êtes déjà autorisé(e) à consulter ce dossier.",
    Authorisation.EXPIRED: "Votre autorisation a expiré.",
    Authorisation.FORBIDDEN: "La personne vous a interdit l’accès à ce dossier.",
    Authorisation.NONE: "Vous n’êtes pas encore autorisé(e).",
    Authorisation.UNKNOWN: "Le DMP n’a pas dit si vous êtes autorisé(e).",
}


class Band(QFrame):
    """The answer, large: a state by its colour, its icon and its words."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setProperty("strip", "info")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 16, 12)
        row.setSpacing(16)
        self._icon = IconLabel(appearance, "info", "info", 28)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.title, self.under = Text("", "title", wrap=True), Text("", "body", wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.under)
        self.aside = QHBoxLayout()
        self.aside.setSpacing(16)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addLayout(self.aside)

    def tell(self, state: str, icon: str, title: str, under: str) -> None:
        """State, icon, words."""
        mark(self, strip=state)
        self._icon.show_icon(icon, state)
        self.title.setText(title)
        self.under.setText(under)
        self.setAccessibleName(f"{title}. {under}")


class OutcomeScreen(Screen):
    """What TD0.2 said, when it said something else than "no dossier"."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self.title.hide()
        self.band = Band(appearance)
        self.body.addWidget(self.band)
        meaning = Panel("Ce que cela veut dire")
        self._parts = tuple(Labelled(label, "", "body") for label in ("Cause", "Effet sur le dossier", "Que faire"))
        meaning.body.addLayout(side_by_side(*self._parts))
        self.body.addWidget(meaning)
        self._below = QHBoxLayout()
        self._below.setSpacing(16)
        self._below.addWidget(self._authorising(), 1)
        self._below.addWidget(self._papers(), 1)
        self.body.addLayout(self._below)
        self.body.addStretch(1)
        back = self.button("Revenir", presenter.back, cap="Alt+←", keys="Alt+Left")
        end = self.button("Terminer", presenter.finish, kind="quiet", cap="Échap", keys="Esc")
        self.next = self.button("Ouverture suivante", presenter.begin, cap="F2", icon="folder-plus")
        self.reactivate = self.button(
            "Proposer la réactivation",
            presenter.inquiry.ask_reactivation,
            kind="primary",
            cap="Entrée",
            keys="Return|Enter",
        )
        self.authorise = self.button(
            "Enregistrer l’autorisation",
            self._authorise,
            kind="primary",
            cap="Ctrl Entrée",
            keys="Ctrl+Return|Ctrl+Enter",
        )
        self.next_filled = self.button(
            "Ouverture suivante", presenter.begin, kind="primary", cap="F2", keys="Return|Enter", icon="folder-plus"
        )
        self.commands.offer([back, end], [self.next, self.reactivate, self.authorise, self.next_filled])

    def _authorising(self) -> QWidget:
        self.access = Panel("Autorisation de consulter")
        self._now = Text("", "body", "text-2", wrap=True)
        self.access.body.addWidget(self._now)
        self._group = QButtonGroup(self)
        name = self.presenter.professional.display_name
        self.plain = RadioRow(self.appearance, f"La personne autorise {name}", "Par un geste d’elle, aujourd’hui.")
        self.treating = RadioRow(self.appearance, f"La personne déclare {name} son médecin traitant")
        for radio in (self.plain, self.treating):
            self._group.addButton(radio)
            self.access.body.addWidget(radio)
            radio.toggled.connect(self.refresh_commands)
        self._asked = MessageStrip(self.appearance, "success", "")
        self.access.body.addWidget(self._asked)
        self.access.body.addStretch(1)
        return self.access

    def _papers(self) -> QWidget:
        self.papers = Panel("Papiers à remettre")
        self.sticker = self.button(
            "Imprimer l’autocollant",
            lambda: self.presenter.tray.print_one(PaperKind.STICKER),
            cap="F8",
            keys="F8",
            icon="sticker",
        )
        self.leaflet = self.button(
            "Information en gros caractères",
            lambda: self.presenter.tray.print_one(PaperKind.LEAFLET),
            cap="Alt+G",
            keys="Alt+G",
            icon="printer",
        )
        self.look = self.button(
            "Voir en taille réelle", self.presenter.viewer.show_first, kind="link", cap="Alt+V", keys="Alt+V"
        )
        self._printed = Text("", "caption", "text-2", wrap=True)
        for shown in (self.sticker, self.leaflet, self.look, self._printed):
            self.papers.body.addWidget(shown)
        self.papers.body.addStretch(1)
        return self.papers

    def fit(self, *, narrow: bool) -> None:
        """One panel above the other when there is little room."""
        super().fit(narrow=narrow)
        down, across = QHBoxLayout.Direction.TopToBottom, QHBoxLayout.Direction.LeftToRight
        self._below.setDirection(down if narrow else across)

    def refresh(self) -> None:
        """The band, its meaning, and what is offered."""
        answer = self.presenter.flow.existence
        if answer is None or answer.state not in _BAND:
            return
        at = f"Réponse du DMP à {texts.hour(answer.answered_at)}."
        self.band.tell(*_BAND[answer.state], f"{at} {_more(answer)}".strip())
        parts = _CLOSED_OTHERWISE if _closed_otherwise(answer) else _PARTS[answer.state]
        for shown, words in zip(self._parts, parts, strict=True):
            shown.set_value(words)
        self.tell_fault(self.presenter.fault or self.presenter.tray.fault)
        self.access.setVisible(answer.state is DossierState.ACTIVE)
        self._now.setText(_AUTHORISATION[answer.authorisation])
        # What the store said before the act would contradict what it says of the act.
        asked = self.presenter.inquiry.authorisation is not None
        newly = asked and not self._now.isHidden()
        self._now.setVisible(not asked)
        offered = self._may_authorise(answer)
        self.plain.setVisible(offered)
        self.treating.setVisible(offered and self.presenter.professional.profession == "10")
        self._tell_asked()
        self.papers.setVisible(answer.state is not DossierState.BLOCKED)
        self.sticker.setVisible(answer.state is DossierState.ACTIVE)
        self._tell_papers()
        self.refresh_commands()
        if newly and self.isVisible():
            # The choice is gone from the screen: the keyboard goes to the way on, never to a paper.
            self.focus_first()

    def refresh_commands(self) -> None:
        """Which button is the filled one, and why it waits."""
        answer = self.presenter.flow.existence
        if answer is None:
            return
        self.reactivate.setVisible(answer.state is DossierState.CLOSED)
        offered = self._may_authorise(answer)
        chosen = self.plain.isChecked() or self.treating.isChecked()
        self.authorise.setVisible(offered)
        ends_here = not offered and answer.state is not DossierState.CLOSED
        self.next.setVisible(not ends_here and not self.narrow)
        self.next_filled.setVisible(ends_here)
        self.authorise.setEnabled(offered and chosen and self.presenter.errands.work is Work.NONE)
        self.tell_reason("Rien ne part sans le choix\nde la personne." if offered and not chosen else "")

    def clear(self) -> None:
        """Another person: nothing is chosen for them."""
        self._group.setExclusive(False)
        for radio in (self.plain, self.treating):
            radio.setChecked(False)
        self._group.setExclusive(True)

    def focus_first(self) -> None:
        """The way on that sends nothing."""
        answer = self.presenter.flow.existence
        closed = answer is not None and answer.state is DossierState.CLOSED and not _closed_otherwise(answer)
        way_on = self.reactivate if closed else self.next if self.next_filled.isHidden() else self.next_filled
        # A narrow window has no room for that button: the screen itself holds the keyboard, seen from its beginning.
        (self if way_on.isHidden() else way_on).setFocus()

    def _may_authorise(self, answer: ExistenceAnswer) -> bool:
        """An active dossier, a care professional, nothing asked or forbidden yet."""
        settled = answer.authorisation in {Authorisation.VALID, Authorisation.FORBIDDEN}
        return (
            answer.state is DossierState.ACTIVE
            and not settled
            and not self.presenter.professional.is_desk_staff
            and self.presenter.inquiry.authorisation is None
        )

    def _authorise(self) -> None:
        self.presenter.inquiry.authorise(self.treating.isChecked())

    def _tell_asked(self) -> None:
        event = self.presenter.inquiry.authorisation
        self._asked.setVisible(event is not None)
        if event is None:
            return
        if event.state is EventState.CONFIRMED and event.answered_at is not None:
            self._asked.say("success", f"Autorisation confirmée à {texts.hour(event.answered_at)}.")
        elif event.state is EventState.REFUSED:
            self._asked.say("danger", "Autorisation refusée par le DMP.", event.cause_text)
        else:
            self._asked.say("offline", "Autorisation en attente.", "Elle est écrite ici et partira dès que possible.")

    def _tell_papers(self) -> None:
        self.look.setEnabled(bool(self.presenter.viewer.papers))
        words = []
        for kind, button, name in (
            (PaperKind.STICKER, self.sticker, "Autocollant"),
            (PaperKind.LEAFLET, self.leaflet, "Information"),
        ):
            slot = self.presenter.tray.slot(kind)
            button.setEnabled(slot is not None and slot.may_print)
            if slot is not None and slot.state is PaperState.PRINTED and slot.printed_at is not None:
                words.append(
                    f"{name} imprimé à {texts.hour(slot.printed_at)}."
                    if kind is PaperKind.STICKER
                    else f"{name} imprimée à {texts.hour(slot.printed_at)}."
                )
        self._printed.setText(" ".join(words))

    def announcement(self) -> str:
        """What happened."""
        return self.band.accessibleName()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of the answer."""
        return (KeyHint("F2", "Ouverture suivante"), KeyHint("Échap", "Terminer"))


def _closed_otherwise(answer: ExistenceAnswer) -> bool:
    return answer.state is DossierState.CLOSED and answer.close_code not in {"", _AT_REQUEST}


def _more(answer: ExistenceAnswer) -> str:
    if answer.state is DossierState.CLOSED:
        closed = f"Fermé le {texts.plain_day(answer.closed_on)}." if answer.closed_on else ""
        why = (
            f" Motif donné par le DMP\u00a0: «\u00a0{answer.close_reason}\u00a0»." if _closed_otherwise(answer) else ""
        )
        return (closed + why).strip()
    if answer.attached_to_mes:
        return "La personne le gère depuis Mon espace santé."
    return ""
