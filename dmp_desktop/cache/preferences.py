"""Small facts of the post and choices of people, kept in the encrypted desk file. Nothing of a patient is kept here."""

from __future__ import annotations

from dmp_desktop.cache.database import Database


class Preferences:
    """Texts by name. Cache lane."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str:
        """What is kept under this name, ``""`` for nothing."""
        row = self._database.row("SELECT value FROM meta WHERE name = ?", (name,))
        return bytes(row["value"]).decode() if row else ""

    def set(self, name: str, text: str) -> None:
        """Keep another text under this name."""
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, text.encode()))


class ListChoices:
    """How one person likes the list of a record, from one record to the next. Cache lane."""

    def __init__(self, database: Database, professional: str) -> None:
        self._kept = Preferences(database)
        self._name = f"record-list {professional}"

    def recall(self) -> str:
        """What was kept, ``""`` at first."""
        return self._kept.get(self._name)

    def keep(self, text: str) -> None:
        """Keep it for this person."""
        self._kept.set(self._name, text)
