"""The synthesis as it goes to paper: the same words as on the screen."""

from __future__ import annotations

from dmp_desktop.printing.synthesis import SynthesisPart
from dmp_desktop.services.synthesis import Overview
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.synthesis.panel import PARTS, line_words, lines_of, nothing_words


def paper_parts(found: Overview) -> tuple[SynthesisPart, ...]:
    """Every part of the synthesis, each line with the day of its source."""
    return tuple(
        SynthesisPart(
            title,
            tuple(
                (line_words(kind, line), texts.day(line.at) if line.at is not None else "Sans date")
                for line in lines_of(found, kind)
            ),
            nothing_words(found, kind),
        )
        for kind, (_, title, _) in PARTS.items()
    )
