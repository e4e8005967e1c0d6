"""The policy: a table of what becomes of an event after each answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from helpers.clocks import START as NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.domain.dossier import Confirmation, DossierState, ExistenceAnswer
from dmp_desktop.domain.event_kinds import EventKind
from dmp_desktop.domain.readers import CardRemoved
from dmp_desktop.errors import Cancelled, DmpError, RefusedByStore
from dmp_desktop.sync.errors import (
    AdministeredElsewhere,
    AlreadyOpen,
    AssertionRefused,
    AuthorMismatch,
    CardWithoutNumber,
    ClockDrift,
    ConnectionCut,
    DuplicateDocument,
    HtmlAnswer,
    MessageRefused,
    NoDossier,
    NotSignedIn,
    PersonOpposed,
    RightsRefused,
    SecondRoleMissing,
    SignatureRefused,
    StoreTimeout,
    StoreUnreachable,
    TlsRefused,
    UnsendableValue,
    VersionOutdated,
    WrongPatient,
)
from dmp_desktop.sync.policy import LAST_ATTEMPT, CopyClosed, Decision, Standing, Verdict, back_off, decide
from dmp_desktop.sync.submission import DocumentTooLarge

OPEN, AGAIN, RIGHT = EventKind.OPENING, EventKind.REACTIVATION, EventKind.AUTHORISATION
FILE, SEEN, STATE, REACH = EventKind.DEPOSIT, EventKind.VISIBILITY, EventKind.STATUS, EventKind.CONTACT
SOON = NOW + timedelta(seconds=25)


def exists(state: DossierState) -> ExistenceAnswer:
    """The existence test's answer."""
    return ExistenceAnswer(state, NOW)


@pytest.mark.parametrize(
    ("kind", "state", "in_doubt", "verdict", "cause"),
    [
        (OPEN, DossierState.NONE, False, Verdict.SEND, ""),
        (OPEN, DossierState.NONE, True, Verdict.SEND, ""),
        (OPEN, DossierState.ACTIVE, False, Verdict.REFUSED, "already-open"),
        (OPEN, DossierState.ACTIVE, True, Verdict.CONFIRMED, ""),
        (OPEN, DossierState.CLOSED, False, Verdict.REFUSED, "already-closed"),
        (OPEN, DossierState.CLOSED, True, Verdict.REFUSED, "already-closed"),
        (OPEN, DossierState.OPPOSED, True, Verdict.REFUSED, "person-opposed"),
        (OPEN, DossierState.BLOCKED, True, Verdict.REFUSED, "dossier-blocked"),
        (AGAIN, DossierState.CLOSED, False, Verdict.SEND, ""),
        (AGAIN, DossierState.CLOSED, True, Verdict.SEND, ""),
        (AGAIN, DossierState.ACTIVE, False, Verdict.REFUSED, "already-open"),
        (AGAIN, DossierState.ACTIVE, True, Verdict.CONFIRMED, ""),
        (AGAIN, DossierState.NONE, True, Verdict.REFUSED, "no-dossier"),
        (AGAIN, DossierState.OPPOSED, False, Verdict.REFUSED, "person-opposed"),
    ],
)
def test_the_existence_test_decides_before_anything_leaves(
    kind: EventKind, state: DossierState, in_doubt: bool, verdict: Verdict, cause: str
) -> None:
    """An act is sent only if there is something to do; the dossier being there lifts a doubt, and nothing else does."""
    decision = decide(kind, exists(state), 0, NOW, in_doubt=in_doubt)
    assert (decision.verdict, decision.cause) == (verdict, cause)


