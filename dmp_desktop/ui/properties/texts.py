"""Words of the properties of a document."""

from __future__ import annotations

from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, Visibility
from dmp_desktop.domain.record import RecordRow
from dmp_desktop.services.properties import Change
from dmp_desktop.ui.opening import texts as words

CHANGE = {
    Change.MASK: ("Masquer aux professionnels", "À la demande de la personne. Vous et son médecin traitant le voyez."),
    Change.UNMASK: ("Démasquer aux professionnels", "Tous les professionnels autorisés le verront."),
    Change.SHOW_PATIENT: ("Rendre visible de la personne", "Après la consultation d’annonce."),
    Change.SHOW_REPRESENTATIVES: (
        "Rendre visible des représentants légaux",
        "Avec l’accord du mineur titulaire du dossier.",
    ),
    Change.ARCHIVE: ("Archiver", "Il quitte la liste et se retrouve par le filtre."),
    Change.UNARCHIVE: ("Sortir des archives", "Il revient dans la liste."),
    Change.DELETE: ("Supprimer", "Plus personne ne le verra. Déposez plutôt une version corrigée, si c’en est une."),
}

STATUS = {
    DocumentStatus.APPROVED: "En vigueur",
    DocumentStatus.DEPRECATED: "Remplacé par une autre version",
    DocumentStatus.ARCHIVED: "Archivé",
    DocumentStatus.DELETED: "Supprimé",
}


def seen_by(visibility: Visibility) -> str:
    """Who sees it, in one sentence."""
    hidden = [
        said
        for is_hidden, said in (
            (visibility.from_professionals, "masqué aux professionnels"),
            (visibility.from_patient, "non visible de la personne"),
            (visibility.from_representatives, "non visible des représentants légaux"),
        )
        if is_hidden
    ]
    said = ", ".join(hidden)
    return f"{said[:1].upper()}{said[1:]}" if said else "Visible de la personne et des professionnels autorisés"


def state(visibility: Visibility, status: DocumentStatus | None) -> str:
    """State and visibility together, for « avant » and « après »."""
    if status is DocumentStatus.DELETED:
        return "Supprimé\u00a0: plus personne ne le voit."
    told = STATUS.get(status, "") if status else ""
    return f"{told}. {seen_by(visibility)}." if told else f"{seen_by(visibility)}."


def rows(row: RecordRow) -> tuple[tuple[str, str], ...]:
    """Every property, label and value; what is not known is left out."""
    entry = row.entry
    lines = [
        ("Type", entry.type_code.text),
        ("Catégorie", entry.class_code.text),
        ("Auteur", _authors(entry)),
        ("Acte du", words.day(entry.service_start) if entry.service_start else ""),
        ("Fait le", f"{words.day(entry.created_at)} {words.hour(entry.created_at)}" if entry.created_at else ""),
        ("État", STATUS.get(entry.status, entry.status_text) if entry.status else entry.status_text),
        ("Visible par", seen_by(entry.visibility)),
        ("Commentaire", entry.comments),
        ("Déposé par la personne", "Oui" if entry.by_patient else ""),
        ("Versions", _versions(row)),
        ("Exemplaires", _copies(row)),
        ("Même envoi", words.count(len(row.lot), "autre document", "autres documents") if row.lot else ""),
        ("Format", entry.format_code.text),
        ("Poids", f"{max(1, entry.size // 1000)}\u00a0ko" if entry.size else ""),
        ("Identifiant", entry.unique_id),
    ]
    return tuple((label, value) for label, value in lines if value)


def _authors(entry: DocumentEntry) -> str:
    told = []
    for author in entry.authors:
        name = " ".join(part for part in (author.given.title(), author.family.title()) if part)
        told.append(", ".join(part for part in (name, author.structure_name) if part))
    return "\u202f; ".join(part for part in told if part)


def _versions(row: RecordRow) -> str:
    if not row.older:
        return ""
    dates = [words.day(kept.entry.created_at) for kept in row.older if kept.entry.created_at]
    count = words.count(len(row.older), "version ancienne repliée", "versions anciennes repliées")
    return f"{count}\u00a0: {', '.join(dates)}" if dates else count


def _copies(row: RecordRow) -> str:
    if not row.copies:
        return ""
    return f"{len(row.copies) + 1} exemplaires repliés\u00a0: leurs contenus sont identiques (même empreinte)"
