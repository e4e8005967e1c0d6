"""Deposits on their way (TD2.1, TD2.2): the draft becomes a submission, and ends once the store holds it.

Their echo is the identifier of the document, made once: sent twice, it is refused as a duplicate. After a doubt the
store is asked about it first. Nothing is asked otherwise: no query follows a deposit (EX_3.1-2030).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

from dmp_desktop.cache.outbox import WITHDRAWN
from dmp_desktop.domain.acts import Deposit
from dmp_desktop.domain.document import DocumentContent, NewDocument, Submission
from dmp_desktop.domain.draft import Draft, Drafts
from dmp_desktop.domain.events import Event, EventState
from dmp_desktop.domain.habilitations import Access
from dmp_desktop.errors import UserError
from dmp_desktop.sync.delivery_common import Asked, Send, Way, attempt
from dmp_desktop.sync.errors import DocumentNotFound, IdentityNotRetrieved, RightsRefused
from dmp_desktop.sync.policy import CopyClosed, Decision, Standing

DraftsOf = Callable[[Deposit], Drafts | None]
"""Where the draft of this deposit is (the encrypted copy, or the memory of a secret connection); ``None``: closed."""


class DraftMissing(UserError):
    """The document that this deposit was to send is no longer in the copy: it was emptied, or lost."""

    code = "draft-missing"


class DraftIncomplete(UserError):
    """The document lacks something that a deposit must say. ``facts["part"]`` names it."""

    code = "draft-incomplete"


@dataclass(frozen=True, slots=True)
class DepositWay(Way):
    """The way of a document."""

    drafts: DraftsOf

    def deliver(self, event: Event, deposit: Deposit) -> Decision | None:
        """Send it, or write down why not; ``None``: it waits for the copy as it did before."""
        drafts = self.drafts(deposit)
        if drafts is None:
            if event.state is EventState.WAITING and event.cause == CopyClosed.code:
                return None
            decision = self.decide(event, CopyClosed("the copy is closed"), sent=False)
            self.write(event, decision)
            return decision
        access = Access(secret=deposit.secret)

        def ask(_in_doubt: bool) -> Asked:
            try:
                there = self.gateway.documents.entry_uuids(deposit.ins, [deposit.unique_id], access)
            except (RightsRefused, DocumentNotFound):
                # Whoever may deposit may not always ask: sending again is safe, a duplicate is refused.
                there = ()
            return Asked(Standing.AS_WANTED if there else Standing.AS_BEFORE)

        def prepare() -> Send:
            identity = self.patients.identity(event.dossier)
            if identity is None:
                raise IdentityNotRetrieved("nobody is known under this dossier")
            outgoing = submission_of(deposit, drafts)
            return lambda: self.gateway.documents.deposit(outgoing, identity, event.author, access)

        decision = self.carry(event, ask if event.in_doubt else None, prepare)
        if self.outbox.get(event.id).state is EventState.CONFIRMED:
            self.settle(event.id, deposit)
        return decision

    def settle(self, event_id: str, deposit: Deposit) -> None:
        """The deposit ended: its draft goes, or is a draft again. What cannot be done now is done at a later pass: a
        copy that is closed, or fails, keeps nothing else from leaving.
        """
        drafts = self.drafts(deposit)
        if drafts is None:
            return
        if self.outbox.get(event_id).cause == WITHDRAWN:
            failure = attempt(lambda: give_back(drafts, deposit, event_id))
        else:
            failure = attempt(lambda: drafts.drop(deposit.draft))
        if failure is None:
            self.outbox.draft_settled(event_id)


def give_back(drafts: Drafts, deposit: Deposit, event_id: str) -> None:
    """The draft of a deposit that did not happen is a draft again, unless another deposit took it since."""
    draft = drafts.get(deposit.draft)
    if draft is not None and draft.event == event_id:
        drafts.save(replace(draft, event=""))


def submission_of(deposit: Deposit, drafts: Drafts) -> Submission:
    """The submission that a draft becomes: the same bytes and identifiers each time.

    :raises DraftMissing: there is no such draft. :raises DraftIncomplete: it does not say all it must.
    :raises StorageError: its bytes cannot be read back.
    """
    draft = drafts.get(deposit.draft)
    if draft is None or draft.unique_id != deposit.unique_id:
        raise DraftMissing("no draft")
    content = drafts.content(draft.id)
    return Submission(draft.submission_id, draft.signature_id, draft.title, (_document(draft, content),))


def _document(draft: Draft, content: bytes) -> NewDocument:
    if draft.visibility is None:
        raise DraftIncomplete("who may see it was not said", part="visibility")
    if draft.type_code is None:
        raise DraftIncomplete("no type", part="type")
    if draft.media_type is None:
        raise DraftIncomplete("no content", part="content")
    return NewDocument(
        unique_id=draft.unique_id,
        set_id=draft.set_id,
        title=draft.title,
        type_code=draft.type_code,
        content=DocumentContent(draft.media_type, len(content), lambda: io.BytesIO(content)),
        created_at=draft.changed_at,
        service_start=draft.service_start or draft.changed_at,
        comments=draft.comments,
        visibility=draft.visibility,
        replaces=draft.replaces,
    )
