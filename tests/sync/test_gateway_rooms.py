"""Access and administration through the real gateway, against a real HTTPS store that answers what it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from helpers import wire_answers, wire_dossiers, wire_world
from helpers.clocks import HandClock
from helpers.wire_store import Seen, Store, Told
from lxml import etree

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain import oids
from dmp_desktop.domain.administration import ChannelAct, ChannelKind, ClosingReason, CodeChannel
from dmp_desktop.domain.dossier import Confirmation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.habilitations import (
    Access,
    AccessMode,
    AuthorisationFilter,
    IdentityMode,
    ListedBy,
    PatientQuery,
)
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import RefusedByStore
from dmp_desktop.sync import habilitations, hl7v3_existence, hl7v3_search, keyfiles, patient_service
from dmp_desktop.sync.credentials import Authentication, Credentials, structure_credentials
from dmp_desktop.sync.errors import AdministeredElsewhere, AuthenticationNotDeclared, AuthorMismatch, SecondRoleMissing
from dmp_desktop.sync.gateway import Gateway
from dmp_desktop.sync.hl7v3_parts import REVISE_ANSWER_ACTION

START = datetime(2026, 4, 14, 8, 30, tzinfo=UTC)
KNOWN = ExistenceAnswer(DossierState.ACTIVE, START)
ATTACHED = replace(KNOWN, attached_to_mes=True)
CHANNEL = CodeChannel(ChannelKind.SMS, "0601020304")
TRAITS = wire_world.opening().traits
ODILE = wire_world.ODILE


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> wire_world.Pki:
    """Certificates of the module."""
    return wire_world.make_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def store(pki: wire_world.Pki) -> Iterator[Store]:
    """A store that listens."""
    with Store(pki).running() as running:
        yield running


@pytest.fixture
def card(pki: wire_world.Pki) -> Credentials:
    """An unlocked card."""
    return replace(wire_world.credentials(), install_tls_key=pki.install_tls_key)


@pytest.fixture
def clock() -> HandClock:
    """The post's clock."""
    return HandClock(START)


@pytest.fixture
def gateway(store: Store, pki: wire_world.Pki, card: Credentials, clock: HandClock) -> Iterator[Gateway]:
    """Signed in as Dr Brindille."""
    settings = StoreSettings(
        base_url=store.url,
        authority=pki.authority,
        ins_oid=oids.INS_NIR_TEST,
        software_oid="1.2.250.1.999.1.1",
        timeout_seconds=5,
    )
    made = Gateway(settings, clock)
    made.sign_in(card)
    yield made
    made.close()


def _answering(action: str, build: Callable[[wire_answers.Asked], str]) -> Callable[[Seen], Told]:
    def answer(seen: Seen) -> Told:
        asked = wire_answers.Asked.of(seen.content)
        return Told(wire_answers.envelope(asked, action, build(asked)), date=START)

    return answer


def _revised(asked: wire_answers.Asked) -> str:
    return wire_answers.registered(asked, "PRPA_IN201314UV02", "PRPA_IN201315UV02")


CASES: dict[str, tuple[str, str, Callable[[wire_answers.Asked], str], Callable[[Gateway], object]]] = {
    "TD0.3": (
        "habilitations",
        habilitations.ANSWER_ACTION,
        lambda asked: wire_answers.authorised(),
        lambda g: g.access.set_authorisation(ODILE, AuthorisationAct.ADD, treating=True),
    ),
    "TD0.3-cease": (
        "habilitations",
        habilitations.ANSWER_ACTION,
        lambda asked: wire_answers.authorised(),
        lambda g: g.access.cease_treating(ODILE),
    ),
    "TD0.4": (
        "patients",
        patient_service.LIST_ANSWER_ACTION,
        lambda asked: wire_dossiers.dossiers(wire_dossiers.dossier_line(ODILE.value, ODILE.oid)),
        lambda g: g.access.authorised_dossiers(ListedBy.DOCUMENT, START),
    ),
    "TD0.5": (
        "patients",
        hl7v3_search.ANSWER_ACTION,
        lambda asked: wire_dossiers.matches(asked, wire_dossiers.match()),
        lambda g: g.access.search(PatientQuery(("LAVANDIN-GENÊT",))),
    ),
    "TD1.3a": (
        "patients",
        hl7v3_existence.ANSWER_ACTION,
        wire_dossiers.administrative,
        lambda g: g.administration.data(ODILE),
    ),
    "TD1.3b": (
        "patients",
        REVISE_ANSWER_ACTION,
        _revised,
        lambda g: g.administration.change(wire_dossiers.FULL, KNOWN),
    ),
    "TD1.4": (
        "patients",
        REVISE_ANSWER_ACTION,
        _revised,
        lambda g: g.administration.close(ODILE, TRAITS, ClosingReason(""), KNOWN),
    ),
    "TD1.5a": (
        "patients",
        patient_service.ACCOUNT_ANSWER_ACTION,
        lambda asked: wire_dossiers.account(),
        lambda g: g.administration.create_account(ODILE, CHANNEL, KNOWN),
    ),
    "TD1.5b": (
        "patients",
        patient_service.CHANNEL_ANSWER_ACTION,
        lambda asked: wire_dossiers.channel(),
        lambda g: g.administration.set_channel(ODILE, ChannelAct.ADD, CHANNEL, KNOWN),
    ),
    "TD1.6": (
        "habilitations",
        habilitations.LIST_ANSWER_ACTION,
        lambda asked: wire_dossiers.professionals(wire_dossiers.professional_line()),
        lambda g: g.access.professionals(ODILE, AuthorisationFilter.ACTIVE),
    ),
}
ABOUT_NOBODY = {"TD0.4", "TD0.5"}