@pytest.mark.parametrize(
    ("kind", "standing", "verdict", "cause"),
    [
        (FILE, Standing.AS_WANTED, Verdict.CONFIRMED, ""),
        (FILE, Standing.AS_BEFORE, Verdict.SEND, ""),
        (SEEN, Standing.AS_WANTED, Verdict.CONFIRMED, ""),
        (SEEN, Standing.AS_BEFORE, Verdict.SEND, ""),
        (SEEN, Standing.OTHER, Verdict.HELD, "document-conflict"),
        (SEEN, Standing.ABSENT, Verdict.REFUSED, "document-not-found"),
        (STATE, Standing.AS_WANTED, Verdict.CONFIRMED, ""),
        (STATE, Standing.AS_BEFORE, Verdict.SEND, ""),
        (STATE, Standing.OTHER, Verdict.HELD, "document-conflict"),
        (STATE, Standing.ABSENT, Verdict.REFUSED, "document-not-found"),
        (REACH, Standing.AS_WANTED, Verdict.CONFIRMED, ""),
        (REACH, Standing.AS_BEFORE, Verdict.SEND, ""),
        (REACH, Standing.OTHER, Verdict.HELD, "contact-conflict"),
    ],
)
@pytest.mark.parametrize("in_doubt", [False, True])
def test_what_the_store_holds_decides_before_a_change_leaves(
    kind: EventKind, standing: Standing, verdict: Verdict, cause: str, in_doubt: bool
) -> None:
    """Done already, to be done, changed elsewhere, no longer there; a doubt stays only on what is to be sent."""
    decision = decide(kind, standing, 0, NOW, in_doubt=in_doubt)
    assert (decision.verdict, decision.cause) == (verdict, cause)
    assert decision.in_doubt == (in_doubt and verdict is Verdict.SEND)


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("in_doubt", [False, True])
def test_a_confirmation_confirms(kind: EventKind, in_doubt: bool) -> None:
    """Whatever came before."""
    assert decide(kind, Confirmation(NOW), 7, NOW, in_doubt=in_doubt, sent=True) == Decision(Verdict.CONFIRMED)


ASK = Decision(Verdict.ASK_FIRST, due=SOON, in_doubt=True)
LATER = Decision(Verdict.LATER, due=SOON)


@pytest.mark.parametrize(
    ("kind", "error", "in_doubt", "sent", "verdict", "doubt_after", "stops", "counted"),
    [
        # nothing had been sent: no doubt appears
        (OPEN, StoreTimeout(), False, False, Verdict.LATER, False, False, True),
        (OPEN, StoreUnreachable(), False, False, Verdict.LATER, False, True, True),
        (OPEN, WrongPatient(), False, False, Verdict.LATER, False, False, True),
        (OPEN, ClockDrift(), False, True, Verdict.LATER, False, True, True),
        (OPEN, TlsRefused(), False, True, Verdict.LATER, False, True, True),
        # the request had left
        (OPEN, StoreTimeout(), False, True, Verdict.ASK_FIRST, True, False, True),
        (OPEN, ConnectionCut(), False, True, Verdict.ASK_FIRST, True, False, True),
        (OPEN, HtmlAnswer(), False, True, Verdict.ASK_FIRST, True, False, True),
        (AGAIN, WrongPatient(), False, True, Verdict.ASK_FIRST, True, False, True),
        (OPEN, DmpError(), False, True, Verdict.ASK_FIRST, True, False, True),
        # a former doubt stays until the store lifts it
        (OPEN, StoreUnreachable(), True, False, Verdict.ASK_FIRST, True, True, True),
        # an authorisation is idempotent: sent again, never asked about
        (RIGHT, StoreTimeout(), False, True, Verdict.LATER, True, False, True),
        (RIGHT, HtmlAnswer(), True, True, Verdict.LATER, True, False, True),
        # the event is not at fault
        (OPEN, Cancelled(), False, False, Verdict.LATER, False, True, False),
        (OPEN, Cancelled(), False, True, Verdict.LATER, True, True, False),
        (OPEN, CardRemoved(), False, True, Verdict.LATER, True, True, False),
        (OPEN, NotSignedIn(), False, False, Verdict.LATER, False, True, False),
        (RIGHT, AuthorMismatch(), False, False, Verdict.LATER, False, True, False),
        (RIGHT, SecondRoleMissing(), False, True, Verdict.LATER, False, True, False),
        # the event cannot leave as it is
        (OPEN, UnsendableValue(), False, True, Verdict.HELD, False, False, True),
        (OPEN, CardWithoutNumber(), False, False, Verdict.HELD, False, False, True),
        # the store refused the messenger
        (OPEN, SignatureRefused("DMPInvalidCertificate"), False, True, Verdict.LATER, False, True, True),
        (OPEN, AssertionRefused("x"), True, False, Verdict.ASK_FIRST, True, True, True),
        (RIGHT, MessageRefused("x"), False, True, Verdict.LATER, False, False, True),
        # the store refused the act
        (OPEN, RightsRefused("x"), False, True, Verdict.REFUSED, False, False, True),
        (OPEN, RefusedByStore("unknown"), False, False, Verdict.REFUSED, False, False, True),
        (OPEN, AlreadyOpen("DMPFound"), False, True, Verdict.REFUSED, False, False, True),
        (RIGHT, RightsRefused("x"), True, True, Verdict.REFUSED, False, False, True),
        # … after a former send in doubt, the refusal may be our own echo
        (OPEN, AlreadyOpen("DMPFound"), True, True, Verdict.CONFIRMED, False, False, True),
        (OPEN, PersonOpposed("x"), True, True, Verdict.ASK_FIRST, True, False, True),
        # a deposit bears its own identifier: a duplicate is itself, in doubt or not
        (FILE, DuplicateDocument("x"), False, True, Verdict.CONFIRMED, False, False, True),
        (FILE, DuplicateDocument("x"), True, True, Verdict.CONFIRMED, False, False, True),
        (FILE, RightsRefused("x"), False, True, Verdict.REFUSED, False, False, True),
        (FILE, RightsRefused("x"), True, True, Verdict.ASK_FIRST, True, False, True),
        (FILE, StoreTimeout(), False, True, Verdict.ASK_FIRST, True, False, True),
        (FILE, NoDossier("x"), False, True, Verdict.REFUSED, False, False, True),
        (FILE, DocumentTooLarge(), False, True, Verdict.HELD, False, False, True),
        (FILE, CopyClosed(), False, False, Verdict.LATER, False, False, False),
        (FILE, CopyClosed(), True, False, Verdict.LATER, True, False, False),
        # a change that came too late, or twice, is looked at again
        (SEEN, VersionOutdated("x"), False, True, Verdict.ASK_FIRST, False, False, True),
        (STATE, DuplicateDocument("x"), False, True, Verdict.ASK_FIRST, False, False, True),
        (SEEN, VersionOutdated("x"), False, False, Verdict.REFUSED, False, False, True),
        (SEEN, RightsRefused("x"), False, True, Verdict.REFUSED, False, False, True),
        (REACH, ConnectionCut(), False, True, Verdict.ASK_FIRST, True, False, True),
        (REACH, AdministeredElsewhere(), True, False, Verdict.REFUSED, False, False, True),
    ],
)
def test_each_answer_has_its_consequence(
    kind: EventKind,
    error: DmpError,
    in_doubt: bool,
    sent: bool,
    verdict: Verdict,
    doubt_after: bool,
    stops: bool,
    counted: bool,
) -> None:
    """Verdict, doubt left behind, end of the pass, growth of the back-off."""
    decision = decide(kind, error, 0, NOW, in_doubt=in_doubt, sent=sent)
    assert decision.verdict is verdict
    assert (decision.in_doubt, decision.stop_pass, decision.counted) == (doubt_after, stops, counted)
    if verdict in {Verdict.LATER, Verdict.ASK_FIRST} and counted and not isinstance(error, RefusedByStore):
        assert decision.due == SOON


