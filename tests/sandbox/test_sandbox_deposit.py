"""A deposit with one wrong thing: refused with its code, and nothing of it is filed. Then faults on documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from helpers import documents_world, wire_sandbox
from helpers.clocks import HandClock
from helpers.sandbox_matrix import ERNEST, IDENTITY, Room
from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.document import DocumentEntry, Visibility, new_oid
from dmp_desktop.domain.habilitations import Access
from dmp_desktop.errors import DmpError, RefusedByStore
from dmp_desktop.sandbox import ebrim, people
from dmp_desktop.sandbox.faults import Fault, FaultKind, Transaction
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sync import cda, mtom, submission, xds_response
from dmp_desktop.sync.errors import ConnectionCut, DuplicateDocument
from dmp_desktop.sync.gateway import Gateway
from dmp_desktop.sync.line import Outgoing

_RIM = f"{{{oids.NS_RIM}}}"


@pytest.fixture
def gateway(sandbox: Sandbox, sandbox_clock: HandClock) -> Iterator[Gateway]:
    """Signed in as Dr Brindille."""
    made = Gateway(wire_sandbox.settings(sandbox), sandbox_clock, address=("4 rue de l’Exemple",))
    made.sign_in(wire_sandbox.credentials(sandbox))
    yield made
    made.close()


@dataclass
class Message:
    """A deposit on its way, to be spoilt."""

    body: etree._Element
    parts: dict[str, bytes]

    @property
    def document(self) -> str:
        """Name of the document's part."""
        return next(name for name in self.parts if name.startswith("Document"))

    @property
    def signature(self) -> str:
        """Name of the signature's part."""
        return next(name for name in self.parts if name.startswith("Signature"))

    def slot(self, name: str, value: str, within: str = "ExtrinsicObject") -> None:
        """Set the first slot of a name."""
        for found in self.body.iter(f"{_RIM}Slot"):
            owner = found.getparent()
            while owner is not None and owner.tag not in {f"{_RIM}ExtrinsicObject", f"{_RIM}RegistryPackage"}:
                owner = owner.getparent()
            if found.get("name") == name and owner is not None and owner.tag == f"{_RIM}{within}":
                found[0][0].text = value
                return
        raise KeyError(name)

    def attribute(self, attribute: str, old: str, new: str) -> None:
        """Change the value of an attribute wherever it is that one."""
        for found in self.body.iter():
            if found.get(attribute) == old:
                found.set(attribute, new)

    def drop(self, tag: str, attribute: str, value: str) -> None:
        """Take an element away."""
        for found in list(self.body.iter(f"{_RIM}{tag}")):
            if found.get(attribute) == value:
                found.getparent().remove(found)  # type: ignore[union-attr]

    def bytes(self, name: str, old: bytes, new: bytes) -> None:
        """Change bytes of a part."""
        assert old in self.parts[name]
        self.parts[name] = self.parts[name].replace(old, new, 1)


def _send(gateway: Gateway, clock: HandClock, spoil: Callable[[Message], None], access: Access = Access()) -> None:  # noqa: B008
    at = clock.now() - timedelta(minutes=1)
    root = "1.2.250.1.999.1.1"
    plain = replace(documents_world.document(), unique_id=new_oid(root), set_id=new_oid(root))
    fresh = replace(plain, created_at=at, service_start=at, service_stop=None)
    sent = replace(documents_world.submission(fresh), unique_id=new_oid(root), signature_id=new_oid(root))
    line = gateway.line
    with line.call() as session:
        held = session.speaker.credentials
        situation = held.situation
        custodian = cda.Custodian(situation.structure.value, situation.name, situation.sector, ("4 rue de l’Exemple",))
        sender = submission.Sender(cda.author_of(held.professional, situation), custodian, held.signer, root)
        made = submission.provide(sent, IDENTITY, sender, clock.now(), line.disputed)
        message = Message(made.body, {part.name: b"".join(part.chunks()) for part in made.attachments})
        spoil(message)
        url = line.address(submission.PROVIDE_SERVICE)
        request = session.speaker.to_dmp(url, submission.PROVIDE_ACTION, message.body, ERNEST.ins, access, fresh=True)
        parts = [
            mtom.Attachment(name, len(data), lambda data=data: iter([data])) for name, data in message.parts.items()
        ]
        whole = mtom.write(request.content, request.action, parts)
        leaving = Outgoing(whole.chunks(), whole.content_type, whole.length)
        answer = line.exchange(
            session,
            url,
            request,
            submission.PROVIDE_ANSWER_ACTION,
            leaving,
            lambda kind, got: mtom.read(kind, got).envelope,
        )
        xds_response.check(answer)


