"""What the record's screen asks of the rest of the program: one open record, a viewer, and what is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.readable import Readable
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.record_rules import Grouping, Sorting
from dmp_desktop.domain.shelf import Hit
from dmp_desktop.errors import DmpError
from dmp_desktop.services.record import Look
from dmp_desktop.sync.refresh import RefreshReport


class RecordPort(Protocol):
    """One open record; see :class:`dmp_desktop.services.record.Record`."""

    @property
    def context(self) -> RecordContext:
        """Whose, by whom, how entered."""
        ...

    def look(self) -> Look:
        """Cache lane."""
        ...

    def refresh(self, full: bool = False) -> RefreshReport:
        """Sync lane."""
        ...

    def content(self, key: str) -> RetrievedDocument | None:
        """Cache lane."""
        ...

    def fetch(self, key: str) -> RetrievedDocument:
        """Sync lane."""
        ...

    def prefetch(self, keys: Sequence[str]) -> int:
        """Sync lane."""
        ...

    def mark_read(self, key: str) -> None:
        """Cache lane."""
        ...

    def search(self, words: str) -> tuple[Hit, ...]:
        """Cache lane."""
        ...

    def close(self) -> None:
        """Cache lane."""
        ...


class Viewer(Protocol):
    """What shows one document: a widget of the application."""

    def show_waiting(self, words: str) -> None:
        """It is on its way."""
        ...

    def show_document(self, readable: Readable, *, title: str, freshness: str) -> None:
        """It is here."""
        ...

    def show_fault(self, error: DmpError) -> None:
        """It cannot be had."""
        ...

    def clear(self) -> None:
        """None is chosen."""
        ...

    def set_find(self, words: str) -> None:
        """Words to highlight in it."""
        ...


@dataclass(frozen=True, slots=True)
class ListChoice:
    """What a person chose of the list, remembered from one record to the next.

    :ivar view: key of the rubriques' view.
    """

    sorting: Sorting = Sorting.NEWEST
    grouping: Grouping = Grouping.VISIT
    view: str = ""

    @classmethod
    def read(cls, text: str) -> ListChoice:
        """From what was kept (``newest visit 2011``); words that mean nothing any more give the defaults."""
        parts = [*text.split(" "), "", "", ""]
        known = cls(view=parts[2])
        if parts[0] in set(Sorting):
            known = replace(known, sorting=Sorting(parts[0]))
        return replace(known, grouping=Grouping(parts[1])) if parts[1] in set(Grouping) else known

    def text(self) -> str:
        """As kept."""
        return f"{self.sorting} {self.grouping} {self.view}".rstrip()


class ListMemory(Protocol):
    """Where the choices of whoever is signed in are kept. Cache lane."""

    def recall(self) -> str:
        """What was kept, ``""`` at first."""
        ...

    def keep(self, text: str) -> None:
        """Keep it for this person."""
        ...
