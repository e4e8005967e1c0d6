"""Dr Brindille signed in, over mutual TLS to a store that answers what a test tells it. Import the fixtures by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from helpers import documents_world as world
from helpers import wire_world
from helpers.clocks import HandClock
from helpers.wire_store import Store

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain import oids
from dmp_desktop.domain.document import DocumentEntry, DocumentStatus
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.documents import Documents
from dmp_desktop.sync.gateway import Gateway

INS = world.ins()


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> wire_world.Pki:
    """Certificates of the module."""
    return wire_world.make_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def store(pki: wire_world.Pki) -> Iterator[Store]:
    """A store that listens."""
    with Store(pki).running() as running:
        yield running


@pytest.fixture
def signer() -> wire_world.SoftSigner:
    """The card's signature key."""
    return wire_world.signer()


@pytest.fixture
def documents(pki: wire_world.Pki, store: Store, signer: wire_world.SoftSigner) -> Iterator[Documents]:
    """Signed in as Dr Brindille."""
    settings = StoreSettings(
        base_url=store.url,
        authority=pki.authority,
        ins_oid=oids.INS_NIR_TEST,
        software_oid=world.SOURCE,
        timeout_seconds=5,
    )
    gateway = Gateway(settings, HandClock(wire_world.NOW), Disputed(document_bytes=1_000_000), address=("4 rue",))
    gateway.sign_in(replace(wire_world.credentials(), signer=signer, install_tls_key=pki.install_tls_key))
    yield gateway.documents
    gateway.close()


def described(name: str = "1", **held: str) -> DocumentEntry:
    """A description that the store gave before."""
    code = Code("11488-4", oids.LOINC)
    made = DocumentEntry(
        f"urn:uuid:{name}", f"urn:uuid:{name}", f"1.2.{name}", DocumentStatus.APPROVED, "", code, code, code
    )
    return replace(made, **held)  # type: ignore[arg-type]
