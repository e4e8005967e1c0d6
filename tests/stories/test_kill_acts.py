"""The program killed at any moment of any act: nothing captured is lost, done twice, or claimed too early."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from helpers.kill_rounds import harness
from helpers.sandbox_world import sandbox_pki_folder

__all__ = ["sandbox_pki_folder"]

KILLS = 30
LIVES = 3 * KILLS
"""At most: a life that ended before its kill is lived again with other people."""
SEED = 20261122


@pytest.mark.timeout(300)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the killed process is a fork")
def test_killed_at_any_moment_an_act_is_done_once_or_still_waits(
    tmp_path: Path,
    sandbox_pki_folder: Path,
) -> None:
    """SIGKILL at 30 random moments of "open profile, capture, ask, send, write", over acts of every kind, against a
    store that misbehaves: after each, both files are whole and the journal holds; what was captured ends alike on both
    sides, done once or refused; drafts go with their deposit, and the copy of the documents ends as the store is.
    """
    with harness(tmp_path, sandbox_pki_folder, LIVES, SEED) as made:
        tally = made.run(KILLS, LIVES)
    print(f"seed {SEED}\n{tally.report()}")  # noqa: T201 - shown on failure
    assert (tally.lost, tally.doubled, tally.unequal) == (0, 0, [])
    assert tally.kills == KILLS
    assert tally.found["waiting"] + tally.found["sending"]  # some kills did fall between capture and confirmation
