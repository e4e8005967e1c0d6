"""Coded sections of a CDA of level 3: a narrative for people, entries for programs (CI-SIS volets VSM, CR-BIO, LDL-SES,
VAC-NOTE, eP-MED-DM, CNAM-HR)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dmp_desktop.domain import oids
from dmp_desktop.sandbox.paper import LOINC, Contact, Section, Statement, Topic
from dmp_desktop.sandbox.xmlio import Element, Maker

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_XSI: Final = f"{{{XSI}}}type"
_cda = Maker(oids.NS_HL7)
_SNOMED, _CIM10, _ACT = "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.3", "2.16.840.1.113883.5.4"
_ABSENT = "2.16.840.1.113883.5.1150.1"
_CNAM = "1.2.250.1.215.200.3.4"
_PLAIN: Final = {"mmol/L": "mmol/L", "umol/L": "µmol/L", "mm[Hg]": "mmHg", "mL/min/{1.73_m2}": "mL/min/1,73 m²"}


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a topic is written: code of its section, a second one where CNAM-HR gives it, columns, entry."""

    code: str
    display: str
    columns: tuple[str, ...]
    entry: Callable[[Statement, datetime], Element] | None
    more: str = ""


def section(told: Section, now: datetime) -> Element:
    """One section; ages are counted from ``now``, the first day of the store."""
    shape = _SHAPES[told.topic]
    code = _cda("code", {"code": shape.code, "codeSystem": LOINC, "displayName": shape.display})
    if shape.more:
        code.append(_cda("translation", {"code": shape.more, "codeSystem": LOINC, "displayName": told.title}))
    text = _cda("text")
    if told.statements:
        rows = [_cells(told.topic, s, now) for s in told.statements]
        text.append(_table(shape.columns, rows, [_row_id(told.topic, s) for s in told.statements]))
    text.extend(_cda("paragraph", words) for words in told.words)
    if not len(text):
        text.append(_cda("paragraph", "Sans objet"))
    made = _cda("section", code, _cda("title", told.title), text)
    for statement in told.statements:
        if shape.entry is not None:
            made.append(_cda("entry", shape.entry(statement, now)))
    return made


def informants(contacts: tuple[Contact, ...]) -> list[Element]:
    """People to call, in the header."""
    return [
        _cda(
            "informant",
            _cda(
                "relatedEntity",
                {"classCode": contact.kind},
                _cda(
                    "code",
                    {
                        "code": contact.relation,
                        "codeSystem": "2.16.840.1.113883.5.111",
                        "displayName": contact.relation_label,
                    },
                ),
                _cda("addr", {"nullFlavor": "NAV"}),
                _cda("telecom", {"value": f"tel:{contact.phone}", "use": "MC"}),
                _cda("relatedPerson", _cda("name", _cda("family", contact.family), _cda("given", contact.given))),
            ),
        )
        for contact in contacts
    ]


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]], ids: list[str]) -> Element:
    """Each row bears its id, where an entry points to it."""
    lines = [
        _cda("tr", {"ID": identifier} if identifier else {}, *(_cda("td", cell) for cell in row))
        for row, identifier in zip(rows, ids, strict=True)
    ]
    return _cda("table", _cda("thead", _cda("tr", *(_cda("th", column) for column in columns))), _cda("tbody", *lines))


def _row_id(topic: Topic, s: Statement) -> str:
    return f"resultat-{s.code}" if topic is Topic.RESULTS and s.code else ""


def _cells(topic: Topic, s: Statement, now: datetime) -> tuple[str, ...]:
    day = _day(s.days, now)
    if topic in (Topic.RESULTS, Topic.VITALS):
        low, high = s.low.replace(".", ","), s.high.replace(".", ",")
        usual = f"{low} à {high}" if low and high else f"< {high}" if high else f"> {low}" if low else ""
        return (s.label, s.value.replace(".", ","), _PLAIN.get(s.unit, s.unit), usual)
    if topic is Topic.VACCINES:
        return (day, s.label, s.detail, s.lot)
    if topic in _PAID:
        return (day, s.label, s.detail, s.quantity)
    return (s.label, s.detail, day)


