"""What each paper says, as plain values built from the domain; nothing here draws.

The type keeps the promise: an attestation cannot be made without the moment the central store confirmed, and a receipt
has no place for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dmp_desktop.config import StructureSettings
from dmp_desktop.domain.events import Author, Opening
from dmp_desktop.domain.identity import Identity, Traits


@dataclass(frozen=True, slots=True, repr=False)
class OpeningPaper:
    """What the attestation of an opening or of a reactivation says.

    :ivar author: who received the person, under whose credential the opening left.
    :ivar confirmed_at: the central store's time of its confirmation (aware).
    :ivar printed_at: the only input that changes from one print to the next (aware).
    :ivar role: profession of the author (« médecin, médecine générale ») or, for desk staff, function (« accueil »).
    :ivar responsible: the professional a member of the desk staff answers to, ``""`` for a professional.
    :ivar resolved: identity INSi gave after an opening captured without it; it then replaces the card's traits.
    :ivar birth_place: name of the place when the program knows it; else the COG code is printed.
    :ivar with_matricule: print the INS matricule; off unless asked, because the paper travels.
    """

    opening: Opening
    author: Author
    structure: StructureSettings
    confirmed_at: datetime
    printed_at: datetime
    role: str = ""
    responsible: str = ""
    resolved: Identity | None = None
    birth_place: str = ""
    with_matricule: bool = False
    demonstration: bool = False

    def __repr__(self) -> str:
        return f"OpeningPaper({self.opening.reference})"

    @property
    def traits(self) -> Traits:
        """Traits of the holder: those of INSi when they came later."""
        return self.resolved.traits if self.resolved else self.opening.traits

    @property
    def matricule(self) -> str:
        """The 15 characters of the matricule when it was asked for and is known, else ``""``."""
        ins = self.resolved.ins if self.resolved else self.opening.ins
        return ins.value if ins and self.with_matricule else ""


@dataclass(frozen=True, slots=True, repr=False)
class ReceiptPaper:
    """What the provisional receipt says while an opening waits: it takes no confirmation.

    :ivar captured_at: when the act was validated at the desk (aware).
    :ivar reason: why it waits, a French clause without its full stop (« le DMP ne répond pas »), or ``""``.
    """

    opening: Opening
    author: Author
    structure: StructureSettings
    captured_at: datetime
    printed_at: datetime
    reason: str = ""
    role: str = ""
    responsible: str = ""
    birth_place: str = ""
    demonstration: bool = False

    def __repr__(self) -> str:
        return f"ReceiptPaper({self.opening.reference})"

    @property
    def traits(self) -> Traits:
        """Traits of the holder as the desk knew them."""
        return self.opening.traits


@dataclass(frozen=True, slots=True)
class StickerPaper:
    """The mark stuck on the card. It has no place for a name or a number.

    :ivar opened_at: the confirmation; only its month and year are printed (aware).
    """

    opened_at: datetime
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """What the certificate of an emptied copy says: counts, never a name.

    :ivar size: in bytes; ``drafts``: unsent, kept; ``overwritten``: whether freed pages already were.
    :ivar author: who emptied it; ``emptied_at``: aware.
    """

    author: Author
    structure: StructureSettings
    emptied_at: datetime
    printed_at: datetime
    records: int
    documents: int
    size: int
    drafts: int
    overwritten: bool = True
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class LeafletPaper:
    """The information in large print.

    :ivar text_version: version of the text, the one the consent will name.
    """

    structure: StructureSettings
    text_version: str
    printed_at: datetime
    demonstration: bool = False
