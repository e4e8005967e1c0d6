"""The shelf of a dossier: what is known here of its documents, for one professional.

One seam, two holders: the encrypted copy (``clinical.db``) and, for an emergency or a secret connection, a memory that
ends with the access. The store answers each professional for themselves (a masked document exists for its author and
the médecin traitant only): nothing kept for one is ever shown to another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dmp_desktop.domain.document import DocumentEntry, RetrievedDocument


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose shelf of which dossier.

    :ivar dossier: key of the dossier (pseudonym made by the store here); ``professional``: PS_IdNat.
    """

    dossier: str
    professional: str


@dataclass(frozen=True, slots=True)
class ShelfState:
    """How fresh a shelf is.

    :ivar until: the store's time up to which its answers are known; ``None``: never asked.
    :ivar refreshed_at: our time of the last answer, aware.
    :ivar first_only: only the search of a first visit (two years) was made.
    :ivar halted_by: code of the implausible answer that stopped the last pass, ``""`` when it went to its end.
    :ivar last_visit: when this professional last closed the dossier before this time; ``None`` the first time.
    """

    until: datetime | None = None
    refreshed_at: datetime | None = None
    first_only: bool = False
    halted_by: str = ""
    last_visit: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """One document as last described by the store, with what this professional did of it.

    :ivar submission: id of the submission it came in: documents of one lot share it (REC_3.2-1080).
    :ivar replaced_by, replaces: logical ids.
    :ivar learned_at: when this post first heard of it; ``read_at``: when this professional first read it.
    :ivar content_here: whether its bytes are on the shelf.
    """

    entry: DocumentEntry
    submission: str = ""
    replaced_by: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    learned_at: datetime | None = None
    read_at: datetime | None = None
    content_here: bool = False


@dataclass(frozen=True, slots=True)
class ShelfUpdate:
    """What one refresh learned, written whole or not at all.

    :ivar entries: descriptions that are new or changed.
    :ivar gone: logical ids that the store, asked about each by its id, no longer shows: rows, index terms and contents
        are purged in the same transaction. Never filled because a list came back short.
    :ivar until: the store's time up to which this is true.
    """

    entries: tuple[KeptEntry, ...] = ()
    gone: frozenset[str] = frozenset()
    until: datetime | None = None
    first_only: bool = False


class ForgetReason(StrEnum):
    """Why a shelf, or a whole dossier, is purged."""

    BLOCKED = "blocked"
    OPPOSED = "opposed"
    CLOSED = "closed"
    UNAUTHORISED = "unauthorised"
    EXPIRED = "expired"
    QUOTA = "quota"
    BY_HAND = "by-hand"


class FoundIn(StrEnum):
    """Where the words of a search stand."""

    TITLE = "title"
    AUTHOR = "author"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that holds the words.

    :ivar excerpt: a line of text around them; ``marks``: (start, length) of the words in it.
    """

    logical_id: str
    where: FoundIn
    excerpt: str = field(default="", repr=False)
    marks: tuple[tuple[int, int], ...] = ()


class Shelf(Protocol):
    """What is known here of a dossier. Cache lane; :meth:`apply` and :meth:`put` also from the sync lane."""

    def state(self, reader: Reader) -> ShelfState:
        """How fresh it is."""
        ...

    def entries(self, reader: Reader) -> tuple[KeptEntry, ...]:
        """Every document, newest act first."""
        ...

    def apply(self, reader: Reader, update: ShelfUpdate) -> None:
        """Write what a refresh learned, in one transaction."""
        ...

    def halt(self, reader: Reader, cause: str) -> None:
        """An answer was implausible: nothing of it is kept, and the shelf says so."""
        ...

    def content(self, reader: Reader, logical_id: str) -> RetrievedDocument | None:
        """The bytes of a document this professional may see, when they are here."""
        ...

    def put(self, reader: Reader, logical_id: str, document: RetrievedDocument, text: str) -> None:
        """Keep the bytes of a document, and the words of its text in the index.

        :param text: what a search looks at, already taken out of the bytes; ``""`` when it has no text.
        """
        ...

    def mark_read(self, reader: Reader, logical_id: str) -> None:
        """This professional read it."""
        ...

    def visit_ended(self, reader: Reader) -> None:
        """The record was closed: what comes later is new."""
        ...

    def search(self, reader: Reader, words: str, limit: int = 200) -> tuple[Hit, ...]:
        """Documents whose title, authors or text hold all the words, each word by its beginning, accents ignored."""
        ...
