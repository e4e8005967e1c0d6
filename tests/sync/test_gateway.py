"""The gateway over real mutual TLS: what it asks, what it believes, what it does when the network fails."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from helpers import wire_answers, wire_world
from helpers.clocks import HandClock
from helpers.wire_store import Seen, Store, Told, deaf_server

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import DossierState, ExistenceAnswer
from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.identifiers import StructureId
from dmp_desktop.domain.identity import InsiOutcome
from dmp_desktop.errors import BadAnswer, Cancelled, DmpError, RefusedByStore
from dmp_desktop.sync import habilitations, hl7v3_dossier, hl7v3_existence, hl7v3_parts, insi, xmlsafe
from dmp_desktop.sync.errors import (
    AlreadyOpen,
    AuthorMismatch,
    CardWithoutNumber,
    ClockDrift,
    ConnectionCut,
    EmptyAnswer,
    HtmlAnswer,
    HttpError,
    IdentityNotRetrieved,
    MalformedAnswer,
    NotSignedIn,
    ServerNotTrusted,
    SignatureRefused,
    StoreNotConfigured,
    StoreTimeout,
    StoreUnavailable,
    StoreUnreachable,
    TlsRefused,
    TruncatedAnswer,
    UnexpectedAnswer,
    WrongMessage,
    WrongPatient,
)
from dmp_desktop.sync.gateway import Credentials, Gateway

CLOCK_START = wire_world.NOW
AUTHOR = wire_world.author()


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> wire_world.Pki:
    """Certificates of the module."""
    return wire_world.make_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def clock() -> HandClock:
    """The post's clock."""
    return HandClock(CLOCK_START)


@pytest.fixture
def store(pki: wire_world.Pki) -> Iterator[Store]:
    """A store that listens."""
    with Store(pki).running() as running:
        yield running


@pytest.fixture
def settings(store: Store, pki: wire_world.Pki) -> StoreSettings:
    """Pointing at it."""
    return StoreSettings(
        base_url=store.url,
        insi_url=f"{store.url}/lps",
        authority=pki.authority,
        ins_oid=oids.INS_NIR_TEST,
        software_oid="1.2.250.1.999.1.1",
        timeout_seconds=5,
    )


@pytest.fixture
def signer() -> wire_world.SoftSigner:
    """The card's signature key."""
    return wire_world.signer()


@pytest.fixture
def card(pki: wire_world.Pki, signer: wire_world.SoftSigner) -> Credentials:
    """An unlocked card."""
    return replace(wire_world.credentials(), signer=signer, install_tls_key=pki.install_tls_key)


@pytest.fixture
def gateway(settings: StoreSettings, clock: HandClock, card: Credentials) -> Iterator[Gateway]:
    """Signed in as Dr Brindille."""
    made = Gateway(settings, clock)
    made.sign_in(card)
    yield made
    made.close()


def answering(action: str, build: Callable[[wire_answers.Asked], str]) -> Callable[[Seen], Told]:
    """A store that answers each request with ``build``."""

    def answer(seen: Seen) -> Told:
        asked = wire_answers.Asked.of(seen.content)
        return Told(wire_answers.envelope(asked, action, build(asked)), date=CLOCK_START)

    return answer


EXISTS = answering(hl7v3_existence.ANSWER_ACTION, wire_answers.existence)
CREATED = answering(hl7v3_dossier.CREATE_ANSWER_ACTION, wire_answers.registered)


