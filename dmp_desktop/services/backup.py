"""Backups of a post: a consistent copy made while people work, checked whole before it is ever put back.

Everything in it is as encrypted as on the post, vault included: it opens with the same passphrase, cards and recovery
page, and tells nothing to whoever finds it. What was sent after it was made is recognised by the central store when
the older queue is sent again: an opening is asked about first, a document is known by its own id.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.errors import from_os_error
from dmp_desktop.cache.files import private_folder, write_whole
from dmp_desktop.cache.instance import Instance
from dmp_desktop.domain.clock import PARIS, Clock
from dmp_desktop.errors import StorageError, UserError

MANIFEST = "manifest.json"
_FORMAT = 1
_ASIDE = "avant-restauration"
_PARTIAL = ".partiel"
RESTORED = "restored"
"""Left in a profile put back, until its store is open and its journal told: the moment of the backup."""
_LEFT_OUT = {"lock", "logs", RESTORED}
"""Of the profile: held by the running program, or of no use elsewhere."""


class BackupInside(UserError):
    """The folder chosen is in the profile itself: a lost disk would take both."""

    code = "backup-inside"


class NotABackup(UserError):
    """The folder chosen holds no backup of this program."""

    code = "not-a-backup"


class BackupDamaged(StorageError):
    """A file of the backup is missing or is not what was copied. Nothing was put back."""

    code = "backup-damaged"


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that is whole. ``size`` in bytes."""

    folder: Path
    made_at: datetime
    files: int
    size: int


class Backup:
    """Backups of one profile. Cache lane.

    :param open_databases: name of each database file that is open, and the file itself.
    """

    def __init__(self, profile: Path, clock: Clock, open_databases: Callable[[], dict[str, Database]]) -> None:
        self._profile = profile
        self._clock = clock
        self._open = open_databases

    def make(self, target: Path) -> BackupMade:
        """Copy the profile into a new folder of ``target``.

        :raises BackupInside: in the profile itself.
        :raises StorageError: no room, not writable; nothing is left that could be taken for a backup.
        """
        now = self._clock.now()
        if target.resolve().is_relative_to(self._profile.resolve()):
            raise BackupInside("inside the profile")
        final = target / f"sauvegarde-dmp-{now.astimezone(PARIS):%Y-%m-%d-%H%M%S}"
        partial = final.with_name(final.name + _PARTIAL)
        try:
            private_folder(partial)
            self._copy(partial)
            listed = {name: _digest(partial / name) for name in _files(partial)}
            size = sum((partial / name).stat().st_size for name in listed)
            body = {"format": _FORMAT, "made_at": now.isoformat(), "files": listed}
            write_whole(partial / MANIFEST, json.dumps(body, indent=1).encode())
            partial.rename(final)
        except OSError as error:
            raise from_os_error(error) from None
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return BackupMade(final, now, len(listed), size)

    def _copy(self, into: Path) -> None:
        held = self._open()
        for name in _files(self._profile):
            # An open database is copied by itself; its logs belong to that copy.
            if name.removesuffix("-wal").removesuffix("-shm") not in held:
                (into / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                shutil.copyfile(self._profile / name, into / name)
                (into / name).chmod(0o600)
        for name, database in held.items():
            database.copy_to(into / name)


def restore(source: Path, profile: Path, clock: Clock) -> BackupMade:
    """Put a backup back as the profile of a post that is not running. What was there is moved aside, never deleted.

    :raises NotABackup: no backup there. :raises BackupDamaged: a file of it is missing or changed.
    :raises dmp_desktop.cache.instance.ProfileInUse: the program runs on this profile.
    :raises StorageError: no room, not writable; the former profile stands.
    """
    listed, made_at = _manifest(source)
    with Instance.acquire(profile):
        fresh = profile / f"{_ASIDE}{_PARTIAL}"
        try:
            shutil.rmtree(fresh, ignore_errors=True)
            for name, expected in listed.items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                shutil.copyfile(source / name, fresh / name)
                (fresh / name).chmod(0o600)
                if _digest(fresh / name) != expected:
                    raise BackupDamaged("a file is not what was copied")
            _swap(fresh, profile, f"{_ASIDE}-{clock.now().astimezone(PARIS):%Y-%m-%d-%H%M%S}")
            write_whole(profile / RESTORED, made_at.isoformat().encode())
        except FileNotFoundError:
            raise BackupDamaged("a file is missing") from None
        except OSError as error:
            raise from_os_error(error) from None
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return BackupMade(source, made_at, len(listed), sum((profile / name).stat().st_size for name in listed))


def _swap(fresh: Path, profile: Path, aside: str) -> None:
    former = [path for path in profile.iterdir() if path != fresh and not path.name.startswith(_ASIDE)]
    keep = profile / aside
    keep.mkdir(mode=0o700)
    for path in former:
        if path.name not in _LEFT_OUT:
            path.rename(keep / path.name)
    if not any(keep.iterdir()):
        keep.rmdir()
    # The vault last: a profile without its vault is told as such, never opened half restored.
    for path in sorted(fresh.iterdir(), key=lambda path: path.name == "vault"):
        path.rename(profile / path.name)


def _manifest(source: Path) -> tuple[dict[str, str], datetime]:
    try:
        body: dict[str, Any] = json.loads((source / MANIFEST).read_bytes())
        files = {str(name): str(digest) for name, digest in body["files"].items()}
        outside = any(Path(name).is_absolute() or ".." in Path(name).parts for name in files)
        if body["format"] != _FORMAT or outside or "vault" not in files:
            raise NotABackup("another format")
        return files, datetime.fromisoformat(body["made_at"])
    except FileNotFoundError:
        raise NotABackup("no manifest") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotABackup(type(error).__name__) from None
    except OSError as error:
        raise from_os_error(error) from None


def _files(folder: Path) -> Iterator[str]:
    """Relative names of what is worth copying."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        first = name.parts[0]
        if path.is_file() and first not in _LEFT_OUT and not first.startswith(_ASIDE) and path.suffix != ".new":
            yield name.as_posix()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
