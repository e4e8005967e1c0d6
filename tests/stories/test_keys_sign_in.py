"""Signing in and the copy of documents: opened by the card, asked for by a code, closed with the session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers.keys_desk import WORDS, KeysDesk
from helpers.window import words_of
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.app.program import SANDBOX_PASSPHRASE, SANDBOX_RECOVERY
from dmp_desktop.cache.clinical import FILE
from dmp_desktop.domain.readers import PinBlocked
from dmp_desktop.errors import DmpError
from dmp_desktop.services.keys import PostKeys
from dmp_desktop.services.profile import Access
from dmp_desktop.services.session import LockReason, SessionState
from dmp_desktop.ui.copy_presenter import Copy
from dmp_desktop.ui.keys_presenter import Ask, KeysPresenter
from dmp_desktop.ui.lock import LockScreen
from dmp_desktop.ui.rescue_presenter import Rescue
from dmp_desktop.ui.settings_keys import KeysPart
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.theme.appearance import Appearance


@pytest.fixture
def desk(tmp_path: Path, sandbox_pki_folder: Path) -> Iterator[KeysDesk]:
    """A post nobody has prepared yet."""
    made = KeysDesk(tmp_path, sandbox_pki_folder)
    yield made
    made.profile.close()


@pytest.fixture
def closed(tmp_path: Path, sandbox_pki_folder: Path) -> Iterator[KeysDesk]:
    """A post without a keyring, where Dr Brindille's card is let in; started anew, shut."""
    made = KeysDesk(tmp_path, sandbox_pki_folder, keyring=False)
    made.prepare()
    made.sign("brindille")
    made.again()
    yield made
    made.profile.close()


def test_the_page_is_printed_before_anybody_signs_in(desk: KeysDesk) -> None:
    """First run: the code goes to the printer and nowhere else; a printer that fails may be tried again."""
    asked: list[object] = []
    desk.session.print_recovery_asked.connect(asked.append)
    desk.session.first_run(WORDS)
    desk.lanes.all()
    desk.session.print_recovery()
    assert asked == [desk.session.recovery]
    desk.session.recovery_not_printed(PinBlocked("any fault"))
    assert desk.session.recovery is not None
    assert desk.session.fault is not None
    desk.session.print_recovery()
    desk.session.recovery_printed()
    assert (desk.session.recovery, desk.session.fault) == (None, None)


@pytest.mark.parametrize("end", ["pulled", "locked"])
def test_whatever_ends_the_session_closes_the_copy(desk: KeysDesk, end: str) -> None:
    """The first doctor of the first run is let in; the copy is open with the session and closed with it."""
    desk.prepare()
    desk.sign("brindille")
    assert desk.sessions == 1
    assert desk.session.clinical_ready
    assert desk.profile.clinical is not None
    if end == "pulled":
        desk.pull()
    else:
        desk.session.lock(LockReason.IDLE)
        desk.lanes.all()
    assert not desk.session.clinical_ready
    assert desk.profile.clinical is None
    if end == "pulled":
        desk.sign("brindille")
    else:
        desk.code("brindille")
        desk.lanes.all()
    assert desk.session.clinical_ready and desk.sessions == 2


@pytest.mark.parametrize("step", range(8))
def test_a_card_pulled_while_the_copy_opens_leaves_nothing_open(desk: KeysDesk, step: int) -> None:
    """At any step between the code and the session: no copy, no session, and the next sign-in works."""
    desk.prepare()
    desk.sign("brindille")
    desk.pull()
    desk.insert("brindille")
    desk.code("brindille")
    for _ in range(step):
        if desk.lanes.waiting:
            desk.lanes.next()
    desk.pull()
    assert desk.profile.clinical is None
    assert desk.session.copy.state is Copy.CLOSED
    assert desk.session.flow.state is SessionState.NO_CARD
    desk.sign("brindille")
    assert desk.session.clinical_ready


