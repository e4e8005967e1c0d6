"""The French texts of the reader doctor. Each fault has its own sentence, three steps and one action."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Action(StrEnum):
    """What the button of a fault does."""

    RECHECK = "recheck"
    OPEN_SETTINGS = "open-settings"
    READ_AGAIN = "read-again"
    WITHOUT_CARD = "without-card"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about one fault.

    :ivar detail: what happens, beside the check; ``title``: the gesture; ``steps``: how; ``effect``: on the dossier.
    :ivar label: text of the button, ``action`` what it does.
    """

    detail: str
    title: str
    steps: tuple[str, str, str]
    effect: str
    label: str
    action: Action


_KEPT: Final = "Aucune donnée n’a été lue ni envoyée. L’ouverture en cours est gardée."

TITLES: Final = {
    "service": "Service de cartes",
    "reader": "Lecteur branché",
    "module": "Programme de carte pro",
    "professional": "Carte pro",
    "vitale": "Carte Vitale",
    "reading": "Lecture de la carte",
    "store": "Accord avec le DMP",
}

GOOD: Final = {
    "service": "Le service de l’ordinateur tourne.",
    "reader": "Fentes vues\u00a0: {count}.",
    "module": "Le programme qui parle à la carte pro est installé.",
    "professional": "{holder}.",
    "vitale": "Insérée dans le bon sens.",
    "reading": "La carte a été lue en entier.",
    "store": "Carte, heure et réseau s’accordent.",
}

WAITING: Final = {
    "service": "Attend la première vérification.",
    "reader": "Attend le service de cartes.",
    "module": "Attend un lecteur.",
    "professional": "Attend le programme de carte pro.",
    "vitale": "Attend la carte pro.",
    "reading": "Attend que la carte Vitale réponde.",
    "store": "Carte, heure et réseau seront comparés.",
}