def test_the_existence_test_goes_to_patients_with_the_cards_certificate(store: Store, gateway: Gateway) -> None:
    """Address, content type with its action, client certificate of the authentication key, no identity in the URL."""
    store.answer = EXISTS
    assert gateway.existence(wire_world.ODILE).state is DossierState.ACTIVE
    (seen,) = store.seen
    assert seen.path == "/patients"
    assert seen.headers["Content-Type"] == (
        'application/soap+xml; charset=UTF-8; action="urn:hl7-org:v3:PRPA_IN201307UV02"'
    )
    assert any(("commonName", "899700000017") in part for part in seen.peer["subject"])
    assert wire_world.ODILE.value.encode() in seen.content
    assert wire_world.ODILE.value not in seen.path + str(seen.headers)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"response": "NF"}, DossierState.NONE),
        ({}, DossierState.ACTIVE),
        ({"status": "terminated"}, DossierState.CLOSED),
        ({"ack": "AE", "refusal": wire_answers.detail("DMPPatientOpposition", "")}, DossierState.OPPOSED),
        ({"authorisation": "INTERDIT"}, DossierState.BLOCKED),
    ],
    ids=[state.value for state in DossierState],
)
def test_the_five_outcomes(store: Store, gateway: Gateway, answer: dict[str, str], state: DossierState) -> None:
    """Each one is an answer, none an error."""
    store.answer = answering(
        hl7v3_existence.ANSWER_ACTION,
        lambda asked: wire_answers.existence(asked, **answer),  # type: ignore[arg-type]
    )
    assert gateway.existence(wire_world.ODILE).state is state


def test_an_opposition_told_by_a_fault_is_an_outcome_too(store: Store, gateway: Gateway) -> None:
    """How it travels is not published: both ways are understood."""
    store.answer = lambda seen: Told(
        wire_answers.fault(wire_answers.Asked.of(seen.content), "Sender", "DMPPatientOpposition", ""), 500
    )
    assert gateway.existence(wire_world.ODILE).state is DossierState.OPPOSED


def test_a_dossier_is_created_reactivated_and_authorised(store: Store, gateway: Gateway) -> None:
    """Each act to its service, each confirmed with the store's time."""
    store.answer = CREATED
    assert gateway.create(wire_world.opening(), AUTHOR).at.isoformat() == "2026-04-14T08:30:05+00:00"
    store.answer = answering(
        hl7v3_parts.REVISE_ANSWER_ACTION,
        lambda asked: wire_answers.registered(asked, "PRPA_IN201314UV02", "PRPA_IN201315UV02"),
    )
    assert gateway.reactivate(wire_world.opening(reactivation=True), AUTHOR).store_id == "REP-1"
    store.answer = answering(habilitations.ANSWER_ACTION, lambda asked: wire_answers.authorised(context="fait"))
    confirmation = gateway.set_authorisation(wire_world.ODILE, AuthorisationAct.ADD, author=AUTHOR)
    assert (confirmation.at, confirmation.text) == (CLOCK_START, "fait")
    assert [seen.path for seen in store.seen] == ["/patients", "/patients", "/habilitations"]


def test_insi_is_asked_at_its_own_address(store: Store, gateway: Gateway) -> None:
    """By Vitale and by traits; the answer is dated by the store's clock."""
    number = wire_world.ODILE.matricule
    store.answer = lambda seen: Told(
        f'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
        f"{wire_answers.insi_found(number.body, number.key, oids.INS_NIR)}</e:Body></e:Envelope>".encode(),
        date=CLOCK_START - timedelta(seconds=30),
    )
    answer = gateway.insi_by_vitale(wire_world.opening().card)
    assert (answer.outcome, answer.ins) == (InsiOutcome.FOUND, wire_world.ODILE)
    assert answer.answered_at == CLOCK_START - timedelta(seconds=30)
    assert gateway.insi_by_traits(wire_world.opening().traits).outcome is InsiOutcome.FOUND
    assert [seen.path for seen in store.seen] == ["/lps", "/lps"]
    assert insi.VITALE_ACTION in store.seen[0].headers["Content-Type"]
    with pytest.raises(CardWithoutNumber):
        gateway.insi_by_vitale(replace(wire_world.opening().card, insured_nir=None))


def test_the_card_signs_once_per_patient_and_shakes_hands_once(
    store: Store, gateway: Gateway, clock: HandClock, signer: wire_world.SoftSigner
) -> None:
    """A card takes a second to sign: assertions and connections are kept, within their validity."""
    store.answer = EXISTS
    for _ in range(3):
        gateway.existence(wire_world.ODILE)
    assert (signer.signatures, store.connections) == (1, 1)
    gateway.existence(wire_world.GASPARD)
    assert signer.signatures == 2
    clock.forward(minutes=14)
    store.answer = lambda seen: replace(EXISTS(seen), date=clock.time)
    gateway.existence(wire_world.ODILE)
    assert signer.signatures == 3
    assert store.connections == 1


