"""What holds for every paper: embedded fonts, the same bytes, no identity beside the text, nothing on the disk."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from helpers import print_papers as p
from pikepdf import pdfa

from dmp_desktop.config import PrinterProfile, resource
from dmp_desktop.printing.attestation import attestation
from dmp_desktop.printing.leaflet import leaflet
from dmp_desktop.printing.papers import LeafletPaper, StickerPaper
from dmp_desktop.printing.pdfa import PaperNotArchivable, archive
from dmp_desktop.printing.preview import UnreadablePaper, page_sizes, rasterise
from dmp_desktop.printing.receipt import receipt
from dmp_desktop.printing.sticker import sticker

ROOT = Path(__file__).parents[2]

Paper = Callable[[bool], bytes]
PAPERS: dict[str, Paper] = {
    "attestation": lambda demonstration: attestation(p.opened(demonstration=demonstration)),
    "receipt": lambda demonstration: receipt(p.waiting(demonstration=demonstration)),
    "leaflet": lambda demonstration: leaflet(LeafletPaper(p.STRUCTURE, "2026-11", p.PRINTED, demonstration)),
    "label": lambda demonstration: sticker(
        StickerPaper(p.CONFIRMED, demonstration), PrinterProfile(stock="label-24x12")
    ),
    "sheet": lambda demonstration: sticker(StickerPaper(p.CONFIRMED, demonstration), PrinterProfile(stock="sheet-65")),
}
every_paper = pytest.mark.parametrize("draw", PAPERS.values(), ids=PAPERS.keys())


@every_paper
def test_the_same_paper_gives_the_same_bytes(draw: Paper) -> None:
    """Nothing of the moment or of chance gets in."""
    assert draw(True) == draw(True)
    assert draw(False) != draw(True)


def test_the_bytes_are_the_same_in_another_process() -> None:
    """No hash seed and no order of sets shows in the file."""
    script = (
        "import hashlib, sys; sys.path.insert(0, 'tests')\n"
        "from helpers import print_papers as p\n"
        "from dmp_desktop.printing.attestation import attestation\n"
        "print(hashlib.sha256(attestation(p.opened())).hexdigest())"
    )

    def digest(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert digest("1") == digest("2")


def test_only_the_print_date_differs_between_two_prints() -> None:
    """A reprint is the same paper but for the moment it was printed."""
    first = attestation(p.opened())
    later = attestation(p.opened(printed_at=p.PRINTED + timedelta(days=3)))
    assert first != later
    assert p.text(first).replace("Imprimé le 14 avril 2026 à 09:14", "") == p.text(later).replace(
        "Imprimé le 17 avril 2026 à 09:14", ""
    )


@every_paper
def test_every_font_is_embedded(draw: Paper) -> None:
    """A printer or a reader never substitutes a letter; Helvetica is nowhere."""
    found = dict(p.fonts(draw(True)))
    assert found
    assert all(found.values())
    assert all("NotoSans" in name for name in found)


@every_paper
def test_every_paper_is_pdfa_and_french(draw: Paper) -> None:
    """Archivable, and read aloud in French."""
    pdf = draw(True)
    report = pdfa.validate_written(io.BytesIO(pdf), "2b")
    assert report.passed, report.findings
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "fr-FR"


@every_paper
def test_demonstration_is_written_across_every_page(draw: Paper) -> None:
    """No page of the sandbox can pass for a real one, and no real one bears the word."""
    assert "DÉMONSTRATION" in p.text(draw(True))
    assert "DÉMONSTRATION" not in p.text(draw(False))


@pytest.mark.parametrize("draw", [attestation, receipt], ids=["attestation", "receipt"])
def test_metadata_hold_no_identity(draw: Callable[..., bytes]) -> None:
    """Title: kind of paper and reference. No name outside the page itself."""
    paper = p.opened() if draw is attestation else p.waiting()
    with pikepdf.open(io.BytesIO(draw(paper))) as document:
        metadata = document.Root.Metadata.read_bytes().decode() + " ".join(
            str(value) for value in document.docinfo.values()
        )
    assert "OUV-2026-0414-0027" in metadata
    for secret in ("LAVANDIN", "Odile", "CORNICHE", "Brindille", p.NIR):
        assert secret not in metadata


def test_a_paper_hides_its_values_from_logs() -> None:
    """The repr of a paper is its reference."""
    assert repr(p.opened()) == "OpeningPaper(OUV-2026-0414-0027)"
    assert repr(p.waiting()) == "ReceiptPaper(OUV-2026-0414-0027)"


def test_drawing_writes_no_file() -> None:
    """From the values to the pixels, nothing is opened for writing: no temporary file ever holds an identity."""
    script = """
import os, sys
sys.path.insert(0, "tests")
from helpers import print_papers as p
from dmp_desktop.config import PrinterProfile
from dmp_desktop.printing.attestation import attestation
from dmp_desktop.printing.papers import StickerPaper
from dmp_desktop.printing.preview import rasterise
from dmp_desktop.printing.receipt import receipt
from dmp_desktop.printing.sticker import sticker

