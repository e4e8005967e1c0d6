"""What is dropped or written becomes PDF/A-1, in memory, the same bytes each time; what cannot is said."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from helpers import print_papers as p
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import pdfa
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.errors import DmpError, UserError
from dmp_desktop.printing.conversion import MOST_PAGES, EncryptedPdf, PdfNotConvertible, UnusableFile, convert
from dmp_desktop.printing.converted import Change, Kind
from dmp_desktop.printing.leaflet import leaflet
from dmp_desktop.printing.papers import LeafletPaper
from dmp_desktop.printing.report import LONGEST, ReportPaper, ReportTooLong, report
from dmp_desktop.printing.texts import CURRENT

AT = datetime(2026, 4, 14, 7, 12, tzinfo=UTC)


def drawn(*, pages: int = 1, encrypt: str = "") -> bytes:
    """A plain PDF with a font that is not embedded."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for number in range(pages):
        canvas.drawString(100, 700, f"Page {number + 1}")
        canvas.showPage()
    canvas.save()
    if not encrypt:
        return out.getvalue()
    with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
        sealed = io.BytesIO()
        pdf.save(sealed, encryption=pikepdf.Encryption(owner=encrypt, user=encrypt))
    return sealed.getvalue()


def image(kind: str, **more: object) -> bytes:
    """A small picture of that kind."""
    out = io.BytesIO()
    mode = "RGBA" if kind in {"PNG", "WEBP"} else "RGB"
    Image.new(mode, (300, 200), "teal").save(out, kind, **more)
    return out.getvalue()


def passes(content: bytes) -> bool:
    """Whether it is PDF/A-1b for the validator, which approves only what it knows."""
    return bool(pdfa.validate_written(io.BytesIO(content), "1b").passed) and b"pdfaid:part" in content


def paper(text: str, title: str = "Compte rendu") -> ReportPaper:
    """A report about Odile."""
    return ReportPaper(
        p.STRUCTURE, p.DOCTOR, p.ODILE.traits, "Nîmes", title, "CR de consultation", AT, AT, text, "médecin", True
    )


@pytest.mark.parametrize(
    ("data", "kind", "change", "pages"),
    [
        (lambda: image("JPEG"), Kind.IMAGE, Change.IMAGE_TO_PAGE, 1),
        (lambda: image("PNG"), Kind.IMAGE, Change.IMAGE_TO_PAGE, 1),
        (
            lambda: image("TIFF", save_all=True, append_images=[Image.new("RGB", (9, 9))]),
            Kind.IMAGE,
            Change.IMAGE_TO_PAGE,
            2,
        ),
        ("Été, œuvre, 12 °C\r\nseconde ligne".encode, Kind.TEXT, Change.TEXT_TO_PAGES, 1),
        (lambda: "Été en page de code 1252".encode("cp1252"), Kind.TEXT, Change.TEXT_TO_PAGES, 1),
        (drawn, Kind.PDF, Change.MADE_IMAGES, 1),
        (lambda: report(paper("Texte.")), Kind.PDF, Change.NONE, 1),
        (lambda: leaflet(LeafletPaper(p.STRUCTURE, CURRENT, AT)), Kind.PDF, Change.MADE_ARCHIVABLE, 1),
    ],
)
def test_every_kind_becomes_pdfa_1(data: Callable[[], bytes], kind: Kind, change: Change, pages: int) -> None:
    """PDF/A-1b in every case, the same bytes twice, and what was done is told."""
    content = data()
    made = convert(content, None)
    assert (made.kind, made.change, made.pages) == (kind, change, pages)
    assert passes(made.content)
    assert convert(content, None).content == made.content


def test_a_file_that_is_one_already_is_left_alone() -> None:
    """Not a byte changes."""
    content = report(paper("Texte."))
    assert convert(content, AT).content == content


def test_a_photograph_does_not_tell_where_it_was_taken() -> None:
    """EXIF, with its place, stays behind."""
    exif = Image.Exif()
    exif[0x010F] = "APPAREIL-DE-SOLENE"
    made = convert(image("JPEG", exif=exif), None)
    assert b"APPAREIL-DE-SOLENE" not in made.content


def test_scripts_and_attachments_never_stay() -> None:
    """An archivable PDF with a script and a file inside loses both, or becomes images."""
    with pikepdf.open(io.BytesIO(leaflet(LeafletPaper(p.STRUCTURE, CURRENT, AT)))) as pdf:
        pdf.Root.OpenAction = pdf.make_indirect(
            pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('x')"))
        )
        pdf.attachments["piege.txt"] = b"contenu"
        out = io.BytesIO()
        pdf.save(out)
    made = convert(out.getvalue(), None)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert "/Names" not in pdf.Root
    assert passes(made.content)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", UnusableFile),
        (b"\n \x00", UnusableFile),
        (b"%PDF-1.4 rien", UnusableFile),
        (b"PK\x03\x04archive", UnusableFile),
        (b"{\\rtf1 texte}", UnusableFile),
        (b"<html>page</html>", UnusableFile),
        (b"\x89PNG\r\n\x1a\nabc", UnusableFile),
        (image("JPEG")[:200], UnusableFile),
        (drawn(encrypt="code"), EncryptedPdf),
        (drawn(pages=MOST_PAGES + 1), PdfNotConvertible),
        (b"x" * (LONGEST + 1), ReportTooLong),
    ],
)
def test_what_cannot_be_deposited_is_said(data: bytes, error: type[DmpError]) -> None:
    """A typed fault, a sentence of its own, nothing made."""
    with pytest.raises(error):
        convert(data, None)


@settings(max_examples=60, deadline=None)
@given(data=st.one_of(st.binary(max_size=400), st.binary(max_size=200).map(lambda tail: b"%PDF-1.7\n" + tail)))
def test_no_bytes_are_anything_but_a_page_or_a_typed_fault(data: bytes) -> None:
    """Whatever is dropped."""
    try:
        made = convert(data, None)
    except UserError:
        return
    assert passes(made.content)


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No temporary file holds what is being made."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    convert(image("PNG"), None)
    report(paper("Texte."))
    assert list(tmp_path.iterdir()) == []


def test_a_report_says_who_about_whom_when_and_goes_on_overleaf() -> None:
    """Practice, title, identity, author, every paragraph, page numbers, DÉMONSTRATION; no identity in its title."""
    long = "\n".join(f"Ligne {number} de l’observation, sans particularité." for number in range(90))
    content = report(paper(long + "\n\n" + "Un paragraphe monocorde va d’une page à l’autre. " * 120, "Suivi annuel"))
    said = p.text(content)
    for item in (
        "Cabinet des Trois-Tilleuls",
        "Suivi annuel",
        "LAVANDIN-GENÊT",
        "23/05/1979",
        "Dr Aurore Brindille",
        "Ligne 0 de",
        "Ligne 89 de",
        "page 1 sur 4",
        "page 4 sur 4",
        "DÉMONSTRATION",
    ):
        assert item in said, item
    assert said.count("monocorde") == 120
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert "LAVANDIN" not in str(pdf.docinfo.get("/Title", ""))


@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=400))
def test_any_words_make_a_report(text: str) -> None:
    """Odd characters are drawn or replaced, never a fault."""
    assert passes(report(paper(text)))
