"""Real PC/SC, virtual Vitale: seen, read, pulled, swapped, held by another program, lost with the service."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import smartcard.scard as scard
from helpers.cards_desk import WatchedDesk
from helpers.cards_links import FAMILY, number
from helpers.cards_pcscd import PrivatePcscd
from helpers.clocks import HandClock

from dmp_desktop.cards.pcsc import BUSY_STEPS, PcscSystem
from dmp_desktop.cards.vitale import read_inserted, read_vitale
from dmp_desktop.config import CardSettings
from dmp_desktop.domain.identity import VitaleReading
from dmp_desktop.domain.readers import (
    CardFamily,
    CardRemoved,
    CardServiceDown,
    NoCard,
    ReaderBusy,
    ReaderChange,
    ReaderGone,
)
from dmp_desktop.errors import Cancelled
from dmp_desktop.sandbox.cards.virtual_vitale import Holder, VirtualVitale

pytestmark = pytest.mark.integration

_OTHER = (Holder("MIRABELLE", "ERNEST", "19510203", number("1510299000777")),)


def _read(desk: WatchedDesk, reader: str) -> VitaleReading:
    return read_inserted(desk.system, reader, CardFamily.VITALE_2, HandClock())


def _insert(desk: WatchedDesk, pcscd: PrivatePcscd, chip: VirtualVitale, *, slot: int = 1) -> None:
    pcscd.slots[slot].insert(chip)
    (event,) = desk.wait(ReaderChange.CARD_IN)
    assert (event.reader, event.family, event.atr) == (pcscd.readers[slot], CardFamily.VITALE_2, chip.atr)


def _pull(desk: WatchedDesk, pcscd: PrivatePcscd, *, slot: int = 1) -> None:
    pcscd.slots[slot].remove()
    (event,) = desk.wait(ReaderChange.CARD_OUT)
    assert event.reader == pcscd.readers[slot]


def test_a_card_is_seen_read_twice_and_swapped(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """Inserted, read, read again, changed for another: each step seen, each reading of its own card."""
    reader = pcscd.readers[1]
    with pytest.raises(NoCard):
        desk.system.connect(reader)
    _insert(desk, pcscd, VirtualVitale(FAMILY))
    first, again = _read(desk, reader), _read(desk, reader)
    assert [person.given_name for person in first.beneficiaries] == [holder.given_name for holder in FAMILY]
    assert first.fingerprint == again.fingerprint
    _pull(desk, pcscd)
    _insert(desk, pcscd, VirtualVitale(_OTHER, short_files=False))
    other = _read(desk, reader)
    assert other.beneficiaries[0].name == "MIRABELLE"
    assert other.fingerprint != first.fingerprint
    _pull(desk, pcscd)


def test_two_slots_live_apart(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """Two cards at once are read each in its slot; pulling one leaves the other."""
    _insert(desk, pcscd, VirtualVitale(FAMILY), slot=0)
    _insert(desk, pcscd, VirtualVitale(_OTHER, serial="80250000009900000025"), slot=1)
    left, right = (_read(desk, reader) for reader in pcscd.readers)
    assert (len(left.beneficiaries), len(right.beneficiaries)) == (4, 1)
    _pull(desk, pcscd, slot=0)
    assert _read(desk, pcscd.readers[1]).beneficiaries[0].name == "MIRABELLE"
    _pull(desk, pcscd, slot=1)


def test_a_card_pulled_at_any_command_is_a_removal(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """Whatever the moment of the reading, the removal is said and nothing is half read."""
    reader = pcscd.readers[1]
    _insert(desk, pcscd, VirtualVitale(FAMILY))
    _read(desk, reader)
    commands = pcscd.slots[1].commands
    _pull(desk, pcscd)
    assert commands >= 8
    assert commands % 2 == 0
    # Two cards at a time: the driver's own slowness in seeing a card is then paid once for two moments.
    for moment in range(1, commands + 1, 2):
        for slot in (0, 1):
            pcscd.slots[slot].insert(VirtualVitale(FAMILY), pull_at=moment + slot)
        desk.wait(ReaderChange.CARD_IN, ReaderChange.CARD_IN)
        for slot in (0, 1):
            with pytest.raises((CardRemoved, NoCard)):
                _read(desk, pcscd.readers[slot])
        desk.wait(ReaderChange.CARD_OUT, ReaderChange.CARD_OUT)


def test_a_link_outlives_its_card_only_to_say_so(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """A card swapped under an open link gives CardRemoved, not the other card's answers."""
    _insert(desk, pcscd, VirtualVitale(FAMILY))
    link = desk.system.connect(pcscd.readers[1])
    _pull(desk, pcscd)
    _insert(desk, pcscd, VirtualVitale(_OTHER))
    with pytest.raises(CardRemoved):
        read_vitale(link, pcscd.readers[1], HandClock())
    link.close()
    link.close()
    with pytest.raises(CardRemoved):
        link.transmit(b"\x00\xa4\x00\x00\x02\x3f\x00")
    assert _read(desk, pcscd.readers[1]).beneficiaries[0].name == "MIRABELLE"
    _pull(desk, pcscd)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_the_service_dies_and_comes_back(pcscd: PrivatePcscd, desk: WatchedDesk, how: signal.Signals) -> None:
    """Readers and cards are gone, then back by themselves; the next reading works."""
    _insert(desk, pcscd, VirtualVitale(FAMILY))
    link = desk.system.connect(pcscd.readers[1])
    pcscd.stop(how)
    desk.wait(ReaderChange.READER_GONE, ReaderChange.CARD_OUT, ReaderChange.READER_GONE, ReaderChange.SERVICE_DOWN)
    with pytest.raises((CardServiceDown, CardRemoved)):
        link.transmit(b"\x00\xa4\x00\x00\x02\x3f\x00")
    link.close()
    with pytest.raises(CardServiceDown):
        desk.system.connect(pcscd.readers[1])
    pcscd.start()
    desk.wait(ReaderChange.SERVICE_UP, *[ReaderChange.READER_ADDED] * 2)
    _insert(desk, pcscd, VirtualVitale(FAMILY))
    assert len(_read(desk, pcscd.readers[1]).beneficiaries) == 4
    _pull(desk, pcscd)


