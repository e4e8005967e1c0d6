"""What covers the window while nobody is signed in: the sign-in, or over it the readers page (F1)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget

from dmp_desktop.ui.lock import LockScreen
from dmp_desktop.ui.readers_page import ReadersPage
from dmp_desktop.ui.session_presenter import SessionPresenter


class LockCovers(QStackedWidget):
    """The sign-in screen first; F1 brings the readers, Escape the sign-in back. Neither names a patient."""

    def __init__(self, lock: LockScreen, readers: ReadersPage, session: SessionPresenter) -> None:
        super().__init__()
        self._lock, self._readers, self._session = lock, readers, session
        self._known = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addWidget(lock)
        self.addWidget(readers)
        self.setFocusProxy(lock)
        lock.readers_asked.connect(self.show_readers)
        readers.left.connect(self.show_sign_in)
        session.changed.connect(self._session_changed)

    def show_readers(self) -> None:
        """Why a card is not read."""
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
