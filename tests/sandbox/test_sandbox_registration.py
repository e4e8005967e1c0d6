"""TD1.1, TD1.2 and TD0.3 against the sandbox: what opens a dossier, and what is refused."""

from __future__ import annotations

import pytest
from helpers.sandbox_bodies import Registration
from helpers.sandbox_wire import Speaker

from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox

_DETAIL = "//h:acknowledgementDetail/h:code/@code"


def test_creation_opens_a_dossier(sandbox: Sandbox, doctor: Speaker) -> None:
    """A sound creation is confirmed and remembered with its consent, its contacts and the card's traits."""
    answer = doctor.create("odile")
    assert answer.status == 200
    assert answer.one("//wsa:Action") == "urn:hl7-org:v3:PRPA_IN201311ResponseUV02"
    assert answer.one("//gdp:PRPA_IN201311UV02_Response/h:PRPA_IN201312UV02/h:acknowledgement/@typeCode") == "AA"
    assert answer.one("//h:registrationEvent//h:patient/h:statusCode/@code") == "active"
    dossier = sandbox.store.dossier(people.person("odile").ins)
    assert dossier is not None
    assert dossier.state is DossierState.ACTIVE
    assert (dossier.break_glass, dossier.centre_15) == (True, False)
    assert (dossier.mobile, dossier.email) == ("0612345678", "odile@exemple.test")
    assert (dossier.card_name, dossier.card_given, dossier.card_birth) == ("LAVANDIN", "ODILE", "790523")
    assert dossier.consent_at == "20260414071100"
    assert dossier.created_by == people.BRINDILLE


def test_creation_gives_nobody_an_authorisation(doctor: Speaker) -> None:
    """Opening a dossier authorises no one: that is a separate, explicit act."""
    doctor.create("odile")
    answer = doctor.existence("odile")
    assert answer.one("//h:patient/h:statusCode/@code") == "active"
    assert answer.one("//h:attentionLine[h:keyWordText/@code='AUTORISATION']/h:value/@code") == "NON_EXISTE"


def test_second_creation_is_refused(sandbox: Sandbox, doctor: Speaker) -> None:
    """The interface has no key to recognise a repetition: a second creation is an error, and changes nothing."""
    doctor.create("odile")
    answer = doctor.create("odile")
    assert answer.one("//gdp:PRPA_IN201311UV02_Response/h:PRPA_IN201313UV02/h:acknowledgement/@typeCode") == "AE"
    assert answer.one(_DETAIL) == "DMPFound"
    assert answer.one("//h:acknowledgementDetail/h:text") == "DMP déjà existant"
    outcomes = [a.outcome for a in sandbox.store.accesses(people.person("odile").ins)]
    assert outcomes == ["OK", "DMPFound"]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("ernest", "DMPFound"),
        ("apolline", "DMPClosed"),
        ("blaise", "DMPFound"),
        ("maxence", "DMPPatientOpposition"),
        ("ambroise", "DMPPatientDeceased"),
    ],
)
def test_creation_refused_by_state(doctor: Speaker, key: str, code: str) -> None:
    """Someone who has a dossier, who opposed or who died gets no new one."""
    assert doctor.create(key).one(_DETAIL) == code


def _wrong() -> list[tuple[str, dict[str, object], str]]:
    return [
        ("consent not given", {"consent": "false"}, "DMPConsentMissing"),
        ("consent without its time", {"consent_time": ""}, "DMPConsentMissing"),
        ("consent at an impossible time", {"consent_time": '<effectiveTime value="2026"/>'}, "DMPInvalidMessage"),
        ("no card", {"card": ("", "", "")}, "DMPCardTraitsMissing"),
        ("another birth date", {"birth": "19790524"}, "DMPTraitsDoNotMatch"),
        ("another sex", {"sex": "M"}, "DMPTraitsDoNotMatch"),
        ("the card's name for the birth name", {"birth_name": "LAVANDIN"}, "DMPTraitsDoNotMatch"),
        ("another author", {"author": people.GABARIT}, "DMPInvalidMessage"),
        ("another structure", {"structure": "499700000025001"}, "DMPInvalidMessage"),
    ]


