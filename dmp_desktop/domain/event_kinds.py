"""The kinds of events, and the fault of one that cannot be read back."""

from __future__ import annotations

from enum import StrEnum

from dmp_desktop.errors import StorageError


class BadEvent(StorageError):
    """A stored event cannot be read back."""

    code = "bad-event"


class EventKind(StrEnum):
    """Each kind has one handler in the sync engine and one way of recognising its echo."""

    OPENING = "opening"
    REACTIVATION = "reactivation"
    AUTHORISATION = "authorisation"
    DEPOSIT = "deposit"
    VISIBILITY = "visibility"
    STATUS = "status"
    CONTACT = "contact"


ENTRIES = frozenset({EventKind.OPENING, EventKind.REACTIVATION})
"""The two ways a dossier comes to life: one at a time for a dossier."""
