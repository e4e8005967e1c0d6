"""An access that leaves nothing: the same store on memory; and drafts, on disk as in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from helpers import clinical_world as w
from helpers.clocks import START, HandClock
from helpers.raw_scan import remnants

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.contents import BrokenContent
from dmp_desktop.domain.document import MediaType, Replaced, Visibility
from dmp_desktop.domain.draft import Drafts
from dmp_desktop.domain.shelf import ForgetReason, Shelf, ShelfState, ShelfUpdate
from dmp_desktop.domain.terminology import Code
from dmp_desktop.errors import DmpError


def _use(store: ClinicalStore) -> None:
    """Everything a visit does, with enough of it to overflow SQLite's own memory."""
    shelf: Shelf = store.shelf
    drafts: Drafts = store.drafts
    shelf.apply(w.HIS, w.many(400))
    for n in range(1, 60):
        shelf.put(w.HIS, w.logical(str(n)), w.retrieved(str(n), b"x" * 100_000), f"mot{n} " * 4000)
    assert len(shelf.search(w.HIS, "mot")) == 59
    assert shelf.content(w.HIS, w.logical("7")) == w.retrieved("7", b"x" * 100_000)
    shelf.mark_read(w.HIS, w.logical("7"))
    shelf.halt(w.HIS, "implausible-list")
    shelf.apply(w.HIS, ShelfUpdate(gone=frozenset({w.logical("8")})))
    drafts.save(w.draft(text="brouillon"), b"bytes")
    drafts.drop("draft-1")
    shelf.visit_ended(w.HIS)
    store.database.check()


def _open_files() -> set[str]:
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        return set()
    return {str(link.readlink()) for link in folder.iterdir() if link.is_symlink()}


