"""The measuring harness takes turns and tells ratios."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bench.harness import Case, Result, Work, measure, table


def test_both_sides_run_in_turn() -> None:
    """A busy moment of the machine falls on both sides: A B A B, warm-up turns run and not counted."""
    order: list[str] = []

    @contextmanager
    def prepare() -> Iterator[tuple[Work, Work]]:
        order.append("open")
        yield (lambda: order.append("ours")), (lambda: order.append("least"))
        order.append("close")

    result = measure(Case("x", "ours", "least", prepare, rounds=3, warm_up=1))
    assert order == ["open", *(["ours", "least"] * 4), "close"]
    assert (len(result.ours), len(result.least)) == (3, 3)


@contextmanager
def _nothing() -> Iterator[tuple[Work, Work]]:
    yield (lambda: None), (lambda: None)


def test_the_ratio_is_that_of_a_usual_turn() -> None:
    """One stalled turn does not move the ratio, and shows in the spread."""
    result = Result(Case("x", "ours", "least", _nothing), ours=(0.2, 0.2, 5.0), least=(0.1, 0.1, 0.1))
    assert result.ratio == 2.0
    assert result.spread == (2.0, 50.0)
    row = table([result]).splitlines()[1]
    assert row.split() == ["x", "200.0", "ms", "100.0", "ms", "3", "2.00", "2.00", "–", "50.00"]
