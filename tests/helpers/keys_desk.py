"""A post at its sign-in without a central store: real profile, real presenters, simulated cards, lanes let by hand."""

from __future__ import annotations

from pathlib import Path

from helpers.clocks import HandClock
from helpers.keys_memory import FileKeyring
from helpers.opening_desk import HandLanes
from PySide6.QtTest import QSignalSpy

from dmp_desktop.domain.identifiers import CardNature, Secret
from dmp_desktop.domain.readers import CardFamily, ReaderChange, ReaderEvent
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.cards.professional import CPS_ATR
from dmp_desktop.sandbox.cards.readers import LEFT
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.profile import Profile
from dmp_desktop.services.session import SessionFlow
from dmp_desktop.services.sign_in import SignIn
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.ui.session_presenter import SessionPresenter

WORDS = "quatre tilleuls et un banc"


class NoStore:
    """Stands where the gateway is: somebody signs in, nothing is sent."""

    def __init__(self) -> None:
        self.speaks = ""

    def sign_in(self, credentials: Credentials) -> None:
        """Speak with these keys."""
        self.speaks = credentials.professional.display_name

    def sign_out(self) -> None:
        """Forget them."""
        self.speaks = ""

    def cancel(self) -> None:
        """Nothing runs."""


class KeysDesk:
    """One run of the program after another, on one profile.

    :param sandbox_codes: as the sandbox is: its passphrase and its recovery code are known to the program.
    """

    def __init__(
        self, folder: Path, pki: Path, *, keyring: bool = True, sandbox_codes: tuple[Secret, Secret] | None = None
    ) -> None:
        self.clock = HandClock()
        self.folder, self._codes = folder / "profile", sandbox_codes
        self.keyring = FileKeyring(folder / "keyring", broken=not keyring)
        self.chosen: Path | None = None
        self._sandbox = Sandbox(folder / "sandbox", self.clock, pki_folder=pki)
        self.start()

    def start(self) -> None:
        """Start the program, with nobody's card in."""
        self._sandbox.readers.remove(LEFT)
        self.lanes, self.store = HandLanes(), NoStore()
        flow = SessionFlow(self.clock, CardNature.TEST)
        self.profile = Profile(self.folder, self.clock, self.keyring, flow.author)
        passphrase, recovery = self._codes or (None, None)
        self.session = SessionPresenter(
            flow,
            self.profile,
            self.lanes,
            sandbox_passphrase=passphrase,
            sandbox_recovery=recovery,
            pick_backup=lambda: self.chosen,
        )
        self.opened = QSignalSpy(self.session.opened)
        self.session.begin(SignIn(self._sandbox.readers, self.store))
        self.lanes.all()

    def again(self) -> None:
        """End the program, and start it anew."""
        self.profile.close()
        self.start()

    def prepare(self) -> Secret:
        """First run, its page printed. Gives the code of the page."""
        self.session.first_run(WORDS)
        self.lanes.all()
        code = self.session.recovery
        assert code is not None
        self.session.recovery_printed()
        return code

    def insert(self, key: str) -> None:
        """Put a card in; it is read."""
        self._sandbox.insert(LEFT, key)
        self.session.reader_changed(ReaderEvent(ReaderChange.CARD_IN, LEFT, CPS_ATR, CardFamily.CPS))
        self.lanes.all()

    def code(self, key: str) -> None:
        """Type its code; what follows is let through by the test."""
        self.session.code_entered(people.profile(key).pin)

    def sign(self, key: str) -> None:
        """Card and code, everything let through."""
        self.insert(key)
        self.code(key)
        self.lanes.all()

    def pull(self) -> None:
        """Take the card out."""
        self._sandbox.readers.remove(LEFT)
        self.session.reader_changed(ReaderEvent(ReaderChange.CARD_OUT, LEFT))
        self.lanes.all()

    @property
    def sessions(self) -> int:
        """How many sessions were opened in this run."""
        return self.opened.count()
