"""The profile folder of a post: first run, unlocking, opening of the encrypted store.

The store and its ciphers are imported by the first question, in the cache lane: the window is painted before.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.identifiers import Secret

if TYPE_CHECKING:
    from dmp_desktop.cache.instance import Instance
    from dmp_desktop.cache.oskeyring import Keyring
    from dmp_desktop.cache.store import DeskStore
    from dmp_desktop.cache.vault import Keys, Vault


class Access(StrEnum):
    """What the post needs before anything can be kept."""

    FIRST_RUN = "first-run"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a state
    OPEN = "open"


class Profile:
    """One post's encrypted store. Cache lane only."""

    def __init__(self, folder: Path, clock: Clock, keyring: Keyring | None = None) -> None:
        self._folder = folder
        self._clock = clock
        self._keyring = keyring
        self._instance: Instance | None = None
        self.store: DeskStore | None = None

    def unlock(self) -> Access:
        """Take the profile for this program alone; open it with the system keyring if it can, else tell what is needed.

        :raises dmp_desktop.cache.instance.ProfileInUse: another program has it.
        :raises StorageError: the vault or the store is damaged, newer, foreign or in use.
        """
        from dmp_desktop.cache.instance import Instance
        from dmp_desktop.cache.oskeyring import KeyringUnavailable
        from dmp_desktop.cache.vault import KeyringChanged, NoSuchSlot, Vault, VaultMissing

        if self._instance is None:
            self._instance = Instance.acquire(self._folder)
        try:
            vault = Vault.open(self._folder, self._keyring)
        except VaultMissing as error:
            if error.facts["stores"]:
                raise
            return Access.FIRST_RUN
        try:
            keys = vault.unlock_with_keyring()
        except (KeyringUnavailable, KeyringChanged, NoSuchSlot):
            return Access.PASSPHRASE
        self._open(keys)
        return Access.OPEN

    def unlock_with(self, passphrase: Secret) -> None:
        """Open with the passphrase, and let the system keyring do it next time where there is one.

        :raises WrongPassphrase, StorageError: nothing is open.
        """
        from dmp_desktop.cache.vault import Vault

        vault = Vault.open(self._folder, self._keyring)
        keys = vault.unlock_with_passphrase(passphrase)
        self._open(keys)
        self._offer_keyring(vault, keys)

    def create(self, passphrase: Secret) -> None:
        """First run: a vault with fresh keys, and an empty store.

        :raises WeakPassphrase, StorageError: nothing usable is left behind.
        """
        from dmp_desktop.cache.vault import Vault

        vault, keys = Vault.create(self._folder, passphrase, self._keyring)
        self._open(keys, create=True)
        self._offer_keyring(vault, keys)

    def close(self) -> None:
        """Close the store and let the profile go; the keys go with it."""
        self._close_store()
        instance, self._instance = self._instance, None
        if instance is not None:
            instance.release()

    def _close_store(self) -> None:
        store, self.store = self.store, None
        if store is not None:
            store.close()

    def _open(self, keys: Keys, *, create: bool = False) -> None:
        from dmp_desktop.cache.store import DeskStore

        self._close_store()
        self.store = DeskStore.open(self._folder, keys, self._clock, create=create)

    def _offer_keyring(self, vault: Vault, keys: Keys) -> None:
        from dmp_desktop.cache.oskeyring import KeyringUnavailable

        try:
            vault.add_keyring_slot(keys)
        except KeyringUnavailable:
            return
