"""The deposit page by its keys: a report, a file, who sees it, what is kept, what became of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.emergency_gallery import context
from helpers.emergency_world import AtOnce
from helpers.store_world import keys
from helpers.window import words_of
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.config import Settings
from dmp_desktop.domain.acts import Deposit
from dmp_desktop.domain.draft import Drafts
from dmp_desktop.domain.events import Event
from dmp_desktop.domain.habilitations import Access
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.terminology import TYPE, table
from dmp_desktop.sandbox import people
from dmp_desktop.services.deposit import DepositDesk
from dmp_desktop.services.deposit_form import Audience, Blocker
from dmp_desktop.ui.deposit.page import DepositPage
from dmp_desktop.ui.deposit.presenter import DepositPresenter
from dmp_desktop.ui.deposit.texts import proposed_title
from dmp_desktop.ui.theme.appearance import Appearance

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Post:
    """The page over a real store and a copy in memory."""

    def __init__(self, appearance: Appearance, qtbot: QtBot, folder: Path) -> None:
        self.clock, self.lanes = HandClock(), AtOnce()
        self.store = DeskStore.open(folder, keys(), self.clock, create=True)
        self.copy = ClinicalStore.in_memory(self.clock)
        self.drafts: Drafts | None = self.copy.drafts
        desk = DepositDesk(self.store, lambda: self.drafts, self.clock, Settings, demonstration=True)
        self.delivered = 0
        self.presenter = DepositPresenter(desk, self.lanes, self._deliver)
        self.sent: list[Event] = []
        self.presenter.sent.connect(self.sent.append)
        self.chosen = ""
        self.page = DepositPage(appearance, self.presenter, lambda: self.chosen)
        qtbot.addWidget(self.page)
        self.page.resize(1294, 600)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)

    def _deliver(self) -> None:
        self.delivered += 1

    def context(self, key: str = "ernest", access: Access | None = None) -> RecordContext:
        """A record known here."""
        made = context(key)
        dossier = self.store.patients.remember(made.identity)
        return RecordContext(dossier, made.identity, made.professional, made.author, access or made.access)

    def click(self, name: str) -> None:
        """A button, by its accessible name."""
        (button,) = [b for b in self.page.findChildren(QAbstractButton) if b.accessibleName() == name and b.isVisible()]
        button.click()

    def close(self) -> None:
        """End."""
        self.presenter.suspend()
        self.copy.close()
        self.store.close()


@pytest.fixture
def post(appearance: Appearance, qtbot: QtBot, tmp_path: Path) -> Iterator[Post]:
    made = Post(appearance, qtbot, tmp_path)
    yield made
    made.close()


def test_a_report_leaves_by_the_keyboard_alone(post: Post) -> None:
    """Type, Tab through title and date, answer, Ctrl+Entrée: one deposit in the queue, the page begins again."""
    post.presenter.start(post.context())
    page = post.page
    page.text.setFocus()
    QTest.keyClicks(page.text, "Tension 13/8.")
    assert post.presenter.blocker is Blocker.NO_TITLE
    QTest.keyClicks(page.title_field.edit, "Suivi")
    QTest.keyClick(page, Qt.Key.Key_Return, CTRL)
    assert not post.sent
    post.click("Les autres professionnels\u00a0: Visible")
    post.click("La personne\u00a0: Non visible")
    assert "consultation d’annonce" in words_of(page)
    QTest.keyClick(page, Qt.Key.Key_Return, CTRL)
    (event,) = post.sent
    assert isinstance(event.payload, Deposit)
    draft = post.copy.drafts.get(event.payload.draft)
    assert draft is not None
    assert draft.visibility is not None
    assert draft.visibility.from_patient
    assert post.copy.drafts.content(draft.id).startswith(b"%PDF")
    assert (post.delivered, page.text.toPlainText(), page.title_field.text()) == (1, "", "")
    (followed,) = post.presenter.followed
    assert followed.title == "Suivi"


def test_a_file_is_made_pdfa_and_its_title_proposed(post: Post, tmp_path: Path) -> None:
    """Alt+O: converted, told, its name as a title; a broken one is told and changes nothing."""
    photo = tmp_path / "courrier_du-cardiologue.png"
    Image.new("RGB", (40, 30), "white").save(photo)
    post.presenter.start(post.context())
    post.chosen = str(photo)
    QTest.keyClick(post.page, Qt.Key.Key_O, ALT)
    assert post.page.title_field.text() == "Courrier du cardiologue"
    assert "Image mise en page" in words_of(post.page)
    assert not post.page.text.isVisible()
    for name, content in (("vide.pdf", b""), ("casse.pdf", b"%PDF-1.4"), ("absent.pdf", None)):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        post.presenter.take_file(path)
        assert post.presenter.fault is not None
    assert post.presenter.form is not None
    assert post.presenter.form.draft.file_name == photo.name


def test_the_type_is_found_by_its_letters(post: Post) -> None:
    """Letters that one type alone holds choose it; others choose nothing."""
    post.presenter.start(post.context())
    line = post.page.type.lineEdit()
    assert line is not None
    line.setText("adressage")
    line.editingFinished.emit()
    assert post.presenter.form is not None
    assert post.presenter.form.draft.type_code == table(TYPE).require("96349-6")
    line.setText("certificat")
    line.editingFinished.emit()
    assert post.presenter.form.draft.type_code is None or post.presenter.form.may_deposit(
        post.presenter.form.draft.type_code
    )


def test_a_draft_stays_with_its_patient(post: Post) -> None:
    """Left by Escape, found again on return, and by nobody else's record; the visibility is asked anew."""
    ernest, nadege = post.context(), post.context("nadege")
    post.presenter.start(ernest)
    post.presenter.write("À finir demain.")
    post.presenter.answer(Audience.PROFESSIONALS, False)
    assert post.presenter.unsaved
    QTest.keyClick(post.page, Qt.Key.Key_Escape)
    assert post.presenter.form is None
    assert "À finir" not in post.page.text.toPlainText()
    post.presenter.start(nadege)
    assert post.page.text.toPlainText() == ""
    post.presenter.suspend()
    post.presenter.start(ernest)
    assert post.presenter.resumed
    assert post.page.text.toPlainText() == "À finir demain."
    assert Blocker.VISIBILITY in post.presenter.form.blockers  # type: ignore[union-attr]  # it is open
    QTest.keyClick(post.page, Qt.Key.Key_J, ALT)
    assert post.copy.drafts.count() == 0


