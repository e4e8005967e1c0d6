"""Reading a Vitale through the real PC/SC service against the sum of its commands alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event

from bench.harness import Case, Unmeasurable, Work
from helpers import cards_pcscd, people

from dmp_desktop.cards.pcsc import PcscSystem
from dmp_desktop.cards.vitale import read_vitale
from dmp_desktop.config import CardSettings
from dmp_desktop.domain.clock import SystemClock
from dmp_desktop.domain.readers import CardLink, ReaderChange
from dmp_desktop.sandbox.cards.virtual_vitale import Holder, VirtualVitale

_FAMILY = tuple(Holder(one.name, one.given_name, one.birth_date.raw, one.nir_text) for one in people.FAMILY)

_PATIENCE_SECONDS = 10.0


class _Recorder:
    """A link that remembers the commands sent through it."""

    def __init__(self, link: CardLink) -> None:
        self._link = link
        self.commands: list[bytes] = []

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self.commands.append(apdu)
        return self._link.transmit(apdu)

    def close(self) -> None:
        self._link.close()


@contextmanager
def _prepare() -> Iterator[tuple[Work, Work]]:
    if lacks := cards_pcscd.missing():
        raise Unmeasurable(lacks)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        daemon = cards_pcscd.PrivatePcscd(Path(folder) / "pcscd")
        os.environ["PCSCLITE_CSOCK_NAME"] = str(daemon.socket)
        daemon.start()
        stack.callback(daemon.stop)
        daemon.slots[0].insert(VirtualVitale(_FAMILY))
        stack.callback(daemon.slots[0].remove)
        reader = daemon.readers[0]
        system, clock, seen = PcscSystem(CardSettings()), SystemClock(), Event()
        system.start(lambda event: seen.set() if event.change is ReaderChange.CARD_IN else None)
        stack.callback(system.stop)
        if not seen.wait(_PATIENCE_SECONDS):
            raise Unmeasurable("a virtual card the service sees")
        link = system.connect(reader)
        stack.callback(link.close)
        recorder = _Recorder(link)
        read_vitale(recorder, reader, clock)

        def commands_alone() -> None:
            for command in recorder.commands:
                link.transmit(command)

        yield (lambda: read_vitale(link, reader, clock)), commands_alone


CASE = Case("vitale", "everybody on a Carte Vitale, twins included", "its commands alone", _prepare, rounds=40)
