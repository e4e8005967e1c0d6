"""Finding a person as a user types, among a crowd: our encrypted index against plain sqlite3 on the same schema.

Each question is timed twice over: by the clock on the wall, and by the processor's time it took, which a busy machine
does not stretch.
"""

from __future__ import annotations

import random
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from helpers.clocks import HandClock
from helpers.people_crowd import crowd

from dmp_desktop.cache.database import Database, migrations
from dmp_desktop.cache.patients import Patients
from dmp_desktop.cache.people_index import PeopleIndex
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.domain.identity import Identity

_QUESTIONS = 200
_LIMIT = 50


class _Plain:
    """The standard library's sqlite3 with the methods of our door that the index uses."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        for script in migrations():
            # The standard library's version may not know how to erase terms; it is not asked to erase any here.
            self._connection.executescript(
                re.sub(r"INSERT INTO \w+ \(\w+, rank\) VALUES \('secure-delete', 1\);", "", script)
            )

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        return self._connection.execute(sql, cast(Any, parameters)).fetchall()

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Any | None:
        return self._connection.execute(sql, cast(Any, parameters)).fetchone()

    def copy_of(self, database: Database) -> None:
        """The same people."""
        self._connection.execute("BEGIN")
        for table in ("people", "people_numbers"):
            rows = database.rows(f"SELECT * FROM {table}")  # noqa: S608 - two names of ours
            marks = ", ".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", map(tuple, rows))  # noqa: S608
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


def _questions(people: list[Identity]) -> dict[str, list[str]]:
    """What is typed, by kind, for people taken at chance."""
    chance = random.Random(7)  # noqa: S311 - a bench, not a secret
    chosen = [chance.choice(people) for _ in range(_QUESTIONS)]
    traits = [one.traits for one in chosen]
    ends = [one.ins.matricule.body for one in chosen if one.ins]
    used = [t.used_name for t in (p.traits for p in people) if t.used_name]
    return {
        "1 letter": [t.birth_name[:1] for t in traits],
        "2 letters, « le »": [t.birth_name[:2] for t in traits],
        "3 letters": [t.birth_name[:3] for t in traits],
        "4 letters, « lefe »": [t.birth_name[:4] for t in traits],
        "common given name": [t.first_given_name for t in traits],
        "whole name": [t.birth_name for t in traits],
        "name and 2 letters, « lefevre an »": [f"{t.birth_name} {t.first_given_name[:2]}" for t in traits],
        "2 letters and 2 letters": [f"{t.first_given_name[:2]} {t.birth_name[:2]}" for t in traits],
        "3 words of 2 letters": [f"{t.birth_name[:2]} {t.given_names[0][:2]} {t.given_names[1][:2]}" for t in traits],
        "used name": [chance.choice(used)[:5] for _ in range(_QUESTIONS)],
        "day and month, « 1203 »": [t.birth_date.raw[6:] + t.birth_date.raw[4:6] for t in traits],
        "year, « 1956 »": [t.birth_date.raw[:4] for t in traits],
        "birth date": [t.birth_date.text for t in traits],
        "year and 2 letters": [f"{t.birth_date.raw[:4]} {t.birth_name[:2]}" for t in traits],
        "end of number, 4": [end[-4:] for end in ends],
        "end of number, 6": [end[-6:] for end in ends],
        "nobody": ["".join(chance.choices("bcdfglmnrst", k=5)) for _ in range(_QUESTIONS)],
    }


@contextmanager
def _world(size: int) -> Iterator[tuple[PeopleIndex, PeopleIndex, list[Identity], str]]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "desk.db", DatabaseKey.random(), create=True)
        patients = Patients(database, HandClock())
        people = []
        start = time.perf_counter()
        with database.transaction():
            for identity in crowd(size):
                patients.remember(identity)
                if len(people) < 20_000:
                    people.append(identity)
        built = time.perf_counter() - start
        plain = _Plain(Path(folder) / "plain.db")
        plain.copy_of(database)
        pepper = patients._pepper
        one = time.perf_counter()
        patients.remember(people[0])
        again = (time.perf_counter() - one) * 1000
        told = (
            f"people: {size} people remembered and indexed in {built:.0f} s, one more of them in {again:.1f} ms,"
            f" {(Path(folder) / 'desk.db').stat().st_size / 1e6:.0f} MB"
        )
        try:
            yield patients.people, PeopleIndex(cast(Database, plain), pepper), people, told
        finally:
            plain.close()
            database.close()


def report(size: int = 100_000) -> str:
    """A table: milliseconds of each kind of question, ours and plain, and how many rows it shows."""
    with _world(size) as (ours, plain, people, told):
        head = f"{'what is typed':38} {'p50':>6} {'p95':>6} {'p99':>6} {'cpu p95':>8}   {'plain p50':>9} {'p95':>6}"
        lines = [told, f"{head}   ratio  rows"]
        worst = busiest = 0.0
        for kind, texts in _questions(people).items():
            mine, theirs, shown = _turns(ours, plain, texts)
            wall, cpu, other = mine[0], mine[1], theirs[0]
            worst, busiest = max(worst, _at(wall, 95)), max(busiest, _at(cpu, 95))
            lines.append(
                f"{kind:38} {_at(wall, 50):6.2f} {_at(wall, 95):6.2f} {_at(wall, 99):6.2f} {_at(cpu, 95):8.2f}"
                f"   {_at(other, 50):9.2f} {_at(other, 95):6.2f}   {_at(wall, 50) / _at(other, 50):5.2f}  {shown:4.0f}"
            )
        lines.append(
            f"people: at p95 the slowest kind takes {worst:.2f} ms on the wall, {busiest:.2f} ms of processor"
            " (asked: 5 ms)"
        )
        return "\n".join(lines)


_Spent = tuple[list[float], list[float]]


def _turns(ours: PeopleIndex, plain: PeopleIndex, texts: list[str]) -> tuple[_Spent, _Spent, float]:
    mine: _Spent = ([], [])
    theirs: _Spent = ([], [])
    shown = 0
    for text in texts:
        for index, spent in ((ours, mine), (plain, theirs)):
            wall, cpu = time.perf_counter(), time.thread_time()
            found = index.find(text, "899700000017", _LIMIT)
            spent[1].append((time.thread_time() - cpu) * 1000)
            spent[0].append((time.perf_counter() - wall) * 1000)
        shown += len(found)
    for spent in (mine, theirs):
        spent[0].sort()
        spent[1].sort()
    return mine, theirs, shown / len(texts)


def _at(spent: list[float], percent: int) -> float:
    return spent[min(len(spent) - 1, len(spent) * percent // 100)]


def million() -> str:
    """The same among a million people."""
    return report(1_000_000)
