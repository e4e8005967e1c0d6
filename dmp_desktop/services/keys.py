"""The keys of the post: who may open what, letting a colleague in, taking a way in away, beginning again.

Each verb uses the keys of the session in progress, and no more than they allow: a receptionist changes the passphrase,
a clinical professional lets another one in.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dmp_desktop.cache.journal_acts import Act
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import FlowError, StorageError
from dmp_desktop.services.profile import Profile

if TYPE_CHECKING:
    from dmp_desktop.cache.cardtags import Challenge, Proof
    from dmp_desktop.domain.professional import Professional

ASIDE: Final = "mis-de-cote-"
_CLINICAL_FILES: Final = ("clinical.db", "clinical.db-wal", "clinical.db-shm", "contents")
_ALL_FILES: Final = ("vault", "desk.db", "desk.db-wal", "desk.db-shm", *_CLINICAL_FILES)


class WayKind(StrEnum):
    """What a way in is, for the screen."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind
    KEYRING = "keyring"
    CARD = "card"
    RECOVERY = "recovery"
    INVITATION = "invitation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class WayIn:
    """One way in.

    :ivar clinical: whether it opens the copy of documents too.
    :ivar removable: whether the person in session may take it away.
    """

    id: str
    kind: WayKind
    clinical: bool
    name: str
    since: datetime | None
    until: datetime | None
    removable: bool


class AsideFailed(StorageError):
    """A file could not be put aside; it stands where it was."""

    code = "aside-failed"


