"""« À traiter », act by act: kept back, mended, decided between two versions; nothing clinical without its author."""

from __future__ import annotations

from datetime import timedelta

import pytest
from helpers.clocks import START
from helpers.waiting_gallery import ARCHIVE, CONTACT, MASK, Acts, page, rows
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.dossier import Contact
from dmp_desktop.domain.event_kinds import EventKind
from dmp_desktop.services.attention import NextStep, Reopened
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.waiting_page import WaitingPage
from dmp_desktop.ui.waiting_presenter import WaitingPresenter
from dmp_desktop.ui.waiting_words import STEPS, cause_of, kind_of, state_of, value_of
from dmp_desktop.ui.widgets.controls import ActionButton, RadioRow
from dmp_desktop.ui.widgets.messages import QuestionPanel

REFUSED, CONFLICT, KEPT, RETRIED = 0, 3, 4, 5


@pytest.fixture
def acts() -> Acts:
    """What waits."""
    return Acts(rows())


@pytest.fixture
def shown(qtbot: QtBot, appearance: Appearance, acts: Acts) -> tuple[WaitingPage, WaitingPresenter]:
    """The page over it."""
    made, presenter = page(appearance, acts)
    qtbot.addWidget(made)
    made.resize(1294, 656)
    made.show()
    made.shown()
    return made, presenter


def choose(shown: tuple[WaitingPage, WaitingPresenter], index: int) -> str:
    """Look at one row; its id."""
    event_id = rows()[index].event.id
    shown[1].choose(event_id)
    return event_id


def buttons(made: WaitingPage) -> set[str]:
    """What is offered under the rows."""
    return {b.words() for b in made.findChildren(ActionButton) if b.isVisible()}


def question(made: WaitingPage) -> QuestionPanel:
    """The question that is asked."""
    (panel,) = [panel for panel in made.findChildren(QuestionPanel) if panel.isVisible()]
    return panel


def test_every_kind_of_act_has_its_words() -> None:
    """What was done, never what a document says of someone."""
    assert {kind_of(row) for row in rows()} == {
        "Compte rendu de consultation",
        "Dépôt d’un document",
        "Ouverture du dossier",
        "Coordonnées de la personne",
        "Certificat médical",
        "Document à masquer",
        "Archivage d’un document",
    }
    assert {row.event.payload.kind for row in rows()} >= {EventKind.DEPOSIT, EventKind.CONTACT, EventKind.STATUS}
    assert all(row.step is NextStep.NONE or STEPS[row.step] for row in rows())


def test_a_row_says_how_often_it_was_tried_and_whose_turn_it_is() -> None:
    """Tries are counted; what one keeps back oneself is no alarm."""
    assert cause_of(rows()[RETRIED]) == "Le DMP n’a pas répondu à temps. Essai 2 sur 20."
    assert state_of(rows()[KEPT], START) == ("pause", "Retenu par vous", "text-2")
    assert state_of(rows()[1], START)[1] == "Carte attendue"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (CONTACT.wanted, "06 87 65 43 21, gaspard@exemple.test"),
        (Contact(), "aucun mobile, aucun courriel"),
        (MASK.wanted, "masqué aux professionnels"),
        (
            Visibility(from_patient=True, from_representatives=True),
            "non visible du patient, non visible des représentants",
        ),
        (Visibility(), "visible de tous"),
        (ARCHIVE.wanted, "archivé"),
        (DocumentStatus.DELETED, "supprimé"),
    ],
)
def test_values_are_told_in_words(value: Contact | Visibility | DocumentStatus, words: str) -> None:
    """Both versions of a conflict are read, not decoded."""
    assert value_of(value) == words


def test_a_conflict_shows_both_versions_and_waits_for_a_choice(
    shown: tuple[WaitingPage, WaitingPresenter], acts: Acts
) -> None:
    """Three values, none chosen beforehand; nothing is sent before one is, and the choice is what is asked."""
    event_id = choose(shown, CONFLICT)
    shown[0].do_next()
    panel = question(shown[0])
    choices = panel.findChildren(RadioRow)
    told = " ".join(one.text() for one in (*panel.findChildren(QLabel), *choices))
    assert all(value in told for value in ("06 12 34 56 78", "06 11 11 22 22", "06 87 65 43 21"))
    assert not any(one.isChecked() for one in choices)
    panel.answer_other()
    assert acts.asked == []
    choices[1].setChecked(True)
    panel.answer_other()
    assert acts.asked == [("choose", event_id, "ours")]
    shown[0].do_next()
    question(shown[0]).findChildren(RadioRow)[0].setChecked(True)
    question(shown[0]).answer_other()
    assert acts.asked[-1] == ("choose", event_id, "store")


def test_a_contact_is_mended_here(shown: tuple[WaitingPage, WaitingPresenter], acts: Acts) -> None:
    """Alt+M: what cannot be a mobile, or did not change, is not sent."""
    event_id = choose(shown, CONFLICT)
    shown[0].mend()
    panel = question(shown[0])
    mobile = panel.findChildren(QLineEdit)[0]
    panel.answer_other()
    mobile.setText("01 23")
    panel.answer_other()
    assert acts.asked == []
    mobile.setText("06 99 88 77 66")
    panel.answer_other()
    assert acts.asked == [("contact", event_id, "0699887766", "gaspard@exemple.test")]


def test_a_document_is_mended_where_it_was_written(
    qtbot: QtBot, shown: tuple[WaitingPage, WaitingPresenter], acts: Acts
) -> None:
    """Taken back, its draft is asked for; a refused one as well."""
    event_id = choose(shown, REFUSED)
    assert "Modifier" in buttons(shown[0])
    with qtbot.waitSignal(shown[1].draft_asked) as asked:
        shown[0].mend()
    assert asked.args == [Reopened("dossier", "draft")] and acts.asked == [("reopen", event_id)]


def test_an_act_is_kept_back_and_let_go_by_its_key(shown: tuple[WaitingPage, WaitingPresenter], acts: Acts) -> None:
    """Alt+R does both; one that waits for nothing is not offered it."""
    first = choose(shown, RETRIED)
    assert "Retenir" in buttons(shown[0])
    QTest.keyClick(shown[0], Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    second = choose(shown, KEPT)
    assert "Retenir" not in buttons(shown[0])
    shown[1].hold_or_release()
    choose(shown, REFUSED)
    shown[1].hold_or_release()
    assert acts.asked == [("hold", first), ("retry", second)]


def test_what_abandoning_a_deposit_costs_is_said(shown: tuple[WaitingPage, WaitingPresenter]) -> None:
    """Its document, kept here, goes with it."""
    choose(shown, KEPT)
    shown[0].ask_reason()
    assert any(
        "Son document, gardé ici, est effacé." in label.text() for label in question(shown[0]).findChildren(QLabel)
    )


def test_a_silent_store_is_said_above_the_rows(qtbot: QtBot, appearance: Appearance, acts: Acts) -> None:
    """Since when, and that one may go on."""
    made, _ = page(appearance, acts, START - timedelta(minutes=3))
    qtbot.addWidget(made)
    made.show()
    made.shown()
    told = [widget.accessibleName() for widget in made.findChildren(QWidget)]
    assert any(words.startswith("Le DMP ne répond pas depuis 09:09.") for words in told)
