"""The VIHF in its three identity modes and its access modes, and what is refused before anything is signed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from helpers import wire_schemas, wire_verifiers, wire_world
from lxml import etree

from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access, AccessMode, IdentityMode
from dmp_desktop.domain.identifiers import CardNature, PsId, StructureId
from dmp_desktop.domain.professional import Professional, ProfessionalKind, Situation
from dmp_desktop.sync import soap, vihf
from dmp_desktop.sync.credentials import PGSSI_S, SMARTCARD, Authentication, Credentials
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import AuthenticationNotDeclared, SecondRoleMissing

SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
SEAL = wire_world.certificate(wire_world.common_name("ORG_SIGN Trois-Tilleuls"), "seal")
INDIRECT = Authentication(IdentityMode.INDIRECT)
REINFORCED = Authentication(IdentityMode.REINFORCED, SMARTCARD, PGSSI_S)
OFFICINAL = Professional(
    PsId("899700000033"),
    "OFFICINAL",
    "MAUD",
    ProfessionalKind.CPS,
    CardNature.TEST,
    "21",
    "Pharmacien",
    "A",
    "Pharmacien titulaire d'officine",
)


def _credentials(authentication: Authentication, person: Professional = wire_world.BRINDILLE) -> Credentials:
    seal = wire_world.SoftSigner(SEAL[1], SEAL[0])
    return replace(wire_world.credentials(person), signer=seal, authentication=authentication)


def _assertion(
    credentials: Credentials, access: Access = NORMAL_ACCESS, disputed: Disputed | None = None
) -> etree._Element:
    return vihf.dmp_assertion(
        credentials,
        wire_world.SOFTWARE,
        wire_world.ODILE,
        access=access,
        signed_in_at=wire_world.NOW,
        now=wire_world.NOW,
        disputed=disputed or Disputed(),
    )


def _said(assertion: etree._Element, name: str) -> list[str]:
    values = assertion.findall(f".//{SAML}Attribute[@Name='{name}']/{SAML}AttributeValue")
    return [v.text or "" if len(v) == 0 else f"{v[0].get('code')}^{v[0].get('codeSystem')}" for v in values]


def test_a_structure_speaks_for_the_person_it_authenticated() -> None:
    """Indirect: signed by the seal, the person named by the assertion alone."""
    assertion = _assertion(_credentials(INDIRECT))
    assert _said(assertion, "Authentification_mode") == ["INDIRECTE"]
    assert _said(assertion, "urn:oasis:names:tc:xspa:1.0:subject:subject-id") == ["AURORE BRINDILLE"]
    assert assertion.findtext(f"{SAML}Issuer") == "CN=ORG_SIGN Trois-Tilleuls"
    assert assertion.findtext(f"{SAML}Subject/{SAML}NameID") == "899700000017"
    assert assertion.find(f".//{SAML}AuthnContextDecl") is None


def test_the_reinforced_mode_declares_its_primary_method() -> None:
    """The local method, then the one that was declared (EX_AIR-050)."""
    assertion = _assertion(_credentials(REINFORCED))
    assert _said(assertion, "Authentification_mode") == ["INDIRECTE_RENFORCEE"]
    context = assertion.find(f"{SAML}AuthnStatement/{SAML}AuthnContext")
    assert context is not None
    assert [(etree.QName(child).localname, child.text) for child in context] == [
        ("AuthnContextClassRef", SMARTCARD),
        ("AuthnContextDecl", "CONF_EXI_PGSSIS"),
    ]


def test_the_direct_mode_names_nobody_twice() -> None:
    """The card's certificate says who they are."""
    assert _said(_assertion(wire_world.credentials()), "urn:oasis:names:tc:xspa:1.0:subject:subject-id") == []


def test_our_reinforced_assertion_has_all_that_the_example_has(reference: Path) -> None:
    """Attribute by attribute; the example, whose roles name their tables too, carries no validity."""
    theirs = wire_schemas.example(reference, "vihf-indirecte-renforcee-signed.xml")
    more, less = wire_schemas.differences(_assertion(_credentials(REINFORCED)), theirs)
    optional = f"/Assertion/AttributeStatement/Attribute[{ROLE}]/AttributeValue/Role/@codeSystemName"
    assert less <= {optional}
    assert sorted(path for path in more if not path.startswith("/Assertion/Conditions")) == []


