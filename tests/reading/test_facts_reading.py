"""What documents say for the synthesis, read from their coded sections; hostile ones say nothing and raise nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest
from helpers.clocks import START
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.facts import (
    AllergyKnowledge,
    ContactRole,
    FactKind,
    Facts,
    NoteCode,
    ReimbursementKind,
)
from dmp_desktop.domain.readable import Abnormal
from dmp_desktop.reading import facts
from dmp_desktop.reading.facts import facts_of
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.library import PAPERS
from dmp_desktop.sandbox.seeds import seed

_HEAD = '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'


@cache
def _library() -> dict[str, bytes]:
    batch = seed(people.PEOPLE, START)
    ordered = [paper.key for paper in sorted(PAPERS, key=lambda paper: -paper.days)]
    return dict(zip(ordered, (content.bytes for content in batch.contents), strict=True))


def _read(content: bytes) -> Facts:
    return facts_of(RetrievedDocument("1.2.3", "1.2", "text/xml", content), "key")


def _paper(key: str) -> Facts:
    return _read(_library()[key])


def _section(code: str, *entries: str, kind: str = "60591-5") -> bytes:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        f'{_HEAD}<code code="{kind}"/><effectiveTime value="20260101"/><component><structuredBody><component>'
        f'<section><code code="{code}"/><text><content ID="a1">Œuf</content></text>{inside}</section>'
        "</component></structuredBody></component></ClinicalDocument>"
    ).encode()


def _allergy(value: str, agent: str = "") -> str:
    return (
        '<act><entryRelationship typeCode="SUBJ"><observation><code code="416098002"/>'
        f"{value}{agent}</observation></entryRelationship></act>"
    )


def _absent(code: str) -> str:
    return _allergy(f'<value code="{code}" displayName="x"/>')


def test_a_synthesis_gives_allergies_problems_treatments_and_people_to_call() -> None:
    """Every part of a synthesis, with its dates and its source."""
    said = _paper("h-vsm-2")
    assert said.allergies_said is AllergyKnowledge.KNOWN
    assert [fact.label for fact in said.of(FactKind.ALLERGY)] == ["Pénicilline", "Latex"]
    assert [fact.label for fact in said.of(FactKind.CONDITION)] == ["Hypertension artérielle", "Hypercholestérolémie"]
    assert [fact.label for fact in said.of(FactKind.PAST_CONDITION)] == ["Appendicectomie"]
    ramipril, atorvastatine = said.treatments
    assert (ramipril.label, ramipril.dose, ramipril.stop) == ("Ramipril 5 mg", "1 comprimé le matin", None)
    assert atorvastatine.start == (START - timedelta(days=600)).replace(hour=12, minute=0)
    assert [(one.name, one.role, one.relation) for one in said.contacts] == [
        ("Anatole SAUGE", ContactRole.EMERGENCY, "Fils"),
        ("Garance VERVEINE", ContactRole.TRUSTED, "Sœur"),
    ]
    assert {fact.source_key for fact in said.facts} == {"key"}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((_absent("no-known-allergies"),), AllergyKnowledge.NONE_KNOWN),
        ((_absent("no-allergy-info"),), AllergyKnowledge.NOT_RECORDED),
        ((_absent("no-known-food-allergies"),), AllergyKnowledge.NOT_RECORDED),
        ((_absent("no-known-allergies"), _absent("no-allergy-info")), AllergyKnowledge.NOT_RECORDED),
        (
            (_allergy("<value><originalText>Aucune allergie connue.</originalText></value>"),),
            AllergyKnowledge.NONE_KNOWN,
        ),
        ((_allergy('<value><originalText><reference value="#a1"/></originalText></value>'),), AllergyKnowledge.KNOWN),
        ((_allergy('<value nullFlavor="UNK"/>'),), AllergyKnowledge.NOT_RECORDED),
        ((), None),
    ],
)
def test_what_is_said_of_allergies(statements: tuple[str, ...], expected: AllergyKnowledge | None) -> None:
    """Absent, unknown, of one kind only, in words or by reference: nothing is concluded beyond what is written."""
    assert _read(_section("48765-2", *statements)).allergies_said is expected


def test_a_known_allergy_wins_over_the_word_none() -> None:
    """A document that says both is read as the more careful of the two."""
    agent = (
        '<participant typeCode="CSM"><participantRole><playingEntity><name>Latex</name></playingEntity>'
        "</participantRole></participant>"
    )
    said = _read(_section("48765-2", _absent("no-known-allergies"), _allergy("", agent)))
    assert said.allergies_said is AllergyKnowledge.KNOWN
    assert [fact.label for fact in said.facts] == ["Latex"]


def test_results_keep_their_unit_range_and_flag() -> None:
    """Numbers as written; abnormal because the laboratory says so."""
    said = _paper("h-bio-7")
    potassium = next(one for one in said.observations if one.label == "Potassium")
    assert (potassium.code, potassium.value, potassium.unit) == ("2823-3", Decimal("5.4"), "mmol/L")
    assert (potassium.low, potassium.high, potassium.abnormal) == (Decimal("3.5"), Decimal("5.1"), Abnormal.HIGH)
    assert {one.abnormal for one in said.observations if one is not potassium} == {None}


def test_what_the_person_measured_is_said_theirs() -> None:
    """Measures in a document filed by the person."""
    assert {one.by_patient for one in _paper("h-tension-62").observations} == {True}
    assert {one.by_patient for one in _paper("h-bio-7").observations} == {False}


def test_vaccines() -> None:
    """Product, target, rank and lot."""
    done = _paper("h-historique-vaccins").immunizations
    assert [(one.label, one.targets, one.rank) for one in done][:2] == [
        ("Vaccin dTPolio", ("Diphtérie, tétanos, polio",), 7),
        ("Vaccin pneumococcique", ("Pneumocoque",), 1),
    ]
    assert done[1].lot_number == "EX-390"


def test_what_is_due_and_directives() -> None:
    """A discharge asks for a control; directives exist."""
    assert [fact.label for fact in _paper("h-sortie-cardio").of(FactKind.DUE)] == [
        "Contrôle du potassium",
        "Consultation de cardiologie",
    ]
    assert [fact.label for fact in _paper("h-directives").of(FactKind.DIRECTIVE)] == ["Directives anticipées"]


def test_reimbursements_by_kind() -> None:
    """All parts of the history, and none of it taken for treatments or vaccines given."""
    said = _paper("h-remb-2")
    assert {one.kind for one in said.reimbursements} == set(ReimbursementKind) - {ReimbursementKind.OTHER}
    assert (said.treatments, said.immunizations) == ((), ())
    first = said.reimbursements[0]
    assert (first.label, first.quantity, first.detail) == ("RAMIPRIL 5MG CPR 30", 3, "Pharmacie du Grand-Chêne")


def test_a_page_says_nothing_and_why() -> None:
    """Level 1: a person can read it, the program cannot."""
    assert _paper("h-echo").notes == (NoteCode.NOT_STRUCTURED,)


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (b"", NoteCode.UNREADABLE),
        (b"%PDF-1.4", NoteCode.UNREADABLE),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', NoteCode.UNREADABLE),
        (b"<html/>", NoteCode.UNREADABLE),
        (b" " * (facts.MAX_BYTES + 1), NoteCode.TOO_LARGE),
    ],
)
def test_what_is_no_document(content: bytes, note: NoteCode) -> None:
    """A typed note, never an exception."""
    assert _read(content) == Facts("key", notes=(note,))


def test_entries_are_bounded() -> None:
    """The first ones, and a note that there were more."""
    entry = '<observation><code code="1" displayName="A"/><value xsi:type="PQ" value="1" unit="g"/></observation>'
    said = _read(_section("8716-3", *[entry] * (facts.MAX_ENTRIES + 5)))
    assert (len(said.observations), said.notes) == (facts.MAX_ENTRIES, (NoteCode.CUT,))


@pytest.mark.parametrize("value", ["NaN", "1e400", "Infinity", "--1", "", "9" * 40, "٣"])
def test_numbers_out_of_reason_are_left_out(value: str) -> None:
    """What is no number of a laboratory is not one here."""
    entry = (
        f'<observation><code code="1" displayName="A"/><value xsi:type="PQ" value="{value}" unit="g"/></observation>'
    )
    assert _read(_section("8716-3", entry)).observations == ()


def test_a_day_alone_stays_that_day() -> None:
    """Held at noon, so that no time zone moves it."""
    entry = '<observation><effectiveTime value="20251231"/><code code="x" displayName="y"/></observation>'
    (fact,) = _read(_section("42348-3", entry)).facts
    assert fact.at == datetime(2025, 12, 31, 12, tzinfo=UTC)


_CODES = st.sampled_from(sorted({*facts._SECTIONS, *facts._PAID, "8716-3", "?"}))
_TAGS = st.sampled_from(
    [
        "act",
        "observation",
        "substanceAdministration",
        "supply",
        "procedure",
        "encounter",
        "entryRelationship",
        "value",
        "code",
        "text",
        "participant",
        "participantRole",
        "playingEntity",
        "consumable",
        "manufacturedProduct",
        "manufacturedMaterial",
        "name",
        "effectiveTime",
        "low",
        "high",
        "quantity",
        "performer",
        "time",
        "statusCode",
        "originalText",
        "reference",
        "interpretationCode",
        "referenceRange",
        "doseQuantity",
    ]
)
_VALUES = st.sampled_from(
    ["", "1", "20260230", "2026", "99999999", "completed", "no-known-allergies", "PQ", "x:PQ", "#a1", "#", "30973-2"]
)


@st.composite
def _tree(draw: st.DrawFn, depth: int = 4) -> str:
    tag = draw(_TAGS)
    named = {name: draw(_VALUES) for name in draw(st.sets(st.sampled_from(["code", "value", "displayName", "unit"])))}
    attributes = "".join(f' {name}="{value}"' for name, value in named.items())
    if draw(st.booleans()):
        attributes += f' xsi:type="{draw(_VALUES)}"'
    inside = "".join(draw(st.lists(_tree(depth - 1), max_size=2))) if depth else draw(_VALUES)
    return f"<{tag}{attributes}>{inside}</{tag}>"


@settings(max_examples=80, deadline=None)
@given(_CODES, st.sampled_from(["60591-5", "REMB", "18748-4"]), st.lists(_tree(), max_size=3))
def test_any_structure_is_survived(code: str, kind: str, entries: list[str]) -> None:
    """Entries of every shape, in every section: facts or none, never an exception."""
    said = _read(_section(code, *entries, kind=kind))
    assert said.source_key == "key"
    assert all(fact.label for fact in said.facts)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_survived(content: bytes) -> None:
    """Bytes of anything."""
    assert _read(content).notes
