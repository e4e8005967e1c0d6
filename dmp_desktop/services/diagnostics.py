"""The state of the post in figures: what a support needs, and nothing that names anybody.

Ids, names, numbers, addresses of people and titles of documents have no place here: the page can be copied and sent.
"""

from __future__ import annotations

import platform
import statistics
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import metadata

from dmp_desktop.cache.facts import FileFacts, QueueLine
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.sync.engine import PassReport

PASSES_KEPT = 20
_LIBRARIES = (
    "dmp-desktop",
    "PySide6-Essentials",
    "sqlcipher3",
    "httpx",
    "cryptography",
    "lxml",
    "pyscard",
    "reportlab",
)


@dataclass(frozen=True, slots=True)
class PassLine:
    """One pass of the outbox. ``stopped_by``: code of what ended it early, ``""`` when it went to its end."""

    at: datetime
    moved: int
    stopped_by: str


@dataclass(frozen=True, slots=True)
class LaneLine:
    """The latest work of one lane. Times in seconds."""

    name: str
    waited: tuple[float, ...]
    took: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: a title, then labels and values."""

    title: str
    lines: tuple[tuple[str, str], ...]


class Passes:
    """The latest passes of the outbox, kept in memory only."""

    def __init__(self) -> None:
        self._kept: deque[PassLine] = deque(maxlen=PASSES_KEPT)

    def ran(self, at: datetime, report: PassReport) -> None:
        """A pass went to its end, or was stopped by what it met."""
        self._kept.append(PassLine(at, len(report.changed), report.stopped_by))

    def failed(self, at: datetime, code: str) -> None:
        """A pass did not begin, or the store here failed under it."""
        self._kept.append(PassLine(at, 0, code))

    def last(self) -> tuple[PassLine, ...]:
        """Newest first."""
        return tuple(reversed(self._kept))


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the page finds its facts; each answers at once, in the cache lane.

    :ivar screen: lines that only the screen knows (Qt, platform, zoom).
    :ivar clinical: facts of the clinical copy, ``None`` while it is closed.
    :ivar drift: this computer's clock minus the store's.
    """

    now: Callable[[], datetime]
    desk: Callable[[], FileFacts]
    clinical: Callable[[], FileFacts | None]
    queue: Callable[[], Sequence[QueueLine]]
    journal_rows: Callable[[], int]
    passes: Callable[[], Sequence[PassLine]]
    lanes: Callable[[], Sequence[LaneLine]]
    drift: Callable[[], timedelta | None]
    answered_at: Callable[[], datetime | None]
    screen: Callable[[], tuple[tuple[str, str], ...]]


def report(sources: Sources) -> tuple[Section, ...]:
    """Everything, in the order a support reads it."""
    now = sources.now()
    return (
        Section("Versions", (*_versions(), *sources.screen())),
        Section("Base locale", (*_store("Accueil", sources.desk()), *_store("Documents", sources.clinical()))),
        Section("Journal", (("Lignes vérifiées", str(sources.journal_rows())),)),
        Section("File d’attente", tuple(_queue(sources.queue(), now)) or (("En attente", "rien"),)),
        Section("Derniers passages", tuple(_passes(sources.passes())) or (("Depuis l’ouverture", "aucun"),)),
        Section("Liaison", _line(sources.answered_at(), sources.drift())),
        Section("Temps de travail", tuple(_lane(line) for line in sources.lanes())),
    )


def as_text(sections: Iterable[Section]) -> str:
    """The page as it is copied."""
    return "\n\n".join(
        "\n".join((section.title, *(f"  {label}\u00a0: {value}" for label, value in section.lines)))
        for section in sections
    )


def _versions() -> Iterable[tuple[str, str]]:
    yield "Python", f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    for name in _LIBRARIES:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:  # a frozen build may hold the code without its papers
            yield name, "intégré" if getattr(sys, "frozen", False) else "absent"


def _store(name: str, facts: FileFacts | None) -> tuple[tuple[str, str], ...]:
    if facts is None:
        return ((name, "fermée"),)
    return (
        (
            name,
            f"version {facts.version}, {facts.pages * facts.page_size // 1024:,} Kio".replace(",", "\u202f")
            + f", {facts.free_pages} pages libres",
        ),
        (f"{name}, chiffrement", f"SQLCipher {facts.cipher}, SQLite {facts.sqlite}"),
    )


def _queue(lines: Sequence[QueueLine], now: datetime) -> Iterable[tuple[str, str]]:
    for line in lines:
        hours = max(0, round((now - line.oldest).total_seconds() / 3600))
        cause = f", cause {line.cause}" if line.cause else ""
        yield f"{line.kind}, {line.state}", f"{line.count}, le plus ancien depuis {hours}\u00a0h{cause}"


def _passes(lines: Sequence[PassLine]) -> Iterable[tuple[str, str]]:
    for line in lines:
        moved = f"{line.moved} envois avancés" if line.moved > 1 else f"{line.moved} envoi avancé"
        ended = f"arrêté ({line.stopped_by})" if line.stopped_by else "terminé"
        yield line.at.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S"), f"{moved}, {ended}"


def _line(answered_at: datetime | None, drift: timedelta | None) -> tuple[tuple[str, str], ...]:
    answered = (
        answered_at.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S") if answered_at else "jamais depuis l’ouverture"
    )
    ahead = "inconnu" if drift is None else f"{drift.total_seconds():+.1f}\u00a0s".replace(".", ",")
    return (("Dernière réponse du DMP", answered), ("Écart de l’horloge", ahead))


def _lane(line: LaneLine) -> tuple[str, str]:
    if not line.took:
        return line.name, "aucun"
    middle, longest, waited = statistics.median(line.took), max(line.took), max(line.waited)
    figures = f"médiane {_ms(middle)}, plus long {_ms(longest)}, plus longue attente {_ms(waited)}"
    return line.name, f"{len(line.took)} travaux, {figures}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}\u00a0ms"
