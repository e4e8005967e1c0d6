"""The vault: ways in, and everything that can be wrong with them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.cache.oskeyring import KeyringUnavailable, SystemKeyring
from dmp_desktop.cache.slots import FLOOR_KIB, Argon2Cost, SlotKind
from dmp_desktop.cache.vault import FILE, Vault
from dmp_desktop.cache.vault_errors import (
    KeyringChanged,
    NoSuchSlot,
    VaultEdited,
    VaultExists,
    VaultMissing,
    WeakPassphrase,
    WrongPassphrase,
)
from dmp_desktop.cache.vaultfile import NewerVault, VaultBroken, checksum, parse
from dmp_desktop.domain.identifiers import Secret

CHEAP = Argon2Cost(FLOOR_KIB)
PHRASE = Secret("trois tilleuls à l’été")


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring of the real library that lives as long as the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("absent")


def made(folder: Path, backend: object | None = None) -> Vault:
    """A vault with its passphrase."""
    vault, _ = Vault.create(folder, PHRASE, SystemKeyring(backend) if backend else None, CHEAP)
    return vault


def edit(folder: Path, change: dict[str, object], *, honest: bool = True) -> None:
    """Rewrite fields of the vault's file, with (or without) a right checksum."""
    path = folder / FILE
    body = json.loads(path.read_bytes())
    total = body.pop("sum")
    body.update(change)
    path.write_text(json.dumps({**body, "sum": checksum(body) if honest else total}), "utf-8")


def test_passphrase_opens_the_same_keys_again(tmp_path: Path) -> None:
    """The keys made at set-up come back with the passphrase, however its accents were typed."""
    vault, keys = Vault.create(tmp_path, PHRASE, cost=CHEAP)
    decomposed = Secret(PHRASE.reveal().replace("é", "e\u0301").replace("à", "a\u0300"))
    again = Vault.open(tmp_path).unlock_with_passphrase(decomposed)
    assert again.desk == keys.desk
    assert vault.slots == (SlotKind.PASSPHRASE,)


def test_vault_is_private_and_holds_no_secret(tmp_path: Path) -> None:
    """The file is its owner's alone and holds neither the passphrase nor a key; nothing prints one."""
    _, keys = Vault.create(tmp_path / "profile", PHRASE, cost=CHEAP)
    data = (tmp_path / "profile" / FILE).read_bytes()
    assert PHRASE.reveal().encode() not in data
    assert keys.desk.key not in data and keys.desk.key.hex().encode() not in data
    assert (tmp_path / "profile" / FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "profile").stat().st_mode & 0o777 == 0o700
    assert repr(keys) == "Keys(…)" and repr(keys.desk) == "DatabaseKey(…)"


def test_wrong_passphrase_is_not_a_broken_vault(tmp_path: Path) -> None:
    """Another passphrase is told as such and changes nothing."""
    vault = made(tmp_path)
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(WrongPassphrase):
        vault.unlock_with_passphrase(Secret("une autre phrase"))
    assert (tmp_path / FILE).read_bytes() == before


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    """Nothing is written for a passphrase that protects nothing."""
    with pytest.raises(WeakPassphrase) as refused:
        Vault.create(tmp_path, Secret("   court   "), cost=CHEAP)
    assert refused.value.facts["minimum"] == 8
    assert not (tmp_path / FILE).exists()


def test_a_vault_is_never_overwritten(tmp_path: Path) -> None:
    """Making a vault where there is one is refused."""
    made(tmp_path)
    with pytest.raises(VaultExists):
        Vault.create(tmp_path, PHRASE, cost=CHEAP)


def test_a_missing_vault_tells_what_it_would_have_opened(tmp_path: Path) -> None:
    """The stores left without their vault are counted."""
    (tmp_path / "desk.db").write_bytes(b"x")
    with pytest.raises(VaultMissing) as missing:
        Vault.open(tmp_path)
    assert missing.value.facts["stores"] == 1


