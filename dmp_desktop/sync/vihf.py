"""The VIHF: who speaks, from where, about whom and why, signed by the card.

A SAML 2.0 assertion with the attributes of the CI-SIS (volet transport, VIHF) as the official examples carry them. In
direct mode every value about the person comes from their card; in the indirect ones the structure's seal signs, and the
assertion names the person. The structure and the sector always come from one and the same practice situation
(SEL-MP-037). INSi asks for an assertion of its own, much shorter.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.habilitations import Access, AccessMode, IdentityMode
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.oids import NS_DS, NS_HL7, NS_SAML, NS_XS, NS_XSI
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.signature import sign_enveloped, subject_name
from dmp_desktop.sync.soap import element, node

_X509_SUBJECT: Final = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
_ROLE: Final = "urn:oasis:names:tc:xacml:2.0:subject:role"
_RESOURCE: Final = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
_PURPOSE: Final = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
_SUBJECT: Final = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
_CONFIDENTIALITY: Final = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
_SECRET: Final = f"INVISIBLE_REPRESENTANTS_LEGAUX^{oids.CONFIDENTIALITY_DMP}"
_NSMAP: Final = {"saml2": NS_SAML, "xsi": NS_XSI, "xs": NS_XS}
# JDV_J01: whoever is at a reception without a health profession.
_DESK_ROLE: Final = ("SECRETARIAT_MEDICAL", "1.2.250.1.213.1.1.4.6", "Secrétariat médical")


_PURPOSE_LABELS: Final = {
    AccessMode.NORMAL: "Accès normal",
    AccessMode.BREAK_GLASS: "Accès en bris de glace",
    AccessMode.CENTRE_15: "Accès par un centre de régulation médicale",
}


@dataclass(frozen=True, slots=True)
class Software:
    """What the program says of itself.

    :ivar homologation: the homologation number; secret (EX_GEN-1490), left out while there is none.
    """

    oid: str
    name: str
    version: str
    homologation: str = field(default="", repr=False)


def dmp_assertion(
    credentials: Credentials,
    software: Software,
    ins: Ins | None,
    *,
    access: Access,
    signed_in_at: datetime,
    now: datetime,
    disputed: Disputed,
) -> etree._Element:
    """A signed VIHF about ``ins`` (or about nobody, for what targets no patient), valid from ``now``.

    :param access: why the dossier is entered; a secret connection says so in each of its assertions.
    :raises SecondRoleMissing: a doctor or a pharmacist without their second role.
    """
    person, situation = credentials.professional, credentials.situation
    authentication, second_role = credentials.authentication, credentials.second_role
    root = _assertion(credentials, now)
    node(node(root, "Subject"), "NameID", person.id.value)
    node(
        root,
        "Conditions",
        None,
        NotBefore=instant(now),
        NotOnOrAfter=instant(now + timedelta(minutes=disputed.assertion_minutes)),
    )
    statement = node(root, "AuthnStatement", None, AuthnInstant=instant(signed_in_at))
    context = node(statement, "AuthnContext")
    node(context, "AuthnContextClassRef", authentication.method)
    if authentication.declared:
        node(context, "AuthnContextDecl", authentication.declared)
    attributes = node(root, "AttributeStatement")
    _text(attributes, "Identifiant_Structure", situation.structure.value)
    _text(attributes, "Secteur_Activite", f"{situation.sector}^{oids.SECTOR}")
    if authentication.mode is not IdentityMode.DIRECT:
        # The signature is the structure's: the assertion alone says who the person is.
        _text(attributes, _SUBJECT, f"{person.given} {person.family}")
    roles = [(person.profession, oids.PROFESSION, person.profession_label)] if person.profession else [_DESK_ROLE]
    if second_role is not None:
        roles.append((second_role.value, second_role.system, second_role.label))
    _coded(attributes, _ROLE, "Role", roles)
    _text(attributes, "VIHF_Version", disputed.vihf_version)
    _text(attributes, disputed.authentication_attribute, authentication.mode.value)
    if ins is not None:
        _text(attributes, _RESOURCE, f"{ins.value}^^^&{ins.oid}&ISO^NH")
    _text(attributes, "Ressource_URN", "urn:dmp")
    _coded(
        attributes,
        _PURPOSE,
        "PurposeOfUse",
        [(access.mode.value, oids.ACCESS_MODE, _PURPOSE_LABELS[access.mode])],
        codeSystemName="mode acces VIHF 2.0",
    )
    if access.motive:
        _text(attributes, disputed.motive_attribute, access.motive)
    if access.secret:
        _text(attributes, _CONFIDENTIALITY, _SECRET)
    _text(attributes, "LPS_ID", software.oid)
    _text(attributes, "LPS_Nom", software.name)
    _text(attributes, "LPS_Version", software.version)
    if software.homologation:
        _text(attributes, "LPS_ID_HOMOLOGATION_DMP", software.homologation)
    return sign_enveloped(root, credentials.signer)


def insi_assertion(credentials: Credentials, billing_id: str, *, now: datetime) -> etree._Element:
    """The assertion INSi asks for: the professional and the identifier under which the practice invoices.

    Its NameID says ``CPS`` whatever the kind of card, and it carries no validity: as in the official example.
    """
    root = _assertion(credentials, now)
    node(node(root, "Subject"), "NameID", credentials.professional.id.value, NameQualifier="CPS")
    _text(node(root, "AttributeStatement"), "identifiantFacturation", billing_id)
    return sign_enveloped(root, credentials.signer)


def instant(moment: datetime) -> str:
    """``2019-06-26T08:08:55.469Z``. ``moment`` is aware and in UTC."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _assertion(credentials: Credentials, now: datetime) -> etree._Element:
    root = etree.Element(f"{{{NS_SAML}}}Assertion", nsmap=_NSMAP)
    root.set("ID", f"_{uuid.uuid4()}")
    root.set("IssueInstant", instant(now))
    root.set("Version", "2.0")
    node(root, "Issuer", subject_name(credentials.signer.certificate), Format=_X509_SUBJECT)
    # The signature takes this place: right after Issuer, as the SAML schema wants.
    etree.SubElement(root, f"{{{NS_DS}}}Signature", nsmap={"ds": NS_DS}).set("Id", "placeholder")
    return root


