"""TD1.3a, TD1.3b and TD1.4: read, change or close a dossier (``PRPA_IN201307UV02``, ``PRPA_IN201314UV02``).

Contents and order after the official examples (v02.05.00) and the NE2009 schemas.
"""

from __future__ import annotations

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.administration import (
    AdministrativeData,
    ClosingReason,
    LegalRepresentative,
    PostalAddress,
    Telecom,
)
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import BirthDate, Sex, Traits
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.errors import NoDossier, UnexpectedAnswer
from dmp_desktop.sync.hl7v3 import Frame, child, control_act, find, find_all, message
from dmp_desktop.sync.hl7v3_existence import answered, observed, patient_in, query_about
from dmp_desktop.sync.hl7v3_parts import (
    GENDERS,
    PREFIXES,
    author_of,
    birth_time,
    name_of,
    oppositions,
    patient_of,
    registration,
)
from dmp_desktop.sync.soap import node

_STATES = {"active": DossierState.ACTIVE, "terminated": DossierState.CLOSED}
_NO_USED_NAME = "NON RENSEIGNE"


def data_request(frame: Frame, ins: Ins) -> etree._Element:
    """TD1.3a, reason ``CNSLT_DATA``."""
    return query_about(frame, ins, "CNSLT_DATA", "Consultation des données de gestion de dossier")


def change_request(frame: Frame, data: AdministrativeData, credentials: Credentials) -> etree._Element:
    """TD1.3b, reason ``MODIF_DATA``: everything the store is to hold, changed or not."""
    root = message(frame, "PRPA_IN201314UV02")
    request = registration(control_act(root, "MODIF_DATA", "Modification des données de gestion du dossier"))
    patient = patient_of(request, data.ins)
    person = node(patient, "patientPerson", None, classCode="PSN", determinerCode="INSTANCE")
    name_of(
        person,
        civility=data.civility or PREFIXES.get(data.sex, ""),
        birth_name=data.birth_name,
        used_name=data.used_name,
        given_names=data.given_names,
    )
    _telecoms(person, data.telecoms)
    node(person, "administrativeGenderCode", None, code=GENDERS[data.sex])
    birth_time(person, data.birth_date.raw)
    _address(person, data.address)
    _representative(person, data.representative)
    oppositions(patient, break_glass=data.opposed_to_break_glass, emergency=data.opposed_to_emergency)
    author_of(request, credentials.professional, credentials.situation)
    return root


def closing_request(
    frame: Frame, ins: Ins, traits: Traits, reason: ClosingReason, credentials: Credentials
) -> etree._Element:
    """TD1.4, reason ``FERM``."""
    root = message(frame, "PRPA_IN201314UV02")
    act = control_act(root, "FERM", "Fermeture de dossier")
    request = registration(act)
    patient = patient_of(request, ins, "terminated")
    person = node(patient, "patientPerson", None, classCode="PSN", determinerCode="INSTANCE")
    name_of(
        person,
        civility=PREFIXES.get(traits.sex, ""),
        birth_name=traits.birth_name,
        used_name=traits.used_name,
        given_names=traits.given_names,
    )
    author_of(request, credentials.professional, credentials.situation)
    why = node(act, "reasonOf", None, typeCode="RSON")
    issue = node(why, "detectedIssueEvent", None, classCode="ALRT", moodCode="EVN")
    node(issue, "code", None, code=reason.code, codeSystem=oids.DMP_CLOSE_REASON)
    node(issue, "text", reason.text or reason.code)
    return root


def _telecoms(parent: etree._Element, telecoms: tuple[Telecom, ...]) -> None:
    for telecom in telecoms:
        node(parent, "telecom", None, value=telecom.uri, **({"use": telecom.use} if telecom.use else {}))


def _address(parent: etree._Element, address: PostalAddress) -> None:
    if address.empty:
        return
    addr = node(parent, "addr")
    for line in address.lines:
        node(addr, "streetAddressLine", line)
    for tag, value in (
        ("additionalLocator", address.locator),
        ("postalCode", address.postcode),
        ("city", address.city),
        ("country", address.country),
    ):
        if value:
            node(addr, tag, value)


