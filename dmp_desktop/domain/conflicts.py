"""Two people changed the same thing: what the store held when an act arrived, kept until a person decides.

Nothing is merged by the program: the value that the act was made on, the one it wants and the one found are shown, and
a person chooses (F95).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Final

from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.dossier import Contact

Found = Contact | Visibility | DocumentStatus
"""What the store held: contact, visibility or state of a document, as the kind of the act has it."""

CONTACT_CONFLICT: Final = "contact-conflict"
DOCUMENT_CONFLICT: Final = "document-conflict"
CONFLICTS: Final = frozenset({CONTACT_CONFLICT, DOCUMENT_CONFLICT})
"""Causes of an act held because of it."""


def dump_found(found: Found) -> str:
    """What was found, as stored (inside the encrypted store only)."""
    if isinstance(found, DocumentStatus):
        return json.dumps({"status": found.value})
    name = "contact" if isinstance(found, Contact) else "visibility"
    return json.dumps({name: asdict(found)}, ensure_ascii=False, sort_keys=True)


def read_found(text: str) -> Found:
    """What was found, back.

    :raises KeyError, TypeError, ValueError: it is none of ours.
    """
    d = json.loads(text)
    if "contact" in d:
        return Contact(**d["contact"])
    if "visibility" in d:
        return Visibility(**d["visibility"])
    return DocumentStatus(d["status"])