def test_reception_signs_in_without_the_copy_and_ends_the_first_run(desk: KeysDesk) -> None:
    """Her session opens at once; the doctor who comes next types the code of the page."""
    page = desk.prepare()
    desk.sign("papier")
    assert desk.sessions == 1
    assert desk.session.copy.state is Copy.NOT_FOR_DESK
    assert desk.profile.clinical is None
    assert not desk.profile.holds_fresh_keys
    desk.pull()
    desk.sign("brindille")
    assert (desk.session.copy.state, desk.sessions) == (Copy.CODE_WANTED, 1)
    desk.session.copy.code_entered("0000-0000-0000-0000-0000-0000-000Z")
    desk.lanes.all()
    assert desk.session.copy.fault is not None
    assert desk.session.copy.fault.code == "mistyped-code"
    desk.session.copy.code_entered(page.reveal().lower())
    desk.lanes.all()
    assert desk.session.clinical_ready and desk.sessions == 2


def test_one_may_go_on_without_the_copy(desk: KeysDesk) -> None:
    """Opening dossiers needs none: the session opens, and the program knows that the copy is shut and why."""
    desk.prepare()
    desk.sign("papier")
    desk.pull()
    desk.sign("gabarit")
    desk.session.situation_chosen(0)
    desk.lanes.all()
    desk.session.copy.go_without()
    desk.lanes.all()
    assert desk.sessions == 2
    assert (desk.session.clinical_ready, desk.session.copy.state) == (False, Copy.WITHOUT)
    assert desk.store.speaks == "Dr Lucien Gabarit"


def test_an_empty_copy_is_announced_then_begun_and_its_page_printed(desk: KeysDesk) -> None:
    """A damaged copy: what waits is told first; the session opens once the new page is dealt with."""
    desk.prepare()
    desk.sign("brindille")
    desk.pull()
    (desk.folder / FILE).write_bytes(b"damaged" * 1000)
    desk.sign("brindille")
    copy = desk.session.copy
    assert copy.state is Copy.BROKEN
    copy.ask_empty()
    desk.lanes.all()
    assert (copy.state, copy.unsent) == (Copy.EMPTYING, 0)
    copy.keep_copy()
    copy.ask_empty()
    desk.lanes.all()
    copy.begin_empty()
    desk.lanes.all()
    assert desk.session.recovery is not None and desk.sessions == 1
    desk.session.recovery_printed()
    desk.lanes.all()
    assert desk.session.clinical_ready and desk.sessions == 2


def test_the_sandbox_lets_its_cards_in_by_itself(tmp_path: Path, sandbox_pki_folder: Path) -> None:
    """Training needs no set-up: no passphrase, no page, no code, for any of its clinical cards."""
    desk = KeysDesk(tmp_path, sandbox_pki_folder, sandbox_codes=(SANDBOX_PASSPHRASE, SANDBOX_RECOVERY))
    for key in ("papier", "brindille", "officinal"):
        desk.sign(key)
        assert desk.session.clinical_ready is (key != "papier")
        desk.pull()
    assert desk.session.recovery is None
    desk.profile.close()


def test_a_card_opens_a_closed_post(closed: KeysDesk) -> None:
    """Card and code in place of the passphrase; the copy is open too."""
    assert closed.session.access is Access.PASSPHRASE
    closed.sign("brindille")
    assert closed.session.access is Access.OPEN
    assert closed.session.clinical_ready and closed.sessions == 1


def test_a_card_that_is_not_known_leaves_the_passphrase(closed: KeysDesk) -> None:
    """Its code is not asked for; with the passphrase it is, and the card is let in by a code."""
    closed.insert("gabarit")
    assert not closed.session.card_opens
    closed.session.passphrase_entered(WORDS)
    closed.lanes.all()
    assert closed.session.access is Access.OPEN
    closed.code("gabarit")
    closed.lanes.all()
    closed.session.situation_chosen(0)
    closed.lanes.all()
    assert closed.session.copy.state is Copy.CODE_WANTED


