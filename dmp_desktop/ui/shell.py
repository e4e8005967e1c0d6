"""The window: top bar, patient banner, navigation, content, status bar (guide §2). It decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from dmp_desktop.ui.bars import SANDBOX_LINE, Navigation, TopBar
from dmp_desktop.ui.emergency.band import AccessBand, BandContent
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.banner import BannerContent, PatientBanner
from dmp_desktop.ui.widgets.basic import IconLabel, KeyCap, Text
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.ring import FocusRing


@dataclass(frozen=True, slots=True)
class Status:
    """One state of the status bar."""

    icon: str
    words: str
    tone: str = "text-2"
    strong: bool = False


class StatusBar(QFrame):
    """Readers, store, outbox at left; the keys of the screen at right."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("room", "bar")
        self.setProperty("edge", "top")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        self._states, self._keys = QHBoxLayout(), QHBoxLayout()
        self._states.setSpacing(20)
        self._keys.setSpacing(20)
        row.addLayout(self._states)
        row.addStretch(1)
        row.addLayout(self._keys)
        self._shown: tuple[Status, ...] = ()
        self._listed: tuple[tuple[str, str], ...] = ()
        self._fit()
        appearance.changed.connect(self._fit)

    def _fit(self) -> None:
        self.setFixedHeight(self._appearance.theme.size("status_bar"))

    @property
    def states(self) -> tuple[Status, ...]:
        """What is shown at left."""
        return self._shown

    def tell(self, states: tuple[Status, ...]) -> None:
        """Show these states."""
        if states == self._shown:
            return
        self._shown = states
        empty_layout(self._states)
        for state in states:
            self._states.addLayout(self._pair(state))
        self.setAccessibleName("État du poste")
        self.setAccessibleDescription(", ".join(state.words for state in states))

    def list_keys(self, keys: tuple[tuple[str, str], ...]) -> None:
        """Show the keys of this screen."""
        if keys == self._listed:
            return
        self._listed = keys
        empty_layout(self._keys)
        for cap, words in keys:
            pair = QHBoxLayout()
            pair.setSpacing(6)
            pair.addWidget(KeyCap(self._appearance, cap))
            pair.addWidget(Text(words, "caption", "text-2"))
            self._keys.addLayout(pair)

    def _pair(self, state: Status) -> QHBoxLayout:
        pair = QHBoxLayout()
        pair.setSpacing(6)
        pair.addWidget(IconLabel(self._appearance, state.icon, state.tone, 16))
        pair.addWidget(Text(state.words, "caption-strong" if state.strong else "caption", state.tone))
        return pair


