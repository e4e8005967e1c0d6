"""What the sandbox answers to every transaction validates against the official schemas, done or refused."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from helpers import wire_sandbox, wire_schemas
from helpers.clocks import HandClock
from helpers.sandbox_matrix import ERNEST, Attempt, Room, access, credentials
from lxml import etree

from dmp_desktop.domain.administration import ChannelAct, ChannelKind, ClosingReason, CodeChannel
from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.dossier import DossierState, ExistenceAnswer
from dmp_desktop.domain.habilitations import AccessMode, AuthorisationFilter, ListedBy, PatientQuery
from dmp_desktop.domain.rights import Column
from dmp_desktop.errors import RefusedByStore
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sync.gateway import Gateway
from dmp_desktop.sync.query import FindDocuments

_CAMILLE = people.person("camille-1986")
_ANY = FindDocuments(statuses=tuple(DocumentStatus))


class _Kept:
    """Keeps what came back."""

    def __init__(self) -> None:
        self.last = b""

    def sent(self, url: str, content: bytes) -> None:
        """A message left."""

    def received(self, status: int, content: bytes) -> None:
        """An answer came."""
        self.last = content

    @property
    def body(self) -> etree._Element:
        """What the last answer's envelope holds."""
        return wire_schemas.body(etree.fromstring(self.last))


@cache
def _xsd(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(path))


@cache
def _wsdl(reference: Path, name: str) -> etree.XMLSchema:
    return wire_schemas.wsdl_schema(reference, name)


@pytest.fixture
def kept() -> _Kept:
    """The witness."""
    return _Kept()


@pytest.fixture
def gateway(sandbox: Sandbox, sandbox_clock: HandClock, kept: _Kept) -> Iterator[Gateway]:
    """Signed in as Dr Gabarit, médecin traitant of Ernest."""
    made = Gateway(wire_sandbox.settings(sandbox), sandbox_clock, witness=kept, address=("4 rue de l’Exemple",))
    made.sign_in(credentials(sandbox, Column.TREATING, reinforced=False))
    yield made
    made.close()


@pytest.fixture
def room(sandbox: Sandbox, sandbox_clock: HandClock) -> Room:
    """Where a document may be filed."""
    return Room(sandbox, sandbox_clock)


def _good(schema: etree.XMLSchema, kept: _Kept, name: str) -> None:
    (found,) = [n for n in kept.body.iter() if isinstance(n.tag, str) and etree.QName(n).localname == name]
    # As XOP has it, what stands beside the message is base64 within it.
    for include in list(found.iter("{http://www.w3.org/2004/08/xop/include}Include")):
        holder = include.getparent()
        assert holder is not None
        holder.remove(include)
        holder.text = "AA=="
    assert wire_schemas.validate(schema, found) == []


def test_queries(reference: Path, gateway: Gateway, kept: _Kept) -> None:
    """TD3.1: whole descriptions, references, submissions with their links, and a refusal."""
    schema = _xsd(reference / "dmp/schema/ebRS/query.xsd")
    found = gateway.documents.find(ERNEST.ins, _ANY)
    assert {entry.status for entry in found} == set(DocumentStatus)
    _good(schema, kept, "AdhocQueryResponse")
    gateway.documents.entry_uuids(ERNEST.ins, [found[0].unique_id])
    _good(schema, kept, "AdhocQueryResponse")
    gateway.documents.changes(ERNEST.ins, found[0].created_at)  # type: ignore[arg-type]
    _good(schema, kept, "AdhocQueryResponse")
    gateway.documents.find(ERNEST.ins, replace(_ANY, types=()))
    with gateway.line.call() as session, contextlib.suppress(RefusedByStore):
        from dmp_desktop.sync import query, xds_reading

        body = query.get_documents()
        answered = gateway.line.ask(session, query.SERVICE, query.ACTION, query.ANSWER_ACTION, body, ERNEST.ins)
        xds_reading.read(answered)
    _good(schema, kept, "AdhocQueryResponse")


def test_documents(reference: Path, gateway: Gateway, kept: _Kept, room: Room) -> None:
    """TD2.1, TD3.2 and TD3.3, done and refused."""
    repository = _xsd(reference / "dmp/schema/IHE/XDS.b_DocumentRepository.xsd")
    registry = _xsd(reference / "dmp/schema/ebRS/rs.xsd")
    for entry in gateway.documents.find(ERNEST.ins):
        gateway.documents.retrieve(ERNEST.ins, [entry])
        _good(repository, kept, "RetrieveDocumentSetResponse")
    gone = replace(entry, unique_id="1.2.3")
    with pytest.raises(RefusedByStore):
        gateway.documents.retrieve(ERNEST.ins, [gone])
    _good(repository, kept, "RetrieveDocumentSetResponse")
    attempt = Attempt(room, gateway, access(AccessMode.NORMAL))
    attempt.deposit()
    _good(registry, kept, "RegistryResponse")
    paper = room.paper()
    attempt.show(paper, Visibility(from_professionals=True))
    _good(registry, kept, "RegistryResponse")
    with pytest.raises(RefusedByStore):
        attempt.move(paper, DocumentStatus.ARCHIVED)
    _good(registry, kept, "RegistryResponse")