def test_nothing_of_an_access_in_memory_reaches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is made, opened or written, temporary ones included, while it lives nor after."""
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = _open_files()
    store = ClinicalStore.in_memory(HandClock())
    _use(store)
    assert {name for name in _open_files() - before if not name.startswith("/proc/")} == set()
    assert store.database.rows("PRAGMA database_list")[0]["file"] == ""
    assert store.database.rows("PRAGMA temp_store")[0][0] == 2
    store.close()
    with pytest.raises(DmpError):
        store.shelf.entries(w.HIS)
    holder = store.contents._holder
    assert holder.names() == set()
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - hidden names included


def test_it_is_forgotten_with_its_end(tmp_path: Path) -> None:
    """Another access begins empty, and the copy on disk was told nothing."""
    with w.clinical_world(tmp_path) as world:
        store = ClinicalStore.in_memory(world.clock)
        store.shelf.apply(w.HIS, ShelfUpdate((w.kept("1", "Zyxotrope"),)))
        store.shelf.put(w.HIS, w.logical("1"), w.retrieved("1"), "Wuxalgie")
        store.close()
        again = ClinicalStore.in_memory(world.clock)
        assert again.shelf.entries(w.HIS) == ()
        assert again.shelf.state(w.HIS) == ShelfState()
        assert again.shelf.search(w.HIS, "wux") == ()
        again.close()
        assert world.store.shelf.entries(w.HIS) == ()
        assert remnants(tmp_path, world.keys, ["Zyxotrope", "Wuxalgie"]) == {}


def test_a_revocation_reaches_it_too() -> None:
    """Blocked in the middle of an access: the rows, words and bytes go."""
    store = ClinicalStore.in_memory(HandClock())
    _use(store)
    store.forget(w.GASPARD, ForgetReason.BLOCKED)
    assert store.shelf.entries(w.HIS) == ()
    assert store.shelf.search(w.HIS, "mot") == ()
    assert store.database.rows("SELECT 1 FROM contents") == []
    assert store.database.rows("SELECT 1 FROM texts") == []
    store.close()


# -- drafts -----------------------------------------------------------------------------------------------------------

FULL = w.draft(
    "full",
    title="Lettre d’adressage",
    type_code=Code("11488-4", "2.16.840.1.113883.6.1", "CR"),
    service_start=START - timedelta(hours=3),
    comments="à relire",
    visibility=Visibility(from_patient=True),
    text="Cher confrère, …",
    media_type=MediaType.PDF,
    size=5,
    sha256="ab" * 32,
    file_name="scan 1.pdf",
    replaces=Replaced("urn:uuid:1", "1.2.3", "1.2.4", 3),
    secret=True,
)


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClinicalStore]:
    """Both holders."""
    if request.param == "memory":
        store = ClinicalStore.in_memory(HandClock())
        yield store
        store.close()
        return
    with w.clinical_world(tmp_path) as world:
        yield world.store


def test_a_draft_is_given_back_as_it_was_saved(store: ClinicalStore) -> None:
    """Every field, its bytes, and saved again the latest of both; without new bytes the former stay."""
    for draft in (FULL, w.draft("bare")):
        store.drafts.save(draft)
        assert store.drafts.get(draft.id) == draft
        with pytest.raises(BrokenContent):
            store.drafts.content(draft.id)
    store.drafts.save(FULL, b"first")
    store.drafts.save(replace(FULL, title="Autre"))
    assert store.drafts.content(FULL.id) == b"first"
    store.drafts.save(replace(FULL, title="Autre"), b"")
    assert store.drafts.content(FULL.id) == b""
    assert store.drafts.get(FULL.id) == replace(FULL, title="Autre")
    assert store.drafts.get("unknown") is None
    with pytest.raises(BrokenContent):
        store.drafts.content("unknown")


def test_drafts_are_listed_for_their_hand_and_record(store: ClinicalStore) -> None:
    """Latest first; those of another hand, of another record, and those that left are not there."""
    later = START + timedelta(minutes=5)
    for draft in (
        w.draft("1"),
        w.draft("2", changed_at=later),
        w.draft("left", event="event"),
        w.draft("3", professional=w.GABARIT),
        w.draft("4", dossier=w.ODILE),
    ):
        store.drafts.save(draft)
    assert [draft.id for draft in store.drafts.of(w.GASPARD, w.BRINDILLE)] == ["draft-2", "draft-1"]
    assert store.drafts.count() == 5


def test_a_draft_that_is_dropped_is_nowhere_any_more(tmp_path: Path) -> None:
    """Its words, its bytes and what it held before it was changed; dropped twice, nothing happens."""
    with w.clinical_world(tmp_path) as world:
        drafts = world.store.drafts
        for n in range(30):
            drafts.save(w.draft(str(n), text="autre " * 50), b"x")
        drafts.save(w.draft("gone", title="Zyxotrope", text="Vyzgramme " * 300), b"Wuxalgie")
        drafts.save(w.draft("gone", title="Kuvzoline"), b"other")
        drafts.drop("draft-gone")
        drafts.drop("draft-gone")
        assert len(world.contents) == 30
        world.store.diet.run(30, 1 << 30)
        assert remnants(tmp_path, world.keys, ["Zyxotrope", "Vyzgramme", "Wuxalgie", "Kuvzoline"]) == {}
        assert drafts.count() == 30


def test_a_flipped_bit_in_a_draft_is_told_and_the_draft_stays(tmp_path: Path) -> None:
    """Its bytes are refused; what was typed is still there, and another file may be chosen."""
    with w.clinical_world(tmp_path) as world:
        world.store.drafts.save(FULL, b"bytes")
        (path,) = world.contents
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        with pytest.raises(BrokenContent):
            world.store.drafts.content(FULL.id)
        assert world.store.drafts.get(FULL.id) == FULL
        world.store.drafts.save(FULL, b"again")
        assert world.store.drafts.content(FULL.id) == b"again"


def test_a_revocation_leaves_what_was_not_sent(store: ClinicalStore) -> None:
    """A draft is its author's work: closing the dossier to them purges what the store showed, not what they wrote."""
    store.drafts.save(FULL, b"bytes")
    store.shelf.apply(w.HIS, w.many(2))
    store.forget(w.GASPARD, ForgetReason.UNAUTHORISED, w.BRINDILLE)
    assert store.drafts.content(FULL.id) == b"bytes"
    assert store.shelf.entries(w.HIS) == ()


def test_nothing_of_a_person_prints(store: ClinicalStore) -> None:
    """Neither the store nor its parts show a title, an id of a person or a key in a representation."""
    store.drafts.save(FULL, b"bytes")
    store.shelf.apply(w.HIS, ShelfUpdate((w.kept("1", "Zyxotrope"),)))
    store.shelf.put(w.HIS, w.logical("1"), w.retrieved("1"), "Zyxotrope")
    shown = f"{store!r} {FULL!r} {store.shelf.content(w.HIS, w.logical('1'))!r} {store.shelf.search(w.HIS, 'zyx')!r}"
    assert "Zyxotrope" not in shown
    assert "Lettre" not in shown
