"""What becomes of an event after an answer: one pure function, a table of cases.

The national interface has no idempotency key. An opening or a reactivation is therefore sent only after the existence
test said that there is something to do; a send without a clear answer leaves a doubt, and the same test lifts it before
anything is sent again. An authorisation is idempotent: it is simply sent again. A deposit bears an identifier of its
own: sent twice, it is refused as a duplicate, which confirms it. What changes something (visibility or state of a
document, contact) is sent only while the store holds what the person saw: as wanted already, it is done; anything else
is a conflict that a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dmp_desktop.cache.outbox import LONGEST_WAIT
from dmp_desktop.domain.conflicts import CONTACT_CONFLICT, DOCUMENT_CONFLICT
from dmp_desktop.domain.dossier import Confirmation, DossierState, ExistenceAnswer
from dmp_desktop.domain.event_kinds import EventKind
from dmp_desktop.errors import Cancelled, CardError, DmpError, FlowError, RefusedByStore, ServiceUnavailable, UserError
from dmp_desktop.sync.errors import (
    AdministeredElsewhere,
    AlreadyClosed,
    AlreadyOpen,
    AssertionRefused,
    AuthorMismatch,
    ClockDrift,
    DocumentNotFound,
    DuplicateDocument,
    MessageRefused,
    NoDossier,
    NotSignedIn,
    PersonOpposed,
    SecondRoleMissing,
    SignatureRefused,
    StoreNotConfigured,
    StoreUnreachable,
    TlsRefused,
    VersionOutdated,
)

FIRST_WAIT: Final = timedelta(seconds=25)
LAST_ATTEMPT: Final = 20
"""Failed tries before an event is left to a person: six in the first day, then one a day, about two weeks."""

_NOT_SENT: Final = (StoreUnreachable, TlsRefused, StoreNotConfigured, ClockDrift, SecondRoleMissing)
_CREDENTIAL: Final = (SignatureRefused, AssertionRefused)
MOVED: Final = (VersionOutdated, DuplicateDocument)
"""Refusals of a change that the store had already made, or that somebody else was quicker to make."""
_CHANGES: Final = frozenset({EventKind.VISIBILITY, EventKind.STATUS, EventKind.CONTACT})


class CopyClosed(FlowError):
    """What this act needs lies in the copy of documents, which is not open: it waits, and nothing is wrong with it."""

    code = "copy-closed"


class Standing(StrEnum):
    """How what the store holds stands to an act, asked before it is sent."""

    AS_WANTED = "as-wanted"
    AS_BEFORE = "as-before"
    OTHER = "other"
    ABSENT = "absent"


class Verdict(StrEnum):
    """What to do with the event."""

    SEND = "send"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LATER = "later"
    ASK_FIRST = "ask-first"
    HELD = "held"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict.

    :ivar cause: stable code, ``text`` the store's own words.
    :ivar due: when to try again; ``None`` is "as soon as possible" (for ``ASK_FIRST``: at once, in this pass).
    :ivar in_doubt: the store may have done it.
    :ivar counted: whether the back-off grows.
    :ivar unavailable: the store did not answer; twice in a row, nothing else would get through.
    :ivar stop_pass: nothing else would get through either.
    """

    verdict: Verdict
    cause: str = ""
    text: str = ""
    due: datetime | None = None
    in_doubt: bool = False
    counted: bool = True
    unavailable: bool = False
    stop_pass: bool = False


def back_off(attempts: int) -> timedelta:
    """How long to wait after that many failed tries: 25 s, then five times longer each time, 24 h at most."""
    return min(FIRST_WAIT * int(5 ** min(attempts, 10)), LONGEST_WAIT)