def test_readers_may_all_be_unplugged(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """A service without readers is up and empty; an unknown reader is a reader gone."""
    pcscd.stop()
    desk.wait(*[ReaderChange.READER_GONE] * 2, ReaderChange.SERVICE_DOWN)
    pcscd.start(readers=False)
    desk.wait(ReaderChange.SERVICE_UP)
    with pytest.raises(ReaderGone):
        desk.system.connect(pcscd.readers[1])


@contextmanager
def _held(reader: str) -> Iterator[threading.Event]:
    """Another program that holds the card until told to let go."""
    let_go = threading.Event()
    holding = threading.Event()

    def hold() -> None:
        _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        _, handle, _ = scard.SCardConnect(context, reader, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0)
        holding.set()
        let_go.wait()
        scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(context)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert holding.wait(5)
        yield let_go
    finally:
        let_go.set()
        thread.join()


def test_a_card_held_by_billing_is_waited_for(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """Busy for a while: the reading waits, then succeeds. Busy too long: said so. Closing: given up at once."""
    reader = pcscd.readers[1]
    _insert(desk, pcscd, VirtualVitale(FAMILY))
    with _held(reader) as let_go:
        steps: list[float] = []

        def release_at_third(seconds: float) -> bool:
            steps.append(seconds)
            if len(steps) == 3:
                let_go.set()
                # The other program lets go in its own time: the waiting goes on meanwhile.
                threading.Event().wait(0.05)
            return False

        patient = PcscSystem(CardSettings(), release_at_third)
        assert len(read_inserted(patient, reader, CardFamily.VITALE_2, HandClock()).beneficiaries) == 4
        assert len(steps) >= 3
    with _held(reader):
        with pytest.raises(ReaderBusy):
            PcscSystem(CardSettings(), lambda seconds: False).connect(reader)
        with pytest.raises(Cancelled):
            PcscSystem(CardSettings(), lambda seconds: True).connect(reader)
    assert BUSY_STEPS * steps[0] >= 4, "billing software is given at least four seconds"
    _pull(desk, pcscd)
