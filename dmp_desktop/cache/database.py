"""The only door to SQLCipher: an encrypted file, one connection per lane, short transactions, typed errors.

Raw key (no key derivation at open), WAL, ``synchronous=FULL``, ``secure_delete``; a file that is not ours, or that a
later version wrote, is refused before anything is read from it or written to it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from sqlcipher3 import dbapi2 as sqlcipher

from dmp_desktop.cache.errors import (
    BrokenDatabase,
    CipherMissing,
    DatabaseBusy,
    DatabaseMissing,
    DiskFault,
    DiskFull,
    ForeignDatabase,
    NewerDatabase,
    OtherVaultDatabase,
    ProfileReadOnly,
    from_os_error,
)
from dmp_desktop.cache.files import claim, discard, private_folder, take_place
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.errors import BugError, StorageError

_BUSY_SECONDS = 5.0
_PAGES_AT_ONCE = 256
"""One mebibyte: writers wait no longer than that between two steps of a copy."""
UPGRADE = ".upgrade"
"""Suffix of a copy being upgraded; a kill leaves one behind, the next opening throws it away."""
_SETTINGS = (
    "PRAGMA cipher_memory_security = OFF",  # measured: 14 times slower writes for pages that Python copies anyway
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
)


class BrokenRule(BugError):
    """The store refused a row that breaks one of its rules."""

    code = "store-rule"


def migrations(package: str = "dmp_desktop.cache.migrations") -> tuple[str, ...]:
    """The SQL of each migration, first to last; the number of the file is the version it leads to."""
    found = [f for f in files(package).iterdir() if re.fullmatch(r"\d{4}_\w+\.sql", f.name)]
    return tuple(f.read_text("utf-8") for f in sorted(found, key=lambda f: f.name))


class Database:
    """One encrypted file. Each thread that uses it gets its own connection; :meth:`close` closes them all."""

    def __init__(self, path: Path, key: DatabaseKey) -> None:
        self._path = path
        self._key = key
        self._local = threading.local()
        self._all: list[sqlcipher.Connection] = []
        self._guard = threading.Lock()

    @classmethod
    def open(cls, path: Path, key: DatabaseKey, *, create: bool = False, scripts: Sequence[str] | None = None) -> Self:
        """Open the file and bring it to this version.

        :param create: make it when it is not there: only at set-up, so that a lost store is never taken for a new one.
        :param scripts: migrations; by default those of the program.
        :raises DatabaseMissing: no file, or an empty one.
        :raises ForeignDatabase: plain SQLite, or no store of ours.
        :raises OtherVaultDatabase: sealed by another vault. :raises BrokenDatabase: damaged.
        :raises NewerDatabase: of a later version; nothing was touched.
        :raises StorageError: disk full, read-only, busy.
        """
        private_folder(path.parent)
        head = _head(path)
        if not head and not create:
            raise DatabaseMissing("no store")
        claim(path)
        if head.startswith(b"SQLite format 3"):
            raise ForeignDatabase("plain SQLite")
        if head and len(head) < len(key.salt):
            raise BrokenDatabase("shorter than its salt")
        database = cls(path, key)
        try:
            database._migrate(tuple(scripts) if scripts is not None else migrations())
        except BrokenDatabase:
            database.close()
            if head and head != key.salt:
                raise OtherVaultDatabase("salt of another vault") from None
            raise
        except StorageError:
            database.close()
            raise
        return database

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run one statement; give the number of rows it changed."""
        with _translated():
            return int(self._connection().execute(sql, parameters).rowcount)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All the rows of a query, readable by column name."""
        with _translated():
            return self._connection().execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Any | None:
        """The first row of a query, or ``None``."""
        with _translated():
            return self._connection().execute(sql, parameters).fetchone()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing (``BEGIN IMMEDIATE``). Inside another one of the same thread, part of that one.

        Never hold one over a card or network call: another lane would wait.
        """
        connection = self._connection()
        if connection.in_transaction:
            yield
            return
        with _translated():
            connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with _translated():
                connection.execute("COMMIT")
        except BaseException:
            _rollback(connection)
            raise

    def check(self) -> None:
        """Read the whole file: every page's seal and every structure (about 0.5 s for 100 000 people).

        :raises BrokenDatabase: something does not hold.
        """
        if self.rows("PRAGMA cipher_integrity_check") or self.rows("PRAGMA integrity_check")[0][0] != "ok":
            raise BrokenDatabase("integrity check")

    def size(self) -> int:
        """Bytes of the pages in use or free."""
        counted = self.row("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")
        return int(counted["bytes"]) if counted else 0

    def empty_log(self) -> None:
        """Fold the write-ahead log into the file and cut it to nothing.

        :raises DatabaseBusy: another lane is reading from it.
        """
        if self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            raise DatabaseBusy("the write-ahead log is in use")

    def copy_to(self, path: Path) -> None:
        """A consistent copy under the same key, made while others read and write (SQLite's backup, page by page).

        :raises StorageError: no room, not writable; what was begun at ``path`` is removed.
        """
        claim(path)
        copy = Database(path, self._key)
        try:
            with _translated():
                self._connection().backup(copy._connection(), pages=_PAGES_AT_ONCE)
            copy._fold()
        except BaseException:
            copy.close()
            discard(path)
            raise

    def close(self) -> None:
        """Close every thread's connection; the write-ahead log is folded into the file."""
        with self._guard:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._local = threading.local()

    def close_for_good(self) -> None:
        """Close, and forget the key: whoever still holds this object opens nothing with it."""
        self.close()
        self._key = DatabaseKey.random()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _connection(self) -> sqlcipher.Connection:
        connection: sqlcipher.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with _translated():
                connection = self._connect()
            self._local.connection = connection
            with self._guard:
                self._all.append(connection)
        return connection

    def _connect(self) -> sqlcipher.Connection:
        # check_same_thread off: each connection serves one thread, and close() closes those of the others.
        connection = sqlcipher.connect(
            str(self._path), timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            # A key cannot be bound as a parameter; both values are hexadecimal digits of our own making.
            connection.execute(f"PRAGMA key = \"x'{self._key.key.hex()}{self._key.salt.hex()}'\"")
            if not connection.execute("PRAGMA cipher_version").fetchone():
                raise CipherMissing("no cipher_version")
            for statement in _SETTINGS:
                connection.execute(statement)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
                raise DiskFault("no write-ahead log on this disk")
        except BaseException:
            connection.close()
            raise
        connection.row_factory = sqlcipher.Row
        return connection

    def _migrate(self, scripts: tuple[str, ...]) -> None:
        """A new file is made in place; an older one is upgraded as a copy that takes its place once it is whole."""
        version = self._version()
        if version > len(scripts):
            raise NewerDatabase("newer database", version=version, known=len(scripts))
        if version == 0 or version == len(scripts):
            self._run(scripts, version)
            return
        upgraded = Database(self._path.with_name(self._path.name + UPGRADE), self._key)
        discard(upgraded._path)
        try:
            self.copy_to(upgraded._path)
            upgraded._run(scripts, version)
            upgraded.check()
            upgraded._fold()
            self._fold()
            take_place(upgraded._path, self._path)
        finally:
            upgraded.close()
            discard(upgraded._path)

    def _run(self, scripts: tuple[str, ...], version: int) -> None:
        for number in range(version + 1, len(scripts) + 1):
            connection = self._connection()
            try:
                with _translated():
                    connection.executescript(
                        f"BEGIN IMMEDIATE;\n{scripts[number - 1]}\nPRAGMA user_version = {number};\nCOMMIT;"
                    )
            finally:
                _rollback(connection)

    def _fold(self) -> None:
        """Fold the write-ahead log into the file and close it: what follows touches the file alone."""
        try:
            self.empty_log()
        finally:
            self.close()

    def _version(self) -> int:
        row = self.row("PRAGMA user_version")
        return int(row[0]) if row else 0


class MemoryDatabase(Database):
    """The same on memory: nothing reaches the disk, and closing forgets everything.

    One connection, which lanes take in turn: SQLite's shared memory has locks that nothing waits for.
    """

    def __init__(self, scripts: Sequence[str]) -> None:
        super().__init__(Path(":memory:"), DatabaseKey(b"", b""))
        self._turn = threading.RLock()
        self._only = sqlcipher.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._only.row_factory = sqlcipher.Row
        self._all.append(self._only)
        for statement in _SETTINGS:
            self._only.execute(statement)
        self._migrate(tuple(scripts))

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run one statement; give the number of rows it changed."""
        with self._turn:
            return super().execute(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All the rows of a query, readable by column name."""
        with self._turn:
            return super().rows(sql, parameters)

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Any | None:
        """The first row of a query, or ``None``."""
        with self._turn:
            return super().row(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; the other lanes wait."""
        with self._turn, super().transaction():
            yield

    def _connection(self) -> sqlcipher.Connection:
        return self._only


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(16)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise from_os_error(error) from None


def _rollback(connection: sqlcipher.Connection) -> None:
    if connection.in_transaction:  # SQLite rolls back by itself on some faults
        with _translated():
            connection.execute("ROLLBACK")


_BY_CODE: dict[int, tuple[type[StorageError], str]] = {
    sqlcipher.SQLITE_FULL: (DiskFull, "no room left"),
    sqlcipher.SQLITE_READONLY: (ProfileReadOnly, "read-only"),
    sqlcipher.SQLITE_CANTOPEN: (ProfileReadOnly, "cannot open"),
    sqlcipher.SQLITE_PERM: (ProfileReadOnly, "permission"),
    sqlcipher.SQLITE_BUSY: (DatabaseBusy, "busy"),
    sqlcipher.SQLITE_LOCKED: (DatabaseBusy, "locked"),
    sqlcipher.SQLITE_CORRUPT: (BrokenDatabase, "corrupt"),
    sqlcipher.SQLITE_NOTADB: (BrokenDatabase, "unreadable"),
    sqlcipher.SQLITE_IOERR: (DiskFault, "input/output"),
}


@contextmanager
def _translated() -> Iterator[None]:
    """SQLite's errors as ours; its messages and the statement's values are left behind."""
    try:
        yield
    except sqlcipher.IntegrityError as error:
        raise BrokenRule(f"sqlite {getattr(error, 'sqlite_errorname', '')}") from None
    except sqlcipher.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        leaf, message = _BY_CODE.get((code or 0) & 0xFF, (None, ""))
        if leaf is None:
            raise BrokenRule(f"sqlite {getattr(error, 'sqlite_errorname', type(error).__name__)}") from None
        raise leaf(message) from None
