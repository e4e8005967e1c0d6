"""A running sandbox for a test. Keys and certificates are made once per session; the store is new each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.sandbox_wire import Speaker

from dmp_desktop.sandbox.sandbox import Sandbox


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
    made = Sandbox(tmp_path / "sandbox", sandbox_clock, pki_folder=sandbox_pki_folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def doctor(sandbox: Sandbox) -> Speaker:
    """Dr Brindille at the wire."""
    return Speaker(sandbox)
