"""The profile folder of a post: first run, unlocking, opening of the two encrypted stores.

The desk's store opens with the post; the clinical store opens with a clinical professional's card and closes with their
session. Stores and ciphers are imported by the first question, in the cache lane: the window is painted before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from dmp_desktop.cache.journal_acts import Act
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import FlowError

if TYPE_CHECKING:
    from dmp_desktop.cache.cardtags import Challenge, Proof
    from dmp_desktop.cache.clinical import ClinicalStore
    from dmp_desktop.cache.instance import Instance
    from dmp_desktop.cache.keys import Keys
    from dmp_desktop.cache.oskeyring import Keyring
    from dmp_desktop.cache.slots import DatabaseKey
    from dmp_desktop.cache.store import DeskStore
    from dmp_desktop.cache.vault import Vault
    from dmp_desktop.domain.professional import Professional

_GENERATION, _CLINICAL_MADE = "vault-generation", "clinical-key"
_UNNOTED = 4
"""Writes of the vault that one kill, or one way out of a lost passphrase, may leave without their note in the store."""

THE_POST = Author("", "", "", "", "")
"""Who did what was done before anybody signed in."""


class Access(StrEnum):
    """What the post needs before anything can be kept."""

    FIRST_RUN = "first-run"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a state
    OPEN = "open"


class Profile:
    """One post's encrypted stores. Cache lane only.

    :param author: whoever is in session, for the journal; raises :class:`FlowError` while nobody is.
    :ivar store: the desk's, open for everybody; ``clinical``: open for the clinical professional in session alone.
    :ivar accept_restored: the person was told that vault and store are not of the same age, and goes on.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        keyring: Keyring | None = None,
        author: Callable[[], Author] | None = None,
    ) -> None:
        self.folder = folder
        self._author = author
        self.clock = clock
        self._keyring = keyring
        self._instance: Instance | None = None
        self._vault: Vault | None = None
        self._desk: Keys | None = None
        self._clinical_key: DatabaseKey | None = None
        self._fresh: Keys | None = None
        self.store: DeskStore | None = None
        self.clinical: ClinicalStore | None = None
        self.accept_restored = False

    # -- the desk's store ---------------------------------------------------------------------------------------------

    def unlock(self) -> Access:
        """Take the profile for this program alone; open it with the system keyring if it can, else tell what is needed.

        :raises dmp_desktop.cache.instance.ProfileInUse: another program has it.
        :raises StorageError: the vault or the store is damaged, newer, foreign, restored or in use.
        """
        from dmp_desktop.cache.oskeyring import KeyringUnavailable
        from dmp_desktop.cache.vault import Vault
        from dmp_desktop.cache.vault_errors import KeyringChanged, NoSuchSlot, VaultMissing

        self.take()
        try:
            self._vault = Vault.open(self.folder, self._keyring)
        except VaultMissing as error:
            if error.facts["stores"]:
                raise
            return Access.FIRST_RUN
        try:
            keys = self._vault.unlock_with_keyring()
        except (KeyringUnavailable, KeyringChanged, NoSuchSlot):
            return Access.PASSPHRASE
        self._open(keys.desk_only)
        return Access.OPEN

    def take(self) -> None:
        """Take the profile for this program alone.

        :raises dmp_desktop.cache.instance.ProfileInUse: another program has it.
        """
        from dmp_desktop.cache.instance import Instance

        if self._instance is None:
            self._instance = Instance.acquire(self.folder)

    def unlock_with(self, passphrase: Secret) -> None:
        """Open with the passphrase, and let the system keyring do it next time where there is one.

        :raises WrongPassphrase, StorageError: nothing is open.
        """
        self._open(self.vault.unlock_with_passphrase(passphrase).desk_only)
        self._offer_keyring()

    def create(self, passphrase: Secret, recovery: Secret | None = None) -> Secret:
        """First run: a vault with fresh keys, and an empty store. Gives the recovery code, to be printed and forgotten.

        The clinical key is held until somebody signs in: a clinical professional is let in with it at once; after
        anybody else, only the recovery page opens it.

        :param recovery: the code to use; by default a fresh one.
        :raises WeakPassphrase, StorageError: nothing usable is left behind.
        """
        from dmp_desktop.cache.codes import new_code
        from dmp_desktop.cache.vault import Vault

        code = recovery or new_code()
        self._vault, keys = Vault.create(self.folder, passphrase, self._keyring, recovery=code)
        self._open(keys.desk_only, create=True)
        self._fresh = keys
        self._offer_keyring()
        return code

    def recover(self, code: Secret, passphrase: Secret) -> None:
        """Neither passphrase nor keyring: the recovery page opens the desk, and a new passphrase replaces the lost one.

        :raises MistypedCode, WrongCode, WeakPassphrase, StorageError: nothing is open.
        """
        keys, _ = self.vault.unlock_with_code(code, self.clock.now(), mend=True)
        self.vault.change_passphrase(keys, passphrase)
        self._open(keys.desk_only)
        self.note_vault(Act.RECOVERY_USED)
        self._offer_keyring()

    def close(self) -> None:
        """Close the stores and let the profile go; the keys go with it."""
        self.close_stores()
        instance, self._instance = self._instance, None
        if instance is not None:
            instance.release()

    def close_stores(self) -> None:
        """Close both stores and forget every key; the profile stays taken."""
        self.close_clinical()
        self._close_store()
        self._fresh = self._vault = None

    # -- the clinical store -------------------------------------------------------------------------------------------

    def challenges(self, holder: Professional) -> Sequence[Challenge]:
        """What the card of ``holder`` signs to open what it may.

        :raises CardNotEnrolled: this post does not know the card.
        """
        return self.vault.challenges(holder)

    def knows(self, holder: Professional) -> bool:
        """Whether the card may open this post."""
        from dmp_desktop.cache.vault_errors import CardNotEnrolled

        try:
            return bool(self.vault.challenges(holder))
        except CardNotEnrolled:
            return False

    def unlock_with_card(self, proofs: Sequence[Proof]) -> bool:
        """Open what the card opens: the desk if it is closed, the clinical store too for a clinical professional.

        Tells whether the slot holds the clinical key.

        :raises CardRenewed, SlotDamaged, StorageError: what was open stays as it was.
        """
        keys = self.vault.unlock_with_card(proofs)
        if self.store is None:
            self._open(keys.desk_only)
            self._offer_keyring()
            keys = self.vault.unlock_with_card(proofs)  # a change of keys may just have been finished
        if keys.clinical is None:
            return False
        self._open_with(keys)
        return True

    @property
    def holds_fresh_keys(self) -> bool:
        """Whether this run has made the vault and nobody has signed in since."""
        return self._fresh is not None

    def forget_fresh_keys(self) -> None:
        """Somebody signed in: the keys made by this run are no longer at hand."""
        self._fresh = None

    def enrol(self, proof: Proof, holder: Professional, code: Secret | None) -> None:
        """Let a card in, and open the clinical store with it.

        :param code: of the recovery page or of an invitation; ``None`` with the keys this run has just made.
        :raises MistypedCode, WrongCode, InvitationExpired, StorageError: the card is not in.
        """
        from dmp_desktop.cache.slots import SlotKind
        from dmp_desktop.cache.ways import label, ways

        used = ""
        if code is not None:
            keys, used = self.vault.unlock_with_code(code, self.clock.now())
        elif self._fresh is not None:
            keys = self._fresh
        else:
            raise FlowError("no code and no fresh keys")
        if holder.is_desk_staff:
            raise FlowError("a reception card opens no clinical store")
        gone = self.former_slots(holder, keys)
        gone |= {way.id for way in ways(self.vault, keys) if way.kind is SlotKind.INVITATION and way.id == used}
        words = label(self.vault, keys.desk, holder.display_name, self.clock.now())
        self.vault.add_card(keys, proof, holder, words, gone)
        self.note_vault(Act.LET_IN)
        self._fresh = None
        self._open_with(keys)

    def open_clinical(self, key: DatabaseKey) -> None:
        """Open ``clinical.db`` for the person in session.

        It is made the first time; one that was there and is lost is told, never silently replaced.

        :raises StorageError: nothing is open.
        """
        from dmp_desktop.cache.clinical import ClinicalStore

        self.close_clinical()
        made = self._meta(_CLINICAL_MADE) == key.id.encode()
        self.clinical = ClinicalStore.open(self.folder, key, self.clock, create=not made)
        self._clinical_key = key
        if not made:
            self._set_meta(_CLINICAL_MADE, key.id.encode())

    def close_clinical(self) -> None:
        """The person left: the clinical store is closed and its key dropped."""
        clinical, self.clinical, self._clinical_key = self.clinical, None, None
        if clinical is not None:
            clinical.close()

    # -- for the services that change the keys ------------------------------------------------------------------------

    @property
    def vault(self) -> Vault:
        """The vault, once :meth:`unlock` or :meth:`create` has found or made it."""
        if self._vault is None:
            raise FlowError("no vault was opened")
        return self._vault

    def session_keys(self) -> Keys:
        """The keys that the session in progress may use: both for a clinical professional, else the desk's.

        :raises FlowError: nothing is open.
        """
        from dmp_desktop.cache.keys import CLINICAL, Keys

        if self._desk is None:
            raise FlowError("the store is closed")
        clinical = {CLINICAL: self._clinical_key} if self._clinical_key is not None else {}
        return Keys({**self._desk.by_database, **clinical}, self._desk.coming)

    def former_slots(self, holder: Professional, keys: Keys) -> set[str]:
        """The slots a new card of ``holder`` replaces: of that name and tag; a namesake keeps theirs."""
        from dmp_desktop.cache.vault_errors import CardNotEnrolled
        from dmp_desktop.cache.ways import ways

        try:
            tagged = {challenge.slot for challenge in self.vault.challenges(holder)}
        except CardNotEnrolled:
            return set()
        return {way.id for way in ways(self.vault, keys) if way.id in tagged and way.name == holder.display_name}

    def note_vault(self, act: Act | None = None, reason: str = "") -> None:
        """Keep the age of the vault in the store, after each change: a restored backup of either is then seen.

        :param act: what was done with the keys, for the journal.
        """
        if self.store is None:
            return
        with self.store.database.transaction():
            self._set_meta(_GENERATION, str(self.vault.content.generation).encode())
            if act is not None:
                self.tell(act, reason)

    def tell(self, act: Act, reason: str = "") -> None:
        """Write into the journal what was done with the keys or the files of the post, while its store is open."""
        if self.store is None:
            return
        try:
            author = self._author() if self._author is not None else THE_POST
        except FlowError:
            author = THE_POST
        self.store.journal.append(act, author, reason=reason)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _close_store(self) -> None:
        store, self.store, self._desk = self.store, None, None
        if store is not None:
            store.close()

    def _open(self, keys: Keys, *, create: bool = False) -> None:
        from dmp_desktop.cache.keys import DESK
        from dmp_desktop.cache.rekey import finish
        from dmp_desktop.cache.reseal import reseal
        from dmp_desktop.cache.store import FILE, DeskStore

        self._close_store()
        now = finish(self.vault, keys, DESK, lambda old, new: reseal(self.folder / FILE, old, new))
        self.store = DeskStore.open(self.folder, now, self.clock, create=create)
        try:
            self._compare_ages()
        except BaseException:
            self._close_store()
            raise
        self._desk = now
        self._tell_restored()

    def _open_with(self, keys: Keys) -> None:
        from dmp_desktop.cache.clinical import FILE
        from dmp_desktop.cache.keys import CLINICAL
        from dmp_desktop.cache.rekey import finish
        from dmp_desktop.cache.reseal import reseal

        self.close_clinical()
        now = finish(self.vault, keys, CLINICAL, lambda old, new: reseal(self.folder / FILE, old, new))
        if now is not keys:
            self.note_vault()
        assert now.clinical is not None  # noqa: S101 - the callers have seen it
        self.open_clinical(now.clinical)

    def _compare_ages(self) -> None:
        """A kill between the vault and the note leaves the vault a little ahead, which is no restored backup."""
        from dmp_desktop.cache.vault_errors import StoreRolledBack, VaultRolledBack

        noted, generation = self._meta(_GENERATION), self.vault.content.generation
        told: Act | None = None
        if noted is not None and not int(noted) <= generation <= int(noted) + _UNNOTED:
            if not self.accept_restored:
                if generation < int(noted):
                    raise VaultRolledBack("vault older than its store")
                raise StoreRolledBack("store older than its vault")
            told = Act.RESTORED_ACCEPTED
        self.note_vault(told)

    def _tell_restored(self) -> None:
        """A backup was put back: its moment goes to the journal, once."""
        from dmp_desktop.services.backup import RESTORED

        note = self.folder / RESTORED
        if note.exists():
            self.tell(Act.RESTORED)
            note.unlink()

    def _meta(self, name: str) -> bytes | None:
        assert self.store is not None  # noqa: S101 - asked with the store open
        row = self.store.database.row("SELECT value FROM meta WHERE name = ?", (name,))
        return None if row is None else bytes(row[0])

    def _set_meta(self, name: str, value: bytes) -> None:
        assert self.store is not None  # noqa: S101 - asked with the store open
        self.store.database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def _offer_keyring(self) -> None:
        from dmp_desktop.cache.oskeyring import KeyringUnavailable

        try:
            self.vault.add_keyring_slot(self.session_keys())
        except KeyringUnavailable:
            return
        self.note_vault()
