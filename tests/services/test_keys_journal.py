"""What is done with the keys and the files of a post stands in its journal, under who did it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.keys_cards import BRINDILLE, GABARIT, PAPIER
from helpers.keys_memory import FileKeyring
from helpers.store_world import BRINDILLE as AUTHOR

from dmp_desktop.cache.journal import Act, Journal
from dmp_desktop.cache.vault_errors import WrongPassphrase
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import FlowError
from dmp_desktop.services.history import Known
from dmp_desktop.services.keys import PostKeys, WayKind
from dmp_desktop.services.practice_log import PracticeLog
from dmp_desktop.services.profile import Access, Profile
from dmp_desktop.ui.access import texts

WORDS, OTHER = Secret("quatre tilleuls et un banc"), Secret("une phrase toute neuve")


class Session:
    """Who is signed in, or nobody."""

    def __init__(self) -> None:
        self.open = False

    def author(self) -> Author:
        """As the session flow gives it."""
        if not self.open:
            raise FlowError("no session is open")
        return AUTHOR


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def profile(tmp_path: Path, session: Session) -> Iterator[Profile]:
    made = Profile(tmp_path / "profile", HandClock(), FileKeyring(tmp_path / "keyring"), session.author)
    assert made.unlock() is Access.FIRST_RUN
    yield made
    made.close()


def told(profile: Profile) -> list[tuple[str, str, str]]:
    """Act, reason and author of each row, oldest first."""
    assert profile.store is not None
    rows = profile.store.journal.last(100)
    return [(row.act, row.reason, row.professional) for row in reversed(rows)]


def test_each_change_of_the_keys_is_journalled_under_its_author(profile: Profile, session: Session) -> None:
    """Let in, invited, removed, passphrase, page, fresh keys: one row each, and none for what was refused."""
    profile.create(WORDS)
    session.open = True
    profile.enrol(BRINDILLE.proof(), BRINDILLE.holder, None)
    keys, me = PostKeys(profile), AUTHOR.professional
    code = keys.invite(BRINDILLE.holder)
    profile.enrol(GABARIT.proof(), GABARIT.holder, code)
    keys.add_own_card(PAPIER.proof(), PAPIER.holder)
    way = next(way for way in keys.ways() if way.name == GABARIT.holder.display_name)
    keys.remove(way.id)
    with pytest.raises(FlowError):
        keys.remove(way.id)
    with pytest.raises(WrongPassphrase):
        keys.change_passphrase(OTHER, OTHER)
    keys.change_passphrase(WORDS, OTHER)
    keys.new_recovery(BRINDILLE.holder)
    keys.change_keys(OTHER, BRINDILLE.prove(keys.own_challenges(BRINDILLE.holder)), BRINDILLE.holder)
    assert told(profile) == [
        (Act.LET_IN, "", me),
        (Act.INVITED, "", me),
        (Act.LET_IN, "", me),
        (Act.LET_IN, "", me),
        (Act.SHUT_OUT, WayKind.CARD, me),
        (Act.PASSPHRASE_CHANGED, "", me),
        (Act.RECOVERY_RENEWED, "", me),
        (Act.KEYS_CHANGED, "", me),
    ]
    keys.empty_copy()
    assert told(profile)[-1] == (Act.COPY_BEGUN_AGAIN, "", me)


def test_what_is_done_before_anybody_signs_in_is_told_too(profile: Profile) -> None:
    """The recovery page opens the post: nobody's name, but the row is there, and the practice page says so."""
    page = profile.create(WORDS)
    profile.close_stores()
    profile.unlock()
    profile.recover(page, OTHER)
    assert told(profile) == [(Act.RECOVERY_USED, "", "")]
    assert profile.store is not None
    now = profile.clock.now()
    log = PracticeLog(profile.store, lambda who: Known("Dr Brindille") if who else None)
    (day,) = log.days(now - timedelta(days=1), now + timedelta(seconds=1))
    assert texts.day(day)[1:3] == (texts.NOBODY, "1 ouverture par la page de secours")


def test_every_act_on_the_post_has_its_words() -> None:
    """Counted in words on the practice page: none stays a code."""
    assert set(texts.DEED) == set(texts.COUNTED)
    assert set(texts.POST) <= set(texts.DEED)


def test_files_of_two_ages_accepted_by_a_person_are_told(profile: Profile, session: Session) -> None:
    """Going on with a restored file is an act too."""
    profile.create(WORDS)
    session.open = True
    profile.enrol(BRINDILLE.proof(), BRINDILLE.holder, None)
    old = (profile.folder / "vault").read_bytes()
    PostKeys(profile).invite(BRINDILLE.holder)
    profile.close()
    (profile.folder / "vault").write_bytes(old)
    profile.accept_restored = True
    assert profile.unlock() is Access.OPEN
    assert told(profile)[-1][0] == Act.RESTORED_ACCEPTED
    assert isinstance(profile.store and profile.store.journal, Journal)
    assert profile.store is not None
    profile.store.journal.verify()
