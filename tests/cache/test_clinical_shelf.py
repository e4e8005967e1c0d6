"""The shelf: what was learned is given back as it was, to whom it was told, and found by its words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from helpers import clinical_world as w
from helpers.clocks import START, HandClock
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.cache import described
from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.words import excerpt, tidy, words_of
from dmp_desktop.domain.document import DocumentEntry
from dmp_desktop.domain.shelf import FoundIn, KeptEntry, Reader, Shelf, ShelfState, ShelfUpdate
from dmp_desktop.domain.terminology import Code


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClinicalStore]:
    """Both holders: what one does, the other does."""
    clock = HandClock()
    if request.param == "memory":
        store = ClinicalStore.in_memory(clock)
        yield store
        store.close()
        return
    with w.clinical_world(tmp_path) as world:
        world.clock = clock
        world.store.close()
        world.store = ClinicalStore.open(tmp_path, world.key, clock)
        yield world.store


@pytest.fixture
def shelf(store: ClinicalStore) -> Shelf:
    """Its shelf, which is the seam's."""
    return store.shelf


_TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
_WHEN = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_ENTRIES = st.builds(
    DocumentEntry,
    **{field.name: _TEXT for field in fields(DocumentEntry) if field.type == "str"},
    version=st.integers(1, 1 << 40),
    created_at=_WHEN,
    service_start=_WHEN,
    service_stop=_WHEN,
)


def _coded(value: object) -> object:
    """Equality of codes leaves their label out: here it counts."""
    if isinstance(value, Code):
        return value.value, value.system, value.label
    if isinstance(value, tuple):
        return tuple(_coded(one) for one in value)
    return value


@settings(max_examples=60, deadline=None)
@given(_ENTRIES, st.lists(_TEXT, max_size=2), _WHEN, _WHEN)
def test_a_description_is_given_back_as_it_came(
    entry: DocumentEntry, ids: list[str], learned: datetime | None, read: datetime | None
) -> None:
    """Every field of a description, whatever its letters."""
    kept = KeptEntry(entry, "submission", tuple(ids), tuple(reversed(ids)), learned, read, content_here=True)
    row = {
        "logical_id": entry.logical_id,
        "learned_at": learned and learned.isoformat(),
        "read_at": read and read.isoformat(),
        "here": 1,
        "described": described.dump(kept),
    }
    (back,) = described.read([row])
    assert back == kept
    assert [_coded(getattr(back.entry, f.name)) for f in fields(entry)] == [
        _coded(getattr(entry, f.name)) for f in fields(entry)
    ]


def test_a_list_is_newest_act_first(shelf: Shelf) -> None:
    """By the act it tells of, else by when it was made; one without a date is last."""
    shelf.apply(
        w.HIS,
        ShelfUpdate(
            (
                w.kept("3"),
                w.kept("undated", created_at=None, service_start=None),
                w.kept("1"),
                w.kept("made", service_start=None, created_at=START - timedelta(days=2)),
            )
        ),
    )
    order = [kept.entry.logical_id for kept in shelf.entries(w.HIS)]
    assert order == [w.logical(name) for name in ("1", "made", "3", "undated")]


def test_what_one_professional_was_told_another_does_not_see(shelf: Shelf) -> None:
    """Neither list, nor content, nor search, nor reading mark, nor freshness of another's shelf."""
    masked = w.kept("7", "Bilan masqué")
    shelf.apply(w.HIS, ShelfUpdate((masked,), until=START))
    shelf.put(w.HIS, w.logical("7"), w.retrieved("7"), "texte caché")
    shelf.mark_read(w.HIS, w.logical("7"))
    for other in (w.HIS_BY_GABARIT, w.HERS, Reader("", ""), Reader("%", "%")):
        assert shelf.entries(other) == ()
        assert shelf.content(other, w.logical("7")) is None
        assert shelf.search(other, "masque") == ()
        assert shelf.search(other, "cache") == ()
        assert shelf.state(other) == ShelfState()
    shelf.apply(w.HIS_BY_GABARIT, ShelfUpdate((masked,)))
    (told,) = shelf.entries(w.HIS_BY_GABARIT)
    assert told.read_at is None
    assert not told.content_here
    assert [hit.where for hit in shelf.search(w.HIS_BY_GABARIT, "masque")] == [FoundIn.TITLE]
    assert shelf.search(w.HIS_BY_GABARIT, "cache") == ()


