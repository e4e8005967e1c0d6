"""A document being written or about to leave: everything of a deposit that says something of a person's health.

It lives in the clinical copy only (or in memory); the outbox knows its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dmp_desktop.domain.document import MediaType, Replaced, Visibility
from dmp_desktop.domain.terminology import Code


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """One document on its way from the hand to the store.

    Identifiers are made once, with the draft: sent twice, it is recognised.

    :ivar id: UUIDv7; ``dossier`` and ``professional``: whose record, whose hand.
    :ivar visibility: ``None`` until each question was answered (EX_2.1-1050): it cannot leave before.
    :ivar text: a short report typed in place; the bytes to send are made of it when it leaves the hand.
    :ivar media_type, size, sha256: of the bytes kept with it, ``None``, 0 and ``""`` when there are none yet.
    :ivar submission_id, signature_id: OIDs of the submission and of its signature.
    :ivar event: id of the deposit that took it, ``""`` while it is only a draft.
    :ivar secret: written in a secret connection: hidden from the representatives whatever is chosen.
    """

    id: str
    dossier: str
    professional: str
    unique_id: str
    set_id: str
    submission_id: str
    signature_id: str
    changed_at: datetime
    title: str = ""
    type_code: Code | None = None
    service_start: datetime | None = None
    comments: str = ""
    visibility: Visibility | None = None
    text: str = ""
    media_type: MediaType | None = None
    size: int = 0
    sha256: str = ""
    file_name: str = ""
    replaces: Replaced | None = None
    event: str = ""
    secret: bool = False

    def __repr__(self) -> str:
        return f"Draft({self.id})"


class Drafts(Protocol):
    """Where drafts are kept. Cache lane; reading also from the sync lane, when one leaves."""

    def save(self, draft: Draft, content: bytes | None = None) -> None:
        """Write a draft, whole; ``content`` replaces its bytes, ``None`` leaves them as they are."""
        ...

    def get(self, draft_id: str) -> Draft | None:
        """One draft."""
        ...

    def content(self, draft_id: str) -> bytes:
        """Its bytes.

        :raises dmp_desktop.errors.StorageError: none, or not those that were kept.
        """
        ...

    def of(self, dossier: str, professional: str) -> tuple[Draft, ...]:
        """Drafts of this record by this hand, latest first, those that left excepted."""
        ...

    def drop(self, draft_id: str) -> None:
        """Purge a draft and its bytes: it was sent, or thrown away."""
        ...
