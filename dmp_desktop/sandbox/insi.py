"""The INSi teleservice of the sandbox: an identity from a Carte Vitale or from traits (service ICIR 1.0.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import InsiOutcome, fold
from dmp_desktop.sandbox.envelope import Message
from dmp_desktop.sandbox.people import FictionalPerson
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.vihf import VihfRules, attributes_of, check_signed
from dmp_desktop.sandbox.xmlio import Element, Maker, attribute, child, children, text

BY_VITALE = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale"
BY_TRAITS = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"

# Only 00 was seen in a public example; 01 and 02 come from memory of the field and are unconfirmed (November 2026).
_FOUND = ("00", "OK")
_NONE = ("01", "Aucune identité trouvée")
_SEVERAL = ("02", "Plusieurs identités trouvées")

_result = Maker(oids.NS_INSI_RESULT, "insi")


def check_caller(message: Message, peer: bytes, rules: VihfRules, now: datetime) -> str:
    """Check the contexts and the assertion of an INSi request; PS_IdNat of the caller.

    :raises Refusal: with what is wrong.
    """
    for name, namespace, version in (("ContexteBAM", oids.NS_BAM, "01_02"), ("ContexteLPS", oids.NS_LPS, "01_00")):
        context = child(message.header, name, namespace)
        if context is None or attribute(context, "Version") != version:
            raise Refusal(Code.INVALID_MESSAGE, f"{name} {version} attendu")
        if not text(child(context, "Id", namespace)) or not text(child(context, "Temps", namespace)):
            raise Refusal(Code.INVALID_MESSAGE, f"{name} incomplet")
    if not text(child(message.header, "ContexteLPS/LPS/Nom", oids.NS_LPS)):
        raise Refusal(Code.INVALID_MESSAGE, "Logiciel sans nom")
    card, signed = check_signed(message.assertion, peer, rules, now)
    if attribute(child(signed, "Subject/NameID", oids.NS_SAML), "NameQualifier") != "CPS":
        raise Refusal(Code.INVALID_VIHF, "NameQualifier CPS attendu")
    if not any(text(value) for value in attributes_of(signed).get("identifiantFacturation", [])):
        raise Refusal(Code.INVALID_VIHF, "identifiantFacturation attendu")
    return text(child(signed, "Subject/NameID", oids.NS_SAML)) if card.structure else card.identifier


def search_by_vitale(body: Element, people: Iterable[FictionalPerson]) -> tuple[Element, str]:
    """The person a card designates: by their own number, else by the insured's, the birth date and the rank.

    The name is not compared: that is the client's duty, before a human's eyes (EX_GEN-1230).

    :returns: the answer and its ``CodeCR``.
    :raises Refusal: the request is not sound.
    """
    _check(body, "RECVITALE", oids.NS_INSI_VITALE)
    own = _number(body, "MatriculeIndividu")
    insured = _number(body, "MatriculeOD")
    if not own and not insured:
        raise Refusal(Code.INVALID_MESSAGE, "Aucun matricule")
    born = _digits(body, "DateNaissance", oids.NS_INSI_VITALE)
    rank = text(child(body, "RangNaissance", oids.NS_INSI_VITALE)) or "1"

    def match(person: FictionalPerson) -> bool:
        numbers = {person.ins.value, *(former.value for former in person.former)}
        if own:
            return own in numbers
        if insured not in (numbers if person.insured is None else {person.insured.value}):
            return False
        return person.traits.birth_date.raw == born and str(person.birth_rank) == rank

    return _answer(people, match)


def search_by_traits(body: Element, people: Iterable[FictionalPerson]) -> tuple[Element, str]:
    """The person whose birth name, one of the birth given names, sex and birth date are these.

    :returns: the answer and its ``CodeCR``.
    :raises Refusal: the request is not sound.
    """
    namespace = oids.NS_INSI_TRAITS
    _check(body, "RECSANSVITALE", namespace)
    name = fold(text(child(body, "NomNaissance", namespace)))
    given = [fold(text(node)) for node in children(body, "Prenom", namespace) if text(node)]
    sex, place = text(child(body, "Sexe", namespace)), text(child(body, "LieuNaissance", namespace))
    born = _digits(body, "DateNaissance", namespace)
    if not (name and given and sex and born):
        raise Refusal(Code.INVALID_MESSAGE, "Nom, prénom, sexe et date de naissance attendus")

    def match(person: FictionalPerson) -> bool:
        traits = person.traits
        same = fold(traits.birth_name) == name and traits.sex.value == sex and traits.birth_date.raw == born
        known = {fold(known) for known in traits.given_names}
        return same and set(given) <= known and place in {"", traits.birth_place}

    return _answer(people, match)


def _check(body: Element, name: str, namespace: str) -> None:
    if body.tag != f"{{{namespace}}}{name}":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")


def _number(body: Element, name: str) -> str:
    number = text(child(body, f"{name}/NumIdentifiant", oids.NS_INSI_VITALE))
    return number + text(child(body, f"{name}/Cle", oids.NS_INSI_VITALE)) if number else ""


def _digits(body: Element, name: str, namespace: str) -> str:
    return text(child(body, name, namespace)).replace("-", "")


def _answer(people: Iterable[FictionalPerson], match: Callable[[FictionalPerson], bool]) -> tuple[Element, str]:
    found = [person for person in people if match(person)]
    if not found or any(person.insi is InsiOutcome.NONE for person in found):
        code, label = _NONE
    elif len(found) > 1 or found[0].insi is InsiOutcome.SEVERAL:
        code, label = _SEVERAL
    else:
        code, label = _FOUND
    report = _result("CR", _result("CodeCR", code), _result("LibelleCR", label))
    return _result("RESULTAT", report, _person(found[0]) if (code, label) == _FOUND else None), code


def _person(person: FictionalPerson) -> Element:
    traits = person.traits
    born = traits.birth_date.raw
    return _result(
        "INDIVIDU",
        _ins("INSACTIF", person.ins),
        *(_ins("INSHISTO", former) for former in person.former),
        _result(
            "TIQ",
            _result("NomNaissance", traits.birth_name),
            _result("Prenom", traits.first_given_name),
            _result("ListePrenom", " ".join(traits.given_names)),
            _result("Sexe", traits.sex.value),
            _result("DateNaissance", f"{born[:4]}-{born[4:6]}-{born[6:]}"),
            _result("LieuNaissance", traits.birth_place) if traits.birth_place else None,
        ),
    )


def _ins(name: str, ins: Ins) -> Element:
    number = _result("IdIndividu", _result("NumIdentifiant", ins.matricule.body), _result("Cle", ins.matricule.key))
    return _result(name, number, _result("OID", ins.oid))