def test_a_new_description_keeps_what_was_known(store: ClinicalStore, shelf: Shelf) -> None:
    """Content, reading mark, submission and links stay; title and words follow; when it was learned stays the first."""
    first = replace(w.kept("1", "Ancien titre"), submission="lot", replaces=(w.logical("0"),))
    shelf.apply(w.HIS, ShelfUpdate((first,)))
    shelf.put(w.HIS, w.logical("1"), w.retrieved("1"), "fracture du scaphoïde")
    shelf.mark_read(w.HIS, w.logical("1"))
    (before,) = shelf.entries(w.HIS)
    later = replace(w.kept("1", "Nouveau titre", version=2), replaced_by=(w.logical("2"),))
    shelf.apply(w.HIS, ShelfUpdate((later,)))
    (after,) = shelf.entries(w.HIS)
    assert after == replace(
        before, entry=later.entry, submission="lot", replaces=first.replaces, replaced_by=later.replaced_by
    )
    assert after.content_here
    assert after.read_at
    assert shelf.search(w.HIS, "ancien") == ()
    assert len(shelf.search(w.HIS, "nouveau scaphoide")) == 1


def test_other_bytes_under_the_same_id_are_fetched_again(shelf: Shelf) -> None:
    """A description that names other bytes (hash): those kept, and their words, are no longer this document's."""
    shelf.apply(w.HIS, ShelfUpdate((w.kept("1"),)))
    shelf.put(w.HIS, w.logical("1"), w.retrieved("1"), "ancienne version")
    shelf.apply(w.HIS, ShelfUpdate((w.kept("1", hash="f" * 40),)))
    assert shelf.content(w.HIS, w.logical("1")) is None
    assert shelf.search(w.HIS, "ancienne") == ()
    assert shelf.search(w.HIS, "consultation")


def test_what_is_gone_leaves_no_link_to_it(shelf: Shelf) -> None:
    """The version that replaced it is not shown any more: the document left no longer says it was replaced."""
    old = replace(w.kept("2"), replaced_by=(w.logical("1"), w.logical("other")))
    shelf.apply(w.HIS, ShelfUpdate((old, w.kept("1"))))
    shelf.apply(w.HIS, ShelfUpdate(gone=frozenset({w.logical("1"), "never-heard-of"})))
    (left,) = shelf.entries(w.HIS)
    assert left.replaced_by == (w.logical("other"),)


def test_a_document_both_described_and_gone_is_gone(shelf: Shelf) -> None:
    """The same answer may hold both: nothing of it is kept."""
    shelf.apply(w.HIS, ShelfUpdate((w.kept("1"), w.kept("2")), gone=frozenset({w.logical("1")})))
    assert [kept.entry.logical_id for kept in shelf.entries(w.HIS)] == [w.logical("2")]


def test_freshness_is_told(tmp_path: Path) -> None:
    """Never asked; asked; stopped by an implausible answer; asked again; closed."""
    with w.clinical_world(tmp_path) as world:
        shelf, clock = world.store.shelf, world.clock
        assert shelf.state(w.HIS) == ShelfState()
        shelf.apply(w.HIS, ShelfUpdate(until=START, first_only=True))
        assert shelf.state(w.HIS) == ShelfState(START, START, first_only=True)
        clock.forward(hours=1)
        shelf.halt(w.HIS, "implausible-list")
        assert shelf.state(w.HIS) == ShelfState(START, START, first_only=True, halted_by="implausible-list")
        shelf.visit_ended(w.HIS)
        clock.forward(hours=1)
        shelf.apply(w.HIS, ShelfUpdate())
        assert shelf.state(w.HIS) == ShelfState(START, clock.now(), last_visit=START + timedelta(hours=1))
        assert world.reopen().shelf.state(w.HIS).last_visit == START + timedelta(hours=1)


