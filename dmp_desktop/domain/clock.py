"""Time as a value handed in: everything that dates, expires or waits asks a clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")
"""Legal time of the practices served: what screens and papers tell. Everything kept is UTC."""


class Clock(Protocol):
    """Gives the present; tests hold one whose hands they move."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return datetime.now(UTC)