def _attribute(statement: etree._Element, name: str) -> etree._Element:
    return node(statement, "Attribute", None, Name=name)


def _text(statement: etree._Element, name: str, value: str) -> None:
    node(_attribute(statement, name), "AttributeValue", value, **{f"{{{NS_XSI}}}type": "xs:string"})


def _coded(statement: etree._Element, name: str, tag: str, codes: list[tuple[str, str, str]], **more: str) -> None:
    attribute = _attribute(statement, name)
    for code, system, label in codes:
        value = node(attribute, "AttributeValue")
        coded = element(f"{{{NS_HL7}}}{tag}", {None: NS_HL7})
        value.append(coded)
        coded.set("code", code)
        coded.set("codeSystem", system)
        for key, text in more.items():
            coded.set(key, text)
        if label:
            coded.set("displayName", label)
        coded.set(f"{{{NS_XSI}}}type", "CE")


@dataclass(slots=True)
class AssertionCache:
    """Assertions kept within their validity: a card takes about a second to sign one.

    :ivar margin: an assertion this close to its end is made anew.
    """

    margin: timedelta = timedelta(minutes=2)
    _kept: dict[tuple[Ins | None, Access], tuple[bytes, datetime]] = field(default_factory=dict, repr=False)

    def get(self, ins: Ins | None, access: Access, now: datetime) -> etree._Element | None:
        """A copy of the assertion kept for this patient and this way of entering, if it is still good at ``now``."""
        kept = self._kept.get((ins, access))
        if kept is None or now + self.margin >= kept[1]:
            return None
        return etree.fromstring(kept[0])

    def put(self, ins: Ins | None, access: Access, assertion: etree._Element, until: datetime, now: datetime) -> None:
        """Keep ``assertion`` until ``until``; those past their end at ``now`` are forgotten."""
        self._kept = {key: kept for key, kept in self._kept.items() if now < kept[1]}
        self._kept[ins, access] = (etree.tostring(assertion), until)

    def clear(self) -> None:
        """Forget everything: the card left, or the store refused one."""
        self._kept.clear()