@pytest.mark.parametrize("verifier", wire_verifiers.VERIFIERS)
def test_every_mode_verifies(tmp_path: Path, verifier: str) -> None:
    """The three identity modes, the three access modes, a secret connection."""
    ways = [
        (wire_world.credentials(), Access(AccessMode.CENTRE_15, secret=True)),
        (_credentials(INDIRECT), NORMAL_ACCESS),
        (_credentials(REINFORCED), Access(AccessMode.BREAK_GLASS, "Patient inconscient")),
    ]
    for credentials, access in ways:
        signer = credentials.signer
        assert isinstance(signer, wire_world.SoftSigner)
        sent = soap.dmp_request(
            to="https://store", action="urn:x", assertion=_assertion(credentials, access), body=etree.Element("b")
        ).content
        forged = sent.replace(b"AURORE", b"AURARE").replace(b"centre_15", b"centre_16").replace(b"SA07", b"SA08")
        assert wire_verifiers.VERIFIERS[verifier]([sent, forged], signer.pem, tmp_path) == [True, False]


@pytest.mark.parametrize(
    ("access", "code", "label"),
    [
        (NORMAL_ACCESS, "normal", "Accès normal"),
        (Access(AccessMode.BREAK_GLASS, "Inconscient"), "bris_de_glace", "Accès en bris de glace"),
        (Access(AccessMode.CENTRE_15), "centre_15", "Accès par un centre de régulation médicale"),
    ],
)
def test_the_mode_of_access_is_said(access: Access, code: str, label: str) -> None:
    """TRE_R248: code, table and label; the motive beside a broken glass only."""
    assertion = _assertion(wire_world.credentials(), access)
    purpose = next(assertion.iter("{urn:hl7-org:v3}PurposeOfUse"))
    assert (purpose.get("code"), purpose.get("codeSystem"), purpose.get("displayName")) == (
        code,
        "1.2.250.1.213.1.1.4.248",
        label,
    )
    assert _said(assertion, "Motif_Acces") == ([access.motive] if access.motive else [])
    moved = _assertion(wire_world.credentials(), access, Disputed(motive_attribute="Motif"))
    assert _said(moved, "Motif") == ([access.motive] if access.motive else [])


def test_a_secret_connection_says_so() -> None:
    """The representatives of a minor will not see it (EX_0.1-1100); nothing is said otherwise."""
    name = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
    assert _said(_assertion(wire_world.credentials(), Access(secret=True)), name) == [
        "INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13"
    ]
    assert _said(_assertion(wire_world.credentials()), name) == []


def test_a_pharmacist_has_the_section_of_their_order_as_second_role() -> None:
    """G05 for a pharmacist, R01 for one who is a biologist."""
    assert _said(_assertion(wire_world.credentials(OFFICINAL)), ROLE) == [
        "21^1.2.250.1.71.1.2.7",
        "A^1.2.250.1.71.4.2.6",
    ]
    biologist = replace(OFFICINAL, speciality="SM03", speciality_label="Biologie médicale")
    assert _said(_assertion(wire_world.credentials(biologist)), ROLE)[1] == "SM03^1.2.250.1.71.4.2.5"


@pytest.mark.parametrize("person", [wire_world.BRINDILLE, OFFICINAL])
def test_a_doctor_or_a_pharmacist_without_second_role_signs_nothing(person: Professional) -> None:
    """The store would refuse everything: said before the card is asked."""
    credentials = wire_world.credentials(replace(person, speciality=""))
    with pytest.raises(SecondRoleMissing):
        _assertion(credentials)
    assert credentials.signer.signatures == 0  # type: ignore[attr-defined]


def test_others_need_no_second_role() -> None:
    """A nurse (60): one role."""
    nurse = replace(OFFICINAL, profession="60", profession_label="Infirmier", speciality="")
    assert _said(_assertion(wire_world.credentials(nurse)), ROLE) == ["60^1.2.250.1.71.1.2.7"]


def test_structure_and_sector_come_from_the_chosen_situation() -> None:
    """Two practices: the one chosen at sign-in, whole."""
    other = Situation(StructureId("10B9999999"), "Hôpital du Grand-Chêne", "SA01")
    assertion = _assertion(wire_world.credentials(situation=other))
    assert _said(assertion, "Identifiant_Structure") == ["10B9999999"]
    assert _said(assertion, "Secteur_Activite") == ["SA01^1.2.250.1.71.4.2.4"]


@pytest.mark.parametrize(
    ("mode", "declared"), [(IdentityMode.REINFORCED, ""), (IdentityMode.DIRECT, PGSSI_S), (IdentityMode.INDIRECT, "x")]
)
def test_a_primary_method_goes_with_the_reinforced_mode_only(mode: IdentityMode, declared: str) -> None:
    """Neither without, nor elsewhere."""
    with pytest.raises(AuthenticationNotDeclared):
        Authentication(mode, SMARTCARD, declared)
