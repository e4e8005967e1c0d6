"""Papers of one record: where they go, and its synthesis on one page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.shelf import ShelfState
from dmp_desktop.printing.synthesis import SynthesisPaper, synthesis
from dmp_desktop.services.document_paper import DocumentDesk
from dmp_desktop.services.stationery import Press
from dmp_desktop.services.synthesis import Overview
from dmp_desktop.ui.synthesis.paper import paper_parts
from dmp_desktop.ui.timeline import words

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program

SYNTHESIS = "Synthèse"
"""What the job is called in the printer's queue."""


class Papers(Protocol):
    """Where papers of a record go, and their trace; both from the print lane."""

    @property
    def press(self) -> Press:
        """The printers."""
        ...

    @property
    def documents(self) -> DocumentDesk:
        """One document handed out, with its reason."""
        ...

    def synthesis_printed(self, context: RecordContext) -> None:
        """The synthesis left the record."""
        ...


def synthesis_printer(
    program: Program, papers: Papers, context: RecordContext, found: Overview, state: ShelfState
) -> Callable[[], None]:
    """What the print lane does to print the synthesis as it is on the screen now."""
    paper = SynthesisPaper(
        traits=context.identity.traits,
        structure=program.settings.structure,
        parts=paper_parts(found),
        printed_at=program.clock.now(),
        printed_by=context.author.display_name,
        fresh_at=state.refreshed_at,
        gaps=words.gaps(found),
        demonstration=program.options.sandbox,
    )
    profile = program.settings.attestation_printer

    def go() -> None:
        papers.press.send(synthesis(paper), profile, SYNTHESIS)
        papers.synthesis_printed(context)

    return go
