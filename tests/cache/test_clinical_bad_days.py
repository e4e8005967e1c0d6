"""The clinical copy on bad days: bits flipped, files lost or swapped, logs deleted, disk full, killed anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import clinical_world as w
from helpers.raw_scan import remnants

from dmp_desktop.cache.clinical import FILE, ClinicalStore
from dmp_desktop.cache.contents import BrokenContent, FolderHolder
from dmp_desktop.cache.errors import (
    BrokenDatabase,
    DatabaseMissing,
    DiskFault,
    ForeignDatabase,
    NewerDatabase,
    OtherVaultDatabase,
)
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.domain.shelf import ForgetReason, ShelfUpdate

ROOT = Path(__file__).parents[2]
_LINUX = pytest.mark.skipif(sys.platform == "win32", reason="needs fork, signals or modes")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[w.World]:
    """Three documents, the first two with their bytes."""
    with w.clinical_world(tmp_path) as made:
        made.store.shelf.apply(w.HIS, w.many(3))
        for name in ("1", "2"):
            made.store.shelf.put(w.HIS, w.logical(name), w.retrieved(name, b"bytes of " + name.encode()), "texte")
        yield made


def _flip(path: Path, spot: int) -> None:
    data = bytearray(path.read_bytes())
    data[spot] ^= 1
    path.write_bytes(data)


def _file_of(world: w.World, name: str) -> Path:
    row = world.store.database.row(
        "SELECT file FROM contents JOIN entries ON id = entry WHERE logical_id = ?", (w.logical(name),)
    )
    assert row is not None
    return world.folder / "contents" / str(row["file"])


@pytest.mark.parametrize("spot", [0, 11, 12, 20, -1])
def test_a_flipped_bit_in_a_content_is_told_then_brought_again(world: w.World, spot: int) -> None:
    """Nothing of it is shown; it is forgotten, the description stays, and it may be put again."""
    _flip(_file_of(world, "1"), spot)
    with pytest.raises(BrokenContent):
        world.store.shelf.content(w.HIS, w.logical("1"))
    assert world.store.shelf.content(w.HIS, w.logical("1")) is None
    assert [kept.content_here for kept in world.store.shelf.entries(w.HIS)] == [False, True, False]
    assert len(world.contents) == 1
    world.store.shelf.put(w.HIS, w.logical("1"), w.retrieved("1"), "texte")
    assert world.store.shelf.content(w.HIS, w.logical("1")) == w.retrieved("1")


def test_contents_that_changed_places_are_not_shown(world: w.World) -> None:
    """Each file opens for its own document only, whatever its name; a stump opens for none."""
    one, two = _file_of(world, "1"), _file_of(world, "2")
    former = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(former[:5])
    for name in ("1", "2"):
        with pytest.raises(BrokenContent):
            world.store.shelf.content(w.HIS, w.logical(name))


def test_a_lost_content_is_simply_not_here(world: w.World) -> None:
    """One file, or their whole folder: the document is to be brought again."""
    _file_of(world, "1").unlink()
    assert world.store.shelf.content(w.HIS, w.logical("1")) is None
    shutil.rmtree(world.folder / "contents")
    world.reopen()
    assert world.store.shelf.content(w.HIS, w.logical("2")) is None
    assert [kept.content_here for kept in world.store.shelf.entries(w.HIS)] == [False, False, False]


def test_a_content_that_cannot_be_read_now_is_kept(world: w.World) -> None:
    """An antivirus or the disk says no: that is told, and nothing is forgotten."""
    path = _file_of(world, "1")
    former = path.read_bytes()
    path.unlink()
    path.mkdir()
    with pytest.raises(DiskFault):
        world.store.shelf.content(w.HIS, w.logical("1"))
    path.rmdir()
    path.write_bytes(former)
    assert world.store.shelf.content(w.HIS, w.logical("1")) is not None


def test_a_file_held_by_another_program_is_removed_later(world: w.World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot be removed with its row: nobody can read it any more, and the next purge removes it."""
    held = _file_of(world, "1")
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == held:
            raise PermissionError(13, "in use")
        unlink(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        world.store.shelf.apply(w.HIS, ShelfUpdate(gone=frozenset({w.logical("1")})))
        assert held.exists()
    world.store.shelf.apply(w.HIS, ShelfUpdate(gone=frozenset({w.logical("2")})))
    assert world.contents == []


def test_what_opens_it_is_refused_apart(world: w.World) -> None:
    """Another key, a damaged first page, a stump, no file, plain SQLite, a later version: six answers."""
    world.store.database.execute("PRAGMA user_version = 9")
    world.store.close()
    path = world.folder / FILE
    with pytest.raises(NewerDatabase):
        ClinicalStore.open(world.folder, world.key, world.clock)
    whole = path.read_bytes()
    with pytest.raises(OtherVaultDatabase):
        ClinicalStore.open(world.folder, DatabaseKey.random(), world.clock)
    _flip(path, 1000)
    with pytest.raises(BrokenDatabase):
        ClinicalStore.open(world.folder, world.key, world.clock)
    path.write_bytes(b"SQLite format 3\x00" + whole[16:])
    with pytest.raises(ForeignDatabase):
        ClinicalStore.open(world.folder, world.key, world.clock)
    path.write_bytes(whole[:7])
    with pytest.raises(BrokenDatabase):
        ClinicalStore.open(world.folder, world.key, world.clock)
    path.unlink()
    with pytest.raises(DatabaseMissing):
        ClinicalStore.open(world.folder, world.key, world.clock)
    assert len(world.contents) == 2


def test_a_flipped_bit_in_any_page_is_told(world: w.World) -> None:
    """Wherever it lies: opening, reading or the full check says so; nothing wrong is ever given."""
    expected = world.store.shelf.entries(w.HIS)
    world.store.close()
    path = world.folder / FILE
    whole = path.read_bytes()
    for page in range(len(whole) // 4096):
        path.write_bytes(whole)
        _flip(path, page * 4096 + 2000)
        with pytest.raises(BrokenDatabase):
            store = ClinicalStore.open(world.folder, world.key, world.clock)
            try:
                assert store.shelf.entries(w.HIS) == expected
                store.database.check()
            finally:
                store.close()
    path.write_bytes(whole)
    world.reopen()
    assert world.store.shelf.entries(w.HIS) == expected


def test_a_deleted_log_costs_the_latest_and_revives_nothing_purged(world: w.World, tmp_path: Path) -> None:
    """Without its write-ahead log the copy is as it was: whole, no file without row, nothing purged back."""
    world.store.shelf.apply(w.HIS, ShelfUpdate((w.kept("secret", "Zyxotrope"),)))
    world.store.shelf.put(w.HIS, w.logical("secret"), w.retrieved("secret"), "texte")
    world.store.forget(w.GASPARD, ForgetReason.BLOCKED)
    world.store.shelf.apply(w.HERS, w.many(2))
    world.store.shelf.put(w.HERS, w.logical("1"), w.retrieved("1"), "texte")
    copy = tmp_path / "copy"
    shutil.copytree(world.folder, copy, ignore=shutil.ignore_patterns("copy", "*-wal", "*-shm"))
    store = ClinicalStore.open(copy, world.key, world.clock)
    store.database.check()
    assert store.shelf.entries(w.HIS) == ()
    assert store.shelf.entries(w.HERS) == ()
    assert list((copy / "contents").iterdir()) == []
    store.close()
    assert remnants(copy, world.keys, ["Zyxotrope", "hsecret"]) == {}


def test_unfinished_files_are_swept_and_others_left_alone(world: w.World) -> None:
    """At opening: what a kill left goes; what is not ours stays."""
    folder = world.folder / "contents"
    for name in ("0" * 32, "0" * 32 + ".new", "LISEZMOI.txt"):
        (folder / name).write_bytes(b"x")
    world.reopen()
    assert len(world.contents) == 3
    assert (folder / "LISEZMOI.txt").exists()


def test_files_are_the_owners_alone(world: w.World) -> None:
    """Folders 0700, files 0600, and no content in the clear nor under a telling name."""
    if os.name != "nt":
        assert (world.folder / "contents").stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in world.folder.rglob("*") if path.is_file()} == {0o600}
    for path in world.folder.rglob("*"):
        assert "document" not in path.name
        assert path.is_dir() or b"bytes of" not in path.read_bytes()


def test_bytes_that_cannot_be_written_leave_nothing(world: w.World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room for the file, or for its row: no row without file, no file without row."""

    def refuse(*_any: object) -> None:
        raise DiskFault("no room")

    before, files = world.store.shelf.entries(w.HIS), world.contents
    with monkeypatch.context() as patched:
        patched.setattr(FolderHolder, "write", refuse)
        with pytest.raises(DiskFault):
            world.store.shelf.put(w.HIS, w.logical("3"), w.retrieved("3"), "texte")
        with pytest.raises(DiskFault):
            world.store.drafts.save(w.draft(), b"x")
    world.store.database.execute("CREATE TRIGGER no BEFORE INSERT ON contents BEGIN SELECT RAISE(ABORT, 'no'); END")
    world.store.database.execute("CREATE TRIGGER no2 BEFORE INSERT ON drafts BEGIN SELECT RAISE(ABORT, 'no'); END")
    for attempt in (
        lambda: world.store.shelf.put(w.HIS, w.logical("3"), w.retrieved("3"), "texte"),
        lambda: world.store.drafts.save(w.draft(), b"x"),
    ):
        with pytest.raises(Exception, match="sqlite"):
            attempt()
    assert (world.store.shelf.entries(w.HIS), world.contents) == (before, files)
    assert world.store.drafts.count() == 0


# -- in another process -----------------------------------------------------------------------------------------------

CHILD = """
import os, random, signal, sys
from pathlib import Path
from helpers import clinical_world as w
from helpers.clocks import HandClock
from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.domain.shelf import ForgetReason, ShelfUpdate
from dmp_desktop.errors import DmpError

folder = Path(sys.argv[1])
key = DatabaseKey(bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3]))
"""

# Fills the copy until the disk says no, then makes room again.
FULL = """
store = ClinicalStore.open(folder, key, HandClock(), create=True)
(folder / "filler").write_bytes(b"x" * 1_000_000)
written = 0
try:
    for number in range(1, 2000):
        store.shelf.apply(w.HIS, w.many(1, first=number))
        store.shelf.put(w.HIS, w.logical(str(number)), w.retrieved(str(number), os.urandom(20_000)), "texte")
        written = number
