"""The end: confirmed, waiting or refused, and the papers to hand over."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QWidget

from dmp_desktop.domain.events import EventState, Opening
from dmp_desktop.services.papers import PaperKind
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.base import KeyHint, Screen, explained, on_key
from dmp_desktop.ui.opening.outcome_screens import Band
from dmp_desktop.ui.opening.paper_words import paper_chip, printer_of
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.opening.tray import PaperSlot, PaperState
from dmp_desktop.ui.sentences import sentence, sentence_of
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Labelled, Panel, Text
from dmp_desktop.ui.widgets.controls import Field, RadioRow
from dmp_desktop.ui.widgets.paper_card import PaperCard

DETAILS = {
    PaperKind.ATTESTATION: "1 page A4, sans matricule",
    PaperKind.RECEIPT: "1 page A4, en attendant l’attestation",
    PaperKind.STICKER: "Sans nom ni numéro",
    PaperKind.LEAFLET: "1 page A4, à qui la demande",
}
REASONS = ("Papier abîmé ou bourrage", "La personne l’a perdu", "Autre raison")


class DoneScreen(Screen):
    """One band that says how it ended, then the papers; F8 prints what is ticked, a digit prints one."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self.title.hide()
        self.band = Band(appearance)
        self._reference = Labelled("Référence", "")
        self._copy = self.button("Copier", self._copy_reference, icon="copy")
        self.band.aside.addWidget(self._reference)
        self.band.aside.addWidget(self._copy)
        self.body.addWidget(self.band)
        head = QHBoxLayout()
        self._count = Text("", "body-strong")
        self._hint = Text("", "caption", "text-2")
        self.look = self.button("Voir en taille réelle", self._look, kind="link", cap="Alt+V", keys="Alt+V")
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._hint)
        head.addSpacing(16)
        head.addWidget(self.look)
        self.body.addLayout(head)
        self._cards = QHBoxLayout()
        self._cards.setSpacing(16)
        self._meaning = explained(
            "Ce que cela veut dire",
            ("Cause", "Le DMP a lu la demande et l’a refusée. Sa réponse est citée ci-dessus."),
            ("Effet sur le dossier", "Aucun dossier n’a été créé. Aucun papier ne peut l’attester."),
            (
                "Que faire",
                "La demande reste dans «\u00a0À traiter\u00a0». Expliquez-le à la personne.",
            ),
        )
        self.body.addWidget(self._meaning)
        self._again = self._again_panel()
        self.body.addWidget(self._again)
        self.body.addLayout(self._cards, 1)
        self._shown: dict[PaperKind, PaperCard] = {}
        self._order: tuple[PaperKind, ...] = ()
        for digit in range(1, 4):
            on_key(self, str(digit), partial(self._print_digit, digit))
        self._end = self.button("Terminer", self._escape, cap="Échap", keys="Esc")
        self.leaflet = self.button(
            "Information en gros caractères", presenter.print_leaflet, kind="link", cap="Alt+G", keys="Alt+G"
        )
        self.next = self.button("Ouverture suivante", presenter.begin, cap="F2", icon="folder-plus")
        self.print = self.button(
            "Tout imprimer", presenter.tray.print_ticked, kind="primary", cap="F8", keys="F8", icon="printer"
        )
        self.commands.offer([self._end, self.leaflet], [self.next, self.print])

    # -- drawing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """How it ended, and each paper where it stands."""
        event = self.presenter.flow.event
        if event is None or not isinstance(event.payload, Opening):
            return
        self._tell_end(event.state, event.payload.reactivation)
        self._reference.set_value(event.payload.reference)
        # What the band says of a waiting opening is enough: the strip is for what the person can act on.
        self.tell_fault(self.presenter.tray.fault)
        slots = self.presenter.tray.cards
        if tuple(slot.kind for slot in slots) != self._order:
            self._rebuild(slots)
        for slot in slots:
            self._tell_paper(slot)
        ready = [slot for slot in slots if slot.state is not PaperState.DISABLED]
        refused = event.state is EventState.REFUSED
        waiting = self.presenter.tray.awaiting_reason
        for card in self._shown.values():
            card.setVisible(not refused and not waiting)
        self.band.setVisible(not (waiting and self.narrow))
        self._meaning.setVisible(refused)
        self._count.setVisible(not refused and not waiting)
        self.next.setVisible(refused or not self.narrow)
        ticked = sum(slot.ticked for slot in ready)
        self._count.setText("Papiers en préparation…" if self.presenter.tray.loading else _counted(ticked))
        self._hint.setText("Cochés\u00a0: sortent avec F8" if ready and not self.narrow and not waiting else "")
        self._hint.setVisible(bool(self._hint.text()))
        names = ", ".join(texts.PAPER_SHORT[slot.kind] for slot in waiting)
        self._noted.setText(f"{names}\u00a0: la raison est notée dans le journal.")
        self._end.set_words("Ne pas imprimer" if waiting else "Terminer")
        if bool(waiting) is self._again.isHidden():
            self._again.setVisible(bool(waiting))
            (self._reasons.buttons()[0] if waiting else self).setFocus()
        self.look.setVisible(not refused and not waiting)
        self.look.setEnabled(bool(self.presenter.viewer.papers))
        self._offer_print(bool(self.presenter.tray.printable) and not waiting)
        self.print.setVisible(not refused)
        self.print.set_words("Imprimer le récépissé" if PaperKind.RECEIPT in self._order else "Tout imprimer")
        leaflet = self.presenter.tray.slot(PaperKind.LEAFLET)
        self._offer_leaflet()
        self.leaflet.setEnabled(leaflet is not None and leaflet.may_print)
        self.tell_reason("")

    def _tell_end(self, state: EventState, reactivation: bool) -> None:
        event = self.presenter.flow.event
        assert event is not None  # noqa: S101 - looked at by the caller
        if state is EventState.CONFIRMED:
            at = event.answered_at or event.created_at
            self.band.tell(
                "success",
                "success",
                "Le dossier est réactivé" if reactivation else "Le dossier est ouvert",
                f"Confirmé par le DMP le {texts.day(at)} à {texts.hour(at)}. La personne en sera prévenue.",
            )
        elif state is EventState.REFUSED:
            said = event.cause_text or event.cause
            self.band.tell(
                "danger",
                "danger",
                "Le DMP a refusé la réactivation" if reactivation else "Le DMP a refusé l’ouverture",
                f"Réponse du DMP\u00a0: «\u00a0{said}\u00a0». Aucun dossier n’a été créé ni changé.",
            )
        elif state is EventState.HELD:
            self.band.tell(
                "warning",
                "pause",
                "L’ouverture est retenue",
                f"{sentence_of(event.cause).what} Rien n’est parti au DMP.",
            )
        else:
            fault = self.presenter.fault
            why = sentence(fault).what if fault is not None else sentence_of(event.cause).what if event.cause else ""
            self.band.tell(
                "offline",
                "offline",
                "L’ouverture attend le DMP",
                f"{why} L’ouverture est écrite ici et partira dès que possible. Rien n’est perdu.".strip(),
            )

    def _rebuild(self, slots: tuple[PaperSlot, ...]) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._shown, self._order = {}, tuple(slot.kind for slot in slots)
        for digit, kind in enumerate(self._order, 1):
            card = PaperCard(self.appearance, texts.PAPER[kind], DETAILS[kind], str(digit))
            card.ticked.connect(partial(self.presenter.tray.tick, kind))
            card.preview.pressed.connect(partial(self.presenter.viewer.show, kind))
            self._cards.addWidget(card, 1)
            self._shown[kind] = card

    def _tell_paper(self, slot: PaperSlot) -> None:
        card = self._shown[slot.kind]
        card.tick.setEnabled(slot.state is not PaperState.DISABLED)
        blocked = card.tick.blockSignals(True)
        card.tick.setChecked(slot.ticked)
        card.tick.blockSignals(blocked)
        card.tick.set_words(texts.PAPER[slot.kind], slot.paper.disabled_reason or DETAILS[slot.kind])
        if slot.state is PaperState.DISABLED:
            card.preview.show_words(slot.paper.disabled_reason)
        elif slot.preview is not None:
            card.preview.show_page(slot.preview.width, slot.preview.height, slot.preview.rgb)
        card.tell(printer_of(slot), *paper_chip(slot))

    def fit(self, *, narrow: bool) -> None:
        """One paper above the other when there is little room."""
        super().fit(narrow=narrow)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._cards.setDirection(direction)

    # -- a second copy ------------------------------------------------------------------------------------------------

    def _again_panel(self) -> QWidget:
        panel = Panel("Pourquoi imprimer une seconde fois\u202f?", spacing=8)
        self._reasons = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(16)
        for words in REASONS:
            radio = RadioRow(self.appearance, words)
            self._reasons.addButton(radio)
            radio.toggled.connect(self._reason_changed)
            row.addWidget(radio, 1)
        panel.body.addLayout(row)
        self.other = Field(self.appearance, "Autre raison", "En quelques mots")
        self.other.edit.textEdited.connect(self._reason_changed)
        self.other.hide()
        panel.body.addWidget(self.other)
        self.reprint = self.button(
            "Imprimer à nouveau", self._reprint, cap="Entrée", keys="Return|Enter", icon="printer"
        )
        line = QHBoxLayout()
        self._noted = Text("", "caption", "text-2")
        line.addWidget(self._noted)
        line.addStretch(1)
        line.addWidget(self.reprint)
        panel.body.addLayout(line)
        self.reprint.setEnabled(False)
        panel.hide()
        return panel

    def _reason(self) -> str:
        chosen = self._reasons.checkedButton()
        if chosen is None:
            return ""
        return self.other.text().strip() if chosen.text() == REASONS[-1] else chosen.text()

    def _reason_changed(self) -> None:
        chosen = self._reasons.checkedButton()
        self.other.setVisible(chosen is not None and chosen.text() == REASONS[-1])
        self.reprint.setEnabled(bool(self._reason()))

    def _reprint(self) -> None:
        reason = self._reason()
        self._reasons.setExclusive(False)
        for button in self._reasons.buttons():
            button.setChecked(False)
        self._reasons.setExclusive(True)
        self.other.edit.clear()
        self.presenter.tray.give_reason(reason)

    # -- keys ---------------------------------------------------------------------------------------------------------

    def _print_digit(self, digit: int) -> None:
        if digit <= len(self._order):
            self.presenter.tray.print_one(self._order[digit - 1])

    def _look(self) -> None:
        """The paper whose tick has the keyboard, else the first."""
        kind = next((kind for kind, card in self._shown.items() if card.tick.hasFocus()), None)
        if kind is not None:
            self.presenter.viewer.show(kind)
        else:
            self.presenter.viewer.show_first()

    def _escape(self) -> None:
        if self.presenter.tray.awaiting_reason:
            self.presenter.tray.withdraw()
        else:
            self.presenter.finish()

    def _copy_reference(self) -> None:
        QGuiApplication.clipboard().setText(self._reference.value.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room in the row of commands."""
        super().resizeEvent(event)
        self._offer_leaflet()

    def _offer_leaflet(self) -> None:
        """Seldom asked here: it gives its place up before a command loses a letter."""
        self.leaflet.setVisible(PaperKind.LEAFLET not in self._order and not self.narrow)
        if not self.commands.has_room(""):
            self.leaflet.hide()

    def _offer_print(self, possible: bool) -> None:
        """The last key of an opening takes the focus once there is something to print."""
        newly = possible and not self.print.isEnabled()
        self.print.setEnabled(possible)
        if newly and self.isVisible():
            self.print.setFocus()

    def focus_first(self) -> None:
        """Printing, or nothing while the papers are being drawn."""
        (self.print if self.print.isEnabled() else self).setFocus()

    def announcement(self) -> str:
        """What happened."""
        return self.band.accessibleName()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of the papers."""
        event = self.presenter.flow.event
        if event is not None and event.state is EventState.REFUSED:
            return (KeyHint("F2", "Ouverture suivante"), KeyHint("Échap", "Terminer"))
        if self.presenter.tray.awaiting_reason:
            return (KeyHint("Entrée", self.reprint.words()), KeyHint("Échap", self._end.words()))
        number = len(self._order)
        return (
            KeyHint("F8", self.print.words()),
            KeyHint("1", f"à {number} Un seul papier" if number > 1 else "Ce papier"),
            KeyHint("F2", "Ouverture suivante"),
        )


def _counted(number: int) -> str:
    if number == 0:
        return "Aucun papier à remettre pour l’instant"
    return f"{texts.count(number, 'papier', 'papiers')} à remettre en main propre"
