"""Words of the record: states in words, groups, freshness, and the two sentences given letter by letter.

Typography: see :mod:`dmp_desktop.ui.opening.texts`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dmp_desktop.config import resource
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.document import DocumentAuthor, DocumentEntry, Visibility
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.record import RecordContext, RecordRow
from dmp_desktop.domain.record_rules import Cut, Group, Grouping, Sorting, title_of
from dmp_desktop.domain.rubriques import rubrique
from dmp_desktop.domain.shelf import ShelfState
from dmp_desktop.ui.opening import texts

_WARNINGS: Final[dict[str, str]] = json.loads(resource("texts", "warnings.json").read_text("utf-8"))
NOT_FOR_PATIENT: Final = _WARNINGS["not-for-patient"]
NOT_FOR_REPRESENTATIVES: Final = _WARNINGS["not-for-representatives"]
"""EX_3.2-1025, letter by letter: its straight apostrophes are kept, hence a table of its own."""

HONEST: Final = "Le patient peut masquer des documents\u00a0: cette liste peut être incomplète."
"""The same for every role, always there: no other word tells of what is masked."""

SEARCH: Final = "Chercher dans ce dossier"
NEW: Final = "Nouveau depuis ma dernière visite"
NEW_SHORT: Final = "Nouveau depuis ma visite"
FIRST: Final = "À lire d’abord\u00a0: allergies, traitements"
FIRST_SHORT: Final = "À lire d’abord"
OTHER_RUBRIQUE: Final = "Autres documents"

SORTING: Final = {
    Sorting.NEWEST: "Du plus récent au plus ancien",
    Sorting.OLDEST: "Du plus ancien au plus récent",
    Sorting.TITLE: "Par titre",
    Sorting.AUTHOR: "Par auteur",
}
GROUPING: Final = {
    Grouping.VISIT: "Selon ma dernière visite",
    Grouping.MONTH: "Par mois",
    Grouping.NONE: "Sans groupes",
}

_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A state of a document, in a word with its icon and its colour.

    :ivar dashed: the edge of what the person filed themselves.
    """

    words: str
    icon: str
    tone: str
    dashed: bool = False


NEW_MARK: Final = Mark("Nouveau", "", "info")
PATIENT_MARK: Final = Mark("Du patient", "file-user", "text-2", dashed=True)
MASKED_MARK: Final = Mark("Masqué aux professionnels", "secret", "secret")
_ACTS = {
    EventState.HELD: Mark("Retenu par vous", "pause", "warning"),
    EventState.STUCK: Mark("Retenu à traiter", "warning", "warning"),
}
_LEAVING = Mark("En attente d’envoi", "send", "info")


def marks(row: RecordRow) -> tuple[Mark, ...]:
    """The states of a row, what matters most first; none for a document in force, seen by all (EX_3.1-1080)."""
    entry, seen = row.entry, row.entry.visibility
    candidates = (
        (_ACTS.get(row.act, _LEAVING) if row.act else None),
        (MASKED_MARK if seen.from_professionals else None),
        (Mark("Non visible du patient", "eye-off", "secret") if seen.from_patient else None),
        (Mark("Non visible des représentants", "eye-off", "secret") if seen.from_representatives else None),
        (Mark("Version ancienne", "history", "text-2") if row.obsolete else None),
        (Mark("Archivé", "archive", "text-2") if row.archived else None),
        (PATIENT_MARK if entry.by_patient else None),
        (NEW_MARK if row.is_new else None),
        (Mark(f"{len(row.copies) + 1} exemplaires", "copies", "text-2") if row.copies else None),
    )
    return tuple(mark for mark in candidates if mark is not None)


def warnings(seen: Visibility) -> tuple[str, ...]:
    """What must be said above a document that is not for everyone (EX_3.2-1025)."""
    return tuple(
        words
        for hidden, words in (
            (seen.from_patient, NOT_FOR_PATIENT),
            (seen.from_representatives, NOT_FOR_REPRESENTATIVES),
        )
        if hidden
    )


def visible_by(entry: DocumentEntry) -> str:
    """Who sees it."""
    seen = entry.visibility
    people = "Soignants" if not seen.from_professionals else "Son auteur et le médecin traitant"
    if seen.from_patient:
        return f"{people}, pas le patient"
    patient = "Patient seul" if seen.from_representatives else "Patient"
    return f"{patient} et {people[:1].lower()}{people[1:]}"


def author(entry: DocumentEntry, own: str = "") -> str:
    """Who wrote it: « Vous », the person, a structure's name or a professional's."""
    if entry.by_patient:
        return "Document du patient"
    if not entry.authors:
        return "Auteur non renseigné"
    names = [_named(one, own) for one in entry.authors[:2]]
    more = len(entry.authors) - len(names)
    return ", ".join(names) + (f" et {more} autre{'s' if more > 1 else ''}" if more else "")


