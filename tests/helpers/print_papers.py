"""Papers of fictional people, and eyes for PDF: text, pixels, fonts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pypdfium2
from PIL import Image

from dmp_desktop.config import StructureSettings
from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import AccessChoice, Consent, Contact, Representative, RepresentativeQuality
from dmp_desktop.domain.events import Author, Opening
from dmp_desktop.domain.identifiers import Ins, Nir, nir_key
from dmp_desktop.domain.identity import BirthDate, CardTraits, ProofDocument, Sex, Traits
from dmp_desktop.printing.papers import OpeningPaper, ReceiptPaper
from dmp_desktop.printing.preview import rasterise

NIR_BODY = "2790599350042"
NIR = NIR_BODY + nir_key(NIR_BODY)
STRUCTURE = StructureSettings(
    "Cabinet des Trois-Tilleuls", ("4 rue de l’Exemple", "99000 Villeneuve-l’Exemple"), "499700000017001"
)
DOCTOR = Author("899700000017", "499700000017001", "SA07", "Dr Aurore Brindille", STRUCTURE.name)
DESK = Author("399700017/PAPIER1", "499700000017001", "SA07", "Solène Papier", STRUCTURE.name)
CONSENTED = datetime(2026, 4, 14, 7, 12, tzinfo=UTC)
CONFIRMED = datetime(2026, 4, 14, 7, 13, tzinfo=UTC)
PRINTED = datetime(2026, 4, 14, 7, 14, tzinfo=UTC)

ODILE = Opening(
    reference="OUV-2026-0414-0027",
    ins=Ins(Nir(NIR), oids.INS_NIR_TEST),
    traits=Traits(
        "LAVANDIN-GENÊT", ("Odile", "Marie"), Sex.FEMALE, BirthDate("19790523"), "99350", used_name="CORNICHE"
    ),
    card=CardTraits("LAVANDIN", "ODILE", BirthDate("19790523"), own_nir=Nir(NIR)),
    consent=Consent("2026-11", CONSENTED, CONSENTED, "899700000017", centre_15=True, break_glass=True),
    access=AccessChoice.NOBODY,
    contact=Contact("0600000000", "odile@exemple.invalid"),
)
CLEMENTINE = replace(
    ODILE,
    traits=Traits("CORNICHE", ("Clémentine",), Sex.FEMALE, BirthDate("20160902"), "99350"),
    representative=Representative(
        "LAVANDIN-GENÊT", "Odile", RepresentativeQuality.MOTHER, ProofDocument.PASSPORT, agreed=True
    ),
)


def opened(opening: Opening = ODILE, **changes: object) -> OpeningPaper:
    """The attestation's paper of an opening by the doctor."""
    paper = OpeningPaper(opening, DOCTOR, STRUCTURE, CONFIRMED, PRINTED, role="médecin, médecine générale")
    return replace(paper, **changes)  # type: ignore[arg-type]


def waiting(opening: Opening = ODILE, **changes: object) -> ReceiptPaper:
    """The receipt's paper of an opening that waits."""
    paper = ReceiptPaper(opening, DESK, STRUCTURE, CONSENTED, PRINTED, role="accueil")
    return replace(paper, **changes)  # type: ignore[arg-type]


def raw_text(pdf: bytes) -> str:
    """What a reader extracts, page after page, as it is."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def text(pdf: bytes) -> str:
    """The same on one line, every space alike; a hyphen at the end of a line is a hyphen."""
    return " ".join(re.sub("[\ufffe\x02]\\s*", "-", raw_text(pdf)).split())


def squashed(words: str) -> str:
    """Without any space, to find a name wherever its lines break."""
    return "".join(words.split())


def page_count(pdf: bytes) -> int:
    """How many pages."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def image(pdf: bytes, dpi: float) -> Image.Image:
    """The first page in grey."""
    raster = rasterise(pdf, dpi)
    return Image.frombytes("RGB", (raster.width, raster.height), raster.data).convert("L")


def ink_box(picture: Image.Image, below: int = 128) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is darker than ``below``."""
    box = picture.point(lambda value: 255 if value < below else 0).getbbox()
    assert box is not None, "a blank page"
    return box


def fonts(pdf: bytes) -> Iterator[tuple[str, bool]]:
    """Each font of the file: its name, and whether it is embedded."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == pikepdf.Name.Font:
                descriptor = thing.get("/FontDescriptor")
                yield str(thing.BaseFont), descriptor is not None and "/FontFile2" in descriptor


def every_byte(pdf: bytes) -> bytes:
    """The file and all of its streams, unpacked."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        streams = [thing.read_bytes() for thing in document.objects if isinstance(thing, pikepdf.Stream)]
    return pdf + b"".join(streams)


def letter_sizes(pdf: bytes) -> set[float]:
    """Sizes in points of the text of the file."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            float(operands[1])
            for page in document.pages
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "Tf"
        }
