"""The clinical copy: the doctor's ten seconds, against the same SQLite without its cipher.

Both sides run the same code on the same rows, turn by turn; only the key is missing at the least. Sizes grow from ten
thousand documents to a hundred thousand, and to a million when asked.
"""

from __future__ import annotations

import gc
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers import clinical_world as w
from helpers.clocks import HandClock
from helpers.people import nir
from helpers.store_world import BRINDILLE, opening
from sqlcipher3 import dbapi2 as sqlcipher

from dmp_desktop.cache.clinical import SCRIPTS, ClinicalStore
from dmp_desktop.cache.contents import FOLDER, Contents, FolderHolder
from dmp_desktop.cache.database import Database, migrations
from dmp_desktop.cache.journal import Journal
from dmp_desktop.cache.outbox import Outbox
from dmp_desktop.cache.patients import Patients
from dmp_desktop.cache.purge import Purge
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.domain.shelf import ForgetReason, KeptEntry, Reader, ShelfUpdate

SIZES = (10_000, 100_000)
MILLION = 1_000_000
_LARGE, _READ, _DOSSIER = 2_000, 500, 500
_SETTINGS = ("secure_delete = ON", "temp_store = MEMORY", "foreign_keys = ON", "synchronous = FULL")


class PlainDatabase(Database):
    """The same file without a cipher."""

    def _connect(self) -> sqlcipher.Connection:
        connection = sqlcipher.connect(str(self._path), isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode = WAL", *_SETTINGS):
            connection.execute(f"PRAGMA {setting}")
        connection.row_factory = sqlcipher.Row
        return connection


@dataclass
class Measure:
    """Seconds of each turn of both sides."""

    name: str
    size: int
    ours: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)

    def line(self) -> tuple[str, ...]:
        """One line of the table: our percentiles, the least's median, the ratio of the medians."""
        ours, least = sorted(self.ours), sorted(self.least)
        p50, p95, p99 = (_percentile(ours, share) for share in (0.5, 0.95, 0.99))
        base = _percentile(least, 0.5)
        return (
            f"{self.size:>9,}", self.name, str(len(ours)), *(f"{p * 1000:.2f}" for p in (p50, p95, p99)),
            f"{base * 1000:.2f}", f"{p50 / base:.2f}",
        )  # fmt: skip


def million() -> str:
    """The table at a million documents."""
    return report((MILLION,))


