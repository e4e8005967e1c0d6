"""The fictional documents: rich enough to be shown, conformant, dated from the first day of the store."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.clocks import START
from lxml import etree

from dmp_desktop.domain import terminology
from dmp_desktop.sandbox import ebrim, people
from dmp_desktop.sandbox.library import PAPERS
from dmp_desktop.sandbox.seeds import crowd, seed

_HORTENSE = people.person("hortense")


@pytest.fixture(scope="module")
def schema(reference: Path) -> etree.XMLSchema:
    """The CDA schema of the CI-SIS."""
    return etree.XMLSchema(etree.parse(str(reference / "cda/xsd/cda/CDA_extended.xsd")))


def test_every_document_is_a_conformant_cda(schema: etree.XMLSchema) -> None:
    """All fictional documents, N1 and N3, pass the schema."""
    batch = seed(people.PEOPLE, START)
    wrong = {}
    for content in batch.contents:
        if not schema.validate(etree.fromstring(content.bytes)):
            wrong[content.unique_id] = str(schema.error_log)
    assert wrong == {}


def test_one_record_looks_like_thirty_months_of_care() -> None:
    """Between 35 and 60 documents, five authors and more, every rubrique, a lot, a copy, versions and each state."""
    own = [paper for paper in PAPERS if paper.owner == "hortense"]
    table = terminology.table(terminology.TYPE)
    shown = {rubrique for paper in own for rubrique in terminology.rubriques_of(table.code(paper.type, paper.system))}
    assert 35 <= len(own) <= 60
    assert len({paper.author for paper in own}) >= 8
    assert shown == set(terminology.table(terminology.RUBRIQUE).concepts)
    assert max(paper.days for paper in own) > 730
    assert {paper.status for paper in own} == {"", "archived", "deleted"}
    assert {code for paper in own for code in paper.hidden} == {"MASQUE_PS", "INVISIBLE_PATIENT"}
    assert any(paper.replaces for paper in own)
    assert 2 in Counter(paper.lot for paper in own if paper.lot).values()


def test_a_copy_is_the_same_bytes() -> None:
    """What came by two ways has one digest and two descriptions."""
    batch = seed([_HORTENSE], START)
    digests = Counter(hashlib.sha256(content.bytes).hexdigest() for content in batch.contents)
    assert sorted(digests.values())[-1] == 2
    assert len({entry.unique_id for entry in batch.entries}) == len(batch.entries)


def test_dates_follow_the_first_day_of_the_store() -> None:
    """A store made ten years later holds documents as recent as today's."""
    later = START + timedelta(days=3650)
    newest = [max(entry.submitted_at for entry in seed([_HORTENSE], now).entries) for now in (START, later)]
    assert newest == [(START - timedelta(days=7)).isoformat(), (later - timedelta(days=7)).isoformat()]


def test_a_crowd_only_when_asked() -> None:
    """As many documents of one person as asked for, of several kinds, each once."""
    batch = seed([people.person("firmin")], START, crowd("firmin", 300))
    assert len({entry.unique_id for entry in batch.entries}) == 300
    assert {ebrim.facts_of(entry.xml).type_code for entry in batch.entries} >= {"11488-4", "11502-2"}
