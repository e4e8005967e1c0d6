"""The window: top bar, patient banner, navigation, content, status bar (guide §2). It decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.widgets.banner import BannerContent, PatientBanner
from dmp_desktop.ui.widgets.basic import Chip, Hairline, IconLabel, KeyCap, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.ring import FocusRing

NARROW = 900
"""Logical width, at 100 %, under which the navigation becomes a menu (guide §2)."""


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
        self.setFixedHeight(appearance.theme.size("status_bar"))
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


class TopBar(QFrame):
    """Glyph, place, sandbox chip, freshness, person, lock."""

    lock_asked = Signal()

    def __init__(self, appearance: Appearance, place: str, *, sandbox: bool) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("room", "bar")
        self.setProperty("edge", "bottom")
        self.setFixedHeight(appearance.theme.size("top_bar") - (3 if sandbox else 0))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 16, 0)
        row.setSpacing(12)
        self.menu = QToolButton()
        self.menu.setProperty("kind", "navigation")
        self.menu.setAccessibleName("Menu")
        self.menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu.setFixedWidth(appearance.theme.px(56))
        self.menu.hide()
        glyph = QWidget()
        glyph.setFixedWidth(appearance.theme.size("navigation"))
        inner = QHBoxLayout(glyph)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(IconLabel(appearance, "folder", "action", 20), 0, Qt.AlignmentFlag.AlignCenter)
        self.glyph = glyph
        self.place = Text(place, "body-strong")
        row.addWidget(self.menu)
        row.addWidget(glyph)
        row.addWidget(self.place)
        row.addStretch(1)
        if sandbox:
            row.addWidget(Chip(appearance, "sandbox", "sandbox", "Bac à sable"))
        self._fresh_icon, self._fresh = IconLabel(appearance, "cloud", "text-3", 18), Text("", "caption", "text-3")
        row.addWidget(self._fresh_icon)
        row.addWidget(self._fresh)
        self._line = Hairline(vertical=True, length=24)
        row.addWidget(self._line)
        self.person = QWidget()
        column = QVBoxLayout(self.person)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._name, self._role = Text("", "body-strong"), Text("", "caption", "text-2")
        column.addStretch(1)
        column.addWidget(self._name)
        column.addWidget(self._role)
        column.addStretch(1)
        row.addWidget(self.person)
        row.addSpacing(8)
        self._lock = ActionButton(appearance, "Verrouiller", kind="quiet", keys="F9", icon="lock")
        self._lock.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lock.clicked.connect(self.lock_asked)
        row.addWidget(self._lock)
        self._locked_icon, self._locked = IconLabel(appearance, "lock", "text-2", 18), Text("", "caption", "text-2")
        self._locked.setText("Poste verrouillé")
        row.addWidget(self._locked_icon)
        row.addWidget(self._locked)
        self.tell_person("", "")
        self.tell_freshness("", "", "")

    def tell_person(self, name: str, role: str) -> None:
        """Who is signed in; nobody when ``name`` is empty."""
        self._name.setText(name)
        self._role.setText(role)
        for widget in (self.person, self._lock, self._line):
            widget.setVisible(bool(name))
        for widget in (self._locked_icon, self._locked):
            widget.setVisible(not name)

    def tell_freshness(self, icon: str, words: str, tone: str) -> None:
        """How fresh what is shown is."""
        self._fresh.setText(words)
        self._fresh.setVisible(bool(words))
        self._fresh_icon.setVisible(bool(words))
        if words:
            self._fresh_icon.show_icon(icon, tone)
            self._fresh.set_tone(tone)

    def narrow(self, is_narrow: bool) -> None:
        """Few pixels: menu button in, long words out."""
        self.menu.setVisible(is_narrow)
        self.glyph.setVisible(not is_narrow)
        self.person.setVisible(not is_narrow and bool(self._name.text()))


@dataclass(slots=True)
class _Entry:
    key: str
    icon: str
    words: str
    button: QToolButton
    badge: QLabel


class Navigation(QFrame):
    """72 wide: an icon above its word; settings at the bottom."""

    asked = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._entries: dict[str, _Entry] = {}
        self._above = 0
        self.setProperty("room", "bar")
        self.setProperty("edge", "right")
        self.setFixedWidth(appearance.theme.size("navigation"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 1, 8)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        appearance.changed.connect(self._redraw)

    def add(self, key: str, icon: str, words: str, *, bottom: bool = False) -> None:
        """One entry."""
        button = QToolButton()
        button.setProperty("kind", "navigation")
        button.setCheckable(True)
        button.setText(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFixedHeight(self._appearance.theme.px(56))
        button.clicked.connect(lambda _c=False, k=key: self.asked.emit(k))
        badge = QLabel("", button)
        badge.setProperty("kind", "badge")
        badge.hide()
        self._entries[key] = _Entry(key, icon, words, button, badge)
        self._column.insertWidget(self._column.count() if bottom else self._above, button)
        self._above += not bottom
        self._redraw()

    def show_current(self, key: str) -> None:
        """Mark where we are."""
        for entry in self._entries.values():
            entry.button.setChecked(entry.key == key)
        self._redraw()

    def count(self, key: str, number: int) -> None:
        """A number beside an icon; none at zero."""
        entry = self._entries[key]
        entry.badge.setText(str(number))
        entry.badge.setVisible(number > 0)
        entry.badge.setFixedHeight(self._appearance.theme.px(18))
        entry.badge.adjustSize()
        entry.badge.move(self._appearance.theme.px(40), self._appearance.theme.px(4))
        entry.button.setAccessibleName(f"{entry.words}, {number}" if number else entry.words)

    def entries(self) -> tuple[tuple[str, str], ...]:
        """Key and words of each, in order."""
        return tuple((e.key, e.words) for e in self._entries.values())

    def _redraw(self) -> None:
        theme = self._appearance.theme
        for entry in self._entries.values():
            tone = "action" if entry.button.isChecked() else "text-2"
            image = pixmap(entry.icon, theme.hex(tone), theme.px(20), self.devicePixelRatioF())
            entry.button.setIcon(QIcon(image))
            entry.button.setIconSize(QSize(theme.px(20), theme.px(20)))


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
        if sandbox:
            line = QFrame()
            line.setProperty("room", "sandbox-line")
            line.setFixedHeight(3)
            column.addWidget(line)
        self.top = TopBar(appearance, place, sandbox=sandbox)
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
        self.banner = PatientBanner(appearance)
        self.banner.hide()
        inside.addWidget(self.banner)
        below = QHBoxLayout()
        below.setSpacing(0)
        self.navigation = Navigation(appearance)
        self.navigation.asked.connect(self.asked)
        below.addWidget(self.navigation)
        self._pages = QStackedWidget()
        below.addWidget(self._pages, 1)
        inside.addLayout(below, 1)
        self._covers.addWidget(lock)
        self._covers.addWidget(self._work)
        self._by_key: dict[str, QWidget] = {}
        self._focus_before: QWidget | None = None
        self._ring = FocusRing(appearance, self)
        self._menu = QMenu(self)
        self.top.menu.setMenu(self._menu)
        self.top.menu.setIcon(QIcon(pixmap("menu", appearance.theme.hex("action"), appearance.theme.px(20))))
        self.locked = True

    # -- pages --------------------------------------------------------------------------------------------------------

    def add_page(self, key: str, icon: str, words: str, page: QWidget, *, bottom: bool = False) -> None:
        """A page with its entry in the navigation."""
        self._by_key[key] = page
        self._pages.addWidget(page)
        self.navigation.add(key, icon, words, bottom=bottom)
        self._menu.addAction(words, lambda: self.asked.emit(key))

    def go(self, key: str) -> None:
        """Show a page."""
        self._pages.setCurrentWidget(self._by_key[key])
        self.navigation.show_current(key)

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

    # -- lock ---------------------------------------------------------------------------------------------------------

    def show_lock(self) -> None:
        """Cover everything, at once."""
        self._focus_before = self.focusWidget() if not self.locked else self._focus_before
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
        if before is not None and before.isVisible():
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

    def _arrange(self) -> None:
        is_narrow = self.width() * 100 / self._appearance.theme.zoom < NARROW
        self.navigation.setVisible(not is_narrow)
        self.status.setVisible(not is_narrow)
        self.top.narrow(is_narrow)

    def event(self, event: QEvent) -> bool:
        """Any key or click puts the idle lock off."""
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.ShortcutOverride):
            self.touched.emit()
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the program end in order."""
        self.closing.emit()
        event.accept()


def after_paint(act: Callable[[], None]) -> None:
    """Do something once the window has been drawn."""
    QTimer.singleShot(0, act)
