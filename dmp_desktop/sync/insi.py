"""INSi: the INS and the reference traits of a person, by their Carte Vitale or by their traits.

Schemas ``INSi_RECVITALE``, ``INSi_RECSANS``, ``INSi_RESULTAT`` (00.01), contexts BAM 01.02 and LPS 01.00.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import BadIdentifier, Ins, Nir
from dmp_desktop.domain.identity import BirthDate, CardTraits, InsiAnswer, InsiOutcome, Sex, Traits
from dmp_desktop.domain.oids import NS_BAM, NS_INSI_RESULT, NS_INSI_TRAITS, NS_INSI_VITALE, NS_LPS
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import CardWithoutNumber, UnexpectedAnswer, WrongPlatform, refused
from dmp_desktop.sync.soap import node
from dmp_desktop.sync.vihf import Software, instant

VITALE_ACTION: Final = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale"
TRAITS_ACTION: Final = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"
_FOUND: Final = "00"
_REAL: Final = frozenset({oids.INS_NIR, oids.INS_NIA})
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks.

    :ivar emitter: PS_IdNat; ``instance``: id of this post for as long as the program runs.
    """

    software: Software
    emitter: str
    instance: str


def contexts(sender: Sender, now: datetime) -> tuple[etree._Element, etree._Element]:
    """The two compulsory contexts: BAM 01_02 (its cover left empty, as in the example) and LPS 01_00."""
    bam = _context(f"{{{NS_BAM}}}ContexteBAM", "01_02", sender, now)
    node(bam, "COUVERTURE")
    lps = _context(f"{{{NS_LPS}}}ContexteLPS", "01_00", sender, now)
    software = node(lps, "LPS")
    if sender.software.homologation:
        node(software, "IDAM", sender.software.homologation, R="4")
    node(software, "Version", sender.software.version)
    node(software, "Instance", sender.instance)
    node(software, "Nom", sender.software.name)
    return bam, lps


def _context(tag: str, version: str, sender: Sender, now: datetime) -> etree._Element:
    root = etree.Element(tag, nsmap={"ctx": etree.QName(tag).namespace or ""})
    root.set("Version", version)
    node(root, "Id", str(uuid.uuid4()))
    node(root, "Temps", instant(now))
    node(root, "Emetteur", sender.emitter)
    return root


def vitale_request(card: CardTraits) -> etree._Element:
    """``RECVITALE``: the person's own number where the card has it, the insured's, the birth date and the rank.

    :raises CardWithoutNumber: the card gave no number of an insured person.
    """
    if card.insured_nir is None:
        raise CardWithoutNumber("no number to search by")
    root = etree.Element(f"{{{NS_INSI_VITALE}}}RECVITALE", nsmap={"ins": NS_INSI_VITALE})
    for tag, number in (("MatriculeIndividu", card.own_nir), ("MatriculeOD", card.insured_nir)):
        if number is not None:
            matricule = node(root, tag)
            node(matricule, "NumIdentifiant", number.body)
            node(matricule, "Cle", number.key)
    node(root, "NomNaissance", card.name)
    node(root, "DateNaissance", _dashed(card.birth_date))
    node(root, "RangNaissance", str(card.birth_rank))
    return root


def traits_request(traits: Traits) -> etree._Element:
    """``RECSANSVITALE``: birth name, given names, sex, birth date, birth place when known."""
    root = etree.Element(f"{{{NS_INSI_TRAITS}}}RECSANSVITALE", nsmap={"ins": NS_INSI_TRAITS})
    node(root, "NomNaissance", traits.birth_name)
    for given in traits.given_names:
        node(root, "Prenom", given)
    if traits.sex is not Sex.UNKNOWN:
        node(root, "Sexe", traits.sex.value)
    node(root, "DateNaissance", _dashed(traits.birth_date))
    if traits.birth_place:
        node(root, "LieuNaissance", traits.birth_place)
    return root


def _dashed(date: BirthDate) -> str:
    raw = date.raw
    return f"{raw[:4]}-{raw[4:6]}-{raw[6:]}" if len(raw) == 8 and raw.isdigit() else raw


# -- reading ----------------------------------------------------------------------------------------------------------


def read_result(root: etree._Element, at: datetime, platform: str, disputed: Disputed) -> InsiAnswer:
    """What the teleservice found.

    :param platform: OID of the INS numbers of the configured platform. The test teleservice answers with the OID of
        real numbers while the DMP's test platform wants its own: the number takes the platform's.
    :raises WrongPlatform: a test number on the real platform.
    :raises RefusedByStore: a code that is neither found, none nor several.
    """
    if root.tag != _tag("RESULTAT"):
        raise UnexpectedAnswer("another answer than awaited", part="RESULTAT")
    code, label = _said(root, "CR/CodeCR"), _said(root, "CR/LibelleCR")[:200]
    if not code:
        raise UnexpectedAnswer("a part is missing", part="CodeCR")
    if code in disputed.insi_none:
        return InsiAnswer(InsiOutcome.NONE, at, code=code, label=label)
    if code in disputed.insi_several:
        return InsiAnswer(InsiOutcome.SEVERAL, at, code=code, label=label)
    if code != _FOUND:
        raise refused(f"INSi-{code[:20]}", label)
    person = root.find(_path("INDIVIDU"))
    active = person.find(_path("INSACTIF")) if person is not None else None
    if person is None or active is None:
        raise UnexpectedAnswer("a part is missing", part="INSACTIF")
    history = tuple(_ins(former, platform) for former in person.findall(_path("INSHISTO")))
    return InsiAnswer(InsiOutcome.FOUND, at, _ins(active, platform), _traits(person), code, label, history)


def _tag(name: str) -> str:
    return f"{{{NS_INSI_RESULT}}}{name}"


def _path(path: str) -> str:
    return "/".join(_tag(step) for step in path.split("/"))


def _said(element: etree._Element, path: str) -> str:
    return " ".join((element.findtext(_path(path)) or "").split())


def _ins(element: etree._Element, platform: str) -> Ins:
    body, key, oid = (
        _said(element, "IdIndividu/NumIdentifiant"),
        _said(element, "IdIndividu/Cle"),
        _said(element, "OID"),
    )
    if platform in _REAL and oid not in _REAL:
        raise WrongPlatform("a test number on the real platform")
    try:
        return Ins(Nir(body.upper() + key), oid if platform in _REAL else platform)
    except BadIdentifier:
        raise UnexpectedAnswer("an INS that cannot be one", part="NumIdentifiant") from None


def _traits(person: etree._Element) -> Traits:
    birth = _said(person, "TIQ/DateNaissance")
    name = _said(person, "TIQ/NomNaissance")
    if not name or not _DATE.fullmatch(birth):
        raise UnexpectedAnswer("traits without name or birth date", part="TIQ")
    sex = _said(person, "TIQ/Sexe")
    return Traits(
        name,
        _given_names(_said(person, "TIQ/Prenom"), _said(person, "TIQ/ListePrenom")),
        Sex(sex) if sex in {"F", "M"} else Sex.UNKNOWN,
        BirthDate(birth.replace("-", "")),
        _said(person, "TIQ/LieuNaissance"),
    )


def _given_names(first: str, listed: str) -> tuple[str, ...]:
    """The birth given names in order. The first may hold a space: it is taken whole from the list."""
    if first and (listed == first or listed.startswith(first + " ")):
        return (first, *listed[len(first) :].split())
    return tuple(listed.split()) or ((first,) if first else ())
