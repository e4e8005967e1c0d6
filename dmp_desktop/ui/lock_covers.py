"""What covers the window while nobody is signed in: the sign-in, or over it the readers page (F1)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget

from dmp_desktop.ui.lock import LockScreen
from dmp_desktop.ui.readers_page import ReadersPage
from dmp_desktop.ui.session_presenter import SessionPresenter
from dmp_desktop.ui.settings_cover import SettingsCover


class LockCovers(QStackedWidget):
    """The sign-in screen first; F1 brings the readers, Escape the sign-in back. Neither names a patient.

    :param readers: gives the readers page, which is made when it is first asked for.
    """

    def __init__(self, lock: LockScreen, readers: Callable[[], ReadersPage], session: SessionPresenter) -> None:
        super().__init__()
        self._lock, self._make, self._session = lock, readers, session
        self._readers: ReadersPage | None = None
        self._known = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addWidget(lock)
        self.setFocusProxy(lock)
        lock.readers_asked.connect(self.show_readers)
        lock.settings_asked.connect(self.show_settings)
        session.changed.connect(self._session_changed)
        self._settings: SettingsCover | None = None

    def add_settings(self, settings: SettingsCover) -> None:
        """The settings of the post, reachable before anyone signed in: they hold nothing of a patient."""
        self._settings = settings
        self.addWidget(settings)
        settings.left.connect(self.show_sign_in)

    def show_settings(self) -> None:
        """The settings, once the post is open."""
        if self._settings is not None:
            self.setFocusProxy(self._settings)
            self.setCurrentWidget(self._settings)
            self._settings.page.focus_first()

    def show_readers(self) -> None:
        """Why a card is not read."""
        if self._readers is None:
            self._readers = self._make()
            self._readers.left.connect(self.show_sign_in)
            self.addWidget(self._readers)
        self.setFocusProxy(self._readers)
        self.setCurrentWidget(self._readers)
        self._readers.shown()

    def show_sign_in(self) -> None:
        """The sign-in again."""
        self.setFocusProxy(self._lock)
        self.setCurrentWidget(self._lock)
        self._lock.setFocus()

    def _session_changed(self) -> None:
        """A card that has just been recognised wants its code."""
        known, self._known = self._known, self._session.flow.holder is not None
        if self._known and not known and self.currentWidget() is self._readers and self.isVisible():
            self.show_sign_in()

    def showEvent(self, event: QShowEvent) -> None:
        """A lock always begins with the sign-in."""
        super().showEvent(event)
        self.show_sign_in()
