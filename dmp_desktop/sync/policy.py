"""What becomes of an event after an answer: one pure function, a table of cases.

The national interface has no idempotency key. An opening or a reactivation is therefore sent only after the existence
test said that there is something to do; a send without a clear answer leaves a doubt, and the same test lifts it before
anything is sent again. An authorisation is idempotent: it is simply sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dmp_desktop.cache.outbox import LONGEST_WAIT
from dmp_desktop.domain.dossier import Confirmation, DossierState, ExistenceAnswer
from dmp_desktop.domain.event_kinds import EventKind
from dmp_desktop.errors import Cancelled, CardError, DmpError, RefusedByStore, ServiceUnavailable, UserError
from dmp_desktop.sync.errors import (
    AlreadyClosed,
    AlreadyOpen,
    AssertionRefused,
    AuthorMismatch,
    ClockDrift,
    MessageRefused,
    NoDossier,
    NotSignedIn,
    PersonOpposed,
    SecondRoleMissing,
    SignatureRefused,
    StoreNotConfigured,
    StoreUnreachable,
    TlsRefused,
)

FIRST_WAIT: Final = timedelta(seconds=25)
LAST_ATTEMPT: Final = 20
"""Failed tries before an event is left to a person: six in the first day, then one a day, about two weeks."""

_NOT_SENT: Final = (StoreUnreachable, TlsRefused, StoreNotConfigured, ClockDrift, SecondRoleMissing)
_CREDENTIAL: Final = (SignatureRefused, AssertionRefused)


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
    outcome: ExistenceAnswer | Confirmation | DmpError,
    attempts: int,
    now: datetime,
    *,
    in_doubt: bool = False,
    sent: bool = False,
) -> Decision:
    """What becomes of an event.

    :param outcome: the existence test's answer (before sending), the store's confirmation, or what went wrong.
    :param attempts: failed tries before this one.
    :param in_doubt: a former send had no clear answer.
    :param sent: the outcome is that of the act itself, not of a question asked before it.
    """
    match outcome:
        case Confirmation():
            return Decision(Verdict.CONFIRMED)
        case ExistenceAnswer():
            return _after_question(kind, outcome.state, in_doubt)
        case RefusedByStore():
            return _after_refusal(kind, outcome, attempts, now, in_doubt=in_doubt, sent=sent)
    doubt = in_doubt or (sent and not isinstance(outcome, _NOT_SENT))
    match outcome:
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