FAULTS: Final = {
    "service-down": Advice(
        "Le service de cartes de l’ordinateur est arrêté.",
        "Redémarrez le service de cartes",
        (
            "Débranchez le lecteur, attendez dix secondes, rebranchez-le.",
            "Si rien ne change, redémarrez l’ordinateur.",
            "Sinon, demandez à votre assistance de lancer le service «\u00a0Carte à puce\u00a0» (pcscd sous Linux).",
        ),
        _KEPT,
        "Revérifier",
        Action.RECHECK,
    ),
    "no-reader": Advice(
        "Aucun lecteur n’est vu par l’ordinateur.",
        "Branchez le lecteur",
        (
            "Vérifiez que le câble est enfoncé des deux côtés.",
            "Essayez une autre prise USB, directement sur l’ordinateur.",
            "Si le voyant reste éteint, installez le programme du fabricant ou changez de lecteur.",
        ),
        _KEPT,
        "J’ai rebranché le lecteur",
        Action.RECHECK,
    ),
    "reader-busy": Advice(
        "Un autre logiciel tient la carte.",
        "Attendez la fin de l’autre logiciel",
        (
            "Terminez la facturation en cours dans l’autre logiciel.",
            "Laissez les cartes en place.",
            "Si l’autre logiciel est bloqué, fermez-le.",
        ),
        _KEPT,
        "Relire la carte",
        Action.READ_AGAIN,
    ),
    "module-missing": Advice(
        "Le programme qui parle à la carte pro est introuvable.",
        "Installez la Cryptolib CPS",
        (
            "Téléchargez la Cryptolib CPS sur le site de l’Agence du Numérique en Santé.",
            "Installez-la, puis fermez et rouvrez ce programme.",
            "Si elle est ailleurs, indiquez son emplacement dans les réglages.",
        ),
        "Sans elle, la carte pro ne peut ni ouvrir la session ni signer. Rien n’est perdu.",
        "Ouvrir les réglages",
        Action.OPEN_SETTINGS,
    ),
    "professional-absent": Advice(
        "Aucune carte pro dans le lecteur.",
        "Insérez votre carte pro",
        (
            "Prenez votre carte CPS, CPF ou CPE.",
            "Puce vers vous, en haut.",
            "Poussez jusqu’au déclic dans la fente de gauche.",
        ),
        _KEPT,
        "J’ai inséré ma carte",
        Action.RECHECK,
    ),
    "professional-mute": Advice(
        "Une carte est insérée et ne répond pas\u202f; aucune carte pro n’est reconnue.",
        "Retournez la carte pro",
        (
            "Retirez la carte.",
            "Essuyez la puce avec un chiffon sec.",
            "Puce vers vous, en haut, poussez jusqu’au déclic.",
        ),
        _KEPT,
        "J’ai retourné la carte",
        Action.RECHECK,
    ),
    "professional-unknown": Advice(
        "La carte insérée n’est pas une carte pro connue.",
        "Changez de carte",
        (
            "Retirez la carte de la fente.",
            "Vérifiez que c’est une carte CPS, CPF ou CPE, et non une carte bancaire.",
            "Insérez votre carte pro.",
        ),
        _KEPT,
        "J’ai changé de carte",
        Action.RECHECK,
    ),
    "pin-blocked": Advice(
        "Votre carte pro est bloquée\u00a0: il ne reste aucun essai de code.",
        "Débloquez votre carte pro",
        (
            "Retrouvez le courrier qui contient son code de déblocage.",
            "Lancez l’outil de gestion de carte de l’Agence du Numérique en Santé.",
            "Sans ce code, demandez une nouvelle carte\u202f; une autre personne peut ouvrir sa session.",
        ),
        "Les envois préparés attendent sur ce poste. Ils partiront après votre retour.",
        "J’ai débloqué ma carte",
        Action.RECHECK,
    ),
    "vitale-absent": Advice(
        "Aucune carte Vitale dans le lecteur.",
        "Insérez la carte Vitale",
        (
            "Demandez sa carte Vitale à la personne.",
            "Puce vers vous, en haut.",
            "Poussez jusqu’au déclic dans la fente de droite.",
        ),
        _KEPT,
        "J’ai inséré la carte",
        Action.RECHECK,
    ),
    "vitale-mute": Advice(
        "Insérée, mais dans le mauvais sens.",
        "Retournez la carte Vitale",
        ("Retirez la carte de la fente.", "Puce vers vous, en haut.", "Poussez jusqu’au déclic."),
        _KEPT,
        "J’ai retourné la carte",
        Action.RECHECK,
    ),
    "vitale-one": Advice(
        "C’est une carte Vitale d’ancienne génération, que ce programme ne sait pas lire.",
        "Continuez sans la carte",
        (
            "Rendez sa carte à la personne.",
            "Cherchez-la par ses traits d’identité, avec une pièce d’identité.",
            "Conseillez-lui de demander une nouvelle carte sur son compte ameli.",
        ),
        _KEPT,
        "Chercher par les traits",
        Action.WITHOUT_CARD,
    ),
    "vitale-unknown": Advice(
        "La carte insérée n’est pas une carte Vitale.",
        "Changez de carte",
        (
            "Retirez la carte de la fente.",
            "Vérifiez que ce n’est ni une carte de mutuelle, ni une carte bancaire.",
            "Insérez la carte Vitale.",
        ),
        _KEPT,
        "J’ai changé de carte",
        Action.RECHECK,
    ),
    "two-professional-cards": Advice(
        "Une deuxième carte pro occupe la place de la carte Vitale.",
        "Retirez l’une des deux cartes pro",
        (
            "Gardez dans le lecteur la carte de la personne qui travaille.",
            "Retirez l’autre carte pro.",
            "Insérez la carte Vitale à sa place.",
        ),
        _KEPT,
        "J’ai changé de carte",
        Action.RECHECK,
    ),
    "garbled": Advice(
        "La carte répond, mais ce qu’elle donne n’est pas lisible.",
        "Relisez la carte",
        (
            "Retirez la carte et essuyez la puce avec un chiffon sec.",
            "Insérez-la de nouveau, sans la bouger pendant la lecture.",
            "Si une autre carte se lit bien, celle-ci est abîmée\u00a0: cherchez la personne par ses traits.",
        ),
        _KEPT,
        "Relire la carte",
        Action.READ_AGAIN,
    ),
    "pulled": Advice(
        "La carte a été retirée pendant la lecture.",
        "Laissez la carte en place",
        (
            "Insérez de nouveau la carte Vitale.",
            "Poussez jusqu’au déclic.",
            "Attendez la liste des personnes avant de la retirer.",
        ),
        _KEPT,
        "Relire la carte",
        Action.READ_AGAIN,
    ),
    "unreachable": Advice(
        "Le DMP ne répond pas.",
        "Vérifiez le réseau",
        (
            "Vérifiez que les autres sites s’ouvrent.",
            "Continuez votre travail\u00a0: les envois attendent sur ce poste.",
            "Réessayez dans quelques minutes.",
        ),
        "Rien n’est perdu\u00a0: les envois partiront d’eux-mêmes au retour du réseau.",
        "Réessayer",
        Action.RECHECK,
    ),
    "clock-drifts": Advice(
        "L’heure de l’ordinateur n’est pas celle du DMP.",
        "Réglez l’heure de l’ordinateur",
        (
            "Ouvrez les réglages de date et d’heure de l’ordinateur.",
            "Choisissez l’heure automatique, fuseau de Paris.",
            "Revenez ici et revérifiez.",
        ),
        "Le DMP refuse ce qui porte une autre heure que la sienne. Les envois attendent sur ce poste.",
        "J’ai réglé l’heure",
        Action.RECHECK,
    ),
    "other-nature": Advice(
        "Une carte réelle et une carte d’essai, ou une adresse d’essai, sont mêlées.",
        "Prenez des cartes de même nature",
        (
            "En activité réelle, utilisez votre carte pro et une carte Vitale réelles.",
            "En formation, utilisez seulement des cartes d’essai.",
            "Vérifiez l’adresse du DMP dans les réglages.",
        ),
        "Aucune donnée n’est partie\u00a0: réel et essai ne se mêlent jamais.",
        "Ouvrir les réglages",
        Action.OPEN_SETTINGS,
    ),
}
