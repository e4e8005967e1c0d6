"""The opening's page, by real key events in the real window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from helpers import opening_gallery as gallery
from helpers.opening_desk import Desk
from helpers.people import ACTIVE_AT, CAPUCINE, found, odile_found
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.dossier import AccessChoice, DossierState, ExistenceAnswer, Protection
from dmp_desktop.domain.events import EventState, Opening
from dmp_desktop.domain.identity import InsiAnswer, InsiOutcome, ProofDocument, Sex
from dmp_desktop.domain.professional import ProfessionalKind
from dmp_desktop.services.opening import Stage, StopCause
from dmp_desktop.services.papers import PaperKind
from dmp_desktop.ui.opening.page import OpeningPage
from dmp_desktop.ui.theme.appearance import Appearance

KEY = Qt.Key
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Counter:
    """The window, its page, and every key pressed."""

    def __init__(self, qtbot: QtBot, appearance: Appearance, desk: Desk) -> None:
        self.qtbot, self.desk, self.pressed = qtbot, desk, 0
        self.window, self.page = gallery.shell_around(appearance, desk)
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, where the focus is; then everything it started is let through."""
        self.pressed += 1
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        self.desk.lanes.all()

    def type(self, words: str) -> None:
        """Letters, where the focus is."""
        self.qtbot.keyClicks(QApplication.focusWidget() or self.window, words)

    @property
    def stage(self) -> Stage:
        """Where the opening stands."""
        return self.desk.presenter.flow.stage


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    made = Appearance(qapp, "light", 100)
    yield made
    made.deleteLater()


@pytest.fixture
def opened(qtbot: QtBot, appearance: Appearance) -> Counter:
    return Counter(qtbot, appearance, Desk())


def test_a_simple_adult_takes_eight_keys(opened: Counter) -> None:
    """F2, digit, Entrée, Espace, Tab, Espace, Ctrl+Entrée, F8: opened, confirmed and printed (F1)."""
    desk = opened.desk
    opened.key(KEY.Key_F2)
    desk.insert()
    desk.lanes.all()
    opened.key(KEY.Key_2)
    opened.key(KEY.Key_Return)
    opened.key(KEY.Key_Space)
    opened.key(KEY.Key_Tab)
    opened.key(KEY.Key_Space)
    opened.key(KEY.Key_Return, CONTROL)
    opened.key(KEY.Key_F8)
    assert opened.pressed == 8
    assert desk.presenter.flow.confirmed
    assert desk.port.printed == [(PaperKind.ATTESTATION, ""), (PaperKind.STICKER, "")]
    payload = desk.port.kept[0].payload
    assert isinstance(payload, Opening)
    assert (payload.consent.centre_15, payload.consent.break_glass) == (True, True)
    assert payload.access is AccessChoice.NOBODY


def test_enter_does_nothing_before_a_choice(opened: Counter) -> None:
    """F15: no row is chosen, Entrée and Espace change nothing, the button says why it waits."""
    opened.desk.to_person()
    opened.key(KEY.Key_Return)
    opened.key(KEY.Key_Space)
    assert opened.stage is Stage.PERSON
    assert not opened.page.person.go_on.isEnabled()
    assert opened.page.person.list.chosen == 0


def test_arrows_choose_and_the_button_becomes_the_filled_one(opened: Counter) -> None:
    """The list is complete by keyboard."""
    opened.desk.to_person()
    opened.key(KEY.Key_Down)
    opened.key(KEY.Key_Down)
    assert opened.desk.presenter.chosen == 2
    assert opened.page.person.go_on.isEnabled()


def test_twins_are_told_apart_by_a_strip(opened: Counter) -> None:
    """Same birth date: a warning under the list, never a pop-up."""
    opened.desk.to_person()
    assert opened.page.person.warning.isVisible()


@pytest.fixture
def differing(opened: Counter) -> Counter:
    opened.desk.port.insi = odile_found()
    opened.desk.to_consent(1)
    return opened


def test_enter_stops_on_a_difference(differing: Counter) -> None:
    """The default of the difference is to stop (F11)."""
    differing.key(KEY.Key_Return)
    assert differing.desk.presenter.flow.stop_cause is StopCause.DIFFERENCE


