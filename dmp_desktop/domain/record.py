"""The record open on the screen: whose, by whom, how entered, and its documents as rows of a list.

Sources: EX_3.1-1020 (new since the last visit), EX_3.1-1030 (filters by role), EX_3.1-1040 (documents of the person
apart), EX_3.1-1080 (states in words), REC_3.2-1080 (documents of one lot linked).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dmp_desktop.domain.document import DocumentEntry, DocumentStatus
from dmp_desktop.domain.dossier import ExistenceAnswer
from dmp_desktop.domain.events import Author, EventState
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access, AccessMode
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import Identity
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.shelf import KeptEntry, Reader


@dataclass(frozen=True, slots=True, repr=False)
class RecordContext:
    """Which record, for whom, entered how. It lasts as long as the record is open; another patient is another one.

    :ivar dossier: key of the dossier here; ``identity``: has an INS.
    :ivar existence: the store's last word to this professional, ``None`` when it was never asked.
    """

    dossier: str
    identity: Identity
    professional: Professional
    author: Author
    access: Access = NORMAL_ACCESS
    existence: ExistenceAnswer | None = None
    opened_at: datetime | None = None

    def __repr__(self) -> str:
        return f"RecordContext({self.access!r})"

    @property
    def ins(self) -> Ins:
        """The INS.

        :raises ValueError: an identity without INS has no record.
        """
        if self.identity.ins is None:
            raise ValueError("a record needs an INS")
        return self.identity.ins

    @property
    def reader(self) -> Reader:
        """Whose shelf."""
        return Reader(self.dossier, self.author.professional)

    @property
    def treating(self) -> bool:
        """Whether the professional is its médecin traitant."""
        return self.existence is not None and self.existence.treating

    @property
    def in_memory(self) -> bool:
        """Whether nothing of it may ever reach the disk: emergency, medical regulation, secret connection."""
        return self.access.mode is not AccessMode.NORMAL or self.access.secret


class Fold(StrEnum):
    """Why documents are folded into one row."""

    SAME_BYTES = "same-bytes"
    """The same document came by two ways: same hash."""
    OLDER_VERSION = "older-version"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One document as the list shows it.

    :ivar rubriques: keys of ``resources/terminology/rubrique.json`` where it is shown.
    :ivar is_new: learned since this professional's last visit and not read yet.
    :ivar copies: the same document come by other ways; ``older``: versions it replaced.
    :ivar lot: logical ids of the documents that left with it.
    :ivar act: state of this post's own act on it that is on its way, ``None`` when there is none.
    """

    kept: KeptEntry
    rubriques: tuple[str, ...]
    is_new: bool = False
    copies: tuple[KeptEntry, ...] = ()
    older: tuple[KeptEntry, ...] = ()
    lot: tuple[str, ...] = ()
    act: EventState | None = None

    @property
    def entry(self) -> DocumentEntry:
        """What the store says of it."""
        return self.kept.entry

    @property
    def key(self) -> str:
        """Its logical id: the same over the versions of its description."""
        return self.kept.entry.logical_id

    @property
    def at(self) -> datetime | None:
        """When the act it tells of took place; else when it was made."""
        return self.entry.service_start or self.entry.created_at

    @property
    def archived(self) -> bool:
        """Whether it is put away."""
        return self.entry.status is DocumentStatus.ARCHIVED

    @property
    def obsolete(self) -> bool:
        """Whether another version took its place."""
        return self.entry.status is DocumentStatus.DEPRECATED or bool(self.kept.replaced_by)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list shows besides documents in force (EX_3.1-1030).

    :ivar masked: the médecin traitant only; ``hidden_from_patient`` and ``hidden_from_representatives``: those alone.
    :ivar kinds: type codes, ``authors``: PS_IdNat; empty for all.
    """

    new_only: bool = False
    archived: bool = False
    obsolete: bool = False
    masked: bool = False
    hidden_from_patient: bool = False
    hidden_from_representatives: bool = False
    kinds: frozenset[str] = field(default_factory=frozenset)
    authors: frozenset[str] = field(default_factory=frozenset)
    since: datetime | None = None
    until: datetime | None = None
