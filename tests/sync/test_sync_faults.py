"""Every way the store can misbehave, in every transaction that acts and refreshes use: both sides end alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from helpers.sandbox_world import sandbox_pki_folder
from helpers.store_acts import BEFORE, WANTED, opening, patient, settled
from helpers.store_town import Town, town

from dmp_desktop.domain.acts import Deposit
from dmp_desktop.domain.document import DocumentStatus
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.events import Event, EventState
from dmp_desktop.errors import DmpError
from dmp_desktop.sandbox.faults import Fault, FaultKind, Transaction
from dmp_desktop.sync.refresh import RefreshOutcome

__all__ = ["sandbox_pki_folder", "town"]

PASSES = 6


Begin = Callable[[Town, int], Event]
There = Callable[[Town, int, Event], int]
"""How many times the store did it."""


@dataclass(frozen=True)
class Errand:
    """One kind of act, the transactions it goes through, and what the store shows of it."""

    name: str
    through: tuple[Transaction, ...]
    begin: Begin
    there: There


def _opened(town: Town, number: int) -> Event:
    return town.desk.store.outbox.add(opening(number), town.desk.author)


def _reactivated(town: Town, number: int) -> Event:
    settled(town.sandbox, number, town.desk.author.professional, DossierState.CLOSED)
    return town.desk.store.outbox.add(opening(number, reactivation=True), town.desk.author)


def _active(town: Town, number: int) -> None:
    settled(town.sandbox, number, town.desk.author.professional)


def _authorised(town: Town, number: int) -> Event:
    _active(town, number)
    town.sandbox.store.withdraw(patient(number).ins, town.desk.author.professional)
    return town.desk.authorise(number)


def _deposited(town: Town, number: int) -> Event:
    _active(town, number)
    return town.desk.deposit(number)


def _masked(town: Town, number: int) -> Event:
    _active(town, number)
    town.entries[number] = town.desk.filed(number)
    return town.desk.mask(number, town.entries[number])


def _put_away(wanted: DocumentStatus) -> Begin:
    def begin(town: Town, number: int) -> Event:
        _active(town, number)
        town.entries[number] = town.desk.filed(number)
        return town.desk.file(number, town.entries[number], wanted)

    return begin


def _contacted(town: Town, number: int) -> Event:
    _active(town, number)
    return town.desk.contact(number)


def _done(act: str) -> There:
    def there(town: Town, number: int, _event: Event) -> int:
        accesses = town.sandbox.store.accesses(patient(number).ins)
        return len([one for one in accesses if one.act == act and one.outcome == "OK"])

    return there


def _grants(town: Town, number: int, _event: Event) -> int:
    return len(town.sandbox.store.grants(patient(number).ins))


def _documents(town: Town, number: int, event: Event) -> int:
    assert isinstance(event.payload, Deposit)
    return len(town.sandbox.store.registry.by_unique_id([event.payload.unique_id]))


def _versions(town: Town, number: int, _event: Event) -> int:
    entry = town.sandbox.store.registry.by_lid(town.entries[number].logical_id)
    assert entry is not None
    return entry.version - 1


def _status(wanted: DocumentStatus) -> There:
    def there(town: Town, number: int, _event: Event) -> int:
        entry = town.sandbox.store.registry.by_lid(town.entries[number].logical_id)
        return int(entry is not None and entry.status == wanted.value)

    return there


def _mobile(town: Town, number: int, _event: Event) -> int:
    dossier = town.sandbox.store.dossier(patient(number).ins)
    assert dossier is not None and dossier.mobile in {BEFORE.mobile, WANTED.mobile}
    return int(dossier.mobile == WANTED.mobile)


T = Transaction
ERRANDS = (
    Errand("opening", (T.EXISTENCE, T.CREATION), _opened, _done("TD1.1")),
    Errand("reactivation", (T.REACTIVATION,), _reactivated, _done("TD1.2")),
    Errand("authorisation", (T.AUTHORISATION,), _authorised, _grants),
    Errand("deposit", (T.DEPOSIT,), _deposited, _documents),
    Errand("mask", (T.FIND, T.VISIBILITY), _masked, _versions),
    Errand("archive", (T.ARCHIVE,), _put_away(DocumentStatus.ARCHIVED), _status(DocumentStatus.ARCHIVED)),
    Errand("deletion", (T.DELETION,), _put_away(DocumentStatus.DELETED), _status(DocumentStatus.DELETED)),
    Errand("contact", (T.DATA, T.CHANGE), _contacted, _mobile),
)
CASES = [
    pytest.param(errand, on, kind, id=f"{errand.name}-{on}-{kind}")
    for errand in ERRANDS
    for on in errand.through
    for kind in FaultKind
]


@pytest.mark.parametrize(("errand", "on", "kind"), CASES)
def test_whatever_goes_wrong_an_act_ends_alike_on_both_sides(
    town: Town, errand: Errand, on: Transaction, kind: FaultKind
) -> None:
    """Confirmed here: done there, once. Refused here: not done there. It always ends, and nothing else is left."""
    number = town.someone()
    event = errand.begin(town, number)
    town.sandbox.faults.order(Fault(kind, on=on, seconds=0.02, count=40))
    for _ in range(PASSES):
        town.desk.engine.run(town.desk.author)
        if town.desk.now(event).state in {EventState.CONFIRMED, EventState.REFUSED}:
            break
        town.clock.forward(minutes=1)
    ended, there = town.desk.now(event), errand.there(town, number, event)
    assert town.sandbox.faults.pending() == ()
    if (kind, on) in {(FaultKind.DUPLICATE, T.CREATION), (FaultKind.DUPLICATE, T.REACTIVATION)}:
        # The second arrival is refused because of the first: told as a dossier that exists, and known as active.
        assert (ended.state, ended.cause, there) == (EventState.REFUSED, "already-open", 1)
        known = town.desk.store.patients.existence(event.dossier, town.desk.author)
        assert known is not None and known.state is DossierState.ACTIVE
    else:
        assert (ended.state, there) == ((EventState.REFUSED, 0) if kind is FaultKind.REFUSE else _ONCE)
    assert town.desk.store.outbox.due(town.clock.now(), town.desk.author) == ()


_ONCE = (EventState.CONFIRMED, 1)


@pytest.mark.parametrize("kind", FaultKind)
@pytest.mark.parametrize("on", [T.EXISTENCE, T.FIND, T.RETRIEVE])
def test_whatever_goes_wrong_a_refresh_learns_all_or_nothing(town: Town, on: Transaction, kind: FaultKind) -> None:
    """A refresh, or a reading, that met a fault left the copy as it was; the next one has everything."""
    number = town.someone()
    _active(town, number)
    entry = town.desk.filed(number)
    shelf, reader = town.desk.clinical.shelf, town.desk.reader(number)
    town.sandbox.faults.order(Fault(kind, on=on, seconds=0.02, count=40))
    try:
        town.desk.refresh(number)
        town.desk.gateway.documents.retrieve(patient(number).ins, [entry])
    except DmpError:
        assert kind not in {FaultKind.LATENCY, FaultKind.DUPLICATE}
        assert (shelf.entries(reader) == ()) == (on is not T.RETRIEVE)
    town.sandbox.faults.clear()
    assert town.desk.refresh(number).outcome is RefreshOutcome.DONE
    assert [kept.entry for kept in shelf.entries(reader)] == [entry]
    (read,) = town.desk.gateway.documents.retrieve(patient(number).ins, [entry]).documents
    assert read.unique_id == entry.unique_id
