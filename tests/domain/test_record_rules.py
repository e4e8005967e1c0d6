"""Rows of a record: folding, what is new, filters by role, groups, counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from helpers.record_world import FRESH, GABARIT, MASKED, NOW, OLD, OWN, PATIENT, VISIT, entry, kept
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.record import Filters, RecordRow
from dmp_desktop.domain.record_rules import (
    Cut,
    Grouping,
    Sorting,
    arranged,
    counts,
    first_to_read,
    in_force,
    in_rubrique,
    ordered_by,
    passes,
    rows_of,
    since_visit,
)
from dmp_desktop.domain.rubriques import ALL, OTHER, view_called, views
from dmp_desktop.domain.shelf import KeptEntry, ShelfState

STATE = ShelfState(until=NOW, refreshed_at=NOW, last_visit=VISIT)
TODAY = view_called("")


def known(*entries: KeptEntry, at: datetime = VISIT) -> tuple[KeptEntry, ...]:
    """Learned before the visit, or at that time."""
    return tuple(replace(one, learned_at=at) for one in entries)


EVERYTHING = (*known(*FRESH, at=NOW), *known(*OLD))


def by_key(rows: tuple[RecordRow, ...]) -> dict[str, RecordRow]:
    """Rows by the name a test gave them."""
    return {row.key.removeprefix("urn:uuid:"): row for row in rows}


def test_two_documents_of_the_same_bytes_are_one_row_with_two_copies() -> None:
    """The same hash by two ways is folded, the reason is at hand; another visibility keeps them apart."""
    rows = by_key(rows_of(EVERYTHING, STATE))
    assert "echo-2" not in rows
    assert [copy.entry.logical_id for copy in rows["echo"].copies] == ["urn:uuid:echo-2"]
    hidden = replace(OLD[1], entry=replace(OLD[1].entry, confidentiality=OLD[3].entry.confidentiality))
    apart = by_key(rows_of(known(OLD[0], hidden), STATE))
    assert set(apart) == {"echo", "echo-2"}
    assert not apart["echo"].copies


def test_documents_without_a_hash_are_never_folded() -> None:
    """An empty hash says nothing."""
    assert len(rows_of(known(OLD[2], OLD[3], OLD[4]), STATE)) == 3


def test_older_versions_hang_on_the_latest_through_every_replacement() -> None:
    """Three versions, and a loop in what the store says, end by themselves."""
    first = kept(entry("v1", "Plan", "18776-5", VISIT, status=DocumentStatus.DEPRECATED), replaces=("urn:uuid:v3",))
    second = kept(entry("v2", "Plan", "18776-5", VISIT), replaces=("urn:uuid:v1",), replaced_by=("urn:uuid:v3",))
    third = kept(entry("v3", "Plan", "18776-5", NOW), replaces=("urn:uuid:v2", "urn:uuid:unknown"))
    rows = by_key(rows_of((third, second, first), STATE))
    assert [old.entry.logical_id for old in rows["v3"].older] == ["urn:uuid:v2", "urn:uuid:v1"]
    assert rows["v2"].obsolete
    assert rows["v1"].obsolete
    shown = [key for key, row in rows.items() if passes(row, Filters())]
    assert shown == ["v3"]
    assert all(passes(row, Filters(obsolete=True)) for row in rows.values())


def test_documents_that_left_together_name_each_other() -> None:
    """One submission links its documents (REC_3.2-1080)."""
    rows = by_key(rows_of(EVERYTHING, STATE))
    assert rows["bio"].lot == ("urn:uuid:ordo",)
    assert rows["sortie"].lot == ()


def test_new_is_what_came_since_the_visit_and_was_not_read() -> None:
    """Two things came, one is read: one is new, both stand under the visit; one's own document is never new."""
    fresh = known(*FRESH, at=NOW)
    read = (replace(fresh[0], read_at=NOW), fresh[1], replace(fresh[2], entry=replace(fresh[2].entry, authors=(OWN,))))
    rows = by_key(rows_of((*read, *known(*OLD)), STATE, professional=OWN.id))
    assert [key for key, row in rows.items() if row.is_new] == ["sortie"]
    assert [key for key, row in rows.items() if since_visit(row, STATE, OWN.id)] == ["bio", "sortie"]


def test_a_first_visit_and_a_memory_mark_nothing_new() -> None:
    """Where everything would be new, nothing stands out."""
    assert not any(row.is_new for row in rows_of(EVERYTHING, replace(STATE, last_visit=None)))
    assert not any(row.is_new for row in rows_of(EVERYTHING, STATE, in_memory=True))