def _purpose(content: bytes) -> str:
    return next(etree.fromstring(content).iter("{urn:hl7-org:v3}PurposeOfUse")).get("code", "")


@pytest.mark.parametrize("name", CASES)
def test_each_transaction_goes_to_its_service(store: Store, gateway: Gateway, name: str) -> None:
    """The service, the awaited action, and an assertion about the patient where there is one."""
    service, action, build, ask = CASES[name]
    store.answer = _answering(action, build)
    answer = ask(gateway)
    assert answer
    (seen,) = store.seen
    assert seen.path == f"/{service}"
    about = f"{ODILE.value}^^^&amp;{ODILE.oid}&amp;ISO^NH".encode()
    assert (about in seen.content) is (name not in ABOUT_NOBODY)
    assert _purpose(seen.content) == ("centre_15" if name == "TD0.5" else "normal")


@pytest.mark.parametrize("name", CASES)
def test_an_answer_of_another_action_is_not_read(store: Store, gateway: Gateway, name: str) -> None:
    """A refusal for one, a wrong action for the other: typed, whatever the transaction."""
    _, action, build, ask = CASES[name]
    store.answer = lambda seen: Told(
        wire_answers.fault(wire_answers.Asked.of(seen.content), "Sender", "DMPAccessDeniedByRightsService", "Non"), 500
    )
    with pytest.raises(RefusedByStore) as caught:
        ask(gateway)
    assert caught.value.code == "rights-refused"
    store.answer = _answering(f"{action}X", build)
    with pytest.raises(Exception, match="another action"):
        ask(gateway)


def test_what_is_attached_to_mon_espace_sante_is_administered_there(store: Store, gateway: Gateway) -> None:
    """Change, closing, account and channel: nothing leaves (PDT-INF-526 note 10)."""
    for act in (
        lambda: gateway.administration.change(wire_dossiers.FULL, ATTACHED),
        lambda: gateway.administration.close(ODILE, TRAITS, ClosingReason(""), ATTACHED),
        lambda: gateway.administration.create_account(ODILE, CHANNEL, ATTACHED),
        lambda: gateway.administration.set_channel(ODILE, ChannelAct.REMOVE, CHANNEL, ATTACHED),
    ):
        with pytest.raises(AdministeredElsewhere):
            act()
    assert store.seen == []


def test_an_act_of_somebody_else_never_leaves(store: Store, gateway: Gateway) -> None:
    """An event of the outbox bears its author; administration is guarded like the opening."""
    other = wire_world.author(wire_world.PAPIER)
    for act in (
        lambda: gateway.administration.change(wire_dossiers.FULL, KNOWN, other),
        lambda: gateway.administration.close(ODILE, TRAITS, ClosingReason(""), KNOWN, other),
        lambda: gateway.access.cease_treating(ODILE, other),
    ):
        with pytest.raises(AuthorMismatch):
            act()
    assert store.seen == []


def test_the_mode_of_access_travels_with_every_question(store: Store, gateway: Gateway) -> None:
    """Bris de glace with its motive, and a secret connection, on the question about the dossier too."""
    store.answer = _answering(hl7v3_existence.ANSWER_ACTION, wire_answers.existence)
    gateway.access.existence(ODILE, Access(AccessMode.BREAK_GLASS, "Patient inconscient"))
    gateway.access.existence(ODILE, Access(secret=True))
    glass, secret = (seen.content for seen in store.seen)
    assert _purpose(glass) == "bris_de_glace" and b"Patient inconscient" in glass
    assert _purpose(secret) == "normal" and b"INVISIBLE_REPRESENTANTS_LEGAUX^" in secret


