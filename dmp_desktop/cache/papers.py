"""Papers that left the printer: what, when, by whom, and why a second time (product row F67)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.journal import Act, Journal
from dmp_desktop.cache.outbox import ReasonMissing
from dmp_desktop.cache.rows import stamp
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.events import Author, Event


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    """One print. ``sha256``: of the bytes that were printed."""

    kind: str
    reference: str
    at: datetime
    reason: str
    sha256: str


class Papers:
    """The register of prints."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock

    def record(self, event: Event, kind: str, reference: str, pdf: bytes, author: Author, reason: str = "") -> None:
        """Keep that a paper was printed; the paper itself is not kept, its digest is.

        :param kind: kind of paper (``attestation``, ``receipt``, ``sticker``…).
        :raises ReasonMissing: it was printed before and no reason is given.
        """
        with self._database.transaction():
            self.require_reason(event, kind, reason)
            self._database.execute(
                "INSERT INTO papers_printed (event, kind, reference, at, reason, sha256, professional, structure)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    event.id,
                    kind,
                    reference,
                    stamp(self._clock.now()),
                    reason.strip(),
                    hashlib.sha256(pdf).hexdigest(),
                    author.professional,
                    author.structure,
                ),
            )
            words = f"{kind}: {reason.strip()}" if reason.strip() else kind
            self._journal.append(Act.PRINTED, author, event=event.id, dossier=event.dossier, reason=words)

    def require_reason(self, event: Event, kind: str, reason: str) -> None:
        """Ask before the paper goes to the printer.

        :raises ReasonMissing: it was printed before and no reason is given.
        """
        if not reason.strip() and any(p.kind == kind for p in self.of(event.id)):
            raise ReasonMissing("second print without a reason")

    def of(self, event_id: str) -> tuple[PrintedPaper, ...]:
        """Prints of the papers of one event, in order."""
        rows = self._database.rows("SELECT * FROM papers_printed WHERE event = ? ORDER BY position", (event_id,))
        return tuple(
            PrintedPaper(r["kind"], r["reference"], datetime.fromisoformat(r["at"]), r["reason"], r["sha256"])
            for r in rows
        )