def report(sizes: Sequence[int] = SIZES) -> str:
    """The table, size by size."""
    heading = ("documents", "what", "turns", "p50 ms", "p95 ms", "p99 ms", "plain p50", "ratio")
    lines: list[tuple[str, ...]] = [heading]
    with tempfile.TemporaryDirectory() as name, _Sides(Path(name)) as sides:
        for size in sizes:
            sides.grow(size)
            lines += [measure.line() for measure in sides.measures(size)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


class _Sides:
    """Two copies with the same rows, ours sealed and the other not; and two outboxes."""

    def __init__(self, folder: Path) -> None:
        self._folders = (folder / "sealed", folder / "plain")
        self._keys = DatabaseKey.random(), DatabaseKey.random()
        self._clock = HandClock()
        self._count = 0
        self._chance = random.Random(5)  # noqa: S311 - any text will do
        letters = "abcdefghijklmnopqrstuvwxyz"
        self._vocabulary = ["".join(self._chance.choices(letters, k=self._chance.randint(3, 11))) for _ in range(8000)]

    def __enter__(self) -> _Sides:
        for sub in self._folders:
            sub.mkdir()
        sealed, plain = self._folders
        self.clinical = (self._sealed(create=True), self._plain())
        scripts = migrations()
        self._desks = (
            Database.open(sealed / "desk.db", self._keys[0], create=True, scripts=scripts),
            PlainDatabase(plain / "desk.db", self._keys[0]),
        )
        self._desks[1]._migrate(scripts)
        self.outboxes = tuple(self._outbox(database) for database in self._desks)
        for store in self.clinical:
            self._fill(store, Reader("large", w.BRINDILLE), _LARGE, 0)
            self._fill(store, Reader("read", w.BRINDILLE), _READ, _READ)
        self._count = _LARGE + _READ
        return self

    def __exit__(self, *exc: object) -> None:
        for store in self.clinical:
            store.close()
        for database in self._desks:
            database.close()

    def grow(self, size: int) -> None:
        """More dossiers, until each copy holds so many documents; one in ten has its text here."""
        number = 0
        while self._count < size:
            reader = Reader(f"dossier-{self._count}-{number}", w.BRINDILLE)
            state = self._chance.getstate()
            for store in self.clinical:
                self._chance.setstate(state)
                self._fill(store, reader, _DOSSIER, _DOSSIER // 10, contents=False)
            self._count += _DOSSIER
            number += 1

    def measures(self, size: int) -> Iterator[Measure]:
        """Every measure at this size."""
        large, read = Reader("large", w.BRINDILLE), Reader("read", w.BRINDILLE)
        words = self._chance.sample(self._vocabulary, 60)
        yield self._turns(f"list of {_LARGE:,}", size, 25, lambda n, store: store.shelf.entries(large))
        yield self._turns(
            f"full text, {_READ}, one word", size, 60, lambda n, store: store.shelf.search(read, words[n])
        )
        yield self._turns(
            f"full text, {_READ}, 2 letters", size, 60, lambda n, store: store.shelf.search(read, words[n][:2])
        )
        yield self._turns(
            f"full text, {_READ}, 2 words", size, 60, lambda n, store: store.shelf.search(read, f"{words[n][:3]} comp")
        )
        yield self._turns("state of a shelf", size, 300, lambda n, store: store.shelf.state(large))
        yield self._turns(
            "a content (40 kB)", size, 100, lambda n, store: store.shelf.content(read, w.logical(str(n + 1)))
        )
        yield self._turns("a document read (write)", size, 200, lambda n, store: self._read(store, large, n))
        yield self._events(size)
        yield self._purged(size)
        yield self._opened(size)

    def _read(self, store: ClinicalStore, reader: Reader, n: int) -> None:
        self._clock.forward(seconds=1)
        store.shelf.mark_read(reader, w.logical(str(n + 1)))

    def _turns(self, name: str, size: int, turns: int, work: Callable[[int, ClinicalStore], object]) -> Measure:
        return _measured(name, size, turns, [lambda n, s=store: work(n, s) for store in self.clinical])

    def _events(self, size: int) -> Measure:
        def add(outbox: Outbox, n: int) -> None:
            number = nir(f"1771199{(size + n) % 1_000_000:06d}")
            outbox.add(opening(number, f"OUV-{size}-{n}"), BRINDILLE)

        works = [lambda n, box=box: add(box, n) for box in self.outboxes]
        return _measured("an act in the outbox (write)", size, 100, works)

    def _purged(self, size: int) -> Measure:
        measure = Measure(f"purge of {_DOSSIER}", size)
        for n in range(7):
            for store, seconds in zip(self.clinical, (measure.ours, measure.least), strict=True):
                self._fill(store, Reader(f"gone-{n}", w.BRINDILLE), _DOSSIER, _DOSSIER // 10)
                seconds.append(_timed(lambda s=store, d=f"gone-{n}": s.forget(d, ForgetReason.CLOSED)))
        return measure

    def _opened(self, size: int) -> Measure:
        def sealed(_n: int) -> None:
            self._sealed().close()
            Database.open(self._folders[0] / "desk.db", self._keys[0]).close()

        def plain(_n: int) -> None:
            self._plain().close()
            desk = PlainDatabase(self._folders[1] / "desk.db", self._keys[0])
            desk._migrate(migrations())
            desk.close()

        for database in (*self._desks, *(store.database for store in self.clinical)):
            database.close()
        return _measured("both files opened", size, 30, [sealed, plain])

    def _fill(self, store: ClinicalStore, reader: Reader, count: int, texts: int, *, contents: bool = True) -> None:
        """A dossier; the words and bytes of its first documents."""
        entries = tuple(KeptEntry(w.entry(str(n))) for n in range(1, count + 1))
        with store.database.transaction():
            store.shelf.apply(reader, ShelfUpdate(entries))
            for n in range(1, texts + 1):
                text = " ".join(self._chance.choices(self._vocabulary, k=250))
                if contents:
                    store.shelf.put(reader, w.logical(str(n)), w.retrieved(str(n), b"x" * 40_000), text)
                else:
                    row = store.database.row(
                        "SELECT e.id FROM entries e JOIN shelves s ON s.id = e.shelf"
                        " WHERE s.dossier = ? AND e.logical_id = ?",
                        (reader.dossier, w.logical(str(n))),
                    )
                    store.shelf._index.write_body(row["id"], text)

    def _sealed(self, *, create: bool = False) -> ClinicalStore:
        return ClinicalStore.open(self._folders[0], self._keys[1], self._clock, create=create)

    def _plain(self) -> ClinicalStore:
        database = PlainDatabase(self._folders[1] / "clinical.db", self._keys[1])
        database._migrate(migrations(SCRIPTS))
        contents = Contents(FolderHolder(self._folders[1] / FOLDER))
        return ClinicalStore._joined(database, contents, Purge(database, contents), self._clock)

    def _outbox(self, database: Database) -> Outbox:
        journal, patients = Journal(database, self._clock), Patients(database, self._clock)
        return Outbox(database, patients, journal, self._clock)


def _measured(name: str, size: int, turns: int, works: Sequence[Callable[[int], object]]) -> Measure:
    measure = Measure(name, size)
    for n in range(turns):
        for work, seconds in zip(works, (measure.ours, measure.least), strict=True):
            seconds.append(_timed(lambda run=work, turn=n: run(turn)))
    return measure


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
