"""The encrypted file: what opens it, what is refused, what a damaged one says."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from helpers.store_world import BRINDILLE, GASPARD, desk_store, ins, keys, opening

from dmp_desktop.cache.database import BrokenRule, Database, migrations
from dmp_desktop.cache.errors import (
    BrokenDatabase,
    DatabaseBusy,
    DatabaseMissing,
    ForeignDatabase,
    NewerDatabase,
    OtherVaultDatabase,
    ProfileInUse,
)
from dmp_desktop.cache.instance import Instance
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.cache.store import FILE

TABLE = ("CREATE TABLE t (a TEXT) STRICT;",)


@pytest.fixture
def key() -> DatabaseKey:
    """A key."""
    return DatabaseKey.random()


def filled(path: Path, key: DatabaseKey, rows: int = 400) -> None:
    """A closed file of some pages."""
    database = Database.open(path, key, create=True, scripts=TABLE)
    with database.transaction():
        for _ in range(rows):
            database.execute("INSERT INTO t VALUES (?)", ("x" * 200,))
    database.close()


def test_plain_sqlite_cannot_read_it(tmp_path: Path) -> None:
    """An ordinary SQLite finds nothing it knows in the file."""
    with desk_store(tmp_path) as store:
        store.outbox.add(opening(), BRINDILLE)
    plain = sqlite3.connect(tmp_path / FILE)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        plain.execute("SELECT * FROM sqlite_master").fetchall()
    plain.close()


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    """Folder 0700, files 0600, the write-ahead log included."""
    with desk_store(tmp_path / "profile") as store:
        store.outbox.add(opening(), BRINDILLE)
        modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "profile").iterdir()}
    assert modes == {"desk.db": 0o600, "desk.db-wal": 0o600, "desk.db-shm": 0o600}
    assert (tmp_path / "profile").stat().st_mode & 0o777 == 0o700


def test_nothing_of_a_patient_lies_in_the_clear(tmp_path: Path) -> None:
    """Number and name are in no file of the profile, open or closed."""
    needles = [GASPARD.value.encode(), b"GASPARD", b"CORNICHE", b"gaspard@exemple.test", b"19771111"]
    with desk_store(tmp_path) as store:
        store.outbox.add(opening(), BRINDILLE)
        held = [file.read_bytes() for file in tmp_path.iterdir()]
    held += [file.read_bytes() for file in tmp_path.iterdir()]
    assert sum(len(data) for data in held) > 50_000
    assert not [needle for needle in needles for data in held if needle in data]


def test_plain_sqlite_file_is_foreign(tmp_path: Path, key: DatabaseKey) -> None:
    """A plain database in our place is refused and left as it is."""
    plain = sqlite3.connect(tmp_path / FILE)
    plain.execute("CREATE TABLE t (a)")
    plain.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(ForeignDatabase):
        Database.open(tmp_path / FILE, key)
    assert (tmp_path / FILE).read_bytes() == before


def test_wrong_key_and_broken_file_are_told_apart(tmp_path: Path, key: DatabaseKey) -> None:
    """Another vault's file, a damaged first page, a stump, a lost file: four different errors, nothing written."""
    path = tmp_path / FILE
    filled(path, key)
    whole = path.read_bytes()
    with pytest.raises(OtherVaultDatabase):
        Database.open(path, DatabaseKey.random(), scripts=TABLE)
    path.write_bytes(whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:])
    with pytest.raises(BrokenDatabase):
        Database.open(path, key, scripts=TABLE)
    path.write_bytes(whole[:9])
    with pytest.raises(BrokenDatabase):
        Database.open(path, key, scripts=TABLE)
    for lost in (lambda: path.write_bytes(b""), path.unlink):
        lost()
        with pytest.raises(DatabaseMissing):
            Database.open(path, key, scripts=TABLE)
    path.write_bytes(whole)
    Database.open(path, key, scripts=TABLE).close()


def test_a_flipped_bit_anywhere_is_found(tmp_path: Path, key: DatabaseKey) -> None:
    """One bit changed in a later page: the full check says so, and reading it is a typed error."""
    path = tmp_path / FILE
    filled(path, key)
    whole = path.read_bytes()
    spot = 4096 * 5 + 1000
    path.write_bytes(whole[:spot] + bytes([whole[spot] ^ 1]) + whole[spot + 1 :])
    database = Database.open(path, key, scripts=TABLE)
    with pytest.raises(BrokenDatabase):
        database.check()
    with pytest.raises(BrokenDatabase):
        database.rows("SELECT * FROM t")
    database.close()


def test_a_whole_file_passes_its_check(tmp_path: Path) -> None:
    """The full check of a sound store is silent."""
    with desk_store(tmp_path) as store:
        store.outbox.add(opening(), BRINDILLE)
        store.database.check()


def test_newer_file_is_refused_untouched(tmp_path: Path, key: DatabaseKey) -> None:
    """A file of a later version is told as such and not written to."""
    path = tmp_path / FILE
    Database.open(path, key, create=True, scripts=(*TABLE, "CREATE TABLE later (a);")).close()
    before = path.read_bytes()
    with pytest.raises(NewerDatabase) as newer:
        Database.open(path, key, scripts=TABLE)
    assert newer.value.facts == {"version": 2, "known": 1}
    assert path.read_bytes() == before


