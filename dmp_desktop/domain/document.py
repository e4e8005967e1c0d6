"""Documents: what the central store says of them, and what is sent to it.

Sources: IHE XDS.b (DocumentEntry, SubmissionSet, associations), CI-SIS « structuration minimale » (header), TD2.x and
TD3.x, EX_2.1-1050 (visibility), EX_3.1-1080 (states shown).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Final
from uuid import uuid4

from dmp_desktop.domain import oids
from dmp_desktop.domain.terminology import Code
from dmp_desktop.errors import UserError

NORMAL: Final = Code("N", oids.CONFIDENTIALITY_HL7, "Normal")


class ForbiddenVisibility(UserError):
    """A document cannot be both hidden from the professionals and from the person (EX_2.1-1050)."""

    code = "forbidden-visibility"


@dataclass(frozen=True, slots=True)
class Visibility:
    """Who does not see a document (EX_2.1-1050); by default everyone with the right does.

    :ivar from_professionals: masked, at the person's request: the author, the médecin traitant and the person see it.
    :ivar from_patient: until the consultation where it is announced; made visible later (TD3.3b).
    :ivar from_representatives: a minor's secret.
    """

    from_professionals: bool = False
    from_patient: bool = False
    from_representatives: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of JDV_J58 that say so, besides ``N``."""
        return tuple(
            code
            for code, hidden in (
                ("MASQUE_PS", self.from_professionals),
                ("INVISIBLE_PATIENT", self.from_patient),
                ("INVISIBLE_REPRESENTANTS_LEGAUX", self.from_representatives),
            )
            if hidden
        )

    @classmethod
    def of(cls, codes: Iterable[str]) -> Visibility:
        """What these codes of JDV_J58 say; others are ignored."""
        held = set(codes)
        return cls("MASQUE_PS" in held, "INVISIBLE_PATIENT" in held, "INVISIBLE_REPRESENTANTS_LEGAUX" in held)

    def check(self, *, both_allowed: bool = False) -> None:
        """Refuse what the store refuses.

        :param both_allowed: server parameter ``cumul-invisible_patient-masque_ps``, false by default.
        :raises ForbiddenVisibility: hidden from the professionals and from the person at once.
        """
        if self.from_professionals and self.from_patient and not both_allowed:
            raise ForbiddenVisibility("hidden from professionals and from the person")


class DocumentStatus(StrEnum):
    """Life of a document. Deletion is logical: nothing leaves the store."""

    APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
    DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
    ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
    DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"


class AssociationKind(StrEnum):
    """Links between what a registry holds."""

    HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
    REPLACES = "urn:ihe:iti:2007:AssociationType:RPLC"
    TRANSFORMS = "urn:ihe:iti:2007:AssociationType:XFRM"
    APPENDS = "urn:ihe:iti:2007:AssociationType:APND"
    SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
    UPDATE_STATUS = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"


