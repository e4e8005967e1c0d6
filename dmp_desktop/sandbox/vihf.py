"""The VIHF, checked as a central store checks it: who speaks, from where, for whom, since when.

Rules: CI-SIS VIHF (attributes); direct authentication of the DMP (assertion signed by the card's signature certificate,
TLS by its authentication certificate, structure and sector of one situation of the card, second role compulsory for
doctors and pharmacists); indirect and « indirecte renforcée » (ORG_SIGN signs, ORG_AUTH_CLI holds the TLS, the
assertion names the person; EX_GEN-1450, EX_AIR-050).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lxml import etree
from signxml.exceptions import InvalidDigest, InvalidInput, InvalidSignature
from signxml.verifier import SignatureConfiguration, XMLVerifier

from dmp_desktop.domain import oids
from dmp_desktop.domain.habilitations import IdentityMode
from dmp_desktop.domain.identifiers import BadIdentifier, Ins, Nir
from dmp_desktop.domain.professional import Situation
from dmp_desktop.sandbox.caller import DOCTOR, Caller
from dmp_desktop.sandbox.certificates import CardCertificate, check_issued, read_card_certificate
from dmp_desktop.sandbox.refusals import (
    TEXT_CERTIFICATE,
    TEXT_LEGAL_PERSON,
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
_SUBJECT = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
_CONFIDENTIALITY = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
# Where the motive of a bris de glace travels is not published (November 2026): an attribute of its own is awaited.
_MOTIVE = "Motif_Acces"
_SECRET = f"INVISIBLE_REPRESENTANTS_LEGAUX^{oids.CONFIDENTIALITY_DMP}"
_PATIENT = re.compile(r"([0-9AB]{15})\^\^\^&([0-9.]+)&ISO\^NH")
_MODES = frozenset({"normal", "bris_de_glace", "centre_15"})
_WITH_SPECIALITY = frozenset({"10", "21"})


@dataclass(frozen=True, slots=True)
class VihfRules:
    """What the checks rest on.

    :ivar cards_authority: PEM of the authority of cards; ``organisations_authority``: of organisations.
    :ivar situations: practice situations by PS_IdNat, as the directory of structures would give them.
    :ivar ins_oid: the only domain of INS numbers on this platform.
    """

    cards_authority: bytes
    organisations_authority: bytes
    situations: Mapping[str, tuple[Situation, ...]]
    ins_oid: str


def check_vihf(assertion: Element, peer: bytes, rules: VihfRules, now: datetime) -> Caller:
    """Check an assertion of the DMP, in any of its three modes.

    :param peer: DER of the TLS client's certificate.
    :raises Refusal: with what is wrong.
    """
    signer, signed = check_signed(assertion, peer, rules, now)
    attributes = attributes_of(signed)
    _demand(attributes, "VIHF_Version", {"3.0", "4.0"})
    # Both spellings are seen in official documents; the samples of the DMP write the first.
    name = "Authentification_mode" if "Authentification_mode" in attributes else "Authentification_Mode"
    _demand(attributes, name, {"DIRECTE"} if not signer.structure else {"INDIRECTE", "INDIRECTE_RENFORCEE"})
    mode = IdentityMode(_one(attributes, name))
    _demand(attributes, "Ressource_URN", {"urn:dmp"})
    _context(signed, mode)
    professional = text(child(signed, "Subject/NameID", oids.NS_SAML))
    structure = _structure(attributes, professional, signer, rules)
    card = signer if mode is IdentityMode.DIRECT else None
    profession, speciality = _roles(attributes, card)
    if mode is not IdentityMode.DIRECT:
        _one(attributes, _SUBJECT)
    return Caller(
        professional=professional,
        structure=structure,
        mode=_purpose(attributes),
        desk_staff=card is not None and card.desk_staff,
        doctor=profession == DOCTOR,
        patient=_patient(attributes, rules.ins_oid),
        identity=mode,
        profession=profession,
        speciality=speciality,
        motive=_optional(attributes, _MOTIVE),
        secret=_secret(attributes),
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
    check_issued(der, (rules.cards_authority, rules.organisations_authority), now)
    card = read_card_certificate(der)
    if not card.signs or not card.for_test:
        raise Refusal(Code.INVALID_CERTIFICATE, TEXT_CERTIFICATE)
    signed = _verify(assertion, der, now)
    issuer = child(signed, "Issuer", oids.NS_SAML)
    if attribute(issuer, "Format") != _X509_NAME or f"CN={card.identifier}" not in text(issuer):
        raise Refusal(Code.INVALID_VIHF, "Issuer : nom du certificat de signature attendu")
    name = text(child(signed, "Subject/NameID", oids.NS_SAML))
    if not name or (not card.structure and name != card.identifier):
        raise Refusal(Code.INVALID_VIHF, "NameID différent du porteur du certificat")
    _dates(signed, now)
    same = read_card_certificate(peer)
    if not same.authenticates or (same.structure or same.identifier) != (card.structure or card.identifier):
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
    except (InvalidInput, InvalidSignature, InvalidDigest, ValueError, etree.LxmlError):
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


def _optional(attributes: dict[str, list[Element]], name: str) -> str:
    values = attributes.get(name, [])
    return text(values[0]) if values else ""


def _context(signed: Element, mode: IdentityMode) -> None:
    reference = text(child(signed, "AuthnStatement/AuthnContext/AuthnContextClassRef", oids.NS_SAML))
    declared = text(child(signed, "AuthnStatement/AuthnContext/AuthnContextDecl", oids.NS_SAML))
    if mode is IdentityMode.DIRECT and reference != _SMARTCARD:
        raise Refusal(Code.INVALID_VIHF, "AuthnContextClassRef : SmartcardPKI attendu en authentification directe")
    if not reference.startswith("urn:oasis:names:tc:SAML:2.0:ac:classes:"):
        raise Refusal(Code.INVALID_VIHF, "AuthnContextClassRef attendu")
    if (mode is IdentityMode.REINFORCED) != bool(declared):
        raise Refusal(Code.INVALID_VIHF, "AuthnContextDecl attendu en authentification indirecte renforcée, et là seul")


def _structure(
    attributes: dict[str, list[Element]], professional: str, signer: CardCertificate, rules: VihfRules
) -> str:
    """The structure, when it and the sector come from the same situation of the professional.

    In indirect mode the structure is the certificate's own; whoever it names is linked to it when the directory knows
    them, and is its own staff otherwise.
    """
    structure = _one(attributes, "Identifiant_Structure")
    sector, _, system = _one(attributes, "Secteur_Activite").partition("^")
    known = {s.structure.value for situations in rules.situations.values() for s in situations}
    if structure not in known:
        raise Refusal(Code.INVALID_VIHF, TEXT_STRUCTURE)
    if signer.structure and signer.structure != structure:
        raise Refusal(Code.INVALID_VIHF, TEXT_LEGAL_PERSON)
    everyone = [s for situations in rules.situations.values() for s in situations]
    staff = signer.structure and professional not in rules.situations and not professional.startswith(("0", "8"))
    own = [s for s in (everyone if staff else rules.situations.get(professional, ())) if s.structure.value == structure]
    if not own:
        raise Refusal(Code.INVALID_VIHF, TEXT_NOT_LINKED)
    if system != oids.SECTOR or sector not in {s.sector for s in own}:
        raise Refusal(Code.INVALID_VIHF, "Secteur d’activité étranger à la situation d’exercice")
    return structure


def _roles(attributes: dict[str, list[Element]], card: CardCertificate | None) -> tuple[str, str]:
    """Profession and speciality, which in direct mode are the card's.

    What desk staff must send is not published: nothing is demanded of them, nor of staff that is of no profession.
    """
    if card is not None and card.desk_staff:
        return "", ""
    roles = [role for value in attributes.get(_ROLE, []) for role in children(value, "Role")]
    profession = attribute(roles[0], "code") if roles else ""
    if not roles or attribute(roles[0], "codeSystem") != oids.PROFESSION:
        if card is None and roles:
            return "", ""
        raise Refusal(Code.INVALID_VIHF, "Profession absente du VIHF")
    if card is not None and profession != card.profession:
        raise Refusal(Code.INVALID_VIHF, "Profession différente de celle de la carte")
    if profession not in _WITH_SPECIALITY:
        return profession, ""
    if len(roles) < 2:
        raise Refusal(Code.INVALID_VIHF, TEXT_SPECIALITY)
    speciality = attribute(roles[1], "code")
    if card is not None and card.speciality and speciality != card.speciality:
        raise Refusal(Code.INVALID_VIHF, "Spécialité différente de celle de la carte")
    return profession, speciality


def _purpose(attributes: dict[str, list[Element]]) -> str:
    purposes = [use for value in attributes.get(_PURPOSE, []) for use in children(value, "PurposeOfUse")]
    code = attribute(purposes[0], "code") if len(purposes) == 1 else ""
    if code not in _MODES or attribute(purposes[0], "codeSystem") != oids.ACCESS_MODE:
        raise Refusal(Code.INVALID_VIHF, "Mode d’accès absent ou inconnu")
    return code


def _secret(attributes: dict[str, list[Element]]) -> bool:
    said = _optional(attributes, _CONFIDENTIALITY)
    if said not in {"", _SECRET}:
        raise Refusal(Code.INVALID_VIHF, "confidentiality-code inconnu")
    return bool(said)


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
