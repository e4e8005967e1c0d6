"""The opening's page: the steps at left, the screen of the moment at right."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.services.opening import Stage
from dmp_desktop.ui.opening.banner import banner
from dmp_desktop.ui.opening.base import KeyHint, Screen, on_key
from dmp_desktop.ui.opening.card_screen import CardScreen
from dmp_desktop.ui.opening.consent_screen import ConsentScreen
from dmp_desktop.ui.opening.done_screen import DoneScreen
from dmp_desktop.ui.opening.identity_screens import DifferenceScreen, SilentScreen, UnfoundScreen
from dmp_desktop.ui.opening.outcome_screens import OutcomeScreen
from dmp_desktop.ui.opening.person_screen import PersonScreen
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.opening.preview_screen import PreviewScreen
from dmp_desktop.ui.opening.progress import progress
from dmp_desktop.ui.opening.stopped_screen import StoppedScreen
from dmp_desktop.ui.opening.waiting_screen import WaitingScreen
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.banner import BannerContent
from dmp_desktop.ui.widgets.basic import Hairline, IconLabel, Labelled, Text
from dmp_desktop.ui.widgets.steps import StepList, StepStrip


class StepsColumn(QFrame):
    """Title, steps, and the time elapsed: small, without a target, without a colour."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("room", "bar")
        self.setProperty("edge", "right")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(Text("Ouverture d’un dossier", "section"))
        self.steps = StepList(appearance)
        column.addWidget(self.steps)
        column.addStretch(1)
        column.addWidget(Hairline())
        row = QHBoxLayout()
        row.setSpacing(12)
        self.elapsed = Labelled("Temps écoulé", "", "body-strong")
        row.addWidget(IconLabel(appearance, "clock", "text-2", 18))
        row.addWidget(self.elapsed, 1)
        column.addLayout(row)
        self.fit()
        appearance.changed.connect(self.fit)

    def fit(self) -> None:
        """Width at this zoom."""
        self.setFixedWidth(self._appearance.theme.size("steps"))