def test_the_first_reading_counts(tmp_path: Path) -> None:
    """Read again later, a document keeps the moment it was first read."""
    with w.clinical_world(tmp_path) as world:
        world.store.shelf.apply(w.HIS, w.many(1))
        world.store.shelf.mark_read(w.HIS, w.logical("1"))
        world.clock.forward(days=1)
        world.store.shelf.mark_read(w.HIS, w.logical("1"))
        (kept,) = world.store.shelf.entries(w.HIS)
        assert kept.read_at == START


def test_bytes_are_given_back_and_replaced(store: ClinicalStore, shelf: Shelf) -> None:
    """What was put is what is read; put again, the latest; of a document that is not there, nothing is kept."""
    shelf.apply(w.HIS, w.many(1))
    assert shelf.content(w.HIS, w.logical("1")) is None
    for content in (b"", b"\x00" * 300_000, b"plus court"):
        shelf.put(w.HIS, w.logical("1"), w.retrieved("1", content), "texte")
        assert shelf.content(w.HIS, w.logical("1")) == w.retrieved("1", content)
    shelf.put(w.HIS, w.logical("2"), w.retrieved("2"), "texte")
    assert shelf.content(w.HIS, w.logical("2")) is None
    assert len(store.database.rows("SELECT 1 FROM contents")) == 1


# -- search -----------------------------------------------------------------------------------------------------------


def _found(shelf: Shelf, words: str) -> list[str]:
    return [hit.logical_id.rsplit("-", 1)[1] for hit in shelf.search(w.HIS, words)]


def test_words_are_found_by_their_beginning_without_accents(shelf: Shelf) -> None:
    """Accents, case, ligatures, apostrophes and hyphens do not matter, in the text nor in what is typed."""
    shelf.apply(
        w.HIS,
        ShelfUpdate(
            (
                w.kept("1", "Œdème de l’œil"),
                w.kept("2", "Échographie cœur-poumon"),
                w.kept("3", "Straße ægosome"),
                w.kept("4", "E\u0301lectrocardiogramme"),
            )
        ),
    )
    for words, expected in (
        ("oedeme", ["1"]),
        ("ŒDÈME OEIL", ["1"]),
        ("l'œi", ["1"]),
        ("echo coeur", ["2"]),
        ("poumon cœur-pou", ["2"]),
        ("strasse", ["3"]),
        ("aego", ["3"]),
        ("électro", ["4"]),
        ("cardiogramme", []),
        ("e", ["2", "4"]),
        ("brindille tilleuls", ["1", "2", "3", "4"]),
        ("echo brindille", ["2"]),
    ):
        assert _found(shelf, words) == expected, words


@pytest.mark.parametrize("typed", ["", "   ", "'", "-", '"', "*", "^", "()", ":", "\x00", "—", "NEAR(", "…"])
def test_what_holds_no_word_finds_nothing(shelf: Shelf, typed: str) -> None:
    """Signs alone ask nothing, and nothing breaks."""
    shelf.apply(w.HIS, w.many(1))
    assert shelf.search(w.HIS, typed) == ()


