"""What the documents of a record say together, and what is never concluded from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from helpers import facts_record
from helpers.clocks import START

from dmp_desktop.domain.document import DocumentStatus, RetrievedDocument
from dmp_desktop.domain.facts import (
    AllergyKnowledge,
    Fact,
    FactKind,
    Facts,
    NoteCode,
    Observation,
    Reimbursement,
    ReimbursementKind,
    Treatment,
)
from dmp_desktop.domain.record import RecordRow
from dmp_desktop.services.series import series_of
from dmp_desktop.services.synthesis import Overview, PartKind, RecordFacts, overview, wanted

_HORTENSE = facts_record.read()
_ROWS = {row.key: row for row in facts_record.rows()}


def _days(days: float) -> datetime:
    return START - timedelta(days=days)


def _row(key: str, days: float) -> RecordRow:
    row = _ROWS["h-vsm-2"]
    entry = replace(row.entry, entry_uuid=key, logical_id=key, unique_id=key, service_start=_days(days))
    return replace(row, kept=replace(row.kept, entry=entry))


def _read(*told: tuple[str, float, Facts], offline: str = "") -> Overview:
    known = {key: facts for key, _, facts in told}
    return overview([_row(key, days) for key, days, _ in told], known.__getitem__, START, offline=offline)


def _allergy(key: str, label: str) -> Facts:
    return Facts(key, AllergyKnowledge.KNOWN, (Fact(label, FactKind.ALLERGY, None, key),))


_NONE = AllergyKnowledge.NONE_KNOWN


def test_the_ten_seconds_of_a_doctor() -> None:
    """Allergies, problems, treatments, the last stay, what is due, directives: each with its source."""
    assert _HORTENSE.allergies.labels == ("Pénicilline", "Latex")
    texts = {part.kind: [line.text for line in part.lines] for part in _HORTENSE.parts}
    assert texts[PartKind.PROBLEMS] == ["Hypertension artérielle", "Hypercholestérolémie"]
    assert texts[PartKind.TREATMENTS] == ["Ramipril 5 mg", "Atorvastatine 20 mg"]
    assert texts[PartKind.LAST_STAY] == ["Lettre de sortie, cardiologie"]
    assert texts[PartKind.DUE][0] == "Contrôle du potassium"
    assert texts[PartKind.DIRECTIVES] == ["Directives anticipées"]
    keys = set(_ROWS)
    assert all(line.key in keys and line.at is not None for part in _HORTENSE.parts for line in part.lines)


def test_no_allergy_is_not_unknown() -> None:
    """Firmin's synthesis says that there is none, and when."""
    told = facts_record.read("firmin").allergies
    assert (told.knowledge, told.at) == (AllergyKnowledge.NONE_KNOWN, _days(70))


def test_silence_is_not_recorded() -> None:
    """No document speaks of allergies: nothing is concluded."""
    assert _read(("a", 10, Facts("a"))).allergies.knowledge is AllergyKnowledge.NOT_RECORDED
    assert _read().allergies.knowledge is AllergyKnowledge.NOT_RECORDED


def test_a_known_allergy_outlives_a_later_none() -> None:
    """An allergy once written is shown until a person corrects the documents."""
    told = _read(("old", 400, _allergy("old", "Latex")), ("new", 10, Facts("new", _NONE))).allergies
    assert (told.knowledge, told.labels) == (AllergyKnowledge.KNOWN, ("Latex",))


@pytest.mark.parametrize(
    ("missing", "expected"), [(5, AllergyKnowledge.UNAVAILABLE), (400, AllergyKnowledge.NONE_KNOWN)]
)
def test_none_stands_only_while_nothing_later_is_unread(missing: float, expected: AllergyKnowledge) -> None:
    """A later document that is not here might say otherwise."""
    unread = Facts("lost", notes=(NoteCode.NOT_HERE,))
    told = _read(("said", 60, Facts("said", _NONE)), ("lost", missing, unread)).allergies
    assert told.knowledge is expected
    assert bool(told.cause) is (expected is AllergyKnowledge.UNAVAILABLE)


def test_without_a_list_nothing_is_known() -> None:
    """Offline and without a copy: unavailable, with its cause."""
    told = _read(offline="le DMP ne répond pas").allergies
    assert (told.knowledge, told.cause) == (AllergyKnowledge.UNAVAILABLE, "le DMP ne répond pas")


def test_a_problem_put_in_the_past_is_no_longer_current() -> None:
    """By a later document only."""

    def said(key: str, kind: FactKind) -> Facts:
        return Facts(key, facts=(Fact("Asthme", kind, None, key),))

    later = _read(("a", 300, said("a", FactKind.CONDITION)), ("b", 10, said("b", FactKind.PAST_CONDITION)))
    before = _read(("a", 10, said("a", FactKind.CONDITION)), ("b", 300, said("b", FactKind.PAST_CONDITION)))
    assert later.part(PartKind.PROBLEMS).lines == ()
    assert [line.text for line in before.part(PartKind.PROBLEMS).lines] == ["Asthme"]