except DmpError as error:
    print(type(error).__name__, written > 0)
(folder / "filler").unlink()
store.close()
store = ClinicalStore.open(folder, key, HandClock())
store.database.check()
print(all(store.shelf.content(w.HIS, w.logical(str(n))) for n in range(1, written + 1)))
store.shelf.apply(w.HIS, w.many(1, first=5000))
os._exit(0)
"""

READ_ONLY = """
ClinicalStore.in_memory(HandClock()).close()  # what is imported late must be while the interpreter can be read
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    ClinicalStore.open(folder, key, HandClock()).shelf.apply(w.HIS, w.many(1))
except DmpError as error:
    print(type(error).__name__)
os._exit(0)
"""

# A warm process forks, lets the fork work until an alarm kills it anywhere, and looks at what it left.
KILLED = """
def work():
    chance = random.Random(os.getpid())
    store = ClinicalStore.open(folder, key, HandClock())
    while True:
        reader = chance.choice((w.HIS, w.HERS))
        name = str(chance.randrange(40))
        turn = chance.random()
        if turn < 0.4:
            store.shelf.apply(reader, ShelfUpdate((w.kept(name),)))
        elif turn < 0.7:
            store.shelf.put(reader, w.logical(name), w.retrieved(name, name.encode() * 5000), "mot " * 200)
        elif turn < 0.8:
            store.shelf.apply(reader, ShelfUpdate(gone=frozenset({w.logical(name)})))
        elif turn < 0.9:
            store.drafts.save(w.draft(name), name.encode() * 3000)
        elif turn < 0.96:
            store.drafts.drop("draft-" + name)
        else:
            store.forget(reader.dossier, ForgetReason.CLOSED)

