"""The VIHF: who it names, how it is signed, how long it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from helpers import wire_verifiers, wire_world
from helpers.wire_verifiers import VERIFIERS
from lxml import etree

from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access, AccessMode
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.professional import Professional
from dmp_desktop.sync import soap, vihf
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.signature import subject_name

SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
SIGNER = wire_world.signer()


def _assertion(
    person: Professional = wire_world.BRINDILLE,
    ins: Ins | None = wire_world.ODILE,
    access: Access = NORMAL_ACCESS,
    disputed: Disputed | None = None,
    software: vihf.Software = wire_world.SOFTWARE,
) -> etree._Element:
    return vihf.dmp_assertion(
        replace(wire_world.credentials(person), signer=SIGNER),
        software,
        ins,
        access=access,
        signed_in_at=wire_world.NOW - timedelta(minutes=20),
        now=wire_world.NOW,
        disputed=disputed or Disputed(),
    )


def _sent(assertion: etree._Element) -> bytes:
    """As it travels: inside an envelope."""
    return soap.dmp_request(to="https://store", action="urn:x", assertion=assertion, body=etree.Element("b")).content


def _attributes(assertion: etree._Element) -> dict[str, list[str]]:
    """Name of each attribute, with its texts or its codes."""
    said: dict[str, list[str]] = {}
    for attribute in assertion.iter(f"{SAML}Attribute"):
        values = attribute.findall(f"{SAML}AttributeValue")
        said[str(attribute.get("Name"))] = [
            value.text or "" if len(value) == 0 else f"{value[0].get('code')}^{value[0].get('codeSystem')}"
            for value in values
        ]
    return said


def test_the_doctor_is_named_with_role_and_speciality() -> None:
    """Everything of direct mode, each value from the card and one situation."""
    assertion = _assertion()
    assert assertion.findtext(f"{SAML}Subject/{SAML}NameID") == "899700000017"
    assert _attributes(assertion) == {
        "Identifiant_Structure": ["499700000017001"],
        "Secteur_Activite": ["SA07^1.2.250.1.71.4.2.4"],
        "urn:oasis:names:tc:xacml:2.0:subject:role": ["10^1.2.250.1.71.1.2.7", "SM26^1.2.250.1.71.4.2.5"],
        "VIHF_Version": ["3.0"],
        "Authentification_mode": ["DIRECTE"],
        "urn:oasis:names:tc:xacml:2.0:resource:resource-id": [
            f"{wire_world.ODILE.value}^^^&1.2.250.1.213.1.4.10&ISO^NH"
        ],
        "Ressource_URN": ["urn:dmp"],
        "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse": ["normal^1.2.250.1.213.1.1.4.248"],
        "LPS_ID": [wire_world.SOFTWARE.oid],
        "LPS_Nom": ["dmp_desktop"],
        "LPS_Version": ["0.1.0"],
        "LPS_ID_HOMOLOGATION_DMP": ["HOMOLOGATION-FICTIVE"],
    }


def test_desk_staff_have_the_role_of_a_secretary() -> None:
    """A card without a health profession."""
    said = _attributes(_assertion(wire_world.PAPIER))
    assert said["urn:oasis:names:tc:xacml:2.0:subject:role"] == ["SECRETARIAT_MEDICAL^1.2.250.1.213.1.1.4.6"]


def test_no_patient_and_no_homologation_number_are_left_out() -> None:
    """Absent rather than empty."""
    said = _attributes(_assertion(ins=None, software=replace(wire_world.SOFTWARE, homologation="")))
    assert "urn:oasis:names:tc:xacml:2.0:resource:resource-id" not in said
    assert "LPS_ID_HOMOLOGATION_DMP" not in said


def test_disputed_points_are_switches() -> None:
    """Version and spelling follow the setting; the purpose follows the access."""
    said = _attributes(
        _assertion(
            access=Access(AccessMode.BREAK_GLASS, "Inconscient, traitement inconnu"),
            disputed=Disputed(vihf_version="4.0", authentication_attribute="Authentification_Mode"),
        )
    )
    assert (said["VIHF_Version"], said["Authentification_Mode"]) == (["4.0"], ["DIRECTE"])
    assert said["urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"] == ["bris_de_glace^1.2.250.1.213.1.1.4.248"]


def test_it_is_valid_for_a_while_from_now() -> None:
    """Dates in UTC: signed in before, issued now, ended after."""
    assertion = _assertion()
    conditions = assertion.find(f"{SAML}Conditions")
    statement = assertion.find(f"{SAML}AuthnStatement")
    assert conditions is not None and statement is not None
    assert assertion.get("IssueInstant") == conditions.get("NotBefore") == "2026-04-14T08:30:00.000Z"
    assert conditions.get("NotOnOrAfter") == "2026-04-14T08:45:00.000Z"
    assert statement.get("AuthnInstant") == "2026-04-14T08:10:00.000Z"


def test_the_signature_stands_right_after_the_issuer() -> None:
    """The order of the SAML schema; SHA-256, exclusive canonicalisation, the certificate inside."""
    assertion = _assertion()
    assert [etree.QName(e).localname for e in assertion][:3] == ["Issuer", "Signature", "Subject"]
    methods = {e.get("Algorithm") for e in assertion.iter() if e.get("Algorithm")}
    assert methods == {
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/04/xmlenc#sha256",
    }
    assert SIGNER.signatures >= 1


CHANGES = [
    (b">899700000017</saml2:NameID>", b">899700000025</saml2:NameID>"),
    (b"SA07^", b"SA05^"),
    (b'code="normal"', b'code="normel"'),
    (b'NotOnOrAfter="2026-04-14T08:45', b'NotOnOrAfter="2026-04-14T09:45'),
]


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_it_is_verified_as_it_travels_and_one_changed_character_is_refused(tmp_path: Path, verifier: str) -> None:
    """Three verifiers, on the bytes of the envelope: person, sector, purpose, end of validity."""
    sent = _sent(_assertion())
    assert all(sent.count(before) == 1 for before, _ in CHANGES)
    forged = [sent.replace(before, after) for before, after in CHANGES]
    assert VERIFIERS[verifier]([sent, *forged], SIGNER.pem, tmp_path) == [True, False, False, False, False]


def test_the_assertion_of_insi_is_verified_too(tmp_path: Path) -> None:
    """NameQualifier CPS and the invoicing number."""
    credentials = replace(wire_world.credentials(), signer=SIGNER)
    assertion = vihf.insi_assertion(credentials, "991130972", now=wire_world.NOW)
    name = assertion.find(f"{SAML}Subject/{SAML}NameID")
    assert name is not None and (name.text, name.get("NameQualifier")) == ("899700000017", "CPS")
    assert _attributes(assertion) == {"identifiantFacturation": ["991130972"]}
    sent = _sent(assertion)
    for verify in VERIFIERS.values():
        assert verify([sent], SIGNER.pem, tmp_path) == [True]


def test_the_issuer_is_the_subject_of_the_certificate_in_rfc_2253() -> None:
    """Last part first; types without a short name by OID and hexadecimal value; special characters escaped."""
    made, _ = wire_world.certificate(
        x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, 'Cabinet, "A+B"'),
                x509.NameAttribute(NameOID.SURNAME, "É"),
                x509.NameAttribute(NameOID.COMMON_NAME, "#1 "),
            ]
        ),
        "names",
    )
    issuer = subject_name(wire_world.SoftSigner(wire_world._key("names"), made).certificate)
    assert issuer == '\\#1\\ ,2.5.4.4=#0c02c389,O=Cabinet\\, \\"A\\+B\\",C=FR'.replace("\\#1", "CN=\\#1", 1)


def test_an_unsorted_subject_of_an_older_card_is_read() -> None:
    """A multi-valued part whose values are not sorted as DER wants: stricter parsers refuse it, cards have it."""

    def part(oid: bytes, text: bytes) -> bytes:
        kind = b"\x06\x03\x55\x04" + oid
        value = b"\x0c" + bytes([len(text)]) + text
        return b"\x30" + bytes([len(kind + value)]) + kind + value

    sorted_name = x509.Name(
        [
            x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")]),
            x509.RelativeDistinguishedName(
                [
                    x509.NameAttribute(NameOID.COMMON_NAME, "899700000017"),
                    x509.NameAttribute(NameOID.SURNAME, "ABEL"),
                    x509.NameAttribute(NameOID.GIVEN_NAME, "AURORE"),
                ]
            ),
        ]
    )
    made, key = wire_world.certificate(sorted_name, "unsorted")
    der = wire_world.SoftSigner(key, made).certificate
    common, surname, given = part(b"\x03", b"899700000017"), part(b"\x04", b"ABEL"), part(b"\x2a", b"AURORE")
    assert der.count(surname + given + common) == 2
    as_on_the_card = der.replace(surname + given + common, common + surname + given)
    with pytest.raises(ValueError, match="SetOrdering"):
        x509.load_der_x509_certificate(as_on_the_card).subject  # noqa: B018 - parsing is the point
    assert subject_name(as_on_the_card) == "CN=899700000017+2.5.4.4=#0c044142454c+2.5.4.42=#0c064155524f5245,C=FR"


def test_an_assertion_is_kept_for_the_same_patient_and_access(tmp_path: Path) -> None:
    """Same patient: kept; another, another mode, motive or secrecy, or almost ended: made anew; forgotten: gone."""
    cache = vihf.AssertionCache()
    now, until = wire_world.NOW, wire_world.NOW + timedelta(minutes=15)
    made = _assertion()
    cache.put(wire_world.ODILE, NORMAL_ACCESS, made, until, now)
    kept = cache.get(wire_world.ODILE, NORMAL_ACCESS, now + timedelta(minutes=12))
    assert kept is not None and kept.get("ID") == made.get("ID")
    assert kept is not cache.get(wire_world.ODILE, NORMAL_ACCESS, now)
    assert wire_verifiers.signxml([_sent(kept)], SIGNER.pem, tmp_path) == [True]
    assert cache.get(wire_world.GASPARD, NORMAL_ACCESS, now) is None
    for other in (Access(AccessMode.CENTRE_15), Access(secret=True), Access(AccessMode.BREAK_GLASS, "x")):
        assert cache.get(wire_world.ODILE, other, now) is None
    glass = Access(AccessMode.BREAK_GLASS, "Inconscient")
    cache.put(wire_world.ODILE, glass, made, until, now)
    assert cache.get(wire_world.ODILE, replace(glass, motive="Autre motif"), now) is None
    assert cache.get(wire_world.ODILE, replace(glass, secret=True), now) is None
    assert cache.get(wire_world.ODILE, glass, now) is not None
    assert cache.get(wire_world.ODILE, NORMAL_ACCESS, now + timedelta(minutes=13)) is None
    cache.clear()
    assert cache.get(wire_world.ODILE, NORMAL_ACCESS, now) is None


def test_nothing_secret_shows_in_a_repr() -> None:
    """Neither the homologation number nor the assertions kept."""
    cache = vihf.AssertionCache()
    cache.put(wire_world.ODILE, NORMAL_ACCESS, _assertion(), wire_world.NOW, wire_world.NOW)
    shown = repr(cache) + repr(wire_world.SOFTWARE) + repr(wire_world.credentials())
    assert wire_world.ODILE.value not in shown
    assert "HOMOLOGATION-FICTIVE" not in shown
