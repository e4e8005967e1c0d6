"""What this practice did, for whoever watches over privacy in it: by person and day, emergencies to review, an export.

Pseudonyms only: no name of a patient stands here. A review is signed into the journal; an export quotes the last link
of the journal’s chain, so that a later change of the journal shows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from dmp_desktop.cache.journal import Act, JournalRow
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cache.traces import Traces
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.professional import Professional
from dmp_desktop.errors import FlowError
from dmp_desktop.services.history import DayOf, Deed, Directory, Review, naming, pseudonym, reviews, told

_COLUMNS: Final = ("ligne", "instant", "acte", "evenement", "dossier", "professionnel", "structure", "motif")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class PracticeViewDenied(FlowError):
    """What the practice did holds motives of emergencies: it is not for desk staff."""

    code = "practice-view-denied"


class AlreadyReviewed(FlowError):
    """This emergency access was reviewed before."""

    code = "already-reviewed"


class ReviewReasonMissing(FlowError):
    """A review, or an export, says something in a few words."""

    code = "review-reason-missing"


class PracticeLog:
    """The practice's own trace. Cache lane.

    :param directory: who a PS_IdNat is, as far as this post knows.
    """

    def __init__(self, store: DeskStore, directory: Directory) -> None:
        self._store, self._directory = store, directory
        self._traces = Traces(store.database)

    @staticmethod
    def demand(professional: Professional) -> None:
        """Any lane. Whether this person may look.

        :raises PracticeViewDenied: desk staff.
        """
        if professional.is_desk_staff:
            raise PracticeViewDenied("not for desk staff")

    def days(self, since: datetime, until: datetime) -> tuple[DayOf, ...]:
        """What each person did each day, latest first."""
        found: dict[tuple[datetime, str], DayOf] = {}
        for row in told(self._traces.between(since, until), naming(self._directory, self._traces)):
            day = row.at.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
            name = row.name or row.professional
            one = found.setdefault((day, row.professional), DayOf(day, name))
            one.counts[row.deed] = one.counts.get(row.deed, 0) + 1
            if row.emergency and row.deed is Deed.OPENED:
                found[day, row.professional] = DayOf(day, name, one.counts, one.emergencies + 1)
        return tuple(sorted(found.values(), key=lambda one: (-one.day.timestamp(), one.name)))

    def emergencies(self, since: datetime, until: datetime) -> tuple[Review, ...]:
        """Every emergency access of the period, reviewed or not, latest first."""
        named = naming(self._directory, self._traces)

        def name_of(who: str) -> str:
            known = named(who)
            return known.name if known else who

        opened = self._traces.between(since, until)
        # What came after the period (a signature, a review) belongs to it too.
        rows = [row for start in opened if start.act in _EMERGENCIES for row in self._traces.of_access(start.event)]
        return reviews(rows, name_of)

    def review(self, access: str, by: Author, words: str) -> None:
        """Sign that an emergency access was looked at, in a few words.

        :raises ReviewReasonMissing: no words. :raises AlreadyReviewed: it was.
        """
        if not words.strip():
            raise ReviewReasonMissing("no words")
        with self._store.database.transaction():
            rows = self._traces.of_access(access)
            if not rows or any(row.act == Act.ACCESS_REVIEWED for row in rows):
                raise AlreadyReviewed("reviewed before")
            self._store.journal.append(
                Act.ACCESS_REVIEWED, by, event=access, dossier=rows[0].dossier, reason=words.strip()
            )

    def export(self, since: datetime, until: datetime, by: Author, reason: str) -> bytes:
        """The period as CSV (UTF-8, semicolons): ids, acts, reasons; its last line quotes the journal's chain.

        :raises ReviewReasonMissing: no reason.
        """
        if not reason.strip():
            raise ReviewReasonMissing("no reason")
        with self._store.database.transaction():
            # The export is itself an act: it is the last one that the file tells of the chain.
            self._store.journal.append(Act.HISTORY_EXPORTED, by, reason=reason.strip())
            rows, (count, digest) = self._traces.between(since, until), self._traces.head()
        return _csv(rows, count, digest)


_EMERGENCIES: Final = frozenset({Act.EMERGENCY_OPENED.value, Act.REGULATION_OPENED.value})


def _csv(rows: Iterable[JournalRow], count: int, digest: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow(
            [
                row.row,
                row.at.astimezone(UTC).isoformat(timespec="seconds"),
                row.act,
                row.event,
                pseudonym(row.dossier),
                row.professional,
                row.structure,
                _inert(row.reason),
            ]
        )
    writer.writerow(["chaine", count, "sha256", digest])
    return "\ufeff".encode() + out.getvalue().encode("utf-8", "replace")


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
