"""What the copy of the documents is to whoever signs in: opened by their card, asked for by a code, or gone without.

Nobody waits for it who does not need it: a reception card never opens it, a clinical person may go on without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.domain.professional import Professional
from dmp_desktop.errors import DmpError
from dmp_desktop.services.keys import PostKeys
from dmp_desktop.services.profile import Profile
from dmp_desktop.services.sign_in import SignIn
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane

if TYPE_CHECKING:
    from dmp_desktop.cache.cardtags import Challenge, Proof

_UNKNOWN_CARD = {"card-not-enrolled", "card-renewed", "slot-damaged"}
_CODE_TYPED_WRONG = {"mistyped-code", "wrong-code", "invitation-expired"}


class Copy(StrEnum):
    """Whether the clinical copy is open, and if not, why."""

    CLOSED = ""
    OPENING = "opening"
    OPEN = "open"
    NOT_FOR_DESK = "not-for-desk"
    CODE_WANTED = "code-wanted"
    BROKEN = "broken"
    EMPTYING = "emptying"
    WITHOUT = "without"


class CopyPresenter(QObject):
    """Opens the copy with the card in session, and closes it when that session is over.

    :ivar state: where it stands; ``fault``: why it is not open, when something went wrong.
    :ivar busy: whether a code or a fresh copy is being worked on.
    :ivar unsent: acts not sent yet, told before an empty copy is begun; ``None`` when nothing can tell.
    """

    changed = Signal()
    settled = Signal()
    refused = Signal(object)
    recovery_made = Signal(object)

    def __init__(self, profile: Profile, lanes: Lanes, sandbox_recovery: Secret | None) -> None:
        super().__init__()
        self.state = Copy.CLOSED
        self.fault: DmpError | None = None
        self.busy = False
        self.unsent: int | None = None
        self.keys = PostKeys(profile)
        self._profile, self._lanes, self._sandbox_recovery = profile, lanes, sandbox_recovery
        self._sign_in: SignIn | None = None
        self._holder: Professional | None = None
        self._desk_closed = False
        self._stay = 0

    def use(self, sign_in: SignIn) -> None:
        """The cards are there."""
        self._sign_in = sign_in

    # -- a session begins and ends ------------------------------------------------------------------------------------

    def open_for(self, holder: Professional, *, desk_closed: bool) -> None:
        """The card of ``holder`` is unlocked. :attr:`settled` follows, or a question, or :attr:`refused`.

        :param desk_closed: the card opens the desk's store too, in place of the passphrase.
        """
        self._holder, self._desk_closed = holder, desk_closed
        if holder.is_desk_staff and not desk_closed:
            self._lanes.run(Lane.CACHE, self._profile.forget_fresh_keys, lambda _none: None, self.refused.emit)
            self._settle(Copy.NOT_FOR_DESK)
            return
        self._become(Copy.OPENING)
        self._run(Lane.CACHE, lambda: self._profile.challenges(holder), self._prove, self._not_opened)

    def close(self) -> None:
        """The session is over, whatever ended it: the copy is closed and its key dropped."""
        self._stay += 1
        self._holder, self.busy = None, False
        was, self.state, self.fault = self.state, Copy.CLOSED, None
        self._lanes.run(Lane.CACHE, self._profile.close_clinical, lambda _none: None, self.refused.emit)
        if was is not Copy.CLOSED:
            self.changed.emit()

    @property
    def ready(self) -> bool:
        """Whether the copy is open."""
        return self.state is Copy.OPEN

    @property
    def asks(self) -> bool:
        """Whether the sign-in waits for the person about the copy."""
        return self.state in {Copy.CODE_WANTED, Copy.BROKEN, Copy.EMPTYING}

    # -- what the person answers --------------------------------------------------------------------------------------

    def code_entered(self, code: str) -> None:
        """The code of a colleague's invitation or of the recovery page."""
        if self.state is Copy.CODE_WANTED and not self.busy:
            self._enrol(Secret(code))

    def go_without(self) -> None:
        """Opening dossiers needs no copy."""
        if self.asks and not self.busy:
            self._settle(Copy.WITHOUT)

    def ask_empty(self) -> None:
        """Begin again with an empty copy: first tell what has not been sent."""

        def counted(unsent: int | None) -> None:
            self.unsent = unsent
            self._become(Copy.EMPTYING)

        if self.state in {Copy.CODE_WANTED, Copy.BROKEN} and not self.busy:
            self._run(Lane.CACHE, self.keys.unsent, counted, self._not_enrolled)

    def keep_copy(self) -> None:
        """No empty copy after all."""
        if self.state is Copy.EMPTYING and not self.busy:
            self._become(Copy.CODE_WANTED)

    def begin_empty(self) -> None:
        """The former copy is put aside, an empty one takes its place, and a new recovery page is to be printed."""

        def begun(code: Secret) -> None:
            self.recovery_made.emit(code)
            self._enrol(code)

        if self.state is Copy.EMPTYING and not self.busy:
            self._work()
            self._run(Lane.CACHE, self.keys.empty_copy, begun, self._not_enrolled)

    # -- steps --------------------------------------------------------------------------------------------------------

    def _prove(self, challenges: Sequence[Challenge]) -> None:
        sign_in = self._cards
        self._run(Lane.CARDS, lambda: sign_in.prove(challenges), self._unlock, self._not_opened)

    def _unlock(self, proofs: Sequence[Proof]) -> None:
        self._run(Lane.CACHE, lambda: self._profile.unlock_with_card(proofs), self._unlocked, self._not_opened)

    def _unlocked(self, clinical: bool) -> None:
        assert self._holder is not None  # noqa: S101 - a session that ended gives no answer
        if self._holder.is_desk_staff:
            self._settle(Copy.NOT_FOR_DESK)
        elif clinical:
            self._settle(Copy.OPEN)
        else:
            self._unknown(None)  # the copy was begun again since this card was let in

    def _not_opened(self, error: DmpError) -> None:
        if self._desk_closed and self._profile.store is None:
            self.state = Copy.CLOSED
            self.refused.emit(error)
        elif error.code in _UNKNOWN_CARD:
            self._unknown(None if error.code == "card-not-enrolled" else error)
        else:
            self._become(Copy.BROKEN, error)

    def _unknown(self, error: DmpError | None) -> None:
        if self._profile.holds_fresh_keys:
            self._enrol(None)
        elif self._sandbox_recovery is not None:
            self._enrol(self._sandbox_recovery)
        else:
            self._become(Copy.CODE_WANTED, error)

    def _enrol(self, code: Secret | None) -> None:
        holder, sign_in = self._holder, self._cards
        assert holder is not None  # noqa: S101 - only asked during a session
        self._work()

        def proved(proofs: Sequence[Proof]) -> None:
            self._run(
                Lane.CACHE,
                lambda: self._profile.enrol(proofs[0], holder, code),
                lambda _none: self._settle(Copy.OPEN),
                self._not_enrolled,
            )

        self._run(Lane.CARDS, sign_in.prove_afresh, proved, self._not_enrolled)

    def _not_enrolled(self, error: DmpError) -> None:
        self._become(Copy.CODE_WANTED if error.code in _CODE_TYPED_WRONG else Copy.BROKEN, error)

    # -- inside -------------------------------------------------------------------------------------------------------

    @property
    def _cards(self) -> SignIn:
        assert self._sign_in is not None  # noqa: S101 - nobody signs in before use()
        return self._sign_in

    def _work(self) -> None:
        self.busy, self.fault = True, None
        self.changed.emit()

    def _become(self, state: Copy, fault: DmpError | None = None) -> None:
        self.state, self.fault, self.busy = state, fault, False
        self.changed.emit()

    def _settle(self, state: Copy) -> None:
        self._become(state)
        self.settled.emit()

    def _run(
        self,
        lane: Lane,
        work: Callable[[], object],
        done: Callable[..., None],
        failed: Callable[[DmpError], None],
    ) -> None:
        """An answer that comes after its session is dropped."""
        stay = self._stay
        self._lanes.run(
            lane,
            work,
            lambda result: done(result) if stay == self._stay else None,
            lambda error: failed(error) if stay == self._stay else None,
        )
