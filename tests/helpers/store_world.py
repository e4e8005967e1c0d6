"""A desk's store for a test: real SQLCipher in a folder, a random key, acts of a fictional family."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from helpers.clocks import HandClock
from helpers.people import CABINET, GASPARD, ODILE, nir

from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cache.vault import DESK, Keys
from dmp_desktop.domain import oids
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import AccessChoice, Consent, Contact
from dmp_desktop.domain.events import Author, Opening
from dmp_desktop.domain.identifiers import Ins, Nir
from dmp_desktop.domain.identity import BirthDate, CardTraits, Sex, Traits

BRINDILLE = Author("899700000017", CABINET.structure.value, CABINET.sector, "Dr Aurore Brindille", CABINET.name)
GABARIT = Author("899700000025", CABINET.structure.value, CABINET.sector, "Dr Lucien Gabarit", CABINET.name)
INFORMED_AT = datetime(2026, 4, 14, 7, 10, tzinfo=UTC)
CONSENT = Consent("2026-11", INFORMED_AT, INFORMED_AT, BRINDILLE.professional, centre_15=True, break_glass=True)
HORTENSE = nir("2620599000321")


def ins(number: Nir = GASPARD) -> Ins:
    """An INS of the test domain."""
    return Ins(number, oids.INS_NIR_TEST)


def opening(
    number: Nir = GASPARD,
    reference: str = "OUV-2026-0414-0001",
    *,
    access: AccessChoice = AccessChoice.NOBODY,
    reactivation: bool = False,
) -> Opening:
    """An opening for Gaspard, or for whoever has that number."""
    return Opening(
        reference=reference,
        ins=ins(number),
        traits=Traits("CORNICHE", ("GASPARD",), Sex.MALE, BirthDate("19771111"), "99000"),
        card=CardTraits("CORNICHE", "GASPARD", BirthDate("19771111"), number, number),
        consent=CONSENT,
        access=access,
        contact=Contact(email="gaspard@exemple.test"),
        reactivation=reactivation,
    )


def provisional(reference: str = "OUV-2026-0414-0002") -> Opening:
    """An opening captured while INSi did not answer."""
    known = opening(reference=reference)
    return replace(known, ins=None, traits=known.card.provisional(), deferred_reason="INSi ne répondait pas")


def keys() -> Keys:
    """Unlocked keys, as a vault gives them."""
    return Keys({DESK: DatabaseKey.random()})


@contextmanager
def desk_store(folder: Path, clock: Clock | None = None, with_keys: Keys | None = None) -> Iterator[DeskStore]:
    """A store just made, closed at the end."""
    store = DeskStore.open(folder, with_keys or keys(), clock or HandClock(), create=True)
    try:
        yield store
    finally:
        store.close()


__all__ = ["BRINDILLE", "CONSENT", "GABARIT", "GASPARD", "HORTENSE", "ODILE", "desk_store", "ins", "opening"]
