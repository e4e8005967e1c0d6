"""The profile of a post: first run, unlocking, one program at a time."""

from pathlib import Path

import pytest
from helpers.clocks import HandClock

from dmp_desktop.cache.instance import ProfileInUse
from dmp_desktop.cache.oskeyring import KeyringUnavailable
from dmp_desktop.cache.vault_errors import VaultMissing, WeakPassphrase, WrongPassphrase
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.services.profile import Access, Profile

WORDS = Secret("quatre tilleuls et un banc")


class MemoryKeyring:
    """A system keyring in memory; ``broken`` stands for a computer that has none."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken, self.kept = broken, dict[str, str]()

    def get(self, name: str) -> str | None:
        """What is kept under that name."""
        self._check()
        return self.kept.get(name)

    def set(self, name: str, secret: str) -> None:
        """Keep."""
        self._check()
        self.kept[name] = secret

    def delete(self, name: str) -> None:
        """Forget."""
        self._check()
        self.kept.pop(name, None)

    def _check(self) -> None:
        if self.broken:
            raise KeyringUnavailable("no keyring")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the profile lives."""
    return tmp_path / "profile"


def test_a_new_post_is_prepared_once_then_opens_by_itself(folder: Path) -> None:
    """First run asks a passphrase; afterwards the system keyring opens the store in silence."""
    keyring = MemoryKeyring()
    first = Profile(folder, HandClock(), keyring)
    assert first.unlock() is Access.FIRST_RUN
    first.create(WORDS)
    assert first.store is not None
    first.close()
    again = Profile(folder, HandClock(), keyring)
    assert again.unlock() is Access.OPEN
    assert again.store is not None
    again.close()


def test_without_a_keyring_the_passphrase_opens(folder: Path) -> None:
    """No keyring on this computer: the passphrase is asked, a wrong one opens nothing."""
    keyring = MemoryKeyring(broken=True)
    first = Profile(folder, HandClock(), keyring)
    first.unlock()
    first.create(WORDS)
    first.close()
    again = Profile(folder, HandClock(), keyring)
    assert again.unlock() is Access.PASSPHRASE
    with pytest.raises(WrongPassphrase):
        again.unlock_with(Secret("quatre tilleuls"))
    assert again.store is None
    again.unlock_with(WORDS)
    assert again.store is not None
    again.close()


def test_a_changed_keyring_is_mended_by_the_passphrase(folder: Path) -> None:
    """The keyring lost its secret: the passphrase opens, and the keyring opens again next time."""
    keyring = MemoryKeyring()
    first = Profile(folder, HandClock(), keyring)
    first.unlock()
    first.create(WORDS)
    first.close()
    keyring.kept.clear()
    again = Profile(folder, HandClock(), keyring)
    assert again.unlock() is Access.PASSPHRASE
    again.unlock_with(WORDS)
    again.close()
    third = Profile(folder, HandClock(), keyring)
    assert third.unlock() is Access.OPEN
    third.close()


def test_a_weak_passphrase_prepares_nothing(folder: Path) -> None:
    """Under eight characters: refused, and the post is still new."""
    profile = Profile(folder, HandClock(), MemoryKeyring())
    profile.unlock()
    with pytest.raises(WeakPassphrase):
        profile.create(Secret("court"))
    assert profile.unlock() is Access.FIRST_RUN
    profile.close()


def test_two_programs_on_one_profile(folder: Path) -> None:
    """The second is refused; once the first is closed, it may."""
    first, second = Profile(folder, HandClock(), MemoryKeyring()), Profile(folder, HandClock(), MemoryKeyring())
    first.unlock()
    with pytest.raises(ProfileInUse):
        second.unlock()
    first.close()
    assert second.unlock() is Access.FIRST_RUN
    second.close()


def test_a_store_without_its_vault_is_told_not_replaced(folder: Path) -> None:
    """The vault was deleted beside its store: never taken for a first run."""
    profile = Profile(folder, HandClock(), MemoryKeyring())
    profile.unlock()
    profile.create(WORDS)
    profile.close()
    (folder / "vault").unlink()
    with pytest.raises(VaultMissing):
        Profile(folder, HandClock(), MemoryKeyring()).unlock()
