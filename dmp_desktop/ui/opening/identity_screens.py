"""The identity: a difference to decide, a person INSi did not single out, a service that does not answer."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout

from dmp_desktop.domain.identity import Comparison, InsiOutcome, ProofDocument, Sex, Trait, Verdict
from dmp_desktop.errors import UserError
from dmp_desktop.services.opening import Stage
from dmp_desktop.services.places import place_name
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.base import KeyHint, Screen, explained, on_key, side_by_side
from dmp_desktop.ui.opening.inquiry import BadBirthPlace
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Labelled, Panel, Text
from dmp_desktop.ui.widgets.controls import Choice, Field, RadioRow
from dmp_desktop.ui.widgets.traits import TraitRow, TraitTable

ABSENT = "Absent de la carte"
CAUSES = {
    Trait.BIRTH_NAME: "La carte porte un nom incomplet ou ancien.",
    Trait.GIVEN_NAME: "La carte porte un prénom abrégé ou usuel.",
    Trait.BIRTH_DATE: "La carte ou l’état civil porte une date erronée, ou ce n’est pas la même personne.",
    Trait.MATRICULE: "Le numéro de la carte est celui d’une autre personne.",
}
CAUSE = "La carte et l’état civil ne parlent peut-être pas de la même personne."

TRAITS = "Ses traits n’ont pas suffi non plus."
CHECKED = "Vérifiez le sexe et le lieu sur la pièce. Sinon, arrêtez\u00a0: la personne fait mettre sa carte à jour."


class DifferenceScreen(Screen):
    """Card and INSi side by side; stopping is the default, going on needs a document (EX_GEN-1230)."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self.table = TraitTable(appearance, "Carte Vitale", "Téléservice INSi")
        self.body.addWidget(self.table)
        self._cause = Labelled("Cause probable", "", "body")
        meaning = Panel("Ce que cela veut dire")
        effect = Labelled("Effet sur le dossier", "Rien n’est créé tant que vous n’avez pas décidé.", "body")
        meaning.body.addLayout(side_by_side(self._cause, effect))
        meaning.body.addStretch(1)
        proof = Panel("Pour continuer, indiquez la pièce présentée")
        self.proof = Choice(appearance, "Pièce présentée", "Carte d’identité, passeport, titre de séjour…")
        for number, (document, words) in enumerate(texts.PROOF.items(), 1):
            self.proof.addItem(f"{number}. {words}", document)
            on_key(self, str(number), partial(self.proof.setCurrentIndex, number - 1))
        self.proof.currentIndexChanged.connect(self._named)
        proof.body.addWidget(self.proof)
        proof.body.addWidget(
            Text("Le permis de conduire et la carte Vitale seule ne suffisent pas.", "caption", "text-2", wrap=True)
        )
        proof.body.addStretch(1)
        self._panels = QHBoxLayout()
        self._panels.setSpacing(16)
        self._panels.addWidget(meaning, 1)
        self._panels.addWidget(proof, 1)
        self.body.addLayout(self._panels)
        self.body.addStretch(1)
        reread = self.button("Relire la carte", presenter.reread, cap="F4", keys="F4", icon="refresh")
        self.go_on = self.button(
            "Continuer avec l’identité INSi",
            presenter.inquiry.accept_difference,
            cap="Alt+C",
            keys="Alt+C",
        )
        self.stop = self.button(
            "Arrêter",
            presenter.inquiry.refuse_difference,
            kind="primary",
            cap="Entrée",
            keys="Return|Enter|Esc",
        )
        self.commands.offer([reread], [self.go_on, self.stop])

    def fit(self, *, narrow: bool) -> None:
        """One panel above the other when there is little room."""
        super().fit(narrow=narrow)
        down, across = QHBoxLayout.Direction.TopToBottom, QHBoxLayout.Direction.LeftToRight
        self._panels.setDirection(down if narrow else across)
        self.go_on.set_words("Continuer" if narrow else "Continuer avec l’identité INSi")

    def refresh(self) -> None:
        """The table, and whether a document was named."""
        flow = self.presenter.flow
        several = len(flow.differences) > 1
        counted = f"{len(flow.differences)} traits diffèrent" if several else "Un trait diffère"
        self.say(
            "La carte et l’INSi ne disent pas la même chose",
            f"{counted}. La décision vous appartient\u00a0: le programme ne corrige jamais une identité.",
        )
        self.tell_fault(self.presenter.fault)
        answered = texts.hour(flow.insi.answered_at) if flow.insi else ""
        self.table.tell(tuple(_row(row) for row in flow.comparison), right_title=f"Téléservice INSi, {answered}")
        only = flow.differences[0].trait if len(flow.differences) == 1 else None
        self._cause.set_value(CAUSES.get(only, CAUSE) if only else CAUSE)
        proof = self.presenter.inquiry.proof
        index = self.proof.findData(proof) if proof else -1
        if self.proof.currentIndex() != index:
            self.proof.setCurrentIndex(index)
        self.go_on.setEnabled(proof is not None)
        self.tell_reason("" if proof else "Choisissez d’abord\nla pièce présentée.")

    def focus_first(self) -> None:
        """The safe answer."""
        self.stop.setFocus()

    def _named(self, index: int) -> None:
        document = self.proof.itemData(index) if index >= 0 else None
        if document != self.presenter.inquiry.proof:
            self.presenter.inquiry.name_proof(ProofDocument(document) if document else None)

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of the decision."""
        return (
            KeyHint("Entrée", "Arrêter"),
            KeyHint("1", f"à {len(texts.PROOF)} Pièce présentée"),
            KeyHint("F4", "Relire la Vitale"),
        )


def _row(row: Comparison) -> TraitRow:
    label = texts.TRAIT[row.trait]
    if row.trait is Trait.MATRICULE:
        card = ABSENT if row.verdict is Verdict.NOT_COMPARABLE else "Lu, non affiché"
        return TraitRow(label, card, "Reçu, non affiché", row.verdict.value, True, True)
    card, insi = row.card, row.insi
    if row.trait is Trait.SEX and insi:
        insi = texts.SEX[Sex(insi)]
    elif row.trait is Trait.BIRTH_PLACE:
        insi = place_name(insi)
    elif row.trait is Trait.GIVEN_NAME:
        card, insi = texts.capital(card), texts.capital(insi)
    return TraitRow(label, card or ABSENT, insi or texts.NOT_KNOWN, row.verdict.value, not card, not insi)


class UnfoundScreen(Screen):
    """INSi knows nobody, or several people: the card's traits as they are, and the two it does not hold."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self._cause, self._todo = Labelled("Cause probable", "", "body"), Labelled("Que faire", "", "body")
        meaning = Panel("Ce que cela veut dire")
        effect = Labelled("Effet sur le dossier", "Sans identité retrouvée, aucun dossier ne s’ouvre.", "body")
        meaning.body.addLayout(side_by_side(self._cause, effect, self._todo))
        self.body.addWidget(meaning)
        search = Panel("Chercher avec les traits de la personne", spacing=12)
        self._traits = tuple(Labelled(label, "") for label in ("Nom, sur la carte", "Prénom, sur la carte", "Né(e) le"))
        search.body.addLayout(side_by_side(*self._traits))
        search.body.addWidget(
            Text(
                "Les traits de la carte ne se modifient pas. Les deux autres se lisent sur une pièce d’identité.",
                "caption",
                "text-2",
                wrap=True,
            )
        )
        asked = QHBoxLayout()
        asked.setSpacing(24)
        sexes = QVBoxLayout()
        sexes.setSpacing(4)
        sexes.addWidget(Text("Sexe", "caption", "text-2"))
        self._sexes = QButtonGroup(self)
        self.sexes = {Sex.FEMALE: RadioRow(appearance, "Féminin"), Sex.MALE: RadioRow(appearance, "Masculin")}
        for radio in self.sexes.values():
            self._sexes.addButton(radio)
            sexes.addWidget(radio)
            radio.toggled.connect(self._chosen)
        self.place = Field(
            appearance,
            "Lieu de naissance, facultatif",
            "99000",
            "Code officiel de la commune ou du pays, 5\u00a0caractères. Il départage deux homonymes.",
        )
        asked.addLayout(sexes, 1)
        asked.addWidget(self.place, 2)
        search.body.addLayout(asked)
        self.body.addWidget(search)
        self.body.addStretch(1)
        back = self.button("Revenir", presenter.back, cap="Alt+←", keys="Alt+Left")
        leave = self.button("Abandonner", presenter.abandon, kind="quiet", cap="Échap", keys="Esc")
        self.search = self.button(
            "Chercher par traits", self._ask, kind="primary", cap="Entrée", keys="Return|Enter", icon="search"
        )
        self.commands.offer([back, leave], [self.search])

    def refresh(self) -> None:
        """Whom INSi was asked about."""
        flow = self.presenter.flow
        again = self.presenter.inquiry.by_traits
        none = flow.insi is None or flow.insi.outcome is InsiOutcome.NONE
        self.say(
            "L’INSi ne connaît pas cette personne" if none else "L’INSi connaît plusieurs personnes sous ces données",
            f"{TRAITS if again else 'Ses données de carte n’ont pas suffi.'} Rien n’a été créé.",
        )
        self.tell_fault(self.presenter.fault)
        self._cause.set_value(
            "La carte n’est pas à jour, ou elle ne porte que le numéro de l’assuré(e)."
            if none
            else "Des jumeaux, ou des homonymes nés le même jour, figurent sur la même carte."
        )
        self._todo.set_value(CHECKED if again else "Demandez une pièce d’identité, puis cherchez avec ses traits.")
        if flow.card is not None:
            values = (flow.card.name, texts.capital(flow.card.given_name), flow.card.birth_date.text)
            for shown, value in zip(self._traits, values, strict=True):
                shown.set_value(value)
        self._chosen()

    def clear(self) -> None:
        """Another person: nothing of the last one stays."""
        self._sexes.setExclusive(False)
        for radio in self.sexes.values():
            radio.setChecked(False)
        self._sexes.setExclusive(True)
        self.place.edit.clear()
        self.place.set_error("")

    def focus_first(self) -> None:
        """The first thing to tell; after a search that found nobody, what is left to add."""
        again = self.presenter.inquiry.by_traits
        (self.place.edit if again else self.sexes[Sex.FEMALE]).setFocus()

    def _chosen(self) -> None:
        chosen = any(radio.isChecked() for radio in self.sexes.values())
        self.search.setEnabled(chosen)
        self.tell_reason("" if chosen else "Choisissez d’abord le sexe\nindiqué sur la pièce.")

    def _ask(self) -> None:
        sex = next(sex for sex, radio in self.sexes.items() if radio.isChecked())
        self.place.set_error("")
        try:
            self.presenter.inquiry.ask_by_traits(sex, self.place.text())
        except BadBirthPlace:
            self.place.set_error("Cinq caractères, par exemple 75056 ou 2A004, ou rien.")
            self.place.edit.setFocus()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of the search."""
        return (KeyHint("Espace", "Choisir"), KeyHint("Entrée", "Chercher par traits"))


class SilentScreen(Screen):
    """INSi or the store does not answer: try again, or receive the person all the same (EX_1.2-1010)."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self.body.addWidget(
            explained(
                "Recevoir la personne quand même",
                ("Ce qui est possible", "Informer la personne, recueillir son consentement, écrire l’ouverture ici."),
                ("Effet sur le dossier", "L’ouverture attend sur ce poste, avec sa raison, et part dès que possible."),
                ("Papier remis", "Un récépissé provisoire. L’attestation vient après la confirmation du DMP."),
            )
        )
        self.body.addStretch(1)
        self._back = self.button("Revenir", presenter.back, cap="Alt+←", keys="Alt+Left")
        leave = self.button("Abandonner", presenter.abandon, kind="quiet", cap="Échap", keys="Esc")
        self.offline = self.button(
            "Continuer hors ligne", presenter.inquiry.continue_offline, cap="Alt+H", keys="Alt+H"
        )
        self.again = self.button(
            "Réessayer",
            presenter.inquiry.retry,
            kind="primary",
            cap="F5",
            keys="F5|Return|Enter",
            icon="refresh",
        )
        self.commands.offer([self._back, leave], [self.offline, self.again])

    def fit(self, *, narrow: bool) -> None:
        """The row keeps its two answers whole; going back to the choice is what gives way."""
        super().fit(narrow=narrow)
        self._back.setVisible(not narrow)

    def refresh(self) -> None:
        """What is silent, and whether going on without it makes sense."""
        flow = self.presenter.flow
        insi = flow.stage is Stage.IDENTITY
        failure = flow.insi_failure if insi else flow.existence_failure
        # A refusal or a card matter is not a silence: the person can act on it, deferring would only hide it.
        deferrable = not isinstance(failure, UserError)
        service = "L’INSi" if insi else "Le DMP"
        self.say(
            f"{service} ne répond pas" if deferrable else f"{service} n’a pas pu répondre",
            "Rien n’est perdu, rien n’a été créé." if deferrable else "Rien n’a été créé.",
        )
        self.tell_fault(self.presenter.fault or failure, state="offline" if deferrable else "danger")
        self.offline.setVisible(deferrable)

    def focus_first(self) -> None:
        """Trying again costs nothing."""
        self.again.setFocus()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys when nothing answers."""
        return (KeyHint("F5", "Réessayer"), KeyHint("Alt+H", "Continuer hors ligne"))