ClinicalStore.open(folder, key, HandClock(), create=True).close()
wrong = 0
for kill in range(int(sys.argv[4])):
    child = os.fork()
    if child == 0:
        signal.setitimer(signal.ITIMER_REAL, 0.01 + 0.002 * (kill * 37 % 50))  # nobody catches it: it kills
        work()
    died = os.waitpid(child, 0)[1]
    wrong += os.WTERMSIG(died) != signal.SIGALRM
    store = ClinicalStore.open(folder, key, HandClock())
    store.database.check()
    rows = store.database.rows("SELECT file FROM contents UNION ALL SELECT file FROM drafts WHERE file IS NOT NULL")
    files = {path.name for path in (folder / "contents").iterdir()}
    wrong += files != {row["file"] for row in rows}
    for reader in (w.HIS, w.HERS):
        for kept in store.shelf.entries(reader):
            got = store.shelf.content(reader, kept.entry.logical_id)
            wrong += (got is None) == kept.content_here
            wrong += got is not None and got.content != kept.entry.logical_id.rsplit("-")[-1].encode() * 5000
    for draft in store.drafts.of(w.GASPARD, w.BRINDILLE):
        wrong += store.drafts.content(draft.id) != draft.id.rsplit("-")[-1].encode() * 3000
    wrong += bool(store.database.rows("SELECT 1 FROM meta WHERE name = 'scrub-revoked'"))
    store.close()