def test_going_on_needs_a_document(differing: Counter) -> None:
    """Alt+C does nothing until a digit names the document that was shown."""
    assert not differing.page.difference.go_on.isEnabled()
    differing.key(KEY.Key_C, ALT)
    assert differing.desk.presenter.flow.awaits_decision
    differing.key(KEY.Key_1)
    assert differing.desk.presenter.inquiry.proof is ProofDocument.IDENTITY_CARD
    differing.key(KEY.Key_C, ALT)
    assert differing.stage is Stage.CONSENT
    assert differing.desk.port.decisions == [True]


def test_no_trait_and_no_number_can_be_edited_or_read(differing: Counter) -> None:
    """F10: nothing on the difference accepts typing, and the matricule is nowhere on the screen."""
    page = differing.page.difference
    assert page.findChildren(QLineEdit) == []
    words = " ".join(label.text() for label in page.findChildren(QLabel)) + page.table.accessibleDescription()
    assert not re.search(r"\d{13}", words)


def test_consent_is_never_ticked_beforehand_and_enter_sends_nothing(opened: Counter) -> None:
    """Only the emergency boxes are; Entrée alone, then Ctrl+Entrée without the consent, send nothing."""
    opened.desk.to_consent()
    consent = opened.page.consent
    assert not consent.information.tick.isChecked() and not consent.consent.tick.isChecked()
    assert all(tick.isChecked() for tick in consent.emergency.ticks)
    assert consent.access.radios[AccessChoice.NOBODY].isChecked()
    opened.key(KEY.Key_Return)
    opened.key(KEY.Key_Space)
    opened.key(KEY.Key_Return, CONTROL)
    assert opened.desk.port.kept == []


def test_unticking_the_information_unticks_the_consent(opened: Counter) -> None:
    """Nobody consents uninformed."""
    opened.desk.to_consent()
    for key in (KEY.Key_Space, KEY.Key_Tab, KEY.Key_Space):
        opened.key(key)
    assert opened.page.consent.consent.tick.isChecked()
    opened.page.consent.information.tick.click()
    assert not opened.page.consent.consent.tick.isChecked()
    assert not opened.page.consent.send.isEnabled()


def test_a_minor_is_blocked_until_the_representative_is_complete(opened: Counter) -> None:
    """Identity, quality, document and agreement of the representative come first, and the part cannot be folded."""
    opened.desk.port.insi = found(CAPUCINE, "CORNICHE", "CAPUCINE", "20160902")
    opened.desk.to_consent(3)
    part = opened.page.consent.representative
    assert part.panel.is_open and QApplication.focusWidget() is part.family.edit
    part.panel.findChild(QPushButton).click()
    assert part.panel.is_open
    opened.type("Lavandin")
    opened.key(KEY.Key_Tab)
    opened.type("Odile")
    opened.key(KEY.Key_Tab)
    opened.key(KEY.Key_Down)
    opened.key(KEY.Key_Tab)
    opened.key(KEY.Key_Down)
    opened.desk.consent()
    opened.desk.presenter.edited()
    assert not opened.page.consent.send.isEnabled()
    opened.key(KEY.Key_Tab)
    opened.key(KEY.Key_Space)
    assert opened.page.consent.send.isEnabled()
    opened.key(KEY.Key_Return, CONTROL)
    payload = opened.desk.port.kept[0].payload
    assert isinstance(payload, Opening) and payload.representative is not None
    assert payload.representative.family == "Lavandin"


def test_a_protected_adult_is_told_by_alt_m(opened: Counter) -> None:
    """The folded part opens, a measure is chosen, and it blocks like a minor's."""
    opened.desk.to_consent()
    opened.key(KEY.Key_M, ALT)
    opened.key(KEY.Key_Down)
    form = opened.desk.presenter.flow.form
    assert form.protection is Protection.GUARDIANSHIP
    opened.desk.consent()
    opened.desk.presenter.edited()
    assert not opened.page.consent.send.isEnabled()
    opened.key(KEY.Key_M, ALT)
    assert form.protection is Protection.NONE
    assert opened.page.consent.send.isEnabled()


