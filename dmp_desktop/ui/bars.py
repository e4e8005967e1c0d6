"""Top bar and navigation of the window (guide §2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.widgets.basic import Chip, Hairline, IconLabel, KeyCap, Text
from dmp_desktop.ui.widgets.controls import ActionButton

SANDBOX_LINE = 3
"""Height of the line that marks the sandbox, taken from the top bar."""


class MenuButton(QToolButton):
    """The navigation of a narrow window, behind one button."""

    def __init__(self, appearance: Appearance, menu: QMenu) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("kind", "navigation")
        self.setAccessibleName("Menu")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMenu(menu)
        self.fit()

    def fit(self) -> None:
        """Its place at this zoom."""
        side = self._appearance.theme.px(40)
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Three lines, without the little arrow of the platform."""
        theme = self._appearance.theme
        size = theme.px(20)
        painter = QPainter(self)
        if self.underMouse() or self.hasFocus():
            painter.fillRect(self.rect(), theme.color("hover"))
        image = pixmap("menu", theme.hex("action"), size, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - size) // 2, (self.height() - size) // 2, image)
        painter.end()


class SearchField(QPushButton):
    """Looks like a field and opens the command bar over itself: one place to type in, wherever one begins."""

    WIDTH = 376

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("kind", "search")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 8, 0)
        row.setSpacing(8)
        self._words = Text("", "body", "text-3")
        self._caps = [KeyCap(appearance, cap) for cap in ("Ctrl", "K")]
        row.addWidget(IconLabel(appearance, "search", "text-2", 18))
        row.addWidget(self._words, 1)
        for cap in self._caps:
            row.addWidget(cap)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.tell_scope("Chercher une action")

    def tell_scope(self, words: str) -> None:
        """What may be looked for."""
        self._words.setText(words)
        self.setAccessibleName(words)

    def fit(self, *, narrow: bool) -> None:
        """A field where there is room for one, its icon alone elsewhere."""
        px = self._appearance.theme.px
        for widget in (self._words, *self._caps):
            widget.setVisible(not narrow)
        self.setFixedSize(px(38 if narrow else self.WIDTH), self._appearance.theme.size("field_small"))


