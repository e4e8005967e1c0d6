"""The properties of a document: what may be changed, by whom, and why not (REC_3.3-1010, TD3.3a to TD3.3d).

The store decides; what it would refuse is greyed beforehand with the rule and its day. A change joins the outbox with
what the screen showed, so that one made elsewhere meanwhile is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.acts import StatusChange, VisibilityChange
from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, ForbiddenVisibility, Visibility
from dmp_desktop.domain.events import Event
from dmp_desktop.domain.record import RecordContext, RecordRow
from dmp_desktop.domain.rights import Action, Facts
from dmp_desktop.errors import FlowError
from dmp_desktop.services.rights_view import may


class ChangeRefused(FlowError):
    """This change is not allowed now: nothing was written. ``facts["change"]`` names it."""

    code = "property-change-refused"


class Change(StrEnum):
    """What may be done to a document."""

    MASK = "mask"
    UNMASK = "unmask"
    SHOW_PATIENT = "show-patient"
    SHOW_REPRESENTATIVES = "show-representatives"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    DELETE = "delete"


_ACTION: Final = {
    Change.MASK: Action.MASK,
    Change.UNMASK: Action.UNMASK,
    Change.SHOW_PATIENT: Action.SHOW,
    Change.SHOW_REPRESENTATIVES: Action.SHOW,
    Change.ARCHIVE: Action.ARCHIVE,
    Change.UNARCHIVE: Action.ARCHIVE,
    Change.DELETE: Action.DELETE,
}
_WANTED: Final = {
    Change.ARCHIVE: DocumentStatus.ARCHIVED,
    Change.UNARCHIVE: DocumentStatus.APPROVED,
    Change.DELETE: DocumentStatus.DELETED,
}
ON_ITS_WAY: Final = "Un changement de ce document est déjà en route."
HIDDEN_HERE: Final = "En connexion secrète, le document reste non visible des représentants légaux."
PAIR: Final = "Il n’est pas visible de la personne\u00a0: le DMP refuse les deux ensemble."


@dataclass(frozen=True, slots=True)
class Choice:
    """One change that makes sense for this document.

    :ivar why: why not, with its rule and the day of the rule; ``""`` when it is allowed.
    """

    change: Change
    allowed: bool
    why: str
    visibility: Visibility
    status: DocumentStatus


def facts_of(entry: DocumentEntry, context: RecordContext) -> Facts:
    """What the conditions of the matrix look at."""
    author = context.author
    return Facts(
        own=any(one.id == author.professional for one in entry.authors),
        of_structure=any(one.structure == author.structure for one in entry.authors if one.structure),
        of_patient=entry.by_patient,
    )


def choices(row: RecordRow, context: RecordContext, *, both_allowed: bool = False) -> tuple[Choice, ...]:
    """Every change that makes sense, allowed or not.

    :param both_allowed: server parameter ``cumul-invisible_patient-masque_ps``.
    """
    entry = row.entry
    if entry.status is None or entry.status is DocumentStatus.DELETED:
        return ()
    return tuple(_choice(change, row, context, both_allowed) for change in _sensible(entry))


def _sensible(entry: DocumentEntry) -> tuple[Change, ...]:
    seen = entry.visibility
    found = [Change.UNMASK if seen.from_professionals else Change.MASK]
    if seen.from_patient:
        found.append(Change.SHOW_PATIENT)
    if seen.from_representatives:
        found.append(Change.SHOW_REPRESENTATIVES)
    if entry.status is DocumentStatus.APPROVED:
        found.append(Change.ARCHIVE)
    elif entry.status is DocumentStatus.ARCHIVED:
        found.append(Change.UNARCHIVE)
    return (*found, Change.DELETE)


def _choice(change: Change, row: RecordRow, context: RecordContext, both_allowed: bool) -> Choice:
    entry = row.entry
    visibility, status = _after(change, entry)
    ruled = may(_ACTION[change], context, facts_of(entry, context))
    why = "" if ruled.allowed else ruled.words
    if not why and row.act is not None:
        why = ON_ITS_WAY
    if not why and change is Change.SHOW_REPRESENTATIVES and context.access.secret:
        why = HIDDEN_HERE
    if not why and change is Change.MASK:
        try:
            visibility.check(both_allowed=both_allowed)
        except ForbiddenVisibility:
            why = PAIR
    return Choice(change, not why, why, visibility, status)


def _after(change: Change, entry: DocumentEntry) -> tuple[Visibility, DocumentStatus]:
    status = _WANTED.get(change, entry.status or DocumentStatus.APPROVED)
    seen = entry.visibility
    if change in {Change.MASK, Change.UNMASK}:
        seen = replace(seen, from_professionals=change is Change.MASK)
    elif change is Change.SHOW_PATIENT:
        seen = replace(seen, from_patient=False)
    elif change is Change.SHOW_REPRESENTATIVES:
        seen = replace(seen, from_representatives=False)
    return seen, status


class PropertiesDesk:
    """Changes on their way. Cache lane."""

    def __init__(self, store: DeskStore, *, both_allowed: bool = False) -> None:
        self._store = store
        self._both_allowed = both_allowed

    def choices(self, row: RecordRow, context: RecordContext) -> tuple[Choice, ...]:
        """Any lane. See :func:`choices`."""
        return choices(row, context, both_allowed=self._both_allowed)

    def apply(self, change: Change, row: RecordRow, context: RecordContext) -> Event:
        """Write the change into the outbox, from what the screen showed.

        :raises ChangeRefused: it is not allowed; nothing was written.
        """
        entry = row.entry
        choice = next((one for one in self.choices(row, context) if one.change is change), None)
        if choice is None or not choice.allowed or entry.status is None:
            raise ChangeRefused("not allowed", change=change.value)
        secret, ins = context.access.secret, context.ins
        payload: VisibilityChange | StatusChange
        if change in _WANTED:
            payload = StatusChange(ins, entry.entry_uuid, entry.logical_id, entry.status, choice.status, secret)
        else:
            payload = VisibilityChange(
                ins, entry.entry_uuid, entry.logical_id, entry.visibility, choice.visibility, secret
            )
        return self._store.outbox.add(payload, context.author)
