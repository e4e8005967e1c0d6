"""Entries of clinical sections: allergies, problems, treatments, vaccines, values, what is due, directives."""

from __future__ import annotations

import unicodedata
from itertools import islice
from typing import TYPE_CHECKING, Final

from lxml import etree

from dmp_desktop.domain.facts import AllergyKnowledge, Fact, FactKind, Immunization, Observation, Treatment
from dmp_desktop.reading.cda_words import XSI_TYPE, N, child, children, quantity, squeezed
from dmp_desktop.reading.entries import flag_of
from dmp_desktop.reading.facts_words import at_of, end_of, number_of

if TYPE_CHECKING:
    from dmp_desktop.reading.facts import Gathered

_ABSENT: Final = {
    "no-known-allergies": AllergyKnowledge.NONE_KNOWN,
    # Of one kind only, or no information: nothing may be concluded of the others.
    "no-known-medication-allergies": AllergyKnowledge.NOT_RECORDED,
    "no-known-environmental-allergies": AllergyKnowledge.NOT_RECORDED,
    "no-known-food-allergies": AllergyKnowledge.NOT_RECORDED,
    "no-allergy-info": AllergyKnowledge.NOT_RECORDED,
}
_NONE_WORDS: Final = frozenset(
    {"aucune", "aucune allergie", "aucune allergie connue", "pas d'allergie connue", "pas d'allergie", "neant"}
)
_UNKNOWN_WORDS: Final = frozenset({"", "inconnu", "inconnue", "non renseigne", "non renseignee", "nr"})
_OVER: Final = frozenset({"completed", "aborted", "inactive", "resolved"})
_GIVEN_UP: Final = frozenset({"aborted", "cancelled", "nullified", "held"})
_RANK, _LOINC = "30973-2", "2.16.840.1.113883.6.1"
_TAKEN: Final = "PINSTRUCT"


def allergy(entry: etree._Element, found: Gathered) -> None:
    """An allergy, or the statement that there is none, or that nobody knows."""
    for observation in _observations(entry):
        if observation.get("negationInd") == "true":
            continue
        coded = (child(observation, "value"), child(observation, "code"))
        codes = [one.get("code") or "" for one in coded if one is not None]
        absent = next((_ABSENT[code] for code in codes if code in _ABSENT), None)
        agents = children(observation, "participant", "participantRole", "playingEntity")
        names = [found.narrative.called(child(one, "code")) or squeezed(one.findtext(f"{N}name")) for one in agents]
        called = ", ".join(name for name in names if name)
        said = called or found.narrative.called(coded[0]) or found.narrative.words(child(observation, "text"))
        plain = _plain(said)
        if absent is None and plain in _NONE_WORDS:
            absent = AllergyKnowledge.NONE_KNOWN
        if absent is not None or plain in _UNKNOWN_WORDS:
            # Between two statements of one document, the less certain stands.
            less = absent or AllergyKnowledge.NOT_RECORDED
            found.none_said = less if found.none_said in (None, less) else AllergyKnowledge.NOT_RECORDED
            continue
        more = found.narrative.called(coded[0]) if called else ""
        if _inactive(observation):
            more = "dite inactive"
        when = at_of(child(observation, "effectiveTime"))
        found.facts.append(Fact(said, FactKind.ALLERGY, when, found.key, more if more != said else ""))


def _inactive(observation: etree._Element) -> bool:
    told = children(observation, "entryRelationship", "observation", "value")
    return any(one.get("code") == "inactive" for one in told)


def problem(entry: etree._Element, found: Gathered) -> None:
    """A problem of the list of active ones; one that is over is of the past."""
    act = child(entry, "act")
    status = child(act, "statusCode")
    over = status is not None and status.get("code") in _OVER and end_of(child(act, "effectiveTime")) is not None
    _conditions(entry, found, FactKind.PAST_CONDITION if over else FactKind.CONDITION)


def past(entry: etree._Element, found: Gathered) -> None:
    """A problem of the past."""
    _conditions(entry, found, FactKind.PAST_CONDITION)


def _conditions(entry: etree._Element, found: Gathered, kind: FactKind) -> None:
    for observation in _observations(entry):
        called = found.narrative.called(child(observation, "value"))
        if called and observation.get("negationInd") != "true":
            when = at_of(child(observation, "effectiveTime")) or at_of(child(child(entry, "act"), "effectiveTime"))
            found.facts.append(Fact(called, kind, when, found.key))


def procedure(entry: etree._Element, found: Gathered) -> None:
    """An act of the past."""
    for act in children(entry, "procedure"):
        called = found.narrative.called(child(act, "code"))
        if called:
            found.facts.append(Fact(called, FactKind.PROCEDURE, at_of(child(act, "effectiveTime")), found.key))


