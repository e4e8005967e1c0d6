"""Questions about one patient: against a bare HTTP loop of the same bytes, and how often the card signs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from bench.harness import Case, Work
from helpers import wire_answers, wire_world
from helpers.clocks import HandClock
from helpers.wire_store import Seen, Store, Told

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain import oids
from dmp_desktop.sync import hl7v3_existence, tls
from dmp_desktop.sync.gateway import Gateway

_QUESTIONS = 100


def _answer(seen: Seen) -> Told:
    asked = wire_answers.Asked.of(seen.content)
    body = wire_answers.existence(asked)
    return Told(wire_answers.envelope(asked, hl7v3_existence.ANSWER_ACTION, body), date=wire_world.NOW)


@contextmanager
def _world() -> Iterator[tuple[Store, Gateway, wire_world.SoftSigner, wire_world.Pki]]:
    with tempfile.TemporaryDirectory() as folder:
        pki, signer = wire_world.make_pki(Path(folder)), wire_world.signer()
        with Store(pki).running() as store:
            store.answer = _answer
            settings = StoreSettings(base_url=store.url, authority=pki.authority, ins_oid=oids.INS_NIR_TEST)
            gateway = Gateway(settings, HandClock(wire_world.NOW))
            gateway.sign_in(replace(wire_world.credentials(), signer=signer, install_tls_key=pki.install_tls_key))
            yield store, gateway, signer, pki
            gateway.close()


@contextmanager
def _questions() -> Iterator[tuple[Work, Work]]:
    with _world() as (store, gateway, _, pki):
        gateway.existence(wire_world.ODILE)
        sent = store.seen[0].content
        client = httpx.Client(verify=tls.client_context(pki.authority, pki.install_tls_key))
        try:
            yield (
                lambda: [gateway.existence(wire_world.ODILE) for _ in range(20)],
                lambda: [client.post(f"{store.url}/patients", content=sent).content for _ in range(20)],
            )
        finally:
            client.close()


CASE = Case("questions", "20 existence tests by the gateway", "httpx posting the same bytes", _questions, rounds=7)


def signatures() -> str:
    """One line: how often the card signed for a hundred questions about one patient."""
    with _world() as (_, gateway, signer, _):
        for _ in range(_QUESTIONS):
            gateway.existence(wire_world.ODILE)
        return f"signatures: the card signed {signer.signatures} time(s) for {_QUESTIONS} questions about one patient"
