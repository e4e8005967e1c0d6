"""The page of an emergency access: the screen that its stage calls for."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dmp_desktop.services.emergency import Stage
from dmp_desktop.ui.emergency.presenter import EmergencyPresenter
from dmp_desktop.ui.emergency.screens import AskingScreen, EmergencyScreen, MotiveScreen, SummaryScreen
from dmp_desktop.ui.theme.appearance import Appearance


class EmergencyPage(QWidget):
    """Asking or refused, the motive, the list to sign. While the access is open, the record's own page shows."""

    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: EmergencyPresenter) -> None:
        super().__init__()
        self.presenter = presenter
        self.setProperty("room", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Accès en urgence")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._screens = QStackedWidget()
        column.addWidget(self._screens)
        asking = AskingScreen(appearance, presenter)
        self._by_stage: dict[Stage, EmergencyScreen] = {
            Stage.ASKING: asking,
            Stage.REFUSED: asking,
            Stage.MOTIVE: MotiveScreen(appearance, presenter),
            Stage.SIGNING: SummaryScreen(appearance, presenter),
        }
        for screen in dict.fromkeys(self._by_stage.values()):
            self._screens.addWidget(screen)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._focus)
        presenter.changed.connect(self.refresh)
        self.refresh()

    @property
    def screen_shown(self) -> EmergencyScreen:
        """The screen of the stage."""
        screen = self._screens.currentWidget()
        assert isinstance(screen, EmergencyScreen)  # noqa: S101 - the stack holds nothing else
        return screen

    def shown(self) -> None:
        """The page comes to the front."""
        self.hints_changed.emit(tuple(self.screen_shown.hints()))
        self._settled.start()

    def refresh(self) -> None:
        """Draw the stage the access is at."""
        flow = self.presenter.flow
        before = self._screens.currentWidget()
        if flow is not None and flow.stage in self._by_stage:
            self._screens.setCurrentWidget(self._by_stage[flow.stage])
        for screen in dict.fromkeys(self._by_stage.values()):
            screen.refresh()
        if self._screens.currentWidget() is not before and self.isVisible():
            self.shown()

    def _focus(self) -> None:
        if self.isVisible():
            self.screen_shown.focus_first()
