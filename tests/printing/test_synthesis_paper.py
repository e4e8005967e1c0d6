"""The synthesis on paper: one page, every line with the day of its source, honest at its foot."""

from __future__ import annotations

from dataclasses import replace

from helpers import facts_record
from helpers import print_papers as p

from dmp_desktop.printing.synthesis import MAX_LINES, SynthesisPaper, SynthesisPart, synthesis
from dmp_desktop.ui.synthesis.paper import paper_parts

_PAPER = SynthesisPaper(
    p.ODILE.traits,
    p.STRUCTURE,
    paper_parts(facts_record.read()),
    p.PRINTED,
    "Dr Aurore Brindille",
    fresh_at=p.CONFIRMED,
    reference="SYN-2026-0414-0001",
)


def test_every_line_has_the_day_of_its_source() -> None:
    """Who, each part, each line and its day, when the list was read, who printed."""
    said = p.text(synthesis(_PAPER))
    for item in (
        "Synthèse du dossier",
        "LAVANDIN-GENÊT",
        "Pénicilline, réaction sévère",
        "16 mars 2026",
        "Contrôle du potassium, prévu le 26 avr. 2026",
        "Personne de confiance : Garance VERVEINE",
        "Liste lue au DMP le",
        "La date de chaque ligne est celle du document qui le dit.",
        "Le patient peut masquer des documents",
        "Imprimée par Dr Aurore Brindille",
    ):
        assert item in said, item


def test_what_is_missing_and_what_is_empty_is_said() -> None:
    """A part without a line says so; gaps stand at the foot; a copy without a date claims none."""
    parts = (SynthesisPart("Allergies", nothing="Indisponibles\u00a0: 1 document n’a pas été lu sur ce poste."),)
    said = p.text(synthesis(replace(_PAPER, parts=parts, gaps="1 document n’a pas pu être lu.", fresh_at=None)))
    assert "Indisponibles" in said
    assert "1 document n’a pas pu être lu." in said
    assert "Liste lue au DMP" not in said


def test_it_holds_on_one_page_however_long() -> None:
    """More than twelve lines of a part are counted; the rest is drawn smaller."""
    lines = tuple((f"Ligne {number} " + "mot " * 18, "14 avr. 2026") for number in range(40))
    parts = tuple(SynthesisPart(f"Partie {number}", lines) for number in range(3))
    made = synthesis(replace(_PAPER, parts=parts))
    assert p.page_count(made) == 1
    assert f"{40 - MAX_LINES} de plus dans les documents." in p.text(made)


def test_the_sandbox_prints_demonstration() -> None:
    """On the page of fictional people; and the same page twice is the same bytes."""
    assert "DÉMONSTRATION" in p.text(synthesis(replace(_PAPER, demonstration=True)))
    assert "DÉMONSTRATION" not in p.text(synthesis(_PAPER))
    assert synthesis(_PAPER) == synthesis(_PAPER)


def test_no_identity_in_the_title_of_the_file() -> None:
    """Metadata hold the kind and the reference only."""
    assert b"LAVANDIN" not in p.every_byte(synthesis(_PAPER)).split(b"stream", 1)[0]
    assert repr(_PAPER) == "SynthesisPaper(SYN-2026-0414-0001)"
