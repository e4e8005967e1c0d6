"""Measure our work against the least that could do it, turn by turn, and tell the ratio.

The two sides run in turn (A B A B), so that a busy moment of the machine falls on both; the ratio is the median of
the ratios of each turn. Seconds are printed to give an idea; only ratios can be compared from machine to machine.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]


class Unmeasurable(Exception):
    """The case needs something this machine has not; its message says what."""


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison.

    :ivar name: as given on the command line.
    :ivar ours: what is measured, ``least``: what it is measured against, in words.
    :ivar prepare: opens what both need and gives the two works (ours, least).
    """

    name: str
    ours: str
    least: str
    prepare: Callable[[], AbstractContextManager[tuple[Work, Work]]]
    rounds: int = 15
    warm_up: int = 2


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of each turn, in order."""

    case: Case
    ours: tuple[float, ...]
    least: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Median over the turns of ours / least."""
        return median(a / b for a, b in zip(self.ours, self.least, strict=True))

    @property
    def spread(self) -> tuple[float, float]:
        """Lowest and highest ratio of a turn."""
        ratios = [a / b for a, b in zip(self.ours, self.least, strict=True)]
        return min(ratios), max(ratios)


def measure(case: Case) -> Result:
    """Run both sides in turn.

    :raises Unmeasurable: from the case's preparation.
    """
    ours: list[float] = []
    least: list[float] = []
    with case.prepare() as (our_work, least_work):
        for turn in range(case.warm_up + case.rounds):
            for work, seconds in ((our_work, ours), (least_work, least)):
                spent = _timed(work)
                if turn >= case.warm_up:
                    seconds.append(spent)
    return Result(case, tuple(ours), tuple(least))


def _timed(work: Work) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def process(*arguments: str, environment: Mapping[str, str]) -> Work:
    """A work that is a whole process of this interpreter, from its start to its end."""

    def run() -> None:
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"exit status {done.returncode}:\n{done.stderr}")

    return run


def table(results: Iterable[Result]) -> str:
    """One line per result, ratio last."""
    rows = [("case", "ours (median)", "least (median)", "turns", "ratio", "from – to")]
    for one in results:
        low, high = one.spread
        rows.append(
            (
                one.case.name,
                f"{median(one.ours) * 1000:.1f} ms",
                f"{median(one.least) * 1000:.1f} ms",
                str(len(one.ours)),
                f"{one.ratio:.2f}",
                f"{low:.2f} – {high:.2f}",
            )
        )
    return "\n".join(_aligned(rows))


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
