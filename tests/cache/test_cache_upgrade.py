"""Upgrades and copies of a store: whole or not at all, and the older file stands until the new one is."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.store_world import BRINDILLE, desk_store, keys, opening

from dmp_desktop.cache.database import UPGRADE, BrokenRule, Database
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.errors import StorageError

ROOT = Path(__file__).parents[2]
FIRST = ("CREATE TABLE t (a TEXT) STRICT;",)
SECOND = (*FIRST, "ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT '';")
WRONG = (*FIRST, "ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT ''; INSERT INTO nowhere VALUES (1);")


@pytest.fixture
def key() -> DatabaseKey:
    """A key."""
    return DatabaseKey.random()


def older(path: Path, key: DatabaseKey, rows: int = 300) -> None:
    """A closed file of the first version."""
    database = Database.open(path, key, create=True, scripts=FIRST)
    with database.transaction():
        for number in range(rows):
            database.execute("INSERT INTO t VALUES (?)", (f"{number:0200d}",))
    database.close()


def count(path: Path, key: DatabaseKey, scripts: tuple[str, ...]) -> int:
    """Rows of the file, opened in that version and checked whole."""
    database = Database.open(path, key, scripts=scripts)
    database.check()
    rows = len(database.rows("SELECT * FROM t"))
    database.close()
    return rows


def test_an_older_file_is_upgraded_and_loses_nothing(tmp_path: Path, key: DatabaseKey) -> None:
    """Same rows, new column; no copy is left beside it, and the files are still the owner's alone."""
    path = tmp_path / "t.db"
    older(path, key)
    assert count(path, key, SECOND) == 300
    assert [file.name for file in tmp_path.iterdir()] == ["t.db"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_upgrade_that_fails_leaves_the_older_file(tmp_path: Path, key: DatabaseKey) -> None:
    """A migration that breaks half way: the file still opens in its own version, byte for byte."""
    path = tmp_path / "t.db"
    older(path, key)
    before = path.read_bytes()
    with pytest.raises(BrokenRule):
        Database.open(path, key, scripts=WRONG)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["t.db"]
    assert count(path, key, FIRST) == 300


def test_what_a_kill_left_of_an_upgrade_is_thrown_away(tmp_path: Path, key: DatabaseKey) -> None:
    """A half-made copy from another time does not count."""
    path = tmp_path / "t.db"
    older(path, key)
    shutil.copy(path, tmp_path / f"t.db{UPGRADE}")
    (tmp_path / f"t.db{UPGRADE}-wal").write_bytes(b"half")
    assert count(path, key, SECOND) == 300
    assert [file.name for file in tmp_path.iterdir()] == ["t.db"]


KILLED = """
import os, sys
from pathlib import Path
from dmp_desktop.cache import database as module, files
from dmp_desktop.cache.slots import DatabaseKey
key = DatabaseKey(bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3]))
scripts = (sys.argv[4], sys.argv[5])
steps, stop = 0, int(sys.argv[6])
def trace(frame, event, argument):
    global steps
    if frame.f_code.co_filename in (module.__file__, files.__file__):
        steps += 1
        if steps == stop:
            os.kill(os.getpid(), 9)
    return trace
sys.settrace(trace)
module.Database.open(Path(sys.argv[1]), key, scripts=scripts).close()
"""


@pytest.mark.parametrize("moment", [60, 90, 120, 150, 180, 210, 240])
def test_a_kill_at_any_line_of_an_upgrade_loses_nothing(tmp_path: Path, key: DatabaseKey, moment: int) -> None:
    """SIGKILL between two lines: either version stands whole, and the next opening ends the upgrade."""
    path = tmp_path / "t.db"
    older(path, key, rows=50)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, path, key.key.hex(), key.salt.hex(), *SECOND, str(moment)],
        cwd=ROOT,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL)
    assert count(path, key, SECOND) == 50
    assert [file.name for file in tmp_path.iterdir()] == ["t.db"]


def test_a_copy_is_consistent_while_someone_writes(tmp_path: Path) -> None:
    """Acts keep coming during the copy; what is in it is whole, its journal included, and opens with the same key."""
    held = keys()
    with desk_store(tmp_path / "post", with_keys=held) as store:
        store.outbox.add(opening(), BRINDILLE)
        going = threading.Event()

        def write() -> None:
            for number in range(200):
                store.database.execute("INSERT INTO meta VALUES (?, x'00')", (f"test-{number}",))
                going.set()

        writer = threading.Thread(target=write)
        writer.start()
        going.wait(5)
        (tmp_path / "copy").mkdir()
        store.database.copy_to(tmp_path / "copy" / "desk.db")
        writer.join()
    copy = DeskStore.open(tmp_path / "copy", held, HandClock())
    copy.database.check()
    assert len(copy.outbox.waiting()) == 1
    copy.close()


def test_a_copy_that_cannot_be_made_leaves_nothing(tmp_path: Path, key: DatabaseKey) -> None:
    """No folder to put it in: a typed error, and the original goes on."""
    path = tmp_path / "t.db"
    older(path, key)
    database = Database.open(path, key, scripts=FIRST)
    with pytest.raises(StorageError):
        database.copy_to(tmp_path / "gone" / "copy.db")
    assert len(database.rows("SELECT * FROM t")) == 300
    database.close()
    assert [file.name for file in tmp_path.iterdir()] == ["t.db"]
