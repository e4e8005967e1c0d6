"""The screens of an emergency access: the refusal, the motive, the list to sign."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from dmp_desktop.domain.habilitations import AccessMode
from dmp_desktop.services.emergency import LASTS, LONGEST_MOTIVE, SITUATIONS, EmergencyFlow, Situation, Stage
from dmp_desktop.ui.emergency import texts
from dmp_desktop.ui.emergency.presenter import EmergencyPresenter
from dmp_desktop.ui.opening import texts as words
from dmp_desktop.ui.page_frame import KeyHint, PageFrame, fill
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import IconLabel, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton, RadioRow, TickRow
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import EmptyState
from dmp_desktop.ui.widgets.strong_text import StrongText

_CONSEQUENCES = (
    ("mail", "La personne est prévenue", "de l’accès, de l’heure et du motif."),
    ("clock", "L’accès s’arrête", f"au bout de {LASTS.seconds // 60}\u00a0min. Vous êtes averti 2\u00a0min avant."),
    ("eye-off", "Rien n’est gardé", "sur ce poste, ni copié, ni imprimé avec d’autres papiers."),
    ("history", "À la fin,", "la liste de ce que vous avez lu vous est présentée à signer."),
)


class EmergencyScreen(PageFrame):
    """One screen; it draws the access under way."""

    def __init__(self, appearance: Appearance, presenter: EmergencyPresenter) -> None:
        super().__init__(appearance, alone=True)
        self.presenter = presenter

    def way_out(self) -> ActionButton:
        """The button that gives up, before anything was read."""
        return self.button("Abandonner", self.presenter.give_up, cap="Échap", keys="Esc")

    @property
    def flow(self) -> EmergencyFlow | None:
        """The access under way."""
        return self.presenter.flow

    def refresh(self) -> None:
        """Draw what the presenter holds now."""
        self.tell_fault(self.presenter.fault)


class AskingScreen(EmergencyScreen):
    """The store is asked whether the access is allowed, or it said no."""

    def __init__(self, appearance: Appearance, presenter: EmergencyPresenter) -> None:
        super().__init__(appearance, presenter)
        self._again = self.button("Réessayer", presenter.ask, cap="F5", keys="F5", icon="refresh")
        self._state = EmptyState(appearance, "emergency", "")
        self.body.addWidget(self._state, 1)
        self.back = self.way_out()
        self.commands.offer([self.back], [self._again])

    def refresh(self) -> None:
        """Asked, out of reach, or refused with what remains possible."""
        super().refresh()
        flow = self.flow
        if flow is None:
            return
        asking = flow.stage is Stage.ASKING
        self.back.set_words("Abandonner" if asking else "Revenir")
        self._again.setVisible(asking and not self.presenter.busy)
        if flow.why is not None:
            what, todo = texts.WHY[flow.why]
            self.say("Ce dossier ne s’ouvre pas en urgence", flow.permission.words)
            self._state.say("secret" if flow.why.value == "opposed" else "lock", what, todo)
        elif self.presenter.fault is not None:
            self.say("Accès en urgence", "")
            self._state.say("offline", "Le DMP n’a pas pu dire si la personne permet cet accès.", "Rien n’a été lu.")
        else:
            self.say("Accès en urgence", "")
            self._state.say(
                "emergency", "Le programme demande au DMP si la personne permet cet accès.", "Rien n’est lu."
            )

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this screen."""
        return (KeyHint("Échap", "Revenir"), KeyHint("F5", "Réessayer"))


