"""The way into a record on the screen: the gesture is explicit, and each obstacle says what remains possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from helpers.record_gallery import CHILD
from helpers.record_world import NOW, FarEntrance, HandLanes, World
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.identity import Identity, InsStatus
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.errors import DmpError
from dmp_desktop.services.gate import GateReason, GateState
from dmp_desktop.sync.errors import StoreUnreachable
from dmp_desktop.ui.record.banner import gate_banner
from dmp_desktop.ui.record.gate_page import GatePage
from dmp_desktop.ui.record.gate_presenter import GatePresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Text
from dmp_desktop.ui.widgets.controls import ActionButton

Make = Callable[..., "Door"]


class Door:
    """A gate on the screen."""

    def __init__(self, qtbot: QtBot, appearance: Appearance, answer: ExistenceAnswer | DmpError) -> None:
        self.world = World()
        self.entrance = FarEntrance(self.world, answer)
        self.presenter = GatePresenter(self.entrance, HandLanes(), self.world.clock.now)
        self.page = GatePage(appearance, self.presenter)
        qtbot.addWidget(self.page)
        self.page.resize(1294, 620)
        with qtbot.waitExposed(self.page):
            self.page.show()
        self.page.activateWindow()
        self.opened: list[RecordContext] = []
        self.presenter.opened.connect(self.opened.append)

    def begin(self, *, child: bool = False) -> None:
        """Ask for the record."""
        context = self.world.context
        identity = Identity(CHILD, InsStatus.QUALIFIED, context.ins) if child else context.identity
        self.presenter.begin(identity, context.professional, context.author)

    @property
    def state(self) -> GateState | None:
        """Where it stands."""
        return self.presenter.gate.state if self.presenter.gate else None

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key."""
        QTest.keyClick(self.page.focusWidget() or self.page, key, modifiers)

    def words(self) -> str:
        """Every text shown."""
        return "\n".join(label.text() for label in self.page.findChildren(Text) if not label.isHidden())


def answer(state: DossierState, right: Authorisation = Authorisation.NONE) -> ExistenceAnswer:
    """TD0.2."""
    return ExistenceAnswer(state, NOW, right)


@pytest.fixture
def door(qtbot: QtBot, appearance: Appearance) -> Iterator[Make]:
    made: list[Door] = []

    def build(said: ExistenceAnswer | DmpError) -> Door:
        made.append(Door(qtbot, appearance, said))
        return made[-1]

    yield build
    for one in made:
        one.presenter.forget()
        one.page.close()
        one.world.close()


def test_the_gesture_needs_its_reason_and_the_agreement(door: Make) -> None:
    """Nothing is chosen at first; Ctrl+Entrée does nothing until both are given; then the record opens."""
    one = door(answer(DossierState.ACTIVE))
    one.begin()
    assert one.state is GateState.GESTURE
    assert "est informée de votre premier accès" in one.words()
    one.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert one.entrance.kept == []
    one.press(Qt.Key.Key_2)
    one.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert one.entrance.kept == []
    one.presenter.say(agreed=True)
    one.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert one.entrance.kept == [GateReason.TEAM]
    assert len(one.opened) == 1
    assert one.opened[0].existence is not None
    assert one.opened[0].existence.authorisation is Authorisation.VALID
    assert one.presenter.gate is None


def test_whoever_is_authorised_sees_no_gate(door: Make) -> None:
    """One question, and in."""
    one = door(answer(DossierState.ACTIVE, Authorisation.VALID))
    one.begin()
    assert len(one.opened) == 1


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (DossierState.NONE, "n’a pas de DMP"),
        (DossierState.CLOSED, "Ce dossier est fermé"),
        (DossierState.OPPOSED, "ne veut pas de DMP"),
        (DossierState.BLOCKED, "elle seule peut lever ce blocage"),
    ],
)
def test_each_obstacle_says_what_remains_possible(door: Make, qtbot: QtBot, state: DossierState, said: str) -> None:
    """In words; F2 where a dossier may be opened or reactivated, and nowhere else."""
    one = door(answer(state))
    one.begin()
    strips = " ".join(widget.accessibleName() for widget in one.page.findChildren(type(one.page.fault)))
    assert said in one.words() + strips
    assert "Ce qui reste possible" in one.words()
    asked: list[Identity] = []
    one.presenter.opening_asked.connect(asked.append)
    one.press(Qt.Key.Key_F2)
    assert bool(asked) is (state in (DossierState.NONE, DossierState.CLOSED))
    assert not one.opened


def test_offline_without_a_copy_f5_asks_again(door: Make) -> None:
    """The cause, then the answer once the network is back."""
    one = door(StoreUnreachable("no route"))
    one.begin()
    assert one.state is GateState.UNREACHABLE
    one.entrance.answer = answer(DossierState.ACTIVE, Authorisation.VALID)
    one.press(Qt.Key.Key_F5)
    assert len(one.opened) == 1


def test_an_authorisation_on_its_way_does_not_open(door: Make) -> None:
    """It waits with its word; F5 sends it again, and the record opens when it is confirmed."""
    one = door(answer(DossierState.ACTIVE))
    one.begin()
    one.entrance.event_state = EventState.WAITING
    one.presenter.say(reason=GateReason.CARE, agreed=True)
    one.presenter.authorise()
    assert one.state is GateState.AWAITING
    assert not one.opened
    one.entrance.event_state = EventState.CONFIRMED
    one.press(Qt.Key.Key_F5)
    assert len(one.opened) == 1
    assert len(one.entrance.kept) == 1


def test_a_refused_authorisation_is_told(door: Make) -> None:
    """With its cause; nothing was read."""
    one = door(answer(DossierState.ACTIVE))
    one.begin()
    one.entrance.event_state, one.entrance.event_cause = EventState.REFUSED, "dossier-blocked"
    one.presenter.say(reason=GateReason.CARE, agreed=True)
    one.presenter.authorise()
    assert one.state is GateState.REFUSED
    assert "Le DMP a refusé l’autorisation" in one.words()


def test_a_minor_chooses_before_anything_is_asked(door: Make) -> None:
    """Two digits, none chosen at first; the record is then in memory."""
    one = door(answer(DossierState.ACTIVE, Authorisation.VALID))
    one.begin(child=True)
    assert one.state is GateState.CHOOSING
    one.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert one.state is GateState.CHOOSING
    one.press(Qt.Key.Key_2)
    one.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [context.in_memory for context in one.opened] == [True]


def test_emergency_and_deposit_are_offered_and_escape_leaves(door: Make, qtbot: QtBot) -> None:
    """The emergency button and Alt+O carry the gate; Escape forgets the person. F12 is the window's own key."""
    one = door(answer(DossierState.ACTIVE))
    one.begin()
    with qtbot.waitSignal(one.presenter.emergency_asked):
        next(b for b in one.page.findChildren(ActionButton) if b.accessibleName().startswith("Urgence")).click()
    with qtbot.waitSignal(one.page.deposit_asked):
        one.press(Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    assert one.presenter.gate is not None
    banner = gate_banner(one.presenter.gate)
    assert banner.cells[-1].value == "Allergies indisponibles"
    with qtbot.waitSignal(one.presenter.left):
        one.press(Qt.Key.Key_Escape)
    assert one.presenter.gate is None
