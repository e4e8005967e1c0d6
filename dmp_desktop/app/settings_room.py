"""The settings: their page for whoever is signed in, the same over the sign-in of a post that is not set up yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dmp_desktop.app.keys_room import KeysRoom
from dmp_desktop.config import PrinterProfile, StoreSettings
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.settings_cover import SettingsCover
from dmp_desktop.ui.settings_keys import KeysPart
from dmp_desktop.ui.settings_page import SettingsPage
from dmp_desktop.ui.tasks import Lane

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program
    from dmp_desktop.services.stationery import Press

CALIBRATION = "Page de calibrage"


class SettingsRoom(QObject):
    """Builds the two pages; ``over_lock`` holds nothing of a patient, as the settings never do."""

    def __init__(self, program: Program, press: Press, sandbox_store: StoreSettings | None) -> None:
        super().__init__(program)
        self._program, self._press, self._sandbox_store = program, press, sandbox_store
        self.keys = KeysRoom(program, press)
        self.page = self._page(self.keys.part)
        self.over_lock = SettingsCover(program.appearance, self._page())

    def _page(self, keys: KeysPart | None = None) -> SettingsPage:
        from dmp_desktop.printing.printer import printers

        program = self._program
        return SettingsPage(
            program.appearance,
            lambda: program.settings,
            program.change_settings,
            printers,
            self._calibrate,
            lambda: sorted(program.board.slots),
            self._sandbox_store,
            keys,
        )

    def _calibrate(self, profile: PrinterProfile) -> None:
        """Print the calibration page of a profile, in the print lane."""

        def go() -> None:
            from dmp_desktop.printing.sticker import calibration

            self._press.send(calibration(profile), profile, CALIBRATION)

        self._program.lanes.run(Lane.PRINT, go, lambda _none: None, self._not_printed)

    def _not_printed(self, error: DmpError) -> None:
        if not isinstance(error, Cancelled):
            told = sentence(error)
            for page in (self.page, self.over_lock.page):
                if page.isVisible():
                    page.answer("danger", told.what, f"{told.effect} {told.todo}")
