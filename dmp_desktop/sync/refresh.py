"""A dossier's list refreshed: first the dossier itself, then what is new, then each known document asked by its id.

Only on an explicit request or at the opening of the record: nothing is polled (EX_3.1-2030). A list that comes back
short deletes nothing: what is known here goes only when the store, asked about it by its id, no longer shows it. An
answer that cannot be true stops the whole: nothing changes, and the shelf says so. What is learned of the dossier
itself (blocked, opposed, closed, no longer authorised) purges the copy in the same step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from dmp_desktop.cache.patients import Patients
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.document import Association, AssociationKind, DocumentEntry, DocumentStatus
from dmp_desktop.domain.document_history import histories
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access, AccessMode
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.shelf import ForgetReason, KeptEntry, Reader, Shelf, ShelfState, ShelfUpdate
from dmp_desktop.sync import plausible
from dmp_desktop.sync.errors import NoDossier
from dmp_desktop.sync.plausible import Implausible
from dmp_desktop.sync.searches import Changes

LOST: Final = "authorisation-lost"
Forget = Callable[[str, ForgetReason, str | None], None]
"""Purges the copy of a dossier: for one professional, or (``None``) for everybody."""


class ExistencePort(Protocol):
    """TD0.2."""

    def existence(self, ins: Ins, access: Access = NORMAL_ACCESS) -> ExistenceAnswer:
        """The state of a dossier and the authorisation of whoever is signed in."""
        ...


class SearchPort(Protocol):
    """TD3.1."""

    def first_search(self, ins: Ins, access: Access = NORMAL_ACCESS) -> Changes:
        """The search of a first visit."""
        ...

    def full_search(self, ins: Ins, access: Access = NORMAL_ACCESS) -> Changes:
        """Everything, without a bound of time."""
        ...

    def changes(self, ins: Ins, since: datetime, access: Access = NORMAL_ACCESS) -> Changes:
        """What was submitted since a moment."""
        ...

    def described(
        self, ins: Ins, unique_ids: Iterable[str], access: Access = NORMAL_ACCESS
    ) -> tuple[DocumentEntry, ...]:
        """These documents as they are described now."""
        ...

    def links(self, ins: Ins, entry_uuids: Iterable[str], access: Access = NORMAL_ACCESS) -> tuple[Association, ...]:
        """What links these descriptions."""
        ...


class RefreshPort(Protocol):
    """What a refresh asks of the central store."""

    @property
    def access(self) -> ExistencePort:
        """Transactions about access."""
        ...

    @property
    def documents(self) -> SearchPort:
        """Transactions about documents."""
        ...


class RefreshOutcome(StrEnum):
    """How a refresh ended."""

    DONE = "done"
    BLOCKED = "blocked"
    OPPOSED = "opposed"
    CLOSED = "closed"
    NO_DOSSIER = "no-dossier"
    UNAUTHORISED = "unauthorised"
    HALTED = "halted"


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh learned.

    :ivar existence: the store's last word about the dossier.
    :ivar new: logical ids of documents not known before; ``changed``, ``gone``: how many.
    :ivar until: the store's time up to which the list is known, ``None`` when nothing was learned of it.
    :ivar cause: code of the sentence that says why it did not go to its end, ``""`` when it did.
    """

    outcome: RefreshOutcome
    existence: ExistenceAnswer
    new: tuple[str, ...] = ()
    changed: int = 0
    gone: int = 0
    until: datetime | None = None
    cause: str = ""


_SHUT: Final = {
    DossierState.NONE: (RefreshOutcome.NO_DOSSIER, None, NoDossier.code),
    DossierState.BLOCKED: (RefreshOutcome.BLOCKED, ForgetReason.BLOCKED, "dossier-blocked"),
    DossierState.OPPOSED: (RefreshOutcome.OPPOSED, ForgetReason.OPPOSED, "person-opposed"),
    DossierState.CLOSED: (RefreshOutcome.CLOSED, ForgetReason.CLOSED, "already-closed"),
}
_LOST: Final = frozenset({Authorisation.EXPIRED, Authorisation.NONE})


