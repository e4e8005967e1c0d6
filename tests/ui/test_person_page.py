"""« Fiche » by the keyboard: the state of a dossier, contact details read and changed, an attestation printed again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.people import CABINET
from helpers.people_desk import Lanes
from helpers.store_world import BRINDILLE, desk_store, opening
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.acts import ContactChange
from dmp_desktop.domain.administration import AdministrativeData, Telecom
from dmp_desktop.domain.dossier import Confirmation, Contact, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Event
from dmp_desktop.domain.identifiers import CardNature, Ins, PsId
from dmp_desktop.domain.identity import Identity, InsStatus
from dmp_desktop.domain.professional import Professional, ProfessionalKind
from dmp_desktop.sandbox import people
from dmp_desktop.services.attention import Attention
from dmp_desktop.services.person import Persons
from dmp_desktop.sync.errors import ConnectionCut
from dmp_desktop.ui.person.page import PersonPage
from dmp_desktop.ui.person.presenter import PersonPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import MessageStrip, QuestionPanel

Key, Mod = Qt.Key, Qt.KeyboardModifier
CAMILLE = people.person("camille-1986")
DESK = Professional(PsId("899700000033"), "PAPIER", "SOLÈNE", ProfessionalKind.CPE, CardNature.TEST)
DOCTOR = replace(DESK, kind=ProfessionalKind.CPS, profession="10")


class Central:
    """The central store at the page's edge: one dossier, as the test sets it."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.answer = ExistenceAnswer(DossierState.ACTIVE, clock.now())
        self.telecoms = (Telecom("tel:0612345678", "MC"),)
        self.cut = False
        self.asked: list[str] = []

    @property
    def administration(self) -> Central:
        """TD1.x."""
        return self

    def existence(self, _ins: Ins) -> ExistenceAnswer:
        """TD0.2."""
        self._ask("TD0.2")
        return self.answer

    def data(self, ins: Ins) -> AdministrativeData:
        """TD1.3a."""
        self._ask("TD1.3a")
        t = CAMILLE.traits
        return AdministrativeData(
            ins, DossierState.ACTIVE, t.birth_name, "", t.given_names, t.sex, t.birth_date, telecoms=self.telecoms
        )

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.cut:
            raise ConnectionCut("cut")


