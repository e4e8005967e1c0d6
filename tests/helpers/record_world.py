"""One person's record for the tests of its screen: fictional documents on a memory shelf, lanes in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from helpers import people
from helpers.clocks import HandClock
from helpers.store_world import BRINDILLE, ins
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.domain import oids
from dmp_desktop.domain.document import (
    NORMAL,
    DocumentAuthor,
    DocumentEntry,
    DocumentStatus,
    RetrievedDocument,
)
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, AuthorisationChange, Event, EventState
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identity import BirthDate, Identity, InsStatus, Sex, Traits
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.shelf import KeptEntry, ShelfUpdate
from dmp_desktop.domain.terminology import CONFIDENTIALITY, SPECIALITY, TYPE, Code, class_of, table
from dmp_desktop.errors import DmpError
from dmp_desktop.services.gate import AccessGate, GateReason
from dmp_desktop.services.record import Look, Record
from dmp_desktop.sync.refresh import RefreshOutcome, RefreshReport
from dmp_desktop.ui.tasks import Lane

NOW = datetime(2026, 4, 14, 7, 12, tzinfo=UTC)
VISIT = datetime(2026, 1, 12, 10, 0, tzinfo=UTC)
GP = table(SPECIALITY).code("G15_10/SM26")
PIPETTE = DocumentAuthor("899700000501", "PIPETTE", "AMBRE", speciality=GP, structure_name="Laboratoire des Deux-Rives")
GABARIT = DocumentAuthor(
    "899700000025", "GABARIT", "LUCIEN", speciality=GP, structure_name="Cabinet des Trois-Tilleuls"
)
HOSPITAL = DocumentAuthor("", "", "", structure_name="Hôpital de l’Exemple")
LABORATORY = DocumentAuthor("899700000502", "", "", structure_name="Laboratoire des Deux-Rives")
OWN = DocumentAuthor(BRINDILLE.professional, "BRINDILLE", "AURORE", speciality=GP)
PATIENT = DocumentAuthor("2790599000123", "LAVANDIN-GENÊT", "ODILE", id_kind="NH")
TRAITS = Traits("LAVANDIN-GENÊT", ("ODILE", "MARIE"), Sex.FEMALE, BirthDate("19790523"), "99000", "CORNICHE")


def entry(
    key: str,
    title: str,
    kind: str,
    at: datetime | None,
    author: DocumentAuthor = GABARIT,
    *,
    hidden: Iterable[str] = (),
    status: DocumentStatus = DocumentStatus.APPROVED,
    digest: str = "",
) -> DocumentEntry:
    """A description, as the store would give it."""
    type_code = table(TYPE).code(kind, "")
    seen = (NORMAL, *(table(CONFIDENTIALITY).code(code) for code in hidden))
    return DocumentEntry(
        f"urn:uuid:{key}",
        f"urn:uuid:{key}",
        f"1.2.250.1.999.{sum(map(ord, key))}.{len(key)}",
        status,
        "",
        type_code,
        class_of(type_code) or Code("90" if author is PATIENT else "10", oids.DOCUMENT_CLASS),
        Code("urn:ihe:iti:xds-sd:pdf:2008", ""),
        title,
        created_at=at,
        service_start=at,
        authors=(author,),
        confidentiality=seen,
        hash=digest,
    )


def kept(described: DocumentEntry, *, submission: str = "", **more: object) -> KeptEntry:
    """A description on a shelf."""
    return replace(KeptEntry(described), submission=submission, **more)  # type: ignore[arg-type]


def _day(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour - 2 if hour else 10, minute, tzinfo=UTC)


OLD = (
    kept(entry("echo", "Échographie cardiaque", "18748-4", _day(2025, 12, 20), HOSPITAL, digest="a" * 40)),
    kept(entry("echo-2", "Échographie cardiaque", "18748-4", _day(2025, 12, 20), GABARIT, digest="a" * 40)),
    kept(entry("tension", "Mesures de tension", "DOCPAT08", _day(2025, 12, 4), PATIENT)),
    kept(
        entry("cr", "Compte rendu de consultation", "11488-4", _day(2025, 11, 11), OWN, hidden=("INVISIBLE_PATIENT",))
    ),
    kept(entry("vaccin", "Note de vaccination", "87273-9", _day(2025, 10, 21), GABARIT)),
    kept(entry("vsm-1", "Volet de synthèse médicale", "60591-5", _day(2025, 6, 3), status=DocumentStatus.DEPRECATED)),
    kept(entry("vsm-2", "Volet de synthèse médicale", "60591-5", _day(2025, 9, 2)), replaces=("urn:uuid:vsm-1",)),
    kept(entry("ald", "Protocole de soins", "PROT_ALD", _day(2024, 9, 9), status=DocumentStatus.ARCHIVED)),
    kept(entry("remb", "Historique de remboursements", "REMB", _day(2025, 9, 1), HOSPITAL)),
    kept(entry("inconnu", "Document d’un type nouveau", "ZZ-99", _day(2025, 8, 1))),
)
FRESH = (
    kept(entry("bio", "Bilan biologique", "11502-2", _day(2026, 4, 9, 9, 40), LABORATORY), submission="lot-1"),
    kept(entry("sortie", "Lettre de sortie, cardiologie", "11490-0", _day(2026, 4, 2), HOSPITAL)),
    kept(entry("ordo", "Ordonnance, renouvellement", "57833-6", _day(2026, 3, 18)), submission="lot-1"),
)
MASKED = kept(entry("psy", "Compte rendu psychiatrique", "11488-4", _day(2026, 3, 1), GABARIT, hidden=("MASQUE_PS",)))


class HandLanes:
    """Work waits until the test lets it run, or runs at once."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.at_once = at_once
        self.waiting: list[tuple[Lane, Callable[[], None]]] = []

    def run(
        self,
        lane: Lane,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[DmpError], None],
    ) -> HandLanes:
        """Take the work."""

        def go() -> None:
            try:
                result = work()
            except DmpError as error:
                failed(error)
            else:
                done(result)

        if self.at_once:
            go()
        else:
            self.waiting.append((lane, go))
        return self

    def cancel(self) -> None:
        """Nothing runs at this moment."""

    def let(self, lane: Lane | None = None) -> int:
        """Run what waits in a lane (or in all), with what it brings; gives how many ran."""
        ran = 0
        while True:
            ready = next((item for item in self.waiting if lane in (None, item[0])), None)
            if ready is None:
                return ran
            self.waiting.remove(ready)
            ready[1]()
            ran += 1