def test_migrations_run_once_each_and_whole(tmp_path: Path, key: DatabaseKey) -> None:
    """One after another, each in its transaction: a failing one leaves the version before it, usable."""
    path = tmp_path / FILE
    good = (*TABLE, "ALTER TABLE t ADD COLUMN b TEXT; UPDATE t SET b = 'new';")
    filled(path, key, rows=1)
    with pytest.raises(BrokenRule):
        Database.open(path, key, scripts=(*TABLE, "ALTER TABLE t ADD COLUMN b TEXT; INSERT INTO nowhere VALUES (1);"))
    database = Database.open(path, key, scripts=good)
    assert [row["b"] for row in database.rows("SELECT b FROM t")] == ["new"]
    database.close()
    database = Database.open(path, key, scripts=good)
    assert database.rows("PRAGMA user_version")[0][0] == 2
    database.close()


def test_shipped_migrations_are_in_the_package() -> None:
    """The program carries its schema."""
    assert migrations()[0].startswith("-- desk.db")


def test_transaction_is_all_or_nothing(tmp_path: Path, key: DatabaseKey) -> None:
    """A failure anywhere inside, nested parts included, leaves nothing; success leaves all."""
    database = Database.open(tmp_path / FILE, key, create=True, scripts=TABLE)
    with pytest.raises(RuntimeError, match="on the way"), database.transaction():
        database.execute("INSERT INTO t VALUES ('outer')")
        with database.transaction():
            database.execute("INSERT INTO t VALUES ('inner')")
        raise RuntimeError("on the way")
    assert database.rows("SELECT * FROM t") == []
    with database.transaction(), database.transaction():
        database.execute("INSERT INTO t VALUES ('kept')")
    assert len(database.rows("SELECT * FROM t")) == 1
    database.close()


def test_each_thread_has_its_connection_and_close_ends_them_all(tmp_path: Path, key: DatabaseKey) -> None:
    """Another lane reads while this one writes, sees only what is committed, and closing closes both."""
    database = Database.open(tmp_path / FILE, key, create=True, scripts=TABLE)
    seen: list[int] = []
    with database.transaction():
        database.execute("INSERT INTO t VALUES ('mine')")
        lane = threading.Thread(target=lambda: seen.append(len(database.rows("SELECT * FROM t"))))
        lane.start()
        lane.join()
    assert seen == [0]
    database.close()
    assert not (tmp_path / "desk.db-wal").exists()


def test_a_second_writer_waits_then_says_so(tmp_path: Path, key: DatabaseKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that cannot have the store in time gets a typed error, and the first one loses nothing."""
    monkeypatch.setattr("dmp_desktop.cache.database._BUSY_SECONDS", 0.05)
    first = Database.open(tmp_path / FILE, key, create=True, scripts=TABLE)
    second = Database.open(tmp_path / FILE, key, scripts=TABLE)
    with first.transaction():
        first.execute("INSERT INTO t VALUES ('first')")
        with pytest.raises(DatabaseBusy), second.transaction():
            pass
    assert len(second.rows("SELECT * FROM t")) == 1
    first.close()
    second.close()


def test_every_connection_is_set_to_lose_and_leave_nothing(tmp_path: Path, key: DatabaseKey) -> None:
    """Deleted text is overwritten, each commit reaches the disk, references hold, readers never wait for a writer."""
    path = tmp_path / FILE
    filled(path, key, rows=1)
    database = Database.open(path, key, scripts=TABLE)
    assert database.rows("PRAGMA secure_delete")[0][0] == 1
    assert database.rows("PRAGMA synchronous")[0][0] == 2
    assert database.rows("PRAGMA foreign_keys")[0][0] == 1
    assert database.rows("PRAGMA journal_mode")[0][0] == "wal"
    database.close()


def test_second_program_on_a_profile_is_told(tmp_path: Path) -> None:
    """Two windows cannot hold one profile; once the first is gone the second may."""
    with Instance.acquire(tmp_path):
        with pytest.raises(ProfileInUse):
            Instance.acquire(tmp_path)
        assert (tmp_path / "lock").read_bytes() == b""
    Instance.acquire(tmp_path).release()


def test_a_copied_store_opens_with_its_vault_only(tmp_path: Path) -> None:
    """A store copied beside another vault is told as another vault's."""
    mine, other = keys(), keys()
    with desk_store(tmp_path / "mine", with_keys=mine) as store:
        assert store.patients.dossier_key(ins()) != ins().value
    (tmp_path / "other").mkdir()
    shutil.copy(tmp_path / "mine" / FILE, tmp_path / "other" / FILE)
    with pytest.raises(OtherVaultDatabase):
        Database.open(tmp_path / "other" / FILE, other.desk)
    assert [file.name for file in (tmp_path / "other").iterdir()] == [FILE]