def _inline(message: Message) -> None:
    include = next(message.body.iter(f"{{{oids.NS_XOP}}}Include"))
    holder = include.getparent()
    assert holder is not None
    holder.remove(include)
    holder.text = "AAAA"


def _hide(message: Message, *codes: str) -> None:
    for found in list(message.body.iter(f"{_RIM}Classification")):
        if (
            found.get("classificationScheme") == oids.XDS_ENTRY_CONFIDENTIALITY
            and found.get("nodeRepresentation") == "N"
        ):
            for code in codes:
                twin = etree.fromstring(etree.tostring(found))
                twin.set("nodeRepresentation", code)
                found.addnext(twin)
            return


def _add(message: Message, name: str, value: str) -> None:
    entry = next(message.body.iter(f"{_RIM}ExtrinsicObject"))
    entry.insert(0, ebrim.make_slot(name, value))


def _patient(message: Message) -> None:
    other = people.person("nadege").ins
    for found in message.body.iter(f"{_RIM}ExternalIdentifier"):
        if found.get("identificationScheme") == oids.XDS_ENTRY_PATIENT_ID:
            found.set("value", f"{other.value}^^^&{other.oid}&ISO^NH")


def _unlink(message: Message) -> None:
    for found in list(message.body.iter(f"{_RIM}Association")):
        if str(found.get("targetObject")).startswith("Document"):
            found.getparent().remove(found)  # type: ignore[union-attr]


def _replace(message: Message) -> None:
    member = next(message.body.iter(f"{_RIM}Association"))
    twin = etree.fromstring(etree.tostring(member))
    twin.set("associationType", ebrim.REPLACES)
    twin.set("sourceObject", member.get("targetObject", ""))
    twin.set("targetObject", "urn:uuid:00000000-0000-4000-8000-000000000000")
    member.addnext(twin)


