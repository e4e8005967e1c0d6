"""Names of the pages of the window."""

from __future__ import annotations

from typing import Final

OPENING: Final = "opening"
WAITING: Final = "waiting"
READERS: Final = "readers"
SETTINGS: Final = "settings"
