"""The diet of the clinical copy: what is not needed any more is forgotten, by itself each day or all at once by hand.

It runs while the copy is open, that is, in the session of a professional: under their name it is journalled, in
numbers. Unsent drafts are never touched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.diet import DietReport, Forgotten
from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.config import Settings
from dmp_desktop.domain.clock import PARIS, Clock
from dmp_desktop.domain.events import Author

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Held:
    """What the copy holds, and what emptying it would leave: ``drafts`` are not at the store yet."""

    copy: Forgotten
    drafts: int


@dataclass(frozen=True, slots=True)
class Emptied:
    """A copy that was emptied, for its certificate.

    :ivar overwritten: whether freed pages were overwritten at once; else the next day's diet does it.
    """

    author: Author
    at: datetime
    gone: Forgotten
    drafts: int
    overwritten: bool = True


class Diet:
    """Keeps the copy of one post small. Cache lane, save :meth:`certificate` (print lane).

    :param demonstration: the certificate bears DÉMONSTRATION (the sandbox).
    """

    def __init__(
        self, settings: Callable[[], Settings], clock: Clock, desk: DeskStore, *, demonstration: bool = False
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._desk = desk
        self._demonstration = demonstration
        self._last: date | None = None

    @property
    def is_due(self) -> bool:
        """Whether it did not run yet today (day in Paris)."""
        return self._last != self._today()

    def run(self, store: ClinicalStore, author: Author) -> DietReport:
        """Forget what expired, then what does not hold in the quota; journal it if anything went.

        People booked today or later are spared. Run it when the copy is opened, and when :attr:`is_due`.

        :raises StorageError: nothing was forgotten.
        """
        today, rules = self._today(), self._settings().diet
        # A life of no day or a quota of nothing would make every refresh useless: an emptied copy is asked for by hand.
        days, quota = max(rules.days, 1), max(rules.quota_mib, 1) * _MIB
        report = store.diet.run(days, quota, self._desk.appointments.booked(today))
        for reason, gone in (("expired", report.expired), ("quota", report.over_quota)):
            if gone.dossiers:
                self._desk.journal.append(Act.COPY_REDUCED, author, reason=f"{reason}: {_counts(gone)}")
        self._last = today
        return report

    def held(self, store: ClinicalStore) -> Held:
        """What emptying would purge, and the unsent documents that it would leave: to be announced before."""
        return Held(store.diet.held(), store.drafts.count())

    def empty(self, store: ClinicalStore, author: Author) -> Emptied:
        """Purge everything but unsent drafts, and journal it.

        :raises StorageError: nothing was purged.
        """
        gone = store.diet.empty()
        emptied = Emptied(author, self._clock.now(), gone, store.drafts.count(), store.diet.overwritten)
        self._desk.journal.append(Act.COPY_EMPTIED, author, reason=_counts(gone))
        return emptied

    def certificate(self, emptied: Emptied) -> bytes:
        """The certificate, to print with the attestation's printer: counts, date, post; no patient's name."""
        from dmp_desktop.printing.certificate import certificate
        from dmp_desktop.printing.papers import CertificatePaper

        return certificate(
            CertificatePaper(
                author=emptied.author,
                structure=self._settings().structure,
                emptied_at=emptied.at,
                printed_at=self._clock.now(),
                records=emptied.gone.dossiers,
                documents=emptied.gone.documents,
                size=emptied.gone.bytes,
                drafts=emptied.drafts,
                overwritten=emptied.overwritten,
                demonstration=self._demonstration,
            )
        )

    def _today(self) -> date:
        return self._clock.now().astimezone(PARIS).date()


def _counts(gone: Forgotten) -> str:
    return f"{gone.dossiers} records, {gone.documents} documents"