_WRONG: dict[str, tuple[Callable[[Message], None], str]] = {
    "digest of the document": (lambda m: m.bytes(m.document, b"</title>", b" </title>"), "DMPSignatureInvalid"),
    "value of the signature": (
        lambda m: m.bytes(m.signature, b"SignatureValue>", b"SignatureValue>A"),
        "DMPSignatureInvalid",
    ),
    "time of the signature": (
        lambda m: m.bytes(m.signature, b"SigningTime>20", b"SigningTime>19"),
        "DMPSignatureInvalid",
    ),
    "no signature": (lambda m: m.drop("Association", "associationType", ebrim.SIGNS), "DMPSignatureMissing"),
    "hash": (lambda m: _add(m, "hash", "0" * 40), "XDSNonIdenticalHash"),
    "size": (lambda m: _add(m, "size", "3"), "DMPMetadataDoNotMatchDocument"),
    "creation time": (lambda m: m.slot("creationTime", "20200101000000"), "DMPMetadataDoNotMatchDocument"),
    "type": (lambda m: m.attribute("nodeRepresentation", "11488-4", "11490-0"), "DMPMetadataDoNotMatchDocument"),
    "title": (lambda m: m.attribute("value", "Compte rendu de consultation", "Autre"), "DMPMetadataDoNotMatchDocument"),
    "author": (
        lambda m: m.slot("authorPerson", f"{people.GABARIT}^G^L^^^^^^&{oids.PS_ID}&ISO^D^^^IDNPS"),
        "DMPMetadataDoNotMatchDocument",
    ),
    "institution of the set": (
        lambda m: m.slot("authorInstitution", f"X^^^^^&{oids.STRUCTURE_ID}&ISO^IDNST^^^1997000332", "RegistryPackage"),
        "DMPAuthorInstitution",
    ),
    "patient": (_patient, "XDSPatientIdDoesNotMatch"),
    "not in MTOM": (_inline, "XDSMissingDocument"),
    "a part is missing": (lambda m: m.parts.pop(m.document) and None, "XDSMissingDocument"),
    "hidden from both": (lambda m: _hide(m, "MASQUE_PS", "INVISIBLE_PATIENT"), "DMPVisibilityForbidden"),
    "out of the set": (lambda m: m.drop("Association", "id", "as1") or _unlink(m), "XDSRegistryMetadataError"),
    "not a CDA": (lambda m: m.parts.update({m.document: b"<a/>"}), "CISIS_StructurationCommuneCDAr2"),
    "no set id": (lambda m: m.bytes(m.document, b"<setId", b"<setJd"), "DMPMalformedMessage"),
    "an entity": (
        lambda m: m.parts.update({m.document: b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "DMPMalformedMessage",
    ),
    "replaces nothing": (_replace, "XDSReplaceFailed"),
}


@pytest.mark.parametrize("what", list(_WRONG))
def test_one_wrong_thing(sandbox: Sandbox, gateway: Gateway, sandbox_clock: HandClock, what: str) -> None:
    """Refused with its code; nothing is filed; the history tells it."""
    spoil, code = _WRONG[what]
    before = sandbox.store.registry.entries(ERNEST.ins.value)
    with pytest.raises(RefusedByStore) as caught:
        _send(gateway, sandbox_clock, spoil)
    assert caught.value.store_code == code
    assert sandbox.store.registry.entries(ERNEST.ins.value) == before
    assert sandbox.store.accesses(ERNEST.ins)[-1].outcome == code


def test_nothing_wrong(sandbox: Sandbox, gateway: Gateway, sandbox_clock: HandClock) -> None:
    """The same message unspoilt is filed: the document and the signature of its submission."""
    before = len(sandbox.store.registry.entries(ERNEST.ins.value))
    _send(gateway, sandbox_clock, lambda _: None)
    assert len(sandbox.store.registry.entries(ERNEST.ins.value)) == before + 2


def test_a_secret_connection_takes_secrets_only(sandbox: Sandbox, gateway: Gateway, sandbox_clock: HandClock) -> None:
    """What the representatives would see is refused; what they would not is filed, and the history keeps the secret."""
    with pytest.raises(RefusedByStore) as caught:
        _send(gateway, sandbox_clock, lambda _: None, Access(secret=True))
    assert caught.value.store_code == "DMPVisibilityForbidden"
    _send(gateway, sandbox_clock, lambda m: _hide(m, "INVISIBLE_REPRESENTANTS_LEGAUX"), Access(secret=True))
    assert sandbox.store.accesses(ERNEST.ins)[-1].secret == "oui"


@pytest.mark.parametrize("kind", [FaultKind.CUT_AFTER, FaultKind.DUPLICATE])
def test_faults_reach_deposits(sandbox: Sandbox, gateway: Gateway, sandbox_clock: HandClock, kind: FaultKind) -> None:
    """An answer lost, a request played twice: filed once."""
    sandbox.faults.order(Fault(kind, Transaction.DEPOSIT))
    before = len(sandbox.store.registry.entries(ERNEST.ins.value))
    with pytest.raises((ConnectionCut, DuplicateDocument)):
        _send(gateway, sandbox_clock, lambda _: None)
    assert len(sandbox.store.registry.entries(ERNEST.ins.value)) == before + 2


@pytest.mark.parametrize("kind", [k for k in FaultKind if k not in {FaultKind.DUPLICATE, FaultKind.LATENCY}])
def test_faults_reach_queries_and_readings(
    sandbox: Sandbox, gateway: Gateway, sandbox_clock: HandClock, kind: FaultKind
) -> None:
    """Every way to fail, on TD3.1 and TD3.2: a typed error, then things go on."""
    room = Room(sandbox, sandbox_clock)
    room.reset()
    paper = room.paper()
    for transaction in (Transaction.FIND, Transaction.RETRIEVE):
        sandbox.faults.order(Fault(kind, transaction, count=20))

        def act(asked: Transaction = transaction, paper: DocumentEntry = paper) -> object:
            documents = gateway.documents
            return documents.find(ERNEST.ins) if asked is Transaction.FIND else documents.retrieve(ERNEST.ins, [paper])

        with pytest.raises(DmpError):
            act()
        assert act()


def test_visible_is_never_hidden_again(sandbox: Sandbox, gateway: Gateway, sandbox_clock: HandClock) -> None:
    """A professional makes visible; the reverse is no transaction of theirs."""
    room = Room(sandbox, sandbox_clock)
    room.reset()
    paper = room.paper(people.BRINDILLE, "499700000017001")
    with pytest.raises(RefusedByStore) as caught:
        gateway.documents.set_visibility(ERNEST.ins, paper.entry_uuid, Visibility(from_patient=True))
    assert caught.value.store_code == "DMPVisibilityForbidden"
