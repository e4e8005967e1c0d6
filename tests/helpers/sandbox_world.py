"""A running sandbox for a test. Keys and certificates are made once per session; the store is new each time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.sandbox_wire import Speaker

from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sandbox.store import Store

_stores: dict[date, bytes] = {}


def lay_store(folder: Path, now: datetime) -> None:
    """Put a store as it is at first into a sandbox's folder: the cast and its documents are written once per session.

    :param now: the sandbox's time.
    """
    path = folder / "store.db"
    folder.mkdir(parents=True, exist_ok=True)
    if now.date() in _stores:
        path.write_bytes(_stores[now.date()])
    else:
        Store(path, people.PEOPLE, now).close()
        _stores[now.date()] = path.read_bytes()


@pytest.fixture(scope="session")
def sandbox_pki_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the certificates, shared by every sandbox of the session."""
    return tmp_path_factory.mktemp("sandbox-pki")


@pytest.fixture
def sandbox_clock() -> HandClock:
    """The store's clock."""
    return HandClock()


@pytest.fixture
def sandbox(tmp_path: Path, sandbox_pki_folder: Path, sandbox_clock: HandClock) -> Iterator[Sandbox]:
    """A sandbox that listens on a free port, with the cast as it is at first."""
    lay_store(tmp_path / "sandbox", sandbox_clock.now())
    made = Sandbox(tmp_path / "sandbox", sandbox_clock, pki_folder=sandbox_pki_folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def doctor(sandbox: Sandbox) -> Speaker:
    """Dr Brindille at the wire."""
    return Speaker(sandbox)