def decide(
    kind: EventKind,
    outcome: ExistenceAnswer | Standing | Confirmation | DmpError,
    attempts: int,
    now: datetime,
    *,
    in_doubt: bool = False,
    sent: bool = False,
) -> Decision:
    """What becomes of an event.

    :param outcome: what the store said before sending (existence test, value it holds), its confirmation, or what went
        wrong.
    :param attempts: failed tries before this one.
    :param in_doubt: a former send had no clear answer.
    :param sent: the outcome is that of the act itself, not of a question asked before it.
    """
    match outcome:
        case Confirmation():
            return Decision(Verdict.CONFIRMED)
        case ExistenceAnswer():
            return _after_question(kind, outcome.state, in_doubt)
        case Standing():
            return _after_standing(kind, outcome, in_doubt)
        case AdministeredElsewhere():
            return Decision(Verdict.REFUSED, outcome.code)
        case RefusedByStore():
            return _after_refusal(kind, outcome, attempts, now, in_doubt=in_doubt, sent=sent)
    doubt = in_doubt or (sent and not isinstance(outcome, _NOT_SENT))
    match outcome:
        case CopyClosed():
            return Decision(Verdict.LATER, outcome.code, in_doubt=doubt, counted=False)
        case Cancelled() | CardError() | NotSignedIn() | AuthorMismatch() | SecondRoleMissing():
            # Nothing wrong with the event: the person stopped, or the card is no longer there to speak.
            return Decision(Verdict.LATER, outcome.code, in_doubt=doubt, counted=False, stop_pass=True)
        case UserError():
            # This event cannot leave as it is (a value no message can carry, a card without number): a person decides.
            return Decision(Verdict.HELD, outcome.code, in_doubt=in_doubt)
    # The world's fault, an answer not to be trusted, or ours: nothing is concluded from it.
    return _try_again(kind, outcome, attempts, now, in_doubt=doubt, stop_pass=isinstance(outcome, _NOT_SENT))


def _after_question(kind: EventKind, state: DossierState, in_doubt: bool) -> Decision:
    wanted = DossierState.CLOSED if kind is EventKind.REACTIVATION else DossierState.NONE
    if state is wanted:
        return Decision(Verdict.SEND, in_doubt=in_doubt)
    if state is DossierState.ACTIVE and in_doubt:
        return Decision(Verdict.CONFIRMED)
    return Decision(Verdict.REFUSED, _CAUSES[state])


def _after_standing(kind: EventKind, standing: Standing, in_doubt: bool) -> Decision:
    match standing:
        case Standing.AS_WANTED:
            return Decision(Verdict.CONFIRMED)
        case Standing.AS_BEFORE:
            return Decision(Verdict.SEND, in_doubt=in_doubt)
        case Standing.OTHER:
            # What is held is what was found: a former send of ours did not make it.
            return Decision(Verdict.HELD, CONTACT_CONFLICT if kind is EventKind.CONTACT else DOCUMENT_CONFLICT)
        case Standing.ABSENT:
            return Decision(Verdict.REFUSED, DocumentNotFound.code)


_CAUSES: Final = {
    DossierState.NONE: NoDossier.code,
    DossierState.ACTIVE: AlreadyOpen.code,
    DossierState.CLOSED: AlreadyClosed.code,
    DossierState.OPPOSED: PersonOpposed.code,
    DossierState.BLOCKED: "dossier-blocked",
}


def _after_refusal(
    kind: EventKind, error: RefusedByStore, attempts: int, now: datetime, *, in_doubt: bool, sent: bool
) -> Decision:
    if isinstance(error, (*_CREDENTIAL, MessageRefused)):
        # The store refused the messenger, not the act: the patient's consent is not thrown away for a certificate.
        stop = isinstance(error, _CREDENTIAL)
        return _try_again(kind, error, attempts, now, in_doubt=in_doubt, stop_pass=stop, text=error.store_text)
    if kind is EventKind.DEPOSIT and isinstance(error, DuplicateDocument):
        return Decision(Verdict.CONFIRMED)
    if kind in _CHANGES and sent and isinstance(error, MOVED):
        # It changed between the question and the act, or the request arrived twice: what does the store hold now?
        return Decision(Verdict.ASK_FIRST, error.code, error.store_text, in_doubt=in_doubt)
    if in_doubt and sent and kind is not EventKind.AUTHORISATION:
        if isinstance(error, AlreadyOpen):
            return Decision(Verdict.CONFIRMED)
        return Decision(Verdict.ASK_FIRST, error.code, error.store_text, in_doubt=True)
    return Decision(Verdict.REFUSED, error.code, error.store_text)


def _try_again(
    kind: EventKind,
    error: DmpError,
    attempts: int,
    now: datetime,
    *,
    in_doubt: bool,
    stop_pass: bool,
    text: str = "",
) -> Decision:
    unavailable = isinstance(error, ServiceUnavailable)
    if attempts + 1 >= LAST_ATTEMPT:
        return Decision(
            Verdict.STUCK, error.code, text, in_doubt=in_doubt, unavailable=unavailable, stop_pass=stop_pass
        )
    ask = in_doubt and kind is not EventKind.AUTHORISATION
    return Decision(
        Verdict.ASK_FIRST if ask else Verdict.LATER,
        error.code,
        text,
        due=now + back_off(attempts),
        in_doubt=in_doubt,
        unavailable=unavailable,
        stop_pass=stop_pass,
    )