class Fiche:
    """The page over a store that knows one person."""

    def __init__(self, qtbot: QtBot, appearance: Appearance, store: DeskStore, clock: HandClock) -> None:
        self.store, self.central, self.lanes = store, Central(clock), Lanes()
        self.holder = DESK
        self.reprinted: list[str] = []
        persons = Persons(store, Attention(store), self.central)
        self.presenter = PersonPresenter(persons, self.lanes, lambda: (BRINDILLE, self.holder), self._reprint)
        self.page = PersonPage(appearance, self.presenter, clock.now)
        qtbot.addWidget(self.page)
        self.page.resize(1294, 620)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.left: list[bool] = []
        self.to_record: list[str] = []
        self.to_waiting: list[str] = []
        self.page.left.connect(lambda: self.left.append(True))
        self.page.record_asked.connect(self.to_record.append)
        self.page.waiting_asked.connect(self.to_waiting.append)
        self.dossier = store.patients.remember(Identity(CAMILLE.traits, InsStatus.QUALIFIED, CAMILLE.ins))

    def _reprint(self, event: Event, reason: str) -> None:
        self.store.papers.record(event, "attestation", "OUV-2026-0414-0001", b"%PDF", BRINDILLE, reason)
        self.reprinted.append(reason)

    def open(self) -> None:
        """Their page."""
        self.presenter.open(self.dossier)
        self.page.shown()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Mod.NoModifier) -> None:
        """A key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.page, key, modifier)

    def type(self, text: str) -> None:
        """In place of what the field holds."""
        self.press(Key.Key_A, Mod.ControlModifier)
        QTest.keyClicks(QApplication.focusWidget(), text)

    def words(self) -> str:
        """What is shown, once what was just made is."""
        QApplication.processEvents()
        shown = [w.text() for w in self.page.findChildren(QLabel) if w.isVisible()]
        return "\n".join([*shown, *(s.accessibleName() for s in self.page.findChildren(MessageStrip) if s.isVisible())])

    def offered(self) -> set[str]:
        """Buttons that may be pressed."""
        return {b.words() for b in self.page.findChildren(ActionButton) if b.isVisible() and b.isEnabled()}

    def changes(self) -> list[ContactChange]:
        """What waits in the outbox."""
        found = (event.payload for event in self.store.outbox.of_dossier(self.dossier))
        return [payload for payload in found if isinstance(payload, ContactChange)]

    def confirmed_opening(self) -> None:
        """An opening of theirs, made here and confirmed."""
        payload = replace(opening(), ins=CAMILLE.ins, traits=CAMILLE.traits)
        event = self.store.outbox.add(payload, BRINDILLE)
        self.store.outbox.mark_sending(event.id)
        self.store.outbox.confirm(event.id, Confirmation(datetime(2026, 4, 14, 7, 13, tzinfo=UTC), "1"))


@pytest.fixture
def fiche(qtbot: QtBot, appearance: Appearance, tmp_path: Path) -> Iterator[Fiche]:
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        yield Fiche(qtbot, appearance, store, clock)


def test_read_typed_and_sent_by_keys(fiche: Fiche) -> None:
    """Alt+C reads, the keyboard is in the field, Ctrl+Entrée writes the change on what was read."""
    fiche.open()
    assert fiche.central.asked == [], "nothing is asked of the store before a gesture"
    fiche.press(Key.Key_C, Mod.AltModifier)
    assert QApplication.focusWidget() is fiche.page.contact.mobile.edit
    assert fiche.page.contact.mobile.text() == "06 12 34 56 78"
    assert "Envoyer le changement" not in fiche.offered()
    fiche.type("07 00 00 00 01")
    fiche.press(Key.Key_Return, Mod.ControlModifier)
    assert fiche.changes() == [ContactChange(CAMILLE.ins, Contact("0612345678"), Contact("0700000001"))]
    assert "Le changement est écrit ici, pas encore au DMP." in fiche.words()
    assert not fiche.page.contact.mobile.isVisible()
    fiche.press(Key.Key_T, Mod.AltModifier)
    (event,) = fiche.store.outbox.of_dossier(fiche.dossier)
    assert fiche.to_waiting == [event.id]


def test_what_cannot_be_a_mobile_is_said_in_its_field(fiche: Fiche) -> None:
    """Nothing leaves; another form of the store's own, untouched, stands in nobody's way."""
    fiche.central.telecoms = (Telecom("tel:0140000000", "MC"),)
    fiche.open()
    fiche.press(Key.Key_C, Mod.AltModifier)
    fiche.type("12")
    assert "Dix chiffres" in fiche.page.contact.mobile.edit.accessibleDescription()
    fiche.press(Key.Key_Return, Mod.ControlModifier)
    assert fiche.changes() == []
    fiche.type("01 40 00 00 00")
    fiche.press(Key.Key_Tab)
    fiche.type("camille@exemple.test")
    fiche.press(Key.Key_Return, Mod.ControlModifier)
    assert [one.wanted for one in fiche.changes()] == [Contact("0140000000", "camille@exemple.test")]


def test_silence_is_told_and_opens_no_field(fiche: Fiche) -> None:
    """No base, no change."""
    fiche.open()
    fiche.central.cut = True
    fiche.press(Key.Key_C, Mod.AltModifier)
    assert "La liaison avec le DMP a été coupée." in fiche.words()
    assert "jamais gardées sur ce poste" in fiche.words()
    assert not fiche.page.contact.mobile.isVisible()
    fiche.central.cut = False
    fiche.press(Key.Key_C, Mod.AltModifier)
    assert fiche.page.contact.mobile.isVisible()
    assert "coupée" not in fiche.words()


def test_another_person_keeps_nothing_of_the_one_before(fiche: Fiche) -> None:
    """Neither what was read nor what was typed, nor an answer that comes late."""
    fiche.open()
    fiche.lanes.late = []
    fiche.press(Key.Key_C, Mod.AltModifier)
    other = people.person("firmin")
    dossier = fiche.store.patients.remember(Identity(other.traits, InsStatus.QUALIFIED, other.ins))
    fiche.presenter.open(dossier)
    fiche.lanes.give()
    assert fiche.presenter.file is not None
    assert fiche.presenter.file.identity.traits == other.traits
    assert fiche.presenter.held is None
    fiche.presenter.forget()
    assert "Personne n’est choisi." in fiche.words()


@pytest.mark.parametrize(
    ("state", "said", "invited"),
    [
        (DossierState.NONE, "Cette personne n’a pas de dossier.", "Ouvrir un dossier"),
        (DossierState.ACTIVE, "Il n’y a rien à ouvrir.", ""),
        (DossierState.CLOSED, "Le dossier est fermé depuis le 17 sept. 2025.", "Réactiver le dossier"),
        (DossierState.OPPOSED, "La personne a dit au DMP qu’elle ne veut pas de dossier.", ""),
        (DossierState.BLOCKED, "La personne vous a bloqué l’accès à son dossier.", ""),
    ],
)
def test_each_state_says_what_may_be_done(fiche: Fiche, state: DossierState, said: str, invited: str) -> None:
    """F5 asks; the one next step is offered to a reception, none where there is none."""
    closed = "20250917" if state is DossierState.CLOSED else ""
    fiche.central.answer = ExistenceAnswer(state, fiche.central.clock.now(), closed_on=closed)
    fiche.open()
    assert "Ouvrir un dossier" in fiche.offered()
    fiche.press(Key.Key_F5)
    assert fiche.central.asked == ["TD0.2"]
    assert said in fiche.words()
    assert {"Ouvrir un dossier", "Réactiver le dossier"} & fiche.offered() == ({invited} if invited else set())
    assert ("Lire au DMP" in fiche.offered()) is (state is DossierState.ACTIVE)


def test_a_professional_goes_to_the_record_from_here(fiche: Fiche) -> None:
    """Alt+O, beside the fields as without them."""
    fiche.holder = DOCTOR
    fiche.open()
    fiche.press(Key.Key_O, Mod.AltModifier)
    fiche.press(Key.Key_C, Mod.AltModifier)
    fiche.press(Key.Key_O, Mod.AltModifier)
    assert fiche.to_record == [fiche.dossier] * 2


def test_a_second_attestation_needs_its_reason(fiche: Fiche, qtbot: QtBot) -> None:
    """The first goes at once; then a question, whose Escape leaves the page where it is."""
    fiche.confirmed_opening()
    fiche.open()
    assert "Aucun papier imprimé." in fiche.words()
    assert "Ouvrir un dossier" not in fiche.offered()
    fiche.press(Key.Key_I, Mod.AltModifier)
    assert fiche.reprinted == [""]
    fiche.press(Key.Key_I, Mod.AltModifier)
    (question,) = fiche.page.findChildren(QuestionPanel)
    QTest.keyClick(question, Key.Key_Escape)
    assert (fiche.left, fiche.reprinted) == ([], [""])
    fiche.press(Key.Key_I, Mod.AltModifier)
    QTest.keyClicks(QApplication.focusWidget(), "Perdu")
    question = next(q for q in fiche.page.findChildren(QuestionPanel) if q.isVisible())
    question.answer_other()
    assert fiche.reprinted == ["", "Perdu"]
    fiche.press(Key.Key_Escape)
    assert fiche.left == [True]


@pytest.mark.parametrize(("width", "zoom"), [(1294, 100), (620, 100), (1366, 200)])
def test_the_page_is_never_wider_than_its_window(fiche: Fiche, appearance: Appearance, width: int, zoom: int) -> None:
    """Fields, values and strips wrap."""
    appearance.choose("light", zoom)
    fiche.page.resize(width, 600)
    fiche.open()
    fiche.press(Key.Key_C, Mod.AltModifier)
    QApplication.processEvents()
    assert fiche.page.area.horizontalScrollBar().maximum() == 0
    assert fiche.page.width() == width
    assert CABINET.name not in fiche.words()
