"""Every request validates against the official schema, and has everything the official example has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from helpers import wire_schemas, wire_world
from lxml import etree

from dmp_desktop.domain.dossier import Contact
from dmp_desktop.domain.events import AuthorisationAct, Opening
from dmp_desktop.domain.habilitations import NORMAL_ACCESS
from dmp_desktop.domain.identity import BirthDate, Sex
from dmp_desktop.sync import habilitations, hl7v3_existence, insi, soap, vihf
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.hl7v3 import Frame
from dmp_desktop.sync.hl7v3_dossier import creation_request, reactivation_request
from dmp_desktop.sync.hl7v3_parts import REVISE_ACTION

FRAME = Frame.new(wire_world.SOFTWARE, wire_world.NOW, Disputed())
CREDENTIALS = wire_world.credentials()
SENDER = insi.Sender(wire_world.SOFTWARE, wire_world.BRINDILLE.id.value, "791e183f-6f66-4248-a312-5ed5cd4785d4")

# Why a message of ours may hold more than the example, path by path (a prefix covers what is below).
SIGNED = "/Envelope/Header/Security/Assertion/Signature"
VALIDITY = "/Envelope/Header/Security/Assertion/Conditions"
JUSTIFIED_DMP = {
    SIGNED: "the examples of requests carry an unsigned assertion; a real one is signed",
    VALIDITY: "the end of validity is optional in the ANS mapping; without one an assertion would never be stale",
}


def _openings() -> dict[str, Opening]:
    full = wire_world.opening(minor=True)
    bare = replace(wire_world.opening(), contact=Contact())
    return {
        "full": full,
        "bare": replace(bare, traits=replace(bare.traits, used_name="", sex=Sex.UNKNOWN)),
        "month-19": replace(bare, card=replace(bare.card, birth_date=BirthDate("19421901"))),
        "no-date": replace(bare, card=replace(bare.card, birth_date=BirthDate("inconnue"))),
        "corsican": replace(bare, ins=wire_world.GHJULIA),
    }


def _sent(action: str, body: etree._Element) -> etree._Element:
    assertion = vihf.dmp_assertion(
        CREDENTIALS,
        wire_world.SOFTWARE,
        wire_world.ODILE,
        access=NORMAL_ACCESS,
        signed_in_at=wire_world.NOW,
        now=wire_world.NOW,
        disputed=Disputed(),
    )
    return etree.fromstring(soap.dmp_request(to="https://store", action=action, assertion=assertion, body=body).content)


def _insi_sent(action: str, body: etree._Element) -> etree._Element:
    request = soap.insi_request(
        action=action,
        contexts=insi.contexts(SENDER, wire_world.NOW),
        assertion=vihf.insi_assertion(CREDENTIALS, "991130972", now=wire_world.NOW),
        body=body,
    )
    return etree.fromstring(request.content)


def _unexplained(paths: set[str], reasons: dict[str, str]) -> list[str]:
    return sorted(path for path in paths if not any(path.startswith(prefix) for prefix in reasons))


def test_the_existence_test_validates(reference: Path) -> None:
    """TD0.2 against PRPA_IN201307UV02."""
    body = hl7v3_existence.existence_request(FRAME, wire_world.ODILE)
    assert wire_schemas.validate(wire_schemas.schema(reference, "PRPA_IN201307UV02"), body) == []


@pytest.mark.parametrize("kind", _openings())
def test_a_creation_validates(reference: Path, kind: str) -> None:
    """TD1.1 against PRPA_IN201311UV02, whatever the person, signed in as a doctor or at the desk."""
    xsd = wire_schemas.schema(reference, "PRPA_IN201311UV02")
    for credentials in (CREDENTIALS, wire_world.credentials(wire_world.PAPIER)):
        assert wire_schemas.validate(xsd, creation_request(FRAME, _openings()[kind], credentials)) == []


@pytest.mark.parametrize("kind", _openings())
def test_a_reactivation_validates(reference: Path, kind: str) -> None:
    """TD1.2 against PRPA_IN201314UV02."""
    body = reactivation_request(FRAME, _openings()[kind], CREDENTIALS)
    assert wire_schemas.validate(wire_schemas.schema(reference, "PRPA_IN201314UV02"), body) == []


@pytest.mark.parametrize("act", AuthorisationAct)
@pytest.mark.parametrize("treating", [True, False])
def test_an_authorisation_validates(reference: Path, act: AuthorisationAct, treating: bool) -> None:
    """TD0.3 against the schema held by its WSDL."""
    body = habilitations.authorisation_request(act, treating=treating)
    assert wire_schemas.validate(wire_schemas.wsdl_schema(reference, "Habilitations.wsdl"), body) == []


def test_insi_by_vitale_validates(reference: Path) -> None:
    """RECVITALE and its two contexts."""
    sent = _insi_sent(insi.VITALE_ACTION, insi.vitale_request(wire_world.opening().card))
    for name, element in (
        ("INSi_RECVITALE_INS.xsd", wire_schemas.body(sent)),
        ("ROOT_ctxbam_CTXBAM_V01_02.xsd", next(sent.iter("{urn:siram:bam:ctxbam}ContexteBAM"))),
        ("ROOT_ctxlps_CTXLPS_V01_00.xsd", next(sent.iter("{urn:siram:lps:ctxlps}ContexteLPS"))),
    ):
        assert wire_schemas.validate(wire_schemas.insi_schema(reference, name), element) == []


def test_insi_by_traits_validates(reference: Path) -> None:
    """RECSANSVITALE."""
    body = insi.traits_request(wire_world.opening().traits)
    assert wire_schemas.validate(wire_schemas.insi_schema(reference, "INSi_RECSANS_INS.xsd"), body) == []


def test_a_schema_refuses_what_is_wrong(reference: Path) -> None:
    """The check itself checks: a creation without its consent's value is refused."""
    body = creation_request(FRAME, wire_world.opening(), CREDENTIALS)
    for value in body.findall(".//{urn:hl7-org:v3}administrativeObservation/{urn:hl7-org:v3}value"):
        parent = value.getparent()
        assert parent is not None
        parent.remove(value)
    assert wire_schemas.validate(wire_schemas.schema(reference, "PRPA_IN201311UV02"), body) != []