def test_the_card_signs_once_for_a_hundred_requests_about_one_patient(
    store: Store, gateway: Gateway, card: Credentials
) -> None:
    """One assertion serves them all, of several kinds; another mode, motive or patient asks for another."""
    existence = _answering(hl7v3_existence.ANSWER_ACTION, wire_answers.existence)
    listing = _answering(*CASES["TD1.6"][1:3])
    store.answer = lambda seen: (listing if seen.path == "/habilitations" else existence)(seen)
    signer = card.signer
    assert isinstance(signer, wire_world.SoftSigner)
    for _ in range(50):
        gateway.existence(ODILE)
        gateway.access.professionals(ODILE)
    assert (len(store.seen), signer.signatures, store.connections) == (100, 1, 1)
    ways = [Access(secret=True), Access(AccessMode.BREAK_GLASS, "Un motif"), Access(AccessMode.BREAK_GLASS, "Un autre")]
    for access in ways * 2:
        gateway.access.existence(ODILE, access)
    assert signer.signatures == 4
    gateway.existence(wire_world.GASPARD)
    assert signer.signatures == 5


def test_an_assertion_is_made_anew_before_its_end(
    store: Store, gateway: Gateway, card: Credentials, clock: HandClock
) -> None:
    """Fifteen minutes of validity, two of margin."""
    store.answer = lambda seen: replace(
        _answering(hl7v3_existence.ANSWER_ACTION, wire_answers.existence)(seen), date=clock.time
    )
    signer = card.signer
    assert isinstance(signer, wire_world.SoftSigner)
    gateway.existence(ODILE)
    clock.forward(minutes=12)
    gateway.existence(ODILE)
    assert signer.signatures == 1
    clock.forward(minutes=2)
    gateway.existence(ODILE)
    assert signer.signatures == 2


def test_a_doctor_without_second_role_sends_nothing(store: Store, gateway: Gateway, card: Credentials) -> None:
    """Said before anything leaves, whatever the transaction."""
    gateway.sign_in(replace(card, professional=replace(card.professional, speciality="")))
    with pytest.raises(SecondRoleMissing):
        gateway.existence(ODILE)
    assert store.seen == []


def test_a_structure_speaks_with_its_files(
    store: Store, gateway: Gateway, card: Credentials, pki: wire_world.Pki, tmp_path: Path
) -> None:
    """Indirect: the channel by ORG_AUTH_CLI in PKCS#12, the assertion by the seal, over real mutual TLS."""
    authority = wire_world.certificate(wire_world.common_name("AC"), "ca-AC")
    certificate, key = wire_world.certificate(wire_world.common_name("ORG_AUTH_CLI"), "org", authority)
    lock = serialization.BestAvailableEncryption(b"mot")
    (tmp_path / "org.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"o", key, certificate, None, lock))
    channel = keyfiles.load(tmp_path / "org.p12", Secret("mot"))
    seal = keyfiles.load(pki.server)
    store.answer = _answering(hl7v3_existence.ANSWER_ACTION, wire_answers.existence)
    indirect = Authentication(IdentityMode.INDIRECT)
    gateway.sign_in(structure_credentials(card.professional, card.situation, indirect, seal=seal, channel=channel))
    assert gateway.existence(ODILE).state is DossierState.ACTIVE
    (seen,) = store.seen
    assert ("commonName", "ORG_AUTH_CLI") in [pair for rdn in seen.peer["subject"] for pair in rdn]
    assert b"INDIRECTE" in seen.content
    with pytest.raises(AuthenticationNotDeclared):
        structure_credentials(card.professional, card.situation, Authentication(), seal=seal, channel=channel)


def test_a_confirmation_of_a_service_bears_the_time_of_the_store(store: Store, gateway: Gateway) -> None:
    """Its answers carry no time of their own."""
    store.answer = _answering(habilitations.ANSWER_ACTION, lambda asked: wire_answers.authorised(context="Fait"))
    assert gateway.access.cease_treating(ODILE) == Confirmation(START, text="Fait")
    body = etree.fromstring(store.seen[0].content).find(".//{urn:si-dmp-habilitations}setAuthorization")
    assert body is not None and [child.text for child in body] == ["AJOUT"]
