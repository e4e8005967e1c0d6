"""The VIHF, checked as a central store checks it: who speaks, from where, for whom, since when.

Rules: CI-SIS VIHF (attributes), direct authentication of the DMP (assertion signed by the card's signature certificate,
TLS by its authentication certificate, structure and sector of one situation of the card, second role compulsory for
doctors and pharmacists).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from signxml.exceptions import InvalidDigest, InvalidInput, InvalidSignature
from signxml.verifier import SignatureConfiguration, XMLVerifier

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import BadIdentifier, Ins, Nir
from dmp_desktop.domain.professional import Situation
from dmp_desktop.sandbox.certificates import CardCertificate, check_issued, read_card_certificate
from dmp_desktop.sandbox.refusals import (
    TEXT_CERTIFICATE,
    TEXT_NOT_LINKED,
    TEXT_SPECIALITY,
    TEXT_STRUCTURE,
    Code,
    Refusal,
)
from dmp_desktop.sandbox.xmlio import Element, attribute, child, children, text

# Not published: the real store's tolerances are unknown ("strong NTP constraint"). Chosen strict, November 2026.
MAX_SKEW: Final = timedelta(minutes=2)
MAX_AGE: Final = timedelta(hours=1)

_SMARTCARD = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
_X509_NAME = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
_ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
_RESOURCE = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
_PURPOSE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
_PATIENT = re.compile(r"([0-9AB]{15})\^\^\^&([0-9.]+)&ISO\^NH")
_MODES = frozenset({"normal", "bris_de_glace", "centre_15"})
_WITH_SPECIALITY = frozenset({"10", "21"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks, once everything about them has been checked.

    :ivar mode: purpose of use (``normal``, ``bris_de_glace``, ``centre_15``).
    :ivar patient: the person the assertion targets.
    """

    professional: str
    structure: str
    mode: str
    desk_staff: bool
    doctor: bool
    patient: Ins | None

    @property
    def grantees(self) -> tuple[str, ...]:
        """Whose authorisations and blocks concern this caller: their own, and those of their structure."""
        return (self.professional, self.structure)


@dataclass(frozen=True, slots=True)
class VihfRules:
    """What the checks rest on.

    :ivar cards_authority: PEM of the authority of cards.
    :ivar situations: practice situations by PS_IdNat, as the directory of structures would give them.
    :ivar ins_oid: the only domain of INS numbers on this platform.
    """

    cards_authority: bytes
    situations: Mapping[str, tuple[Situation, ...]]
    ins_oid: str


def check_vihf(assertion: Element, peer: bytes, rules: VihfRules, now: datetime) -> Caller:
    """Check an assertion of the DMP in direct mode.

    :param peer: DER of the TLS client's certificate.
    :raises Refusal: with what is wrong.
    """
    card, signed = check_signed(assertion, peer, rules, now)
    attributes = attributes_of(signed)
    _demand(attributes, "VIHF_Version", {"3.0", "4.0"})
    # Both spellings are seen in official documents; the samples of the DMP write the first.
    mode = "Authentification_mode" if "Authentification_mode" in attributes else "Authentification_Mode"
    _demand(attributes, mode, {"DIRECTE"})
    _demand(attributes, "Ressource_URN", {"urn:dmp"})
    context = child(signed, "AuthnStatement/AuthnContext/AuthnContextClassRef", oids.NS_SAML)
    if text(context) != _SMARTCARD:
        raise Refusal(Code.INVALID_VIHF, "AuthnContextClassRef : SmartcardPKI attendu en authentification directe")
    structure = _structure(attributes, card, rules)
    _roles(attributes, card)
    return Caller(
        professional=card.identifier,
        structure=structure,
        mode=_purpose(attributes),
        desk_staff=card.desk_staff,
        doctor=card.profession == "10",
        patient=_patient(attributes, rules.ins_oid),
    )


