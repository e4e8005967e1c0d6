"""A clinical copy for a test: real SQLCipher in a folder, fictional documents, two doctors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from helpers.clocks import START, HandClock

from dmp_desktop.cache.clinical import FILE, ClinicalStore
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.domain.document import DocumentAuthor, DocumentEntry, DocumentStatus, RetrievedDocument
from dmp_desktop.domain.draft import Draft
from dmp_desktop.domain.shelf import KeptEntry, Reader, ShelfUpdate
from dmp_desktop.domain.terminology import Code

GASPARD, ODILE = "dossier-gaspard", "dossier-odile"
BRINDILLE, GABARIT = "899700000017", "899700000025"
HIS = Reader(GASPARD, BRINDILLE)
HIS_BY_GABARIT = Reader(GASPARD, GABARIT)
HERS = Reader(ODILE, BRINDILLE)

_REPORT = Code("11488-4", "2.16.840.1.113883.6.1", "CR ou fiche de consultation")
_CLASS = Code("10", "1.2.250.1.213.1.1.4.1", "Comptes rendus")
_FORMAT = Code("urn:ihe:iti:xds-sd:pdf:2008", "1.3.6.1.4.1.19376.1.2.3", "PDF")
DOCTOR = DocumentAuthor(
    BRINDILLE,
    "BRINDILLE",
    "Aurore",
    role="",
    speciality=Code("G15_10/SM26", "1.2.250.1.213.1.1.4.5", "Médecin généraliste"),
    structure="499700000017001",
    structure_name="Cabinet des Trois-Tilleuls",
)


def entry(name: str, title: str = "Compte rendu de consultation", **changes: object) -> DocumentEntry:
    """A document as the store describes it; the more ``name`` is a number, the older it is."""
    age = int(name) if name.isdecimal() else 0
    when = START - timedelta(days=age)
    made = DocumentEntry(
        f"urn:uuid:description-{name}",
        logical(name),
        f"1.2.250.1.999.{name}",
        DocumentStatus.APPROVED,
        "",
        _REPORT,
        _CLASS,
        _FORMAT,
        title=title,
        created_at=when,
        service_start=when,
        language="fr-FR",
        authors=(DOCTOR,),
        facility=Code("SA07", "1.2.250.1.71.4.2.4", "Cabinet individuel"),
        practice=Code("AMBULATOIRE", "1.2.250.1.213.1.1.4.9", "Ambulatoire"),
        patient_id="279059900012345^^^&1.2.250.1.213.1.4.10&ISO^NH",
        source_patient_info=("PID-5|CORNICHE^GASPARD^^^^^L", "PID-7|19771111", "PID-8|M"),
        repository_id="1.2.250.1.213.4.2.1",
        hash="0123456789abcdef0123456789abcdef01234567",
        size=40_000,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def logical(name: str) -> str:
    """Its logical id."""
    return f"urn:uuid:document-{name}"


def kept(name: str, title: str = "Compte rendu de consultation", **changes: object) -> KeptEntry:
    """The same on a shelf."""
    return KeptEntry(entry(name, title, **changes))


def many(count: int, first: int = 1) -> ShelfUpdate:
    """A refresh that learned so many documents."""
    return ShelfUpdate(tuple(kept(str(n)) for n in range(first, first + count)), until=START)


def retrieved(name: str, content: bytes = b"<ClinicalDocument/>") -> RetrievedDocument:
    """Its bytes."""
    return RetrievedDocument(f"1.2.250.1.999.{name}", "1.2.250.1.213.4.2.1", "text/xml", content)


def draft(name: str = "1", dossier: str = GASPARD, professional: str = BRINDILLE, **changes: object) -> Draft:
    """Something being written."""
    made = Draft(f"draft-{name}", dossier, professional, f"2.25.{name}", "2.25.2", "2.25.3", "2.25.4", START)
    return replace(made, **changes)  # type: ignore[arg-type]


@dataclass
class World:
    """A folder, its key, a clock, the copy open in it."""

    folder: Path
    key: DatabaseKey = field(default_factory=DatabaseKey.random)
    clock: HandClock = field(default_factory=HandClock)
    store: ClinicalStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = ClinicalStore.open(self.folder, self.key, self.clock, create=True)

    @property
    def keys(self) -> dict[str, DatabaseKey]:
        """For a raw scan."""
        return {FILE: self.key}

    @property
    def contents(self) -> list[Path]:
        """Files beside the store."""
        return sorted((self.folder / "contents").iterdir())

    def reopen(self) -> ClinicalStore:
        """Close and open again."""
        self.store.close()
        self.store = ClinicalStore.open(self.folder, self.key, self.clock)
        return self.store


@contextmanager
def clinical_world(folder: Path) -> Iterator[World]:
    """A world, closed at the end."""
    world = World(folder)
    try:
        yield world
    finally:
        world.store.close()
