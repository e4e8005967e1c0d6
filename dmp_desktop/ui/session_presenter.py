"""What the sign-in screen decides: the profile's key, the card, the code, the situation, the lock. No widget in it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.domain.professional import Professional, Situation
from dmp_desktop.domain.readers import CardFamily, PinBlocked, ReaderChange, ReaderEvent, WrongPin
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.profile import Access, Profile
from dmp_desktop.services.session import LockReason, SessionFlow, SessionState
from dmp_desktop.services.sign_in import SignIn
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane


class Busy(StrEnum):
    """What is under way on the sign-in screen."""

    NOTHING = ""
    STARTING = "starting"
    UNLOCKING = "unlocking"
    READING_CARD = "reading-card"
    CHECKING_CODE = "checking-code"


class SessionPresenter(QObject):
    """Drives a :class:`SessionFlow` from the readers' events and the person's gestures.

    :ivar access: what the encrypted store needs; ``None`` while it is not known yet.
    :ivar fault: what went wrong last, or ``None``.
    """

    changed = Signal()
    store_ready = Signal()
    opened = Signal()
    hidden = Signal()

    def __init__(
        self, flow: SessionFlow, profile: Profile, lanes: Lanes, *, sandbox_passphrase: Secret | None = None
    ) -> None:
        super().__init__()
        self.flow = flow
        self.access: Access | None = None
        self.busy = Busy.STARTING
        self.fault: DmpError | None = None
        self._sign_in: SignIn | None = None
        self._profile = profile
        self._lanes = lanes
        self._sandbox_passphrase = sandbox_passphrase
        self._stay = 0

    # -- the encrypted store ------------------------------------------------------------------------------------------

    def begin(self, sign_in: SignIn) -> None:
        """The readers and the wire are there: find out what the store needs; the system keyring opens it if it can."""
        self._sign_in = sign_in
        secret = self._sandbox_passphrase
        if secret is None:
            self._lanes.run(Lane.CACHE, self._profile.unlock, self._access_known, self._failed)
        else:
            self._lanes.run(Lane.CACHE, lambda: self._open_sandbox(secret), self._access_known, self._failed)

    def passphrase_entered(self, passphrase: str) -> None:
        """Open the store with the passphrase."""
        self._unlock(lambda: self._profile.unlock_with(Secret(passphrase)))

    def first_run(self, passphrase: str) -> None:
        """Make the store of a new post."""
        self._unlock(lambda: self._profile.create(Secret(passphrase)))

    def failed_to_begin(self, error: DmpError) -> None:
        """A part of the program could not come to life."""
        self._failed(error)

    @property
    def _cards(self) -> SignIn:
        assert self._sign_in is not None  # noqa: S101 - nothing is asked of the cards before begin()
        return self._sign_in

    def _open_sandbox(self, secret: Secret) -> Access:
        # A sandbox profile protects nobody: its passphrase is known, so that training needs no set-up.
        if self._profile.unlock() is Access.FIRST_RUN:
            self._profile.create(secret)
        elif self._profile.store is None:
            self._profile.unlock_with(secret)
        return Access.OPEN

    def _unlock(self, work: Callable[[], object]) -> None:
        self.busy, self.fault = Busy.UNLOCKING, None
        self.changed.emit()
        self._lanes.run(Lane.CACHE, work, lambda _: self._access_known(Access.OPEN), self._failed)

    def _access_known(self, access: Access) -> None:
        self.access, self.busy, self.fault = access, Busy.NOTHING, None
        if access is Access.OPEN:
            self.store_ready.emit()
            self._read_card_waiting()
        self.changed.emit()

    # -- the card -----------------------------------------------------------------------------------------------------

    def reader_changed(self, event: ReaderEvent) -> None:
        """What the watcher saw; only professional cards matter here."""
        match event.change:
            case ReaderChange.CARD_IN if event.family is CardFamily.CPS:
                self.flow.card_in(event.reader)
                self._read_card_waiting()
            case ReaderChange.CARD_OUT | ReaderChange.READER_GONE:
                self._card_out(event.reader)
            case ReaderChange.SERVICE_DOWN:
                self._card_out(self.flow.reader)

    def _card_out(self, reader: str) -> None:
        if not reader or reader != self.flow.reader:
            return
        self._stay += 1
        if self.flow.card_out(reader):
            self.hidden.emit()
        self.busy, self.fault = Busy.NOTHING, None
        self._lanes.run(Lane.CARDS, self._cards.let_go, lambda _: None, self._failed)
        self.changed.emit()

    def _read_card_waiting(self, after: DmpError | None = None) -> None:
        if self.flow.state is not SessionState.READING or self.access is not Access.OPEN:
            return
        reader, stay = self.flow.reader, self._stay
        self.busy, self.fault = Busy.READING_CARD, after
        self.changed.emit()

        def known(found: tuple[Professional, int | None]) -> None:
            if stay != self._stay:
                return
            self.busy = Busy.NOTHING
            try:
                self.flow.card_known(*found)
            except DmpError as error:
                self.fault = error
            self.changed.emit()

        def failed(error: DmpError) -> None:
            if stay == self._stay:
                self.flow.card_unreadable()
                self._failed(error)

        self._lanes.run(Lane.CARDS, lambda: self._cards.open_card(reader), known, failed)

    def read_again(self) -> None:
        """F5: try again a card that could not be read, still in its reader."""
        if self.flow.state is SessionState.NO_CARD and self.flow.reader:
            self.flow.card_in(self.flow.reader)
            self._read_card_waiting()

    def code_entered(self, code: str) -> None:
        """The code goes to the card, once; it is not kept."""
        self.flow.pin_given()
        self.busy, self.fault = Busy.CHECKING_CODE, None
        self.changed.emit()
        secret, stay = Secret(code), self._stay

        def accepted(situations: tuple[Situation, ...]) -> None:
            if stay == self._stay:
                self.busy = Busy.NOTHING
                self.flow.pin_accepted(situations)
                self._after_code()

        def refused(error: DmpError) -> None:
            if stay != self._stay:
                return
            if isinstance(error, WrongPin):
                self.flow.pin_refused(error.tries)
            elif isinstance(error, PinBlocked):
                self.flow.pin_refused(0)
            else:
                self.flow.card_unreadable()
            self._failed(error)

        self._lanes.run(Lane.CARDS, lambda: self._cards.login(secret), accepted, refused)

    def situation_chosen(self, index: int) -> None:
        """One of several practice situations."""
        self.flow.choose_situation(index)
        self._after_code()

    def lock(self, reason: LockReason = LockReason.BY_HAND) -> None:
        """F9, or nobody touched the post for a while."""
        if self.flow.lock(reason):
            self._stay += 1
            self.hidden.emit()
            self._read_card_waiting()

    def _after_code(self) -> None:
        holder, situation, stay = self.flow.holder, self.flow.situation, self._stay
        if holder is None or situation is None:
            self.changed.emit()
            return

        def ready(_: None) -> None:
            if stay == self._stay:
                self.busy = Busy.NOTHING
                self.opened.emit()
                self.changed.emit()

        def mute(error: DmpError) -> None:
            if stay == self._stay:
                self.flow.keys_refused()
                self._read_card_waiting(error)

        self.busy = Busy.CHECKING_CODE
        self._lanes.run(Lane.CARDS, lambda: self._cards.speak(holder, situation), ready, mute)

    def _failed(self, error: DmpError) -> None:
        self.busy, self.fault = Busy.NOTHING, None if isinstance(error, Cancelled) else error
        self.changed.emit()
