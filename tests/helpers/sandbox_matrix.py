"""Every column of the two matrices at the wire: the real client, signed in as someone of that column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

from helpers import documents_world, wire_sandbox
from helpers.clocks import HandClock
from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, Visibility, new_oid
from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.habilitations import (
    Access,
    AccessMode,
    AuthorisationFilter,
    IdentityMode,
    ListedBy,
    PatientQuery,
)
from dmp_desktop.domain.identifiers import CardNature, PsId
from dmp_desktop.domain.identity import Identity, InsStatus
from dmp_desktop.domain.professional import Professional, ProfessionalKind
from dmp_desktop.domain.rights import Action, Column
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sandbox import ebrim, people
from dmp_desktop.sandbox.pki import OrganisationUse
from dmp_desktop.sandbox.registry import Batch, Content, Entry
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sync import (
    habilitations,
    hl7v3_administration,
    hl7v3_existence,
    hl7v3_search,
    keyfiles,
    patient_service,
)
from dmp_desktop.sync.credentials import PGSSI_S, Authentication, Credentials, structure_credentials
from dmp_desktop.sync.gateway import Gateway
from dmp_desktop.sync.hl7v3 import Frame
from dmp_desktop.sync.query import FindDocuments

ERNEST = people.person("ernest")
IDENTITY = Identity(ERNEST.traits, InsStatus.QUALIFIED, ERNEST.ins)
WHO = {
    Column.PROFESSIONAL: "pansement",
    Column.DOCTOR: "brindille",
    Column.OCCUPATIONAL: "chantier",
    Column.TREATING: "gabarit",
    Column.DESK: "papier",
    Column.STRUCTURE: "brindille",
    Column.PERSON: "brindille",
}
_STAFF = Professional(PsId("399700017/TRI1"), "TRIEUR", "OCTAVE", ProfessionalKind.CPE, CardNature.TEST)
_PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
_STRANGER, _ELSEWHERE = people.OFFICINAL, "1997000332"
_numbers = count(1)


def access(mode: AccessMode) -> Access:
    """A way in, with its motive where one is needed."""
    return Access(mode, "Personne inconsciente" if mode is AccessMode.BREAK_GLASS else "")


def credentials(sandbox: Sandbox, column: Column, *, reinforced: bool) -> Credentials:
    """The keys of someone of a column: their card, or their structure's certificates."""
    profile = people.profile(WHO[column])
    if not reinforced and column is not Column.STRUCTURE:
        return wire_sandbox.credentials(sandbox, profile.key)
    situation = profile.situations[0]
    issued = {use: sandbox.pki.issue_organisation(situation.structure, situation.name, use) for use in OrganisationUse}
    keys = {use: keyfiles.load(one.certificate, key_path=one.key) for use, one in issued.items()}
    authentication = (
        Authentication(IdentityMode.REINFORCED, _PASSWORD, PGSSI_S)
        if reinforced
        else Authentication(IdentityMode.INDIRECT, _PASSWORD)
    )
    who = _STAFF if column is Column.PERSON else profile.professional
    return structure_credentials(
        who, situation, authentication, seal=keys[OrganisationUse.SIGN], channel=keys[OrganisationUse.AUTH_CLI]
    )


