"""A clock whose hands are moved by the test."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 4, 14, 7, 12, tzinfo=UTC)


class HandClock:
    """Stands still until told otherwise."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start

    def now(self) -> datetime:
        """Where the hands are."""
        return self.time

    def forward(self, **delta: float) -> None:
        """Move the hands."""
        self.time += timedelta(**delta)
