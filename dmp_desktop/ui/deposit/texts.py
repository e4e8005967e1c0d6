"""Words of the deposit page."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePath

from dmp_desktop.cache.outbox_reading import HELD_BY_AUTHOR
from dmp_desktop.domain.events import Event, EventState
from dmp_desktop.domain.identity import Traits, fold
from dmp_desktop.printing.converted import Change
from dmp_desktop.services.deposit_form import LONGEST_TITLE, Audience, Blocker
from dmp_desktop.ui.opening import texts as words

BLOCKER = {
    Blocker.RIGHTS: "Vos droits ne permettent pas\nde déposer dans ce dossier.",
    Blocker.IDENTITY: "L’identité est douteuse ou fictive\u00a0:\naucun envoi n’est possible.",
    Blocker.TRAITS: "L’identité est incomplète\u00a0: fermez le dossier\n(Ctrl W) et lisez la carte Vitale.",
    Blocker.NO_CONTENT: "Choisissez un fichier,\nou écrivez le compte rendu.",
    Blocker.NO_TITLE: "Donnez un titre au document.",
    Blocker.NO_TYPE: "Choisissez le type du document.",
    Blocker.BAD_DATE: "Donnez la date de l’acte\u00a0: JJ/MM/AAAA,\naujourd’hui ou avant.",
    Blocker.VISIBILITY: "Dites qui voit ce document\u00a0:\nune réponse par ligne.",
    Blocker.FORBIDDEN_PAIR: "Masqué aux professionnels et à la personne\u00a0:\nle DMP refuse les deux ensemble.",
    Blocker.SECRET: "En connexion secrète, le document est\nnon visible des représentants légaux.",
    Blocker.UNCHANGED: "Ce contenu a déjà été déposé\ndans ce dossier, sans changement.",
    Blocker.TOO_LARGE: "Ce document est trop lourd\npour être déposé.",
}

QUESTION = {
    Audience.PROFESSIONALS: "Les autres professionnels",
    Audience.PATIENT: "La personne",
    Audience.REPRESENTATIVES: "Ses représentants légaux",
}
ANSWERS = {
    Audience.PROFESSIONALS: ("Visible", "Masqué", "À sa demande\u00a0: vous et le médecin traitant le voyez."),
    Audience.PATIENT: ("Visible", "Non visible", "Jusqu’à la consultation d’annonce, puis rendez-le visible."),
    Audience.REPRESENTATIVES: ("Visible", "Non visible", "Secret du mineur titulaire du dossier."),
}

CHANGE = {
    Change.NONE: "Déjà au format d’archivage du DMP\u00a0: déposé tel quel.",
    Change.MADE_ARCHIVABLE: "Mis au format d’archivage du DMP, pages inchangées.",
    Change.MADE_IMAGES: "Ses pages sont des images\u00a0: il ne pouvait pas être archivé tel quel. Relisez-le.",
    Change.IMAGE_TO_PAGE: "Image mise en page, sans le lieu ni l’appareil de la prise de vue.",
    Change.TEXT_TO_PAGES: "Texte mis en page.",
}


def proposed_title(file_name: str, traits: Traits) -> str:
    """A title from the name of a file; nothing when that name holds the person's."""
    stem = re.sub(r"[_\-.]+", " ", PurePath(file_name).stem)
    stem = " ".join(stem.split())[:LONGEST_TITLE]
    told = fold(stem).split()
    names = {*fold(traits.birth_name).split(), *fold(traits.used_name).split(), *fold(traits.first_given_name).split()}
    if not told or names & set(told) or re.search(r"\d{13}", stem):
        return ""
    return stem[:1].upper() + stem[1:]


def standing(event: Event) -> tuple[str, str, str]:
    """State of a deposit as people read it: chip's state, icon, words."""
    if event.state is EventState.CONFIRMED:
        return "success", "success", _at("Confirmé", event.answered_at)
    if event.state is EventState.REFUSED:
        return "danger", "danger", _at("Refusé", event.answered_at)
    if event.state is EventState.HELD and event.cause == HELD_BY_AUTHOR:
        return "info", "pause", "Retenu par vous"
    if event.state in {EventState.HELD, EventState.STUCK}:
        return "warning", "warning", "À traiter"
    return "info", "send", "En attente d’envoi"


def _at(word: str, at: datetime | None) -> str:
    return f"{word} à {words.hour(at)}" if at else word