def test_changed_passphrase_keeps_the_keys(tmp_path: Path) -> None:
    """The new passphrase opens, the old one no longer does."""
    vault = made(tmp_path)
    keys = vault.unlock_with_passphrase(PHRASE)
    vault.change_passphrase(keys, Secret("une phrase toute neuve"), CHEAP)
    again = Vault.open(tmp_path)
    assert again.unlock_with_passphrase(Secret("une phrase toute neuve")).desk == keys.desk
    with pytest.raises(WrongPassphrase):
        again.unlock_with_passphrase(PHRASE)


def test_keyring_opens_without_a_passphrase(tmp_path: Path) -> None:
    """The system's keyring alone gives the keys back; set up twice, only the last entry remains."""
    backend = MemoryKeyring()
    vault = made(tmp_path, backend)
    keys = vault.unlock_with_passphrase(PHRASE)
    vault.add_keyring_slot(keys)
    vault.add_keyring_slot(keys)
    assert len(backend.kept) == 1
    again = Vault.open(tmp_path, SystemKeyring(backend))
    assert again.unlock_with_keyring().desk == keys.desk
    assert again.slots == (SlotKind.PASSPHRASE, SlotKind.KEYRING)
    (way,) = [slot.id for slot in again.content.slots if slot.kind == SlotKind.KEYRING]
    again.remove(keys, way)
    assert backend.kept == {}
    with pytest.raises(NoSuchSlot):
        again.unlock_with_keyring()


@pytest.mark.parametrize("now", [None, "00" * 32, "not hexadecimal"])
def test_changed_keyring_leaves_the_passphrase(tmp_path: Path, now: str | None) -> None:
    """A keyring emptied or replaced is told apart, and the passphrase still opens."""
    backend = MemoryKeyring()
    vault = made(tmp_path, backend)
    keys = vault.unlock_with_passphrase(PHRASE)
    vault.add_keyring_slot(keys)
    (name,) = backend.kept
    backend.kept = {name: now} if now is not None else {}
    with pytest.raises(KeyringChanged):
        vault.unlock_with_keyring()
    assert vault.unlock_with_passphrase(PHRASE).desk == keys.desk


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring(), keyring.backends.null.Keyring()])
def test_no_keyring_changes_nothing(tmp_path: Path, backend: object) -> None:
    """Without a keyring, or with one that keeps nothing, the vault stays as it was."""
    vault = made(tmp_path, backend)
    keys = vault.unlock_with_passphrase(PHRASE)
    with pytest.raises(KeyringUnavailable):
        vault.add_keyring_slot(keys)
    assert Vault.open(tmp_path).slots == (SlotKind.PASSPHRASE,)


def test_the_systems_own_keyring_is_asked_for_when_none_is_given(tmp_path: Path) -> None:
    """By default the library's choice serves: here none, said as unavailable."""
    vault = made(tmp_path)
    with pytest.raises(KeyringUnavailable):
        vault.add_keyring_slot(vault.unlock_with_passphrase(PHRASE))


@pytest.mark.parametrize("cost", [{"memory_kib": 1024}, {"passes": 1}, {"salt": "00"}, {"memory_kib": "128"}])
def test_edited_cost_is_refused_before_a_guess(tmp_path: Path, cost: dict[str, object]) -> None:
    """A vault edited to make guessing cheap is broken, not slow or weak."""
    vault = made(tmp_path)
    (slot,) = json.loads((tmp_path / FILE).read_bytes())["slots"]
    edit(tmp_path, {"slots": [{**slot, "settings": {**slot["settings"], **cost}}]})
    with pytest.raises(VaultBroken):
        Vault.open(tmp_path).unlock_with_passphrase(PHRASE)
    assert vault.slots == (SlotKind.PASSPHRASE,)


