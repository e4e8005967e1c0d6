"""The attestation against a bare reportlab page with as many words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from bench.harness import Case, Work
from helpers import people
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.config import StructureSettings, resource
from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import AccessChoice, Consent, Contact
from dmp_desktop.domain.events import Author, Opening
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import BirthDate, CardTraits, Sex, Traits
from dmp_desktop.printing.attestation import attestation
from dmp_desktop.printing.papers import OpeningPaper

_AT = datetime(2026, 4, 14, 7, 13, tzinfo=UTC)
_LINES = 60


def paper() -> OpeningPaper:
    """An attestation of the most ordinary kind."""
    born = BirthDate("19790523")
    return OpeningPaper(
        opening=Opening(
            reference="OUV-2026-0414-0027",
            ins=Ins(people.ODILE, oids.INS_NIR_TEST),
            traits=Traits("LAVANDIN-GENÊT", ("ODILE",), Sex.FEMALE, born, "99000"),
            card=CardTraits("LAVANDIN", "ODILE", born, people.ODILE, people.ODILE, 1),
            consent=Consent("2026-01", _AT, _AT, "899700000017", centre_15=True, break_glass=True),
            access=AccessChoice.THIS_PROFESSIONAL,
            contact=Contact(),
        ),
        author=Author("899700000017", "499700000017001", "SA07", "Dr Aurore Brindille", "Cabinet des Trois-Tilleuls"),
        structure=StructureSettings(
            "Cabinet des Trois-Tilleuls", ("4 rue de l’Exemple", "99000 Villeneuve-l’Exemple"), "499700000017001"
        ),
        confirmed_at=_AT,
        printed_at=_AT,
        demonstration=True,
    )


def bare_page() -> bytes:
    """One A4 page of text in one embedded font, drawn by reportlab alone."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setFont("bench", 9)
    for line in range(_LINES):
        canvas.drawString(50, 800 - 12 * line, f"Ligne {line} : le titulaire choisit les professionnels autorisés.")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@contextmanager
def _prepare() -> Iterator[tuple[Work, Work]]:
    pdfmetrics.registerFont(TTFont("bench", str(resource("fonts", "NotoSans-Regular.ttf"))))
    made = paper()
    yield (lambda: attestation(made)), bare_page


CASE = Case("attestation", "the attestation, PDF/A checked", "a bare page of reportlab, one font", _prepare)
