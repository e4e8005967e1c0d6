"""TD1.1 and TD1.2: opening a dossier, and opening a closed one again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import fold
from dmp_desktop.sandbox import hl7 as h
from dmp_desktop.sandbox.caller import Caller
from dmp_desktop.sandbox.existence import write_name
from dmp_desktop.sandbox.hl7 import Head, hl7
from dmp_desktop.sandbox.people import FictionalPerson
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.store import Dossier, Store
from dmp_desktop.sandbox.vihf import read_ins
from dmp_desktop.sandbox.xmlio import Element, Maker, attribute, child, children, need, text

Act = Callable[[], FictionalPerson]
_gdp = Maker(oids.NS_GDP, "gdp")
_MAJORITY = 18
_REQUEST = "controlActProcess/subject/registrationRequest"
_MESSAGE_ADDED, _MESSAGE_NOT_ADDED = "PRPA_IN201312UV02", "PRPA_IN201313UV02"
_MESSAGE_REVISED, _MESSAGE_NOT_REVISED = "PRPA_IN201315UV02", "PRPA_IN201316UV02"


def read_patient(body: Element, ins_oid: str) -> Ins:
    """The person a registration is about: one id, of the platform's domain.

    :raises Refusal: when there is not exactly one.
    """
    found = [i for i in children(body, f"{_REQUEST}/subject1/patient/id") if attribute(i, "root") == ins_oid]
    if len(found) != 1:
        raise Refusal(Code.INVALID_MESSAGE, "Un seul INS attendu")
    return read_ins(attribute(found[0], "extension"), ins_oid, ins_oid)


def create(
    body: Element, head: Head, person: FictionalPerson | None, ins: Ins, store: Store, caller: Caller, now: datetime
) -> tuple[Element, str]:
    """Open a dossier (TD1.1); a second opening is refused, the interface having no key to recognise a repetition."""
    try:
        dossier = _read_creation(body, person, ins, caller, now)
        if not store.create(dossier):
            raise _present(store.dossier(ins))
    except Refusal as refusal:
        return _answer(body, head, now, _MESSAGE_NOT_ADDED, refusal, None), refusal.store_code
    return _answer(body, head, now, _MESSAGE_ADDED, None, person), "OK"


def reactivate(
    body: Element, head: Head, person: FictionalPerson | None, ins: Ins, store: Store, caller: Caller, now: datetime
) -> tuple[Element, str]:
    """Open a closed dossier again (TD1.2)."""

    def act() -> FictionalPerson:
        check_author(body, caller)
        consent = _consent(body, "CONSENTEMENT_REACTIVATION_DMP")
        dossier = store.dossier(ins)
        if dossier is None or person is None:
            raise Refusal(Code.NO_DOSSIER, "Aucun DMP pour ce patient")
        if person.deceased:
            raise Refusal(Code.DECEASED, "Patient décédé")
        if dossier.state is DossierState.OPPOSED:
            raise _present(dossier)
        if not store.reactivate(ins, consent):
            raise Refusal(Code.FOUND, "DMP déjà actif")
        return person

    return revise(body, head, now, act)


def revise(body: Element, head: Head, now: datetime, act: Act, status: str = "active") -> tuple[Element, str]:
    """Answer a ``PRPA_IN201314UV02``: done, or refused inside the answer; and its outcome for the history.

    :param act: does what is asked and gives whom it is about, or raises the refusal.
    """
    try:
        person = act()
    except Refusal as refusal:
        return _answer(body, head, now, _MESSAGE_NOT_REVISED, refusal, None), refusal.store_code
    return _answer(body, head, now, _MESSAGE_REVISED, None, person, status), "OK"


def answer_action(request: str) -> str:
    """WS-Addressing action of the answer to ``PRPA_IN2013nnUV02`` (WSDL GestionDossierPatientPartage)."""
    return f"urn:hl7-org:v3:{request.removesuffix('UV02')}ResponseUV02"


def _present(dossier: Dossier | None) -> Refusal:
    if dossier is not None and dossier.state is DossierState.OPPOSED:
        return Refusal(Code.OPPOSITION, "Le patient s’est opposé à la création de son DMP")
    if dossier is not None and dossier.state is DossierState.CLOSED:
        return Refusal(Code.CLOSED, "DMP fermé : il se réactive")
    return Refusal(Code.FOUND, "DMP déjà existant")


def _read_creation(body: Element, person: FictionalPerson | None, ins: Ins, caller: Caller, now: datetime) -> Dossier:
    """What a creation asks, when everything the rules demand is there."""
    check_author(body, caller)
    if person is None:
        raise Refusal(Code.UNKNOWN_INS, "INS inconnu du téléservice INSi")
    if person.deceased:
        raise Refusal(Code.DECEASED, "Patient décédé")
    patient = need(body, f"{_REQUEST}/subject1/patient")
    human = need(patient, "patientPerson")
    _check_traits(human, person)
    consent = _consent(body, "CONSENTEMENT_OUVERTURE_DMP")
    name, given, birth = _card(human)
    representative, quality = read_representative(human)
    born = person.traits.birth_date.age_on(now.date())
    if born is not None and born < _MAJORITY and not representative:
        raise Refusal(Code.REPRESENTATIVE_MISSING, "Représentant légal attendu pour un mineur")
    telecoms = [attribute(t, "value") for t in children(human, "telecom")]
    return Dossier(
        ins=ins,
        state=DossierState.ACTIVE,
        created_at=now.isoformat(),
        created_by=caller.professional,
        consent_at=consent,
        centre_15=not observed(patient, "OPPOSITION_ACCES_URGENCE"),
        break_glass=not observed(patient, "OPPOSITION_BRIS_DE_GLACE"),
        mobile=next((t.removeprefix("tel:") for t in telecoms if t.startswith("tel:")), ""),
        email=next((t.removeprefix("mailto:") for t in telecoms if t.startswith("mailto:")), ""),
        representative=representative,
        representative_quality=quality,
        representative_given=text(child(human, "personalRelationship/relationshipHolder1/name/given")),
        card_name=name,
        card_given=given,
        card_birth=birth,
    )


def check_author(body: Element, caller: Caller) -> None:
    """The author of the message is who signed the VIHF, in the structure of the VIHF."""
    entity = need(body, f"{_REQUEST}/author/assignedEntity")
    for path, root, expected in (
        ("id", oids.PS_ID, caller.professional),
        ("representedOrganization/id", oids.STRUCTURE_ID, caller.structure),
    ):
        identifier = need(entity, path)
        if attribute(identifier, "root") != root or attribute(identifier, "extension") != expected:
            raise Refusal(Code.INVALID_MESSAGE, "Auteur ou structure différents du VIHF")


def _check_traits(human: Element, person: FictionalPerson) -> None:
    """The traits sent with an INS are those INSi gives with it (RNIV)."""
    traits = person.traits
    if attribute(child(human, "birthTime"), "value") != traits.birth_date.raw:
        raise Refusal(Code.TRAITS_DIFFER, "Date de naissance différente de celle de l’INS")
    if attribute(child(human, "administrativeGenderCode"), "code") != traits.sex.value:
        raise Refusal(Code.TRAITS_DIFFER, "Sexe différent de celui de l’INS")
    births = [text(f) for f in children(human, "name/family") if "BR" in attribute(f, "qualifier").split()]
    if any(fold(birth) != fold(traits.birth_name) for birth in births):
        raise Refusal(Code.TRAITS_DIFFER, "Nom de naissance différent de celui de l’INS")
    if not text(child(human, "name/given")) or not text(child(human, "name/family")):
        raise Refusal(Code.INVALID_MESSAGE, "Nom et prénom attendus")


def _observations(patient: Element, code: str) -> list[Element]:
    return [
        node
        for node in children(patient, "subjectOf/administrativeObservation")
        if attribute(child(node, "code"), "code") == code
        and attribute(child(node, "code"), "codeSystem") == oids.DMP_OBSERVATION
    ]


def observed(patient: Element, code: str) -> bool:
    """Whether an administrative observation of this code says true."""
    return any(attribute(child(node, "value"), "value") == "true" for node in _observations(patient, code))


def _consent(body: Element, code: str) -> str:
    """When the consent was given: without it, nothing is opened (EX_1.1-1010, EX_1.2-1030)."""
    for node in _observations(need(body, f"{_REQUEST}/subject1/patient"), code):
        given = child(node, "effectiveTime")
        if attribute(child(node, "value"), "value") == "true" and given is not None:
            return h.read_time(attribute(given, "value"))
    raise Refusal(Code.CONSENT_MISSING, "Consentement du patient absent")


def _card(human: Element) -> tuple[str, str, str]:
    """The Vitale traits, unaltered (EX_GEN-1265, EX_GEN-1400): name, first name, birth date as on the card."""
    for contact in children(human, "contactParty"):
        code = child(contact, "code")
        kind = (attribute(code, "code"), attribute(code, "codeSystem"))
        if kind != ("CARTE_SESAM_VITALE", oids.DMP_CARD_CONTACT):
            continue
        found = (
            text(child(contact, "contactPerson/name/family")),
            text(child(contact, "contactPerson/name/given")),
            attribute(child(contact, "contactPerson/birthTime"), "value"),
        )
        if all(found):
            return found
    raise Refusal(Code.CARD_MISSING, "Traits de la carte Vitale absents")


def read_representative(human: Element) -> tuple[str, str]:
    """Name and quality of the legal representative, ``""`` when none is told."""
    for relation in children(human, "personalRelationship"):
        family = text(child(relation, "relationshipHolder1/name/family"))
        given = text(child(relation, "relationshipHolder1/name/given"))
        code = child(relation, "code")
        if family and given and attribute(code, "code") and attribute(code, "codeSystem") == oids.ROLE_CODE:
            return f"{family} {given}", attribute(code, "code")
    return "", ""


def _answer(
    body: Element,
    head: Head,
    now: datetime,
    name: str,
    refusal: Refusal | None,
    person: FictionalPerson | None,
    status: str = "active",
) -> Element:
    """The answer inside the wrapper of the WSDL; ``person`` as registered when it was done."""
    if person is not None:
        patient = hl7(
            "patient",
            {"classCode": "PAT"},
            hl7("id", {"root": person.ins.oid, "extension": person.ins.value}),
            hl7("statusCode", {"code": status}),
            hl7("patientPerson", {"classCode": "PSN", "determinerCode": "INSTANCE"}, write_name(person.traits)),
        )
        subject = h.registration(patient)
    else:
        subject = hl7("subject", {"typeCode": "SUBJ", h.NIL: "true"})
    answer = h.interaction(name, head, now, [], refusal, h.process(head, subject))
    return _gdp(f"{body.tag.rpartition('}')[2]}_Response", answer)