def test_the_ways_out_of_a_closed_post(closed: KeysDesk) -> None:
    """The page with a new passphrase, or an empty post; a wrong code changes nothing."""
    rescue = closed.session.rescue
    assert rescue.offered == (Rescue.RECOVERY_PAGE, Rescue.EMPTY_POST)
    rescue.choose(Rescue.RECOVERY_PAGE)
    rescue.recover("0000", "une phrase toute neuve")
    closed.lanes.all()
    assert closed.session.fault is not None
    assert rescue.chosen is Rescue.RECOVERY_PAGE
    rescue.leave()
    rescue.choose(Rescue.EMPTY_POST)
    rescue.empty_post()
    closed.lanes.all()
    assert closed.session.access is Access.FIRST_RUN
    assert PostKeys(closed.profile).put_aside()


def test_the_page_opens_a_closed_post(tmp_path: Path, sandbox_pki_folder: Path) -> None:
    """And the new passphrase is the one from then on."""
    desk = KeysDesk(tmp_path, sandbox_pki_folder, keyring=False)
    page = desk.prepare()
    desk.again()
    desk.session.rescue.choose(Rescue.RECOVERY_PAGE)
    desk.session.rescue.recover(page.reveal(), "une phrase toute neuve")
    desk.lanes.all()
    assert desk.session.access is Access.OPEN
    assert desk.session.rescue.chosen is None
    desk.profile.close()


def test_one_may_go_on_with_a_restored_backup(desk: KeysDesk) -> None:
    """Told first, then opened as it is."""
    desk.prepare()
    old = (desk.folder / "vault").read_bytes()
    desk.sign("brindille")
    desk.profile.close()
    (desk.folder / "vault").write_bytes(old)
    desk.start()
    assert isinstance(desk.session.fault, DmpError)
    assert desk.session.fault.code == "vault-rolled-back"
    assert desk.session.rescue.offered == (Rescue.GO_ON,)
    desk.session.rescue.choose(Rescue.GO_ON)
    desk.lanes.all()
    assert desk.session.access is Access.OPEN


def test_the_screen_says_what_it_asks(desk: KeysDesk, qtbot: QtBot, qapp: QApplication) -> None:
    """The page, the code, going on without: each with its words, and the keyboard where it is typed."""
    screen = LockScreen(
        Appearance(qapp, "light", 100),
        desk.session,
        lambda: ("Cabinet des Trois-Tilleuls", "Accueil 1"),
        lambda: datetime(2026, 4, 14, 9, tzinfo=UTC),
    )
    qtbot.addWidget(screen)
    screen.resize(1200, 700)
    with qtbot.waitExposed(screen):
        screen.show()
    desk.session.first_run(WORDS)
    desk.lanes.all()
    shows(qtbot, screen, "Imprimez la page de secours")
    assert desk.session.recovery is not None
    assert desk.session.recovery.reveal() not in words_of(screen), "its code is on paper alone"
    desk.session.recovery_printed()
    desk.sign("papier")
    desk.pull()
    desk.sign("brindille")
    shows(qtbot, screen, "n’ouvre pas encore la copie des documents de ce poste")
    qtbot.waitUntil(lambda: "Code (7" in (QApplication.focusWidget() or screen).accessibleName())
    qtbot.keyClicks(QApplication.focusWidget(), "ABCD")
    qtbot.keyClick(QApplication.focusWidget(), "\r")
    desk.lanes.all()
    shows(qtbot, screen, "un caractère est faux")
    desk.session.copy.go_without()
    desk.lanes.all()
    assert desk.sessions == 2


def shows(qtbot: QtBot, widget: QWidget, words: str) -> None:
    """Wait until the words are on screen: what was just laid out is shown a moment later."""
    qtbot.waitUntil(lambda: words in words_of(widget))


# -- the settings -----------------------------------------------------------------------------------------------------


