"""Unlocked keys, as a way into the vault gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dmp_desktop.cache.slots import DatabaseKey

DESK = "desk"
CLINICAL = "clinical"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Unlocked keys, one per store this way in may open. Keep them short-lived; they never print.

    :ivar coming: the keys that take their place, while a change of keys is not finished.
    """

    by_database: dict[str, DatabaseKey]
    coming: dict[str, DatabaseKey] = field(default_factory=dict)

    @property
    def desk(self) -> DatabaseKey:
        """Key of ``desk.db``."""
        return self.by_database[DESK]

    @property
    def clinical(self) -> DatabaseKey | None:
        """Key of ``clinical.db``; ``None`` when this way in does not open it (reception, passphrase, keyring)."""
        return self.by_database.get(CLINICAL)

    @property
    def desk_only(self) -> Keys:
        """The same without the clinical keys."""
        return Keys(
            {name: key for name, key in self.by_database.items() if name == DESK},
            {name: key for name, key in self.coming.items() if name == DESK},
        )

    def every(self) -> Iterator[DatabaseKey]:
        """Each key, those to come included."""
        yield from self.by_database.values()
        yield from self.coming.values()

    def __repr__(self) -> str:
        return "Keys(…)"
