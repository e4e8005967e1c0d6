"""One document on paper, and what must be true before it leaves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers import hostile_documents as hostile
from helpers.hostile_documents import CORPUS, Hostile, cda, section

from dmp_desktop.cache.outbox import ReasonMissing
from dmp_desktop.config import PrinterProfile, Settings
from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.readable import Readable
from dmp_desktop.errors import ServiceUnavailable
from dmp_desktop.printing.document import DocumentPaper, document_paper
from dmp_desktop.reading.pdf import pdf_facts, pdf_text
from dmp_desktop.reading.readable import read_document
from dmp_desktop.services.document_paper import DocumentDesk, HandedBy, HandedOut, ToHandOut

AT = datetime(2026, 4, 14, 7, 0, tzinfo=UTC)


def read(data: bytes) -> Readable:
    return read_document(RetrievedDocument("1.2.3", "1.2.4", "text/xml", data))


def paper(readable: Readable, *, demonstration: bool = False) -> bytes:
    return document_paper(
        DocumentPaper(
            readable, "Bilan", "à jour à 09:12", "Dr Aurore Brindille", AT, "1.2.3", ("À comparer.",), demonstration
        )
    )


def test_a_document_is_laid_out_with_its_header_and_its_foot() -> None:
    """Same input, same bytes; in the sandbox it says so."""
    readable = read(cda(section("Tout va bien." + hostile.long_table(120))))
    made = paper(readable, demonstration=True)
    assert made == paper(readable, demonstration=True)
    pages = pdf_text(made)
    assert len(pages) > 2
    assert "LAVANDIN-GENÊT" in pages[0]
    assert "À comparer." in pages[0]
    for page in pages:
        flat = " ".join(page.split())
        assert "DÉMONSTRATION" in flat
        assert "Imprimé par Dr Aurore Brindille le 14 avril 2026" in flat
        assert "Analyse" in flat


def test_a_pdf_is_printed_as_it_is() -> None:
    """Byte for byte; in the sandbox each of its pages is stamped."""
    data = hostile.pdf(2)
    readable = read(cda(hostile.unstructured(data, "application/pdf")))
    assert paper(readable) == data
    stamped = paper(readable, demonstration=True)
    assert stamped == paper(readable, demonstration=True)
    assert all("DÉMONSTRATION" in page and "Potassium" in page for page in pdf_text(stamped))


@pytest.mark.parametrize("one", [one for one in CORPUS if not one.refused], ids=lambda one: one.name)
def test_whatever_can_be_read_can_be_printed(one: Hostile) -> None:
    """A PDF that opens."""
    assert pdf_facts(paper(read_document(one.document()))).pages >= 1


class Out:
    """Where documents go in these tests: the outermost edge."""

    def __init__(self) -> None:
        self.printed: list[bytes] = []
        self.saved: list[Path] = []
        self.journal: list[HandedOut] = []
        self.refuses = False

    def send(self, pdf: bytes, profile: PrinterProfile, title: str) -> None:
        if self.refuses:
            raise ServiceUnavailable("no printer")
        assert title == "Document"
        self.printed.append(pdf)

    def save(self, pdf: bytes, file: Path) -> None:
        self.saved.append(file)

    def now(self) -> datetime:
        return AT


AUTHOR = Author("899700000001", "499700000017001", "SA07", "Dr Aurore Brindille", "Cabinet des Trois-Tilleuls")


@pytest.fixture
def out() -> Out:
    return Out()


def desk(out: Out) -> DocumentDesk:
    return DocumentDesk(Settings, out, out, out.save, out.journal.append, demonstration=True)


def handed() -> ToHandOut:
    return ToHandOut(read(cda(section("Bien."))), "1.2.3", "Bilan", "à jour à 09:12")


def test_nothing_leaves_without_a_reason(out: Out, tmp_path: Path) -> None:
    """Neither on paper nor in a file."""
    for leave in (
        lambda: desk(out).print(handed(), AUTHOR, "  "),
        lambda: desk(out).export(handed(), AUTHOR, "", tmp_path / "x.pdf"),
    ):
        with pytest.raises(ReasonMissing):
            leave()
    assert (out.printed, out.saved, out.journal) == ([], [], [])


def test_what_leaves_is_journalled(out: Out, tmp_path: Path) -> None:
    """With its way, its author, its reason; a printer that refuses leaves no trace of a print."""
    desk(out).print(handed(), AUTHOR, "Remis à la personne")
    desk(out).export(handed(), AUTHOR, "Pour un confrère", tmp_path / "x.pdf")
    out.refuses = True
    with pytest.raises(ServiceUnavailable):
        desk(out).print(handed(), AUTHOR, "Encore")
    assert [(one.way, one.document, one.reason) for one in out.journal] == [
        (HandedBy.PAPER, "1.2.3", "Remis à la personne"),
        (HandedBy.FILE, "1.2.3", "Pour un confrère"),
    ]
    assert out.saved == [tmp_path / "x.pdf"]