def _named(one: DocumentAuthor, own: str) -> str:
    return "Vous" if own and one.id == own else name_of(one)


def name_of(one: DocumentAuthor) -> str:
    """« Dr Lucien Gabarit », or the structure when nobody is named."""
    doctor = one.speciality is not None and one.speciality.value.startswith(("G15_10", "G15_40"))
    name = f"{texts.capital(one.given)} {texts.capital(one.family)}".strip()
    return f"Dr {name}" if doctor and name else name or one.structure_name or "Auteur non renseigné"


def author_in_full(entry: DocumentEntry) -> str:
    """Everyone, with their structures: read whole in the header."""
    if entry.by_patient:
        return "Le patient"
    people = [
        f"{_named(one, '')}, {one.structure_name}" if one.structure_name and one.family else _named(one, "")
        for one in entry.authors
    ]
    return "\u202f; ".join(people) or "Non renseigné"


def day_of(row: RecordRow) -> str:
    """``09 avr. 2026``."""
    return texts.day(row.at) if row.at else "Sans date"


def moment_of(row: RecordRow) -> str:
    """``09 avr. 2026 07:40``; a document that tells a day only has no hour."""
    if row.at is None:
        return "Non renseignée"
    local = row.at.astimezone(PARIS)
    plain = (local.hour, local.minute) in {(0, 0), (1, 0), (2, 0)}
    return texts.day(row.at) if plain else f"{texts.day(row.at)} {texts.hour(row.at)}"


def rubriques_in_words(row: RecordRow) -> str:
    """Where it stands."""
    found = [known.short for key in row.rubriques if (known := rubrique(key)) is not None]
    return ", ".join(found) or OTHER_RUBRIQUE


def icon_of(row: RecordRow) -> str:
    """The drawing of its first rubrique; a person's own document has its own."""
    if row.entry.by_patient:
        return "file-user"
    known = rubrique(row.rubriques[0]) if row.rubriques else None
    return known.icon if known else "file"


def spoken(row: RecordRow, place: int, total: int, own: str = "") -> str:
    """The row as a sentence."""
    said = ", ".join(mark.words.lower() for mark in marks(row))
    parts = (title_of(row), author(row.entry, own), day_of(row), said, f"document {place} sur {total}")
    return ", ".join(part for part in parts if part)


def heading(group: Group, state: ShelfState) -> str:
    """Heading of a group; none for the whole."""
    if group.cut is Cut.MONTH and group.month:
        year, month = group.month
        return f"{_MONTHS[month - 1].capitalize()} {year}"
    visit = texts.day(state.last_visit) if state.last_visit else ""
    return {
        Cut.SINCE_VISIT: f"Depuis votre visite du {visit}",
        Cut.BEFORE_VISIT: "Déjà là à cette visite",
        Cut.RECENT: "3 derniers mois",
        Cut.OLDER: "Plus anciens",
        Cut.UNDATED: "Sans date",
    }.get(group.cut, "")


def documents(number: int) -> str:
    """``1 document``, ``1 200 documents``."""
    grouped = f"{number:,}".replace(",", "\u202f")
    return f"{grouped} document{'s' if number > 1 else ''}"


def freshness(state: ShelfState, now: datetime) -> str:
    """``à jour à 09:12``; the day when it is not today."""
    if state.refreshed_at is None:
        return "pas encore demandé au DMP"
    local, today = state.refreshed_at.astimezone(PARIS), now.astimezone(PARIS).date()
    day = "" if local.date() == today else f" le {texts.day(state.refreshed_at)}"
    return f"à jour{day} à {texts.hour(state.refreshed_at)}"


def footer(context: RecordContext, shown: int, folded: int, state: ShelfState, now: datetime) -> str:
    """Count, freshness, folded copies."""
    if context.in_memory:
        return f"{documents(shown)}, lus au DMP. Rien n’est gardé sur ce poste."
    parts = [f"{documents(shown)}, {freshness(state, now)}."]
    if state.first_only:
        parts.append("Deux dernières années.")
    if folded:
        parts.append(f"{texts.count(folded, 'doublon replié', 'doublons repliés')}.")
    return " ".join(parts)


def nothing(context: RecordContext, state: ShelfState, *, new_only: bool, words: str, filtered: bool) -> str:
    """Why the list is empty."""
    if words:
        return f"Aucun document ne contient «\u00a0{words}\u00a0»."
    if new_only:
        visit = f" du {texts.day(state.last_visit)}" if state.last_visit else ""
        return f"Rien de nouveau depuis votre visite{visit}."
    if filtered:
        return "Aucun document ne répond à ces filtres."
    if state.refreshed_at is None and not context.in_memory:
        return "La liste n’est pas encore sur ce poste."
    return "Aucun document dans cette rubrique."
