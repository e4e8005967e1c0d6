"""Backups: consistent while people work, whole or refused, put back without losing what was there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.store_world import BRINDILLE, HORTENSE, desk_store, keys, opening
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.cache.errors import ProfileInUse
from dmp_desktop.cache.instance import Instance
from dmp_desktop.cache.store import FILE, DeskStore
from dmp_desktop.cache.vault import Keys
from dmp_desktop.errors import DmpError, StorageError
from dmp_desktop.services.backup import MANIFEST, Backup, BackupDamaged, BackupInside, BackupMade, NotABackup, restore


@pytest.fixture
def held() -> Keys:
    """The keys of the post."""
    return keys()


def made(profile: Path, target: Path, held: Keys, clock: HandClock) -> BackupMade:
    """A backup of a post where one opening waits and the store is open."""
    profile.mkdir(exist_ok=True)
    (profile / "vault").write_bytes(b"the vault")
    (profile / "documents").mkdir(exist_ok=True)
    (profile / "documents" / "a1b2").write_bytes(b"sealed bytes")
    with desk_store(profile, clock, held) as store:
        store.outbox.add(opening(), BRINDILLE)
        return Backup(profile, clock, lambda: {FILE: store.database}).make(target)


def waiting(profile: Path, held: Keys) -> int:
    """How many acts wait in a profile that opens and checks."""
    store = DeskStore.open(profile, held, HandClock())
    try:
        store.database.check()
        return len(store.outbox.waiting())
    finally:
        store.close()


def test_a_backup_made_while_working_is_put_back(tmp_path: Path, held: Keys) -> None:
    """Copied with the store open, put back on an empty post: the queue, the vault and the documents are there."""
    clock = HandClock()
    backup = made(tmp_path / "post", tmp_path / "usb", held, clock)
    assert sorted(p.name for p in backup.folder.iterdir()) == ["desk.db", "documents", MANIFEST, "vault"]
    restore(backup.folder, tmp_path / "new", clock)
    assert waiting(tmp_path / "new", held) == 1
    assert (tmp_path / "new" / "documents" / "a1b2").read_bytes() == b"sealed bytes"
    assert not list((tmp_path / "new").glob("avant-*"))
    assert (tmp_path / "new" / "vault").stat().st_mode & 0o777 == 0o600


def test_what_was_there_is_moved_aside(tmp_path: Path, held: Keys) -> None:
    """Put back over a working profile: the former one is kept in a folder of its own."""
    clock = HandClock()
    backup = made(tmp_path / "post", tmp_path / "usb", held, clock)
    with_more = DeskStore.open(tmp_path / "post", held, clock)
    with_more.outbox.add(opening(HORTENSE, "OUV-2026-0414-0002"), BRINDILLE)
    with_more.close()
    restore(backup.folder, tmp_path / "post", clock)
    assert waiting(tmp_path / "post", held) == 1
    aside = next((tmp_path / "post").glob("avant-restauration-*"))
    assert waiting(aside, held) == 2


def test_a_changed_or_missing_file_is_found_before_anything_is_put_back(tmp_path: Path, held: Keys) -> None:
    """One bit, or one file less: refused, and the profile is as it was."""
    backup = made(tmp_path / "post", tmp_path / "usb", held, HandClock())
    store = backup.folder / FILE
    whole = store.read_bytes()
    store.write_bytes(whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:])
    for spoil in (lambda: None, store.unlink):
        spoil()
        with pytest.raises(BackupDamaged):
            restore(backup.folder, tmp_path / "post", HandClock())
        assert waiting(tmp_path / "post", held) == 1
        assert not list((tmp_path / "post").glob("avant-*"))


def test_nothing_is_put_back_under_a_running_program(tmp_path: Path, held: Keys) -> None:
    """The profile is in use: refused."""
    backup = made(tmp_path / "post", tmp_path / "usb", held, HandClock())
    with Instance.acquire(tmp_path / "post"), pytest.raises(ProfileInUse):
        restore(backup.folder, tmp_path / "post", HandClock())


def test_a_backup_is_not_kept_in_what_it_copies(tmp_path: Path, held: Keys) -> None:
    """The profile's own folder is refused; nothing is left there."""
    with pytest.raises(BackupInside):
        made(tmp_path / "post", tmp_path / "post" / "usb", held, HandClock())
    assert not (tmp_path / "post" / "usb").exists()


def test_a_copy_that_fails_leaves_nothing_that_looks_like_one(tmp_path: Path, held: Keys) -> None:
    """The place cannot be written: a typed error, and no folder there."""
    (tmp_path / "usb").write_bytes(b"not a folder")
    with pytest.raises(StorageError):
        made(tmp_path / "post", tmp_path / "usb", held, HandClock())
    assert waiting(tmp_path / "post", held) == 1


@given(
    st.binary() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_any_manifest_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    """Whatever stands in the place of a backup, the answer is typed."""
    folder = tmp_path_factory.mktemp("any")
    (folder / MANIFEST).write_bytes(body)
    with pytest.raises(DmpError):
        restore(folder, folder / "profile", HandClock())


def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path, held: Keys) -> None:
    """A forged list with a path outside is no backup."""
    backup = made(tmp_path / "post", tmp_path / "usb", held, HandClock())
    body = json.loads((backup.folder / MANIFEST).read_bytes())
    body["files"]["../../stolen"] = "0"
    (backup.folder / MANIFEST).write_text(json.dumps(body))
    with pytest.raises(NotABackup):
        restore(backup.folder, tmp_path / "new", HandClock())
