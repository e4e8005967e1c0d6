"""The operating system's keyring: where a key that unlocks the vault may rest between two sessions of the system."""

from __future__ import annotations

from typing import Any, Protocol

from dmp_desktop.errors import StorageError

_SERVICE = "dmp_desktop"


class KeyringUnavailable(StorageError):
    """No keyring, a locked one, or one that would keep the secret in plain text: the passphrase remains."""

    code = "keyring-unavailable"


class Keyring(Protocol):
    """Three verbs; every one may raise :class:`KeyringUnavailable`."""

    def get(self, name: str) -> str | None:
        """The secret kept under ``name``, or ``None``."""
        ...

    def set(self, name: str, secret: str) -> None:
        """Keep ``secret`` under ``name``."""
        ...

    def delete(self, name: str) -> None:
        """Forget ``name``; nothing happens when it is not there."""
        ...


class SystemKeyring:
    """The ``keyring`` library, imported at first use (it costs more than all the rest of the store).

    :param backend: a backend of that library; by default the one it chooses for this system.
    """

    def __init__(self, backend: Any = None) -> None:
        self._backend = backend

    def get(self, name: str) -> str | None:
        """See :class:`Keyring`."""
        from keyring.errors import KeyringError

        try:
            secret: str | None = self._checked().get_password(_SERVICE, name)
        except (KeyringError, OSError) as error:
            raise KeyringUnavailable(type(error).__name__) from None
        return secret

    def set(self, name: str, secret: str) -> None:
        """See :class:`Keyring`; read back at once, because a null backend accepts everything and keeps nothing."""
        from keyring.errors import KeyringError

        try:
            self._checked().set_password(_SERVICE, name, secret)
        except (KeyringError, OSError) as error:
            raise KeyringUnavailable(type(error).__name__) from None
        if self.get(name) != secret:
            raise KeyringUnavailable("the keyring keeps nothing")

    def delete(self, name: str) -> None:
        """See :class:`Keyring`."""
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            self._checked().delete_password(_SERVICE, name)
        except PasswordDeleteError:
            return
        except (KeyringError, OSError) as error:
            raise KeyringUnavailable(type(error).__name__) from None

    def _checked(self) -> Any:
        if self._backend is None:
            import keyring

            self._backend = keyring.get_keyring()
        for backend in getattr(self._backend, "backends", [self._backend]):
            if type(backend).__module__.startswith("keyrings.alt"):  # files beside the vault: no protection at all
                raise KeyringUnavailable("plain text keyring")
        return self._backend