def check_signed(assertion: Element, peer: bytes, rules: VihfRules, now: datetime) -> tuple[CardCertificate, Element]:
    """Check what holds for any assertion: its signature, its signer, its dates, and that the same card holds the TLS.

    :returns: the signer, and the assertion as it was signed: nothing else of the message may be believed.
    :raises Refusal: with what is wrong.
    """
    kinds = [node.tag for node in assertion]
    if kinds[:2] != [f"{{{oids.NS_SAML}}}Issuer", f"{{{oids.NS_DS}}}Signature"]:
        raise Refusal(Code.INVALID_SIGNATURE, "Signature attendue juste après Issuer")
    if attribute(assertion, "Version") != "2.0":
        raise Refusal(Code.INVALID_VIHF, "Assertion SAML 2.0 attendue")
    der = _signing_certificate(assertion)
    check_issued(der, rules.cards_authority, now)
    card = read_card_certificate(der)
    if not card.signs or not card.for_test:
        raise Refusal(Code.INVALID_CERTIFICATE, TEXT_CERTIFICATE)
    signed = _verify(assertion, der, now)
    issuer = child(signed, "Issuer", oids.NS_SAML)
    if attribute(issuer, "Format") != _X509_NAME or f"CN={card.identifier}" not in text(issuer):
        raise Refusal(Code.INVALID_VIHF, "Issuer : nom du certificat de signature attendu")
    if text(child(signed, "Subject/NameID", oids.NS_SAML)) != card.identifier:
        raise Refusal(Code.INVALID_VIHF, "NameID différent du porteur du certificat")
    _dates(signed, now)
    same = read_card_certificate(peer)
    if not same.authenticates or same.identifier != card.identifier:
        raise Refusal(Code.INVALID_CERTIFICATE, "Le certificat TLS n’est pas celui du signataire du VIHF")
    return card, signed


def _signing_certificate(assertion: Element) -> bytes:
    found = assertion.findall(f".//{{{oids.NS_DS}}}X509Certificate")
    if len(found) != 1:
        raise Refusal(Code.INVALID_CERTIFICATE, TEXT_CERTIFICATE)
    try:
        return base64.b64decode("".join(text(found[0]).split()), validate=True)
    except binascii.Error:
        raise Refusal(Code.INVALID_CERTIFICATE, TEXT_CERTIFICATE) from None


def _verify(assertion: Element, der: bytes, now: datetime) -> Element:
    """What this very certificate signed, when it is this whole assertion (SHA-256 or better)."""
    pem = base64.encodebytes(der).decode()
    certificate = f"-----BEGIN CERTIFICATE-----\n{pem}-----END CERTIFICATE-----\n"
    configuration = SignatureConfiguration(location="./", expect_references=1, verification_time=now)
    try:
        result = XMLVerifier().verify(assertion, x509_cert=certificate, expect_config=configuration)
    except (InvalidInput, InvalidSignature, InvalidDigest, ValueError):
        raise Refusal(Code.INVALID_SIGNATURE, "Signature du VIHF invalide") from None
    signed = None if isinstance(result, list) else result.signed_xml
    if signed is None or signed.tag != assertion.tag or signed.get("ID") != assertion.get("ID"):
        raise Refusal(Code.INVALID_SIGNATURE, "La signature ne porte pas sur le VIHF")
    return signed


def _dates(signed: Element, now: datetime) -> None:
    issued = _instant(attribute(signed, "IssueInstant"))
    conditions = child(signed, "Conditions", oids.NS_SAML)
    statement = child(signed, "AuthnStatement", oids.NS_SAML)
    after, until = attribute(conditions, "NotBefore"), attribute(conditions, "NotOnOrAfter")
    authenticated = attribute(statement, "AuthnInstant")
    starts = [issued] + [_instant(value) for value in (after, authenticated) if value]
    if max(starts) > now + MAX_SKEW:
        raise Refusal(Code.EXPIRED_VIHF, "VIHF daté du futur : vérifiez l’heure du poste")
    ends = [issued + MAX_AGE] + ([_instant(until)] if until else [])
    if now >= min(ends) + MAX_SKEW:
        raise Refusal(Code.EXPIRED_VIHF, "VIHF expiré")