@dataclass
class Room:
    """A sandbox, its clock, and one gateway per column, opened once."""

    sandbox: Sandbox
    clock: HandClock

    def __post_init__(self) -> None:
        self._gateways: dict[tuple[Column, bool], Gateway] = {}

    def gateway(self, column: Column, *, reinforced: bool) -> Gateway:
        """Signed in as someone of that column."""
        key = (column, reinforced)
        if key not in self._gateways:
            made = Gateway(wire_sandbox.settings(self.sandbox), self.clock, address=("4 rue de l’Exemple",))
            made.sign_in(credentials(self.sandbox, column, reinforced=reinforced))
            self._gateways[key] = made
        return self._gateways[key]

    def close(self) -> None:
        """Sign everybody out."""
        for gateway in self._gateways.values():
            gateway.close()

    def reset(self) -> None:
        """Everyone is authorised again, and Dr Gabarit is médecin traitant."""
        store = self.sandbox.store
        for profile in people.everyone():
            treating = profile.key == "gabarit"
            store.authorise(ERNEST.ins, profile.professional.id.value, self.clock.now(), treating=treating)
        store.authorise(ERNEST.ins, people.GABARIT, self.clock.now(), treating=True)
        held = store.dossier(ERNEST.ins)
        if held is not None and held.masked_in_urgency:
            store.change(ERNEST.ins, masked_in_urgency=False)

    def paper(
        self,
        author: str = _STRANGER,
        structure: str = _ELSEWHERE,
        *,
        hidden: tuple[str, ...] = (),
        of_patient: bool = False,
    ) -> DocumentEntry:
        """A document newly filed by someone, as the client would know it."""
        registry = self.sandbox.store.registry
        model = next(e for e in registry.entries(ERNEST.ins.value) if "Ordonnance" in _title(e))
        unique_id = f"1.2.250.1.999.1.1.9970.9.{next(_numbers)}"
        element = ebrim.describe(model)
        _set(element, "authorPerson", f"{author}^AUTEUR^ANONYME^^^^^^&{oids.PS_ID}&ISO^D^^^IDNPS")
        _set(element, "authorInstitution", f"Structure^^^^^&{oids.STRUCTURE_ID}&ISO^IDNST^^^{structure}")
        for part in element.iter(f"{{{oids.NS_RIM}}}ExternalIdentifier"):
            if part.get("identificationScheme") == oids.XDS_ENTRY_UNIQUE_ID:
                part.set("value", unique_id)
        for part in list(element.iter(f"{{{oids.NS_RIM}}}Classification")):
            if part.get("classificationScheme") == oids.XDS_ENTRY_CLASS and of_patient:
                part.set("nodeRepresentation", "90")
            if part.get("classificationScheme") == oids.XDS_ENTRY_CONFIDENTIALITY:
                for code in hidden:
                    twin = etree.fromstring(etree.tostring(part))
                    twin.set("nodeRepresentation", code)
                    part.addnext(twin)
        uuid, xml = ebrim.register(element, lid="", version=1, size=5, sha1="0" * 40)
        at = self.clock.now().isoformat()
        entry = Entry(uuid, uuid, 1, unique_id, ERNEST.ins.value, ebrim.APPROVED, True, at, xml)
        registry.file(Batch((entry,), contents=(Content(unique_id, "text/xml", b"<a/>\n"),)))
        nothing = Code("", "")
        status = DocumentStatus.APPROVED
        return DocumentEntry(
            uuid, uuid, unique_id, status, status.value, nothing, nothing, nothing, repository_id=oids.DMP_REPOSITORY
        )


def _title(entry: Entry) -> str:
    return ebrim.title(ebrim.describe(entry))


def _set(element: etree._Element, slot: str, value: str) -> None:
    for found in element.iter(f"{{{oids.NS_RIM}}}Slot"):
        if found.get("name") == slot:
            found[0][0].text = value


