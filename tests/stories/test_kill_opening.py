"""The program killed at any moment of an opening: nothing captured is lost, opened twice, or claimed too early."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers.sandbox_world import sandbox_pki_folder  # noqa: F401 - a fixture
from helpers.store_player import DeskProcess, Profile, patient
from helpers.store_world import BRINDILLE, desk_store, keys

from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.events import EventState
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
KILLS = 30
ROUNDS = 3 * KILLS
"""At most: a round that ended before its kill is played again with another person."""
SEED = 20261122


class Player:
    """The desk's process, seen from outside."""

    def __init__(self, profile: Profile) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helpers.store_player", profile.to_json()],
            env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def play(self, number: int, kill_after: float | None) -> bool:
        """Let one opening be played; kill it after that many seconds. Tells whether it was killed."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{number}\n")
        child = int(self.process.stdout.readline())
        over, _, _ = select.select([self.process.stdout], [], [], kill_after)
        if not over:
            os.kill(child, signal.SIGKILL)
        assert self.process.stdout.readline() == "ended\n"
        return not over

    def close(self) -> None:
        """Let it end."""
        self.process.communicate(timeout=10)


@contextmanager
def player(profile: Profile) -> Iterator[Player]:
    """A player, gone at the end."""
    made = Player(profile)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def profile(
    tmp_path: Path,
    sandbox_pki_folder: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Profile, Sandbox]]:
    """A desk with its store, and a sandbox that knows enough people to be opened a dossier."""
    monkeypatch.setattr(people, "PEOPLE", tuple(patient(number) for number in range(ROUNDS + 2)))
    sandbox = Sandbox(tmp_path / "central", pki_folder=sandbox_pki_folder)
    sandbox.start()
    plastic = sandbox.card("brindille")
    unlocked = keys()
    with desk_store(tmp_path / "desk", with_keys=unlocked):
        pass
    yield (
        Profile(
            folder=str(tmp_path / "desk"),
            key=unlocked.desk.key.hex(),
            salt=unlocked.desk.salt.hex(),
            base_url=sandbox.base_url,
            insi_url=sandbox.insi_url,
            authority=str(sandbox.authority),
            signature=(str(plastic.signature.certificate), str(plastic.signature.key)),
            authentication=(str(plastic.authentication.certificate), str(plastic.authentication.key)),
        ),
        sandbox,
    )
    sandbox.stop()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the killed process is a fork")
def test_killed_at_any_moment_an_opening_is_made_once_or_still_waits(profile: tuple[Profile, Sandbox]) -> None:
    """SIGKILL at 30 random moments of "open profile, capture, ask, send, write": what was captured ends as one dossier.

    After each kill: the store is whole, the journal holds, nothing is confirmed that the central store does not have;
    after one more pass: the act is confirmed and the dossier was created exactly once, its access given.
    """
    desk, sandbox = profile
    chance = random.Random(SEED)  # noqa: S311 - moments of a test
    found: Counter[str] = Counter()
    with player(desk) as played:
        played.play(ROUNDS, None)  # the first one is slow: threads, sessions, caches of the sandbox
        started = time.perf_counter()
        played.play(ROUNDS + 1, None)
        duration = time.perf_counter() - started
        for number in range(ROUNDS):
            killed = played.play(number, chance.uniform(0, duration))
            found["killed" if killed else "survived"] += 1
            found[look(desk, sandbox, number)] += 1
            if found["killed"] == KILLS:
                break
    print(f"seed {SEED}, one opening {duration * 1000:.0f} ms, {dict(found)}")  # noqa: T201 - shown on failure
    assert found["killed"] == KILLS
    assert found["waiting"] + found["sending"]  # some kills did fall between the capture and the confirmation


def look(profile: Profile, sandbox: Sandbox, number: int) -> str:
    """What the restarted program finds and makes of it; its state when found."""
    ins = patient(number).ins
    desk = DeskProcess(profile)  # verifies the journal
    try:
        desk.store.database.check()
        key = desk.store.patients.dossier_key(ins)
        events = desk.store.outbox.of_dossier(key)
        if not events:
            assert sandbox.store.dossier(ins) is None
            return "not captured"
        found = events[0].state
        if found is EventState.CONFIRMED:
            assert sandbox.store.dossier(ins) is not None
        desk.engine.run(BRINDILLE)
        assert [e.state for e in desk.store.outbox.of_dossier(key)] == [EventState.CONFIRMED] * 2
        assert desk.store.outbox.waiting() == ()
        dossier = sandbox.store.dossier(ins)
        assert dossier is not None and dossier.state is DossierState.ACTIVE
        created = [a for a in sandbox.store.accesses(ins) if a.act == "TD1.1" and a.outcome == "OK"]
        assert len(created) == 1
        known = desk.store.patients.existence(key, BRINDILLE)
        assert known is not None and known.authorisation is Authorisation.VALID
        return found.value
    finally:
        desk.close()
