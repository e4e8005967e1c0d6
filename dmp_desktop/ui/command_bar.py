"""The command bar (guide 4.11): Ctrl+K, a few letters, Enter. People and documents are looked for while one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid

from dmp_desktop.ui.command_rows import Command, RowDelegate, Rows, found, matches
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import IconLabel, KeyCap, Text

Provider = Callable[[], Sequence[Command]]

Answer = Callable[[Sequence[Command]], None]
Search = Callable[[str, Answer], None]
"""Looks for what is typed, and answers on the screen's thread when it can; an answer that comes too late is dropped."""

DEBOUNCE_MS = 80
"""So long after the last letter are people and documents looked for."""

_OURS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class CommandBar(QFrame):
    """Opens over the search field of the top bar, gives the focus back where it was.

    :param commands: asked each time it opens; a group is drawn only when it has rows.
    :param searches: asked each time it opens too: who looks for people, for documents, as whoever is signed in may.
    :param over: what it opens over, as long as it is there; else it opens in the middle.
    """

    WIDTH = 640

    def __init__(
        self,
        appearance: Appearance,
        window: QWidget,
        commands: Provider,
        searches: Callable[[], Sequence[Search]] = tuple,
        over: QWidget | None = None,
    ) -> None:
        super().__init__(window)
        self._appearance, self._window, self._provider = appearance, window, commands
        self._searches_now, self._over = searches, over
        self._commands: tuple[Command, ...] = ()
        self._searches: tuple[Search, ...] = ()
        self._results: dict[int, tuple[Command, ...]] = {}
        self._asked = 0
        self._unanswered = 0
        self._run_when_answered = False
        self._before: QWidget | None = None
        self.setProperty("kind", "floating")
        self.setProperty("ring", "none")
        self.setAccessibleName("Barre de commande")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(11, 0, 12, 0)
        row.setSpacing(8)
        self._edit = QLineEdit()
        self._edit.setProperty("kind", "bare")
        self._edit.setProperty("ring", "none")
        self._edit.setMaxLength(80)
        self._edit.textChanged.connect(self._search)
        self._edit.installEventFilter(self)
        row.addWidget(IconLabel(appearance, "search", "text-2", 18))
        row.addWidget(self._edit, 1)
        row.addWidget(KeyCap(appearance, "Échap"))
        column.addLayout(row)
        self._rows = Rows()
        self._list = QListView()
        self._list.setModel(self._rows)
        self._list.setProperty("kind", "bare")
        self._list.setItemDelegate(RowDelegate(appearance, self._list, self._rows))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setSelectionMode(QListView.SelectionMode.NoSelection)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("Ce qui répond")
        self._list.clicked.connect(self._clicked)
        column.addWidget(self._list)
        self._nothing = Text("", "body", "text-2")
        self._nothing.setContentsMargins(16, 8, 16, 14)
        column.addWidget(self._nothing)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._ask)
        window.installEventFilter(self)
        appearance.changed.connect(self._place)
        self.tell_scope("")
        self.hide()

    # -- opening and closing ------------------------------------------------------------------------------------------

    def tell_scope(self, words: str) -> None:
        """What may be looked for, said in the empty field; ``""``: actions only."""
        self._edit.setPlaceholderText(words or "Que voulez-vous faire\u202f?")
        self._edit.setAccessibleName(words or "Chercher une action")

    def open(self) -> None:
        """Show what can be done now."""
        if self.isVisible():
            return
        self._before = self._window.focusWidget()
        self._commands, self._searches = tuple(self._provider()), tuple(self._searches_now())
        self._edit.clear()
        self._search("")
        self.show()
        self.raise_()
        # Only what is shown has the sizes of the style sheet.
        self._place()
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Close; the focus returns where it was, and nothing of anybody remains in it."""
        if not self.isVisible():
            return
        self.hide()
        self._forget()
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()

    def _forget(self) -> None:
        self._timer.stop()
        self._asked += 1
        self._results.clear()
        self._unanswered, self._run_when_answered = 0, False
        with QSignalBlocker(self._edit):
            self._edit.clear()
        self._rows.tell(())
        self._edit.setAccessibleDescription("")

    @property
    def rows(self) -> tuple[str, ...]:
        """The words of the rows shown."""
        return tuple(row.command.words for row in self._rows.rows)

    # -- looking for --------------------------------------------------------------------------------------------------

    def _search(self, typed: str) -> None:
        self._asked += 1
        self._run_when_answered = False
        # What was found for fewer letters stays as long as it holds these: nothing else may take the Enter.
        for rank, results in self._results.items():
            self._results[rank] = tuple(one for one in results if typed.strip() and matches(one.words, typed))
        self._unanswered = len(self._searches) if typed.strip() else 0
        if self._unanswered:
            self._timer.start()
        else:
            self._timer.stop()
        self._show(keep=False)

    def _ask(self) -> None:
        asked, typed = self._asked, self._edit.text()
        for rank, search in enumerate(self._searches):
            search(typed, partial(self._answered, asked, rank))

    def _answered(self, asked: int, rank: int, results: Sequence[Command]) -> None:
        if asked != self._asked or not self.isVisible():
            return  # the answer to what was typed before
        self._results[rank] = tuple(results)
        self._unanswered -= 1
        self._show(keep=True)
        if self._run_when_answered and not self._unanswered:
            self._run()

    def _show(self, *, keep: bool) -> None:
        """The rows as they stand; the current one stays current when somebody moved to it."""
        at = self._list.currentIndex().row()
        current = self._rows.rows[at].command if keep and 0 < at < len(self._rows.rows) else None
        results = [one for rank in sorted(self._results) for one in self._results[rank]]
        rows = found(self._commands, self._edit.text(), results)
        self._rows.tell(rows)
        some = bool(rows)
        self._list.setVisible(some)
        self._nothing.setVisible(not some)
        self._nothing.setText("Recherche…" if self._unanswered else "Rien ne répond à ces mots.")
        if some:
            self._choose(next((n for n, row in enumerate(rows) if row.command == current), 0) if current else 0)
        self._place()

    # -- choosing -----------------------------------------------------------------------------------------------------

    def _choose(self, row: int) -> None:
        index = self._rows.index(row)
        self._list.setCurrentIndex(index)
        self._list.viewport().update()
        self._edit.setAccessibleDescription(str(self._rows.data(index, Qt.ItemDataRole.AccessibleTextRole)))

    def _clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())
        self._run()

    def _enter(self) -> None:
        """Run the current row: the first one only once everything has answered, or another would be run instead."""
        if self._unanswered and self._list.currentIndex().row() <= 0:
            self._run_when_answered = True
        else:
            self._run()

    def _run(self) -> None:
        row = self._list.currentIndex().row()
        if not 0 <= row < len(self._rows.rows):
            return
        command = self._rows.rows[row].command
        if command.reason:
            return
        self.close_bar()
        command.run()

    def _place(self) -> None:
        px = self._appearance.theme.px
        over = self._over if self._over is not None and self._over.isVisible() else None
        self._edit.setFixedHeight(px(30 if over else 46))
        width = min(px(self.WIDTH), self._window.width() - px(32))
        heights = sum(self._list.sizeHintForRow(row) for row in range(len(self._rows.rows)))
        heights += 2 * self._appearance.theme.hairline
        room = self._window.height() - px(44 + 48 + 24)
        self._list.setFixedHeight(max(1, min(heights, room)))
        corner = over.mapTo(self._window, QPoint(0, 0)) if over else QPoint((self._window.width() - width) // 2, px(44))
        corner.setX(max(0, min(corner.x(), self._window.width() - width - px(16))))
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(corner)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows, Enter and Escape while typing; a click elsewhere closes."""
        kind = event.type()
        if watched is self._edit and isinstance(event, QKeyEvent):
            if kind == QEvent.Type.KeyPress:
                return self._key(event)
            if kind == QEvent.Type.ShortcutOverride and event.key() in _OURS:
                # The screen behind has these keys too: here they are the bar's.
                event.accept()
                return True
        if watched is self._edit and isinstance(event, QFocusEvent) and event.lostFocus() and self.isVisible():
            if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
                self._before = None
                self.hide()
                self._forget()
        elif watched is self._window and isinstance(event, QResizeEvent) and self.isVisible():
            self._place()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, count = event.key(), len(self._rows.rows)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._choose((self._list.currentIndex().row() + step) % count)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            return False
        return True