def test_lists(reference: Path, gateway: Gateway, kept: _Kept) -> None:
    """TD0.4 and TD1.6."""
    for by in ListedBy:
        found = gateway.access.authorised_dossiers(by)
        assert {(one.ins, one.treating) for one in found} == {(ERNEST.ins, True), (people.person("firmin").ins, True)}
        _good(_wsdl(reference, "PatientsSpecific.wsdl"), kept, "patientListResponse")
    for which in AuthorisationFilter:
        gateway.access.professionals(ERNEST.ins, which)
        _good(_wsdl(reference, "Habilitations.wsdl"), kept, "listAuthorizationByPatientResponse")


def test_search(reference: Path, gateway: Gateway, kept: _Kept) -> None:
    """TD0.5: someone, and nobody."""
    schema = _xsd(reference / "dmp/schema/HL7V3/NE2008/multicacheschemas/PRPA_IN201306UV02.xsd")
    assert gateway.access.search(PatientQuery(("MIRABELLE",), "ERNEST")).matches[0].percentage == 100
    problems = wire_schemas.validate(schema, kept.body)
    # The official example breaks its schema in the same place: what NE2008 calls the acknowledgement's code.
    assert [problem for problem in problems if "acknowledgement" not in problem and "typeCode" not in problem] == []
    assert gateway.access.search(PatientQuery(("PERSONNE",))).total == 0


def _administered(gateway: Gateway) -> ExistenceAnswer:
    known = gateway.existence(_CAMILLE.ins)
    assert (known.state, known.attached_to_mes) == (DossierState.ACTIVE, False)
    return known


def test_administration(reference: Path, gateway: Gateway, kept: _Kept, sandbox: Sandbox) -> None:
    """TD1.3a, TD1.3b, then TD1.4: what is changed is read again, what is closed is closed."""
    known = _administered(gateway)
    data = gateway.administration.data(_CAMILLE.ins)
    folder = reference / "dmp/schema/HL7V3/NE2009/multicacheschemas"
    _good(_xsd(folder / "PRPA_IN201308UV02.xsd"), kept, "PRPA_IN201308UV02")
    assert (data.opposed_to_break_glass, data.opposed_to_emergency) == (True, True)
    gateway.administration.change(
        replace(data, address=replace(data.address, city="Autre-Ville"), opposed_to_break_glass=False), known
    )
    _good(_xsd(folder / "PRPA_IN201315UV02.xsd"), kept, "PRPA_IN201315UV02")
    again = gateway.administration.data(_CAMILLE.ins)
    assert (again.address.city, again.opposed_to_break_glass, again.telecoms) == ("Autre-Ville", False, data.telecoms)
    gateway.administration.close(_CAMILLE.ins, _CAMILLE.traits, ClosingReason("À sa demande"), known)
    _good(_xsd(folder / "PRPA_IN201315UV02.xsd"), kept, "PRPA_IN201315UV02")
    assert gateway.existence(_CAMILLE.ins).state is DossierState.CLOSED
    with pytest.raises(RefusedByStore):
        gateway.administration.close(_CAMILLE.ins, _CAMILLE.traits, ClosingReason("Encore"), known)
    _good(_xsd(folder / "PRPA_IN201316UV02.xsd"), kept, "PRPA_IN201316UV02")


def test_a_dossier_of_mon_espace_sante_is_administered_there(gateway: Gateway) -> None:
    """Told that it is not attached, the client sends; the sandbox refuses on its own."""
    known = _administered(gateway)
    with pytest.raises(RefusedByStore):
        gateway.administration.close(ERNEST.ins, ERNEST.traits, ClosingReason("Essai"), known)


def test_account(gateway: Gateway, sandbox: Sandbox) -> None:
    """TD1.5a and b: secrets told once and not kept; a channel added, refused twice, removed."""
    known = _administered(gateway)
    mail = CodeChannel(ChannelKind.EMAIL, "camille@exemple.test")
    sandbox.store.change(_CAMILLE.ins, mobile="")
    made = gateway.administration.create_account(_CAMILLE.ins, CodeChannel(ChannelKind.SMS, "0612345678"), known)
    held = sandbox.store.dossier(_CAMILLE.ins)
    assert held is not None
    assert held.account == made.login.reveal()
    assert made.password.reveal() not in repr([getattr(held, name) for name in type(held).__slots__])
    gateway.administration.set_channel(_CAMILLE.ins, ChannelAct.ADD, mail, known)
    with pytest.raises(RefusedByStore):
        gateway.administration.set_channel(_CAMILLE.ins, ChannelAct.ADD, mail, known)
    gateway.administration.set_channel(_CAMILLE.ins, ChannelAct.CHANGE, mail, known)
    gateway.administration.set_channel(_CAMILLE.ins, ChannelAct.REMOVE, mail, known)
    with pytest.raises(RefusedByStore):
        gateway.administration.set_channel(_CAMILLE.ins, ChannelAct.REMOVE, mail, known)


def test_seeded_documents_are_readable(gateway: Gateway) -> None:
    """Every rubrique has something to show, and the PDF are whole."""
    from dmp_desktop.reading import cda_source

    entries = gateway.documents.find(ERNEST.ins, _ANY)
    classes = {entry.class_code.value for entry in entries}
    assert {"10", "11", "42", "43", "44", "52", "60", "90"} <= classes
    assert any(entry.by_patient for entry in entries)
    for document in gateway.documents.retrieve(ERNEST.ins, entries).documents:
        read = cda_source.read(document.content)
        assert read.text("title")
