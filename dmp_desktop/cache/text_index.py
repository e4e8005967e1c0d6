"""Titles, authors and texts of documents: as received for what a search shows, folded for what it looks at."""

from __future__ import annotations

from typing import Any

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.purge import rows_between
from dmp_desktop.cache.words import excerpt, tidy, where_found, words_of
from dmp_desktop.domain.document import DocumentEntry
from dmp_desktop.domain.shelf import Hit


class TextIndex:
    """Written inside its caller's transaction; purged with the rows (:class:`~dmp_desktop.cache.purge.Purge`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, row: int, entry: DocumentEntry, body: str = "") -> None:
        """The words of a description, in place of those it had.

        :param body: text of the document, as kept.
        """
        title, author = tidy(entry.title), tidy(", ".join(_named(entry)))
        self._database.execute(
            "INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?, ?)",
            (row, _folded(title, author, body), title, author, body),
        )

    def body(self, row: int) -> str:
        """The text of a document as kept."""
        found = self._database.row("SELECT body FROM texts WHERE entry = ?", (row,))
        return found["body"] if found else ""

    def write_body(self, row: int, text: str) -> None:
        """Another text for a document that is described already."""
        known = self._database.row("SELECT title, author FROM texts WHERE entry = ?", (row,))
        if known is not None:
            body = tidy(text)
            folded = _folded(known["title"], known["author"], body)
            self._database.execute("UPDATE texts SET folded = ?, body = ? WHERE entry = ?", (folded, body, row))

    def find(self, shelf: int, words: str, limit: int) -> tuple[Hit, ...]:
        """Documents of a shelf that hold all the words, newest act first."""
        wanted = words_of(words)
        if not wanted:
            return ()
        holds = " AND instr(t.folded, ?) > 0" * len(wanted)
        rows = self._database.rows(
            "SELECT e.logical_id, t.title, t.author, t.body FROM texts t JOIN entries e ON e.id = t.entry"  # noqa: S608
            f" WHERE t.entry BETWEEN ? AND ? {holds} ORDER BY e.sort_at DESC, e.id DESC LIMIT ?",
            (*rows_between(shelf), *(f" {word}" for word in wanted), limit),
        )
        return tuple(_hit(row, wanted) for row in rows)


def _folded(*texts: str) -> str:
    """Every word after a space, so that its beginning is told from its middle."""
    return " ".join(("", *(word for text in texts for word in words_of(text))))


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