@dataclass(frozen=True)
class Attempt:
    """One act of a column in a mode, through the client."""

    room: Room
    gateway: Gateway
    way: Access

    def ask(self, service: str, actions: tuple[str, str], body: etree._Element, *, about: bool = True) -> None:
        """A message that no public method sends in this mode: the client's own codecs, its own line."""
        with self.gateway.line.call() as session:
            ins = ERNEST.ins if about else None
            self.gateway.line.ask(session, service, *actions, body, ins, self.way)

    @property
    def frame(self) -> Frame:
        """Head of a message."""
        assert self.gateway.line.session is not None
        return self.gateway.line.session.speaker.frame()

    def authorise(self, act: AuthorisationAct, *, treating: bool = False) -> None:
        """TD0.3."""
        body = habilitations.authorisation_request(act, treating=treating)
        self.ask("habilitations", (habilitations.ACTION, habilitations.ANSWER_ACTION), body)

    def list_dossiers(self, by: ListedBy = ListedBy.AUTHORISATION, owner: str = "") -> None:
        """TD0.4."""
        body = patient_service.dossiers_request(by, None, PsId(owner) if owner else None)
        actions = (patient_service.LIST_ACTION, patient_service.LIST_ANSWER_ACTION)
        self.ask("patients", actions, body, about=False)

    def search(self) -> None:
        """TD0.5."""
        body = hl7v3_search.search_request(self.frame, PatientQuery(("MIRABELLE",)))
        self.ask("patients", (hl7v3_search.ACTION, hl7v3_search.ANSWER_ACTION), body, about=False)

    def read_data(self) -> None:
        """TD1.3a."""
        body = hl7v3_administration.data_request(self.frame, ERNEST.ins)
        self.ask("patients", (hl7v3_existence.ACTION, hl7v3_existence.ANSWER_ACTION), body)

    def list_professionals(self) -> None:
        """TD1.6."""
        body = habilitations.professionals_request(AuthorisationFilter.ALL)
        self.ask("habilitations", (habilitations.LIST_ACTION, habilitations.LIST_ANSWER_ACTION), body)

    def deposit(self) -> None:
        """TD2.1, TD2.2."""
        at = self.room.clock.now() - timedelta(minutes=1)
        by_desk = self.gateway.author_id == people.PAPIER
        plain = documents_world.document(by_desk=by_desk)
        fresh = replace(
            plain,
            unique_id=new_oid("1.2.250.1.999.1.1"),
            set_id=new_oid("1.2.250.1.999.1.1"),
            created_at=at,
            service_start=at,
            service_stop=None,
        )
        sent = replace(
            documents_world.submission(fresh),
            unique_id=new_oid("1.2.250.1.999.1.1"),
            signature_id=new_oid("1.2.250.1.999.1.1"),
        )
        self.gateway.documents.deposit(sent, IDENTITY, access=self.way)

    def find(self) -> None:
        """TD3.1, whole descriptions."""
        assert self.gateway.documents.find(ERNEST.ins, FindDocuments(), self.way)

    def find_reference(self) -> None:
        """TD3.1b."""
        structure = self.gateway.line.session.speaker.credentials.situation.structure.value  # type: ignore[union-attr]
        paper = self.room.paper(structure=structure)
        found = self.gateway.documents.entry_uuids(ERNEST.ins, [paper.unique_id], self.way)
        assert found == (paper.entry_uuid,)

    def read(self, paper: DocumentEntry) -> None:
        """TD3.2."""
        self.gateway.documents.retrieve(ERNEST.ins, [paper], self.way)

    def show(self, paper: DocumentEntry, visibility: Visibility) -> None:
        """TD3.3a, TD3.3b."""
        self.gateway.documents.set_visibility(ERNEST.ins, paper.entry_uuid, visibility, access=self.way)

    def move(self, paper: DocumentEntry, status: DocumentStatus) -> None:
        """TD3.3c, TD3.3d."""
        self.gateway.documents.set_status(ERNEST.ins, paper, status, access=self.way)


PLAIN: dict[Action, Callable[[Attempt], object]] = {
    Action.AUTHENTICATE: lambda a: a.gateway.access.existence(ERNEST.ins, a.way),
    Action.EXISTENCE: lambda a: a.gateway.access.existence(ERNEST.ins, a.way),
    Action.AUTHORISE: lambda a: a.authorise(AuthorisationAct.ADD),
    Action.WITHDRAW: lambda a: a.authorise(AuthorisationAct.REMOVE),
    Action.CEASE_TREATING: lambda a: a.authorise(AuthorisationAct.REMOVE, treating=True),
    Action.LIST_DOSSIERS: lambda a: a.list_dossiers(),
    Action.SEARCH: lambda a: a.search(),
    Action.READ_DATA: lambda a: a.read_data(),
    Action.LIST_PROFESSIONALS: lambda a: a.list_professionals(),
    Action.DEPOSIT: lambda a: a.deposit(),
    Action.DEPOSIT_BY_DESK: lambda a: a.deposit(),
    Action.FIND: lambda a: a.find(),
    Action.FIND_REFERENCE: lambda a: a.find_reference(),
}
HIDDEN: dict[Action, tuple[str, ...]] = {
    Action.READ_MASKED: ("MASQUE_PS",),
    Action.READ_SET_ASIDE: ("INVISIBLE_PATIENT",),
    Action.UNMASK: ("MASQUE_PS",),
    Action.SHOW: ("INVISIBLE_PATIENT",),
}
ON_PAPER: dict[Action, Callable[[Attempt, DocumentEntry], None]] = {
    Action.READ: lambda a, paper: a.read(paper),
    Action.READ_MASKED: lambda a, paper: a.read(paper),
    Action.READ_SET_ASIDE: lambda a, paper: a.read(paper),
    Action.MASK: lambda a, paper: a.show(paper, Visibility(from_professionals=True)),
    Action.UNMASK: lambda a, paper: a.show(paper, Visibility()),
    Action.SHOW: lambda a, paper: a.show(paper, Visibility()),
    Action.DELETE: lambda a, paper: a.move(paper, DocumentStatus.DELETED),
    Action.ARCHIVE: lambda a, paper: a.move(paper, DocumentStatus.ARCHIVED),
}