print("wrong", wrong)
"""


def _play(script: str, folder: Path, key: DatabaseKey, *more: str, before: tuple[str, ...] = ()) -> list[str]:
    done = subprocess.run(
        [*before, sys.executable, "-c", CHILD + script, str(folder), key.key.hex(), key.salt.hex(), *more],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@_LINUX
def test_killed_anywhere_it_is_whole(tmp_path: Path) -> None:
    """Forty kills over refreshes, contents, purges and drafts: no row without its file, no file without its row."""
    assert _play(KILLED, tmp_path, DatabaseKey.random(), "40") == ["wrong 0"]


def test_disk_full_keeps_every_document_that_was_written(tmp_path: Path) -> None:
    """On a full disk what no longer fits is refused, the rest stands, and room makes all well again."""
    mount = ("unshare", "-rm", "sh", "-c", f'mount -t tmpfs -o size=2500k tmpfs "{tmp_path}" && exec "$@"', "sh")
    if shutil.which("unshare") is None or subprocess.run([*mount, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    assert _play(FULL, tmp_path, DatabaseKey.random(), before=mount) == ["DiskFull True", "True"]


@_LINUX
def test_a_copy_without_the_right_to_write(tmp_path: Path) -> None:
    """An account that may read and not write is told so."""
    key, folder = DatabaseKey.random(), tmp_path / "profile"
    with w.clinical_world(folder) as world:
        key = world.key
    private = [path for path in folder.parents if path.stat().st_mode & 0o005 != 0o005]
    for path in private:
        path.chmod(0o755)
    (folder / FILE).chmod(0o444)
    folder.chmod(0o555)
    lines = _play(READ_ONLY, folder, key)
    for path in private:
        path.chmod(0o700)
    folder.chmod(0o700)
    assert lines == ["ProfileReadOnly"]
