"""The sandbox's hands: simulated cards to put in and take out, breakdowns to play. Never outside the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.widgets.basic import ElidedText, IconLabel, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton

WIDTH = 328


class Slot(StrEnum):
    """The two slots of the simulated reader, by what each usually takes."""

    PROFESSIONAL = "professional"
    VITALE = "vitale"


@dataclass(frozen=True, slots=True)
class SimulatedCard:
    """A card of the cast.

    :ivar note: a line under its label: a fictional code, or what the person's dossier has of special.
    """

    key: str
    slot: Slot
    label: str
    note: str = ""


class CardTable(Protocol):
    """The cards lying beside the reader. Answers from memory; a card put in is told by the readers."""

    def cards(self) -> Sequence[SimulatedCard]:
        """Every card, in order; none while the sandbox starts."""
        ...

    def insert(self, key: str) -> None:
        """Put a card into its slot; one already there leaves first."""
        ...

    def remove(self, slot: Slot) -> None:
        """Take out the card of a slot, if any."""
        ...

    def inserted(self, slot: Slot) -> str:
        """Key of the card in a slot, ``""`` when empty."""
        ...


class Breakdowns(Protocol):
    """What a trainer may break. One at a time."""

    def known(self) -> Sequence[tuple[str, str]]:
        """Key and words of each."""
        ...

    def play(self, key: str) -> None:
        """Break this and nothing else; ``""`` brings everything back to normal."""
        ...

    def playing(self) -> str:
        """Key of what is broken, ``""`` for nothing."""
        ...


_ICONS = {Slot.PROFESSIONAL: "card-pro", Slot.VITALE: "card"}
_HEADS = {Slot.PROFESSIONAL: "Cartes pro", Slot.VITALE: "Cartes Vitale"}
_PLACES = {Slot.PROFESSIONAL: "Gauche", Slot.VITALE: "Droite"}
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_MIDDLE = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)


class CardList(QWidget):
    """The cards, painted, under the slot that takes them; the one that is in is marked by icon, word and colour."""

    picked = Signal(str)
    asked = Signal(str)

    HEAD, ROW = 26, 44

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._cards: tuple[SimulatedCard, ...] = ()
        self._in: frozenset[str] = frozenset()
        self.current = ""
        self.setProperty("ring", "inside")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Cartes simulées")
        self.setMouseTracking(True)
        appearance.changed.connect(self._fit)

    def tell(self, cards: Sequence[SimulatedCard], inserted: frozenset[str], current: str) -> None:
        """Show these."""
        self._cards, self._in, self.current = tuple(cards), inserted, current
        card = next((c for c in self._cards if c.key == current), None)
        if card is not None:
            state = "dans le lecteur" if card.key in inserted else "sur la table"
            self.setAccessibleDescription(
                f"{card.label}, {card.note}, {state}" if card.note else f"{card.label}, {state}"
            )
        self._fit()
        self.update()

    def row_rect(self, key: str) -> QRect:
        """Where a card is."""
        return next(
            (area for what, area in self._places() if isinstance(what, SimulatedCard) and what.key == key), QRect()
        )

    def _fit(self) -> None:
        px = self._appearance.theme.px
        heads = len({card.slot for card in self._cards})
        self.setFixedHeight(heads * px(self.HEAD) + sum(self._height(card) for card in self._cards))

    def _height(self, card: SimulatedCard) -> int:
        """The chosen card shows its whole note."""
        px = self._appearance.theme.px
        if card.key != self.current or not card.note:
            return px(self.ROW)
        metrics = QFontMetrics(self._appearance.theme.font("caption"))
        room = QRect(0, 0, self.width() - px(48), 10_000)
        return max(px(self.ROW), px(24) + metrics.boundingRect(room, int(_WRAPPED), card.note).height() + px(6))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The note wraps at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _places(self) -> list[tuple[Slot | SimulatedCard, QRect]]:
        px, top, slot = self._appearance.theme.px, 0, None
        places: list[tuple[Slot | SimulatedCard, QRect]] = []
        for card in self._cards:
            if card.slot is not slot:
                slot = card.slot
                places.append((slot, QRect(0, top, self.width(), px(self.HEAD))))
                top += px(self.HEAD)
            places.append((card, QRect(0, top, self.width(), self._height(card))))
            top += self._height(card)
        return places

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heads and rows."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        for what, area in self._places():
            if isinstance(what, SimulatedCard):
                self._row(painter, what, area)
            else:
                painter.fillRect(area, theme.color("sunken"))
                painter.setFont(theme.font("caption", bold=True))
                painter.setPen(theme.color("text-2"))
                painter.drawText(area.adjusted(theme.px(12), 0, 0, 0), _MIDDLE, _HEADS[what])
        painter.end()

    def _row(self, painter: QPainter, card: SimulatedCard, area: QRect) -> None:
        theme, px = self._appearance.theme, self._appearance.theme.px
        inside = card.key in self._in
        if card.key == self.current:
            painter.fillRect(area, theme.color("selected"))
            painter.fillRect(0, area.top(), px(4), area.height(), theme.color("action"))
        painter.fillRect(area.left(), area.bottom(), area.width(), theme.hairline, theme.color("line"))
        size = px(18)
        tone = "success" if inside else "text-2"
        image = pixmap("success" if inside else _ICONS[card.slot], theme.hex(tone), size, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(px(12), area.top() + px(13)), image)
        left, right = px(40), area.width() - px(8)
        if inside:
            painter.setFont(theme.font("caption", bold=True))
            painter.setPen(theme.color("success"))
            width = painter.fontMetrics().horizontalAdvance("En place")
            painter.drawText(QRect(right - width, area.top() + px(3), width + 2, px(20)), _MIDDLE, "En place")
            right -= width + px(8)
        painter.setFont(theme.font("body", bold=inside))
        painter.setPen(theme.color("text"))
        first = QRect(left, area.top() + px(3 if card.note else 11), right - left, px(20))
        self._cut(painter, first, card.label)
        if card.note:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("text-2"))
            under = QRect(left, area.top() + px(23), area.width() - left - px(8), area.height() - px(24))
            if card.key == self.current:
                painter.drawText(under, int(_WRAPPED), card.note)
            else:
                self._cut(painter, QRect(under.left(), under.top(), under.width(), px(17)), card.note)

    @staticmethod
    def _cut(painter: QPainter, area: QRect, words: str) -> None:
        """What does not fit is whole once the card is chosen, and in the words read aloud."""
        painter.drawText(
            area, _MIDDLE, painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        )

    def _at(self, position: QPoint) -> str:
        return next(
            (w.key for w, area in self._places() if isinstance(w, SimulatedCard) and area.contains(position)), ""
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a card."""
        key = self._at(event.position().toPoint())
        if key:
            self.picked.emit(key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Put it in, or take it out."""
        key = self._at(event.position().toPoint())
        if key:
            self.asked.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose; Enter or Space puts in or takes out."""
        keys, key = [card.key for card in self._cards], event.key()
        moves = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: 5,
            Qt.Key.Key_PageUp: -5,
            Qt.Key.Key_End: len(keys),
            Qt.Key.Key_Home: -len(keys),
        }
        if keys and key in moves:
            at = keys.index(self.current) if self.current in keys else 0
            self.picked.emit(keys[max(0, min(len(keys) - 1, at + moves[Qt.Key(key)]))])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current:
            self.asked.emit(self.current)
        else:
            event.ignore()