def keys_of(desk: KeysDesk, printed: list[str]) -> KeysPresenter:
    """The part of the settings, for whoever is in session; pages go to ``printed``."""

    def print_page(code: object, done: object, _failed: object) -> None:
        printed.append(str(type(code).__name__))
        assert callable(done)
        done()

    session = desk.session
    made = KeysPresenter(
        session.copy.keys,
        lambda: session.cards,
        desk.lanes,
        lambda: session.flow.holder if session.flow.is_open else None,
        print_page,
    )
    session.hidden.connect(made.forget)
    made.refresh()
    desk.lanes.all()
    return made


def test_a_doctor_invites_removes_and_renews(desk: KeysDesk) -> None:
    """The code of an invitation lets a colleague in; their card is removed; a new page is printed; fresh keys."""
    desk.prepare()
    desk.sign("brindille")
    printed: list[str] = []
    keys = keys_of(desk, printed)
    keys.invite()
    desk.lanes.all()
    assert keys.ask is Ask.SHOW_CODE and keys.code is not None
    code = keys.code.reveal()
    desk.pull()
    assert (keys.code, keys.ways) == (None, ()), "nothing of it stays once the session is over"
    desk.sign("gabarit")
    desk.session.situation_chosen(0)
    desk.lanes.all()
    desk.session.copy.code_entered(code)
    desk.lanes.all()
    assert desk.session.clinical_ready
    desk.pull()
    desk.sign("brindille")
    keys.refresh()
    desk.lanes.all()
    keys.choose(next(way.id for way in keys.ways if way.name == "Dr Lucien Gabarit"))
    keys.put(Ask.REMOVE)
    keys.remove()
    desk.lanes.all()
    assert "Dr Lucien Gabarit" not in {way.name for way in keys.ways}
    keys.put(Ask.NEW_PAGE)
    keys.new_page()
    desk.lanes.all()
    keys.put(Ask.CHANGE_KEYS)
    keys.change_keys("pas la bonne phrase")
    desk.lanes.all()
    assert keys.fault is not None and keys.fault.code == "wrong-passphrase"
    keys.change_keys(WORDS)
    desk.lanes.all()
    assert printed == ["Secret", "Secret"]
    assert keys.code is None
    desk.again()
    desk.sign("brindille")
    assert desk.session.clinical_ready


def test_reception_adds_her_own_card_and_changes_the_passphrase(closed: KeysDesk) -> None:
    """No more than that; her card then opens the post, never the copy."""
    closed.session.passphrase_entered(WORDS)
    closed.lanes.all()
    closed.sign("papier")
    keys = keys_of(closed, [])
    assert keys.open_questions == {Ask.PASSPHRASE}
    keys.invite()
    assert closed.lanes.waiting == []
    keys.add_own_card()
    closed.lanes.all()
    assert keys.has_own_card and not keys.may_add_own_card
    keys.put(Ask.PASSPHRASE)
    keys.change_passphrase(WORDS, "une phrase toute neuve")
    closed.lanes.all()
    assert keys.done
    closed.again()
    closed.sign("papier")
    assert closed.session.access is Access.OPEN
    assert closed.profile.clinical is None
    assert closed.session.copy.state is Copy.NOT_FOR_DESK


def test_the_part_of_the_settings_shows_names_and_asks_by_keys(
    desk: KeysDesk, qtbot: QtBot, qapp: QApplication
) -> None:
    """Who has a way in, in words; Alt+I shows a code that leaves with the page."""
    desk.prepare()
    desk.sign("brindille")
    keys = keys_of(desk, [])
    part = KeysPart(Appearance(qapp, "light", 100), keys)
    qtbot.addWidget(part)
    with qtbot.waitExposed(part):
        part.show()
    desk.lanes.all()
    shows(qtbot, part, "Dr Aurore Brindille")
    assert "Page de secours" in words_of(part)
    assert all(stop.accessibleName() for stop in part.stops)
    keys.invite()
    desk.lanes.all()
    assert keys.code is not None
    code = keys.code.reveal()
    shows(qtbot, part, code)
    part.hide()
    part.show()
    desk.lanes.all()
    qtbot.waitUntil(lambda: code not in words_of(part))
    assert {job.lane for job in desk.lanes.waiting} <= {Lane.CACHE}
