"""Who may speak to the sandbox: every check of the VIHF, one wrong thing at a time."""

from __future__ import annotations

import http.client
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.sandbox_bodies import existence
from helpers.sandbox_wire import SOAP, WSA, Speaker, envelope, post, sign, sign_with

from dmp_desktop.domain.identifiers import CardNature
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.pki import KeyUse, SandboxPki
from dmp_desktop.sandbox.sandbox import Sandbox

_ERNEST = people.person("ernest").ins.value


def _wrong() -> list[tuple[str, dict[str, object], str]]:
    g15, r01 = "1.2.250.1.71.1.2.7", "1.2.250.1.71.4.2.5"
    return [
        ("signed with the authentication key", {"use": KeyUse.AUTHENTICATION}, "DMPInvalidCertificate"),
        ("signed by another card", {"signer": "gabarit"}, "FailedAuthentication"),
        ("another card signs and says so", {"signer": "gabarit", "name_id": people.GABARIT}, "DMPInvalidCertificate"),
        ("another name", {"name_id": people.GABARIT}, "FailedAuthentication"),
        ("no patient", {"patient": ""}, "FailedAuthentication"),
        ("unreadable patient", {"patient": "12"}, "FailedAuthentication"),
        ("wrong key of the number", {"patient": _ERNEST[:13] + "00"}, "DMPUnknownINS"),
        ("production domain", {"oid": "1.2.250.1.213.1.4.8"}, "DMPUnknownINS"),
        ("unknown structure", {"structure": "499999999999001"}, "FailedAuthentication"),
        ("structure of another", {"structure": "499700000025001"}, "FailedAuthentication"),
        ("sector of another situation", {"sector": "SA33^1.2.250.1.71.4.2.4"}, "FailedAuthentication"),
        ("sector without its table", {"sector": "SA07"}, "FailedAuthentication"),
        ("indirect mode", {"mode": "INDIRECTE"}, "FailedAuthentication"),
        ("no speciality", {"roles": (("10", g15),)}, "FailedAuthentication"),
        ("another speciality", {"roles": (("10", g15), ("SM04", r01))}, "FailedAuthentication"),
        ("another profession", {"roles": (("21", g15), ("SM26", r01))}, "FailedAuthentication"),
        ("no role", {"roles": ()}, "FailedAuthentication"),
        ("unknown purpose", {"purpose": "curiosite"}, "FailedAuthentication"),
        ("unknown version", {"version": "2.0"}, "FailedAuthentication"),
        ("another resource", {"urn": "urn:autre"}, "FailedAuthentication"),
        ("password login", {"context": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"}, "FailedAuthentication"),
        ("issued in the future", {"issued": timedelta(minutes=5)}, "MessageExpired"),
        ("issued too long ago", {"issued": timedelta(hours=-2), "until": timedelta(hours=4)}, "MessageExpired"),
        ("over", {"issued": timedelta(minutes=-30), "until": timedelta(minutes=15)}, "MessageExpired"),
        ("not yet valid", {"after": timedelta(minutes=10)}, "MessageExpired"),
        ("no end and old", {"issued": timedelta(hours=-2), "until": None}, "MessageExpired"),
    ]


@pytest.mark.parametrize(("what", "change", "code"), _wrong(), ids=[what for what, _, _ in _wrong()])
def test_refused(doctor: Speaker, what: str, change: dict[str, object], code: str) -> None:
    """One wrong thing in the VIHF: a SOAP fault with HTTP 500, its code, and nothing done."""
    answer = doctor.existence("ernest", doctor.vihf.but(**{"patient": _ERNEST, **change}))
    assert (answer.status, answer.fault) == (500, code)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "4.0"},
        {"mode_name": "Authentification_Mode"},
        {"issued": timedelta(minutes=-10)},
        {"issued": timedelta(seconds=90)},
        {"until": None},
        {"purpose": "centre_15"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_accepted(doctor: Speaker, change: dict[str, object]) -> None:
    """What sources dispute is accepted either way; a small difference of clocks too."""
    assert doctor.existence("ernest", doctor.vihf.but(**{"patient": _ERNEST, **change})).fault == ""


@pytest.mark.parametrize("who", ["gabarit", "papier", "officinal"])
def test_each_profession_is_heard(sandbox: Sandbox, who: str) -> None:
    """Doctors, pharmacists and desk staff each speak with what their card says."""
    assert Speaker(sandbox, who).existence("ernest").fault == ""


def test_second_situation(sandbox: Sandbox) -> None:
    """A doctor with two situations speaks from either, never with the sector of one and the structure of the other."""
    speaker = Speaker(sandbox, "gabarit")
    elsewhere = speaker.vihf.but(patient=_ERNEST, structure="1997000175", sector="SA67^1.2.250.1.71.4.2.4")
    assert speaker.existence("ernest", elsewhere).fault == ""
    mixed = elsewhere.but(sector="SA07^1.2.250.1.71.4.2.4")
    assert speaker.existence("ernest", mixed).fault == "FailedAuthentication"


def test_changed_after_signature(doctor: Speaker, sandbox: Sandbox) -> None:
    """One character changed after the signature is seen."""
    signed = doctor.vihf.but(patient=_ERNEST).signed(sandbox).replace("SmartcardPKI", "SmartcardPKJ")
    message = envelope("urn:hl7-org:v3:PRPA_IN201307UV02", signed, existence(_ERNEST))
    assert post(sandbox, f"{sandbox.base_url}/patients", message).fault == "FailedCheck"


def test_unsigned(doctor: Speaker, sandbox: Sandbox) -> None:
    """An assertion without a signature is refused."""
    bare = doctor.vihf.but(patient=_ERNEST).xml()
    message = envelope("urn:hl7-org:v3:PRPA_IN201307UV02", bare, existence(_ERNEST))
    assert post(sandbox, f"{sandbox.base_url}/patients", message).fault == "DMPInvalidCertificate"


def test_signature_elsewhere(doctor: Speaker, sandbox: Sandbox) -> None:
    """The signature stands right after the issuer, or is not looked at."""
    placeholder = '<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"/>'
    bare = doctor.vihf.but(patient=_ERNEST).xml().replace(placeholder, "")
    moved = sign(sandbox, bare.replace("</s:Assertion>", f"{placeholder}</s:Assertion>"))
    message = envelope("urn:hl7-org:v3:PRPA_IN201307UV02", moved, existence(_ERNEST))
    assert post(sandbox, f"{sandbox.base_url}/patients", message).fault == "FailedCheck"


def test_signer_of_another_authority(doctor: Speaker, sandbox: Sandbox, tmp_path: Path) -> None:
    """A certificate that says the same of the same person, from another authority, signs nothing here."""
    stranger = SandboxPki(tmp_path).issue(people.profile("brindille").professional, KeyUse.SIGNATURE)
    signed = sign_with(stranger, doctor.vihf.but(patient=_ERNEST).xml())
    message = envelope("urn:hl7-org:v3:PRPA_IN201307UV02", signed, existence(_ERNEST))
    assert post(sandbox, f"{sandbox.base_url}/patients", message).fault == "DMPInvalidCertificate"


@pytest.mark.parametrize("end", [timedelta(days=-1), timedelta(days=1)], ids=["over", "valid"])
def test_signer_out_of_date(doctor: Speaker, sandbox: Sandbox, end: timedelta) -> None:
    """A card whose certificate is over signs nothing more."""
    holder = people.profile("brindille").professional
    card = sandbox.pki.issue(holder, KeyUse.SIGNATURE, valid_until=sandbox.now() + end)
    signed = sign_with(card, doctor.vihf.but(patient=_ERNEST).xml())
    message = envelope("urn:hl7-org:v3:PRPA_IN201307UV02", signed, existence(_ERNEST))
    expected = "DMPInvalidCertificate" if end < timedelta() else ""
    assert post(sandbox, f"{sandbox.base_url}/patients", message).fault == expected


def test_real_card(doctor: Speaker, sandbox: Sandbox) -> None:
    """A card that is not for test has no place on a test platform (EX_GEN-1430)."""
    holder = replace(people.profile("brindille").professional, nature=CardNature.REAL)
    signed = sign_with(sandbox.pki.issue(holder, KeyUse.SIGNATURE), doctor.vihf.but(patient=_ERNEST).xml())
    message = envelope("urn:hl7-org:v3:PRPA_IN201307UV02", signed, existence(_ERNEST))
    assert post(sandbox, f"{sandbox.base_url}/patients", message).fault == "DMPInvalidCertificate"


@pytest.mark.parametrize(
    ("structure", "reason"),
    [("499999999999001", "Structure introuvable ou Inactive"), ("499700000025001", "PS et Structure non liés")],
)
def test_structure_is_told_apart(doctor: Speaker, structure: str, reason: str) -> None:
    """A structure nobody knows and a structure of somebody else are two different refusals."""
    assert doctor.existence("ernest", doctor.vihf.but(patient=_ERNEST, structure=structure)).reason == reason


@pytest.mark.parametrize("outer", ["_1", "_2"])
def test_wrapped_signature(doctor: Speaker, sandbox: Sandbox, outer: str) -> None:
    """A signed assertion hidden inside a forged one lends it nothing."""
    signed = doctor.vihf.but(patient=_ERNEST).signed(sandbox)
    forged = doctor.vihf.but(patient=_ERNEST, purpose="bris_de_glace").xml().replace('ID="_1"', f'ID="{outer}"')
    start, end = signed.index("<d:Signature"), signed.index("</d:Signature>") + len("</d:Signature>")
    forged = forged.replace(
        '<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"/>', signed[start:end]
    )
    forged = forged.replace(
        "<s:AuthnStatement", f"<s:Advice>{signed[:start]}{signed[end:]}</s:Advice><s:AuthnStatement", 1
    )
    message = envelope("urn:hl7-org:v3:PRPA_IN201307UV02", forged, existence(_ERNEST))
    assert post(sandbox, f"{sandbox.base_url}/patients", message).fault == "FailedCheck"


def test_tls_without_a_certificate(sandbox: Sandbox) -> None:
    """Nobody gets in without a card."""
    context = ssl.create_default_context(cafile=sandbox.authority)
    connection = http.client.HTTPSConnection(sandbox.base_url.split("/")[2], context=context, timeout=10)
    with pytest.raises(ssl.SSLError):
        connection.connect()
    connection.close()


def test_tls_with_the_signature_certificate(sandbox: Sandbox) -> None:
    """The signature certificate opens no TLS connection."""
    with pytest.raises(ssl.SSLError):
        post(sandbox, f"{sandbox.base_url}/patients", b"", use=KeyUse.SIGNATURE)


def test_server_is_checked(sandbox: Sandbox, doctor: Speaker) -> None:
    """A client that trusts another authority does not speak to the sandbox."""
    context = ssl.create_default_context(cafile=sandbox.pki.cards_authority)
    connection = http.client.HTTPSConnection(sandbox.base_url.split("/")[2], context=context, timeout=10)
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.connect()
    connection.close()


def _addressing() -> list[tuple[str, str, str]]:
    def tag(name: str, content: str) -> str:
        return f'<a:{name} xmlns:a="{WSA}">{content}</a:{name}>'

    action = tag("Action", "urn:hl7-org:v3:PRPA_IN201307UV02")
    message_id = tag("MessageID", "urn:uuid:6f2d6f3c-0f5e-4e43-9c3a-000000000002")
    reply = tag("ReplyTo", tag("Address", f"{WSA}/anonymous"))
    to = tag("To", "")
    return [
        ("no action", message_id + to + reply, "MessageAddressingHeaderRequired"),
        ("no message id", to + reply + action, "MessageAddressingHeaderRequired"),
        ("message id that is no uuid", tag("MessageID", "1") + to + reply + action, "MessageAddressingHeaderRequired"),
        ("no recipient", message_id + reply + action, "MessageAddressingHeaderRequired"),
        ("no reply address", message_id + to + action, "MessageAddressingHeaderRequired"),
        ("another action", message_id + to + reply + tag("Action", "urn:autre"), "ActionNotSupported"),
    ]


@pytest.mark.parametrize(("what", "header", "code"), _addressing(), ids=[what for what, _, _ in _addressing()])
def test_addressing_is_demanded(doctor: Speaker, sandbox: Sandbox, what: str, header: str, code: str) -> None:
    """WS-Addressing is not optional."""
    signed = doctor.vihf.but(patient=_ERNEST).signed(sandbox)
    message = envelope("", signed, existence(_ERNEST), header=header)
    assert post(sandbox, f"{sandbox.base_url}/patients", message).fault == code


def test_fault_is_soap_1_2(doctor: Speaker) -> None:
    """A refusal is a SOAP 1.2 fault of the sender, that names the message it answers and tells why in French."""
    answer = doctor.existence("ernest", doctor.vihf.but(patient=_ERNEST, roles=(("10", "1.2.250.1.71.1.2.7"),)))
    assert answer.xml.tag == f"{{{SOAP}}}Envelope"
    assert answer.one("//soap:Fault/soap:Code/soap:Value") == "soap:Sender"
    assert answer.reason == "Aucune spécialité dans le vihf. Spécialité obligatoire pour les Médecins..."
    assert answer.one("//wsa:RelatesTo") == "urn:uuid:6f2d6f3c-0f5e-4e43-9c3a-000000000001"
