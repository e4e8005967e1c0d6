"""Ways out when the post does not open: the recovery page, going on with restored files, an empty post."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import DmpError
from dmp_desktop.services.keys import PostKeys
from dmp_desktop.services.profile import Access, Profile
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane

if TYPE_CHECKING:
    from dmp_desktop.ui.session_presenter import SessionPresenter


class Rescue(StrEnum):
    """One way out."""

    RECOVERY_PAGE = "recovery-page"
    GO_ON = "go-on"
    EMPTY_POST = "empty-post"


_BY_FAULT: Final[dict[str, tuple[Rescue, ...]]] = {
    "vault-edited": (Rescue.RECOVERY_PAGE, Rescue.EMPTY_POST),
    "vault-rolled-back": (Rescue.GO_ON,),
    "store-rolled-back": (Rescue.GO_ON,),
    **dict.fromkeys(
        (
            "vault-missing",
            "vault-broken",
            "database-missing",
            "broken-database",
            "foreign-database",
            "other-vault-database",
        ),
        (Rescue.EMPTY_POST,),
    ),
}
_FORGOTTEN: Final = (Rescue.RECOVERY_PAGE, Rescue.EMPTY_POST)


class RescuePresenter:
    """Chosen by the person, never by the program.

    :ivar chosen: the way out whose questions are on screen.
    """

    def __init__(self, session: SessionPresenter, profile: Profile, lanes: Lanes) -> None:
        self.chosen: Rescue | None = None
        self._session, self._profile, self._lanes = session, profile, lanes
        self._keys = PostKeys(profile)

    @property
    def offered(self) -> tuple[Rescue, ...]:
        """What may be done now, besides what the screen asks for."""
        session = self._session
        if session.access is Access.OPEN:
            return ()
        if session.fault is not None and session.fault.code in _BY_FAULT:
            return _BY_FAULT[session.fault.code]
        return _FORGOTTEN if session.access is Access.PASSPHRASE else ()

    def choose(self, rescue: Rescue) -> None:
        """Show its questions; going on with restored files asks none."""
        if rescue not in self.offered:
            return
        if rescue is Rescue.GO_ON:
            self._profile.accept_restored = True
            self._session.look_again()
            return
        self.chosen = rescue
        self._session.changed.emit()

    def leave(self) -> None:
        """Back to what the screen asked."""
        if self.chosen is not None:
            self.chosen = None
            self._session.changed.emit()

    def recover(self, code: str, passphrase: str) -> None:
        """The recovery page opens the post, under a new passphrase."""
        if self.chosen is Rescue.RECOVERY_PAGE:
            self._session.work(lambda: self._profile.recover(Secret(code), Secret(passphrase)))

    def empty_post(self) -> None:
        """Every file is put aside; the post is then prepared as a new one."""
        if self.chosen is Rescue.EMPTY_POST:
            self.chosen = None
            self._lanes.run(Lane.CACHE, self._keys.empty_post, lambda _none: self._session.look_again(), self._failed)

    def _failed(self, error: DmpError) -> None:
        self._session.failed_to_begin(error)
