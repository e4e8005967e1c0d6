"""Titles, authors and texts of documents: as received for what a search shows, folded for what it looks at."""

from __future__ import annotations

from typing import Any

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.purge import rows_between
from dmp_desktop.cache.words import excerpt, indexed, query, tidy, where_found, words_of
from dmp_desktop.domain.document import DocumentEntry
from dmp_desktop.domain.shelf import Hit


class TextIndex:
    """Written inside its caller's transaction; purged with the rows (:class:`~dmp_desktop.cache.purge.Purge`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, row: int, entry: DocumentEntry, body: str = "", *, former: bool = False) -> None:
        """The words of a description.

        :param body: text of the document, tidied; :param former: whether the row was indexed before.
        """
        title, author = tidy(entry.title), tidy(", ".join(_named(entry)))
        if former:
            self._database.execute("DELETE FROM words WHERE rowid = ?", (row,))
        self._database.execute("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?)", (row, title, author, body))
        self._database.execute(
            "INSERT INTO words (rowid, title, author, body) VALUES (?, ?, ?, ?)",
            (row, indexed(title), indexed(author), indexed(body)),
        )

    def body(self, row: int) -> str:
        """The text of a document as kept."""
        found = self._database.row("SELECT body FROM texts WHERE entry = ?", (row,))
        return found["body"] if found else ""

    def write_body(self, row: int, text: str) -> None:
        """Another text for a document that is indexed already."""
        body = tidy(text)
        self._database.execute("UPDATE texts SET body = ? WHERE entry = ?", (body, row))
        self._database.execute("UPDATE words SET body = ? WHERE rowid = ?", (indexed(body), row))

    def find(self, shelf: int, words: str, limit: int) -> tuple[Hit, ...]:
        """Documents of a shelf that hold all the words, newest act first."""
        wanted = words_of(words)
        if not wanted:
            return ()
        rows = self._database.rows(
            "SELECT e.logical_id, t.* FROM words w JOIN entries e ON e.id = w.rowid JOIN texts t ON t.entry = e.id"
            " WHERE words MATCH ? AND w.rowid BETWEEN ? AND ? ORDER BY e.sort_at DESC, e.id DESC LIMIT ?",
            (query(wanted), *rows_between(shelf), limit),
        )
        return tuple(_hit(row, wanted) for row in rows)


def _named(entry: DocumentEntry) -> list[str]:
    """Authors as a search finds them, each once."""
    names = [
        name
        for author in entry.authors
        for name in (f"{author.given} {author.family}".strip(), author.structure_name)
        if name
    ]
    return list(dict.fromkeys(names))


def _hit(row: Any, wanted: list[str]) -> Hit:
    found, text = where_found(wanted, row["title"], row["author"], row["body"])
    line, marks = excerpt(wanted, text)
    return Hit(row["logical_id"], found, line, marks)
