"""The sandbox misbehaves on order, and only as ordered."""

from __future__ import annotations

import http.client
import threading
from email.utils import parsedate_to_datetime

import pytest
from helpers.clocks import HandClock
from helpers.sandbox_wire import Speaker
from lxml import etree

from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.faults import Fault, FaultKind, Faults, Transaction
from dmp_desktop.sandbox.sandbox import Sandbox

_ODILE = people.person("odile").ins


def _creations(sandbox: Sandbox) -> list[str]:
    return [a.outcome for a in sandbox.store.accesses(_ODILE) if a.act == Transaction.CREATION]


def test_cut_before(sandbox: Sandbox, doctor: Speaker) -> None:
    """Cut before: nothing was done."""
    sandbox.faults.order(Fault(FaultKind.CUT_BEFORE))
    with pytest.raises((http.client.HTTPException, OSError)):
        doctor.create("odile")
    assert sandbox.store.dossier(_ODILE) is None


def test_cut_after(sandbox: Sandbox, doctor: Speaker) -> None:
    """Cut after: it was done, and the answer is lost."""
    sandbox.faults.order(Fault(FaultKind.CUT_AFTER))
    with pytest.raises((http.client.HTTPException, OSError)):
        doctor.create("odile")
    assert sandbox.store.dossier(_ODILE) is not None


def test_cut_in_the_answer(sandbox: Sandbox, doctor: Speaker) -> None:
    """Cut in the answer: it was done, and the answer stops at the byte ordered."""
    sandbox.faults.order(Fault(FaultKind.CUT_ANSWER, count=100))
    with pytest.raises(http.client.IncompleteRead) as caught:
        doctor.create("odile")
    assert len(caught.value.partial) == 100
    assert sandbox.store.dossier(_ODILE) is not None


def test_refuse(sandbox: Sandbox, doctor: Speaker) -> None:
    """Refuse: the code ordered, nothing done."""
    sandbox.faults.order(Fault(FaultKind.REFUSE, code="DMPQuelconque", text="Refus d’essai"))
    answer = doctor.create("odile")
    assert (answer.status, answer.fault, answer.reason) == (500, "DMPQuelconque", "Refus d’essai")
    assert sandbox.store.dossier(_ODILE) is None


def test_duplicate(sandbox: Sandbox, doctor: Speaker) -> None:
    """Duplicate: the request arrives twice; one dossier, and the answer of the second."""
    sandbox.faults.order(Fault(FaultKind.DUPLICATE))
    answer = doctor.create("odile")
    assert answer.one("//h:acknowledgementDetail/h:code/@code") == "DMPFound"
    assert _creations(sandbox) == ["OK", "DMPFound"]


def test_server_error(sandbox: Sandbox, doctor: Speaker) -> None:
    """Server error: a page in HTML with HTTP 500, nothing done."""
    sandbox.faults.order(Fault(FaultKind.SERVER_ERROR))
    answer = doctor.create("odile")
    assert answer.status == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert sandbox.store.dossier(_ODILE) is None


@pytest.mark.parametrize("kind", [FaultKind.GARBAGE, FaultKind.TRUNCATED])
def test_unreadable_answer(sandbox: Sandbox, doctor: Speaker, kind: FaultKind) -> None:
    """Garbage and truncated XML: HTTP is sound, the content is not."""
    sandbox.faults.order(Fault(kind))
    answer = doctor.create("odile")
    assert answer.status == 200
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(answer.body)
    assert sandbox.store.dossier(_ODILE) is not None


def test_latency_holds_one_message_only(sandbox: Sandbox, doctor: Speaker) -> None:
    """Latency: one message waits while the others are answered; stopping the sandbox ends the wait."""
    sandbox.faults.order(Fault(FaultKind.LATENCY, Transaction.CREATION, seconds=600))
    ended = threading.Event()

    def slow() -> None:
        with pytest.raises((http.client.HTTPException, OSError)):
            doctor.create("odile")
        ended.set()

    thread = threading.Thread(target=slow)
    thread.start()
    assert doctor.existence("ernest").status == 200
    sandbox.stop()
    assert ended.wait(10)
    thread.join()


def test_latency_then_answer(sandbox: Sandbox, doctor: Speaker) -> None:
    """A short wait, then the true answer."""
    sandbox.faults.order(Fault(FaultKind.LATENCY, seconds=0.01))
    assert doctor.existence("ernest").one("//h:queryResponseCode/@code") == "OK"


def test_clock_skew(sandbox: Sandbox, doctor: Speaker, sandbox_clock: HandClock) -> None:
    """A store ten minutes ahead says so in its Date header, and finds the VIHF of a short life expired."""
    sandbox.faults.skew(1200)
    answer = doctor.existence("ernest")
    assert answer.fault == "MessageExpired"
    assert (parsedate_to_datetime(answer.headers["date"]) - sandbox_clock.now()).total_seconds() == 1200
    sandbox.faults.clear()
    assert doctor.existence("ernest").fault == ""


def test_orders_are_counted() -> None:
    """An order spoils as many messages as it says, of the transaction it names, and can be taken back."""
    faults = Faults()
    twice, forever = Fault(FaultKind.GARBAGE, Transaction.CREATION, times=2), Fault(FaultKind.REFUSE, times=None)
    faults.order(twice)
    assert faults.take(Transaction.EXISTENCE) == ()
    assert faults.take(None) == ()
    assert [faults.take(Transaction.CREATION) for _ in range(3)] == [(twice,), (twice,), ()]
    faults.order(forever)
    assert [faults.take(None) for _ in range(3)] == [(forever,)] * 3
    assert faults.pending() == (forever,)
    faults.clear()
    assert faults.take(None) == ()