def test_refusing_is_a_question_whose_safe_answer_is_to_go_on(opened: Counter) -> None:
    """Alt+R asks; Entrée comes back to the form, Alt+H records that the person thinks it over."""
    opened.desk.to_consent()
    opened.key(KEY.Key_R, ALT)
    opened.key(KEY.Key_Return)
    assert opened.stage is Stage.CONSENT
    opened.key(KEY.Key_R, ALT)
    opened.key(KEY.Key_H, ALT)
    assert opened.desk.presenter.flow.stop_cause is StopCause.HESITATES
    assert len(opened.desk.port.refusals) == 1


def test_escape_on_the_question_is_the_safe_answer(opened: Counter) -> None:
    """Échap leaves the question, not the opening."""
    opened.desk.to_consent()
    opened.key(KEY.Key_R, ALT)
    opened.key(KEY.Key_Escape)
    assert opened.stage is Stage.CONSENT


def test_a_wrong_mobile_blocks_and_says_so_once_left(opened: Counter) -> None:
    """Nothing is said while typing; leaving the field says what is wrong under it."""
    opened.desk.to_consent()
    opened.desk.consent()
    opened.desk.presenter.edited()
    mobile = opened.page.consent.contact.mobile
    mobile.edit.setFocus()
    opened.type("0123")
    assert not opened.page.consent.send.isEnabled()
    assert mobile.edit.accessibleDescription() == ""
    opened.key(KEY.Key_Tab)
    assert "Dix chiffres" in mobile.edit.accessibleDescription()


@pytest.mark.parametrize(
    ("kind", "profession", "proposed"),
    [
        (ProfessionalKind.CPE, "", {AccessChoice.STRUCTURE}),
        (ProfessionalKind.CPS, "21", {AccessChoice.STRUCTURE, AccessChoice.THIS_PROFESSIONAL}),
        (ProfessionalKind.CPS, "10", {AccessChoice.STRUCTURE, AccessChoice.THIS_PROFESSIONAL, AccessChoice.TREATING}),
    ],
)
def test_nobody_is_proposed_an_access_that_is_not_theirs(
    qtbot: QtBot, appearance: Appearance, kind: ProfessionalKind, profession: str, proposed: set[AccessChoice]
) -> None:
    """Under a CPE only the structure; a care professional also themselves; a doctor also as médecin traitant."""
    desk = Desk()
    desk.presenter.professional = replace(desk.professional, kind=kind, profession=profession)
    page = OpeningPage(appearance, desk.presenter)
    qtbot.addWidget(page)
    assert set(page.consent.access.radios) == proposed | {AccessChoice.NOBODY}


def test_offline_gives_a_receipt_and_no_attestation(opened: Counter) -> None:
    """INSi silent: Alt+H, consent, Ctrl+Entrée, F8 prints the provisional receipt only."""
    opened.desk.port.insi = gallery.Silent("down")
    opened.desk.port.delivered = gallery.Silent("down")
    opened.desk.to_consent()
    assert opened.page.screen_of_the_moment() is opened.page.silent
    opened.key(KEY.Key_H, ALT)
    assert opened.page.consent.deferred.panel.isVisible()
    for key in (KEY.Key_Space, KEY.Key_Tab, KEY.Key_Space):
        opened.key(key)
    opened.key(KEY.Key_Return, CONTROL)
    assert "attend" in opened.page.done.band.title.text()
    opened.key(KEY.Key_1)
    opened.key(KEY.Key_2)
    assert opened.desk.port.printed == [(PaperKind.RECEIPT, "")]


def test_nobody_found_asks_sex_before_searching_by_traits(opened: Counter) -> None:
    """The card's traits are shown, not editable; Entrée waits for the sex; a wrong code is told under its field."""
    opened.desk.port.insi = InsiAnswer(InsiOutcome.NONE, ACTIVE_AT)
    opened.desk.port.by_traits = found(CAPUCINE, "CORNICHE", "CAPUCINE", "20160902")
    opened.desk.to_consent(3)
    screen = opened.page.unfound
    assert screen.findChildren(QLineEdit) == [screen.place.edit]
    opened.key(KEY.Key_Return)
    assert opened.desk.port.asked_traits == []
    opened.key(KEY.Key_Space)
    screen.place.edit.setText("Paris")
    opened.key(KEY.Key_Return)
    assert "Cinq" in screen.place.edit.accessibleDescription()
    screen.place.edit.clear()
    opened.key(KEY.Key_Return)
    assert [traits.sex for traits in opened.desk.port.asked_traits] == [Sex.FEMALE]
    assert opened.stage is Stage.CONSENT


