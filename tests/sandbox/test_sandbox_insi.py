"""The sandbox's INSi: by Vitale, by traits, and what it refuses."""

from __future__ import annotations

import pytest
from helpers.sandbox_bodies import by_traits, by_vitale
from helpers.sandbox_wire import Speaker, envelope, post

from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox

_CODE = "//r:CR/r:CodeCR"
_NUMBER = "concat(//r:INSACTIF/r:IdIndividu/r:NumIdentifiant, //r:INSACTIF/r:IdIndividu/r:Cle)"


def _number(key: str) -> str:
    return people.person(key).ins.value


def test_by_own_number(doctor: Speaker) -> None:
    """The insured is found by their own number, with traits that may say more than the card."""
    answer = doctor.insi(by_vitale(own=_number("odile"), name="LAVANDIN"))
    assert answer.status == 200
    assert answer.one(_CODE) == "00"
    assert answer.xml.xpath(_NUMBER, namespaces={"r": "http://www.cnamts.fr/INSiResultat"}) == _number("odile")
    assert answer.one("//r:INSACTIF/r:OID") == "1.2.250.1.213.1.4.10"
    assert answer.one("//r:TIQ/r:NomNaissance") == "LAVANDIN-GENÊT"
    assert answer.one("//r:TIQ/r:ListePrenom") == "ODILE MARIE"
    assert answer.one("//r:TIQ/r:DateNaissance") == "1979-05-23"


@pytest.mark.parametrize(
    ("born", "rank", "given"),
    [
        ("1979-05-23", "1", "ODILE"),
        ("1977-11-11", "1", "GASPARD"),
        ("2016-09-02", "1", "CAPUCINE"),
        ("2016-09-02", "2", "CLÉMENTINE"),
        ("20160902", "2", "CLÉMENTINE"),
    ],
)
def test_by_the_insured_number(doctor: Speaker, born: str, rank: str, given: str) -> None:
    """Everyone of a family card is found by the insured's number, the birth date and the rank, twins included."""
    assert doctor.insi(by_vitale(insured=_number("odile"), born=born, rank=rank)).one("//r:TIQ/r:Prenom") == given


@pytest.mark.parametrize(
    ("key", "code"), [("theodule", "01"), ("jeanne", "02"), ("fatma", "00"), ("ghjulia", "00"), ("camille-1986", "00")]
)
def test_outcomes(doctor: Speaker, key: str, code: str) -> None:
    """None, several, found; the Corsican number and the impossible birth date included."""
    answer = doctor.insi(by_vitale(own=_number(key)))
    assert answer.one(_CODE) == code
    assert len(answer.all("//r:INDIVIDU")) == (code == "00")


def test_replaced_number(doctor: Speaker) -> None:
    """An old number finds the present one, and the old one is told as history."""
    someone = people.person("solange")
    answer = doctor.insi(by_vitale(own=someone.former[0].value))
    assert answer.one("//r:INSACTIF//r:NumIdentifiant") == someone.ins.matricule.body
    assert answer.one("//r:INSHISTO//r:NumIdentifiant") == someone.former[0].matricule.body


def test_nobody(doctor: Speaker) -> None:
    """A number nobody holds finds nobody."""
    assert doctor.insi(by_vitale(insured=_number("odile"), born="1990-01-01")).one(_CODE) == "01"


@pytest.mark.parametrize(
    ("name", "given", "sex", "born", "code"),
    [
        ("TOURNESOL", "CAMILLE", "F", "1968-06-09", "00"),
        ("TOURNESOL", "CAMILLE", "M", "1986-06-09", "00"),
        ("TOURNESOL", "CAMILLE", "M", "1968-06-09", "01"),
        ("lavandin genet", "odile", "F", "1979-05-23", "00"),
        ("MYRTILLE", "JEANNE", "F", "1958-01-17", "02"),
        ("ABSINTHE", "THEODULE", "M", "1947-09-30", "01"),
    ],
)
def test_by_traits(doctor: Speaker, name: str, given: str, sex: str, born: str, code: str) -> None:
    """Traits find one person of a same-name pair; accents, case and hyphens are no difference."""
    assert doctor.insi(by_traits(name, given, sex, born)).one(_CODE) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"billing": ""}, "FailedAuthentication"),
        ({"qualifier": "CPE"}, "FailedAuthentication"),
        ({"version": "01_00"}, "DMPInvalidMessage"),
    ],
)
def test_context_is_checked(doctor: Speaker, change: dict[str, str], code: str) -> None:
    """The contexts and the assertion of INSi are demanded; the fault tells its Erreur."""
    answer = doctor.insi(by_vitale(own=_number("odile")), **change)
    assert (answer.status, answer.fault) == (500, code)
    assert answer.xml.xpath("//s:Erreur/@code", namespaces={"s": "urn:siram"}) == [code]


@pytest.mark.parametrize("body", [by_vitale(born="1979-05-23"), by_traits("", "ODILE", "F", "1979-05-23")])
def test_incomplete_search(doctor: Speaker, body: str) -> None:
    """A search without a number, or without a name, is no search."""
    assert doctor.insi(body).fault == "DMPInvalidMessage"


def test_unsigned_search(sandbox: Sandbox, doctor: Speaker) -> None:
    """INSi needs a signed assertion as the store does."""
    message = envelope("urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale", "", by_vitale("1" * 15))
    assert post(sandbox, sandbox.insi_url, message).fault == "InvalidSecurity"
