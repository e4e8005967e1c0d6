"""What the sandbox answers validates against the official schemas, read from where they stand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from helpers.sandbox_bodies import Registration, by_traits, by_vitale
from helpers.sandbox_wire import Speaker
from lxml import etree

from dmp_desktop.sandbox import people

_XSD = "http://www.w3.org/2001/XMLSchema"


@cache
def _hl7(folder: Path, interaction: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(folder / f"dmp/schema/HL7V3/NE2009/multicacheschemas/{interaction}.xsd"))


@cache
def _habilitations(folder: Path) -> etree.XMLSchema:
    wsdl = etree.parse(str(folder / "dmp/wsdl/Habilitations.wsdl"))
    (schema,) = wsdl.iter(f"{{{_XSD}}}schema")
    return etree.XMLSchema(etree.fromstring(etree.tostring(schema)))


@cache
def _insi(folder: Path) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(folder / "dmp/insi/INSi_RESULTAT_INS.xsd"))


def _check(schema: etree.XMLSchema, root: etree._Element, name: str) -> None:
    (found,) = [node for node in root.iter() if isinstance(node.tag, str) and etree.QName(node).localname == name]
    document = etree.fromstring(etree.tostring(found))
    assert schema.validate(document), "\n".join(str(error) for error in schema.error_log)


@pytest.mark.parametrize("key", ["odile", "ernest", "apolline", "maxence", "blaise", "ambroise"])
def test_existence(reference: Path, doctor: Speaker, key: str) -> None:
    """TD0.2: every outcome."""
    _check(_hl7(reference, "PRPA_IN201308UV02"), doctor.existence(key).xml, "PRPA_IN201308UV02")


def test_impossible_date(reference: Path, doctor: Speaker) -> None:
    """TD0.2 with a birth date that is on no calendar."""
    doctor.create("fatma")
    _check(_hl7(reference, "PRPA_IN201308UV02"), doctor.existence("fatma").xml, "PRPA_IN201308UV02")


def test_creation(reference: Path, doctor: Speaker) -> None:
    """TD1.1: confirmed, then refused."""
    _check(_hl7(reference, "PRPA_IN201312UV02"), doctor.create("odile").xml, "PRPA_IN201312UV02")
    _check(_hl7(reference, "PRPA_IN201313UV02"), doctor.create("odile").xml, "PRPA_IN201313UV02")


def test_reactivation(reference: Path, doctor: Speaker) -> None:
    """TD1.2: confirmed, then refused."""
    asked = doctor.registration("apolline", "REAC")
    _check(_hl7(reference, "PRPA_IN201315UV02"), doctor.register(asked).xml, "PRPA_IN201315UV02")
    _check(_hl7(reference, "PRPA_IN201316UV02"), doctor.register(asked).xml, "PRPA_IN201316UV02")


def test_authorisation(reference: Path, doctor: Speaker) -> None:
    """TD0.3: done, and already done."""
    for _ in range(2):
        _check(_habilitations(reference), doctor.authorise("ernest").xml, "setAuthorizationResponse")


def test_insi(reference: Path, doctor: Speaker) -> None:
    """INSi: found, with history, with a Corsican number, an impossible date, none, several."""
    for key in ("odile", "ghjulia", "fatma", "theodule", "jeanne"):
        answer = doctor.insi(by_vitale(own=people.person(key).ins.value))
        _check(_insi(reference), answer.xml, "RESULTAT")
    replaced = doctor.insi(by_vitale(own=people.person("solange").former[0].value))
    _check(_insi(reference), replaced.xml, "RESULTAT")
    _check(_insi(reference), doctor.insi(by_traits("KALMIA", "FATMA", "F", "1942-19-01")).xml, "RESULTAT")


def test_our_requests_are_sound(reference: Path, doctor: Speaker) -> None:
    """The tests' own requests are what the schemas allow: else the sandbox would be tested on its habits."""
    for reason, key in (("CREA_RD", "lilou"), ("REAC", "apolline")):
        asked = Registration(people.person(key), reason, representative="SERINGA")
        _check(_hl7(reference, asked.name), etree.fromstring(asked.xml()), asked.name)


def test_official_example_is_read(reference: Path) -> None:
    """The sandbox's reader understands the head of the official TD0.2 example."""
    from dmp_desktop.sandbox.existence import read_query
    from dmp_desktop.sandbox.hl7 import read_head

    name = "PRPA_IN201307UV02"
    raw = (reference / "dmp/messages/td0.2-existence-request.xml").read_bytes()
    root = etree.fromstring(raw, etree.XMLParser(recover=True))
    (body,) = root.iter(f"{{urn:hl7-org:v3}}{name}")
    head = read_head(body, name)
    assert (head.reason, head.sender) == ("TEST_EXST", "1.3.6.1.4.1.48364")
    assert read_query(body, people.INS_OID).oid == people.INS_OID