@pytest.mark.parametrize("state", [s for s in DossierState if s is not DossierState.NONE])
def test_each_outcome_offers_its_own_step_and_no_creation(opened: Counter, state: DossierState) -> None:
    """Active: an authorisation by an explicit choice; closed: the reactivation; opposed, blocked: nothing to send."""
    opened.desk.port.existence = ExistenceAnswer(state, ACTIVE_AT)
    opened.desk.to_consent()
    screen = opened.page.outcome
    assert opened.page.screen_of_the_moment() is screen
    assert screen.reactivate.isVisible() is (state is DossierState.CLOSED)
    assert screen.authorise.isVisible() is (state is DossierState.ACTIVE)
    assert screen.papers.isVisible() is (state is not DossierState.BLOCKED)
    opened.key(KEY.Key_Return, CONTROL)
    assert opened.desk.port.kept == []


def test_an_authorisation_is_chosen_then_sent_by_ctrl_enter(opened: Counter) -> None:
    """EX_0.3-1010: nothing is selected at first."""
    opened.desk.port.existence = ExistenceAnswer(DossierState.ACTIVE, ACTIVE_AT)
    opened.desk.to_consent()
    screen = opened.page.outcome
    assert not screen.plain.isChecked() and not screen.treating.isChecked()
    screen.plain.click()
    opened.key(KEY.Key_Return, CONTROL)
    assert len(opened.desk.port.kept) == 1
    event = opened.desk.presenter.inquiry.authorisation
    assert event is not None and event.state is EventState.CONFIRMED


def test_the_choice_made_for_one_person_is_not_there_for_the_next(opened: Counter) -> None:
    """Going back and choosing somebody else starts from nothing."""
    opened.desk.port.existence = ExistenceAnswer(DossierState.ACTIVE, ACTIVE_AT)
    opened.desk.to_consent()
    opened.page.outcome.treating.click()
    opened.desk.presenter.back()
    opened.desk.presenter.choose(2)
    opened.desk.presenter.confirm_person()
    opened.desk.lanes.all()
    assert not opened.page.outcome.treating.isChecked()


def test_a_second_copy_asks_its_reason_in_the_page(opened: Counter) -> None:
    """F8 twice: a panel in the content, its button disabled until a reason is chosen, Échap gives up."""
    opened.desk.to_done()
    opened.key(KEY.Key_F8)
    opened.key(KEY.Key_F8)
    done = opened.page.done
    assert not done.reprint.isEnabled() and len(opened.desk.port.printed) == 2
    opened.key(KEY.Key_Space)
    opened.key(KEY.Key_Return)
    assert opened.desk.port.printed[2:] == [
        (PaperKind.ATTESTATION, "Papier abîmé ou bourrage"),
        (PaperKind.STICKER, "Papier abîmé ou bourrage"),
    ]
    opened.key(KEY.Key_F8)
    opened.key(KEY.Key_Escape)
    assert opened.stage is Stage.DONE and not opened.desk.presenter.tray.awaiting_reason


def test_the_banner_is_absent_while_several_people_are_on_the_screen(opened: Counter) -> None:
    """It appears with the person chosen, says so when the sex is unknown, and goes with the opening."""
    opened.desk.to_person()
    assert not opened.window.banner.isVisible()
    opened.desk.presenter.choose(2)
    opened.desk.presenter.confirm_person()
    assert opened.window.banner.isVisible()
    assert "Né(e) le" in opened.window.banner.accessibleDescription()
    opened.desk.lanes.all()
    assert "Né le" in opened.window.banner.accessibleDescription()
    assert "llergie" not in opened.window.banner.accessibleDescription()
    opened.desk.presenter.abandon()
    opened.desk.presenter.finish()
    assert not opened.window.banner.isVisible()


def test_a_narrow_window_has_a_strip_and_no_side_panel(opened: Counter) -> None:
    """Where little room is left the steps become a strip (guide 2)."""
    opened.desk.to_person()
    opened.window.resize(860, 768)
    assert opened.page.strip.isVisible() and not opened.page.column.isVisible()
