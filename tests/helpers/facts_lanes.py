"""Lanes that do their work at once, on the spot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from dmp_desktop.errors import DmpError
from dmp_desktop.ui.tasks import Lane

T = TypeVar("T")


class Done:
    """Work that is over."""

    def cancel(self) -> None:
        """Nothing is left to cancel."""


class AtOnce:
    """Runs everything when asked."""

    def run(
        self, lane: Lane, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[DmpError], None]
    ) -> Done:
        """Run ``work`` now, then one of the two callbacks."""
        try:
            found = work()
        except DmpError as error:
            failed(error)
        else:
            done(found)
        return Done()
