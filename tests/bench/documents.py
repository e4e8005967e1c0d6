"""Documents: deposits against a bare HTTP loop of the same bytes, a long list against lxml alone, memory over size."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import httpx
from bench.harness import Case, Work
from helpers import documents_registry as registry
from helpers import documents_world as world
from helpers import wire_world
from helpers.clocks import HandClock
from helpers.documents_registry import Registry
from helpers.wire_store import Store
from lxml import etree

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain import oids
from dmp_desktop.domain.document import DocumentContent, MediaType, Submission
from dmp_desktop.reading import cda_source
from dmp_desktop.sync import cda, mtom, tls, xds_reading, xmlsafe
from dmp_desktop.sync.gateway import Gateway

_ENTRIES = 1_000
_MEGABYTES = 20
_SLOTS = (
    "creationTime",
    "hash",
    "languageCode",
    "legalAuthenticator",
    "repositoryUniqueId",
    "serviceStartTime",
    "serviceStopTime",
    "size",
    "sourcePatientId",
    "sourcePatientInfo",
)
_BODY = world.PDF + bytes(60_000)


@contextmanager
def _deposits() -> Iterator[tuple[Work, Work]]:
    """Both sides post the same number of bytes to the same store, over the same kind of connection."""
    with tempfile.TemporaryDirectory() as folder:
        pki = wire_world.make_pki(Path(folder))
        with Store(pki).running() as store:
            store.answer = Registry(lambda seen: registry.response())
            settings = StoreSettings(
                base_url=store.url, authority=pki.authority, ins_oid=oids.INS_NIR_TEST, software_oid=world.SOURCE
            )
            gateway = Gateway(settings, HandClock(wire_world.NOW))
            gateway.sign_in(replace(wire_world.credentials(), install_tls_key=pki.install_tls_key))
            numbers = count(1)

            def submission() -> Submission:
                number = next(numbers)
                return world.submission(world.document(number=number, body=world.content(_BODY)), number=number)

            gateway.documents.deposit(submission(), world.ODILE)
            sent = store.seen[-1]
            headers = {"Content-Type": sent.headers["Content-Type"]}
            context = tls.client_context(pki.authority, pki.install_tls_key)
            with httpx.Client(verify=context, trust_env=False) as client:

                def ours() -> None:
                    store.seen.clear()
                    for _ in range(5):
                        gateway.documents.deposit(submission(), world.ODILE)

                def least() -> None:
                    store.seen.clear()
                    for _ in range(5):
                        client.post(f"{store.url}/repository", content=sent.content, headers=headers)

                yield ours, least
            gateway.close()


@contextmanager
def _list() -> Iterator[tuple[Work, Work]]:
    author = registry.slot("authorPerson", "899700000017^BRINDILLE^AURORE^^^^^^&amp;1.2.3&amp;ISO^D^^^IDNPS")
    name = '<Name><LocalizedString charset="UTF8" value="Libellé" xml:lang="FR"/></Name>'
    inside = registry.slot("codingScheme", "1.2.3") + name
    coded = "".join(
        f'<Classification classificationScheme="{scheme}" nodeRepresentation="10">{inside}</Classification>'
        for scheme in (oids.XDS_ENTRY_CLASS, oids.XDS_ENTRY_FORMAT, oids.XDS_ENTRY_FACILITY, oids.XDS_ENTRY_PRACTICE)
    )
    written = f'<Classification classificationScheme="{oids.XDS_ENTRY_AUTHOR}">{author}</Classification>'
    slots = "".join(registry.slot(name, "20260414083000") for name in _SLOTS)
    entries = "".join(
        registry.entry(f"{number:036d}", slots=slots).replace("<VersionInfo", coded + written + "<VersionInfo")
        for number in range(_ENTRIES)
    )
    data = registry.found(entries).encode()
    yield (lambda: xds_reading.read(xmlsafe.parse(data))), (lambda: etree.fromstring(data))


DEPOSIT = Case(
    "deposit", "five deposits of 60 kB, written, signed by a key in memory and sent", "the same bytes posted", _deposits
)
LIST = Case("list", f"a TD3.1 answer of {_ENTRIES} documents read into values", "lxml's parse alone", _list)


def memory() -> str:
    """Two lines: what a large document costs in memory, sent and received. Python's own allocations are counted."""
    size = _MEGABYTES * 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.pdf"
        with path.open("wb") as file:
            file.write(b"%PDF-1.4 pdfaid:part>1<")
            file.truncate(size)
        content = DocumentContent(MediaType.PDF, size, lambda: path.open("rb"))

        def message() -> mtom.Outgoing:
            file = cda.write(world.document(body=content), world.ODILE, world.DOCTOR, world.CUSTODIAN)
            return mtom.write(b"<a/>", "urn:a", [mtom.Attachment("a", file.size, file.chunks)])

        def send() -> None:
            for _ in message().chunks():
                pass

        def receive() -> None:
            coming = message()
            cda_source.read(mtom.read(coming.content_type, coming.chunks()).parts["a"])

        return "\n".join(
            f"memory: a document of {_MEGABYTES} MB {words} costs {_peak(work) / size:.2f} times its size at most"
            for work, words in ((send, "sent"), (receive, "received and decoded"))
        )


def _peak(work: Work) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
