"""The questions of « À traiter »: a decision, a choice between two versions, another contact, a reason.

Each takes the place of the rows; the safe answer leaves the act as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dmp_desktop.domain.acts import ContactChange, Deposit
from dmp_desktop.domain.dossier import BadContact, Contact
from dmp_desktop.domain.events import Opening
from dmp_desktop.domain.identity import ProofDocument
from dmp_desktop.services.attention import Waiting
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.base import on_key
from dmp_desktop.ui.sentences import sentence, sentence_of
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.waiting_words import kind_of, value_of, versions_of
from dmp_desktop.ui.widgets.basic import Text
from dmp_desktop.ui.widgets.controls import Choice, Field, RadioRow
from dmp_desktop.ui.widgets.messages import QuestionPanel


@dataclass(frozen=True, slots=True)
class Question:
    """A panel, and what takes the keyboard first."""

    panel: QuestionPanel
    first: QWidget


def ask_proof(appearance: Appearance, row: Waiting, answer: Callable[[ProofDocument], None]) -> Question:
    """Card and INSi differ: the safe answer is to leave it held."""
    proof = Choice(appearance, "Pièce présentée", "Carte d’identité, passeport, titre de séjour…")
    for document in ProofDocument:
        proof.addItem(texts.PROOF[document], document)
    resolved, payload = row.event.resolved, row.event.payload
    card = payload.card.name if isinstance(payload, Opening) else ""
    insi = resolved.traits.birth_name if resolved else ""
    panel = QuestionPanel(
        appearance,
        "Continuer avec l’identité INSi\u202f?",
        f"La carte dit «\u00a0{card}\u00a0», l’INSi «\u00a0{insi}\u00a0».",
        "Rien n’est parti tant que vous n’avez pas décidé.",
        "Comparez avec une pièce d’identité, la personne présente.",
        "Laisser en attente",
        ("Continuer", "Alt+C"),
        proof,
    )
    panel.allow(False, "Choisissez d’abord la pièce présentée.")
    proof.currentIndexChanged.connect(lambda _i: panel.allow(True))
    panel.other.connect(lambda: answer(proof.currentData()))
    on_key(panel, "Alt+C", panel.answer_other)
    return Question(panel, proof)


def ask_version(appearance: Appearance, row: Waiting, answer: Callable[[bool], None]) -> Question:
    """Changed on both sides: the three values shown, one of two chosen, none beforehand (F95)."""
    before, stores, ours = versions_of(row.event) or ("", "", "")
    told = sentence_of(row.event.cause)
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    column.addWidget(Text(f"À votre changement, le DMP disait\u00a0: {before}.", "body", "text-2", wrap=True))
    keep = RadioRow(appearance, f"Garder la valeur du DMP\u00a0: {stores}")
    send = RadioRow(appearance, f"Envoyer la nôtre\u00a0: {ours}")
    for choice in (keep, send):
        column.addWidget(choice)
    panel = QuestionPanel(
        appearance,
        "Quelle valeur garder\u202f?",
        f"{kind_of(row)}, {row.person}. {told.what}",
        told.effect,
        "Si vous doutez, demandez à la personne.",
        "Laisser en attente",
        ("Garder ce choix", "Alt+C"),
        content,
    )
    panel.allow(False, "Choisissez d’abord l’une des deux valeurs.")
    for choice in (keep, send):
        choice.toggled.connect(lambda _on: panel.allow(True))
    panel.other.connect(lambda: answer(send.isChecked()))
    on_key(panel, "Alt+C", panel.answer_other)
    return Question(panel, keep)


def ask_contact(appearance: Appearance, row: Waiting, answer: Callable[[Contact], None]) -> Question:
    """Another mobile, another address; nothing leaves that cannot be one."""
    payload = row.event.payload
    wanted = payload.wanted if isinstance(payload, ContactChange) else Contact()
    content = QWidget()
    fields = QHBoxLayout(content)
    fields.setContentsMargins(0, 0, 0, 0)
    fields.setSpacing(16)
    mobile, email = Field(appearance, "Mobile", "06 ou 07"), Field(appearance, "Courriel")
    for field, value in ((mobile, wanted.mobile), (email, wanted.email)):
        field.edit.setText(value)
        fields.addWidget(field, 1)
    panel = QuestionPanel(
        appearance,
        "Modifier ces coordonnées\u202f?",
        f"{row.person}. Au DMP\u00a0: {value_of(row.event.found)}." if row.event.found else f"{row.person}.",
        "Rien n’en est parti. L’envoi modifié remplace celui-ci.",
        "Corrigez, puis envoyez.",
        "Laisser comme avant",
        ("Envoyer la modification", "Ctrl Entrée"),
        content,
    )

    def read() -> Contact | None:
        mobile.set_error("")
        email.set_error("")
        try:
            read = Contact.parse(mobile.text(), email.text())
        except BadContact as error:
            (mobile if error.facts["field"] == "mobile" else email).set_error(sentence(error).what)
            panel.allow(False, "Une valeur ne convient pas.")
            return None
        panel.allow(read != wanted, "Rien n’a changé.")
        return read

    def send() -> None:
        contact = read()
        if contact is not None:
            answer(contact)

    read()
    for field in (mobile, email):
        field.edit.textChanged.connect(lambda _text: read())
    panel.other.connect(send)
    on_key(panel, "Ctrl+Return", panel.answer_other)
    return Question(panel, mobile.edit)


def ask_reason(appearance: Appearance, row: Waiting, answer: Callable[[str], None]) -> Question:
    """Abandoning an act needs its reason."""
    reason = QLineEdit()
    reason.setAccessibleName("Motif de l’abandon")
    reason.setPlaceholderText("Motif\u00a0: la personne ne veut plus, geste refait ailleurs…")
    gone = " Son document, gardé ici, est effacé." if isinstance(row.event.payload, Deposit) else ""
    panel = QuestionPanel(
        appearance,
        "Abandonner cet envoi\u202f?",
        f"{kind_of(row)}, {row.person}.",
        f"Rien ne partira plus d’ici pour ce geste.{gone} Il reste au journal.",
        "Donnez le motif.",
        "Le garder",
        ("Abandonner", "Ctrl Entrée"),
        reason,
    )
    panel.allow(False, "Donnez d’abord le motif.")
    reason.textChanged.connect(lambda text: panel.allow(bool(text.strip()), "Donnez d’abord le motif."))
    panel.other.connect(lambda: answer(reason.text()))
    on_key(panel, "Ctrl+Return", panel.answer_other)
    return Question(panel, reason)