@pytest.mark.parametrize(
    ("stop", "stated", "current"),
    [(None, 30, True), (None, 400, False), (-5, 400, True), (5, 30, False)],
)
def test_which_treatments_are_current(stop: float | None, stated: float, current: bool) -> None:
    """Until its end; without one, for a year after it was last told."""
    taken = Treatment("Ramipril", _days(500), None if stop is None else _days(stop), "a", stated_at=_days(stated))
    found = _read(("a", stated, Facts("a", treatments=(taken,))))
    assert bool(found.part(PartKind.TREATMENTS).lines) is current
    assert (found.bars[0].stop is None) is current


def test_archived_and_replaced_documents_say_nothing() -> None:
    """Only documents in force are read."""
    row = _row("a", 10)
    asked: list[str] = []

    def facts(key: str) -> Facts:
        asked.append(key)
        return Facts(key)

    gone = [
        replace(row, kept=replace(row.kept, entry=replace(row.entry, status=status)))
        for status in (DocumentStatus.ARCHIVED, DocumentStatus.DEPRECATED, DocumentStatus.DELETED)
    ]
    overview([*gone, replace(row, kept=replace(row.kept, replaced_by=("b",)))], facts, START)
    assert asked == []


def test_pages_are_not_asked_for_and_structured_ones_are() -> None:
    """What is worth bringing here: documents in force with coded sections that are not here yet."""
    rows = [replace(row, kept=replace(row.kept, content_here=False)) for row in _ROWS.values()]
    asked = wanted(rows)
    assert "h-vsm-2" in asked
    assert not {"h-vsm-1", "h-echo"} & set(asked)
    assert wanted(_ROWS.values()) == ()


def test_each_document_is_read_once() -> None:
    """In memory; one that is not here yet is asked again."""
    content = facts_record.contents()
    asked: list[str] = []

    def counted(key: str) -> RetrievedDocument | None:
        asked.append(key)
        return content(key)

    facts: Callable[[str], Facts] = RecordFacts(counted)
    assert facts("h-vsm-2") is facts("h-vsm-2")
    assert facts("absent").notes == facts("absent").notes == (NoteCode.NOT_HERE,)
    assert asked == ["h-vsm-2", "absent", "absent"]


def _value(number: str, unit: str, days: float, *, code: str = "2089-1", by_patient: bool = False) -> Observation:
    return Observation(code, "LDL", Decimal(number), unit, at=_days(days), source_key="a", by_patient=by_patient)


def test_values_of_two_units_are_never_joined() -> None:
    """Nor those of the person with those of a laboratory; the other units are said."""
    told = [
        _value("3.1", "mmol/L", 10),
        _value("1.4", "g/L", 20),
        _value("3.3", "mmol/L", 30),
        _value("3.2", "mmol/L", 5, by_patient=True),
    ]
    found = series_of(told)
    assert sorted((one.unit, one.by_patient, len(one.points)) for one in found) == [
        ("g/L", False, 1),
        ("mmol/L", False, 2),
        ("mmol/L", True, 1),
    ]
    assert {one.other_units for one in found if one.unit == "g/L"} == {("mmol/L",)}


def test_a_value_told_twice_is_one_point() -> None:
    """The same result in two reports; a value without a date stands nowhere."""
    told = [_value("3.1", "mmol/L", 10), _value("3.1", "mmol/L", 10), replace(_value("9", "mmol/L", 1), at=None)]
    (found,) = series_of(told)
    assert [point.value for point in found.points] == [Decimal("3.1")]


def test_reimbursements_older_than_24_months_are_absent() -> None:
    """And one line told twice is one line."""
    lines = tuple(
        Reimbursement(ReimbursementKind.CARE, _days(days), "Consultation", source_key="a")
        for days in (10, 10, 700, 740)
    )
    found = _read(("a", 5, Facts("a", reimbursements=lines)))
    assert [(START - line.at).days for line in found.reimbursements if line.at] == [10, 700]


def test_what_is_due_stays_six_months_after_its_date() -> None:
    """Then it leaves the list; what has no date counts from its document."""

    def due(key: str, at: datetime | None) -> Facts:
        return Facts(key, facts=(Fact(key, FactKind.DUE, at, key),))

    found = _read(
        ("late", 300, due("late", _days(100))),
        ("gone", 500, due("gone", _days(300))),
        ("ahead", 300, due("ahead", _days(-30))),
        ("undated", 20, due("undated", None)),
    )
    assert [line.text for line in found.part(PartKind.DUE).lines] == ["late", "ahead", "undated"]