@dataclass(frozen=True, slots=True)
class DocumentAuthor:
    """Who wrote a document, and where they practised.

    :ivar id: PS_IdNat (or a patient's or a device's identifier) with the OID of its domain, ``""`` when unknown.
    :ivar id_kind: kind of the identifier as in the XCN (``IDNPS``, ``NH`` for the person, ``RI`` a device…).
    :ivar speciality: line of JDV_J01 (``G15_10/SM26``…).
    """

    id: str
    family: str
    given: str
    id_domain: str = oids.PS_ID
    id_kind: str = "IDNPS"
    role: str = ""
    speciality: Code | None = None
    structure: str = ""
    structure_name: str = ""

    def __repr__(self) -> str:
        return f"DocumentAuthor({self.id_kind}, {self.speciality.value if self.speciality else ''})"


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document as the store's registry describes it.

    Times are aware, in UTC, and ``None`` when absent; text is as received.

    :ivar entry_uuid: this version of the description, made by the store; it changes with each one.
    :ivar logical_id: the same over the versions of the description; a replacement has another.
    :ivar unique_id: of the document itself, made by its author; it never changes.
    :ivar version: of the description, from 1.
    :ivar patient_id: matricule and domain (``^^^&oid&ISO``) as filed: an INS may have changed since (EX_3.1-1055).
    :ivar confidentiality: ``N`` and the visibility codes, unknown ones kept.
    """

    entry_uuid: str
    logical_id: str
    unique_id: str
    status: DocumentStatus | None
    status_text: str
    type_code: Code
    class_code: Code
    format_code: Code
    title: str = ""
    comments: str = ""
    mime_type: str = "text/xml"
    version: int = 1
    created_at: datetime | None = None
    service_start: datetime | None = None
    service_stop: datetime | None = None
    language: str = ""
    authors: tuple[DocumentAuthor, ...] = ()
    legal_authenticator: DocumentAuthor | None = None
    confidentiality: tuple[Code, ...] = (NORMAL,)
    facility: Code | None = None
    practice: Code | None = None
    events: tuple[Code, ...] = ()
    patient_id: str = field(default="", repr=False)
    source_patient_id: str = field(default="", repr=False)
    source_patient_info: tuple[str, ...] = field(default=(), repr=False)
    repository_id: str = ""
    hash: str = ""
    size: int | None = None
    references: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"DocumentEntry({self.entry_uuid}, {self.type_code.value})"

    @property
    def visibility(self) -> Visibility:
        """Who does not see it."""
        return Visibility.of(code.value for code in self.confidentiality)

    @property
    def by_patient(self) -> bool:
        """Whether the person filed it themselves: shown apart (EX_3.1-1040)."""
        return self.class_code.value == "90" or self.type_code.value.startswith("DOCPAT")

    @property
    def is_signature(self) -> bool:
        """Whether this is the signature of a submission, which nobody reads as a document."""
        return self.type_code.value == "E1762"


@dataclass(frozen=True, slots=True)
class SubmissionSet:
    """A submission as the registry describes it."""

    entry_uuid: str
    unique_id: str
    source_id: str
    submitted_at: datetime | None
    title: str = ""
    comments: str = ""
    content_type: Code | None = None
    authors: tuple[DocumentAuthor, ...] = ()
    status_text: str = ""


@dataclass(frozen=True, slots=True)
class Association:
    """A link between two objects of the registry.

    :ivar kind: ``None`` for a kind this software does not know, kept in ``kind_text``.
    """

    id: str
    kind: AssociationKind | None
    kind_text: str
    source: str
    target: str
    previous_version: int | None = None


class MediaType(StrEnum):
    """What a body that is not structured may hold (volet structuration minimale §N1), with its XDS format."""

    PDF = "application/pdf"
    TEXT = "text/plain"
    RTF = "text/rtf"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """Bytes of a document, opened when they are sent: a large one never stands whole in memory.

    :ivar open: gives a new stream from the first byte at each call; ``size`` in bytes.
    """

    media_type: MediaType
    size: int
    open: Callable[[], BinaryIO] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Replaced:
    """The document a new one takes the place of: an obsolete version stays in the store.

    :ivar entry_uuid: of its description, told by TD3.1; ``unique_id``: its own, and ``set_id`` of all its versions.
    :ivar version: number of that version, from 1.
    """

    entry_uuid: str
    unique_id: str
    set_id: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to send.

    Identifiers are made once, when the document is captured, so that sending it twice is recognised by the store.

    :ivar unique_id: OID of the document; ``set_id``: OID of all its versions.
    :ivar created_at: aware; ``service_start``/``service_stop``: the act it tells of.
    :ivar author: who wrote it, when it is not whoever sends it (TD2.2: reception sends for a doctor).
    :ivar practice: line of JDV_J04.
    :ivar events: acts and conditions it tells of (CCAM, CIM-10…).
    :ivar orders: identifiers (``root^extension`` pairs) of the prescriptions it answers.
    """

    unique_id: str
    set_id: str
    title: str
    type_code: Code
    content: DocumentContent
    created_at: datetime
    service_start: datetime
    service_stop: datetime | None = None
    comments: str = ""
    visibility: Visibility = field(default_factory=Visibility)
    practice: str = "AMBULATOIRE"
    events: tuple[Code, ...] = ()
    orders: tuple[tuple[str, str], ...] = ()
    author: DocumentAuthor | None = None
    replaces: Replaced | None = None

    def __repr__(self) -> str:
        return f"NewDocument({self.type_code.value}, {self.content.size} bytes)"

    @property
    def version(self) -> int:
        """1, or one more than what it replaces."""
        return self.replaces.version + 1 if self.replaces else 1


@dataclass(frozen=True, slots=True)
class Submission:
    """What leaves together: documents about one person, signed as one.

    :ivar unique_id: OID of the submission, made once.
    :ivar content_type: what led to it (JDV_J59), ``None`` for the default.
    """

    unique_id: str
    signature_id: str
    title: str
    documents: tuple[NewDocument, ...]
    comments: str = ""
    content_type: Code | None = None

    def __repr__(self) -> str:
        return f"Submission({len(self.documents)} documents)"


@dataclass(frozen=True, slots=True)
class RetrievedDocument:
    """A document as it came from the store: nothing of it is trusted yet.

    :ivar content: the bytes as filed (a CDA, save for old signatures).
    """

    unique_id: str
    repository_id: str
    mime_type: str
    content: bytes = field(repr=False)


def new_oid(root: str = "2.25") -> str:
    """A new OID under ``root``: an arc made of a random UUID (ITU-T X.667 does so under ``2.25``).

    An OID that would be longer than 64 characters (limit of XDS) is made under ``2.25`` instead.
    """
    arc = str(uuid4().int)
    made = f"{root}.{arc}"
    return made if len(made) <= 64 else f"2.25.{arc}"