def _day(days: int | None, now: datetime) -> str:
    return (now - timedelta(days=days)).strftime("%d/%m/%Y") if days is not None else ""


def _date(days: int | None, now: datetime) -> dict[str, str]:
    return {"value": (now - timedelta(days=days)).strftime("%Y%m%d")} if days is not None else {"nullFlavor": "UNK"}


def _since(s: Statement, now: datetime) -> Element:
    end = _cda("high", _date(s.until, now)) if s.until is not None else None
    return _cda("effectiveTime", {_XSI: "IVL_TS"}, _cda("low", _date(s.days, now)), end)


def _named(tag: str, s: Statement, **more: str) -> Element:
    if not s.code:
        return _cda(tag, {"nullFlavor": "UNK", **more}, _cda("originalText", s.label))
    return _cda(tag, {**more, "code": s.code, "codeSystem": s.system, "displayName": s.label})


def _observation(s: Statement, now: datetime, value: Element, code: Element | None = None, *more: Element) -> Element:
    return _cda(
        "observation",
        {"classCode": "OBS", "moodCode": "EVN"},
        code if code is not None else _named("code", s),
        _cda("statusCode", {"code": "completed"}),
        _since(s, now),
        value,
        *more,
    )


def _concern(inner: Element, s: Statement, now: datetime) -> Element:
    return _cda(
        "act",
        {"classCode": "ACT", "moodCode": "EVN"},
        _cda("code", {"nullFlavor": "NA"}),
        _cda("statusCode", {"code": "active" if s.until is None else "completed"}),
        _since(s, now),
        _cda("entryRelationship", {"typeCode": "SUBJ", "inversionInd": "false"}, inner),
    )


def _allergy(s: Statement, now: datetime) -> Element:
    kind = _cda("code", {"code": "416098002", "codeSystem": _SNOMED, "displayName": "allergie médicamenteuse"})
    if s.system == _ABSENT:
        value = _cda("value", {_XSI: "CD", "code": s.code, "codeSystem": _ABSENT, "displayName": s.label})
        return _concern(_observation(s, now, value, kind), s, now)
    value = _cda("value", {_XSI: "CD", "nullFlavor": "UNK"}, _cda("originalText", s.detail or s.label))
    agent = _cda(
        "participant",
        {"typeCode": "CSM"},
        _cda(
            "participantRole",
            {"classCode": "MANU"},
            _cda("playingEntity", {"classCode": "MMAT"}, _named("code", s), _cda("name", s.label)),
        ),
    )
    return _concern(_observation(s, now, value, kind, agent), s, now)


def _problem(s: Statement, now: datetime) -> Element:
    kind = _cda("code", {"code": "282291009", "codeSystem": _SNOMED, "displayName": "interprétation diagnostique"})
    return _concern(_observation(s, now, _named("value", s, **{_XSI: "CD"}), kind), s, now)


def _drug(s: Statement, code: Element, time: Element, more: Element, vaccine: bool = False) -> Element:
    material = _cda("manufacturedMaterial", _named("code", s), _cda("name", s.detail if vaccine else s.label))
    if s.lot:
        material.append(_cda("lotNumberText", s.lot))
    return _cda(
        "substanceAdministration",
        {"classCode": "SBADM", "moodCode": "EVN"},
        code,
        _cda("statusCode", {"code": "completed"}),
        time,
        _cda("consumable", _cda("manufacturedProduct", material)),
        more,
    )


def _treatment(s: Statement, now: datetime) -> Element:
    kind = _cda("code", {"code": "DRUG", "codeSystem": _ACT, "displayName": "Médicament"})
    taken = _cda(
        "entryRelationship",
        {"typeCode": "SUBJ", "inversionInd": "true"},
        _cda(
            "act",
            {"classCode": "ACT", "moodCode": "INT"},
            _cda("code", {"code": "PINSTRUCT", "codeSystem": "1.3.6.1.4.1.19376.1.5.3.2"}),
            _cda("text", s.detail),
            _cda("statusCode", {"code": "completed"}),
        ),
    )
    return _drug(s, kind, _since(s, now), taken)