class MotiveScreen(EmergencyScreen):
    """Situation and sentence, the tick, the consequences, the second gesture."""

    def __init__(self, appearance: Appearance, presenter: EmergencyPresenter) -> None:
        super().__init__(appearance, presenter)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(24)
        left = QVBoxLayout()
        left.setSpacing(16)
        self._why = Panel("Situation", margin=24, spacing=12)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._situations = QHBoxLayout()
        self._situations.setSpacing(24)
        for situation in Situation:
            radio = RadioRow(appearance, SITUATIONS[situation], texts.SITUATION_NOTES[situation])
            radio.toggled.connect(self._edited)
            self._group.addButton(radio, list(Situation).index(situation))
            self._situations.addWidget(radio, len(SITUATIONS[situation]), Qt.AlignmentFlag.AlignTop)
        self._why.body.addLayout(self._situations)
        self._why.body.addSpacing(8)
        self._why.body.addWidget(Text("Motif en une phrase", "body-strong"))
        self.sentence = QPlainTextEdit()
        self.sentence.setAccessibleName("Motif en une phrase")
        self.sentence.setTabChangesFocus(True)
        self.sentence.textChanged.connect(self._edited)
        self._why.body.addWidget(self.sentence)
        under = QHBoxLayout()
        self._help = Text(
            "Lisible par la personne dans son historique d’accès. Au moins 10 caractères.",
            "caption",
            "text-3",
            wrap=True,
        )
        self._count = Text("", "caption", "text-3")
        under.addWidget(self._help, 1)
        under.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        self._why.body.addLayout(under)
        self._promise = Panel(margin=24)
        self.tick = TickRow(
            appearance,
            "Je prends ces informations pour soigner cette personne, maintenant.",
            "Un accès sans motif de soin est puni par la loi.",
            strong=True,
        )
        self.tick.toggled.connect(self._edited)
        self._promise.body.addWidget(self.tick)
        fill(left, self._why, self._promise)
        left.addStretch(1)
        self._columns.addLayout(left, 1)
        self._side = Panel("Ce qui va se passer", margin=24, spacing=18)
        for icon, strong, rest in _CONSEQUENCES:
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(IconLabel(appearance, icon, "emergency-text", 18), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(StrongText(appearance, strong, rest), 1)
            self._side.body.addLayout(row)
        self._columns.addWidget(self._side, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(self._columns)
        self.body.addStretch(1)
        self._open = self.button(
            "Ouvrir en urgence", presenter.open, kind="emergency", cap="Ctrl F12", keys="Ctrl+F12", icon="emergency"
        )
        self.commands.offer([self.way_out()], [self._open])
        self._drawn: EmergencyFlow | None = None
        appearance.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        px = self.appearance.theme.px
        self._side.setFixedWidth(px(376))
        self.sentence.setFixedHeight(px(64))

    def fit(self, *, narrow: bool) -> None:
        """The consequences go under the form, the situations one under another."""
        super().fit(narrow=narrow)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(down if narrow else across)
        self._situations.setDirection(down if narrow else across)
        self._situations.setSpacing(12 if narrow else 24)
        self._side.setMinimumWidth(0 if narrow else self.appearance.theme.px(376))
        self._side.setMaximumWidth(16_777_215 if narrow else self.appearance.theme.px(376))

    def refresh(self) -> None:
        """A new access begins with an empty form: no default, nothing remembered."""
        super().refresh()
        flow = self.flow
        if flow is None or flow.stage is not Stage.MOTIVE:
            self._empty()
            return
        if flow is not self._drawn:
            self._empty()
            self._drawn = flow
        regulation = flow.mode is AccessMode.CENTRE_15
        self.say(
            "Ouvrir ce dossier pour la régulation\u202f?"
            if regulation
            else "Pourquoi ouvrir ce dossier en urgence\u202f?",
            texts.under_title(flow),
        )
        self._why.setVisible(not regulation)
        typed = len(self.sentence.toPlainText().strip())
        self._count.setText(words.count(typed, "caractère", "caractères"))
        blocker = flow.blocker
        self._open.setEnabled(blocker is None and not self.presenter.busy)
        self._open.setAccessibleDescription(texts.BLOCKER[blocker].replace("\n", " ") if blocker else "")
        self.tell_reason(texts.BLOCKER[blocker] if blocker else texts.TWO_KEYS)

    def focus_first(self) -> None:
        """The first thing to say."""
        flow = self.flow
        (self.tick if flow is not None and flow.mode is AccessMode.CENTRE_15 else self._group.buttons()[0]).setFocus()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this screen."""
        return (KeyHint("Échap", "Abandonner"), KeyHint("Ctrl F12", "Ouvrir en urgence"))

    def _empty(self) -> None:
        self._drawn = None
        self._group.setExclusive(False)
        for widget in (*self._group.buttons(), self.tick, self.sentence):
            widget.blockSignals(True)
        for button in (*self._group.buttons(), self.tick):
            button.setChecked(False)
        self.sentence.clear()
        for widget in (*self._group.buttons(), self.tick, self.sentence):
            widget.blockSignals(False)
        self._group.setExclusive(True)

    def _edited(self) -> None:
        text = self.sentence.toPlainText()
        if len(text) > LONGEST_MOTIVE:
            cursor = self.sentence.textCursor()
            self.sentence.blockSignals(True)
            self.sentence.setPlainText(text[:LONGEST_MOTIVE])
            cursor.setPosition(LONGEST_MOTIVE)
            self.sentence.setTextCursor(cursor)
            self.sentence.blockSignals(False)
        chosen = self._group.checkedId()
        situation = list(Situation)[chosen] if chosen >= 0 else None
        self.presenter.describe(situation, self.sentence.toPlainText(), ticked=self.tick.isChecked())


class SummaryScreen(EmergencyScreen):
    """The access ended: what was read, to sign."""

    def __init__(self, appearance: Appearance, presenter: EmergencyPresenter) -> None:
        super().__init__(appearance, presenter)
        self._list = Panel("Ce que vous avez lu", margin=24, spacing=8)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._list.body.addLayout(self._rows)
        self.body.addWidget(self._list)
        self.body.addWidget(
            Text(
                "Cette liste est celle du journal de ce poste. La personne voit l’accès dans son historique. "
                "Rien de ce que vous avez lu n’est gardé ici.",
                "body",
                "text-2",
                wrap=True,
            )
        )
        self.body.addStretch(1)
        self._sign = self.button(
            "Signer la liste", presenter.sign, kind="primary", cap="Ctrl Entrée", keys="Ctrl+Return"
        )
        self.commands.offer([], [self._sign])

    def refresh(self) -> None:
        """The lines, in the order they were read."""
        super().refresh()
        empty_layout(self._rows)
        flow = self.flow
        if flow is None or flow.ending is None:
            return
        self.say(
            "L’accès en urgence est terminé",
            f"{texts.ENDING[flow.ending]} Motif\u00a0: {flow.motive or 'régulation médicale'}.",
        )
        if not flow.read:
            self._rows.addWidget(Text("Aucun document n’a été ouvert.", "body", "text-2"))
        for line in flow.read:
            row = QWidget()
            across = QHBoxLayout(row)
            across.setContentsMargins(0, 2, 0, 2)
            across.setSpacing(16)
            across.addWidget(Text(words.hour(line.at), "body", "text-2"))
            across.addWidget(Text(line.title, "body-strong", wrap=True), 1)
            row.setAccessibleName(f"{words.hour(line.at)}, {line.title}")
            self._rows.addWidget(row)
        self._sign.setEnabled(not self.presenter.busy)
        self.tell_reason("Votre signature va au journal,\navec le nombre de documents.")

    def focus_first(self) -> None:
        """The one thing to do."""
        self._sign.setFocus()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this screen."""
        return (KeyHint("Ctrl Entrée", "Signer la liste"),)
