"""What the sign-in screen decides: the profile's key, the card, the code, the situation, the lock. No widget in it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.domain.professional import Professional, Situation
from dmp_desktop.domain.readers import CardFamily, PinBlocked, ReaderChange, ReaderEvent, WrongPin
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.profile import Access, Profile
from dmp_desktop.services.session import LockReason, SessionFlow, SessionState
from dmp_desktop.services.sign_in import SignIn
from dmp_desktop.ui.copy_presenter import Copy, CopyPresenter
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.rescue_presenter import RescuePresenter
from dmp_desktop.ui.tasks import Lane


class Busy(StrEnum):
    """What is under way on the sign-in screen."""

    NOTHING = ""
    STARTING = "starting"
    UNLOCKING = "unlocking"
    READING_CARD = "reading-card"
    CHECKING_CODE = "checking-code"
    PRINTING = "printing"


class SessionPresenter(QObject):
    """Drives a :class:`SessionFlow` from the readers' events and the person's gestures.

    :ivar access: what the encrypted store needs; ``None`` while it is not known yet.
    :ivar fault: what went wrong last, or ``None``.
    :ivar copy: the clinical copy of whoever is in session: :attr:`clinical_ready` tells whether it is open.
    :ivar card_opens: the post is closed, and the card in its reader may open it in place of the passphrase.
    :ivar recovery: code of a recovery page to be printed before anything else, or ``None``.
    """

    changed = Signal()
    store_ready = Signal()
    opened = Signal()
    hidden = Signal()
    clinical_changed = Signal()
    print_recovery_asked = Signal(object)
    restored = Signal()
    """A backup was put back: the settings are those of then."""

    def __init__(
        self,
        flow: SessionFlow,
        profile: Profile,
        lanes: Lanes,
        *,
        sandbox_passphrase: Secret | None = None,
        sandbox_recovery: Secret | None = None,
        pick_backup: Callable[[], Path | None] = lambda: None,
    ) -> None:
        super().__init__()
        self.flow = flow
        self.access: Access | None = None
        self.busy = Busy.STARTING
        self.fault: DmpError | None = None
        self._sign_in: SignIn | None = None
        self._profile = profile
        self._lanes = lanes
        self._sandbox_passphrase, self._sandbox_recovery = sandbox_passphrase, sandbox_recovery
        self._stay = 0
        self.card_opens = False
        self.recovery: Secret | None = None
        self.copy = CopyPresenter(profile, lanes, sandbox_recovery)
        self.copy.changed.connect(self._copy_changed)
        self.copy.settled.connect(self._copy_settled)
        self.copy.refused.connect(self._copy_refused)
        self.copy.recovery_made.connect(self._recovery_made)
        self.rescue = RescuePresenter(self, profile, lanes, pick_backup)

    # -- the encrypted store ------------------------------------------------------------------------------------------

    def begin(self, sign_in: SignIn) -> None:
        """The readers and the wire are there: find out what the store needs; the system keyring opens it if it can."""
        self._sign_in = sign_in
        self.copy.use(sign_in)
        secret = self._sandbox_passphrase
        if secret is None:
            self._lanes.run(Lane.CACHE, self._profile.unlock, self._access_known, self._failed)
        else:
            self._lanes.run(Lane.CACHE, lambda: self._open_sandbox(secret), self._access_known, self._failed)

    def passphrase_entered(self, passphrase: str) -> None:
        """Open the store with the passphrase."""
        self.work(lambda: self._profile.unlock_with(Secret(passphrase)))

    def first_run(self, passphrase: str) -> None:
        """Make the store of a new post."""
        self.work(lambda: self._profile.create(Secret(passphrase)), self._recovery_made)

    def look_again(self) -> None:
        """Ask the store anew what it needs."""
        self.begin_work()
        self._lanes.run(Lane.CACHE, self._profile.unlock, self._access_known, self._failed)

    @property
    def clinical_ready(self) -> bool:
        """Whether the clinical copy is open for the person in session; ``copy.state`` says why not."""
        return self.copy.ready

    def failed_to_begin(self, error: DmpError) -> None:
        """A part of the program could not come to life."""
        self._failed(error)

    @property
    def cards(self) -> SignIn:
        """Whose card it is, once :meth:`begin` was called."""
        assert self._sign_in is not None  # noqa: S101 - nothing is asked of the cards before begin()
        return self._sign_in

    def _open_sandbox(self, secret: Secret) -> Access:
        # A sandbox profile protects nobody: its passphrase is known, so that training needs no set-up.
        if self._profile.unlock() is Access.FIRST_RUN:
            self._profile.create(secret, self._sandbox_recovery)
        elif self._profile.store is None:
            self._profile.unlock_with(secret)
        return Access.OPEN

    def work(self, work: Callable[[], object], done: Callable[[Any], None] | None = None) -> None:
        """Open the store in the cache lane; ``done`` is told first what it gave."""

        def opened(result: object) -> None:
            if done is not None:
                done(result)
            self._access_known(Access.OPEN)

        self.begin_work()
        self._lanes.run(Lane.CACHE, work, opened, self._failed)

    def begin_work(self) -> None:
        """Something is under way with the store: told, and nothing else is asked meanwhile."""
        self.busy, self.fault = Busy.UNLOCKING, None
        self.changed.emit()

    @property
    def working(self) -> bool:
        """Whether something is under way with the store."""
        return self.busy is Busy.UNLOCKING

    def _access_known(self, access: Access) -> None:
        self.access, self.busy, self.fault = access, Busy.NOTHING, None
        self.rescue.leave()
        if access is Access.OPEN:
            self.card_opens = False
            self.store_ready.emit()
        self._read_card_waiting()
        self.changed.emit()

    # -- the recovery page --------------------------------------------------------------------------------------------

    def print_recovery(self) -> None:
        """Send the page to the printer; :meth:`recovery_printed` or :meth:`recovery_not_printed` follows."""
        if self.recovery is not None and self.busy is Busy.NOTHING:
            self.busy, self.fault = Busy.PRINTING, None
            self.changed.emit()
            self.print_recovery_asked.emit(self.recovery)

    def recovery_printed(self) -> None:
        """The page is out, or the person goes on without it: the code is forgotten."""
        self.recovery, self.busy, self.fault = None, Busy.NOTHING, None
        self.changed.emit()
        if self.copy.state is not Copy.CLOSED and not self.copy.asks and self.copy.state is not Copy.OPENING:
            self._copy_settled()

    def recovery_not_printed(self, error: DmpError) -> None:
        """The page did not come out: it can be tried again."""
        self._failed(error)

    def _recovery_made(self, code: Secret) -> None:
        self.recovery = code
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
        self.card_opens = False
        # What is being written is kept first, while the copy that keeps it is still open.
        if self.flow.card_out(reader):
            self.hidden.emit()
        self.copy.close()
        if self.busy is not Busy.UNLOCKING:
            self.busy, self.fault = Busy.NOTHING, None
        self._lanes.run(Lane.CARDS, self.cards.let_go, lambda _: None, self._failed)
        self.changed.emit()

    def _read_card_waiting(self, after: DmpError | None = None) -> None:
        if self.flow.state is not SessionState.READING or self.access not in {Access.OPEN, Access.PASSPHRASE}:
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
            else:
                self._ask_whether_it_opens(found[0])
            self.changed.emit()

        def failed(error: DmpError) -> None:
            if stay == self._stay:
                self.flow.card_unreadable()
                self._failed(error)

        self._lanes.run(Lane.CARDS, lambda: self.cards.open_card(reader), known, failed)

    def _ask_whether_it_opens(self, holder: Professional) -> None:
        """While the post is closed, a card that it knows opens it in place of the passphrase."""
        if self.access is not Access.PASSPHRASE:
            return
        stay = self._stay

        def told(opens: bool) -> None:
            if stay == self._stay and self.access is Access.PASSPHRASE:
                self.card_opens = opens
                self.changed.emit()

        self._lanes.run(Lane.CACHE, lambda: self._profile.knows(holder), told, self._failed)

    def use_passphrase(self) -> None:
        """The passphrase after all, though the card in its reader may open the post."""
        self.card_opens = False
        self.changed.emit()

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

        self._lanes.run(Lane.CARDS, lambda: self.cards.login(secret), accepted, refused)

    def situation_chosen(self, index: int) -> None:
        """One of several practice situations."""
        self.flow.choose_situation(index)
        self._after_code()

    def lock(self, reason: LockReason = LockReason.BY_HAND) -> None:
        """F9, or nobody touched the post for a while."""
        if self.flow.lock(reason):
            self._stay += 1
            self.hidden.emit()
            self.copy.close()
            self._read_card_waiting()

    def _after_code(self) -> None:
        holder, situation = self.flow.holder, self.flow.situation
        if holder is None or situation is None:
            self.changed.emit()
            return
        self.busy = Busy.CHECKING_CODE
        self.copy.open_for(holder, desk_closed=self.access is not Access.OPEN)

    def _copy_changed(self) -> None:
        if self.copy.asks and self.busy is Busy.CHECKING_CODE:
            self.busy = Busy.NOTHING
        self.clinical_changed.emit()
        self.changed.emit()

    def _copy_settled(self) -> None:
        """The copy is open, or the person goes on without it: the session opens, once no page waits to be printed."""
        if self.recovery is not None:
            return
        if self.access is not Access.OPEN:
            self._access_known(Access.OPEN)
        self._speak()

    def _copy_refused(self, error: DmpError) -> None:
        """The card did not open the closed post: the passphrase does."""
        if self.flow.is_open and self.access is Access.PASSPHRASE:
            self.card_opens = False
            self.flow.keys_refused()
            self._read_card_waiting(error)
        else:
            self._failed(error)

    def _speak(self) -> None:
        holder, situation, stay = self.flow.holder, self.flow.situation, self._stay
        if holder is None or situation is None:
            return

        def ready(_: None) -> None:
            if stay == self._stay:
                self.busy = Busy.NOTHING
                self.opened.emit()
                self.changed.emit()

        def mute(error: DmpError) -> None:
            if stay == self._stay:
                self.copy.close()
                self.flow.keys_refused()
                self._read_card_waiting(error)

        self.busy = Busy.CHECKING_CODE
        self._lanes.run(Lane.CARDS, lambda: self.cards.speak(holder, situation), ready, mute)

    def _failed(self, error: DmpError) -> None:
        self.busy, self.fault = Busy.NOTHING, None if isinstance(error, Cancelled) else error
        self.changed.emit()
