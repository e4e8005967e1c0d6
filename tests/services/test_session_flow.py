"""Sign-in, lock and return, walked without a screen."""

import pytest
from helpers import people
from helpers.clocks import HandClock

from dmp_desktop.domain.identifiers import CardNature
from dmp_desktop.domain.readers import MixedNatures
from dmp_desktop.errors import FlowError
from dmp_desktop.services.session import LockReason, SessionFlow, SessionState


@pytest.fixture
def session() -> SessionFlow:
    """A post of the sandbox, nobody there."""
    return SessionFlow(HandClock(), CardNature.TEST)


def opened(session: SessionFlow, ps_id: str = "899700000017") -> SessionFlow:
    """Dr Brindille's card and code, one situation."""
    session.card_in("left")
    session.card_known(people.doctor(ps_id), 3)
    session.pin_given()
    session.pin_accepted((people.CABINET,))
    return session


def test_card_code_open(session: SessionFlow) -> None:
    """One situation: the session opens at once, acts leave in that name."""
    author = opened(session).author()
    assert (author.professional, author.structure) == ("899700000017", "499700000017001")
    assert author.display_name == "Dr Aurore Brindille"


def test_several_situations_are_chosen_once(session: SessionFlow) -> None:
    """A blocking choice, then remembered for the return of the same person (EX_GEN-1370)."""
    session.card_in("left")
    session.card_known(people.doctor(), 3)
    session.pin_given()
    session.pin_accepted((people.CABINET, people.ELSEWHERE))
    assert session.state is SessionState.CHOOSING_SITUATION
    with pytest.raises(FlowError):
        session.author()
    with pytest.raises(FlowError):
        session.choose_situation(2)
    session.choose_situation(1)
    assert session.author().structure == people.ELSEWHERE.structure.value
    session.card_out("left")
    session.card_in("left")
    session.card_known(people.doctor(), 3)
    session.pin_given()
    session.pin_accepted((people.CABINET, people.ELSEWHERE))
    assert session.situation == people.ELSEWHERE


def test_wrong_code_counts_down_and_blocks(session: SessionFlow) -> None:
    """The tries left are known before asking; at zero nothing is asked any more (F25)."""
    session.card_in("left")
    session.card_known(people.doctor(), 2)
    session.pin_given()
    session.pin_refused(1)
    assert (session.state, session.tries) == (SessionState.AWAITING_PIN, 1)
    session.pin_given()
    session.pin_refused(0)
    assert session.state is SessionState.BLOCKED
    with pytest.raises(FlowError):
        session.pin_given()


def test_a_blocked_card_is_told_before_any_code(session: SessionFlow) -> None:
    """A card already blocked asks for no code."""
    session.card_in("left")
    session.card_known(people.doctor(), 0)
    assert session.state is SessionState.BLOCKED


def test_the_card_pulled_out_hides_and_keeps(session: SessionFlow) -> None:
    """Content hides, work is kept for that person alone (F17, F18)."""
    opened(session)
    assert session.card_out("right") is False
    assert session.card_out("left") is True
    assert (session.is_open, session.kept_for, session.lock_reason) == (False, "899700000017", LockReason.CARD_OUT)
    session.card_in("left")
    session.card_known(people.doctor("899700000025"), 3)
    assert not session.returning
    session.pin_given()
    session.pin_accepted((people.CABINET,))
    assert session.kept_for == ""


def test_the_same_person_returns(session: SessionFlow) -> None:
    """The same card and code bring the work back."""
    opened(session).card_out("left")
    session.card_in("left")
    session.card_known(people.doctor(), 3)
    assert session.returning
    session.pin_given()
    session.pin_accepted((people.CABINET,))
    assert session.is_open
    assert session.kept_for == "899700000017"


def test_locked_by_hand_asks_the_code_again(session: SessionFlow) -> None:
    """F9: the card is still in, its code is asked again."""
    assert opened(session).lock(LockReason.BY_HAND)
    assert session.state is SessionState.READING
    session.card_known(people.doctor(), 3)
    assert session.returning
    assert not SessionFlow(HandClock(), CardNature.TEST).lock(LockReason.IDLE)


@pytest.mark.parametrize(("platform", "card"), [(CardNature.TEST, CardNature.REAL), (CardNature.REAL, CardNature.TEST)])
def test_a_card_of_another_platform_opens_nothing(platform: CardNature, card: CardNature) -> None:
    """EX_GEN-1430, both ways."""
    session = SessionFlow(HandClock(), platform)
    session.card_in("left")
    with pytest.raises(MixedNatures):
        session.card_known(people.doctor(nature=card), 3)
    assert session.state is SessionState.NO_CARD


def test_keys_the_store_refuses_open_nothing(session: SessionFlow) -> None:
    """No address of the store yet: the card is read again, no session is open."""
    opened(session).keys_refused()
    assert session.state is SessionState.READING
    with pytest.raises(FlowError):
        session.author()
