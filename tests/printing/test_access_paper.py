"""The list of accesses for the person: who, when, what, how and why, on as many pages as it needs."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pikepdf
from helpers import print_papers as p

from dmp_desktop.printing.history import HistoryLine, HistoryPaper, history

AT = datetime(2026, 4, 14, 7, 12, tzinfo=UTC)


def paper(*lines: HistoryLine) -> HistoryPaper:
    """The list of Odile's record."""
    return HistoryPaper(
        p.STRUCTURE, p.ODILE.traits, "Nîmes", lines, "Ce que ce cabinet a fait.", "Dr Aurore Brindille", AT, True
    )


def test_each_access_is_told_whole() -> None:
    """Hour, name, role, act, bris de glace and its motive; the same bytes twice; no identity in its title."""
    line = HistoryLine(AT, "Dr Aurore Brindille", "médecine générale", "Document lu", "Bris de glace", "Malaise <b>")
    content = history(paper(line))
    said = p.text(content)
    for item in ("14/04/2026 09:12", "Dr Aurore Brindille", "médecine générale", "Document lu", "Malaise <b>"):
        assert item in said, item
    assert "Bris de glace" in said
    assert history(paper(line)) == content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Accès au dossier"


def test_many_accesses_go_overleaf_and_none_is_lost() -> None:
    """Ninety lines, each once, pages numbered; an empty list says so."""
    lines = [HistoryLine(AT + timedelta(minutes=n), f"Docteur{n:03d}X", "", "Document lu") for n in range(90)]
    said = p.text(history(paper(*lines)))
    assert all(said.count(f"Docteur{n:03d}X") == 1 for n in range(90))
    assert "page 1 sur" in said
    assert "Aucun accès." in p.text(history(paper()))