class FarStore:
    """The store's two doors, at the outermost edge: what it would give, and what was asked of it."""

    def __init__(self, treating: bool = False) -> None:
        self.asked: list[str] = []
        self.fault: DmpError | None = None
        self.update: ShelfUpdate | None = None
        self.report = RefreshReport(
            RefreshOutcome.DONE, ExistenceAnswer(DossierState.ACTIVE, NOW, Authorisation.VALID, treating)
        )

    def run(
        self,
        ins: object,
        reader: Any,
        shelf: Any,
        author: object,
        access: object = None,
        *,
        full: bool = False,
        by_agreement: bool = False,
    ) -> RefreshReport:
        """A refresh."""
        self.asked.append("full" if full else "changes")
        if self.fault is not None:
            raise self.fault
        if self.update is not None:
            shelf.apply(reader, self.update)
        return self.report

    def retrieve(self, ins: object, entries: tuple[DocumentEntry, ...], access: object) -> FarStore:
        """A document."""
        self.asked.append(entries[0].title)
        if self.fault is not None:
            raise self.fault
        self.documents = tuple(document(one) for one in entries)
        return self

    refused = ()
    documents: tuple[RetrievedDocument, ...] = ()


def document(described: DocumentEntry) -> RetrievedDocument:
    """Its bytes: plain text is enough for the list's sake."""
    body = f"{described.title}. Potassium modérément élevé, à contrôler."
    return RetrievedDocument(described.unique_id, "", "text/plain", body.encode())


