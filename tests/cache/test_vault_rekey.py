"""Changing the keys of the stores, cut at any write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.keys_cards import BRINDILLE, GABARIT, PAPIER

from dmp_desktop.cache import files, rekey
from dmp_desktop.cache.codes import new_code
from dmp_desktop.cache.database import Database
from dmp_desktop.cache.errors import DiskFull
from dmp_desktop.cache.keys import CLINICAL, DESK, Keys
from dmp_desktop.cache.reseal import reseal
from dmp_desktop.cache.slots import FLOOR_KIB, Argon2Cost, DatabaseKey
from dmp_desktop.cache.vault import Vault
from dmp_desktop.cache.vault_errors import CardNotEnrolled, WrongCode, WrongPassphrase
from dmp_desktop.cache.ways import label, ways
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import FlowError

CLOCK = HandClock()
PHRASE, PAGE = Secret("trois tilleuls à l’été"), new_code()
SCRIPT = ("CREATE TABLE told (words TEXT);",)


class Post:
    """Two files and their vault, opened as the program does: the desk by the passphrase, the copy by the card."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        vault, keys = Vault.create(folder, PHRASE, cost=Argon2Cost(FLOOR_KIB), recovery=PAGE)
        for plastic in (BRINDILLE, GABARIT, PAPIER):
            words = label(vault, keys.desk, plastic.holder.display_name, CLOCK.now())
            vault.add_card(keys, plastic.proof(), plastic.holder, words)
        for name, key in keys.by_database.items():
            database = Database.open(folder / f"{name}.db", key, create=True, scripts=SCRIPT)
            database.execute("INSERT INTO told VALUES (?)", (name,))
            database.close()
        self.first = keys

    def begin(self) -> Secret:
        """The first phase, by a doctor in session."""
        vault = Vault.open(self.folder)
        proofs = BRINDILLE.prove(vault.challenges(BRINDILLE.holder))
        keys = vault.unlock_with_card(proofs)
        return rekey.begin(vault, keys, PHRASE, proofs, "Dr Aurore Brindille", CLOCK.now())[1]

    def open_both(self) -> Keys:
        """What the next start does: the desk first, the copy when the doctor signs in. Both files are read."""
        vault = Vault.open(self.folder)
        self._open(vault, vault.unlock_with_passphrase(PHRASE), DESK)
        keys = vault.unlock_with_card(BRINDILLE.prove(vault.challenges(BRINDILLE.holder)))
        return self._open(vault, keys, CLINICAL)

    def _open(self, vault: Vault, keys: Keys, name: str) -> Keys:
        path = self.folder / f"{name}.db"
        now = rekey.finish(vault, keys, name, lambda old, new: reseal(path, old, new))
        database = Database.open(path, now.by_database[name], scripts=SCRIPT)
        try:
            assert [row[0] for row in database.rows("SELECT words FROM told")] == [name]
            database.check()
        finally:
            database.close()
        return now


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """A post with three cards."""
    return Post(tmp_path)


def test_fresh_keys_open_both_files_and_the_former_ones_nothing(post: Post) -> None:
    """After the next opening of each, the file begins with another salt and the vault knows the new keys alone."""
    page = post.begin()
    assert rekey.under_way(Vault.open(post.folder))
    keys = post.open_both()
    vault = Vault.open(post.folder)
    assert not rekey.under_way(vault)
    for name in (DESK, CLINICAL):
        assert keys.by_database[name].key != post.first.by_database[name].key
        assert (post.folder / f"{name}.db").read_bytes()[:16] == keys.by_database[name].salt
    assert vault.unlock_with_code(page, CLOCK.now())[0].clinical == keys.clinical
    with pytest.raises(WrongCode):
        vault.unlock_with_code(PAGE, CLOCK.now())
    assert not list(post.folder.glob("*.rekey*"))


def test_cards_that_were_not_there_are_let_out(post: Post) -> None:
    """Their keys cannot be wrapped anew: they need an invitation; who remains keeps their name."""
    post.begin()
    keys = post.open_both()
    vault = Vault.open(post.folder)
    for plastic in (GABARIT, PAPIER):
        with pytest.raises(CardNotEnrolled):
            vault.challenges(plastic.holder)
    assert [way.name for way in ways(vault, keys) if way.name] == ["Dr Aurore Brindille", "Dr Aurore Brindille"]


def test_until_the_next_start_every_card_still_opens(post: Post) -> None:
    """The first phase takes nothing from anybody: a colleague signs in before the files have changed."""
    post.begin()
    vault = Vault.open(post.folder)
    keys = vault.unlock_with_card(GABARIT.prove(vault.challenges(GABARIT.holder)))
    assert (keys.by_database, keys.coming) == (post.first.by_database, {})


def test_the_passphrase_must_be_right_before_anything_changes(post: Post) -> None:
    """And both stores open, and no change under way."""
    vault = Vault.open(post.folder)
    proofs = BRINDILLE.prove(vault.challenges(BRINDILLE.holder))
    keys = vault.unlock_with_card(proofs)
    before = (post.folder / "vault").read_bytes()
    with pytest.raises(WrongPassphrase):
        rekey.begin(vault, keys, Secret("une autre phrase"), proofs, "", CLOCK.now())
    with pytest.raises(FlowError):
        rekey.begin(vault, keys.desk_only, PHRASE, proofs, "", CLOCK.now())
    assert (post.folder / "vault").read_bytes() == before
    post.begin()
    vault = Vault.open(post.folder)
    with pytest.raises(FlowError):
        rekey.begin(vault, vault.unlock_with_card(proofs), PHRASE, proofs, "", CLOCK.now())


class Cut:
    """The power goes out at the n-th write on the disk, before or after it is done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, *, done: bool) -> None:
        self.writes, self._at, self._done = 0, at, done
        for name in ("write_whole", "take_place"):
            real = getattr(files, name)
            for module in ("files", "vault", "reseal"):
                monkeypatch.setattr(f"dmp_desktop.cache.{module}.{name}", self._wrapped(real), raising=False)

    def _wrapped(self, real: Callable[..., None]) -> Callable[..., None]:
        def write(*arguments: object) -> None:
            self.writes += 1
            if self.writes == self._at and not self._done:
                raise DiskFull("cut")
            real(*arguments)
            if self.writes == self._at:
                raise DiskFull("cut")

        return write


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("at", range(1, 7))
def test_cut_at_any_write_both_files_still_open(
    post: Post, monkeypatch: pytest.MonkeyPatch, at: int, done: bool
) -> None:
    """Whatever stands on the disk then, the next start opens both and finishes what was begun."""
    with monkeypatch.context() as patched:
        cut = Cut(patched, at, done=done)
        try:
            post.begin()
            post.open_both()
        except DiskFull:
            pass
    if cut.writes < at:
        assert at == 6, "five writes: the vault, then a file and the vault, twice"
    post.open_both()
    assert not rekey.under_way(Vault.open(post.folder))
    assert not list(post.folder.glob("*.rekey*"))


def test_a_file_is_brought_to_its_key_once(tmp_path: Path) -> None:
    """Asked again, or without a file, nothing happens."""
    before, after = DatabaseKey.random(), DatabaseKey.random()
    path = tmp_path / "one.db"
    reseal(path, before, after)
    assert not path.exists()
    Database.open(path, before, create=True, scripts=SCRIPT).close()
    reseal(path, before, after)
    whole = path.read_bytes()
    reseal(path, before, after)
    assert path.read_bytes() == whole
