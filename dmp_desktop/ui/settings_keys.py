"""« Clés de ce poste » in the settings: who has a way in, and what the person in session may do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.services.keys import WayIn, WayKind
from dmp_desktop.ui.keys_presenter import Ask, KeysPresenter
from dmp_desktop.ui.page_frame import on_key
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.settings_parts import Part
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Hairline, Text
from dmp_desktop.ui.widgets.controls import ActionButton, Field, RadioRow
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import MessageStrip, on_click

TITLE: Final = "Clés de ce poste"
_NOTE: Final = "Qui peut ouvrir ce poste, et la copie des documents."
_NAMES: Final = {
    WayKind.PASSPHRASE: "Phrase de passe du poste",
    WayKind.KEYRING: "Session de cet ordinateur",
    WayKind.CARD: "Carte professionnelle",
    WayKind.RECOVERY: "Page de secours",
    WayKind.INVITATION: "Invitation",
    WayKind.OTHER: "Accès d’une autre version du programme",
}
_QUESTIONS: Final = {
    Ask.NEW_PAGE: (
        "Imprimer une nouvelle page de secours\u202f?",
        "Celle qui est sous clé n’ouvrira plus rien.",
        "Imprimer",
    ),
    Ask.CHANGE_KEYS: (
        "Changer les clés de ce poste\u202f?",
        "Une nouvelle page de secours s’imprime. Les nouvelles clés servent au prochain démarrage. Les autres cartes"
        " devront être invitées à nouveau.",
        "Changer les clés",
    ),
    Ask.DELETE_ASIDE: (
        "Effacer les fichiers mis de côté\u202f?",
        "L’ancienne copie ne pourra plus être retrouvée. Les documents restent au DMP.",
        "Effacer",
    ),
}


class KeysPart(Part):
    """Draws what the presenter decides.

    :ivar stops: what Tab goes through, in order.
    """

    redrawn = Signal()

    def __init__(self, appearance: Appearance, presenter: KeysPresenter) -> None:
        super().__init__(TITLE, _NOTE)
        self._appearance, self._presenter = appearance, presenter
        self._list, self._acts, self._question = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for layout, spacing in ((self._list, 4), (self._acts, 8), (self._question, 12)):
            layout.setSpacing(spacing)
            self.body.addLayout(layout)
        self._group: QButtonGroup | None = None
        self.stops: list[QWidget] = []
        self._drawn: object = None
        presenter.changed.connect(self.redraw)
        appearance.changed.connect(self._restyle)

    def showEvent(self, event: QShowEvent) -> None:
        """The ways in, as they are now."""
        super().showEvent(event)
        if not event.spontaneous():
            self._presenter.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """A code is not left on a page nobody looks at."""
        super().hideEvent(event)
        if not event.spontaneous() and self._presenter.code is not None and self._presenter.ask is Ask.SHOW_CODE:
            self._presenter.leave()

    def _restyle(self) -> None:
        self._drawn = None
        self.redraw()

    def redraw(self) -> None:
        """Who has a way in, what may be done, and the question asked."""
        p = self._presenter
        wanted = (p.ways, p.chosen, p.ask, p.busy, p.done, p.fault, p.clinical, p.aside, p.code is None)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        focused = self.focusWidget()
        name = focused.accessibleName() if focused is not None and focused.hasFocus() else ""
        for layout in (self._list, self._acts, self._question):
            empty_layout(layout)
        self.stops.clear()
        self._draw_ways()
        self._draw_acts()
        first = self._draw_question()
        again = [stop for stop in self.stops if stop.accessibleName() == name and stop.isEnabled()]
        for wanted_focus in (first, *again):
            if wanted_focus is not None:
                wanted_focus.setFocus()
                break
        self.redrawn.emit()

    # -- the ways in --------------------------------------------------------------------------------------------------

    def _draw_ways(self) -> None:
        p = self._presenter
        self._group = QButtonGroup(self)
        for way in p.ways:
            row = RadioRow(self._appearance, _title(way), _told(way))
            row.setChecked(way.id == p.chosen)
            row.clicked.connect(lambda _c=False, i=way.id: p.choose(i))
            self._group.addButton(row)
            self._list.addWidget(row)
            self.stops.append(row)

    def _draw_acts(self) -> None:
        p = self._presenter
        may = p.open_questions
        rows = (
            (
                self._act("Retirer cet accès", "Alt+X", lambda: p.put(Ask.REMOVE), Ask.REMOVE in may),
                self._act("Inviter un confrère", "Alt+I", p.invite, p.clinical),
            ),
            (
                self._act("Ajouter ma carte", "Alt+M", p.add_own_card, p.may_add_own_card),
                self._act("Phrase de passe", "Alt+P", lambda: p.put(Ask.PASSPHRASE), True),
            ),
            (
                self._act("Page de secours", "Alt+S", lambda: p.put(Ask.NEW_PAGE), Ask.NEW_PAGE in may),
                self._act("Changer les clés", "Alt+K", lambda: p.put(Ask.CHANGE_KEYS), Ask.CHANGE_KEYS in may),
            ),
        )
        for row in rows:
            across = QHBoxLayout()
            across.setSpacing(8)
            for button in row:
                across.addWidget(button)
            across.addStretch(1)
            self._acts.addLayout(across)
        if p.aside:
            button = self._act("Effacer l’ancienne copie", "Alt+F", lambda: p.put(Ask.DELETE_ASIDE), True)
            self._acts.addWidget(button)
        if not p.clinical:
            words = "Seule une carte qui ouvre la copie des documents invite, retire un soignant ou change les clés."
            self._acts.addWidget(Text(words, "caption", "text-2", wrap=True))

    def _act(self, words: str, keys: str, act: Callable[[], None], allowed: bool) -> ActionButton:
        button = ActionButton(self._appearance, words, keys=keys)
        button.setEnabled(allowed and not self._presenter.busy)
        on_click(button, act)
        on_key(button, keys, button.click)
        self.stops.append(button)
        return button

    # -- questions ----------------------------------------------------------------------------------------------------

    def _draw_question(self) -> QWidget | None:
        p, body = self._presenter, self._question
        if p.fault is not None:
            body.addWidget(MessageStrip.of(self._appearance, sentence(p.fault)))
        if p.done:
            body.addWidget(MessageStrip(self._appearance, "success", p.done))
        if p.ask is Ask.NOTHING:
            return None
        body.addWidget(Hairline())
        if p.ask is Ask.SHOW_CODE and p.code is not None:
            return self._draw_code(p.code.reveal())
        if p.ask is Ask.PRINT_PAGE:
            strip = MessageStrip(
                self._appearance,
                "warning",
                "La nouvelle page de secours doit être imprimée.",
                "L’ancienne n’ouvre plus rien.",
            )
            body.addWidget(strip)
            return self._foot("Imprimer", p.print_page, "Continuer sans page")
        if p.ask is Ask.REMOVE and p.way is not None:
            person = p.way.kind is WayKind.CARD and p.way.name
            title = f"Retirer l’accès de {p.way.name}\u202f?" if person else "Retirer cet accès\u202f?"
            body.addWidget(MessageStrip(self._appearance, "warning", title, _without(p.way)))
            return self._foot("Retirer", p.remove)
        if p.ask is Ask.PASSPHRASE:
            return self._draw_passphrase()
        title, rest, words = _QUESTIONS[p.ask]
        body.addWidget(MessageStrip(self._appearance, "warning", title, rest))
        if p.ask is Ask.CHANGE_KEYS:
            field = self._secret("Phrase de passe actuelle")
            self._foot(words, lambda: p.change_keys(field.text()))
            return field.edit
        return self._foot(words, p.new_page if p.ask is Ask.NEW_PAGE else p.delete_aside)

    def _draw_code(self, code: str) -> QWidget:
        body = self._question
        body.addWidget(Text("Code à donner à votre confrère", "caption", "text-2"))
        shown = Text(code, "title", wrap=True)
        shown.setAccessibleName("Code d’invitation")
        body.addWidget(shown)
        words = "Une carte, une seule fois, dans les 24\u00a0heures. Il le tape à sa connexion sur ce poste."
        body.addWidget(Text(words, "caption", "text-2", wrap=True))
        return self._foot("C’est noté", self._presenter.leave, "")

    def _draw_passphrase(self) -> QWidget:
        p = self._presenter
        current, new = self._secret("Phrase de passe actuelle"), self._secret("Nouvelle phrase de passe")
        again = self._secret("La nouvelle, encore une fois")

        def send() -> None:
            if new.text() != again.text():
                again.set_error("Les deux phrases ne sont pas les mêmes.")
            elif current.text():
                p.change_passphrase(current.text(), new.text())

        self._foot("Changer la phrase", send)
        return current.edit

    def _secret(self, label: str) -> Field:
        field = Field(self._appearance, label)
        field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        field.edit.setEnabled(not self._presenter.busy)
        self._question.addWidget(field)
        self.stops.append(field.edit)
        return field

    def _foot(self, words: str, act: Callable[[], None], back: str = "Non, revenir") -> ActionButton:
        """The answer that is kept off Enter: a key of its own for each."""
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addStretch(1)
        if back:
            foot.addWidget(self._act(back, "Alt+N", self._presenter.leave, True))
        button = self._act(words, "Alt+O", act, True)
        foot.addWidget(button)
        self._question.addLayout(foot)
        return button


def _title(way: WayIn) -> str:
    return way.name if way.kind is WayKind.CARD and way.name else _NAMES[way.kind]


def _told(way: WayIn) -> str:
    opens = "dossiers et documents" if way.clinical else "dossiers, sans les documents"
    kind = "" if not way.name else "carte" if way.kind is WayKind.CARD else f"par {way.name}"
    since = f"depuis le {_day(way.since)}" if way.since else ""
    until = f"jusqu’au {_day(way.until)} à {way.until.astimezone(PARIS):%H:%M}" if way.until else ""
    words = ", ".join(part for part in (kind, opens, until or since) if part)
    return words[:1].upper() + words[1:]


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(PARIS):%d/%m/%Y}"


def _without(way: WayIn) -> str:
    if way.kind is WayKind.KEYRING:
        return "Ce poste demandera sa phrase de passe, ou une carte admise, à chaque démarrage."
    if way.kind is WayKind.INVITATION:
        return "Le code donné n’ouvrira plus rien."
    if way.clinical:
        return "Cette carte n’ouvrira plus la copie des documents. Une session ouverte le reste jusqu’à sa fin."
    return "Cette carte n’ouvrira plus ce poste à la place de la phrase de passe."