def _vaccine(s: Statement, now: datetime) -> Element:
    kind = _cda("code", {"code": "IMMUNIZ", "codeSystem": _ACT, "displayName": "Vaccination sans autres précisions"})
    rank = _cda(
        "entryRelationship",
        {"typeCode": "SUBJ"},
        _cda(
            "observation",
            {"classCode": "OBS", "moodCode": "EVN"},
            _cda("code", {"code": "30973-2", "codeSystem": LOINC, "displayName": "Rang de la vaccination"}),
            _cda("statusCode", {"code": "completed"}),
            _cda("value", {_XSI: "INT", "value": s.rank or "1"}),
        ),
    )
    made = _drug(s, kind, _cda("effectiveTime", _date(s.days, now)), rank, vaccine=True)
    made.set("negationInd", "false")
    return made


def _result(s: Statement, now: datetime) -> Element:
    value = _cda("value", {_XSI: "PQ", "value": s.value, "unit": s.unit})
    more = []
    if s.low or s.high:
        number = float(s.value)
        flag = "L" if s.low and number < float(s.low) else "H" if s.high and number > float(s.high) else "N"
        more.append(_cda("interpretationCode", {"code": flag, "codeSystem": "2.16.840.1.113883.5.83"}))
        bounds = _cda("value", {_XSI: "IVL_PQ"})
        bounds.extend(
            _cda(name, {"value": bound, "unit": s.unit}) for name, bound in (("low", s.low), ("high", s.high)) if bound
        )
        more.append(_cda("referenceRange", _cda("observationRange", bounds)))
    return _cda(
        "observation",
        {"classCode": "OBS", "moodCode": "EVN"},
        _named("code", s),
        _cda("text", _cda("reference", {"value": f"#{_row_id(Topic.RESULTS, s)}"})) if s.code else None,
        _cda("statusCode", {"code": "completed"}),
        _cda("effectiveTime", _date(s.days, now)),
        value,
        *more,
    )


def _lab(s: Statement, now: datetime) -> Element:
    return _cda(
        "act",
        {"classCode": "ACT", "moodCode": "EVN"},
        _cda("code", {"code": "18719-5", "codeSystem": LOINC, "displayName": "Biochimie"}),
        _cda("statusCode", {"code": "completed"}),
        _cda("entryRelationship", {"typeCode": "COMP"}, _result(s, now)),
    )


def _due(s: Statement, now: datetime) -> Element:
    kind = {"code": "ORG-064", "codeSystem": "1.2.250.1.213.1.1.4.322", "displayName": "Demande d’examen ou de suivi"}
    return _cda(
        "observation",
        {"classCode": "OBS", "moodCode": "INT"},
        _cda("code", kind),
        _cda("statusCode", {"code": "active"}),
        _cda("effectiveTime", _date(s.days, now)),
        _cda("value", {_XSI: "ST"}, s.label),
    )


def _directive(s: Statement, now: datetime) -> Element:
    yes = _cda("value", {_XSI: "BL", "value": "true"})
    code = {"code": "75320-2", "codeSystem": LOINC, "displayName": "Directives anticipées"}
    return _observation(s, now, yes, _cda("code", code))


def _delivered(s: Statement, now: datetime) -> Element:
    performer = _cda(
        "performer",
        {"typeCode": "PRF"},
        _cda("time", _date(s.days, now)),
        _cda(
            "assignedEntity",
            _cda("id", {"nullFlavor": "UNK"}),
            _cda("representedOrganization", _cda("name", s.detail)),
        ),
    )
    quantity = _cda("quantity", {"value": s.quantity or "1"})
    return _cda("supply", {"classCode": "SPLY", "moodCode": "EVN"}, quantity, performer)


def _paid_drug(s: Statement, now: datetime) -> Element:
    kind = _cda("code", {"code": "DRUG", "codeSystem": _ACT, "displayName": "Médicament"})
    supply = _cda("entryRelationship", {"typeCode": "REFR", "inversionInd": "false"}, _delivered(s, now))
    unknown = _cda("effectiveTime", {_XSI: "IVL_TS"}, _cda("low", {"nullFlavor": "UNK"}))
    return _drug(s, kind, unknown, supply)


