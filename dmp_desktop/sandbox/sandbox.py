"""A whole sandbox: certificates, cast, store, server and simulated readers, in one folder.

What stands behind ``--sandbox``, the tests and the training room. Its folder plays another machine's disk: it must not
be the profile of the program, for the store keeps identities (fictional ones) in the clear.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dmp_desktop.domain.clock import Clock, SystemClock
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.cards.professional import KeyFiles, SimulatedProfessionalCard
from dmp_desktop.sandbox.cards.readers import Plastic, SimulatedReaders
from dmp_desktop.sandbox.cards.virtual_vitale import Holder, VirtualVitale
from dmp_desktop.sandbox.faults import Faults
from dmp_desktop.sandbox.pki import KeyUse, SandboxPki
from dmp_desktop.sandbox.store import Store

if TYPE_CHECKING:
    from dmp_desktop.sandbox.server import SandboxServer

_STORE = "store.db"


class Sandbox:
    """A central store, an INSi and the cards of the cast.

    :param folder: where certificates and store live, made when missing; the store is found again as it was left.
    :param port: of the server, 0 for any free one.
    :param pki_folder: where the certificates live, when several sandboxes share them.
    :param crowd: so many more small documents in Firmin's dossier of a new store, for benches.
    """

    ins_oid = people.INS_OID

    def __init__(
        self,
        folder: Path,
        clock: Clock | None = None,
        port: int = 0,
        *,
        pki_folder: Path | None = None,
        crowd: int = 0,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._clock = clock or SystemClock()
        self._port = port
        self._crowd = crowd
        self._cards: dict[str, Plastic] = {}
        self._server: SandboxServer | None = None
        self._store: Store | None = None
        self.pki = SandboxPki(pki_folder or folder / "pki")
        self.faults = Faults()
        self.readers = SimulatedReaders()

    def start(self) -> None:
        """Open the store and listen.

        :raises dmp_desktop.sandbox.server.SandboxUnavailable: the port is taken.
        :raises dmp_desktop.sandbox.store.SandboxStoreUnreadable: the folder holds something else.
        """
        # Imported here: the readers and the cards serve without a server, and it is heavy before a first paint.
        from dmp_desktop.sandbox.desk import Desk
        from dmp_desktop.sandbox.library import PAPERS
        from dmp_desktop.sandbox.request import Surroundings
        from dmp_desktop.sandbox.seeds import crowd
        from dmp_desktop.sandbox.server import SandboxServer
        from dmp_desktop.sandbox.vihf import VihfRules

        papers = (*PAPERS, *crowd("firmin", self._crowd))
        store = Store(self._folder / _STORE, people.PEOPLE, self._clock.now(), papers)
        rules = VihfRules(
            cards_authority=self.pki.cards_authority.read_bytes(),
            organisations_authority=self.pki.organisations_authority.read_bytes(),
            situations={p.professional.id.value: p.situations for p in people.everyone()},
            ins_oid=self.ins_oid,
        )
        authorities = (rules.cards_authority, rules.organisations_authority)
        around = Surroundings(store, people.PEOPLE, people.everyone(), self.ins_oid, authorities)
        desk = Desk(around, rules, self.now)
        port = self._server.port if self._server is not None else self._port
        clients = (self.pki.cards_authority, self.pki.organisations_authority)
        server = SandboxServer(desk, self.faults, self.pki.server(), clients, self.now, port)
        try:
            server.start()
        except BaseException:
            store.close()
            raise
        self._store, self._server = store, server

    def stop(self) -> None:
        """Stop listening and close the store; the next :meth:`start` finds the same port and the same dossiers."""
        if self._server is not None:
            self._server.stop()
        if self._store is not None:
            self._store.close()
            self._store = None

    def now(self) -> datetime:
        """The store's time: the clock's, moved by the skew ordered."""
        return self._clock.now() + self.faults.clock_skew

    @property
    def store(self) -> Store:
        """What the store remembers, while it is started."""
        if self._store is None:
            raise RuntimeError("the sandbox is not started")
        return self._store

    @property
    def base_url(self) -> str:
        """Up to ``/services``, without a final slash."""
        from dmp_desktop.sandbox.server import HOST, SERVICES

        return f"https://{HOST}:{self._listening()}{SERVICES}"

    @property
    def insi_url(self) -> str:
        """The INSi teleservice."""
        from dmp_desktop.sandbox.server import HOST, INSI_PATH

        return f"https://{HOST}:{self._listening()}{INSI_PATH}"

    @property
    def authority(self) -> Path:
        """PEM of the only authority a client must trust to reach this sandbox."""
        return self.pki.authority

    def card(self, key: str) -> Plastic:
        """The plastic of a professional or a Vitale of the cast, the same one each time.

        :raises KeyError: no card has this key.
        """
        if key not in self._cards:
            self._cards[key] = self._make(key)
        return self._cards[key]

    def insert(self, reader: str, key: str) -> None:
        """Put a card of the cast into a simulated reader."""
        self.readers.insert(reader, self.card(key))

    def inserted(self, reader: str) -> str:
        """Key of the card of the cast that is in a reader, ``""`` for none."""
        inside = self.readers.inserted(reader)
        return next((key for key, card in list(self._cards.items()) if card is inside), "")

    def _listening(self) -> int:
        if self._server is None:
            raise RuntimeError("the sandbox is not started")
        return self._server.port

    def _make(self, key: str) -> Plastic:
        for index, card in enumerate(people.VITALE_CARDS):
            if card.key == key:
                holders = [Holder(h.name, h.given_name, h.birth_date, h.nir) for h in card.holders]
                return VirtualVitale(holders, valid_from=card.valid_from, serial=f"8025000000{9900000100 + index:010d}")
        profile = people.profile(key)
        return SimulatedProfessionalCard(
            profile.professional,
            profile.situations,
            profile.pin,
            self._keys(profile, KeyUse.SIGNATURE),
            self._keys(profile, KeyUse.AUTHENTICATION),
        )

    def _keys(self, profile: people.ProfessionalProfile, use: KeyUse) -> KeyFiles:
        issued = self.pki.issue(profile.professional, use)
        return KeyFiles(issued.certificate, issued.key)