class TopBar(QFrame):
    """Glyph, place, search field, sandbox chip, freshness, person, lock."""

    lock_asked = Signal()
    search_asked = Signal()

    def __init__(self, appearance: Appearance, place: str, menu: QMenu, *, sandbox: bool) -> None:
        super().__init__()
        self._appearance, self._place_words, self._title_words = appearance, place, ""
        self._narrow, self._sandbox = False, sandbox
        self.setProperty("room", "bar")
        self.setProperty("edge", "bottom")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 24, 0)
        row.setSpacing(12)
        self.menu = MenuButton(appearance, menu)
        self._glyph = QWidget()
        inner = QHBoxLayout(self._glyph)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(IconLabel(appearance, "folder", "action", 20), 0, Qt.AlignmentFlag.AlignCenter)
        self._place = Text(place, "body-strong")
        row.addWidget(self.menu)
        row.addWidget(self._glyph)
        row.addWidget(self._place)
        self.search = SearchField(appearance)
        self.search.clicked.connect(lambda _c=False: self.search_asked.emit())
        row.addSpacing(12)
        row.addWidget(self.search)
        row.addStretch(1)
        if sandbox:
            row.addWidget(Chip(appearance, "sandbox", "sandbox", "Bac à sable"))
        row.addLayout(self._freshness())
        self._line = Hairline(vertical=True, length=24)
        row.addWidget(self._line)
        row.addWidget(self._person())
        self._lock = ActionButton(appearance, "Verrouiller", kind="quiet", keys="F9", icon="lock")
        self._lock.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lock.clicked.connect(self.lock_asked)
        row.addWidget(self._lock)
        self._locked_icon = IconLabel(appearance, "lock", "text-2", 18)
        self._locked = Text("Poste verrouillé", "caption", "text-2")
        row.addWidget(self._locked_icon)
        row.addWidget(self._locked)
        self._fit()
        appearance.changed.connect(self._fit)
        self.tell_person("", "")
        self.tell_freshness("", "", "")

    def _freshness(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._fresh_icon, self._fresh = (
            IconLabel(self._appearance, "cloud", "text-3", 18),
            Text("", "caption", "text-3"),
        )
        self._fresh_words = ""
        row.addWidget(self._fresh_icon)
        row.addWidget(self._fresh)
        return row

    def _person(self) -> QWidget:
        self._who = QWidget()
        column = QVBoxLayout(self._who)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(0)
        self._name, self._role = Text("", "body-strong"), Text("", "caption", "text-2")
        column.addStretch(1)
        column.addWidget(self._name)
        column.addWidget(self._role)
        column.addStretch(1)
        return self._who

    def _fit(self) -> None:
        theme = self._appearance.theme
        self.setFixedHeight(theme.size("top_bar") - (theme.px(SANDBOX_LINE) if self._sandbox else 0))
        self._glyph.setFixedWidth(theme.size("navigation"))
        self.search.fit(narrow=self._narrow)
        self.menu.fit()

    def tell_person(self, name: str, role: str) -> None:
        """Who is signed in; nobody when ``name`` is empty."""
        self._name.setText(name)
        self._role.setText(role)
        self._arrange()

    def tell_freshness(self, icon: str, words: str, tone: str) -> None:
        """How fresh what is shown is."""
        self._fresh_words = words
        if words:
            self._fresh_icon.show_icon(icon, tone)
            self._fresh_icon.setAccessibleName(words)
            self._fresh.set_tone(tone)
        self._arrange()

    def tell_title(self, words: str) -> None:
        """The page shown, said in place of the practice when there is little room."""
        self._title_words = words
        self._arrange()

    def narrow(self, is_narrow: bool) -> None:
        """Few pixels: menu button in, long words out."""
        self._narrow = is_narrow
        self._arrange()

    def _arrange(self) -> None:
        narrow, signed_in = self._narrow, bool(self._name.text())
        self.menu.setVisible(narrow and signed_in)
        self._glyph.setVisible(not (narrow and signed_in))
        self._place.setText(self._title_words if narrow and signed_in else self._place_words)
        hour = re.search(r"\d\d:\d\d$", self._fresh_words)
        short = hour.group() if hour else ""
        words = short if narrow else self._fresh_words
        self._fresh.setText(words)
        self._fresh.setVisible(bool(words))
        self._fresh_icon.setVisible(bool(self._fresh_words))
        self.search.setVisible(signed_in)
        self.search.fit(narrow=narrow)
        self._line.setVisible(signed_in and not narrow)
        self._who.setVisible(signed_in and not narrow)
        self._lock.setVisible(signed_in)
        self._lock.show_words(not narrow)
        self._locked_icon.setVisible(not signed_in)
        self._locked.setVisible(not signed_in)


class NavigationButton(QToolButton):
    """An icon above its word, with a count beside the icon when something waits."""

    def __init__(self, appearance: Appearance, icon: str, words: str) -> None:
        super().__init__()
        self._appearance, self._icon, self._words, self._number = appearance, icon, words, 0
        self.setProperty("kind", "navigation")
        self.setProperty("ring", "inside")
        self.setCheckable(True)
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # Navigation is reached by F10, not by Tab: Tab goes through what the screen asks (guide §6).
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.toggled.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Height and icon at this zoom, in this theme."""
        theme = self._appearance.theme
        size = theme.px(20)
        tone = "action" if self.isChecked() else "text-2"
        self.setIcon(QIcon(pixmap(self._icon, theme.hex(tone), size, self.devicePixelRatioF())))
        self.setIconSize(QSize(size, size))
        self.setFixedHeight(theme.px(56))
        self.update()

    def count(self, number: int) -> None:
        """A number beside the icon; none at zero."""
        self._number = number
        self.setAccessibleName(f"{self._words}, {number}" if number else self._words)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space presses; the other keys are the navigation's (a button would send arrows into the page)."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, then its badge."""
        super().paintEvent(event)
        if not self._number:
            return
        theme = self._appearance.theme
        px, words = theme.px, str(self._number) if self._number < 100 else "99+"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption", bold=True))
        side = px(18)
        width = max(side, painter.fontMetrics().horizontalAdvance(words) + px(8))
        badge = QRect(min(px(41), self.width() - width - px(2)), px(4), width, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("action"))
        painter.drawRoundedRect(badge, side / 2, side / 2)
        painter.setPen(theme.color("on-action"))
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.end()


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    words: str
    button: NavigationButton
    bottom: bool


class Navigation(QFrame):
    """72 wide: an icon above its word; settings at the bottom. F10 brings the keyboard here, arrows move."""

    asked = Signal(str)
    left = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._entries: dict[str, _Entry] = {}
        self._offered: frozenset[str] | None = None
        self._above = 0
        self.setProperty("room", "bar")
        self.setProperty("edge", "right")
        self.setAccessibleName("Navigation")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 1, 8)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._fit()
        appearance.changed.connect(self._fit)

    def add(self, key: str, icon: str, words: str, *, bottom: bool = False) -> None:
        """One entry."""
        button = NavigationButton(self._appearance, icon, words)
        button.clicked.connect(lambda _c=False, k=key: self.asked.emit(k))
        self._entries[key] = _Entry(key, words, button, bottom)
        if not self.is_offered(key):
            button.hide()
        self._column.insertWidget(self._column.count() if bottom else self._above, button)
        self._above += not bottom

    def offer(self, keys: Sequence[str]) -> None:
        """The pages of whoever is signed in, in order: the others have no entry, neither here nor in the menu."""
        self._offered = frozenset(keys)
        order = [key for key in keys if key in self._entries]
        rest = [key for key in self._entries if key not in order]
        self._entries = {key: self._entries[key] for key in (*order, *rest)}
        for entry in self._entries.values():
            entry.button.setVisible(self.is_offered(entry.key))
            self._column.removeWidget(entry.button)
        above = [entry for entry in self._entries.values() if not entry.bottom]
        for place, entry in enumerate(above):
            self._column.insertWidget(place, entry.button)
        for entry in self._entries.values():
            if entry.bottom:
                self._column.addWidget(entry.button)

    def is_offered(self, key: str) -> bool:
        """Whether a page has its entry for whoever is signed in; every page has until :meth:`offer` says otherwise."""
        return self._offered is None or key in self._offered

    def words(self, key: str) -> str:
        """The word of an entry, offered or not."""
        return self._entries[key].words

    def show_current(self, key: str) -> None:
        """Mark where we are."""
        for entry in self._entries.values():
            entry.button.setChecked(entry.key == key)

    def count(self, key: str, number: int) -> None:
        """A number beside an icon; none at zero."""
        self._entries[key].button.count(number)

    def entries(self) -> tuple[tuple[str, str], ...]:
        """Key and words of each one offered, in order."""
        return tuple((e.key, e.words) for e in self._entries.values() if self.is_offered(e.key))

    def take_keys(self) -> None:
        """The keyboard comes to the page we are on."""
        current = next((e.button for e in self._entries.values() if e.button.isChecked()), None)
        if current is not None:
            current.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Enter, Escape."""
        buttons = [e.button for e in self._entries.values() if self.is_offered(e.key)]
        here = next((i for i, b in enumerate(buttons) if b.hasFocus()), None)
        key = event.key()
        if here is not None and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            buttons[(here + (1 if key == Qt.Key.Key_Down else -1)) % len(buttons)].setFocus()
        elif here is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            buttons[here].click()
        elif here is not None and key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            event.ignore()

    def _fit(self) -> None:
        self.setFixedWidth(self._appearance.theme.size("navigation"))
        for entry in self._entries.values():
            entry.button.fit()
