"""TD1.1 and TD1.2: open a dossier, or open it again (``PRPA_IN201311UV02``, ``PRPA_IN201314UV02``).

Contents after the official kit (v2.06.01) and the NE2009 schemas, whose order is kept. The traits of the Carte Vitale
travel exactly as they were read (EX_GEN-1265); the consent travels with the moment it was given (EX_1.1-1010).
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import Confirmation, Contact, Representative
from dmp_desktop.domain.events import Opening
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.errors import IdentityNotRetrieved
from dmp_desktop.sync.hl7v3 import Frame, control_act, message, nil, stamp
from dmp_desktop.sync.hl7v3_parts import (
    GENDERS,
    PREFIXES,
    author_of,
    birth_time,
    name_of,
    observation,
    oppositions,
    patient_of,
    read_registration,
    registration,
)
from dmp_desktop.sync.soap import node

CREATE_ACTION: Final = "urn:hl7-org:v3:PRPA_IN201311UV02"
CREATE_ANSWER_ACTION: Final = "urn:hl7-org:v3:PRPA_IN201311ResponseUV02"


def creation_request(frame: Frame, opening: Opening, credentials: Credentials) -> etree._Element:
    """TD1.1, reason ``CREA_RD``.

    :raises IdentityNotRetrieved: the opening has no INS yet.
    """
    root = message(frame, "PRPA_IN201311UV02")
    request = registration(control_act(root, "CREA_RD", "Création de dossier"))
    patient = patient_of(request, _ins(opening))
    person = _person(patient, opening)
    _card(person, opening.card)
    _representative(person, opening.representative)
    nil(patient, "providerOrganization", classCode="ORG", determinerCode="INSTANCE")
    given_at = stamp(opening.consent.given_at)
    observation(patient, "CONSENTEMENT_OUVERTURE_DMP", "Consentement à l'ouverture du DMP", True, given_at)
    _oppositions(patient, opening)
    author_of(request, credentials.professional, credentials.situation)
    return root


def reactivation_request(frame: Frame, opening: Opening, credentials: Credentials) -> etree._Element:
    """TD1.2, reason ``REAC``.

    :raises IdentityNotRetrieved: the opening has no INS yet.
    """
    root = message(frame, "PRPA_IN201314UV02")
    request = registration(control_act(root, "REAC", "Réactivation de dossier"))
    patient = patient_of(request, _ins(opening))
    person = _person(patient, opening)
    _card(person, opening.card)
    _representative(person, opening.representative)
    given_at = stamp(opening.consent.given_at)
    observation(patient, "CONSENTEMENT_REACTIVATION_DMP", "Consentement à la réactivation du DMP", True, given_at)
    _oppositions(patient, opening)
    author_of(request, credentials.professional, credentials.situation)
    return root


def read_creation(element: etree._Element, frame: Frame, ins: Ins) -> Confirmation:
    """The answer to TD1.1: ``PRPA_IN201312UV02`` accepts, ``PRPA_IN201313UV02`` refuses.

    :raises AlreadyOpen: a dossier exists already (``DMPFound``).
    :raises RefusedByStore: another refusal; ``BadAnswer``: not the answer to this request.
    """
    return read_registration(
        element, frame, ins, "PRPA_IN201311UV02_Response", "PRPA_IN201312UV02", "PRPA_IN201313UV02"
    )


# -- parts of a request -----------------------------------------------------------------------------------------------


def _ins(opening: Opening) -> Ins:
    if opening.ins is None:
        raise IdentityNotRetrieved("an opening without INS cannot leave")
    return opening.ins


def _person(patient: etree._Element, opening: Opening) -> etree._Element:
    traits = opening.traits
    person = node(patient, "patientPerson", None, classCode="PSN", determinerCode="INSTANCE")
    name_of(
        person,
        civility=PREFIXES.get(traits.sex, ""),
        birth_name=traits.birth_name,
        used_name=traits.used_name,
        given_names=traits.given_names,
    )
    _telecom(person, opening.contact)
    node(person, "administrativeGenderCode", None, code=GENDERS[traits.sex])
    birth_time(person, traits.birth_date.raw)
    return person


def _telecom(person: etree._Element, contact: Contact) -> None:
    if contact.mobile:
        node(person, "telecom", None, use="MC", value=f"tel:{contact.mobile}")
    if contact.email:
        node(person, "telecom", None, value=f"mailto:{contact.email}")


def _card(person: etree._Element, card: CardTraits) -> None:
    """Whom the Carte Vitale names, as read. The schema wants a telecom, which a card does not hold."""
    party = node(person, "contactParty", None, classCode="CON")
    node(party, "code", None, code="CARTE_SESAM_VITALE", codeSystem=oids.DMP_CARD_CONTACT)
    node(party, "telecom", None, nullFlavor="NA")
    holder = node(party, "contactPerson")
    name = node(holder, "name")
    node(name, "family", card.name, qualifier="BR")
    node(name, "given", card.given_name)
    birth_time(holder, card.birth_date.raw)


def _representative(person: etree._Element, representative: Representative | None) -> None:
    if representative is None:
        return
    relation = node(person, "personalRelationship", None, classCode="PRS")
    node(relation, "code", None, code=representative.quality.value, codeSystem=oids.ROLE_CODE)
    holder = node(relation, "relationshipHolder1", None, classCode="PSN", determinerCode="INSTANCE")
    name = node(holder, "name")
    node(name, "family", representative.family)
    node(name, "given", representative.given)


def _oppositions(patient: etree._Element, opening: Opening) -> None:
    """The person lets; the message says whether they oppose."""
    consent = opening.consent
    oppositions(patient, break_glass=not consent.break_glass, emergency=not consent.centre_15)
