"""The dated tables, and the versions of documents."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dmp_desktop.domain import oids, terminology
from dmp_desktop.domain.document import (
    Association,
    AssociationKind,
    DocumentEntry,
    ForbiddenVisibility,
    Visibility,
    new_oid,
)
from dmp_desktop.domain.document_history import histories
from dmp_desktop.domain.terminology import Code
from dmp_desktop.errors import BugError

TABLES = {
    terminology.CLASS: 12,
    terminology.TYPE: 122,
    terminology.FORMAT: 16,
    terminology.FACILITY: 69,
    terminology.PRACTICE: 12,
    terminology.CONFIDENTIALITY: 6,
    terminology.SPECIALITY: 396,
    terminology.CONTENT_TYPE: 82,
    terminology.RUBRIQUE: 9,
    terminology.ROLE: 10,
    terminology.RELATIONSHIP: 7,
}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_dated_and_whole(name: str) -> None:
    """A source, a day, and every value with a label."""
    table = terminology.table(name)
    assert len(table.concepts) == TABLES[name]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", table.dated)
    assert table.source
    assert all(concept.code.label and concept.code.system for concept in table.concepts.values())


def test_every_type_has_its_class_and_its_rubriques() -> None:
    """Known classes and rubriques; a signature and a style sheet are shown nowhere."""
    classes, rubriques = terminology.table(terminology.CLASS), terminology.table(terminology.RUBRIQUE)
    nowhere = set()
    for value, concept in terminology.table(terminology.TYPE).concepts.items():
        assert classes.concept(concept.parent), value
        assert all(rubriques.concept(rubrique) for rubrique in concept.rubriques), value
        if not terminology.rubriques_of(concept.code):
            nowhere.add(value)
    assert nowhere == {"E1762", "FEUILLE-DE-STYLE"}
    shown = {
        rubrique for concept in terminology.table(terminology.TYPE).concepts.values() for rubrique in concept.rubriques
    }
    assert shown == set(rubriques.concepts)


def test_old_codes_stay_readable() -> None:
    """The eight LOINC codes renewed lead to the one that took their place, of the same class."""
    table = terminology.table(terminology.TYPE)
    old = [concept for concept in table.concepts.values() if concept.renewed_as]
    assert len(old) == 8
    for concept in old:
        new = terminology.renewed(concept.code)
        assert new != concept.code
        assert terminology.class_of(new) == terminology.class_of(concept.code)
        assert terminology.renewed(new) == new
        assert terminology.forms_of(concept.code) == terminology.forms_of(new) == (new, concept.code)
    assert terminology.forms_of(Code("99999-9", "1.2")) == (Code("99999-9", "1.2"),)


def test_an_unknown_value_is_kept() -> None:
    """As received, label included; it goes where its class does, or nowhere."""
    table = terminology.table(terminology.TYPE)
    assert table.code("99999-9", "1.2", "Nouveau") == Code("99999-9", "1.2")
    assert table.code("99999-9", "1.2", "Nouveau").text == "Nouveau"
    assert table.code("11488-4", "another system").label == ""
    assert terminology.class_of(Code("99999-9", "")) is None
    assert terminology.rubriques_of(Code("99999-9", ""), Code("31", "")) == ("imagerie",)
    assert terminology.rubriques_of(Code("99999-9", ""), Code("77", "")) == ()
    with pytest.raises(BugError):
        table.require("99999-9")


def test_a_code_is_its_value_and_its_system() -> None:
    """Labels change, codes do not; a label is shown in French typography."""
    assert Code("1", "2", "a") == Code("1", "2", "b") != Code("1", "3", "a")
    assert Code("1", "2", "CR d'examen").text == "CR d’examen"
    assert Code("1", "2").text == "1"


def test_new_identifiers_are_oids_short_enough() -> None:
    """Under the root given, or under 2.25 when that would be too long; never twice the same."""
    for root in ("2.25", "1.2.250.1.999.1.1", "1.2.250.1.213.1.1.1.2.3.4.5.6.7.8.9"):
        made = {new_oid(root) for _ in range(50)}
        assert len(made) == 50
        assert all(re.fullmatch(r"[0-2](\.(0|[1-9]\d*))+", one) and len(one) <= 64 for one in made)
    assert new_oid("1.2.250.1.999.1.1").startswith("1.2.250.1.999.1.1.")


def test_a_visibility_is_its_codes() -> None:
    """Both ways; hidden from professionals and from the person at once is refused, save where the store allows it."""
    every = Visibility(from_professionals=True, from_patient=True, from_representatives=True)
    assert Visibility.of(every.codes) == every
    assert Visibility().codes == ()
    with pytest.raises(ForbiddenVisibility):
        every.check()
    every.check(both_allowed=True)
    Visibility(from_professionals=True, from_representatives=True).check()


def _entry(name: str, logical: str, version: int = 1) -> DocumentEntry:
    code = Code("11488-4", oids.LOINC)
    return replace(DocumentEntry(name, logical, f"1.{logical}", None, "", code, code, code), version=version)


def test_versions_are_put_together() -> None:
    """Descriptions of one document by their logical id, replacements by their links."""
    link = Association("a", AssociationKind.REPLACES, "", "n1", "d1")
    other = Association("b", AssociationKind.REPLACES, "", "n1", "unknown")
    found = histories(
        [_entry("d1", "d"), _entry("d2", "d", 2), _entry("d1", "d"), _entry("n1", "n")], [link, other, link]
    )
    old, new = found
    assert (old.current.entry_uuid, [entry.entry_uuid for entry in old.earlier]) == ("d2", ["d1"])
    assert (old.replaced_by, old.replaces) == (("n",), ())
    assert (new.replaced_by, new.replaces) == ((), ("d", "unknown"))