@pytest.mark.parametrize(("what", "change", "code"), _wrong(), ids=[what for what, _, _ in _wrong()])
def test_creation_refused_by_content(
    sandbox: Sandbox, doctor: Speaker, what: str, change: dict[str, object], code: str
) -> None:
    """Each thing the rules demand is demanded, and nothing is opened without it."""
    assert doctor.register(doctor.registration("odile").but(**change)).one(_DETAIL) == code
    assert sandbox.store.dossier(people.person("odile").ins) is None


def test_minor_needs_a_representative(sandbox: Sandbox, doctor: Speaker) -> None:
    """A minor's dossier opens with the legal representative's identity and quality, and not without."""
    asked = doctor.registration("lilou").but(card=("SERINGA", "LILOU", "120417"))
    assert doctor.register(asked).one(_DETAIL) == "DMPRepresentativeMissing"
    assert doctor.register(asked.but(representative="SERINGA")).one("//h:acknowledgement/@typeCode") == "AA"
    dossier = sandbox.store.dossier(people.person("lilou").ins)
    assert dossier is not None
    assert (dossier.representative, dossier.representative_quality) == ("SERINGA NADÈGE", "MTH")


def test_unknown_number_is_refused(doctor: Speaker) -> None:
    """INSi must know the number: one with a right key that nobody holds opens nothing."""
    stranger = people.person("solange")
    unknown = people.FictionalPerson("x", stranger.former[0], stranger.traits, "")
    asked = Registration(unknown, author=doctor.vihf.name_id, structure=doctor.vihf.structure)
    assert doctor.register(asked).one(_DETAIL) == "DMPUnknownINS"


def test_desk_staff_opens_a_dossier(sandbox: Sandbox) -> None:
    """Desk staff open dossiers in the name of their structure."""
    assert Speaker(sandbox, "papier").create("ghjulia").one("//h:acknowledgement/@typeCode") == "AA"


def test_pharmacist_opens_a_dossier(sandbox: Sandbox) -> None:
    """So does a pharmacy."""
    assert Speaker(sandbox, "officinal").create("ghjulia").one("//h:acknowledgement/@typeCode") == "AA"


def test_reactivation(sandbox: Sandbox, doctor: Speaker) -> None:
    """A closed dossier opens again on the person's consent, once."""
    asked = doctor.registration("apolline", "REAC")
    answer = doctor.register(asked)
    assert answer.one("//wsa:Action") == "urn:hl7-org:v3:PRPA_IN201314ResponseUV02"
    assert answer.one("//gdp:PRPA_IN201314UV02_Response/h:PRPA_IN201315UV02/h:acknowledgement/@typeCode") == "AA"
    dossier = sandbox.store.dossier(people.person("apolline").ins)
    assert dossier is not None
    assert (dossier.state, dossier.closed_on) == (DossierState.ACTIVE, "")
    assert doctor.register(asked).one(_DETAIL) == "DMPFound"


@pytest.mark.parametrize(
    ("key", "change", "code"),
    [
        ("odile", {}, "XDSUnknownPatientId"),
        ("ambroise", {}, "DMPPatientDeceased"),
        ("maxence", {}, "DMPPatientOpposition"),
        ("apolline", {"consent": "false"}, "DMPConsentMissing"),
        ("apolline", {"author": people.GABARIT}, "DMPInvalidMessage"),
    ],
)
def test_reactivation_refused(doctor: Speaker, key: str, change: dict[str, object], code: str) -> None:
    """No dossier, a deceased person, an opposition, no consent, another author: nothing is reactivated."""
    answer = doctor.register(doctor.registration(key, "REAC").but(**change))
    assert answer.one("//h:PRPA_IN201316UV02/h:acknowledgement/@typeCode") == "AE"
    assert answer.one(_DETAIL) == code