@pytest.mark.parametrize("typed", ["AND", "not consultation", "title:consultation", '"compte', "compte*", "NEAR/2"])
def test_words_of_a_query_language_are_plain_words(shelf: Shelf, typed: str) -> None:
    """AND, NOT, a column's name, quotes and stars are looked for as words."""
    shelf.apply(w.HIS, ShelfUpdate((w.kept("1", f"Avant {typed} après"),)))
    assert _found(shelf, typed) == ["1"]


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30), st.text(max_size=8))
def test_every_word_written_is_found(text: str, typed: str) -> None:
    """Whatever the alphabet: a document is found by each of its words, by all of them, and nothing typed breaks."""
    store = ClinicalStore.in_memory(HandClock())
    store.shelf.apply(w.HIS, ShelfUpdate((w.kept("1", ""),)))
    store.shelf.put(w.HIS, w.logical("1"), w.retrieved("1"), text)
    for word in {*words_of(text), text}:
        if words_of(word):
            assert [hit.logical_id for hit in store.shelf.search(w.HIS, word)] == [w.logical("1")]
    store.shelf.search(w.HIS, typed)
    store.close()


def test_the_excerpt_shows_the_words_where_they_stand(shelf: Shelf) -> None:
    """The title, the authors, or a line of the text around the first word, every found word marked."""
    shelf.apply(w.HIS, ShelfUpdate((w.kept("1", "Bilan sanguin"),)))
    before, after = "Rien à signaler par ailleurs. " * 30, " Contrôle dans six mois." * 30
    text = before + "Un\n œdème   de l’aile du nez, œdémateux." + after
    shelf.put(w.HIS, w.logical("1"), w.retrieved("1"), text)

    def shown(words: str) -> tuple[FoundIn, list[str], str]:
        (hit,) = shelf.search(w.HIS, words)
        return hit.where, [hit.excerpt[start : start + size] for start, size in hit.marks], hit.excerpt

    where, marked, line = shown("oed aile")
    assert (where, marked) == (FoundIn.BODY, ["œdème", "aile", "œdémateux"])
    assert line.startswith("…")
    assert line.endswith("…")
    assert "Un œdème de l’aile" in line
    assert len(line) < 180
    assert shown("bil") == (FoundIn.TITLE, ["Bilan"], "Bilan sanguin")
    assert shown("trois")[:2] == (FoundIn.AUTHOR, ["Trois"])
    assert shown("bilan oedeme")[0] is FoundIn.TITLE


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300), st.data())
def test_marks_stand_on_the_words(text: str, data: st.DataObject) -> None:
    """Each mark lies inside the excerpt and covers a word that begins as what was asked, ligatures included."""
    text = tidy(text)
    written = words_of(text)
    if not written:
        return
    asked = [word[: data.draw(st.integers(1, 4))] for word in data.draw(st.lists(st.sampled_from(written), min_size=1))]
    line, marks = excerpt(asked, text)
    assert marks
    for start, size in marks:
        assert 0 <= start < start + size <= len(line)
        assert " ".join(words_of(line[start : start + size])).startswith(tuple(asked))


def test_a_search_gives_the_newest_within_its_limit(shelf: Shelf) -> None:
    """Two hundred by default, newest act first."""
    shelf.apply(w.HIS, w.many(230))
    hits = shelf.search(w.HIS, "compte rendu")
    assert [hit.logical_id for hit in hits] == [w.logical(str(n)) for n in range(1, 201)]
    assert len(shelf.search(w.HIS, "compte rendu", limit=3)) == 3


# -- lanes ------------------------------------------------------------------------------------------------------------


def test_a_lane_reads_while_another_writes(store: ClinicalStore, shelf: Shelf) -> None:
    """A list read during refreshes is always whole: a multiple of what each brings."""
    sizes: set[int] = set()
    stop = threading.Event()
    failed: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                sizes.add(len(shelf.entries(w.HIS)))
                shelf.search(w.HIS, "compte")
        except BaseException as error:
            failed.append(error)
            raise

    lane = threading.Thread(target=read)
    lane.start()
    for step in range(20):
        shelf.apply(w.HIS, w.many(10, first=1 + 10 * step))
        shelf.put(w.HIS, w.logical(str(1 + 10 * step)), w.retrieved("x"), "compte")
    stop.set()
    lane.join()
    assert not failed
    assert all(size % 10 == 0 for size in sizes)
    assert len(shelf.entries(w.HIS)) == 200