def test_nobody_speaks_when_nobody_is_signed_in(settings: StoreSettings, clock: HandClock, card: Credentials) -> None:
    """Before signing in and after signing out."""
    gateway = Gateway(settings, clock)
    assert (gateway.signed_in, gateway.author_id) == (False, None)
    with pytest.raises(NotSignedIn):
        gateway.existence(wire_world.ODILE)
    gateway.sign_in(card)
    assert (gateway.signed_in, gateway.author_id) == (True, "899700000017")
    gateway.sign_out()
    with pytest.raises(NotSignedIn):
        gateway.insi_by_traits(wire_world.opening().traits)
    gateway.close()


def test_an_event_of_somebody_else_never_leaves(store: Store, gateway: Gateway) -> None:
    """Another person, or the same person in another practice: nothing is sent."""
    elsewhere = replace(wire_world.SITUATION, structure=StructureId("499700000017002"))
    for author in (wire_world.author(wire_world.PAPIER), wire_world.author(situation=elsewhere)):
        with pytest.raises(AuthorMismatch):
            gateway.create(wire_world.opening(), author)
        with pytest.raises(AuthorMismatch):
            gateway.reactivate(wire_world.opening(), author)
        with pytest.raises(AuthorMismatch):
            gateway.set_authorisation(wire_world.ODILE, AuthorisationAct.ADD, author=author)
    assert store.seen == []


def test_an_opening_without_ins_never_leaves(store: Store, gateway: Gateway) -> None:
    """It waits for INSi."""
    with pytest.raises(IdentityNotRetrieved):
        gateway.create(wire_world.opening(None), AUTHOR)
    assert store.seen == []


@pytest.mark.parametrize("field", ["base_url", "insi_url", "authority", "homologation_file"])
def test_a_missing_setting_is_named(settings: StoreSettings, clock: HandClock, card: Credentials, field: str) -> None:
    """An address, the authority, the file of the homologation number."""
    value = Path("/nonexistent/number") if field == "homologation_file" else None if field == "authority" else ""
    gateway = Gateway(replace(settings, **{field: value}), clock)
    with pytest.raises(StoreNotConfigured) as caught:
        gateway.sign_in(card)
        gateway.existence(wire_world.ODILE) if field == "base_url" else gateway.insi_by_traits(
            wire_world.opening().traits
        )
    assert caught.value.facts["field"] == field
    gateway.close()


def test_the_homologation_number_is_read_from_its_file(
    settings: StoreSettings, store: Store, clock: HandClock, card: Credentials, tmp_path: Path
) -> None:
    """It is secret, and lives outside the settings (EX_GEN-1490)."""
    number = tmp_path / "number"
    number.write_text("SECRET-17\n", "utf-8")
    gateway = Gateway(replace(settings, homologation_file=number), clock)
    gateway.sign_in(card)
    store.answer = EXISTS
    gateway.existence(wire_world.ODILE)
    assert b">SECRET-17<" in store.seen[0].content
    gateway.close()


# -- answers that must not be believed --------------------------------------------------------------------------------


def _told(told: Told) -> Callable[[Seen], Told]:
    return lambda seen: told


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (Told(b"", 200), EmptyAnswer),
        (Told(b"<html><body>Portail captif</body></html>", 200), HtmlAnswer),
        (Told(b"<html><body>Erreur</body></html>", 500), HttpError),
        (Told(b"", 404), HttpError),
        (Told(b"", 302, {"Location": "https://elsewhere.example/"}), HttpError),
        (Told(b"maintenance", 503), StoreUnavailable),
        (Told(b"<a><b></a>", 200), MalformedAnswer),
        (Told(b"<x/>", 200), UnexpectedAnswer),
        (Told(b"<x/>", 200, length=50), TruncatedAnswer),
        (Told(b"\x1f\x8b\x08", 200, {"Content-Encoding": "gzip"}), UnexpectedAnswer),
        (Told(b"x" * (xmlsafe.MAX_BYTES + 1), 200), MalformedAnswer),
        (Told(cut=True), ConnectionCut),
    ],
    ids=[
        "empty",
        "html",
        "html-500",
        "404",
        "redirect",
        "503",
        "malformed",
        "not-soap",
        "truncated",
        "compressed",
        "too-big",
        "cut",
    ],
)
def test_a_bad_answer_is_a_typed_error(store: Store, gateway: Gateway, told: Told, error: type[DmpError]) -> None:
    """Nothing of it is applied, and the next question is answered."""
    store.answer = _told(told)
    with pytest.raises(error) as caught:
        gateway.create(wire_world.opening(), AUTHOR)
    assert type(caught.value) is error
    store.answer = CREATED
    assert gateway.create(wire_world.opening(), AUTHOR)