def test_authorisation_is_idempotent(sandbox: Sandbox, doctor: Speaker) -> None:
    """An authorisation asked twice is given once, and the second answer says so without being a fault."""
    first, second = doctor.authorise("ernest"), doctor.authorise("ernest")
    assert first.one("//hab:output/hab:status") == second.one("//hab:output/hab:status") == "DMPOk"
    assert first.all("//hab:output/hab:context") == []
    assert second.one("//hab:output/hab:context") == "Autorisation déjà présente aucune action effectuée"
    ins = people.person("ernest").ins
    assert sandbox.store.authorisation(ins, [people.BRINDILLE]) == (Authorisation.VALID, False)


def test_authorisation_taken_away(sandbox: Sandbox, doctor: Speaker) -> None:
    """An authorisation may be withdrawn; withdrawing nothing is no fault."""
    doctor.authorise("ernest")
    assert doctor.authorise("ernest", "SUPPRESSION").all("//hab:output/hab:context") == []
    assert "Aucune autorisation" in doctor.authorise("ernest", "SUPPRESSION").one("//hab:output/hab:context")
    ins = people.person("ernest").ins
    assert sandbox.store.authorisation(ins, [people.BRINDILLE]) == (Authorisation.NONE, False)


def test_one_treating_doctor(sandbox: Sandbox, doctor: Speaker) -> None:
    """Declaring oneself médecin traitant replaces the former one, who keeps the authorisation."""
    doctor.authorise("ernest", role="MEDECIN_TRAITANT")
    ins = people.person("ernest").ins
    assert sandbox.store.authorisation(ins, [people.BRINDILLE]) == (Authorisation.VALID, True)
    assert sandbox.store.authorisation(ins, [people.GABARIT]) == (Authorisation.VALID, False)


def test_desk_staff_authorise_their_structure(sandbox: Sandbox, doctor: Speaker) -> None:
    """An authorisation asked at the desk is the structure's: the doctor of the structure has it too."""
    Speaker(sandbox, "papier").authorise("ernest")
    answer = doctor.existence("ernest")
    assert answer.one("//h:attentionLine[h:keyWordText/@code='AUTORISATION']/h:value/@code") == "VALIDE"


@pytest.mark.parametrize(
    ("who", "key", "act", "role", "purpose", "code"),
    [
        ("brindille", "odile", "AJOUT", "", "normal", "XDSUnknownPatientId"),
        ("brindille", "maxence", "AJOUT", "", "normal", "XDSUnknownPatientId"),
        ("brindille", "apolline", "AJOUT", "", "normal", "DMPAccessDeniedByRightsService"),
        ("brindille", "blaise", "AJOUT", "", "normal", "DMPAccessDeniedByRightsService"),
        ("brindille", "ernest", "AJOUT", "", "bris_de_glace", "DMPAccessDeniedByRightsService"),
        ("papier", "ernest", "SUPPRESSION", "", "normal", "DMPAccessDeniedByRightsService"),
        ("officinal", "ernest", "AJOUT", "MEDECIN_TRAITANT", "normal", "DMPAccessDeniedByRightsService"),
        ("brindille", "ernest", "TOUT", "", "normal", "DMPInvalidMessage"),
    ],
)
def test_authorisation_refused(
    sandbox: Sandbox, who: str, key: str, act: str, role: str, purpose: str, code: str
) -> None:
    """The functional matrix is applied: state of the dossier, kind of professional, mode of access."""
    speaker = Speaker(sandbox, who)
    vihf = speaker.vihf.but(patient=people.person(key).ins.value, purpose=purpose)
    answer = speaker.authorise(key, act, role, vihf)
    assert (answer.status, answer.fault) == (500, code)


def test_every_act_is_kept(sandbox: Sandbox, doctor: Speaker) -> None:
    """The history tells who did what, for whom, in which mode, done or refused."""
    doctor.existence("ernest")
    doctor.authorise("ernest")
    kept = [
        (a.act, a.professional, a.structure, a.mode, a.outcome)
        for a in sandbox.store.accesses(people.person("ernest").ins)
    ]
    who = (people.BRINDILLE, "499700000017001", "normal", "OK")
    assert kept == [("TD0.2", *who), ("TD0.3", *who)]
