"""The official examples of documents, read to the end (skipped where they are absent)."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.readable import Abnormal, ImagePart, PdfPart, Readable, Section, Table
from dmp_desktop.reading.readable import read_document, text_of

EXAMPLES = {
    "BIO-CR-BIO_2024.01_TSH_1": (3, 1, 0, "Thyréostimuline (TSH)"),
    "CNAM-HR_2021.01": (8, 0, 0, "LUDEAL CPR3/21"),
    "DOC_NON_STRUCTURE_CDA-R2-N1": (0, 1, 0, "Laboratoire des charmes"),
    "IMG_CR_IMG_2024.01": (23, 1, 0, "Tomodensitométrie"),
    "LDL-SES_2022.01": (9, 0, 0, "LEPONEX 100 mg"),
    "VAC-NOTE_2023.01": (1, 0, 0, "VACCIN TETANIQUE PASTEUR"),
    "VSM_1.4_2022.01": (13, 0, 0, "Angine de poitrine instable"),
    "eP-MED-DM_2024.01_PosoNonStruct": (7, 1, 1, "PARACETAMOL MYLAN 500 mg"),
}


def _document(reference: Path, name: str) -> RetrievedDocument:
    data = (reference / "cda" / "examples" / f"{name}.xml").read_bytes()
    return RetrievedDocument("1.2.3", "1.2.4", "text/xml", data)


def _read(reference: Path, name: str) -> Readable:
    return read_document(_document(reference, name))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_reads_well(reference: Path, name: str) -> None:
    """Header whole, every section in order, its PDF and its images, nothing to complain of but a link."""
    sections, pdfs, images, seen = EXAMPLES[name]
    document = _document(reference, name)
    readable = read_document(document)
    header = readable.header
    assert header is not None
    assert all((header.title, header.kind, header.acted, header.created, header.patient.words, header.custodian))
    assert header.authors
    assert all(author.words for author in header.authors)
    labels = {label for label, _ in header.facts}
    assert labels >= {"Auteur", "Responsable", "Acte", "Confidentialité", "Version", "Matricule INS", "Référence"}
    kinds = [sum(isinstance(part, kind) for part in readable.parts) for kind in (Section, PdfPart, ImagePart)]
    assert kinds == [sections, pdfs, images]
    assert {warning.code for warning in readable.warnings} <= {"document-outside"}
    assert seen in text_of(document)


def test_every_word_of_the_narrative_is_shown(reference: Path) -> None:
    """Compared with the raw text of the sections, blanks aside."""
    from lxml import etree

    for name in EXAMPLES:
        document = _document(reference, name)
        root = etree.fromstring(document.content, etree.XMLParser(recover=True, remove_comments=True))
        text = "".join(text_of(document).split())
        for section in root.iter("{urn:hl7-org:v3}section"):
            narrative = section.find("{urn:hl7-org:v3}text")
            for piece in narrative.itertext() if narrative is not None else ():
                assert "".join(str(piece).split()) in text, name


def test_the_abnormal_result_of_the_example_is_flagged(reference: Path) -> None:
    """Free thyroxine under its range, and nothing else."""
    readable = _read(reference, "BIO-CR-BIO_2024.01_TSH_1")
    tables = [b for part in readable.parts if isinstance(part, Section) for b in part.blocks if isinstance(b, Table)]
    flagged = [(row.cells[0].text.split("\n")[0], row.abnormal) for t in tables for row in t.rows if row.abnormal]
    assert flagged == [("Thyroxine libre (FT4)", Abnormal.LOW)]