class Shell(QMainWindow):
    """The main window. Pages are added by whoever builds the program; the lock covers everything."""

    asked = Signal(str)
    lock_asked = Signal()
    closing = Signal()
    touched = Signal()

    def __init__(self, appearance: Appearance, place: str, lock: QWidget, *, sandbox: bool) -> None:
        super().__init__()
        self._appearance = appearance
        self.setWindowTitle(f"DMP, {place}" if place else "DMP")
        self.setMinimumSize(640, 480)
        root = QWidget()
        root.setProperty("room", "page")
        self.setCentralWidget(root)
        column = QVBoxLayout(root)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._sandbox_line = QFrame()
        self._sandbox_line.setProperty("room", "sandbox-line")
        column.addWidget(self._sandbox_line)
        self._sandbox_line.setVisible(sandbox)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.top = TopBar(appearance, place, self._menu, sandbox=sandbox)
        self.top.lock_asked.connect(self.lock_asked)
        column.addWidget(self.top)
        self._covers = QStackedWidget()
        column.addWidget(self._covers, 1)
        self.status = StatusBar(appearance)
        column.addWidget(self.status)
        self._lock = lock
        self._work = QWidget()
        inside = QVBoxLayout(self._work)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self.band = AccessBand(appearance)
        inside.addWidget(self.band)
        self.banner = PatientBanner(appearance)
        self.banner.hide()
        inside.addWidget(self.banner)
        below = QHBoxLayout()
        below.setSpacing(0)
        self.navigation = Navigation(appearance)
        self.navigation.asked.connect(self.asked)
        self.navigation.left.connect(self._back_to_page)
        below.addWidget(self.navigation)
        self._pages = QStackedWidget()
        below.addWidget(self._pages, 1)
        inside.addLayout(below, 1)
        self._covers.addWidget(lock)
        self._covers.addWidget(self._work)
        self._by_key: dict[str, QWidget] = {}
        self._focus_before: QWidget | None = None
        self._ring = FocusRing(appearance, self)
        self._focus_in_page: QWidget | None = None
        self.locked = True
        self.shortcut("F10", self._show_navigation)
        appearance.changed.connect(self._arrange)
        self._arrange()

    # -- pages --------------------------------------------------------------------------------------------------------

    def add_page(self, key: str, icon: str, words: str, page: QWidget, *, bottom: bool = False) -> None:
        """A page with its entry in the navigation."""
        self._by_key[key] = page
        self._pages.addWidget(page)
        self.navigation.add(key, icon, words, bottom=bottom)

    def go(self, key: str) -> None:
        """Show a page."""
        self._pages.setCurrentWidget(self._by_key[key])
        self.navigation.show_current(key)
        self.top.tell_title(self.navigation.words(key))

    @property
    def page(self) -> str:
        """Key of the page shown."""
        current = self._pages.currentWidget()
        return next((key for key, page in self._by_key.items() if page is current), "")

    def tell_banner(self, content: BannerContent | None) -> None:
        """Who it is about, or nobody."""
        if content is not None:
            self.banner.tell(content)
        self.banner.setVisible(content is not None)

    def tell_band(self, content: BandContent | None) -> None:
        """How the record is entered, above everything on every page, or nothing (guide §2)."""
        self.band.tell(content)

    # -- lock ---------------------------------------------------------------------------------------------------------

    def show_lock(self) -> None:
        """Cover everything, at once."""
        if not self.locked:
            self._focus_before = self.focusWidget()
        self.locked = True
        self._covers.setCurrentWidget(self._lock)
        self.top.tell_person("", "")
        self.top.tell_freshness("", "", "")
        self._lock.setFocus()

    def show_work(self, name: str, role: str) -> None:
        """Uncover for whoever is signed in; the focus returns where it was."""
        self.locked = False
        self._covers.setCurrentWidget(self._work)
        self.top.tell_person(name, role)
        self._arrange()
        before, self._focus_before = self._focus_before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()

    # -- keys and size ------------------------------------------------------------------------------------------------

    def shortcut(self, keys: str, act: Callable[[], None]) -> QShortcut:
        """A key of the whole window."""
        made = QShortcut(QKeySequence(keys), self)
        made.setContext(Qt.ShortcutContext.WindowShortcut)
        made.setAutoRepeat(False)
        made.activated.connect(act)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow or wide."""
        super().resizeEvent(event)
        self._arrange()

    @property
    def is_narrow(self) -> bool:
        """Whether the navigation is behind the menu button."""
        return self._appearance.theme.narrow(self.width())

    def _arrange(self) -> None:
        self._sandbox_line.setFixedHeight(self._appearance.theme.px(SANDBOX_LINE))
        self.navigation.setVisible(not self.is_narrow)
        self.status.setVisible(not self.is_narrow)
        self.top.narrow(self.is_narrow)

    def _show_navigation(self) -> None:
        if self.locked:
            return
        if self.is_narrow:
            self.top.menu.showMenu()
        else:
            self._focus_in_page = self.focusWidget()
            self.navigation.take_keys()

    def _back_to_page(self) -> None:
        before, self._focus_in_page = self._focus_in_page, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()

    def _fill_menu(self) -> None:
        """Pages, then the states that the status bar shows when there is room for it."""
        self._menu.clear()
        for key, words in self.navigation.entries():
            entry = self._menu.addAction(words)
            entry.triggered.connect(lambda _c=False, k=key: self.asked.emit(k))
            entry.setCheckable(True)
            entry.setChecked(key == self.page)
        self._menu.addSeparator()
        for state in self.status.states:
            self._menu.addAction(state.words).setEnabled(False)

    def showEvent(self, event: QShowEvent) -> None:
        """From now on the window system tells every key and click, whichever widget takes them."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any key or click puts the idle lock off."""
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self.touched.emit()
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the program end in order."""
        self.closing.emit()
        event.accept()


def after_paint(act: Callable[[], None]) -> None:
    """Do something once the window has been drawn."""
    QTimer.singleShot(0, act)
