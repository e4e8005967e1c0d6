"""The program killed hundreds of times over mixed acts, against a store that misbehaves: lost and doubled, counted."""

from __future__ import annotations

import tempfile
from pathlib import Path

from helpers.kill_rounds import harness

KILLS = 300
LIVES = 2 * KILLS
SEED = 20261122


def report(kills: int = KILLS) -> str:
    """A few lines: kills, acts, lost, doubled, what was found and how it ended."""
    with tempfile.TemporaryDirectory() as folder, harness(Path(folder), Path(folder) / "pki", LIVES, SEED) as made:
        tally = made.run(kills, LIVES)
    return "\n".join((tally.report(), *(f"kills: unequal: {line}" for line in tally.unequal)))
