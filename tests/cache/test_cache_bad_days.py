"""Disk full, quota reached, profile without the right to write: typed errors, nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.store_world import desk_store, keys

from dmp_desktop.cache.vault import Keys

ROOT = Path(__file__).parents[2]

CHILD = """
import os, sys
from pathlib import Path
from helpers.clocks import HandClock
from helpers.people import nir
from helpers.store_world import BRINDILLE, opening
from dmp_desktop.cache.files import write_whole
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cache.vault import DESK, Keys
from dmp_desktop.errors import DmpError

folder = Path(sys.argv[1])
keys = Keys({DESK: DatabaseKey(bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3]))})
written = 0
"""

# Fills the store until the disk says no, then makes room again.
FULL = """
store = DeskStore.open(folder, keys, HandClock(), create=True)
limit()
try:
    for number in range(2000):
        store.outbox.add(opening(nir(f"17711990{number:05d}"), f"OUV-{number}"), BRINDILLE)
        written += 1
except DmpError as error:
    print(type(error).__name__, written > 0, written == len(store.outbox.waiting()))
try:
    write_whole(folder / "vault", b"x" * 4_000_000)
except DmpError as error:
    print(type(error).__name__, (folder / "vault").exists(), (folder / "vault.new").exists())
unlimit()
store.close()
store = DeskStore.open(folder, keys, HandClock())
store.database.check()
print(written == len(store.outbox.waiting()), store.journal.verify() == written)
store.outbox.add(opening(), BRINDILLE)
os._exit(0)
"""

DISK = """
def limit():
    (folder / "filler").write_bytes(b"x" * 1_000_000)

def unlimit():
    (folder / "filler").unlink()
"""

QUOTA = """
import resource
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

def limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))

def unlimit():
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
"""

READ_ONLY = """
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for attempt in (
    lambda: DeskStore.open(folder, keys, HandClock()).outbox.add(opening(), BRINDILLE),
    lambda: write_whole(folder / "vault", b"x"),
):
    try:
        attempt()
    except DmpError as error:
        print(type(error).__name__)
os._exit(0)
"""


def play(script: str, folder: Path, with_keys: Keys, *before: str) -> list[list[str]]:
    """Run a child on the profile (``before``: what starts it); its printed lines, in words."""
    key = with_keys.desk
    done = subprocess.run(
        [*before, sys.executable, "-c", CHILD + script, str(folder), key.key.hex(), key.salt.hex()],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def test_disk_full_keeps_every_act_that_was_written(tmp_path: Path) -> None:
    """On a full disk the act that no longer fits is refused, the others stand, and room makes all well again."""
    mount = ["unshare", "-rm", "sh", "-c", f'mount -t tmpfs -o size=1500k tmpfs "{tmp_path}" && exec "$@"', "sh"]
    if shutil.which("unshare") is None or subprocess.run([*mount, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    lines = play(DISK + FULL, tmp_path, keys(), *mount)
    assert lines == [["DiskFull", "True", "True"], ["DiskFull", "False", "False"], ["True", "True"]]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
def test_quota_keeps_every_act_that_was_written(tmp_path: Path) -> None:
    """A quota is told by SQLite as a disk that refuses, by the vault as no room; nothing written is lost either."""
    lines = play(QUOTA + FULL, tmp_path, keys())
    assert lines == [["DiskFault", "True", "True"], ["DiskFull", "False", "False"], ["True", "True"]]


@pytest.mark.skipif(sys.platform == "win32", reason="access lists there, not modes")
def test_profile_without_the_right_to_write(tmp_path: Path) -> None:
    """An account that may read and not write is told so."""
    mine = keys()
    folder = tmp_path / "profile"
    with desk_store(folder, with_keys=mine):
        pass
    # The child gives up root, and must still reach the folder and the sources: pytest's own folders are private.
    private = [path for path in folder.parents if path.stat().st_mode & 0o005 != 0o005]
    for path in private:
        path.chmod(0o755)
    (folder / "desk.db").chmod(0o444)
    folder.chmod(0o555)
    lines = play(READ_ONLY, folder, mine)
    for path in private:
        path.chmod(0o700)
    folder.chmod(0o700)
    assert lines == [["ProfileReadOnly"], ["ProfileReadOnly"]]
    (folder / "desk.db").chmod(0o600)
    with desk_store(folder, with_keys=mine) as store:
        assert store.outbox.counts().waiting == 0
