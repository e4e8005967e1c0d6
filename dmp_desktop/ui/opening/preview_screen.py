"""A paper looked at before it is printed: at its true size, or whole (guide 12)."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from dmp_desktop.services.papers import PaperKind
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.base import KeyHint, Screen, press
from dmp_desktop.ui.opening.paper_view import PaperView, dots_per_inch
from dmp_desktop.ui.opening.paper_words import paper_chip, printer_of
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Chip, IconLabel, Text
from dmp_desktop.ui.widgets.controls import ActionButton

CHECK = "Posez une règle sur celle de l’écran pour vérifier."
UNTOLD = "L’écran ne dit pas ses mesures\u00a0: l’échelle peut être fausse, vérifiez avec une règle."
DOUBT = "Échelle incertaine\u00a0: vérifiez avec une règle."
WIDER = "La page dépasse\u00a0: flèches gauche et droite."
LABELS = "Tirets\u00a0: les étiquettes de la planche."
DRAWING = "La page se dessine…"


class PreviewScreen(Screen):
    """One page in the column, the other papers one key away; Échap goes back where one was."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(8)
        self._group = QButtonGroup(self)
        self._offered: tuple[PaperKind, ...] = ()
        self._printer_icon = IconLabel(appearance, "printer", "text-2", 16)
        self._printer = Text("", "caption", "text-2")
        self._chip = Chip(appearance, "success", "success", "Prêt")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addLayout(self._tabs)
        line.addStretch(1)
        for shown in (self._printer_icon, self._printer, self._chip):
            line.addWidget(shown)
        self.body.addLayout(line)
        self.view = PaperView(appearance)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.body.addWidget(self.view, 1)
        back = self.button("Revenir", presenter.viewer.close, cap="Échap", keys="Esc")
        self.mode = self.button("Toute la page", self._turn, cap="Alt+P", keys="Alt+P", icon="file")
        self.print = self.button("Imprimer ce papier", self._print, kind="primary", cap="F8", keys="F8", icon="printer")
        self.commands.offer([back], [self.mode, self.print])

    # -- drawing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The page of the paper chosen, its measures, where it goes and what became of it."""
        viewer = self.presenter.viewer
        slot = viewer.slot
        if slot is None:
            return
        dpi, told = dots_per_inch(self.screen())
        viewer.draw(dpi * self.devicePixelRatioF())
        self._offer(tuple(paper.kind for paper in viewer.papers))
        for kind, tab in zip(self._offered, self._group.buttons(), strict=True):
            tab.setChecked(kind is slot.kind)
        self.view.show_page(viewer.page, dpi)
        measures = self._measures(told)
        self.say(texts.PAPER[slot.kind], measures)
        # A narrow window has no line under the title: the doubt alone keeps its place.
        self.tell_reason(DOUBT if self.narrow and not told and not self.view.whole else "")
        self.tell_fault(slot.failure or viewer.failure)
        self.view.setAccessibleName(f"Aperçu\u00a0: {texts.PAPER[slot.kind]}")
        self.view.setAccessibleDescription(measures)
        self._printer.setText(printer_of(slot))
        for shown in (self._printer, self._printer_icon):
            shown.setVisible(not self.narrow)
        self._chip.show_state(*paper_chip(slot))
        self.mode.set_words("Taille réelle" if self.view.whole else "Toute la page")
        # A page seen from edge to edge has one size only.
        self.mode.setVisible(viewer.page is None or self.view.whole or not self.view.seen_whole)
        # In a narrow window the papers' own names, side by side, are title enough.
        self.title.setVisible(not self.narrow or len(self._offered) < 2)
        self.print.setEnabled(slot.may_print)

    def _measures(self, told: bool) -> str:
        page = self.presenter.viewer.page
        if page is None:
            return "" if self.presenter.viewer.failure else DRAWING
        width, height = (f"{length:.1f}".removesuffix(".0").replace(".", ",") for length in page.size_mm)
        size = f"{width} × {height}\u00a0mm"
        if self.view.whole:
            return f"{size}, toute la page."
        words = [f"{size}, taille réelle.", CHECK if told else UNTOLD]
        if self.view.too_wide:
            words.append(WIDER)
        if page.labels:
            words.append(LABELS)
        return " ".join(words)

    def _offer(self, kinds: tuple[PaperKind, ...]) -> None:
        if kinds == self._offered:
            return
        self._offered = kinds
        for tab in self._group.buttons():
            self._group.removeButton(tab)
            self._tabs.removeWidget(tab)
            tab.hide()
            tab.deleteLater()
        for number, kind in enumerate(kinds, 1):
            tab = ActionButton(self.appearance, texts.PAPER_SHORT[kind], keys=f"Alt+{number}")
            tab.setCheckable(True)
            tab.clicked.connect(partial(self._choose, kind))
            press(tab, f"Alt+{number}")
            self._tabs.addWidget(tab)
            self._group.addButton(tab)
            # One paper alone needs no choice.
            tab.setVisible(len(kinds) > 1)
            QWidget.setTabOrder(tab, self.view)

    def fit(self, *, narrow: bool) -> None:
        """The page takes the room; a narrow window leaves the printer's name to the card."""
        super().fit(narrow=narrow)
        self.body.setSpacing(8 if narrow else 12)
        if narrow:
            self.body.setContentsMargins(16, 8, 16, 8)

    def showEvent(self, event: QShowEvent) -> None:
        """Shown on another screen, the page has other measures."""
        super().showEvent(event)
        self.refresh()

    # -- keys ---------------------------------------------------------------------------------------------------------

    def _choose(self, kind: PaperKind, _checked: bool = False) -> None:
        self.presenter.viewer.show(kind)
        self.view.go_to_top()
        self.view.setFocus()

    def _turn(self) -> None:
        self.view.show_whole(not self.view.whole)
        self.view.go_to_top()
        self.refresh()

    def _print(self) -> None:
        slot = self.presenter.viewer.slot
        if slot is None:
            return
        self.presenter.tray.print_one(slot.kind)
        if self.presenter.tray.awaiting_reason:
            # Why a second copy comes out is asked where the papers are.
            self.presenter.viewer.close()

    def focus_first(self) -> None:
        """The page: its keys move over it."""
        self.view.go_to_top()
        self.view.setFocus()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of the page."""
        hints = [KeyHint("F8", self.print.words())]
        if not self.view.seen_whole:
            hints.append(KeyHint("↑ ↓", "Parcourir"))
        if not self.mode.isHidden():
            hints.append(KeyHint("Alt+P", self.mode.words()))
        return (*hints, KeyHint("Échap", "Revenir"))