class Refresher:
    """Refreshes one shelf after another. Sync lane.

    :param forget: purges the encrypted copy, in the step that learns that it must go.
    """

    def __init__(self, gateway: RefreshPort, patients: Patients, clock: Clock, forget: Forget) -> None:
        self._gateway = gateway
        self._patients = patients
        self._clock = clock
        self._forget = forget

    def run(
        self,
        ins: Ins,
        reader: Reader,
        shelf: Shelf,
        author: Author,
        access: Access = NORMAL_ACCESS,
        *,
        full: bool = False,
        by_agreement: bool = False,
    ) -> RefreshReport:
        """Refresh what is known of a dossier.

        :param shelf: the encrypted copy, or a memory that ends with the access.
        :param full: everything, without a bound of time, asked for by hand; it may find that every document is gone.
        :param by_agreement: whoever reads needs no authorisation that the store knows of (functional matrix:
            occupational medicine); it decides by giving the list or refusing it.
        :raises DmpError: the store did not answer, or refused: nothing changed.
        """
        existence = self._gateway.access.existence(ins, access)
        if access == NORMAL_ACCESS:
            self._patients.learned(reader.dossier, existence, author)
        known = {kept.entry.logical_id: kept for kept in shelf.entries(reader)}
        shut = self._shut(existence, access, by_agreement=by_agreement)
        if shut is not None:
            outcome, reason, cause = shut
            if reason is None and known:
                # A dossier does not vanish: its state says how it ended.
                return self._halted(reader, shelf, existence, plausible.StoreWentBack.code)
            if reason is not None:
                alone = reason in {ForgetReason.BLOCKED, ForgetReason.UNAUTHORISED}
                self._forget(reader.dossier, reason, reader.professional if alone else None)
            return RefreshReport(outcome, existence, gone=len(known), cause=cause)
        try:
            update, new = self._learn(ins, reader, shelf.state(reader), known, access, full=full)
        except Implausible as error:
            return self._halted(reader, shelf, existence, error.code)
        shelf.apply(reader, update)
        changed = len(update.entries) - len(new)
        return RefreshReport(RefreshOutcome.DONE, existence, new, changed, len(update.gone), update.until)

    def _shut(
        self, existence: ExistenceAnswer, access: Access, *, by_agreement: bool
    ) -> tuple[RefreshOutcome, ForgetReason | None, str] | None:
        """Why the documents of this dossier may not be asked for, ``None`` when they may."""
        if existence.state is not DossierState.ACTIVE:
            return _SHUT[existence.state]
        if existence.authorisation is Authorisation.FORBIDDEN:
            return _SHUT[DossierState.BLOCKED]
        if access.mode is AccessMode.NORMAL and existence.authorisation in _LOST and not by_agreement:
            return RefreshOutcome.UNAUTHORISED, ForgetReason.UNAUTHORISED, LOST
        return None

    def _halted(self, reader: Reader, shelf: Shelf, existence: ExistenceAnswer, cause: str) -> RefreshReport:
        shelf.halt(reader, cause)
        return RefreshReport(RefreshOutcome.HALTED, existence, cause=cause)

    def _learn(
        self, ins: Ins, reader: Reader, state: ShelfState, known: dict[str, KeptEntry], access: Access, *, full: bool
    ) -> tuple[ShelfUpdate, tuple[str, ...]]:
        """What the store says now; ids of what is new.

        :raises Implausible: it cannot be true.
        """
        ask = self._gateway.documents
        held = [kept.entry for kept in known.values()]
        first = state.until is None
        if full or state.until is None:
            found = ask.full_search(ins, access) if full else ask.first_search(ins, access)
            listed = {one.current.logical_id: one.current for one in histories(found.entries, ())}
            asked = {entry.unique_id for entry in held if entry.logical_id not in listed}
        else:
            found = ask.changes(ins, state.until, access)
            # The chain tells which documents to look at; their last description is asked for: one that was masked
            # since must not come back by its former one.
            listed, asked = {}, {entry.unique_id for entry in (*held, *found.entries)}
        described = ask.described(ins, sorted(asked), access) if asked else ()
        now = listed | {entry.logical_id: entry for entry in described}
        plausible.check(
            plausible.Answer(ins, reader, found.until, now, frozenset(asked), described),
            plausible.Known(state, held, self._patients.identity(reader.dossier)),
            full=full,
        )
        shown = {key: entry for key, entry in now.items() if entry.status is not DocumentStatus.DELETED}
        unlinked = [entry.entry_uuid for key, entry in shown.items() if key not in known]
        links = ask.links(ins, unlinked, access) if (full or first) and unlinked else found.associations
        fresh = self._fresh(shown, known, links)
        update = ShelfUpdate(
            tuple(fresh),
            frozenset(known) - frozenset(shown),
            found.until,
            first_only=not full and (first or state.first_only),
        )
        return update, tuple(kept.entry.logical_id for kept in fresh if kept.entry.logical_id not in known)

    def _fresh(
        self, shown: dict[str, DocumentEntry], known: dict[str, KeptEntry], links: tuple[Association, ...]
    ) -> list[KeptEntry]:
        """What is new, or not as it was."""
        members = {link.target: link.source for link in links if link.kind is AssociationKind.HAS_MEMBER}
        former = [kept.entry for kept in known.values()]
        fresh = []
        for one in histories([*shown.values(), *former], links):
            entry, kept = shown.get(one.current.logical_id), known.get(one.current.logical_id)
            if entry is None:
                continue
            described = KeptEntry(
                entry,
                (kept.submission if kept else "") or members.get(entry.entry_uuid, ""),
                one.replaced_by or (kept.replaced_by if kept else ()),
                one.replaces or (kept.replaces if kept else ()),
                kept.learned_at if kept else self._clock.now(),
                kept.read_at if kept else None,
                kept.content_here if kept else False,
            )
            if described != kept:
                fresh.append(described)
        return fresh
