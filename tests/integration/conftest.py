"""The real pcscd for these tests, and for them alone."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from helpers import cards_pcscd
from helpers.cards_desk import WatchedDesk
from helpers.cards_pcscd import PrivatePcscd
from helpers.sandbox_world import sandbox_pki_folder

from dmp_desktop.cards.pcsc import PcscSystem
from dmp_desktop.config import CardSettings
from dmp_desktop.domain.readers import ReaderChange

__all__ = ["desk", "pcscd", "private_pcscd", "sandbox_pki_folder"]


@pytest.fixture(scope="session")
def private_pcscd(tmp_path_factory: pytest.TempPathFactory) -> PrivatePcscd:
    """One place for the daemon per run: the PC/SC library reads the name of its socket once per process."""
    lacks = cards_pcscd.missing()
    if lacks and os.environ.get("CI") == "true":
        pytest.fail(f"the integration tests need: {lacks}", pytrace=False)
    if lacks:
        pytest.skip(f"the integration tests need: {lacks}")
    daemon = PrivatePcscd(tmp_path_factory.mktemp("pcscd"))
    os.environ["PCSCLITE_CSOCK_NAME"] = str(daemon.socket)
    return daemon


@pytest.fixture
def pcscd(private_pcscd: PrivatePcscd) -> Iterator[PrivatePcscd]:
    """The daemon, running, its slots empty."""
    private_pcscd.start()
    yield private_pcscd
    for slot in private_pcscd.slots:
        slot.remove()
    private_pcscd.stop()


@pytest.fixture
def desk(pcscd: PrivatePcscd) -> Iterator[WatchedDesk]:
    """A card system that has seen the two empty slots; every event it tells afterwards must be awaited."""
    desk = WatchedDesk(PcscSystem(CardSettings(pkcs11_module=cards_pcscd.module())))
    desk.system.start(desk.told.put)
    try:
        desk.wait(ReaderChange.SERVICE_UP, ReaderChange.READER_ADDED, ReaderChange.READER_ADDED)
        yield desk
    finally:
        desk.system.stop()
    assert desk.told.empty(), f"not expected: {desk.told.get_nowait().change}"