def watch(event, args):
    # A number is the pipe of the process that draws; that one has its own limits.
    if event == "open" and args[0] != os.devnull and not isinstance(args[0], int):
        writes = isinstance(args[1], str) and set(args[1]) & set("wax+")
        if writes or (args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            print("wrote", args[0])
    elif event in ("tempfile.mkstemp", "tempfile.mkdtemp"):
        print("temporary", args)

sys.addaudithook(watch)
rasterise(attestation(p.opened()), 100)
receipt(p.waiting())
sticker(StickerPaper(p.CONFIRMED), PrinterProfile(stock="label-24x12"))
print("drawn")
"""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split("\n")[:-1] == ["drawn"], done.stdout + done.stderr


def test_what_pdfa_forbids_is_refused() -> None:
    """A drawing with a font that is not embedded does not become a paper; the message names rules, never the text."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(50, 50, "LAVANDIN")
    canvas.save()
    with pytest.raises(PaperNotArchivable) as caught:
        archive(out.getvalue(), None)
    assert "LAVANDIN" not in str(caught.value)


@pytest.mark.parametrize("bad", [b"", b"%PDF-1.7 nothing", b"\x00" * 64])
def test_what_is_no_pdf_is_told(bad: bytes) -> None:
    """Preview and printing refuse what they cannot read."""
    with pytest.raises(UnreadablePaper):
        page_sizes(bad)
    with pytest.raises(UnreadablePaper):
        rasterise(bad, 100)


def test_the_preview_has_the_true_size() -> None:
    """A millimetre is a millimetre: A4 at 96 dots an inch, three bytes a pixel, white paper, and no second page."""
    pdf = attestation(p.opened())
    raster = rasterise(pdf, 96)
    assert raster.width == pytest.approx(210 / 25.4 * 96, abs=1)
    assert raster.height == pytest.approx(297 / 25.4 * 96, abs=1)
    assert len(raster.data) == raster.width * raster.height * 3
    assert raster.data[:3] == b"\xff\xff\xff"
    with pytest.raises(UnreadablePaper):
        rasterise(pdf, 96, 1)


def test_the_pixels_are_red_green_blue() -> None:
    """The order of the colours is the one the screen expects."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(72, 72))
        document.pages[0].Contents = document.make_stream(b"1 0 0 rg 0 0 72 72 re f")
        out = io.BytesIO()
        document.save(out)
    assert rasterise(out.getvalue(), 72).data[:3] == b"\xff\x00\x00"


def _sentences() -> list[str]:
    found = []
    for source in (ROOT / "dmp_desktop/printing").glob("*.py"):
        tree = ast.parse(source.read_text("utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        found += [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        ]
    raw = json.loads(resource("texts", "information-2026-11.json").read_text("utf-8"))
    found += [*raw["spoken"], raw["leaflet"]["title"], raw["leaflet"]["lead"]]
    found += [line for part in raw["leaflet"]["sections"] for line in (part["heading"], *part["lines"])]
    return found


def test_french_typography_is_kept() -> None:
    """No-break spaces before double punctuation, ’ and not ', no exclamation, nothing called an « erreur »."""
    wrong = [
        sentence
        for sentence in _sentences()
        if re.search(r"[a-zà-ÿ]'[a-zà-ÿ]|\w [:;!?](?:\s|$)|!$|[Ee]rreur|« |[^\u00a0]»", sentence)
    ]
    assert wrong == []


def test_papers_load_nothing_of_qt() -> None:
    """Drawing runs in its lane without a screen, and the program's start does not pay for it."""
    script = (
        "import sys\nimport dmp_desktop.printing.papers, dmp_desktop.printing.texts, dmp_desktop.printing.stocks\n"
        "import dmp_desktop.printing.preview\n"
        "assert not {'reportlab', 'pikepdf', 'dmp_desktop.pdfium', 'PySide6', 'segno'} & set(sys.modules)\n"
        "import dmp_desktop.printing.attestation\nassert 'PySide6' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_print_date_is_the_date_of_the_file() -> None:
    """The creation date is the moment given, not the clock's."""
    with pikepdf.open(io.BytesIO(attestation(p.opened()))) as document:
        assert str(document.docinfo["/CreationDate"]).startswith("D:20260414071400")


def test_the_unknown_place_of_birth_is_said() -> None:
    """What INSi did not give is called not given, not left blank; a known name replaces the code."""
    traits = replace(p.ODILE.traits, birth_place="")
    assert "Lieu de naissance Non communiqué" in p.text(attestation(p.opened(replace(p.ODILE, traits=traits))))
    assert "Villeneuve-l’Exemple (99)" in p.text(attestation(p.opened(birth_place="Villeneuve-l’Exemple (99)")))