class SimulatedCards(Panel):
    """Cards and breakdowns of the sandbox, one above the other beside the sign-in, side by side on the readers page."""

    def __init__(self, appearance: Appearance, table: CardTable, faults: Breakdowns) -> None:
        super().__init__(margin=16, spacing=8)
        self._appearance, self._table, self._faults = appearance, table, faults
        self._chosen = ""
        self.setAccessibleName("Cartes simulées")
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._halves.setSpacing(12)
        self._cards, self._broken = QVBoxLayout(), QVBoxLayout()
        for half in (self._cards, self._broken):
            half.setSpacing(8)
        self._halves.addLayout(self._cards, 1)
        self._halves.addLayout(self._broken)
        self.body.addLayout(self._halves)
        self._cards.addWidget(Text("Cartes simulées", "body-strong"))
        self._hint = Text("", "caption", "text-2")
        self._cards.addWidget(self._hint)
        self._slots = {slot: self._slot_line(slot) for slot in Slot}
        self.list = CardList(appearance)
        self.list.picked.connect(self._choose)
        self.list.asked.connect(self._turn)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self.list)
        self._cards.addWidget(self._area, 1)
        row = QHBoxLayout()
        self._insert = ActionButton(appearance, "Insérer", keys="Entrée")
        self._insert.clicked.connect(lambda _c=False: self._turn(self._chosen))
        row.addStretch(1)
        row.addWidget(self._insert)
        self._cards.addLayout(row)
        head = QHBoxLayout()
        head.addWidget(Text("Pannes", "body-strong"))
        head.addStretch(1)
        self._normal = ActionButton(appearance, "Retour à la normale", kind="quiet")
        self._normal.clicked.connect(lambda _c=False: self._play(""))
        head.addWidget(self._normal)
        self._broken.addLayout(head)
        grid = QGridLayout()
        grid.setSpacing(8)
        self._breakdowns: dict[str, ActionButton] = {}
        for index, (key, words) in enumerate(faults.known()):
            button = ActionButton(appearance, words)
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _c=False, k=key: self._play("" if faults.playing() == k else k))
            self._breakdowns[key] = button
            grid.addWidget(button, index // 2, index % 2)
        self._broken.addLayout(grid)
        self._broken.addStretch(0)
        self._wide: bool | None = None
        appearance.changed.connect(self._fit)
        self._fit()
        self.refresh()

    def spread(self, *, wide: bool) -> None:
        """On a page: as large as what it stands in, side by side if there is room."""
        if wide is not self._wide:
            down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
            self._wide = wide
            self._halves.setDirection(right if wide else down)
            self._halves.setSpacing(24 if wide else 12)
            self._fit()

    def _slot_line(self, slot: Slot) -> tuple[Text, ActionButton]:
        words = ElidedText("", "body")
        button = ActionButton(self._appearance, "Retirer", kind="quiet")
        button.setAccessibleName(f"Retirer la carte de la fente de {_PLACES[slot].lower()}")
        button.clicked.connect(lambda _c=False: self._remove(slot))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(IconLabel(self._appearance, _ICONS[slot], "text-2", 18))
        row.addWidget(words, 1)
        row.addWidget(button)
        self._cards.addLayout(row)
        return words, button

    def _fit(self) -> None:
        px = self._appearance.theme.px
        if self._wide is None:
            self.setFixedWidth(px(WIDTH))
        else:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16_777_215)
        self._area.setMinimumHeight(px(CardList.HEAD + CardList.ROW * 3))

    def refresh(self) -> None:
        """Draw what is in, what lies beside, what is broken."""
        cards = self._table.cards()
        self._hint.setText("Personnes fictives, codes connus." if cards else "Le bac à sable s’ouvre, un instant.")
        if self._chosen not in {card.key for card in cards}:
            self._chosen = cards[0].key if cards else ""
        labels = {card.key: card.label for card in cards}
        inside = {slot: self._table.inserted(slot) for slot in Slot}
        for slot, (words, button) in self._slots.items():
            words.setText(f"{_PLACES[slot]}\u00a0: {labels.get(inside[slot], 'vide')}")
            words.setAccessibleName(words.text())
            button.setVisible(bool(inside[slot]))
        self.list.tell(cards, frozenset(inside.values()) - {""}, self._chosen)
        self._insert.setEnabled(bool(cards))
        self._insert.set_words("Retirer" if self._chosen in inside.values() else "Insérer")
        playing = self._faults.playing()
        for key, button in self._breakdowns.items():
            button.setEnabled(bool(cards))
            button.setChecked(key == playing)
        self._normal.setVisible(bool(playing))

    def _choose(self, key: str) -> None:
        self._chosen = key
        self.refresh()
        area = self.list.row_rect(key)
        self._area.ensureVisible(0, area.center().y(), 0, area.height())

    def _turn(self, key: str) -> None:
        """Put a card in, or take it out if it is in."""
        card = next((c for c in self._table.cards() if c.key == key), None)
        if card is None:
            return
        self._chosen = key
        if self._table.inserted(card.slot) == key:
            self._table.remove(card.slot)
        else:
            self._table.insert(key)
        self.refresh()

    def _remove(self, slot: Slot) -> None:
        self._table.remove(slot)
        self.list.setFocus()
        self.refresh()

    def _play(self, key: str) -> None:
        self._faults.play(key)
        if not key and self._normal.hasFocus():
            self.list.setFocus()
        self.refresh()