def test_an_endless_answer_is_left_at_the_bound(store: Store, gateway: Gateway) -> None:
    """Too big is known as soon as it is, long before the end."""
    store.answer = _told(Told(b"x" * (xmlsafe.MAX_BYTES + 100_000), 200, length=500_000_000))
    with pytest.raises(MalformedAnswer) as caught:
        gateway.existence(wire_world.ODILE)
    assert caught.value.facts["reason"] == "size"


def test_an_http_error_tells_its_status(store: Store, gateway: Gateway) -> None:
    """A number, for whoever repairs."""
    store.answer = _told(Told(b"", 404))
    with pytest.raises(HttpError) as caught:
        gateway.existence(wire_world.ODILE)
    assert caught.value.facts["status"] == 404


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"ins": wire_world.GASPARD.value}, WrongPatient),
        ({"message": "another"}, WrongMessage),
        ({"message_id": "urn:uuid:another"}, WrongMessage),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_about_another_is_never_applied(
    store: Store, gateway: Gateway, change: dict[str, str], error: type[BadAnswer], status: int
) -> None:
    """Another patient, another message: swapped answers are noticed."""

    def answer(seen: Seen) -> Told:
        asked = wire_answers.Asked.of(seen.content).but(**change)
        content = wire_answers.envelope(asked, hl7v3_dossier.CREATE_ANSWER_ACTION, wire_answers.registered(asked))
        return Told(content, status)

    store.answer = answer
    expected = HttpError if status == 500 and "message_id" not in change else error
    with pytest.raises(expected):
        gateway.create(wire_world.opening(), AUTHOR)


def test_a_fault_is_read_whatever_the_http_status(store: Store, gateway: Gateway) -> None:
    """The store sends its faults with HTTP 500; the card signs anew after a refused assertion."""
    store.answer = lambda seen: Told(
        wire_answers.fault(wire_answers.Asked.of(seen.content), "Sender", "DMPInvalidCertificate", "Not valid"), 500
    )
    with pytest.raises(SignatureRefused) as caught:
        gateway.existence(wire_world.ODILE)
    assert caught.value.store_text == "Not valid"


def test_a_refused_assertion_is_not_used_again(store: Store, gateway: Gateway, signer: wire_world.SoftSigner) -> None:
    """The next message bears a new one."""
    store.answer = EXISTS
    gateway.existence(wire_world.ODILE)
    store.answer = lambda seen: Told(
        wire_answers.fault(wire_answers.Asked.of(seen.content), "Sender", "MessageExpired", ""), 500
    )
    with pytest.raises(RefusedByStore):
        gateway.existence(wire_world.ODILE)
    store.answer = EXISTS
    gateway.existence(wire_world.ODILE)
    assert signer.signatures == 2


def test_a_creation_of_what_exists_is_recognised(store: Store, gateway: Gateway) -> None:
    """``DMPFound``: perhaps our own echo; the outbox decides."""
    store.answer = answering(
        hl7v3_dossier.CREATE_ANSWER_ACTION,
        lambda asked: wire_answers.not_registered(asked, "DMPFound", "Un DMP existe"),
    )
    with pytest.raises(AlreadyOpen):
        gateway.create(wire_world.opening(), AUTHOR)


# -- the network ------------------------------------------------------------------------------------------------------