def test_a_copy_read_elsewhere_counts_for_the_row() -> None:
    """The same bytes read once are read."""
    one, two = known(OLD[0], replace(OLD[1], read_at=NOW), at=NOW)
    assert not rows_of((one, two), STATE)[0].is_new


@pytest.mark.parametrize(
    ("filters", "seen"),
    [
        (Filters(), {"plain"}),
        (Filters(archived=True), {"plain", "archived"}),
        (Filters(obsolete=True), {"plain", "obsolete"}),
        (Filters(masked=True), {"plain", "masked"}),
        (Filters(hidden_from_patient=True), set()),
        (Filters(kinds=frozenset({"11488-4"})), {"plain"}),
        (Filters(kinds=frozenset({"18748-4"})), set()),
        (Filters(authors=frozenset({GABARIT.id})), {"plain"}),
        (Filters(authors=frozenset({OWN.id})), set()),
        (Filters(since=VISIT + timedelta(days=1)), set()),
        (Filters(until=VISIT), {"plain"}),
    ],
)
def test_the_list_shows_documents_in_force_and_the_others_on_demand(filters: Filters, seen: set[str]) -> None:
    """EX_3.1-1030, filter by filter."""
    rows = rows_of(
        known(
            kept(entry("plain", "Visite", "11488-4", VISIT)),
            kept(entry("archived", "Visite", "11488-4", VISIT, status=DocumentStatus.ARCHIVED)),
            kept(entry("obsolete", "Visite", "11488-4", VISIT, status=DocumentStatus.DEPRECATED)),
            kept(entry("masked", "Visite", "11488-4", VISIT, hidden=("MASQUE_PS",))),
        ),
        STATE,
    )
    assert {key for key, row in by_key(rows).items() if passes(row, filters)} == seen


def test_hidden_from_patient_or_representatives_restrict_the_list() -> None:
    """These two filters show those alone; together, either."""
    rows = rows_of(
        known(
            kept(entry("a", "A", "11488-4", VISIT)),
            kept(entry("b", "B", "11488-4", VISIT, hidden=("INVISIBLE_PATIENT",))),
            kept(entry("c", "C", "11488-4", VISIT, hidden=("INVISIBLE_REPRESENTANTS_LEGAUX",))),
        ),
        STATE,
    )

    def seen(filters: Filters) -> list[str]:
        return [key for key, row in by_key(rows).items() if passes(row, filters)]

    assert seen(Filters(hidden_from_patient=True)) == ["b"]
    assert seen(Filters(hidden_from_representatives=True)) == ["c"]
    assert seen(Filters(hidden_from_patient=True, hidden_from_representatives=True)) == ["b", "c"]


def test_an_act_of_ones_own_on_its_way_is_always_shown() -> None:
    """What one just masked does not vanish before the store answered."""
    row = rows_of(known(MASKED), STATE, {"urn:uuid:psy": EventState.WAITING})[0]
    assert row.act is EventState.WAITING
    assert passes(row, Filters())


def test_masked_documents_are_shown_at_first_to_the_medecin_traitant_alone() -> None:
    """What the filters begin with, by role."""
    assert in_force(Filters(), treating=True).masked
    assert not in_force(Filters(), treating=False).masked


def test_groups_stand_around_the_last_visit_or_by_month() -> None:
    """The two ways of the screen, and the third without groups."""
    rows = rows_of(EVERYTHING, STATE)
    visit = arranged(rows, STATE, Grouping.VISIT, Sorting.NEWEST, NOW)
    assert [(group.cut, len(group.rows)) for group in visit] == [(Cut.SINCE_VISIT, 3), (Cut.BEFORE_VISIT, 9)]
    months = arranged(rows, STATE, Grouping.MONTH, Sorting.NEWEST, NOW)
    assert [group.month for group in months[:3]] == [(2026, 4), (2026, 3), (2025, 12)]
    assert [group.cut for group in arranged(rows, STATE, Grouping.NONE, Sorting.NEWEST, NOW)] == [Cut.WHOLE]
    assert [g.cut for g in arranged(rows, STATE, Grouping.MONTH, Sorting.TITLE, NOW)] == [Cut.WHOLE]
    first_visit = arranged(rows, replace(STATE, last_visit=None), Grouping.VISIT, Sorting.NEWEST, NOW)
    assert first_visit[0].cut is Cut.MONTH
    urgent = arranged(rows, STATE, Grouping.VISIT, Sorting.NEWEST, NOW, in_memory=True)
    assert [group.cut for group in urgent] == [Cut.RECENT, Cut.OLDER]