class OpeningPage(QWidget):
    """Shows the presenter's stage; the shell takes the banner and the keys from its signals."""

    banner_changed = Signal(object)
    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.appearance = appearance
        self.presenter = presenter
        self.setAccessibleName("Ouverture d’un dossier")
        self.column = StepsColumn(appearance)
        self.strip = StepStrip(appearance)
        self.stack = QStackedWidget()
        self.card = CardScreen(appearance, presenter)
        self.person = PersonScreen(appearance, presenter)
        self.waiting = WaitingScreen(appearance, presenter)
        self.difference = DifferenceScreen(appearance, presenter)
        self.unfound = UnfoundScreen(appearance, presenter)
        self.silent = SilentScreen(appearance, presenter)
        self.outcome = OutcomeScreen(appearance, presenter)
        self.consent = ConsentScreen(appearance, presenter)
        self.done = DoneScreen(appearance, presenter)
        self.stopped = StoppedScreen(appearance, presenter)
        self.preview = PreviewScreen(appearance, presenter)
        self.screens: tuple[Screen, ...] = (
            self.card,
            self.person,
            self.waiting,
            self.difference,
            self.unfound,
            self.silent,
            self.outcome,
            self.consent,
            self.done,
            self.stopped,
            self.preview,
        )
        for screen in self.screens:
            self.stack.addWidget(screen)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.strip)
        right.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.column)
        row.addLayout(right, 1)
        # F2 means the same on every screen of the opening; the presenter refuses it while something would be lost.
        on_key(self, "F2", presenter.begin)
        self._banner: BannerContent | None = None
        self._hints: tuple[KeyHint, ...] = ()
        self._person: object = None
        self._left: QWidget | None = None
        self._narrow = False
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)
        presenter.changed.connect(self.refresh)
        appearance.changed.connect(self._fit)
        self._fit()
        self.refresh()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def screen_of_the_moment(self) -> Screen:
        """The screen for the stage and what is known in it."""
        flow = self.presenter.flow
        if self.presenter.viewer.slot is not None:
            return self.preview
        if flow.stage is Stage.IDENTITY:
            return self._identity_screen()
        if flow.stage is Stage.EXISTENCE:
            if flow.existence is not None and flow.existence.state is not DossierState.NONE:
                return self.outcome
            return self.silent if self._settled(flow.existence_failure) else self.waiting
        return {
            Stage.CARD: self.card,
            Stage.PERSON: self.person,
            Stage.CONSENT: self.consent,
            Stage.SENDING: self.waiting,
            Stage.DONE: self.done,
            Stage.STOPPED: self.stopped,
        }[flow.stage]

    def _identity_screen(self) -> Screen:
        flow = self.presenter.flow
        if flow.awaits_decision:
            return self.difference
        if self._settled(flow.insi_failure):
            return self.silent
        return self.unfound if flow.insi is not None and not self._asking else self.waiting

    @property
    def _asking(self) -> bool:
        return self.presenter.errands.work in {"insi", "existence"}

    def _settled(self, failure: object) -> bool:
        """Something went wrong and nothing is being asked again."""
        stuck = self.presenter.fault is not None and self.presenter.errands.work == ""
        return (failure is not None or stuck) and not self._asking

    def refresh(self) -> None:
        """Draw the moment: steps, banner, screen, keys."""
        flow = self.presenter.flow
        if flow.person is not self._person:
            self._person = flow.person
            self.unfound.clear()
            self.outcome.clear()
        steps = progress(flow)
        self.column.steps.tell(steps)
        self.strip.tell(steps)
        screen = self.screen_of_the_moment()
        screen.refresh()
        before = self.stack.currentWidget()
        self._show_strip(screen)
        if before is not screen:
            left = QApplication.focusWidget() if screen is self.preview else self._left
            self.stack.setCurrentWidget(screen)
            self._enter(screen)
            if before is self.preview and left is not None and isValid(left) and screen.isAncestorOf(left):
                # A page looked at leaves the keyboard where it was (guide 6).
                left.setFocus()
            self._left = left if screen is self.preview else None
        self._tell_time()
        content = banner(flow, flow.age)
        if content != self._banner:
            self._banner = content
            self.banner_changed.emit(content)
        hints = tuple(screen.hints())
        if hints != self._hints:
            self._hints = hints
            self.hints_changed.emit(hints)

    def tell_again(self) -> None:
        """Tell banner and keys once more: the page is shown after another one."""
        self.banner_changed.emit(self._banner)
        self.hints_changed.emit(self._hints)
        self._enter_current()

    def _enter_current(self) -> None:
        screen = self.stack.currentWidget()
        focused = QApplication.focusWidget()
        # Back from the lock or from another page, the focus is left where the person had it.
        if isinstance(screen, Screen) and (focused is None or not screen.isAncestorOf(focused)):
            self._enter(screen)

    def _enter(self, screen: Screen) -> None:
        """The keys go to the screen, and its title is said once to whoever listens to it (guide 4.8, 9).

        Not while another page is in front: a card put in or taken out moves this one, the keyboard stays where it is.
        """
        elsewhere = QApplication.focusWidget()
        if not self.isVisible() and elsewhere is not None and not self.isAncestorOf(elsewhere):
            return
        screen.area.verticalScrollBar().setValue(0)
        screen.focus_first()
        focused, content = screen.focusWidget(), screen.area.widget()
        if focused is not None and content is not None and content.isAncestorOf(focused):
            # A small margin: the title stays whole wherever the first field is already in view.
            screen.area.ensureWidgetVisible(focused, 0, screen.appearance.theme.px(16))
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, screen.announcement()))

    def _tick(self) -> None:
        self._tell_time()
        if self.presenter.flow.stage is Stage.CONSENT:
            # The reading of the card grows old while nothing else happens.
            self.consent.refresh()

    def _tell_time(self) -> None:
        flow = self.presenter.flow
        end = flow.ended_at or self.presenter.clock.now()
        seconds = max(0, int((end - flow.started_at).total_seconds())) if flow.reading is not None else 0
        self.column.elapsed.set_value(f"{seconds // 60}\u00a0min {seconds % 60:02d}\u00a0s")

    # -- room ---------------------------------------------------------------------------------------------------------

    def _show_strip(self, screen: QWidget | None) -> None:
        """The steps of a narrow window; a page looked at needs their room."""
        self.strip.setVisible(self._narrow and screen is not self.preview)

    def _fit(self) -> None:
        before, narrow = self._narrow, self.appearance.theme.narrow(self.window().width())
        self._narrow = narrow
        self.column.setVisible(not narrow)
        self._show_strip(self.stack.currentWidget())
        for screen in self.screens:
            screen.fit(narrow=narrow)
        if narrow is not before and self.isVisible():
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may be a narrow one."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Time is told while the page is seen."""
        super().showEvent(event)
        self._second.start()
        self._enter_current()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing runs behind another page."""
        super().hideEvent(event)
        self._second.stop()