def test_nobody_listening_is_unreachable(settings: StoreSettings, clock: HandClock, card: Credentials) -> None:
    """Nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    gateway = Gateway(replace(settings, base_url=f"https://127.0.0.1:{port}"), clock)
    gateway.sign_in(card)
    with pytest.raises(StoreUnreachable):
        gateway.existence(wire_world.ODILE)
    gateway.close()


def test_silence_is_a_timeout(settings: StoreSettings, store: Store, clock: HandClock, card: Credentials) -> None:
    """The request left: the store may have acted."""
    told = Told(hold=threading.Event())
    store.answer = _told(told)
    gateway = Gateway(replace(settings, timeout_seconds=0.3), clock)
    gateway.sign_in(card)
    with pytest.raises(StoreTimeout):
        gateway.existence(wire_world.ODILE)
    told.release.set()
    gateway.close()


def test_a_server_of_another_authority_is_not_trusted(
    settings: StoreSettings, store: Store, clock: HandClock, card: Credentials, tmp_path: Path
) -> None:
    """Nothing is sent to it."""
    other = wire_world.make_pki(tmp_path, name="AUTRE")
    gateway = Gateway(replace(settings, authority=other.authority), clock)
    gateway.sign_in(card)
    with pytest.raises(ServerNotTrusted):
        gateway.existence(wire_world.ODILE)
    assert store.seen == []
    gateway.close()


def test_a_server_of_another_name_is_not_trusted(
    settings: StoreSettings, store: Store, clock: HandClock, card: Credentials
) -> None:
    """The certificate is for 127.0.0.1."""
    gateway = Gateway(replace(settings, base_url=settings.base_url.replace("127.0.0.1", "localhost")), clock)
    gateway.sign_in(card)
    with pytest.raises(ServerNotTrusted):
        gateway.existence(wire_world.ODILE)
    assert store.seen == []
    gateway.close()


def test_a_post_without_a_card_key_is_refused_by_the_store(
    settings: StoreSettings, store: Store, clock: HandClock, card: Credentials
) -> None:
    """Mutual TLS: no client certificate, no conversation."""
    gateway = Gateway(settings, clock)
    gateway.sign_in(replace(card, install_tls_key=lambda context: None))
    with pytest.raises((TlsRefused, ConnectionCut)):
        gateway.existence(wire_world.ODILE)
    assert store.seen == []
    gateway.close()


@pytest.mark.parametrize("setting", ["version", "suites"])
def test_nothing_but_the_agreed_tls_is_spoken(
    settings: StoreSettings, store: Store, clock: HandClock, card: Credentials, setting: str
) -> None:
    """A server that only speaks TLS 1.3, or only another suite, is refused (PDT-INF-579v4)."""
    if setting == "version":
        store.context.minimum_version = ssl.TLSVersion.TLSv1_3
    else:
        store.context.maximum_version = ssl.TLSVersion.TLSv1_2
        store.context.set_ciphers("ECDHE-RSA-AES128-SHA256")
    gateway = Gateway(settings, clock)
    gateway.sign_in(card)
    with pytest.raises(TlsRefused):
        gateway.existence(wire_world.ODILE)
    gateway.close()


def test_no_error_of_the_network_holds_the_message(
    settings: StoreSettings, clock: HandClock, card: Credentials
) -> None:
    """HTTP libraries keep the request in their exceptions: none is chained to ours."""
    gateway = Gateway(replace(settings, base_url="https://127.0.0.1:9"), clock)
    gateway.sign_in(card)
    with pytest.raises(StoreUnreachable) as caught:
        gateway.existence(wire_world.ODILE)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert wire_world.ODILE.value not in repr(caught.value)
    gateway.close()


# -- cancelling -------------------------------------------------------------------------------------------------------


@pytest.fixture
def patient(settings: StoreSettings, clock: HandClock, card: Credentials) -> Iterator[Gateway]:
    """A gateway that would wait a minute: what ends sooner was cancelled."""
    made = Gateway(replace(settings, timeout_seconds=60), clock)
    made.sign_in(card)
    yield made
    made.close()


@contextmanager
def held(store: Store, gateway: Gateway) -> Iterator[Future[ExistenceAnswer]]:
    """A question that the store has read and does not answer."""
    told = Told(hold=threading.Event())
    store.answer = _told(told)
    assert told.hold is not None
    with ThreadPoolExecutor(1) as lane:
        running = lane.submit(gateway.existence, wire_world.ODILE)
        try:
            assert told.hold.wait(10)
            yield running
        finally:
            told.release.set()


def test_a_running_transaction_is_cancelled_from_another_thread(store: Store, patient: Gateway) -> None:
    """The waiting read ends at once with Cancelled, and the next transaction works."""
    with held(store, patient) as running:
        patient.cancel()
        with pytest.raises(Cancelled):
            running.result(10)
    store.answer = EXISTS
    assert patient.existence(wire_world.ODILE).state is DossierState.ACTIVE


def test_a_handshake_that_hangs_is_cancelled(settings: StoreSettings, clock: HandClock, card: Credentials) -> None:
    """Python detaches the socket during the handshake: it is cut all the same."""
    with deaf_server() as port, ThreadPoolExecutor(1) as lane:
        gateway = Gateway(replace(settings, base_url=f"https://127.0.0.1:{port}", timeout_seconds=60), clock)
        shaking = threading.Event()

        def watched(event: str, info: dict[str, object]) -> None:
            gateway_trace(event, info)
            if event == "connection.start_tls.started":
                shaking.set()

        gateway_trace = gateway.line.sockets.trace
        gateway.line.sockets.trace = watched  # type: ignore[method-assign]
        gateway.sign_in(card)
        running = lane.submit(gateway.existence, wire_world.ODILE)
        assert shaking.wait(10)
        gateway.cancel()
        with pytest.raises(Cancelled):
            running.result(10)
        gateway.close()


def test_signing_out_cancels_what_runs(store: Store, patient: Gateway) -> None:
    """The card is pulled out during a question: it ends, its connections are closed, nobody is signed in any more."""
    session = patient.line.session
    assert session is not None
    with held(store, patient) as running:
        patient.sign_out()
        with pytest.raises(Cancelled):
            running.result(10)
    assert not patient.signed_in
    assert session.connections.closed


def test_a_cancellation_with_nothing_running_changes_nothing(store: Store, gateway: Gateway) -> None:
    """It concerns what runs when it comes, never what comes after."""
    store.answer = EXISTS
    gateway.existence(wire_world.ODILE)
    gateway.cancel()
    assert gateway.existence(wire_world.ODILE).state is DossierState.ACTIVE
    assert store.connections == 1


# -- the clock --------------------------------------------------------------------------------------------------------


def test_the_drift_of_the_clock_is_told(store: Store, gateway: Gateway, clock: HandClock) -> None:
    """Measured at each answer; a question is answered all the same."""
    assert gateway.drift is None
    store.answer = lambda seen: replace(EXISTS(seen), date=clock.time - timedelta(seconds=90))
    gateway.existence(wire_world.ODILE)
    assert gateway.drift == timedelta(seconds=90)
    store.answer = lambda seen: replace(EXISTS(seen), date=None)
    gateway.existence(wire_world.ODILE)
    assert gateway.drift is None


def test_nothing_is_written_with_a_wrong_clock_and_setting_it_mends_all(
    store: Store, gateway: Gateway, clock: HandClock
) -> None:
    """Ten minutes late: no creation leaves; once the clock is set, it does, without a restart."""
    clock.forward(minutes=-10)
    store.answer = EXISTS
    gateway.existence(wire_world.ODILE)
    store.answer = created_or_touched
    with pytest.raises(ClockDrift) as caught:
        gateway.create(wire_world.opening(), AUTHOR)
    assert caught.value.facts["seconds"] == -600
    assert len(store.seen) == 1
    clock.forward(minutes=10)
    assert gateway.create(wire_world.opening(), AUTHOR)


def test_a_refused_assertion_of_a_wrong_clock_is_the_clocks_fault(
    store: Store, gateway: Gateway, clock: HandClock
) -> None:
    """The sentence is about the clock, which can be set, not about the card."""
    clock.forward(hours=1)
    store.answer = lambda seen: Told(
        wire_answers.fault(wire_answers.Asked.of(seen.content), "Sender", "MessageExpired", ""), 500, date=CLOCK_START
    )
    with pytest.raises(ClockDrift):
        gateway.existence(wire_world.ODILE)


def created_or_touched(seen: Seen) -> Told:
    """Answers a creation, and the touch that only asks for the time."""
    return CREATED(seen) if seen.content else Told(b"", 405, date=CLOCK_START)