def test_a_draft_is_kept_while_it_is_written(post: Post, qtbot: QtBot) -> None:
    """Without any gesture, a moment after the last key."""
    post.presenter.start(post.context())
    QTest.keyClicks(post.page.text, "Brouillon")
    qtbot.waitUntil(lambda: post.copy.drafts.count() == 1, timeout=5000)


def test_nothing_of_a_secret_connection_is_kept_unsent(post: Post) -> None:
    """Left without being sent, it is nowhere; the representatives' answer is given and cannot be changed."""
    post.presenter.start(post.context("lilou", Access(secret=True)))
    post.presenter.write("Contraception.")
    (forced,) = [
        b
        for b in post.page.findChildren(QAbstractButton)
        if b.accessibleName() == "Ses représentants légaux\u00a0: Non visible"
    ]
    assert forced.isChecked()
    assert not forced.isEnabled()
    post.presenter.leave()
    assert post.copy.drafts.count() == 0


def test_held_then_the_copy_closed(post: Post) -> None:
    """Alt+R holds it; with the copy closed the fault is told and nothing is lost of what was typed."""
    post.presenter.start(post.context())
    for text in ("Premier.", "Second."):
        post.presenter.write(text)
        post.presenter.entitle(text)
        post.presenter.answer(Audience.PROFESSIONALS, False)
        post.presenter.answer(Audience.PATIENT, False)
        if text == "Premier.":
            QTest.keyClick(post.page, Qt.Key.Key_R, ALT)
            assert [one.event.cause for one in post.presenter.followed] == ["held-by-author"]
            post.drafts = None
    QTest.keyClick(post.page, Qt.Key.Key_Return, CTRL)
    assert post.presenter.fault is not None
    assert post.presenter.fault.code == "drafts-closed"
    assert post.page.text.toPlainText() == "Second."


def test_an_answer_for_a_record_left_since_changes_nothing(post: Post) -> None:
    """A conversion that ends after another patient was opened is dropped."""
    post.presenter.start(post.context())
    post.lanes.late = []
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    post.presenter.take_bytes(out.getvalue(), "photo.png")
    waiting = post.lanes.late
    post.lanes.late = None
    post.presenter.suspend()
    post.presenter.start(post.context("nadege"))
    for go in waiting:
        go()
    assert post.presenter.form is not None
    assert post.presenter.form.draft.sha256 == ""


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("compte_rendu-2026.pdf", "Compte rendu 2026"),
        ("MIRABELLE Ernest.pdf", ""),
        ("mirabelle_bilan.pdf", ""),
        ("2530299901008.pdf", ""),
        ("", ""),
    ],
)
def test_a_title_is_proposed_unless_it_names_the_person(name: str, title: str) -> None:
    """From the name of the file; never an identity by accident."""
    assert proposed_title(name, people.person("ernest").traits) == title