def _paid_vaccine(s: Statement, now: datetime) -> Element:
    made = _paid_drug(s, now)
    made.set("negationInd", "false")
    made[0].set("code", "IMMUNIZ")
    made[0].set("displayName", "Vaccination sans autres précisions")
    return made


def _paid_device(s: Statement, now: datetime) -> Element:
    made = _delivered(s, now)
    device = _cda("playingDevice", {"classCode": "DEV", "determinerCode": "INSTANCE"}, _named("code", s))
    made.append(_cda("participant", {"typeCode": "DEV"}, _cda("participantRole", {"classCode": "MANU"}, device)))
    return made


def _paid_stay(s: Statement, now: datetime) -> Element:
    code = _cda(
        "code",
        {"code": "IMP", "codeSystem": _ACT, "displayName": "Hospitalisation (établissement, y compris HAD)"},
        _cda(
            "qualifier", _cda("value", {"code": "1940", "codeSystem": "1.2.250.1.215.200.3.1", "displayName": s.label})
        ),
    )
    period = _since(s, now)
    del period.attrib[_XSI]
    return _cda("encounter", {"classCode": "ENC", "moodCode": "EVN"}, code, period)


def _paid_act(s: Statement, now: datetime) -> Element:
    code = {"code": s.code or "G", "codeSystem": _CNAM, "displayName": s.label}
    return _cda(
        "procedure",
        {"classCode": "PROC", "moodCode": "EVN"},
        _cda("code", code),
        _cda("statusCode", {"code": "completed"}),
        _cda("effectiveTime", _date(s.days, now)),
    )


_THREE = ("Libellé", "Précision", "Date")
_BILL = ("Date", "Libellé", "Délivré ou réalisé par", "Quantité")
_VALUES = ("Analyse", "Résultat", "Unité", "Valeurs usuelles")
_PAID: Final = frozenset(topic for topic in Topic if topic.value.endswith("-paid"))
_SHAPES: Final = {
    Topic.ALLERGIES: _Shape("48765-2", "Allergies et hypersensibilités", _THREE, _allergy),
    Topic.PROBLEMS: _Shape("11450-4", "Liste des problèmes actifs", _THREE, _problem),
    Topic.HISTORY: _Shape("11348-0", "Antécédents médicaux", _THREE, _problem),
    Topic.TREATMENTS: _Shape("10160-0", "Traitements", _THREE, _treatment),
    Topic.PRESCRIPTION: _Shape("57828-6", "Prescriptions", _THREE, _treatment),
    Topic.RESULTS: _Shape("18719-5", "Biochimie", _VALUES, _lab),
    Topic.VITALS: _Shape("8716-3", "Signes vitaux", _VALUES, _result),
    Topic.VACCINES: _Shape("11369-6", "Historique des vaccinations", ("Date", "Vaccin", "Protège de", "Lot"), _vaccine),
    Topic.PLAN: _Shape("18776-5", "Plan de soins", _THREE, _due),
    Topic.DIRECTIVES: _Shape("42348-3", "Directives anticipées", _THREE, _directive),
    Topic.MEDICINES_PAID: _Shape("10160-0", "Médicaments", _BILL, _paid_drug),
    Topic.VACCINES_PAID: _Shape("11369-6", "Vaccinations", _BILL, _paid_vaccine),
    Topic.DEVICES_PAID: _Shape("46264-8", "Dispositifs médicaux", _BILL, _paid_device),
    Topic.STAYS_PAID: _Shape("46240-8", "Historique des rencontres", _BILL, _paid_stay),
    Topic.CARE_PAID: _Shape("29554-3", "Actes", _BILL, _paid_act, "67803-7"),
    Topic.IMAGING_PAID: _Shape("29554-3", "Actes", _BILL, _paid_act, "18726-0"),
    Topic.BIOLOGY_PAID: _Shape("29554-3", "Actes", _BILL, _paid_act, "26436-6"),
    Topic.WORDS: _Shape("48767-8", "Commentaire", _THREE, None),
}