def test_keys_of_another_database_are_noticed(tmp_path: Path) -> None:
    """A right passphrase over a wrong key-check value is a broken vault."""
    made(tmp_path)
    salt = json.loads((tmp_path / FILE).read_bytes())["databases"]["desk"][0]["salt"]
    edit(tmp_path, {"databases": {"desk": [{"salt": salt, "check": "00" * 32}]}})
    with pytest.raises(VaultBroken):
        Vault.open(tmp_path).unlock_with_passphrase(PHRASE)


def test_a_slot_moved_from_another_vault_opens_nothing(tmp_path: Path) -> None:
    """A slot is bound to its vault: copied elsewhere, the right passphrase does not open it."""
    made(tmp_path / "one")
    made(tmp_path / "two")
    stolen = json.loads((tmp_path / "one" / FILE).read_bytes())["slots"]
    edit(tmp_path / "two", {"slots": stolen})
    with pytest.raises(WrongPassphrase):
        Vault.open(tmp_path / "two").unlock_with_passphrase(PHRASE)


def test_damage_is_told_before_any_passphrase(tmp_path: Path) -> None:
    """One changed digit of a wrapped key is a broken vault, not a wrong passphrase; a later format is neither."""
    made(tmp_path)
    whole = (tmp_path / FILE).read_bytes()
    (slot,) = json.loads(whole)["slots"]
    ((key, wrapped),) = slot["sealed"].items()
    edit(tmp_path, {"slots": [{**slot, "sealed": {key: wrapped[::-1]}}]}, honest=False)
    with pytest.raises(VaultBroken):
        Vault.open(tmp_path)
    (tmp_path / FILE).write_bytes(whole)
    edit(tmp_path, {"format": 2})
    with pytest.raises(NewerVault):
        Vault.open(tmp_path)


def test_a_way_in_of_a_later_kind_is_kept(tmp_path: Path) -> None:
    """A kind of slot this version does not know survives a change of passphrase."""
    vault = made(tmp_path)
    keys = vault.unlock_with_passphrase(PHRASE)
    (slot,) = vault.content.slots
    vault.write(keys, [slot, replace(slot, id="11" * 8, kind="eye")])
    vault = Vault.open(tmp_path)
    assert vault.slots == (SlotKind.PASSPHRASE, None)
    vault.change_passphrase(vault.unlock_with_passphrase(PHRASE), Secret("une phrase toute neuve"), CHEAP)
    assert set(Vault.open(tmp_path).slots) == {SlotKind.PASSPHRASE, None}


@pytest.mark.parametrize("change", ["slot", "generation"])
def test_an_edited_vault_is_told_once_a_way_in_has_opened(tmp_path: Path, change: str) -> None:
    """Under a right checksum, whoever does not hold the desk's key cannot add a slot nor make the file older."""
    made(tmp_path)
    (slot,) = json.loads((tmp_path / FILE).read_bytes())["slots"]
    changes: dict[str, dict[str, object]] = {
        "slot": {"slots": [slot, {**slot, "id": "11" * 8}]},
        "generation": {"generation": 77},
    }
    edit(tmp_path, changes[change])
    with pytest.raises(VaultEdited):
        Vault.open(tmp_path).unlock_with_passphrase(PHRASE)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("format", "id", "generation", "databases", "slots", "seal"), JSON)
)


@settings(max_examples=150)
@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_surprise_the_reader(data: bytes) -> None:
    """Whatever the file holds, it is a vault or a broken one."""
    with pytest.raises(VaultBroken):
        parse(data)


@settings(max_examples=150)
@given(FIELDS)
def test_no_well_sealed_nonsense_surprises_the_reader(fields: dict[str, object]) -> None:
    """Even under a right checksum, nonsense is told as such."""
    body = {"format": 1, "id": "00" * 16, "generation": 1, "databases": {}, "slots": [], "seal": "00" * 32, **fields}
    try:
        parse(json.dumps({**body, "sum": checksum(body)}).encode())
    except (VaultBroken, NewerVault):
        return
