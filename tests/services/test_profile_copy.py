"""The clinical copy of a post: who opens it, when it closes, and what each bad day leaves possible."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.keys_cards import BRINDILLE, GABARIT, PAPIER, Plastic
from helpers.keys_memory import FileKeyring, reachable

from dmp_desktop.cache.clinical import FILE, SCRIPTS
from dmp_desktop.cache.database import Database, migrations
from dmp_desktop.cache.errors import BrokenDatabase, DatabaseMissing, OtherVaultDatabase
from dmp_desktop.cache.keys import Keys
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.cache.vault import Vault
from dmp_desktop.cache.vault_errors import (
    CardNotEnrolled,
    CardRenewed,
    StoreRolledBack,
    VaultRolledBack,
    WrongCode,
    WrongPassphrase,
)
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import FlowError, StorageError
from dmp_desktop.services.keys import PostKeys, WayKind
from dmp_desktop.services.profile import Access, Profile

WORDS, OTHER = Secret("quatre tilleuls et un banc"), Secret("une phrase toute neuve")


class Post:
    """A profile and its keyring, closed and opened again at will."""

    def __init__(self, folder: Path, *, keyring: bool = True) -> None:
        self.folder, self.clock = folder, HandClock()
        self.keyring = FileKeyring(folder.parent / "keyring", broken=not keyring)
        self.profile = Profile(folder, self.clock, self.keyring)
        assert self.profile.unlock() is Access.FIRST_RUN
        self.page = self.profile.create(WORDS)

    def again(self) -> Access:
        """Close, and start the program anew."""
        self.profile.close()
        self.profile = Profile(self.folder, self.clock, self.keyring)
        return self.profile.unlock()

    def enrol(self, plastic: Plastic, code: Secret | None) -> None:
        """Let a card in; its holder is then in session."""
        self.profile.enrol(plastic.proof(), plastic.holder, code)

    def sign(self, plastic: Plastic) -> bool:
        """A card signs in."""
        return self.profile.unlock_with_card(plastic.prove(self.profile.challenges(plastic.holder)))


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """A new post, prepared by somebody, nobody signed in yet."""
    made = Post(tmp_path / "profile")
    yield made
    made.profile.close()


def test_the_first_doctor_of_the_first_run_is_let_in_at_once(post: Post) -> None:
    """The keys this run has made are held for them; afterwards their card opens the copy by itself."""
    post.enrol(BRINDILLE, None)
    assert post.profile.clinical is not None
    post.profile.close_clinical()
    assert post.sign(BRINDILLE)
    assert post.again() is Access.OPEN
    assert post.profile.clinical is None
    assert post.sign(BRINDILLE)
    assert post.profile.clinical is not None


def test_a_reception_card_ends_the_fresh_keys(post: Post) -> None:
    """Whoever prepared the post and signs in first does not keep the key of the copy: the page is needed."""
    post.profile.forget_fresh_keys()
    with pytest.raises(FlowError):
        post.enrol(BRINDILLE, None)
    post.enrol(BRINDILLE, post.page)
    assert post.profile.clinical is not None


def test_a_colleague_comes_in_by_an_invitation_and_leaves_by_a_removal(post: Post) -> None:
    """The code works once; a removed card is asked for a code again."""
    keys = PostKeys(post.profile)
    post.enrol(BRINDILLE, None)
    code = keys.invite(BRINDILLE.holder)
    post.profile.close_clinical()
    with pytest.raises(CardNotEnrolled):
        post.sign(GABARIT)
    post.enrol(GABARIT, code)
    with pytest.raises(WrongCode):
        post.enrol(GABARIT, code)
    post.sign(BRINDILLE)
    (way,) = [way for way in keys.ways() if way.name == GABARIT.holder.display_name]
    keys.remove(way.id)
    with pytest.raises(CardNotEnrolled):
        post.sign(GABARIT)


def test_a_renewed_card_replaces_the_former_and_a_namesake_keeps_theirs(post: Post) -> None:
    """One slot for each person, told apart though they bear the same name."""
    namesake = Plastic(replace(BRINDILLE.holder, id=GABARIT.holder.id), b"namesake")
    keys = PostKeys(post.profile)
    post.enrol(BRINDILLE, None)
    post.enrol(namesake, keys.invite(BRINDILLE.holder))
    post.enrol(BRINDILLE.renewed(), keys.invite(namesake.holder))
    assert post.sign(namesake) and post.sign(BRINDILLE.renewed())
    with pytest.raises(CardRenewed):
        post.sign(BRINDILLE)
    assert sum(way.kind is WayKind.CARD for way in keys.ways()) == 2


def test_what_reception_may_do_with_the_keys(post: Post) -> None:
    """Her own card for the desk, the passphrase; no invitation, no page, no removal of a doctor."""
    keys = PostKeys(post.profile)
    post.enrol(BRINDILLE, None)
    post.profile.close_clinical()
    keys.add_own_card(PAPIER.proof(), PAPIER.holder)
    with pytest.raises(WrongPassphrase):
        keys.change_passphrase(OTHER, OTHER)
    keys.change_passphrase(WORDS, OTHER)
    ways = {way.name or way.kind: way for way in keys.ways()}
    assert not ways["Solène Papier"].clinical and ways["Solène Papier"].removable
    assert ways["Dr Aurore Brindille"].clinical and not ways["Dr Aurore Brindille"].removable
    assert not ways[WayKind.RECOVERY].removable and not ways[WayKind.PASSPHRASE].removable
    for act in (keys.invite, keys.new_recovery):
        with pytest.raises(FlowError):
            act(PAPIER.holder)
    with pytest.raises(FlowError):
        keys.remove(ways["Dr Aurore Brindille"].id)
    assert not post.sign(PAPIER)
    assert post.profile.clinical is None


def test_a_card_opens_a_post_whose_keyring_is_gone(tmp_path: Path) -> None:
    """No keyring: the passphrase, or a card that is known; the doctor's opens both stores, reception's the desk."""
    post = Post(tmp_path / "profile", keyring=False)
    post.enrol(BRINDILLE, None)
    PostKeys(post.profile).add_own_card(PAPIER.proof(), PAPIER.holder)
    for plastic, clinical in ((PAPIER, False), (BRINDILLE, True)):
        assert post.again() is Access.PASSPHRASE
        assert post.profile.knows(plastic.holder) and not post.profile.knows(GABARIT.holder)
        assert post.sign(plastic) is clinical
        assert post.profile.store is not None
        assert (post.profile.clinical is not None) is clinical
    post.profile.close()


def test_the_page_opens_a_post_whose_passphrase_is_forgotten(tmp_path: Path) -> None:
    """A new passphrase replaces it; nothing kept at the desk is lost, the cards stay let in."""
    post = Post(tmp_path / "profile", keyring=False)
    post.enrol(BRINDILLE, None)
    assert post.again() is Access.PASSPHRASE
    post.profile.recover(post.page, OTHER)
    assert post.profile.store is not None
    assert post.profile.clinical is None
    assert post.sign(BRINDILLE)
    assert post.again() is Access.PASSPHRASE
    with pytest.raises(WrongPassphrase):
        post.profile.unlock_with(WORDS)
    post.profile.unlock_with(OTHER)
    post.profile.close()


def test_new_keys_are_in_force_at_the_next_openings(post: Post) -> None:
    """Desk at the next start, copy when the doctor signs in; the keyring, the card and the new page go on."""
    post.enrol(BRINDILLE, None)
    before = post.profile.session_keys()
    keys = PostKeys(post.profile)
    proofs = BRINDILLE.prove(keys.own_challenges(BRINDILLE.holder))
    page = keys.change_keys(WORDS, proofs, BRINDILLE.holder)
    assert post.again() is Access.OPEN
    assert post.sign(BRINDILLE)
    after = post.profile.session_keys()
    assert after.desk != before.desk and after.clinical != before.clinical
    post.profile.close_clinical()
    post.enrol(GABARIT, page)
    assert post.profile.clinical is not None


def test_a_lost_copy_is_told_and_begun_again_beside_the_former(post: Post) -> None:
    """The file is gone: told, never silently replaced. Begun again, the former pieces are put aside, then deleted."""
    post.enrol(BRINDILLE, None)
    post.profile.close_clinical()
    (post.folder / FILE).rename(post.folder / "elsewhere")
    with pytest.raises(DatabaseMissing):
        post.sign(BRINDILLE)
    (post.folder / FILE).write_bytes(b"not a store of ours" * 100)
    with pytest.raises(OtherVaultDatabase):
        post.sign(BRINDILLE)
    keys = PostKeys(post.profile)
    assert keys.unsent() == 0
    page = keys.empty_copy()
    assert not post.sign(BRINDILLE)
    post.enrol(BRINDILLE, page)
    assert post.profile.clinical is not None
    (aside,) = keys.put_aside()
    assert (post.folder / aside / FILE).exists()
    keys.delete_aside()
    assert keys.put_aside() == ()


def test_a_post_without_any_key_is_begun_again_and_nothing_is_deleted(tmp_path: Path) -> None:
    """Everything is put aside, what was not sent cannot be counted, and the post is new."""
    post = Post(tmp_path / "profile", keyring=False)
    assert post.again() is Access.PASSPHRASE
    keys = PostKeys(post.profile)
    assert keys.unsent() is None
    keys.empty_post()
    assert post.profile.unlock() is Access.FIRST_RUN
    post.profile.create(OTHER)
    assert {"vault", "desk.db"} <= {path.name for path in (post.folder / keys.put_aside()[0]).iterdir()}
    post.profile.close()


def test_a_vault_from_a_backup_is_told_from_a_store_from_a_backup(post: Post) -> None:
    """Older vault: ways in removed since would be back. Older store: acts may be missing. One may go on with either."""
    post.enrol(BRINDILLE, None)
    post.profile.close()
    old = {name: (post.folder / name).read_bytes() for name in ("vault", "desk.db")}
    post.again()
    post.sign(BRINDILLE)
    keys = PostKeys(post.profile)
    for _ in range(6):
        keys.invite(BRINDILLE.holder)
    post.profile.close()
    new = {name: (post.folder / name).read_bytes() for name in ("vault", "desk.db")}
    for vault, store, told in ((old, new, VaultRolledBack), (new, old, StoreRolledBack)):
        (post.folder / "vault").write_bytes(vault["vault"])
        (post.folder / "desk.db").write_bytes(store["desk.db"])
        with pytest.raises(told):
            post.again()
        assert post.profile.store is None
        post.profile.accept_restored = True
        assert post.profile.unlock() is Access.OPEN
    assert post.again() is Access.OPEN


def every_key(post: Post) -> list[DatabaseKey]:
    """Every key that a receptionist in full control of the process and of the files can lay hands on."""
    vault = Vault.open(post.folder, post.keyring)
    salts = [record.salt for _, _, record in vault.content.records()]
    found: list[Keys] = [
        vault.unlock_with_keyring(),
        vault.unlock_with_passphrase(WORDS),
        vault.unlock_with_card(PAPIER.prove(vault.challenges(PAPIER.holder))),
        post.profile.session_keys(),
    ]
    found += [each for each in gc.get_objects() if isinstance(each, Keys)]
    loose = [each for each in gc.get_objects() if isinstance(each, DatabaseKey)]
    raw = {key.key for keys in found for key in keys.every()} | {key.key for key in loose}
    # A card that is not hers, the answers of hers to a doctor's challenge: nothing of it opens a slot.
    doctors = vault.challenges(BRINDILLE.holder)
    with pytest.raises(StorageError):
        vault.unlock_with_card(PAPIER.prove(doctors))
    return [DatabaseKey(key, salt) for key in raw for salt in salts]


def test_reception_in_full_control_opens_no_document(post: Post) -> None:
    """Keyring, passphrase, her card, every key alive in the process, under every salt: the copy stays shut."""
    post.enrol(BRINDILLE, None)
    clinical = post.profile.session_keys().clinical
    assert clinical is not None
    store = post.profile.clinical
    assert store is not None
    store.database.execute("CREATE TABLE told (words TEXT)")
    store.database.execute("INSERT INTO told VALUES ('compte rendu de la rue de l’Exemple')")
    del store
    key, salt = clinical.key, clinical.salt
    del clinical
    PostKeys(post.profile).add_own_card(PAPIER.proof(), PAPIER.holder)
    post.profile.close_clinical()
    assert not post.sign(PAPIER)
    tried = every_key(post)
    assert len(tried) >= 2
    for candidate in tried:
        with pytest.raises((BrokenDatabase, OtherVaultDatabase)):
            Database.open(post.folder / FILE, candidate, scripts=migrations(SCRIPTS)).close()
    # The right key opens it: the tries above fail for want of it, not because the file is broken.
    assert key not in {candidate.key for candidate in tried}
    Database.open(post.folder / FILE, DatabaseKey(key, salt), scripts=migrations(SCRIPTS)).close()


def test_nothing_of_a_doctors_key_stays_after_the_session(post: Post) -> None:
    """Once the copy is closed, no object of the process holds the key, as bytes or as the digits SQLCipher was told."""
    post.enrol(BRINDILLE, None)
    post.profile.close_clinical()
    gc.collect()
    assert post.sign(BRINDILLE)
    assert post.profile.clinical is not None
    post.profile.clinical.database.row("SELECT 1")
    clinical = post.profile.session_keys().clinical
    assert clinical is not None
    # Kept backwards: the test itself must not be what is found.
    backwards = clinical.key[::-1]
    del clinical
    assert reachable(backwards), "the session in progress does hold it"
    post.profile.close_clinical()
    gc.collect()
    assert reachable(backwards) == []