def _instant(value: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise Refusal(Code.EXPIRED_VIHF, "Date illisible dans le VIHF") from None
    if instant.utcoffset() is None:
        raise Refusal(Code.EXPIRED_VIHF, "Date sans fuseau dans le VIHF")
    return instant


def attributes_of(signed: Element) -> dict[str, list[Element]]:
    """Attribute name → the values' elements."""
    found: dict[str, list[Element]] = {}
    for node in children(signed, "AttributeStatement/Attribute", oids.NS_SAML):
        found.setdefault(attribute(node, "Name"), []).extend(children(node, "AttributeValue", oids.NS_SAML))
    return found


def _one(attributes: dict[str, list[Element]], name: str) -> str:
    values = attributes.get(name, [])
    if len(values) != 1 or not text(values[0]):
        raise Refusal(Code.INVALID_VIHF, f"Attribut {name} attendu")
    return text(values[0])


def _demand(attributes: dict[str, list[Element]], name: str, allowed: set[str]) -> None:
    if _one(attributes, name) not in allowed:
        raise Refusal(Code.INVALID_VIHF, f"Attribut {name} : valeur refusée")


def _structure(attributes: dict[str, list[Element]], card: CardCertificate, rules: VihfRules) -> str:
    """The structure, when it and the sector come from the same situation of the professional."""
    structure = _one(attributes, "Identifiant_Structure")
    sector, _, system = _one(attributes, "Secteur_Activite").partition("^")
    known = {s.structure.value for situations in rules.situations.values() for s in situations}
    if structure not in known:
        raise Refusal(Code.INVALID_VIHF, TEXT_STRUCTURE)
    own = [s for s in rules.situations.get(card.identifier, ()) if s.structure.value == structure]
    if not own:
        raise Refusal(Code.INVALID_VIHF, TEXT_NOT_LINKED)
    if system != oids.SECTOR or sector not in {s.sector for s in own}:
        raise Refusal(Code.INVALID_VIHF, "Secteur d’activité étranger à la situation d’exercice")
    return structure


def _roles(attributes: dict[str, list[Element]], card: CardCertificate) -> None:
    """The roles of the card. What desk staff must send is not published: nothing is demanded of them."""
    if card.desk_staff:
        return
    roles = [role for value in attributes.get(_ROLE, []) for role in children(value, "Role")]
    if not roles or attribute(roles[0], "codeSystem") != oids.PROFESSION:
        raise Refusal(Code.INVALID_VIHF, "Profession absente du VIHF")
    if attribute(roles[0], "code") != card.profession:
        raise Refusal(Code.INVALID_VIHF, "Profession différente de celle de la carte")
    if card.profession in _WITH_SPECIALITY:
        if len(roles) < 2:
            raise Refusal(Code.INVALID_VIHF, TEXT_SPECIALITY)
        if card.speciality and attribute(roles[1], "code") != card.speciality:
            raise Refusal(Code.INVALID_VIHF, "Spécialité différente de celle de la carte")


def _purpose(attributes: dict[str, list[Element]]) -> str:
    purposes = [use for value in attributes.get(_PURPOSE, []) for use in children(value, "PurposeOfUse")]
    code = attribute(purposes[0], "code") if len(purposes) == 1 else ""
    if code not in _MODES or attribute(purposes[0], "codeSystem") != oids.ACCESS_MODE:
        raise Refusal(Code.INVALID_VIHF, "Mode d’accès absent ou inconnu")
    return code


def _patient(attributes: dict[str, list[Element]], ins_oid: str) -> Ins | None:
    if _RESOURCE not in attributes:
        return None
    found = _PATIENT.fullmatch(_one(attributes, _RESOURCE))
    if not found:
        raise Refusal(Code.INVALID_VIHF, "resource-id illisible")
    return read_ins(found[1], found[2], ins_oid)


def read_ins(matricule: str, oid: str, ins_oid: str) -> Ins:
    """An INS of this platform.

    :raises Refusal: wrong key, or a number of another platform (EX_GEN-1430).
    """
    if oid != ins_oid:
        raise Refusal(Code.UNKNOWN_INS, "Domaine d’INS étranger à cette plateforme")
    try:
        return Ins(Nir(matricule), oid)
    except BadIdentifier:
        raise Refusal(Code.UNKNOWN_INS, "Matricule INS invalide") from None