def test_the_existence_test_has_all_that_the_example_has(reference: Path) -> None:
    """TD0.2, envelope, assertion and body. Elements that the example declares nil are left out: they say nothing."""
    ours = _sent(hl7v3_existence.ACTION, hl7v3_existence.existence_request(FRAME, wire_world.ODILE))
    more, less = wire_schemas.differences(ours, wire_schemas.example(reference, "td0.2-existence-request.xml"))
    assert less == set()
    assert _unexplained(more, JUSTIFIED_DMP) == []


def test_an_authorisation_has_all_that_the_example_has(reference: Path) -> None:
    """TD0.3."""
    body = habilitations.authorisation_request(AuthorisationAct.ADD, treating=False)
    ours = _sent(habilitations.ACTION, body)
    more, less = wire_schemas.differences(ours, wire_schemas.example(reference, "td0.3-authorization-request.xml"))
    assert less == set()
    assert _unexplained(more, JUSTIFIED_DMP) == []


def test_a_revision_differs_from_the_closing_by_its_reason_only(reference: Path) -> None:
    """No example of TD1.2 is published; TD1.4 is the same message for another reason."""
    ours = _sent(REVISE_ACTION, reactivation_request(FRAME, wire_world.opening(reactivation=True), CREDENTIALS))
    more, less = wire_schemas.differences(ours, wire_schemas.example(reference, "td1.4-close-request.xml"))
    message = "/Envelope/Body/PRPA_IN201314UV02/controlActProcess"
    patient = f"{message}/subject/registrationRequest/subject1/patient"
    assert _unexplained(less, {f"{message}/reasonOf": "why a dossier is closed"}) == []
    assert (
        _unexplained(
            more,
            JUSTIFIED_DMP
            | {
                f"{patient}/subjectOf": "the consent to reactivate and the two emergency choices (official kit)",
                f"{patient}/patientPerson/contactParty": "the Vitale is read with the consent (EX_1.2-1010)",
                f"{patient}/patientPerson/name": "birth name and every given name beside the used name",
                f"{patient}/patientPerson/telecom": "the contact the person gave",
                f"{patient}/patientPerson/administrativeGenderCode": "INS traits, as a homologated client sends them",
                f"{patient}/patientPerson/birthTime": "the same",
                f"{message}/subject/registrationRequest/author/assignedEntity/code/@codeSystem": "a code has a table",
            },
        )
        == []
    )


def test_insi_by_traits_has_all_that_the_example_has(reference: Path) -> None:
    """RECSANSVITALE, its contexts, its assertion and its signature."""
    ours = _insi_sent(insi.TRAITS_ACTION, insi.traits_request(wire_world.opening().traits))
    more, less = wire_schemas.differences(ours, wire_schemas.example(reference, "insi-by-traits-request.xml"))
    assert less == set()
    asked = "/Envelope/Body/RECSANSVITALE"
    assert _unexplained(more, {f"{asked}/LieuNaissance": "optional", f"{asked}/Prenom": "every given name"}) == []


def test_our_assertion_differs_from_the_example_by_signature_and_validity_only(reference: Path) -> None:
    """The VIHF of direct mode, attribute by attribute."""
    body = hl7v3_existence.existence_request(FRAME, wire_world.ODILE)
    ours = wire_schemas.assertion(_sent(hl7v3_existence.ACTION, body))
    theirs = wire_schemas.example(reference, "vihf-directe-unsigned.xml")
    more, less = wire_schemas.differences(ours, theirs)
    assert less == set()
    assert _unexplained(more, {"/Assertion/Signature": "signed", "/Assertion/Conditions": "validity"}) == []
