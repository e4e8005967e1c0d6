"""One document handed out of the dossier: printed, or saved in a file, always with a reason and a trace.

The print lane calls everything here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from dmp_desktop.cache.outbox import ReasonMissing
from dmp_desktop.config import Settings
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.readable import Readable
from dmp_desktop.services.stationery import Press

TITLE = "Document"
"""What the job is called in the printer's queue, which others see."""


class HandedBy(StrEnum):
    """The way it left."""

    PAPER = "document-printed"
    FILE = "document-exported"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The trace of a document that left: ids, act and reason only.

    :ivar document: identifier of the document; ``digest``: SHA-256 of what left, in hexadecimal.
    """

    way: HandedBy
    document: str
    author: Author
    at: datetime
    reason: str
    digest: str


@dataclass(frozen=True, slots=True, repr=False)
class ToHandOut:
    """One document as it stands on the screen.

    :ivar reference: its identifier (``uniqueId``); ``freshness``: of the copy; ``warnings``: in words.
    """

    readable: Readable
    reference: str
    title: str
    freshness: str
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"ToHandOut({self.reference})"


class DocumentDesk:
    """Prints and saves documents.

    :param save: writes bytes where the person said.
    :param journal: keeps the trace; a document whose trace cannot be kept does not leave in a file.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        clock: Clock,
        press: Press,
        save: Callable[[bytes, Path], None],
        journal: Callable[[HandedOut], None],
        *,
        demonstration: bool,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._press = press
        self._save = save
        self._journal = journal
        self._demonstration = demonstration

    def print(self, document: ToHandOut, author: Author, reason: str) -> None:
        """Print it; nothing is journalled when the printer refuses.

        :raises ReasonMissing: no reason is given.
        """
        pdf = self._drawn(document, author, reason)
        self._press.send(pdf, self._settings().attestation_printer, TITLE)
        self._journal(self._trace(HandedBy.PAPER, document, author, reason, pdf))

    def export(self, document: ToHandOut, author: Author, reason: str, file: Path) -> None:
        """Save it in ``file``, chosen by the person. The trace comes first: no file without it.

        :raises ReasonMissing: no reason is given.
        """
        pdf = self._drawn(document, author, reason)
        self._journal(self._trace(HandedBy.FILE, document, author, reason, pdf))
        self._save(pdf, file)

    def _drawn(self, document: ToHandOut, author: Author, reason: str) -> bytes:
        from dmp_desktop.printing.document import DocumentPaper, document_paper

        if not reason.strip():
            raise ReasonMissing("a document leaves with a reason")
        return document_paper(
            DocumentPaper(
                readable=document.readable,
                title=document.title,
                freshness=document.freshness,
                printed_by=", ".join(part for part in (author.display_name, author.structure_name) if part),
                printed_at=self._clock.now(),
                reference=document.reference,
                warnings=document.warnings,
                demonstration=self._demonstration,
            )
        )

    def _trace(self, way: HandedBy, document: ToHandOut, author: Author, reason: str, pdf: bytes) -> HandedOut:
        digest = hashlib.sha256(pdf).hexdigest()
        return HandedOut(way, document.reference, author, self._clock.now(), reason.strip(), digest)
