"""Ways out when the post does not open: the recovery page, going on with restored files, an empty post."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
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
    BACKUP = "backup"


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
        (Rescue.BACKUP, Rescue.EMPTY_POST),
    ),
}
_FORGOTTEN: Final = (Rescue.RECOVERY_PAGE, Rescue.EMPTY_POST)


class RescuePresenter:
    """Chosen by the person, never by the program.

    :param pick_backup: the folder of a backup, chosen by the person; ``None`` when they chose none.
    :ivar chosen: the way out whose questions are on screen.
    """

    def __init__(
        self, session: SessionPresenter, profile: Profile, lanes: Lanes, pick_backup: Callable[[], Path | None]
    ) -> None:
        self._pick_backup = pick_backup
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
        if session.access is Access.FIRST_RUN:
            return (Rescue.BACKUP,)
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

    def decline(self) -> None:
        """No backup after all: what the post needs is asked anew, since a backup that was refused hid why."""
        if self.chosen is Rescue.BACKUP and not self._session.working:
            self.chosen = None
            self._session.look_again()

    def recover(self, code: str, passphrase: str) -> None:
        """The recovery page opens the post, under a new passphrase."""
        if self.chosen is Rescue.RECOVERY_PAGE:
            self._session.work(lambda: self._profile.recover(Secret(code), Secret(passphrase)))

    def empty_post(self) -> None:
        """Every file is put aside; the post is then prepared as a new one."""
        if self.chosen is Rescue.EMPTY_POST:
            self.chosen = None
            self._lanes.run(Lane.CACHE, self._keys.empty_post, lambda _none: self._session.look_again(), self._failed)

    def restore(self) -> None:
        """The person chooses the folder of a backup; it is checked whole, then put back."""
        if self.chosen is not Rescue.BACKUP or self._session.working:
            return
        source = self._pick_backup()
        if source is not None:
            self._session.begin_work()
            self._lanes.run(
                Lane.CACHE, lambda: self._keys.restore(source), lambda _none: self._restored(), self._failed
            )

    def _restored(self) -> None:
        self.chosen = None
        self._session.restored.emit()
        self._session.look_again()

    def _failed(self, error: DmpError) -> None:
        self._session.failed_to_begin(error)
