"""Words of the emergency screens."""

from __future__ import annotations

from dmp_desktop.domain.habilitations import AccessMode
from dmp_desktop.domain.identity import Identity
from dmp_desktop.services.emergency import Blocker, EmergencyFlow, Ending, Situation, Why

SITUATION_NOTES = {
    Situation.UNABLE: "Inconsciente, confuse, détresse",
    Situation.IMMEDIATE: "Chaque minute compte",
    Situation.OTHER: "À décrire ci-dessous",
}

BLOCKER = {
    Blocker.SITUATION: "Choisissez la situation.",
    Blocker.SHORT_MOTIVE: "Dites le motif en une phrase\u00a0:\nau moins 10 caractères.",
    Blocker.NUMBER_IN_MOTIVE: "Retirez le numéro du motif\u00a0:\nil sera lu par d’autres.",
    Blocker.TICK: "Cochez l’engagement\navant d’ouvrir.",
}

TWO_KEYS = "Deux touches, pour ne jamais\nouvrir par mégarde."

WHY = {
    Why.ROLE: (
        "Votre profession ou votre poste ne permet pas cet accès.",
        "Appelez un confrère autorisé, ou demandez son accord à la personne\u00a0: le dossier s’ouvre alors.",
    ),
    Why.OPPOSED: (
        "La personne a refusé les accès en urgence à son dossier.",
        "Ce refus vaut dans tous les cas. Soignez sans le dossier\u00a0: proches, médecin traitant.",
    ),
    Why.NO_DOSSIER: (
        "Cette personne n’a pas de dossier.",
        "Il n’y a rien à lire au DMP. Soignez sans le dossier\u00a0: proches, médecin traitant.",
    ),
    Why.CLOSED: (
        "Ce dossier est fermé.",
        "Un dossier fermé ne se lit plus, même en urgence. Soignez sans le dossier\u00a0: proches, médecin traitant.",
    ),
    Why.BLOCKED: (
        "La personne vous a bloqué l’accès à son dossier.",
        "Un blocage vaut aussi en urgence. Un confrère qui n’est pas bloqué peut l’ouvrir.",
    ),
}

ENDING = {
    Ending.BY_HAND: "Vous avez terminé l’accès.",
    Ending.TIME_OUT: "L’accès s’est arrêté de lui-même au bout de 30\u00a0min.",
    Ending.LOCKED: "L’accès s’est arrêté quand le poste a été verrouillé.",
    Ending.CLOSED: "L’accès s’est arrêté à la fermeture du dossier.",
}


def called(identity: Identity) -> str:
    """``M. Mirabelle``: civility and name, used or of birth."""
    traits = identity.traits
    return f"{traits.civility} {(traits.used_name or traits.birth_name).title()}"


def under_title(flow: EmergencyFlow) -> str:
    """Why the glass would be broken, and that it may be."""
    person = called(flow.context.identity)
    if flow.mode is AccessMode.CENTRE_15:
        return f"{person} n’a pas refusé l’accès de la régulation médicale. L’accès ne sert qu’à l’appel en cours."
    known = "Vous êtes déjà autorisé" if flow.authorised else "Vous n’avez pas d’autorisation"
    normal = " Le dossier s’ouvre aussi normalement." if flow.authorised else ""
    return f"{known} pour {person}.{normal} L’accès en urgence est permis. Le motif est obligatoire."