def _representative(person: etree._Element, representative: LegalRepresentative | None) -> None:
    if representative is None:
        return
    relation = node(person, "personalRelationship", None, classCode="PRS")
    code = representative.relationship
    node(relation, "code", None, code=code.value, codeSystem=code.system)
    _address(relation, representative.address)
    _telecoms(relation, representative.telecoms)
    holder = node(relation, "relationshipHolder1", None, classCode="PSN", determinerCode="INSTANCE")
    name = node(holder, "name")
    if representative.civility:
        node(name, "prefix", representative.civility)
    node(name, "family", representative.family)
    node(name, "given", representative.given)


# -- reading ----------------------------------------------------------------------------------------------------------


def read_data(root: etree._Element, frame: Frame, ins: Ins) -> AdministrativeData:
    """What the store holds of ``ins``.

    :raises NoDossier: there is no such dossier.
    :raises RefusedByStore: another refusal; ``BadAnswer``: not the answer to this query, or about someone else.
    """
    received = answered(root, frame)
    if received is None:
        raise NoDossier(frame.disputed.not_found)
    patient = patient_in(received, ins)
    state = _STATES.get(child(patient, "statusCode").get("code", ""))
    if state is None:
        raise UnexpectedAnswer("unknown state of a dossier", part="statusCode")
    person = child(patient, "patientPerson")
    used, birth = names(person)
    return AdministrativeData(
        ins=ins,
        state=state,
        birth_name=birth,
        used_name=used,
        given_names=tuple(filter(None, (text(given) for given in find_all(person, "name/given")))),
        sex=sex_of(person),
        birth_date=BirthDate(_value(person, "birthTime", "value")),
        civility=said(person, "name/prefix"),
        deceased=_value(person, "deceasedInd", "value") == "true",
        address=address_of(person),
        telecoms=_read_telecoms(person),
        representative=_read_representative(find(person, "personalRelationship")),
        opposed_to_break_glass=observed(patient, "OPPOSITION_BRIS_DE_GLACE", oids.DMP_OBSERVATION),
        opposed_to_emergency=observed(patient, "OPPOSITION_ACCES_URGENCE", oids.DMP_OBSERVATION),
    )


def text(element: etree._Element | None) -> str:
    """The text of an element, on one line, bounded."""
    return " ".join("".join(str(part) for part in element.itertext()).split())[:200] if element is not None else ""


def said(parent: etree._Element, path: str) -> str:
    """The text at ``path``."""
    return text(find(parent, path))


def names(person: etree._Element) -> tuple[str, str]:
    """Used name and birth name; ``NON RENSEIGNE`` is no name."""
    found = {family.get("qualifier", ""): text(family) for family in find_all(person, "name/family")}
    used = found.get("SP", "")
    return "" if used == _NO_USED_NAME else used, found.get("BR", found.get("", ""))


def sex_of(person: etree._Element) -> Sex:
    """Administrative sex, unknown for anything but the two codes."""
    code = _value(person, "administrativeGenderCode", "code")
    return Sex(code) if code in {Sex.FEMALE, Sex.MALE} else Sex.UNKNOWN


def address_of(parent: etree._Element) -> PostalAddress:
    """The first address, empty when there is none."""
    lines = tuple(filter(None, (text(line) for line in find_all(parent, "addr/streetAddressLine"))))
    return PostalAddress(
        lines,
        said(parent, "addr/additionalLocator"),
        said(parent, "addr/postalCode"),
        said(parent, "addr/city"),
        said(parent, "addr/country"),
    )


def _value(parent: etree._Element, path: str, attribute: str) -> str:
    found = find(parent, path)
    return found.get(attribute, "")[:80] if found is not None else ""


def _read_telecoms(parent: etree._Element) -> tuple[Telecom, ...]:
    """In order, each once: the official answer repeats them."""
    every = [Telecom(found.get("value", "")[:200], found.get("use", "")) for found in find_all(parent, "telecom")]
    return tuple(dict.fromkeys(telecom for telecom in every if telecom.uri))


def _read_representative(relation: etree._Element | None) -> LegalRepresentative | None:
    if relation is None:
        return None
    holder = find(relation, "relationshipHolder1")
    if holder is None:
        return None
    return LegalRepresentative(
        relationship=Code(_value(relation, "code", "code"), _value(relation, "code", "codeSystem")),
        family=said(holder, "name/family"),
        given=said(holder, "name/given"),
        civility=said(holder, "name/prefix"),
        address=address_of(relation),
        telecoms=_read_telecoms(relation),
    )
