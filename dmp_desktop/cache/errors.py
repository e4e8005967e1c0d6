"""Leaves of :class:`StorageError` shared by the parts of the store, and how the system's own errors become them."""

from __future__ import annotations

import errno

from dmp_desktop.errors import StorageError


class DiskFull(StorageError):
    """No room left: what was being written was not, what was written before is intact."""

    code = "disk-full"


class DiskFault(StorageError):
    """The disk refused to read or write for another reason than room."""

    code = "disk-fault"


class ProfileReadOnly(StorageError):
    """The profile folder or a file in it cannot be written by this account."""

    code = "profile-read-only"


class ProfileInUse(StorageError):
    """Another window of the program holds this profile."""

    code = "profile-in-use"


class DatabaseBusy(StorageError):
    """Another lane held the store longer than we wait for it."""

    code = "database-busy"


class DatabaseMissing(StorageError):
    """The vault is here and the store it opens is not: lost, moved, or emptied."""

    code = "database-missing"


class BrokenDatabase(StorageError):
    """The key is right and the file is damaged."""

    code = "broken-database"


class ForeignDatabase(StorageError):
    """The file is not one of our encrypted stores (plain SQLite, or something else altogether)."""

    code = "foreign-database"


class OtherVaultDatabase(StorageError):
    """The file was sealed by another vault: a copy from elsewhere, or a vault that was replaced."""

    code = "other-vault-database"


class NewerDatabase(StorageError):
    """A later version of the program wrote this file."""

    code = "newer-database"


class CipherMissing(StorageError):
    """The SQLite at hand does not encrypt: nothing is ever written through it."""

    code = "cipher-missing"


class TamperedJournal(StorageError):
    """The journal's chain does not hold. ``facts["row"]`` names the first row that is wrong or missing."""

    code = "tampered-journal"


def from_os_error(error: OSError) -> StorageError:
    """The leaf that stands for an error of the operating system; its message may hold a path, so it is left behind."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return DiskFull("no room left")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return ProfileReadOnly("not writable")
    return DiskFault(f"errno {error.errno}")
