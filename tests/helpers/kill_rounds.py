"""The program killed at random moments over mixed acts, against a store that misbehaves: what became of each act.

One life of the program is a round: it opens its profile, captures a few acts, sends them. SIGKILL falls anywhere in it.
Then the profile is opened again, looked at, left to finish, and compared with the store.
"""

from __future__ import annotations

import json
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
from dataclasses import asdict, dataclass, field
from pathlib import Path

from helpers import wire_sandbox
from helpers.store_acts import WANTED, ActsDesk, both_keys, patient, settled
from helpers.store_player import ACTS, ON_DOCUMENTS, Profile, Round, open_desk, read_again

from dmp_desktop.domain.acts import ContactChange, Deposit, StatusChange, VisibilityChange
from dmp_desktop.domain.clock import SystemClock
from dmp_desktop.domain.document import DocumentStatus
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.events import AuthorisationChange, Event, EventState, Opening
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.faults import Fault, FaultKind
from dmp_desktop.sandbox.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
AT_ONCE = 2
"""Acts of one round."""
TRIES = 6


@dataclass
class Tally:
    """What was found.

    :ivar lost: captured, neither done at the store nor waiting nor refused; ``doubled``: done twice.
    :ivar unequal: here and the store say different things.
    """

    kills: int = 0
    rounds: int = 0
    acts: int = 0
    lost: int = 0
    doubled: int = 0
    unequal: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def report(self) -> str:
        """A few lines."""
        return "\n".join(
            (
                f"kills: {self.kills} of {self.rounds} lives, {self.acts} acts captured, {self.seconds:.0f} s",
                f"kills: lost {self.lost}, doubled {self.doubled}, unequal {len(self.unequal)}",
                f"kills: found after the kill {dict(sorted(self.found.items()))}",
                f"kills: in the end {dict(sorted(self.ended.items()))}",
                f"kills: faults of the store {dict(sorted(self.faults.items()))}",
            )
        )


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

    def play(self, one: Round, kill_after: float | None) -> bool:
        """Let a round be played; kill it after that many seconds. Tells whether it was killed."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{json.dumps(asdict(one))}\n")
        child = int(self.process.stdout.readline())
        over, _, _ = select.select([self.process.stdout], [], [], kill_after)
        killed = not over
        if killed:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:  # it ended at that very moment
                killed = False
        assert self.process.stdout.readline() == "ended\n"
        return killed

    def close(self) -> None:
        """Let it end."""
        self.process.communicate(timeout=10)


class Harness:
    """A store, a desk, and somebody who pulls the plug.

    :param cast: how many people there are: two for each round.
    """

    def __init__(self, folder: Path, sandbox: Sandbox, seed: int) -> None:
        self.sandbox = sandbox
        self.chance = random.Random(seed)  # noqa: S311 - moments of a test
        self.tally = Tally()
        plastic = sandbox.card("brindille")
        keys = both_keys()
        self.profile = Profile(
            folder=str(folder / "desk"),
            keys={name: (key.key.hex(), key.salt.hex()) for name, key in keys.by_database.items()},
            base_url=sandbox.base_url,
            insi_url=sandbox.insi_url,
            authority=str(sandbox.authority),
            signature=(str(plastic.signature.certificate), str(plastic.signature.key)),
            authentication=(str(plastic.authentication.certificate), str(plastic.authentication.key)),
        )
        open_desk(self.profile).close()
        credentials = wire_sandbox.credentials(sandbox)
        author = wire_sandbox.author(credentials)
        # Files the documents that rounds act upon, from another post.
        self.other = ActsDesk(
            folder / "other", both_keys(), wire_sandbox.settings(sandbox), credentials, author, SystemClock()
        )

    def run(self, kills: int, lives: int) -> Tally:
        """Rounds until so many kills fell within a life; at most ``lives``, the first three to warm up."""
        started = time.perf_counter()
        player = Player(self.profile)
        try:
            spent = []
            for number in range(3):
                began = time.perf_counter()
                one = self._round(number)
                player.play(one, None)
                spent.append(time.perf_counter() - began)
                self._look(one)
            while self.tally.kills < kills and self.tally.rounds < lives - 3:
                one = self._round(3 + self.tally.rounds)
                self._misbehave()
                self.tally.kills += player.play(one, self.chance.uniform(0, max(spent[1:])))
                self.tally.rounds += 1
                self.sandbox.faults.clear()
                self._look(one)
        finally:
            player.close()
            self.other.close()
        self.tally.seconds = time.perf_counter() - started
        return self.tally

    def _round(self, index: int) -> Round:
        number = index * AT_ONCE
        acts = tuple(self.chance.choice(sorted(ACTS)) for _ in range(AT_ONCE))
        filed = []
        for position, name in enumerate(acts):
            who = number + position
            if not name.startswith("opening"):
                state = DossierState.CLOSED if name == "reactivation" else DossierState.ACTIVE
                settled(self.sandbox, who, self.other.author.professional, state)
            if name == "authorisation":
                self.sandbox.store.withdraw(patient(who).ins, self.other.author.professional)
            entry = self.other.filed(who) if name in ON_DOCUMENTS else None
            filed.append((entry.entry_uuid, entry.logical_id) if entry else ("", ""))
        return Round(number, acts, tuple(filed))

    def _misbehave(self) -> None:
        if self.chance.random() < 0.4:
            kind = self.chance.choice(sorted(FaultKind))
            self.tally.faults[kind.value] += 1
            # The first messages of a life go to questions: spare some of them.
            self.sandbox.faults.order(Fault(kind, times=self.chance.choice((1, 1, 2)), seconds=0.05, count=40))

    # -- what is left -------------------------------------------------------------------------------------------------

    def _look(self, one: Round) -> None:
        """What the restarted program finds, and makes of it."""
        desk = open_desk(self.profile)  # verifies the journal
        try:
            desk.store.database.check()
            desk.clinical.database.check()
            events = [
                event
                for position in range(len(one.acts))
                for event in desk.store.outbox.of_dossier(
                    desk.store.patients.dossier_key(patient(one.number + position).ins)
                )
            ]
            for event in events:
                self.tally.found[event.state.value] += 1
                if event.state is EventState.CONFIRMED and not self._there(event):
                    self.tally.unequal.append(f"{event.payload.kind} claimed too early")
            self._finish(desk)
            for position, name in enumerate(one.acts):
                self._compare(desk, one, position, name)
                if name in ON_DOCUMENTS:
                    self._read_again(desk, one.number + position)
        finally:
            desk.close()

    def _finish(self, desk: ActsDesk) -> None:
        for _ in range(TRIES):
            desk.engine.run(desk.author)
            waiting = [event for event in desk.store.outbox.waiting() if event.state is EventState.WAITING]
            if not waiting:
                return
            for event in waiting:
                desk.store.outbox.release(event.id, desk.author)

    def _compare(self, desk: ActsDesk, one: Round, position: int, name: str) -> None:
        who = patient(one.number + position)
        events = desk.store.outbox.of_dossier(desk.store.patients.dossier_key(who.ins))
        if not events:
            self.tally.ended["not captured"] += 1
        for event in events:
            ended, there = desk.now(event), self._there(event)
            self.tally.acts += 1
            self.tally.ended[ended.state.value] += 1
            self.tally.doubled += there > 1
            if ended.state is EventState.CONFIRMED:
                self.tally.lost += not there
            elif ended.state is EventState.REFUSED:
                echoed = ended.cause == "already-open" and isinstance(event.payload, Opening)
                if there and not echoed:
                    self.tally.unequal.append(f"{name}: refused here ({ended.cause}), done there")
            else:
                self.tally.unequal.append(f"{name}: {ended.state} ({ended.cause})")
            if isinstance(event.payload, Deposit):
                kept = desk.clinical.drafts.get(event.payload.draft) is not None
                if kept != (ended.state is EventState.REFUSED):
                    self.tally.unequal.append(f"{name}: {ended.state}, draft {'kept' if kept else 'purged'}")

    def _read_again(self, desk: ActsDesk, number: int) -> None:
        """The copy ends as the store is, contents included."""
        read_again(desk, number)
        kept = desk.clinical.shelf.entries(desk.reader(number))
        here = {one.entry.entry_uuid for one in kept if one.content_here}
        filed = self.sandbox.store.registry.entries(patient(number).ins.value)
        there = {one.uuid for one in filed if one.status != DocumentStatus.DELETED and b"E1762" not in one.xml}
        if here != there:
            self.tally.unequal.append(f"copy: {len(here)} here, {len(there)} there")

    def _there(self, event: Event) -> int:
        """How many times the store did it."""
        payload, store = event.payload, self.sandbox.store
        assert payload.ins is not None
        match payload:
            case Opening():
                return self._done(event, "TD1.2" if payload.reactivation else "TD1.1")
            case AuthorisationChange():
                return len(store.grants(payload.ins))
            case Deposit():
                there = len(store.registry.by_unique_id([payload.unique_id]))
                return max(there, self._done(event, "TD2.1")) if there else 0
            case VisibilityChange():
                entry = store.registry.by_lid(payload.logical_id)
                return entry.version - 1 if entry else 0
            case StatusChange():
                entry = store.registry.by_lid(payload.logical_id)
                return int(entry is not None and entry.status == payload.wanted.value)
            case ContactChange():
                dossier = store.dossier(payload.ins)
                return int(dossier is not None and dossier.mobile == WANTED.mobile)

    def _done(self, event: Event, act: str) -> int:
        ins = event.payload.ins
        return len([one for one in self.sandbox.store.accesses(ins) if one.act == act and one.outcome == "OK"])


@contextmanager
def harness(folder: Path, pki_folder: Path, lives: int, seed: int) -> Iterator[Harness]:
    """Such a store and such a desk, with enough people for so many lives."""
    cast, people.PEOPLE = people.PEOPLE, tuple(patient(number) for number in range(AT_ONCE * lives))
    sandbox = Sandbox(folder / "central", pki_folder=pki_folder)
    try:
        sandbox.start()
        try:
            yield Harness(folder, sandbox, seed)
        finally:
            sandbox.stop()
    finally:
        people.PEOPLE = cast
