"""The sign-in screen: clock, one card that says what to do, the other ways below (guide, picture 01)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QDate, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from dmp_desktop.domain.professional import Professional
from dmp_desktop.services.profile import Access
from dmp_desktop.services.session import SessionState
from dmp_desktop.ui.code_entry import code_entry
from dmp_desktop.ui.lock_questions import KeyQuestions
from dmp_desktop.ui.page_frame import on_key
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.session_presenter import Busy, SessionPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Chip, Hairline, IconLabel, KeyCap, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton, Field, RadioRow
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import MessageStrip, on_click

WIDTH = 520


class LockScreen(QWidget):
    """What is shown while nobody is signed in. It never names a patient."""

    readers_asked = Signal()
    settings_asked = Signal()

    def __init__(
        self,
        appearance: Appearance,
        presenter: SessionPresenter,
        place: Callable[[], tuple[str, str]],
        now: Callable[[], datetime],
        aside: QWidget | None = None,
    ) -> None:
        super().__init__()
        self._appearance, self._presenter, self._place, self._now = appearance, presenter, place, now
        self.setProperty("room", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Poste verrouillé")
        self.setProperty("ring", "none")
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outside.addWidget(self._area)
        self._inside = QWidget()
        self._inside.setProperty("room", "scrolled")
        self._area.setWidget(self._inside)
        across = QHBoxLayout(self._inside)
        across.setContentsMargins(16, 16, 16, 16)
        across.setSpacing(0)
        across.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        across.addLayout(column)
        across.addStretch(1)
        self._aside = aside
        if aside is not None:
            across.addWidget(aside)
        self._panel = Panel(margin=24, spacing=24)
        self._ways = QHBoxLayout()
        self._ways.setContentsMargins(0, 24, 0, 0)
        self._ways.setSpacing(32)
        column.addStretch(9)
        column.addWidget(self._clock())
        column.addWidget(self._panel, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._ways)
        column.addStretch(11)
        self._minute = QTimer(self)
        self._minute.setInterval(5_000)
        self._minute.timeout.connect(self._tell_time)
        self._minute.start()
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._arrange)
        # What was just laid out may tell its true height later than that.
        self._area.verticalScrollBar().rangeChanged.connect(lambda _low, high: self._settled.start() if high else None)
        self._drawn: object = None
        self._first: QWidget | None = None
        presenter.changed.connect(self.redraw)
        appearance.changed.connect(self._restyle)
        self._tell_time()
        self._restyle()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _clock(self) -> QWidget:
        self._time = QWidget()
        column = QVBoxLayout(self._time)
        column.setContentsMargins(0, 0, 0, 32)
        column.setSpacing(4)
        self._hour, self._day = Text("", "clock"), Text("", "value", "text-2")
        for label in (self._hour, self._day):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        return self._time

    def _tell_time(self) -> None:
        now = self._now()
        self._hour.setText(f"{now:%H:%M}")
        day = QLocale(QLocale.Language.French).toString(QDate(now.year, now.month, now.day), "dddd d MMMM yyyy")
        self._day.setText(f"{day}, poste «\u00a0{self._place()[1]}\u00a0»")

    def _restyle(self) -> None:
        theme = self._appearance.theme
        self._panel.setFixedWidth(theme.px(WIDTH))
        self._hour.setFixedHeight(theme.line("clock"))
        self._drawn = None
        self.redraw()

    def redraw(self) -> None:
        """Say what the post waits for."""
        p = self._presenter
        wanted = (
            (p.access, p.busy, p.flow.state, p.flow.holder, p.flow.tries, p.flow.situations, p.fault, p.card_opens),
            (p.copy.state, p.copy.busy, p.copy.fault, p.rescue.chosen, p.recovery is None),
        )
        if wanted == self._drawn:
            return
        self._drawn = wanted
        body = self._panel.body
        empty_layout(body)
        empty_layout(self._ways)
        self._first = None
        questions = KeyQuestions(self._appearance, p, body, self._head)
        known = p.flow.holder is not None and p.flow.state is not SessionState.READING
        if p.recovery is not None:
            self._first = questions.recovery()
        elif p.rescue.chosen is not None:
            self._first = questions.rescue(p.rescue.chosen)
        elif p.copy.asks:
            self._first = questions.copy()
        elif p.access is Access.FIRST_RUN:
            self._draw_first_run()
        elif p.access is Access.PASSPHRASE and not (p.card_opens and known):
            self._draw_passphrase()
        elif p.flow.state is SessionState.CHOOSING_SITUATION:
            self._draw_situations()
        elif p.flow.holder is not None and p.flow.state is not SessionState.READING:
            self._draw_code(p.flow.holder)
        else:
            self._draw_waiting()
        rescues = [] if p.rescue.chosen is not None else questions.rescue_buttons()
        if p.access is Access.PASSPHRASE and p.card_opens and known:
            rescues = [self._passphrase_instead()]
        if rescues:
            self._ways.addStretch(1)
            for button in rescues:
                self._ways.addWidget(button)
            self._ways.addStretch(1)
        if p.access is Access.OPEN:
            self._ways.addStretch(1)
            unread = ActionButton(self._appearance, "La carte n’est pas lue", kind="quiet", keys="F1", icon="reader")
            unread.clicked.connect(self.readers_asked)
            self._ways.addWidget(unread)
            settings = ActionButton(self._appearance, "Régler ce poste", kind="quiet", keys="Alt+R", icon="gear")
            settings.clicked.connect(self.settings_asked)
            self._ways.addWidget(settings)
            self._ways.addStretch(1)
        # What was just laid out is shown, and can take the keyboard, once this event is over.
        self._settled.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self._settled.start()

    def _arrange(self) -> None:
        """What is aside leaves first; then the hour gives its place up, then the gaps, before anything scrolls."""
        if self._aside is not None:
            self._aside.setVisible(not self._appearance.theme.narrow(self.width()))
        layout = self._inside.layout()
        if layout is not None:
            view, body = self._area.viewport(), self._panel.body
            self._time.show()
            # The panel keeps its width whatever the window's: its strips are as tall as their words need at that width.
            for strip in self._panel.findChildren(MessageStrip):
                strip.setMinimumHeight(strip.heightForWidth(self._appearance.theme.px(WIDTH) - 2 * 24))
            for gap, margin, hour in ((24, 24, True), (24, 24, False), (12, 16, False)):
                body.setSpacing(gap)
                body.setContentsMargins(margin, margin - 2, margin, margin)
                self._time.setVisible(hour)
                layout.activate()
                if layout.totalMinimumHeightForWidth(view.width()) <= view.height():
                    break
        self._focus_first()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The first thing to type in takes the keyboard."""
        self._focus_first()

    def _focus_first(self) -> None:
        if self.isVisible():
            (self._first or self).setFocus()
            if self._first is not None:
                self._area.ensureWidgetVisible(self._first, 0, self._appearance.theme.px(24))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 explains why a card is not read; digits choose a situation."""
        digit = event.key() - Qt.Key.Key_1
        if event.key() == Qt.Key.Key_F1:
            self.readers_asked.emit()
        elif event.key() == Qt.Key.Key_R and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.settings_asked.emit()
        elif self._presenter.flow.state is SessionState.CHOOSING_SITUATION and 0 <= digit < 9:
            if digit < len(self._presenter.flow.situations):
                self._presenter.situation_chosen(digit)
        else:
            super().keyPressEvent(event)

    def _fault(self) -> None:
        if self._presenter.fault is not None:
            strip = MessageStrip.of(self._appearance, sentence(self._presenter.fault))
            self._panel.body.addWidget(strip)

    def _head(self, icon: str, over: str, title: str, under: str, chip: Chip | None = None) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(IconLabel(self._appearance, icon, "action", 32), 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        if over:
            words.addWidget(Text(over, "caption", "text-3"))
        words.addWidget(Text(title, "title", wrap=True))
        if under:
            words.addWidget(Text(under, "caption", "text-3", wrap=True))
        row.addLayout(words, 1)
        if chip is not None:
            row.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        self._panel.body.addLayout(row)

    def _draw_waiting(self) -> None:
        busy = self._presenter.busy
        if busy is Busy.STARTING:
            self._head("folder", "", "Le poste s’ouvre", "Lecteurs et dossiers du poste, un instant.")
        elif busy is Busy.READING_CARD:
            self._head("card-pro", "", "Lecture de votre carte", "Laissez-la en place, environ 2\u00a0s.")
        elif self._presenter.flow.kept_for:
            self._head("card-pro", "", "Insérez votre carte", "Votre travail d’avant la pause vous attend.")
        else:
            self._head("card-pro", "", "Insérez votre carte professionnelle", "Puce vers l’avant, jusqu’au déclic.")
        self._fault()

    def _draw_code(self, holder: Professional) -> None:
        flow, body = self._presenter.flow, self._panel.body
        blocked = flow.state is SessionState.BLOCKED
        chip = (
            Chip(self._appearance, "danger", "danger", "Bloquée")
            if blocked
            else Chip(self._appearance, "success", "success", "Reconnue")
        )
        self._head("card-pro", "Carte dans le lecteur", holder.display_name, holder.practice, chip)
        body.addWidget(Hairline())
        self._fault()
        if blocked:
            if self._presenter.fault is None:
                strip = MessageStrip(
                    self._appearance,
                    "danger",
                    "Cette carte est bloquée après trois codes faux.",
                    "Aucun dossier n’est touché. Débloquez-la avec le code de déblocage remis avec elle.",
                )
                body.addWidget(strip)
            return
        self._first = code_entry(self._appearance, self._presenter, body)

    def _draw_situations(self) -> None:
        flow, body = self._presenter.flow, self._panel.body
        self._head("card-pro", "", "Où exercez-vous maintenant\u202f?", "Vos gestes partent au nom de cette structure.")
        body.addWidget(Hairline())
        for index, situation in enumerate(flow.situations):
            row = QHBoxLayout()
            row.setSpacing(16)
            choice = RadioRow(self._appearance, situation.name, f"Secteur {situation.sector}")
            choice.clicked.connect(lambda _c=False, i=index: self._presenter.situation_chosen(i))
            choice.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(choice, 1)
            row.addWidget(KeyCap(self._appearance, str(index + 1)), 0, Qt.AlignmentFlag.AlignTop)
            body.addLayout(row)
        count = len(flow.situations)
        hint = f"Tapez 1 à {count} pour choisir." if count > 1 else "Tapez 1 pour choisir."
        body.addWidget(Text(hint, "caption", "text-3"))
        self.setFocus()

    def _draw_passphrase(self) -> None:
        body = self._panel.body
        self._head("key", "", "Phrase de passe du poste", "Elle ouvre les dossiers gardés sur cet ordinateur.")
        body.addWidget(Hairline())
        self._fault()
        field = Field(self._appearance, "Phrase de passe")
        field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        body.addWidget(field)
        body.addWidget(
            Text("Une carte déjà admise sur ce poste l’ouvre aussi\u00a0: insérez-la.", "caption", "text-3", wrap=True)
        )
        button = self._foot("Ouvrir le poste")

        def send() -> None:
            typed = field.text()
            if typed and self._presenter.busy is Busy.NOTHING:
                field.edit.clear()
                self._presenter.passphrase_entered(typed)

        field.edit.returnPressed.connect(send)
        button.clicked.connect(lambda _c=False: send())
        self._first = field.edit

    def _passphrase_instead(self) -> ActionButton:
        button = ActionButton(self._appearance, "Phrase de passe", kind="quiet", keys="Alt+P", icon="key")
        on_click(button, self._presenter.use_passphrase)
        on_key(button, "Alt+P", button.click)
        return button

    def _draw_first_run(self) -> None:
        body = self._panel.body
        self._head("folder", "", "Préparer ce poste", "Une phrase de passe protège les dossiers gardés ici.")
        body.addWidget(Hairline())
        self._fault()
        first = Field(
            self._appearance, "Phrase de passe", help_="8 caractères au moins\u00a0: plusieurs mots, par exemple."
        )
        second = Field(self._appearance, "La même, encore une fois")
        for field in (first, second):
            field.edit.setEchoMode(QLineEdit.EchoMode.Password)
            body.addWidget(field)
        body.addWidget(
            Text(
                "Gardez-la en lieu sûr. Une page de secours s’imprime ensuite\u00a0: sans l’une ni l’autre, les envois"
                " en attente seraient perdus.",
                "caption",
                "text-3",
                wrap=True,
            )
        )
        button = self._foot("Préparer le poste")

        def send() -> None:
            if len(first.text()) < 8:
                first.set_error("Il faut 8 caractères au moins.")
            elif first.text() != second.text():
                second.set_error("Les deux phrases ne sont pas les mêmes.")
            else:
                typed = first.text()
                first.edit.clear()
                second.edit.clear()
                self._presenter.first_run(typed)

        second.edit.returnPressed.connect(send)
        button.clicked.connect(lambda _c=False: send())
        self._first = first.edit

    def _foot(self, words: str) -> ActionButton:
        foot = QHBoxLayout()
        if self._presenter.busy is Busy.UNLOCKING:
            foot.addWidget(Text("Ouverture en cours…", "caption", "text-3"))
        foot.addStretch(1)
        button = ActionButton(self._appearance, words, kind="primary", keys="Entrée")
        foot.addWidget(button)
        self._panel.body.addLayout(foot)
        return button