def test_a_refusal_keeps_the_stores_words() -> None:
    """The cause is stable, the text is the store's."""
    decision = decide(OPEN, RightsRefused("DMPAccessDeniedByRightsService", "Accès refusé"), 0, NOW, sent=True)
    assert (decision.cause, decision.text) == ("rights-refused", "Accès refusé")


def test_back_off_grows_five_times_up_to_a_day() -> None:
    """25 s, 2 min, 10 min, 52 min, 4 h, 22 h, then a day, also far beyond."""
    seconds = [back_off(n).total_seconds() for n in range(9)]
    assert seconds == [25, 125, 625, 3125, 15625, 78125, 86400, 86400, 86400]
    assert back_off(10**6) == timedelta(days=1)


@settings(max_examples=60)
@given(
    st.sampled_from(EventKind),
    st.sampled_from([StoreTimeout, StoreUnreachable, HtmlAnswer, ConnectionCut, ClockDrift]),
    st.integers(0, 200),
    st.booleans(),
    st.booleans(),
)
def test_failure_has_an_end(kind: EventKind, error: type[DmpError], attempts: int, in_doubt: bool, sent: bool) -> None:
    """After the last attempt an event is left to a person; before, it always has a time to come."""
    decision = decide(kind, error(), attempts, NOW, in_doubt=in_doubt, sent=sent)
    if attempts + 1 >= LAST_ATTEMPT:
        assert decision.verdict is Verdict.STUCK and decision.due is None
    else:
        assert decision.due is not None and NOW < decision.due <= NOW + timedelta(days=1)
    assert decision.in_doubt or not in_doubt