class NoActs:
    """An outbox where nothing waits for this person."""

    events: tuple[Any, ...] = ()

    def of_dossier(self, dossier: str) -> tuple[Any, ...]:
        """Nothing, or what the test put there."""
        return self.events


class Memory:
    """What is remembered of the list."""

    text = ""

    def recall(self) -> str:
        """What was kept."""
        return self.text

    def keep(self, text: str) -> None:
        """Keep it."""
        self.text = text


class World:
    """A record with its shelf, ready to be shown."""

    def __init__(
        self,
        *,
        treating: bool = False,
        access: Access = NORMAL_ACCESS,
        entries: Iterable[KeptEntry] | None = None,
        visited: bool = True,
    ) -> None:
        self.clock = HandClock(VISIT)
        self.store, self.acts, self.memory = FarStore(treating), NoActs(), Memory()
        self.copy = ClinicalStore.in_memory(self.clock)
        existence = ExistenceAnswer(DossierState.ACTIVE, NOW, Authorisation.VALID, treating)
        identity = Identity(TRAITS, InsStatus.QUALIFIED, ins(people.ODILE))
        self.context = RecordContext("d" * 8, identity, people.doctor(), BRINDILLE, access, existence, NOW)
        reader = self.context.reader
        if entries is None:
            self.copy.shelf.apply(reader, ShelfUpdate(OLD, until=VISIT))
            if visited:
                self.copy.shelf.visit_ended(reader)
            self.clock.time = NOW - timedelta(minutes=1)
            self.copy.shelf.apply(reader, ShelfUpdate(FRESH, until=NOW))
        else:
            self.copy.shelf.apply(reader, ShelfUpdate(tuple(entries), until=NOW))
        self.clock.time = NOW
        self.record = Record(
            self.context,
            self.copy.shelf,
            self.copy.drafts,
            self.acts,
            self.store,
            self.store,
            lambda found: found.content.decode(),
        )

    def look(self) -> Look:
        """The rows now."""
        return self.record.look()

    def close(self) -> None:
        """End."""
        self.copy.close()


class FarEntrance:
    """The gate's questions, answered as the test wants."""

    def __init__(self, world: World, answer: ExistenceAnswer | DmpError, identity: Identity | None = None) -> None:
        self._world, self.answer = world, answer
        self.identity = identity or world.context.identity
        self.known: ExistenceAnswer | None = None
        self.event_state, self.event_cause = EventState.CONFIRMED, ""
        self.kept: list[GateReason | None] = []

    def gate(self, identity: Identity, professional: Professional, author: Author) -> AccessGate:
        """A way in."""
        return AccessGate(identity, "d" * 8, professional, author, self._world.clock, self.known)

    def ask(self, gate: AccessGate) -> ExistenceAnswer:
        """The answer."""
        if isinstance(self.answer, DmpError):
            raise self.answer
        return self.answer

    def keep(self, gate: AccessGate) -> Event:
        """The gesture."""
        self.kept.append(gate.reason)
        return self._event()

    def deliver(self, event_id: str, author: Author) -> Event:
        """Where it stands."""
        return replace(self._event(), state=self.event_state, cause=self.event_cause)

    def _event(self) -> Event:
        change = AuthorisationChange(self._world.context.ins, AuthorisationAct.ADD)
        return Event("0" * 32, BRINDILLE, NOW, change)


def screen_tree(widget: QWidget) -> list[tuple[str, ...]]:
    """What a screen reader is given, depth first."""
    found: list[tuple[str, ...]] = []

    def walk(node: object, depth: int) -> None:
        assert hasattr(node, "text")
        kinds = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value)
        found.append((str(depth), *(node.text(kind) for kind in kinds)))
        for place in range(node.childCount()):
            child = node.child(place)
            if child is not None and child.isValid():
                walk(child, depth + 1)

    walk(QAccessible.queryAccessibleInterface(widget), 0)
    return found