def treatment(entry: etree._Element, found: Gathered) -> None:
    """A medicine prescribed or taken."""
    for taken in children(entry, "substanceAdministration"):
        status = child(taken, "statusCode")
        called = drug(taken, found)
        if not called or taken.get("negationInd") == "true" or (status is not None and status.get("code") in _GIVEN_UP):
            continue
        period = next(iter(children(taken, "effectiveTime")), None)
        dose = _dose(taken, found)
        # Some programs repeat the name of the medicine where its dose should stand.
        dose = "" if dose.startswith(called) else dose
        found.treatments.append(Treatment(called, at_of(period), end_of(period), found.key, dose, found.at))


def drug(taken: etree._Element, found: Gathered) -> str:
    """The name of what is given: what the maker calls it, else its code."""
    material = child(taken, "consumable", "manufacturedProduct", "manufacturedMaterial")
    name = squeezed(material.findtext(f"{N}name")) if material is not None else ""
    return name or found.narrative.called(child(material, "code"))


def _dose(taken: etree._Element, found: Gathered) -> str:
    for act in children(taken, "entryRelationship", "act"):
        code = child(act, "code")
        if code is not None and code.get("code") == _TAKEN:
            words = found.narrative.words(child(act, "text"))
            if words:
                return words
    words = found.narrative.words(child(taken, "text"))
    if words:
        return words
    low = child(taken, "doseQuantity", "low")
    dose = low if low is not None else child(taken, "doseQuantity")
    return quantity(dose) if dose is not None and dose.get("value") else ""


def vaccine(entry: etree._Element, found: Gathered) -> None:
    """A vaccine given, or said not given."""
    for given in children(entry, "substanceAdministration"):
        material = child(given, "consumable", "manufacturedProduct", "manufacturedMaterial")
        code = child(material, "code")
        product, class_name = (
            found.narrative.called(code),
            squeezed(material.findtext(f"{N}name") if material is not None else ""),
        )
        if not product and not class_name:
            continue
        lot_number = squeezed(material.findtext(f"{N}lotNumberText")) if material is not None else ""
        found.immunizations.append(
            Immunization(
                product or class_name,
                at_of(child(given, "effectiveTime")),
                found.key,
                (class_name,) if class_name and class_name != product else (),
                _rank(given),
                lot_number,
                given=given.get("negationInd") != "true",
            )
        )


def _rank(given: etree._Element) -> int:
    for observation in children(given, "entryRelationship", "observation"):
        code = child(observation, "code")
        if code is not None and code.get("code") == _RANK:
            number = number_of(child(observation, "value"))
            return int(number) if number is not None and 0 < number < 100 else 0
    return 0


def due(entry: etree._Element, found: Gathered) -> None:
    """Something to be done: an examination, an appointment, an act."""
    for act in islice(entry, 1):
        kind = str(act.tag).removeprefix(N)
        status = child(act, "statusCode")
        if kind not in {"procedure", "observation", "encounter", "act"} or (
            status is not None and status.get("code") in _GIVEN_UP
        ):
            continue
        value = child(act, "value")
        called = squeezed(value.text) if value is not None else ""
        called = called or found.narrative.called(value) or found.narrative.words(child(act, "text"))
        called = called or found.narrative.called(child(act, "code"))
        if called:
            found.facts.append(Fact(called, FactKind.DUE, at_of(child(act, "effectiveTime")), found.key))


def directive(entry: etree._Element, found: Gathered) -> None:
    """Advance directives: that they exist."""
    for observation in _observations(entry):
        value = child(observation, "value")
        if value is not None and (value.get("value") or "").lower() == "false":
            continue
        called = found.narrative.called(child(observation, "code")) or "Directives anticipées"
        found.facts.append(Fact(called, FactKind.DIRECTIVE, at_of(child(observation, "effectiveTime")), found.key))


def values(entry: etree._Element, found: Gathered) -> None:
    """Every number with a unit that an entry holds."""
    for observation in entry.iter(f"{N}observation"):
        value, code = child(observation, "value"), child(observation, "code")
        if value is None or code is None or (value.get(XSI_TYPE) or "").rpartition(":")[2] != "PQ":
            continue
        number, called = number_of(value), found.narrative.called(code)
        if number is None or not called:
            continue
        usual = child(observation, "referenceRange", "observationRange", "value")
        found.observations.append(
            Observation(
                _identity(code),
                called,
                number,
                squeezed(value.get("unit")),
                number_of(child(usual, "low")),
                number_of(child(usual, "high")),
                at_of(child(observation, "effectiveTime")) or found.at,
                found.key,
                flag_of(observation),
                by_patient=found.by_patient,
            )
        )


def _identity(code: etree._Element) -> str:
    """The code of an analyte, with its system when that is not LOINC; a name alone stands for itself."""
    value, system = squeezed(code.get("code")), squeezed(code.get("codeSystem"))
    if not value:
        return ""
    return value if system == _LOINC else f"{system}|{value}"


def _observations(entry: etree._Element) -> list[etree._Element]:
    """The statement itself: directly, or within the act that holds it."""
    return [*children(entry, "observation"), *children(entry, "act", "entryRelationship", "observation")]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", text.replace("’", "'").lower())
    return "".join(char for char in folded if not unicodedata.combining(char)).strip(" .")
