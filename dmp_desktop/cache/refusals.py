"""A person said no, or not yet: recorded without pressure, and not asked again for a while (product row F96)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.journal import Act, Journal
from dmp_desktop.cache.rows import stamp
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import RefusalKind
from dmp_desktop.domain.events import Author

_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The last refusal or hesitation of a person."""

    kind: RefusalKind
    at: datetime
    text_version: str


class Refusals:
    """Refusals and hesitations, by dossier key."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock

    def record(self, dossier: str, kind: RefusalKind, text_version: str, author: Author) -> None:
        """Keep what was said, with the version of the information that was given."""
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO refusals (dossier, kind, at, text_version, professional, structure)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (dossier, kind.value, stamp(self._clock.now()), text_version, author.professional, author.structure),
            )
            act = Act.CONSENT_REFUSED if kind is RefusalKind.REFUSED else Act.CONSENT_POSTPONED
            self._journal.append(act, author, dossier=dossier)

    def last(self, dossier: str) -> Refusal | None:
        """The latest one."""
        row = self._database.row("SELECT * FROM refusals WHERE dossier = ? ORDER BY position DESC LIMIT 1", (dossier,))
        if row is None:
            return None
        return Refusal(RefusalKind(row["kind"]), datetime.fromisoformat(row["at"]), row["text_version"])

    def ask_again_from(self, dossier: str, months: int) -> datetime | None:
        """When the question may be put again (months of 30 days after the last answer), or ``None`` if it may be now.

        Only the program's own prompt waits: the person may always ask for the dossier themselves.
        """
        last = self.last(dossier)
        if last is None:
            return None
        until = last.at + months * _MONTH
        return until if until > self._clock.now() else None
