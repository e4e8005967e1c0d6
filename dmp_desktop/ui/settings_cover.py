"""The settings over the sign-in, for a post that is not set up yet: the page, with a way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dmp_desktop.ui.opening.base import on_key
from dmp_desktop.ui.settings_page import SettingsPage
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton


class SettingsCover(QWidget):
    """Holds nothing of a patient, as the settings never do."""

    left = Signal()

    def __init__(self, appearance: Appearance, page: SettingsPage) -> None:
        super().__init__()
        self.page = page
        self.setProperty("room", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(24, 16, 24, 0)
        back = ActionButton(appearance, "Revenir à la connexion", kind="quiet", keys="Alt+←", icon="left")
        back.clicked.connect(self.left)
        row.addWidget(back)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(page, 1)
        on_key(self, "Alt+Left", self.left.emit)
