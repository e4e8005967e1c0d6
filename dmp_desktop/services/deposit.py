"""Depositing a document: begun, kept as it is written, made PDF/A, sent through the outbox (TD2.1, TD2.2).

The draft is saved whole before its act joins the outbox: killed between the two, the draft is still there, and its
identifiers, made once, keep it from being deposited twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.outbox import AlreadySent
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cache.traces import Traces
from dmp_desktop.config import Settings
from dmp_desktop.domain import rights
from dmp_desktop.domain.acts import Deposit
from dmp_desktop.domain.clock import PARIS, Clock
from dmp_desktop.domain.document import DocumentEntry, MediaType, Replaced, new_oid
from dmp_desktop.domain.draft import Draft, Drafts
from dmp_desktop.domain.events import Event, EventState, uuid7
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.errors import FlowError
from dmp_desktop.services.deposit_form import DepositForm
from dmp_desktop.services.places import place_name
from dmp_desktop.services.rights_view import NotAllowed
from dmp_desktop.sync.disputed import Disputed

if TYPE_CHECKING:
    from dmp_desktop.printing.converted import Converted

TYPED: Final = "11488-4"
"""Type proposed for a report written in place: a consultation."""


class DraftsClosed(FlowError):
    """The encrypted copy is not open: a document could not be kept until it leaves."""

    code = "drafts-closed"


@dataclass(frozen=True, slots=True, repr=False)
class Followed:
    """A deposit of this record by this person, and where it stands.

    :ivar title: while its draft is still here, else ``""``.
    """

    event: Event
    title: str

    def __repr__(self) -> str:
        return f"Followed({self.event.state})"


class DepositDesk:
    """The verbs of a deposit; each names its lane.

    :param drafts: where drafts are kept, ``None`` while the encrypted copy is closed.
    :param demonstration: a report bears DÉMONSTRATION (the sandbox).
    """

    def __init__(
        self,
        store: DeskStore,
        drafts: Callable[[], Drafts | None],
        clock: Clock,
        settings: Callable[[], Settings],
        disputed: Disputed | None = None,
        *,
        demonstration: bool,
    ) -> None:
        self._store, self._drafts, self._clock, self._settings = store, drafts, clock, settings
        self._traces = Traces(store.database)
        self._disputed = disputed or Disputed()
        self._demonstration = demonstration

    def begin(
        self,
        context: RecordContext,
        replaces: Replaced | None = None,
        kept: Draft | None = None,
        like: DocumentEntry | None = None,
    ) -> DepositForm:
        """Any lane. A new deposit, or one that was kept; the visibility is asked again each time.

        :param like: the version it replaces: its title, its kind and its day are proposed.
        """
        now = self._clock.now()
        root = self._settings().store.software_oid or "2.25"
        draft = kept or Draft(
            id=str(uuid7(now)),
            dossier=context.dossier,
            professional=context.author.professional,
            unique_id=new_oid(root),
            set_id=replaces.set_id if replaces and replaces.set_id else new_oid(root),
            submission_id=new_oid(root),
            signature_id=new_oid(root),
            changed_at=now,
            title=like.title if like else "",
            type_code=like.type_code if like else None,
            service_start=like.service_start or now if like else now,
            replaces=replaces,
            secret=context.access.secret,
        )
        form = DepositForm(
            self._clock,
            context,
            replace(draft, visibility=None, secret=draft.secret or context.access.secret),
            self._disputed.document_bytes,
            self._disputed.both_hidden_allowed,
            {},
            like=like,
        )
        if draft.service_start is not None:
            form.set_date(draft.service_start.astimezone(PARIS).strftime("%d/%m/%Y"))
        return form

    @staticmethod
    def replacing(entry: DocumentEntry, context: RecordContext, set_id: str = "", version: int = 1) -> Replaced:
        """Any lane. A new version of one's own document.

        :param set_id: of all its versions, ``version``: of this one, as its header tells them.
        :raises NotAllowed: it is somebody else's.
        """
        if all(author.id != context.author.professional for author in entry.authors):
            raise NotAllowed("somebody else's document", rule=rights.OWN)
        return Replaced(entry.entry_uuid, entry.unique_id, set_id, version)

    # -- drafts, cache lane -------------------------------------------------------------------------------------------

    def kept(self, context: RecordContext) -> Draft | None:
        """The last draft of this record by this person that did not leave."""
        drafts = self._drafts()
        found = drafts.of(context.dossier, context.author.professional) if drafts else ()
        return next(iter(found), None)

    def save(self, draft: Draft, content: bytes | None = None) -> None:
        """Keep what is written so far.

        :raises DraftsClosed: the copy is closed.
        """
        self._open_drafts().save(replace(draft, changed_at=self._clock.now()), content)

    def drop(self, draft: Draft) -> None:
        """Throw a draft away; one that is on its way stays."""
        drafts = self._drafts()
        if drafts is None:
            return
        known = drafts.get(draft.id)
        if known is not None and not known.event:
            drafts.drop(draft.id)

    def is_unchanged(self, form: DepositForm) -> bool:
        """Whether this very content was deposited here already, and not refused or given up (EX_GEN-1060)."""
        event_id = self._traces.deposited(form.context.dossier, form.mark)
        return bool(event_id) and self._store.outbox.get(event_id).state is not EventState.REFUSED

    # -- content, print lane ------------------------------------------------------------------------------------------

    def convert(self, data: bytes) -> Converted:
        """A file as PDF/A-1.

        :raises dmp_desktop.errors.UserError: see :func:`dmp_desktop.printing.conversion.convert`.
        """
        from dmp_desktop.printing.conversion import convert

        # Undated, so that the same file gives the same bytes: sent twice, it is recognised.
        return convert(data, None)

    def compose(self, form: DepositForm) -> bytes:
        """The report written in place, as PDF/A-1.

        :raises dmp_desktop.printing.report.ReportTooLong: more text than it holds.
        """
        from dmp_desktop.printing.report import ReportPaper, report

        draft, context = form.draft, form.context
        traits = context.identity.traits
        return report(
            ReportPaper(
                self._settings().structure,
                context.author,
                traits,
                place_name(traits.birth_place),
                draft.title.strip(),
                draft.type_code.text if draft.type_code else "",
                draft.service_start or self._clock.now(),
                self._clock.now(),
                draft.text,
                context.professional.practice,
                self._demonstration,
            )
        )

    # -- sending, cache lane ------------------------------------------------------------------------------------------

    def send(self, form: DepositForm, content: bytes | None, *, hold: bool = False) -> Event:
        """The draft whole, then its act in the outbox; it leaves at once, or when the store answers again.

        :param content: bytes of a report just made, or of a file that was not kept yet; ``None``: those of the draft.
        :param hold: kept back by its author.
        :raises DepositNotReady, DraftsClosed: nothing was written.
        :raises dmp_desktop.cache.outbox.AlreadySent: this draft is on its way.
        """
        form.unchanged = self.is_unchanged(form)
        form.demand_ready()
        mark, drafts, draft = form.mark, self._open_drafts(), form.draft
        if self._on_its_way(form):
            # Before anything is written: what is on its way must leave as it was captured.
            raise AlreadySent("this document is on its way")
        if content is not None:
            digest = hashlib.sha256(content).hexdigest()
            draft = replace(draft, media_type=MediaType.PDF, size=len(content), sha256=digest)
        draft = replace(draft, title=draft.title.strip(), visibility=form.visibility, changed_at=self._clock.now())
        drafts.save(draft, content)
        payload = Deposit(form.context.ins, draft.id, draft.unique_id, secret=draft.secret)
        with self._store.outbox.transaction():
            event = self._store.outbox.add(payload, form.context.author, held=hold)
            self._store.journal.append(
                Act.DEPOSITED, form.context.author, event=event.id, dossier=form.context.dossier, reason=mark
            )
        drafts.save(replace(draft, event=event.id))
        return event

    def followed(self, context: RecordContext) -> tuple[Followed, ...]:
        """This person's deposits into this record: what is unfinished, and what was done today; latest first."""
        drafts = self._drafts()
        midnight = self._clock.now().astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
        found = []
        for event in reversed(self._store.outbox.of_dossier(context.dossier)):
            payload = event.payload
            if not isinstance(payload, Deposit) or event.author.professional != context.author.professional:
                continue
            ended = event.state in {EventState.CONFIRMED, EventState.REFUSED}
            if ended and event.created_at < midnight:
                continue
            draft = drafts.get(payload.draft) if drafts else None
            found.append(Followed(event, draft.title if draft else ""))
        return tuple(found)

    def _on_its_way(self, form: DepositForm) -> bool:
        return any(
            isinstance(event.payload, Deposit)
            and event.payload.draft == form.draft.id
            and event.state is not EventState.REFUSED
            for event in self._store.outbox.of_dossier(form.context.dossier)
        )

    def _open_drafts(self) -> Drafts:
        drafts = self._drafts()
        if drafts is None:
            raise DraftsClosed("the copy is closed")
        return drafts