class PostKeys:
    """Verbs over the vault of a profile, each told to the journal. Cache lane, save :meth:`reference`."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    @property
    def reference(self) -> str:
        """What tells this vault from another on paper: eight characters of its id, which name nobody."""
        identifier = self._profile.vault.content.id.upper()
        return f"{identifier[:4]}-{identifier[4:8]}"

    @property
    def may_let_in(self) -> bool:
        """Whether the session in progress opens the copy of documents, and so may let others in."""
        return self._profile.clinical is not None

    def ways(self) -> tuple[WayIn, ...]:
        """Every way in, those out of date taken away first.

        :raises FlowError: nothing is open.
        """
        from dmp_desktop.cache import ways

        profile = self._profile
        keys = profile.session_keys()
        ways.drop_expired(profile.vault, keys, profile.clock.now())
        profile.note_vault()
        found = ways.ways(profile.vault, keys)
        return tuple(
            WayIn(
                way.id,
                WayKind(way.kind.value) if way.kind else WayKind.OTHER,
                way.clinical,
                way.name,
                way.since,
                way.until,
                self._removable(WayKind(way.kind.value) if way.kind else WayKind.OTHER, clinical=way.clinical),
            )
            for way in found
        )

    def invite(self, holder: Professional) -> Secret:
        """A one-time code for a colleague's card, good for 24 hours.

        :raises FlowError: the session does not open the copy.
        """
        from dmp_desktop.cache.ways import invite

        profile = self._profile
        code = invite(profile.vault, profile.session_keys(), holder.display_name, profile.clock.now())
        profile.note_vault(Act.INVITED)
        return code

    def add_own_card(self, proof: Proof, holder: Professional) -> None:
        """A slot for the card in session, opening what the session opens: the desk alone for a reception card."""
        from dmp_desktop.cache.ways import label

        profile = self._profile
        keys = profile.session_keys()
        words = label(profile.vault, keys.desk, holder.display_name, profile.clock.now())
        profile.vault.add_card(keys, proof, holder, words, profile.former_slots(holder, keys))
        profile.note_vault(Act.LET_IN)

    def remove(self, way: str) -> None:
        """Take one way in away.

        :raises FlowError: the session may not, or it is the last one of its kind that must stay.
        """
        profile = self._profile
        found = next((known for known in self.ways() if known.id == way and known.removable), None)
        if found is None:
            raise FlowError("this way in may not be removed here")
        profile.vault.remove(profile.session_keys(), way)
        profile.note_vault(Act.SHUT_OUT, found.kind.value)

    def change_passphrase(self, current: Secret, new: Secret) -> None:
        """Another passphrase for the post.

        :raises WrongPassphrase: the current one is not that. :raises WeakPassphrase: nothing changed.
        """
        profile = self._profile
        profile.vault.unlock_with_passphrase(current)
        profile.vault.change_passphrase(profile.session_keys(), new)
        profile.note_vault(Act.PASSPHRASE_CHANGED)

    def new_recovery(self, holder: Professional) -> Secret:
        """Another recovery page; the one printed before opens nothing any more.

        :raises FlowError: the session does not open the copy.
        """
        from dmp_desktop.cache.ways import new_recovery

        profile = self._profile
        code = new_recovery(profile.vault, profile.session_keys(), holder.display_name, profile.clock.now())
        profile.note_vault(Act.RECOVERY_RENEWED)
        return code

    def own_challenges(self, holder: Professional) -> Sequence[Challenge]:
        """What the card in session signs for its slot to be re-made."""
        return self._profile.challenges(holder)

    def change_keys(self, passphrase: Secret, proofs: Sequence[Proof], holder: Professional) -> Secret:
        """Fresh keys for both stores, in force from the next opening of each; gives the code of the new recovery page.

        Cards that are not here will need an invitation.

        :raises WrongPassphrase: nothing changed. :raises FlowError: the session does not open the copy.
        """
        from dmp_desktop.cache.rekey import begin

        profile = self._profile
        _, code = begin(
            profile.vault,
            profile.session_keys(),
            passphrase,
            proofs,
            holder.display_name,
            profile.clock.now(),
        )
        profile.note_vault(Act.KEYS_CHANGED)
        return code

    # -- beginning again ----------------------------------------------------------------------------------------------

    def unsent(self) -> int | None:
        """How many acts have not reached the store yet; ``None`` when nothing that is open can tell."""
        store = self._profile.store
        if store is None:
            return None
        counts = store.outbox.counts()
        return counts.waiting + counts.sending + counts.held + counts.kept + counts.stuck

    def empty_copy(self) -> Secret:
        """A fresh clinical key and no copy yet: the former files are put aside. Gives the new recovery code.

        For when nothing opens the copy any more, or it is damaged. Whoever is in session is let in next, with the code.
        """
        from dmp_desktop.cache.codes import new_code
        from dmp_desktop.cache.ways import renew_clinical

        profile = self._profile
        profile.close_clinical()
        self._put_aside(_CLINICAL_FILES)
        code = new_code()
        renew_clinical(profile.vault, profile.session_keys(), code, profile.clock.now())
        profile.note_vault(Act.COPY_BEGUN_AGAIN)
        return code

    def empty_post(self) -> None:
        """No key at all any more: every file is put aside, and the post is prepared as a new one."""
        self._profile.close_stores()
        self._put_aside(_ALL_FILES)

    def restore(self, source: Path) -> None:
        """Put a backup back as this post; the profile is let go meanwhile, then taken again whatever came of it.

        What was there is kept in a folder of its own. The post then opens as it did when the backup was made.

        :raises DmpError: as :func:`dmp_desktop.services.backup.restore`: nothing was put back.
        """
        from dmp_desktop.services.backup import restore

        profile = self._profile
        profile.close()
        try:
            restore(source, profile.folder, profile.clock)
        finally:
            profile.take()

    def put_aside(self) -> tuple[str, ...]:
        """Names of the folders of files put aside, oldest first."""
        return tuple(sorted(path.name for path in self._profile.folder.glob(f"{ASIDE}*") if path.is_dir()))

    def delete_aside(self) -> None:
        """Delete what was put aside, for good.

        :raises AsideFailed: some of it stays.
        """
        for name in self.put_aside():
            try:
                shutil.rmtree(self._profile.folder / name)
            except OSError:
                raise AsideFailed("a folder put aside stays") from None

    def _put_aside(self, names: Sequence[str]) -> None:
        folder = self._profile.folder
        present = [folder / name for name in names if (folder / name).exists()]
        if not present:
            return
        aside = self._aside()
        try:
            aside.mkdir(mode=0o700)
            for path in present:
                path.rename(aside / path.name)
        except OSError:
            raise AsideFailed("a file could not be put aside") from None

    def _aside(self) -> Path:
        base = f"{ASIDE}{self._profile.clock.now():%Y%m%d-%H%M%S}"
        names = (base, *(f"{base}-{number}" for number in range(2, 1000)))
        return next(path for name in names if not (path := self._profile.folder / name).exists())

    def _removable(self, kind: WayKind, *, clinical: bool) -> bool:
        if kind in {WayKind.PASSPHRASE, WayKind.RECOVERY, WayKind.OTHER}:
            return False  # replaced, never left without
        return not clinical or self.may_let_in