def test_documents_without_a_date_come_last_whichever_way() -> None:
    """And under a heading of their own."""
    rows = rows_of(known(kept(entry("x", "X", "11488-4", None)), *OLD[:3]), STATE)
    assert by_key(ordered_by(rows, Sorting.NEWEST)).popitem()[0] == "x"
    assert by_key(ordered_by(rows, Sorting.OLDEST)).popitem()[0] == "x"
    assert arranged(rows, STATE, Grouping.MONTH, Sorting.NEWEST, NOW)[-1].cut is Cut.UNDATED


def test_titles_and_authors_sort_without_their_accents() -> None:
    """Échographie stands before Mesures, not after Z."""
    rows = rows_of(known(*OLD[:4]), STATE)
    titles = [row.entry.title for row in ordered_by(rows, Sorting.TITLE)]
    assert titles[:2] == ["Compte rendu de consultation", "Échographie cardiaque"]
    assert ordered_by(rows, Sorting.AUTHOR)[0].entry.authors[0].family in {"", "BRINDILLE"}


def test_counts_follow_the_view_and_every_document_stands_somewhere() -> None:
    """Nine rubriques today, eight of 2011; what a view has no place for is counted apart, never lost."""
    rows = rows_of(EVERYTHING, STATE)
    today = counts(rows, TODAY)
    assert len(TODAY.rubriques) == 9
    assert today[ALL].total == len(rows)
    assert today[ALL].new == 3
    assert today["laboratoire"].new == 1
    assert OTHER not in today
    old = view_called("2011")
    assert len(old.rubriques) == 8
    before = counts(rows, old)
    assert before[OTHER].total == 1
    assert [row.entry.title for row in rows if in_rubrique(row, OTHER, old)] == ["Historique de remboursements"]
    assert views()[0] is TODAY
    assert view_called("none") is TODAY


def test_an_emergency_reads_syntheses_and_treatments_first() -> None:
    """Then what was last done; what helps nobody at once is left out."""
    rows = first_to_read(rows_of(EVERYTHING, STATE, in_memory=True), NOW)
    assert rows[0].rubriques[0] == "synthese"
    assert rows[-1].rubriques[0] == "laboratoire"
    assert all("remboursements" not in row.rubriques for row in rows)


def test_a_persons_own_document_is_never_folded_with_a_professionals() -> None:
    """Same bytes, another hand: two rows, one of them bearing its signs."""
    theirs = kept(entry("own", "Mesures", "DOCPAT08", VISIT, PATIENT, digest="b" * 40))
    other = kept(entry("pro", "Mesures", "29274-8", VISIT, GABARIT, digest="b" * 40))
    assert len(rows_of(known(theirs, other), STATE)) == 2


_ENTRIES = st.lists(
    st.builds(
        lambda n, digest, kind, days, replaces, status: kept(
            entry(
                f"e{n}",
                f"Document {n}",
                kind,
                NOW - timedelta(days=days) if days else None,
                digest=digest,
                status=status,
            ),
            replaces=tuple(f"urn:uuid:e{m}" for m in replaces),
            learned_at=NOW,
        ),
        st.integers(0, 40),
        st.sampled_from(["", "a" * 40, "b" * 40]),
        st.sampled_from(["11488-4", "60591-5", "DOCPAT08", "REMB", "ZZ"]),
        st.integers(0, 900),
        st.lists(st.integers(0, 40), max_size=3),
        st.sampled_from([DocumentStatus.APPROVED, DocumentStatus.DEPRECATED, DocumentStatus.ARCHIVED]),
    ),
    max_size=40,
    unique_by=lambda one: one.entry.logical_id,
)


@given(_ENTRIES, st.sampled_from(Grouping), st.sampled_from(Sorting))
def test_no_document_is_lost_or_shown_twice(entries: list[KeptEntry], grouping: Grouping, sorting: Sorting) -> None:
    """Whatever the dossier, folding and grouping keep each document once."""
    rows = rows_of(entries, STATE)
    held = [one.entry.logical_id for row in rows for one in (row.kept, *row.copies)]
    assert sorted(held) == sorted(one.entry.logical_id for one in entries)
    groups = arranged(rows, STATE, grouping, sorting, NOW)
    assert sorted(row.key for group in groups for row in group.rows) == sorted(row.key for row in rows)
    assert counts(rows, TODAY)[ALL].total == len(rows)


def test_visibility_of_a_row_is_what_the_store_said() -> None:
    """The overlay of an act on its way is a word, not another visibility."""
    row = rows_of(known(OLD[3]), STATE, {"urn:uuid:cr": EventState.HELD})[0]
    assert row.entry.visibility == Visibility(from_patient=True)
