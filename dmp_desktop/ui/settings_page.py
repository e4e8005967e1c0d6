"""The settings of the post: each answer checked under its field, everything kept at once or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from dmp_desktop.config import BadSettings, PrinterProfile, Settings, StoreSettings
from dmp_desktop.errors import DmpError
from dmp_desktop.printing.printer import PrinterName
from dmp_desktop.printing.stocks import stocks
from dmp_desktop.ui.opening.base import KeyHint, on_key
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.settings_fields import SettingField
from dmp_desktop.ui.settings_frame import SettingsFrame
from dmp_desktop.ui.settings_keys import KeysPart
from dmp_desktop.ui.settings_parts import (
    ATTESTATION,
    STICKER,
    Part,
    PrinterPart,
    ReadersPart,
    appearance_part,
    copy_part,
    lock_part,
    shown_store_part,
    store_part,
    structure_part,
)
from dmp_desktop.ui.settings_rules import faults_between, value_of, with_values
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.messages import on_click

_AT_NEXT_START = {
    "store": "l’accès au DMP",
    "cards.pkcs11_module": "le module PKCS#11",
    "structure.name": "le nom de la structure dans le titre",
}


class SettingsPage(SettingsFrame):
    """The page.

    :ivar fields: by their name in the settings.
    :param settings: what is in force; read again each time the page is shown with nothing left to save.
    :param save: writes and follows; raises :class:`BadSettings` or ``OSError``, and then nothing has changed.
    :param printers: the installed ones, asked when the page is shown.
    :param calibrate: prints the calibration page of the profile on screen, saved or not; a ``DmpError`` it raises is
        told.
    :param readers: names of the readers plugged in.
    :param keys: the keys of the post, for whoever is in session.
    :param sandbox_store: what the sandbox gives in place of the addresses; the part is then only to be read.
    """

    def __init__(
        self,
        appearance: Appearance,
        settings: Callable[[], Settings],
        save: Callable[[Settings], None],
        printers: Callable[[], Sequence[PrinterName]],
        calibrate: Callable[[PrinterProfile], None],
        readers: Callable[[], Sequence[str]],
        sandbox_store: StoreSettings | None = None,
        keys: KeysPart | None = None,
    ) -> None:
        super().__init__(appearance)
        self._keys = keys
        self._settings, self._save = settings, save
        self._printers, self._calibrate, self._readers = printers, calibrate, readers
        self._saved = self._draft = settings()
        self._stocks = {stock.id: stock for stock in stocks()}
        self._build_parts(sandbox_store)
        self.fields: dict[str, SettingField] = {field.path: field for part in self._parts for field in part.fields}
        self.lay(self._left, self._right)
        on_click(self.revert_button, self.revert)
        on_click(self.keep_button, self.save)
        on_key(self, "Esc", self.revert)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            on_key(self, key, self.save)
        for field in self.fields.values():
            field.edited.connect(self._edited)
        for path in ("theme", "zoom"):
            self.fields[path].edited.connect(self._preview)
        self._order()
        if self._keys is not None:
            self._keys.redrawn.connect(self._keys_redrawn)
        self.arrange()
        self._show_saved()

    # -- building -----------------------------------------------------------------------------------------------------

    def _build_parts(self, sandbox_store: StoreSettings | None) -> None:
        look, every = self.appearance, self._stocks.values()
        pages = [stock for stock in every if stock.kind == "page"]
        labels = [stock for stock in every if stock.kind != "page"]
        self._readers_part = ReadersPart(look)
        self._printer_parts = (
            PrinterPart(look, ATTESTATION, "Imprimante des attestations", pages, ("Alt+A", "Alt+A"), self._try_page),
            PrinterPart(look, STICKER, "Imprimante des étiquettes", labels, ("Alt+E", "Alt+E"), self._try_label),
        )
        store = store_part(look) if sandbox_store is None else shown_store_part(look, sandbox_store)
        self._left = (structure_part(look), self._readers_part, *self._printer_parts)
        keys = () if self._keys is None else (self._keys,)
        self._right: tuple[Part, ...] = (*keys, store, copy_part(look), appearance_part(look), lock_part(look))
        self._parts: tuple[Part, ...] = (*self._left, *self._right)

    def _keys_redrawn(self) -> None:
        """Tab goes through what was just drawn; a question comes into view whole, the field to type in last."""
        self._order()
        if self._keys is not None and self._keys.isAncestorOf(QApplication.focusWidget() or self):
            QTimer.singleShot(0, self, self._show_question)

    def _show_question(self) -> None:
        if self._keys is not None and self._keys.stops:
            self.area.ensureWidgetVisible(self._keys.stops[-1], 0, self.appearance.theme.px(16))
        self.show_focused()

    def _order(self) -> None:
        """Tab follows the reading order, column by column, then the command row."""
        stops: list[QWidget] = []
        for part in self._parts:
            stops += part.stops if isinstance(part, KeysPart) else [field.editor for field in part.fields]
            if isinstance(part, PrinterPart):
                stops.append(part.calibrate)
        buttons: list[QPushButton] = [self.revert_button, self.keep_button]
        for before, after in pairwise([*stops, *buttons]):
            QWidget.setTabOrder(before, after)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Printers, readers and settings as they are now; what was being changed is kept."""
        super().showEvent(event)
        if event.spontaneous():
            return
        printers, readers = self._printers(), self._readers()
        for part in self._printer_parts:
            part.offer(printers)
        self._readers_part.offer(readers)
        if not self.changed:
            self._show_saved()
        self._check()

    def _show_saved(self) -> None:
        self._saved = self._settings()
        for field in self.fields.values():
            field.keep(field.rule.write(value_of(self._saved, field.path)))
        self._check()

    @property
    def changed(self) -> bool:
        """Whether something on screen is not saved."""
        return any(field.changed for field in self.fields.values())

    @property
    def faults(self) -> tuple[SettingField, ...]:
        """The fields to correct, in order."""
        return tuple(field for field in self.fields.values() if field.fault)

    def _edited(self) -> None:
        self.strip.hide()
        self._check()

    def _check(self) -> None:
        faults = {path: field.rule.fault(field.text()) for path, field in self.fields.items()}
        right = [path for path, fault in faults.items() if not fault]
        values = {path: self.fields[path].rule.read(self.fields[path].text()) for path in right}
        self._draft = with_values(self._saved, values)
        between = faults_between(self._draft, self._stocks)
        for path, field in self.fields.items():
            field.say(faults[path] or between.get(path, ""))
        for part in self._printer_parts:
            wrong = any(field.fault for field in part.fields)
            part.allow("Corrigez d’abord ce profil." if wrong else "")
        self.tell_commands([field.label for field in self.faults], changed=self.changed)

    def _preview(self) -> None:
        """Theme and zoom are seen before they are kept."""
        self.appearance.choose(self._draft.theme, self._draft.zoom)
        self.arrange()
        # Everything moved: the list in use comes back into view once it has settled.
        QTimer.singleShot(0, self, self.show_focused)

    # -- acts ---------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep everything; with something wrong, go to it and keep nothing."""
        if self.faults:
            self._go_to(self.faults[0])
            return
        if not self.changed:
            return
        later = self._waits_for_start()
        try:
            self._save(self._draft)
        except (BadSettings, OSError) as error:
            incident = f" Identifiant\u00a0{error.incident}." if isinstance(error, BadSettings) else ""
            self.answer(
                "danger",
                "Les réglages n’ont pas pu être écrits sur ce poste.",
                "Les anciens restent en vigueur et aucun dossier n’est touché. "
                f"Vérifiez la place sur le disque, puis enregistrez à nouveau.{incident}",
            )
            return
        self._show_saved()
        if later:
            self.answer("info", "Enregistré.", f"Au prochain démarrage du programme\u00a0: {', '.join(later)}.")
        else:
            self.answer("success", "Enregistré.", "En vigueur dès maintenant.")
        self._keep_focus()

    def _waits_for_start(self) -> tuple[str, ...]:
        return tuple(
            words
            for path, words in _AT_NEXT_START.items()
            if value_of(self._draft, path) != value_of(self._saved, path)
        )

    def revert(self) -> None:
        """What is saved, again."""
        if not self.changed:
            return
        self.strip.hide()
        self._show_saved()
        self.appearance.choose(self._saved.theme, self._saved.zoom)
        self.arrange()
        self._keep_focus()

    def _keep_focus(self) -> None:
        """A button that was just disabled gives the keys back to the first field."""
        if QApplication.focusWidget() in {None, self.keep_button, self.revert_button, self}:
            self.focus_first()

    def _try_page(self) -> None:
        self._try(self._draft.attestation_printer)

    def _try_label(self) -> None:
        self._try(self._draft.sticker_printer)

    def _try(self, profile: PrinterProfile) -> None:
        try:
            self._calibrate(profile)
        except DmpError as error:
            told = sentence(error)
            self.answer("danger", told.what, f"{told.effect} {told.todo} Identifiant\u00a0{told.incident}.")

    def _go_to(self, field: SettingField) -> None:
        field.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.area.ensureWidgetVisible(field, 0, self.appearance.theme.px(16))

    def focus_first(self) -> None:
        """Where the keys go when the page appears."""
        self._parts[0].fields[0].editor.setFocus()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of this page for the status bar."""
        return (KeyHint("Ctrl Entrée", "Enregistrer"), KeyHint("Échap", "Revenir"))
