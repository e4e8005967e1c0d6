"""Names of the pages of the window."""

from __future__ import annotations

from typing import Final

OPENING: Final = "opening"
WAITING: Final = "waiting"
READERS: Final = "readers"
SETTINGS: Final = "settings"
DAY: Final = "day"
PEOPLE: Final = "people"
PERSON: Final = "person"
RECORD: Final = "record"
DEPOSIT: Final = "deposit"
ACCESS: Final = "access"
UPKEEP: Final = "upkeep"
