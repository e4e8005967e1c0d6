"""The shelf kept in ``clinical.db`` (or in memory): descriptions, contents, words, reading marks of each professional.

Every row belongs to one professional's view of one dossier: what a search or a list gives can only come from there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dmp_desktop.cache import described
from dmp_desktop.cache.contents import BrokenContent, Contents, Sealed
from dmp_desktop.cache.database import Database
from dmp_desktop.cache.errors import BrokenDatabase
from dmp_desktop.cache.purge import Purge, rows_between
from dmp_desktop.cache.rows import moment, stamp
from dmp_desktop.cache.text_index import TextIndex
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.shelf import Hit, KeptEntry, Reader, ShelfState, ShelfUpdate

_LISTED = (
    "SELECT e.logical_id, e.learned_at, e.read_at, e.described, c.entry IS NOT NULL AS here"
    " FROM entries e LEFT JOIN contents c ON c.entry = e.id"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A document's row, and the file of its content, ``""`` when it is not here."""

    id: int
    file: str


class KeptShelf:
    """A :class:`~dmp_desktop.domain.shelf.Shelf` on SQLite. Any lane."""

    def __init__(self, database: Database, contents: Contents, purge: Purge, clock: Clock) -> None:
        self._database = database
        self._contents = contents
        self._index = TextIndex(database)
        self._purge = purge
        self._clock = clock

    def state(self, reader: Reader) -> ShelfState:
        """How fresh it is."""
        row = self._database.row(
            "SELECT * FROM shelves WHERE dossier = ? AND professional = ?", (reader.dossier, reader.professional)
        )
        if row is None:
            return ShelfState()
        return ShelfState(
            moment(row["until"]),
            moment(row["refreshed_at"]),
            bool(row["first_only"]),
            row["halted_by"],
            moment(row["last_visit"]),
        )

    def entries(self, reader: Reader) -> tuple[KeptEntry, ...]:
        """Every document, newest act first.

        :raises BrokenDatabase: a row that this program did not write.
        """
        shelf = self._shelf(reader)
        if shelf is None:
            return ()
        return described.read(
            self._database.rows(
                f"{_LISTED} WHERE e.id BETWEEN ? AND ? ORDER BY e.sort_at DESC, e.id DESC", rows_between(shelf)
            )
        )

    def apply(self, reader: Reader, update: ShelfUpdate) -> None:
        """Write what a refresh learned, in one transaction; what is gone is purged in it.

        :raises StorageError: nothing of it was written.
        """
        with self._purge.transaction() as files:
            shelf = self._demand_shelf(reader)
            for kept in update.entries:
                if kept.entry.logical_id not in update.gone:
                    self._learn(shelf, kept, files)
            if update.gone:
                self._forget(shelf, update.gone, files)
            now = stamp(self._clock.now())
            self._database.execute(
                "UPDATE shelves SET until = coalesce(?, until), refreshed_at = ?, first_only = ?, halted_by = '',"
                " used_at = ? WHERE id = ?",
                (stamp(update.until) if update.until else None, now, update.first_only, now, shelf),
            )

    def halt(self, reader: Reader, cause: str) -> None:
        """An answer was implausible: nothing of it is kept, and the shelf says so."""
        with self._database.transaction():
            self._database.execute("UPDATE shelves SET halted_by = ? WHERE id = ?", (cause, self._demand_shelf(reader)))

    def content(self, reader: Reader, logical_id: str) -> RetrievedDocument | None:
        """The bytes of a document this professional may see, when they are here.

        :raises BrokenContent: they are not those that were kept; they are forgotten and may be brought again.
        :raises StorageError: they cannot be read now.
        """
        shelf = self._shelf(reader)
        row = self._database.row(
            "SELECT c.* FROM entries e JOIN contents c ON c.entry = e.id WHERE e.shelf = ? AND e.logical_id = ?",
            (shelf, logical_id),
        )
        if row is None:
            return None
        try:
            content = self._contents.open(Sealed(row["file"], row["key"]), logical_id)
        except BrokenContent:
            self._drop_content(row)
            raise
        if content is None:
            self._drop_content(row)
            return None
        return RetrievedDocument(row["unique_id"], row["repository_id"], row["mime_type"], content)

    def put(self, reader: Reader, logical_id: str, document: RetrievedDocument, text: str) -> None:
        """Keep the bytes of a document, and the words of its text for searches.

        A document that was purged meanwhile is not kept.

        :raises StorageError: nothing was kept.
        """
        if self._place(self._shelf(reader), logical_id) is None:
            return
        sealed = self._contents.seal(logical_id, document.content)
        try:
            with self._purge.transaction() as files:
                place = self._place(self._shelf(reader), logical_id)
                if place is None:
                    files.append(sealed.file)
                else:
                    self._keep(place, sealed, document, text, files)
        except BaseException:
            self._contents.remove((sealed.file,))
            raise

    def mark_read(self, reader: Reader, logical_id: str) -> None:
        """This professional read it: the first time counts."""
        now = stamp(self._clock.now())
        with self._database.transaction():
            shelf = self._shelf(reader)
            self._database.execute(
                "UPDATE entries SET read_at = coalesce(read_at, ?) WHERE shelf = ? AND logical_id = ?",
                (now, shelf, logical_id),
            )
            self._database.execute("UPDATE shelves SET used_at = ? WHERE id = ?", (now, shelf))

    def visit_ended(self, reader: Reader) -> None:
        """The record was closed: what comes later is new."""
        now = stamp(self._clock.now())
        with self._database.transaction():
            self._database.execute(
                "UPDATE shelves SET last_visit = ?, used_at = ? WHERE id = ?", (now, now, self._demand_shelf(reader))
            )

    def search(self, reader: Reader, words: str, limit: int = 200) -> tuple[Hit, ...]:
        """Documents whose title, authors or text hold all the words, each by its beginning; newest act first."""
        shelf = self._shelf(reader)
        return self._index.find(shelf, words, limit) if shelf is not None else ()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _shelf(self, reader: Reader) -> int | None:
        row = self._database.row(
            "SELECT id FROM shelves WHERE dossier = ? AND professional = ?", (reader.dossier, reader.professional)
        )
        return int(row["id"]) if row else None

    def _demand_shelf(self, reader: Reader) -> int:
        self._database.execute(
            "INSERT OR IGNORE INTO shelves (dossier, professional, used_at) VALUES (?, ?, ?)",
            (reader.dossier, reader.professional, stamp(self._clock.now())),
        )
        shelf = self._shelf(reader)
        if shelf is None:
            raise BrokenDatabase("a shelf just made is not there")
        return shelf

    def _place(self, shelf: int | None, logical_id: str) -> _Place | None:
        row = self._database.row(
            "SELECT e.id, c.file FROM entries e LEFT JOIN contents c ON c.entry = e.id"
            " WHERE e.shelf = ? AND e.logical_id = ?",
            (shelf, logical_id),
        )
        return _Place(row["id"], row["file"] or "") if row else None

    def _learn(self, shelf: int, kept: KeptEntry, files: list[str]) -> None:
        entry = kept.entry
        sort_at = stamp(when) if (when := entry.service_start or entry.created_at) else ""
        learned = stamp(kept.learned_at or self._clock.now())
        row = self._database.row(f"{_LISTED} WHERE e.shelf = ? AND e.logical_id = ?", (shelf, entry.logical_id))
        if row is None:
            first, last = rows_between(shelf)
            top = self._database.row("SELECT max(id) AS top FROM entries WHERE id BETWEEN ? AND ?", (first, last))
            place = _Place(first if top is None or top["top"] is None else top["top"] + 1, "")
            self._database.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    place.id,
                    shelf,
                    entry.logical_id,
                    sort_at,
                    learned,
                    stamp(kept.read_at) if kept.read_at else None,
                    described.dump(kept),
                ),
            )
            self._index.write(place.id, entry)
            return
        (before,) = described.read([row])
        held = self._place(shelf, entry.logical_id)
        if held is None:
            raise BrokenDatabase("a row just read is not there")
        self._database.execute(
            "UPDATE entries SET sort_at = ?, described = ? WHERE id = ?",
            (sort_at, described.dump(_joined(before, kept)), held.id),
        )
        if (entry.unique_id, entry.hash) != (before.entry.unique_id, before.entry.hash):
            self._index.write(held.id, entry)
            self._database.execute("DELETE FROM contents WHERE entry = ?", (held.id,))
            files += [held.file] if held.file else []
            self._purge.note("dropped")
        elif (entry.title, entry.authors) != (before.entry.title, before.entry.authors):
            self._index.write(held.id, entry, self._index.body(held.id))

    def _forget(self, shelf: int, gone: frozenset[str], files: list[str]) -> None:
        places = [place for logical_id in sorted(gone) if (place := self._place(shelf, logical_id)) is not None]
        self._purge.entries([place.id for place in places], files)
        # A document that is left no longer names one that is not there.
        for row in self._database.rows(f"{_LISTED} WHERE e.id BETWEEN ? AND ?", rows_between(shelf)):
            (kept,) = described.read([row])
            if gone & {*kept.replaced_by, *kept.replaces}:
                self._database.execute(
                    "UPDATE entries SET described = ? WHERE shelf = ? AND logical_id = ?",
                    (described.dump(_without(kept, gone)), shelf, kept.entry.logical_id),
                )

    def _keep(self, place: _Place, sealed: Sealed, document: RetrievedDocument, text: str, files: list[str]) -> None:
        if place.file:
            files.append(place.file)
        self._database.execute(
            "INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                place.id,
                sealed.file,
                sealed.key,
                len(document.content),
                document.unique_id,
                document.repository_id,
                document.mime_type,
            ),
        )
        self._index.write_body(place.id, text)

    def _drop_content(self, row: Any) -> None:
        with self._purge.transaction() as files:
            # By its file too: another one may have been put there meanwhile.
            self._database.execute("DELETE FROM contents WHERE entry = ? AND file = ?", (row["entry"], row["file"]))
            files.append(row["file"])


def _joined(before: KeptEntry, after: KeptEntry) -> KeptEntry:
    """A newer description: what it does not tell of its submission and of its links stays as it was known."""
    return replace(
        after,
        submission=after.submission or before.submission,
        replaced_by=tuple(dict.fromkeys((*before.replaced_by, *after.replaced_by))),
        replaces=tuple(dict.fromkeys((*before.replaces, *after.replaces))),
    )


def _without(kept: KeptEntry, gone: frozenset[str]) -> KeptEntry:
    return replace(
        kept,
        replaced_by=tuple(one for one in kept.replaced_by if one not in gone),
        replaces=tuple(one for one in kept.replaces if one not in gone),
    )
