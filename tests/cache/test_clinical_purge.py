"""What is forgotten is nowhere any more: a raw look at every page, log and file, keys in hand."""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers import clinical_world as w
from helpers.house_guards import LogWatch
from helpers.raw_scan import raw_scan, remnants

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.contents import FolderHolder
from dmp_desktop.domain.document import DocumentAuthor
from dmp_desktop.domain.shelf import ForgetReason, KeptEntry, ShelfUpdate

SECRETS = ("Zyxotrope", "Quobelisk", "Wuxalgie", "Vyzgramme", "Jeqworthe", "Kuvzoline")
PURGED = (*(f"hush{n}" for n in range(3)), *SECRETS)
_DEPTH = 1 << 30


@pytest.fixture
def world(tmp_path: Path) -> Iterator[w.World]:
    """Gaspard's dossier holds three documents to hush among many; Odile's are as many, and stay."""
    with w.clinical_world(tmp_path / "profile") as made:
        chance = random.Random(7)  # noqa: S311 - any text will do
        letters = "abcdefghijklmnopqrstuvwxyz"
        vocabulary = ["".join(chance.choices(letters, k=8)) for _ in range(4000)]
        for step in range(6):
            for reader in (w.HIS, w.HERS):
                made.store.shelf.apply(reader, w.many(25, first=1 + 25 * step))
            for number in range(4):
                name, text = str(25 * step + number + 1), " ".join(chance.choices(vocabulary, k=60))
                for reader in (w.HIS, w.HERS):
                    made.store.shelf.put(reader, w.logical(name), w.retrieved(name), text)
            if step % 2:
                _hush(made, step // 2)
        assert set(remnants(made.folder, made.keys, PURGED)) == set(PURGED)
        yield made


def _hush(world: w.World, number: int) -> None:
    title, author, body, comment, known, other = SECRETS
    author_of = DocumentAuthor("1", author.upper(), "Ysée", structure_name=known)
    one = w.entry(f"hush{number}", f"{title} {number}", authors=(author_of,), comments=comment)
    world.store.shelf.apply(w.HIS, ShelfUpdate((KeptEntry(one),)))
    text = f"Le patient souffre de {body} et prend {other}. " * 40
    world.store.shelf.put(w.HIS, one.logical_id, w.retrieved(f"hush{number}", text.encode()), text)


def _gone(world: w.World) -> None:
    world.store.shelf.apply(w.HIS, ShelfUpdate(gone=frozenset(w.logical(f"hush{n}") for n in range(3))))


def _forgotten(reason: ForgetReason, professional: str | None = None) -> Callable[[w.World], None]:
    return lambda world: world.store.forget(w.GASPARD, reason, professional)


def _expired(world: w.World) -> None:
    world.clock.forward(days=31)
    world.store.shelf.visit_ended(w.HERS)
    report = world.store.diet.run(30, _DEPTH)
    assert (report.expired.dossiers, report.over_quota.dossiers) == (1, 0)


def _over_quota(world: w.World) -> None:
    world.clock.forward(hours=1)
    world.store.shelf.visit_ended(w.HERS)
    report = world.store.diet.run(30, world.store.diet.held().bytes - 1)
    assert (report.expired.dossiers, report.over_quota.dossiers) == (0, 1)


def _by_hand(world: w.World) -> None:
    assert world.store.diet.empty().dossiers == 2


WAYS = {
    "masked": _gone,
    "deleted": _gone,
    "blocked": _forgotten(ForgetReason.BLOCKED, w.BRINDILLE),
    "opposed": _forgotten(ForgetReason.OPPOSED),
    "closed": _forgotten(ForgetReason.CLOSED),
    "authorisation lost": _forgotten(ForgetReason.UNAUTHORISED, w.BRINDILLE),
    "diet": _expired,
    "quota": _over_quota,
    "by hand": _by_hand,
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_left_behind(world: w.World, way: str) -> None:
    """Whatever the reason: no page, gap, free page, log frame, word or file of it, open and closed."""
    files = {path.name for path in world.contents}
    hushed = {
        row["file"]
        for row in world.store.database.rows(
            "SELECT file FROM contents JOIN entries ON id = entry WHERE logical_id LIKE '%hush%'"
        )
    }
    assert len(hushed) == 3
    WAYS[way](world)
    assert remnants(world.folder, world.keys, PURGED) == {}
    assert not hushed & {path.name for path in world.contents}
    assert {path.name for path in world.contents} < files
    world.store.database.check()
    world.store.close()
    assert remnants(world.folder, world.keys, PURGED) == {}


def test_what_was_not_forgotten_stays(world: w.World) -> None:
    """Odile's documents, words and contents are as before; so are Gaspard's others when three are gone."""
    shelf = world.store.shelf
    before = {reader: shelf.entries(reader) for reader in (w.HIS, w.HERS)}
    _gone(world)
    assert shelf.entries(w.HIS) == tuple(one for one in before[w.HIS] if "hush" not in one.entry.logical_id)
    world.store.forget(w.GASPARD, ForgetReason.CLOSED)
    assert shelf.entries(w.HIS) == ()
    assert shelf.entries(w.HERS) == before[w.HERS]
    assert len(shelf.search(w.HERS, "compte rendu consultation")) == 150
    assert shelf.content(w.HERS, w.logical("1")) == w.retrieved("1")


def test_a_professional_who_was_blocked_takes_nothing_from_another(world: w.World) -> None:
    """The store answers each for themselves: what it closed to one stays open to the other."""
    world.store.shelf.apply(w.HIS_BY_GABARIT, w.many(2))
    world.store.forget(w.GASPARD, ForgetReason.BLOCKED, w.BRINDILLE)
    assert world.store.shelf.entries(w.HIS) == ()
    assert len(world.store.shelf.entries(w.HIS_BY_GABARIT)) == 2
    assert world.store.shelf.search(w.HIS_BY_GABARIT, "consultation")


def test_what_a_kill_left_to_overwrite_is_overwritten_at_the_next_opening(
    world: w.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the rows went and before pages were overwritten and files removed: opening finishes it."""
    killed = world.folder.parent / "killed"
    remove = FolderHolder.remove

    def photographed(holder: FolderHolder, name: str) -> None:
        if not killed.exists():
            shutil.copytree(world.folder, killed)
        remove(holder, name)

    monkeypatch.setattr(FolderHolder, "remove", photographed)
    _gone(world)
    assert set(remnants(killed, world.keys, PURGED)) >= {"hush1", "Zyxotrope"}
    after = ClinicalStore.open(killed, world.key, world.clock)
    assert len(after.shelf.entries(w.HIS)) == 150
    assert remnants(killed, world.keys, PURGED) == {}
    assert {path.name for path in (killed / "contents").iterdir()} == {path.name for path in world.contents}
    after.close()


def test_a_reader_in_the_way_puts_the_overwriting_off(
    world: w.World, monkeypatch: pytest.MonkeyPatch, expected_logs: LogWatch
) -> None:
    """The log cannot be emptied while another lane reads from it: it stays due, and the diet does it."""
    monkeypatch.setattr("dmp_desktop.cache.database._BUSY_SECONDS", 0.05)
    world.reopen()
    reading, over = threading.Event(), threading.Event()

    def read() -> None:
        connection = world.store.database._connection()
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM entries").fetchone()
        reading.set()
        over.wait(20)
        connection.execute("COMMIT")

    lane = threading.Thread(target=read)
    lane.start()
    reading.wait(20)
    _gone(world)
    assert "put off" in expected_logs.text
    over.set()
    lane.join()
    world.store.diet.run(30, _DEPTH)
    assert remnants(world.folder, world.keys, PURGED) == {}


def test_a_large_store_is_written_anew_by_the_diet(world: w.World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left after the purge itself already; the diet then gives the free pages back to the disk."""
    monkeypatch.setattr("dmp_desktop.cache.purge._SMALL", 0)
    size = world.store.database.size()
    world.store.forget(w.GASPARD, ForgetReason.CLOSED)
    assert remnants(world.folder, world.keys, PURGED) == {}
    assert world.store.database.size() >= size
    world.store.diet.run(30, _DEPTH)
    assert world.store.database.size() < size * 0.8
    assert remnants(world.folder, world.keys, PURGED) == {}


def test_the_scan_itself_sees(world: w.World) -> None:
    """It opens pages and log frames, and a wrong key is not taken for an empty store."""
    places = {place.split(":")[0] for place, _data in raw_scan(world.folder, world.keys)}
    assert {"clinical.db", "clinical.db-wal"} <= places
    clear = b"".join(data for place, data in raw_scan(world.folder, world.keys) if ":" in place)
    assert b"CREATE TABLE shelves" in clear
    with pytest.raises(AssertionError, match="does not open"):
        list(raw_scan(world.folder, {"clinical.db": type(world.key).random()}))
