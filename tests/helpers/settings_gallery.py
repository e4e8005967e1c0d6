"""The settings page in a window of its own, and its pictures.

``python -m helpers.settings_gallery OUT [light|dark|high_contrast] [1366x768] [100]``, from ``tests/``, with
``QT_QPA_PLATFORM=offscreen``.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from dmp_desktop.config import PrinterProfile, Settings, StoreSettings, StructureSettings
from dmp_desktop.errors import DmpError
from dmp_desktop.printing.printer import PrinterName
from dmp_desktop.ui.settings_page import SettingsPage
from dmp_desktop.ui.shell import Shell
from dmp_desktop.ui.theme.appearance import Appearance

PRACTICE = StructureSettings(
    "Cabinet des Trois-Tilleuls",
    ("4 rue de l’Exemple", "99000 Villeneuve-l’Exemple"),
    "499700000017001",
    "Accueil 1",
    "Dr Aurore Brindille",
)
SANDBOX_STORE = StoreSettings(
    base_url="https://127.0.0.1:40443/si-dmp-server/v2/services",
    insi_url="https://127.0.0.1:40443/insi",
    authority=Path("/srv/sandbox/pki/authority.pem"),
    ins_oid="1.2.250.1.213.1.4.10",
    software_oid="1.2.250.1.999.1.1",
)
PRINTERS = (
    PrinterName("laser-accueil", "Laser de l’accueil", True),
    PrinterName("dymo-450", "Étiqueteuse du comptoir", False),
)
READERS = ("Lecteur bifente, fente 1", "Lecteur bifente, fente 2")


@dataclass
class Post:
    """The file of the settings and the machine around: the edges of the page.

    :ivar disk_fault, printer_fault: raised in place of the act.
    """

    file: Path
    printers: tuple[PrinterName, ...] = PRINTERS
    readers: tuple[str, ...] = READERS
    calibrated: list[PrinterProfile] = field(default_factory=list)
    disk_fault: Exception | None = None
    printer_fault: DmpError | None = None

    def settings(self) -> Settings:
        """Read the file."""
        return Settings.load(self.file)

    def save(self, settings: Settings) -> None:
        """Write the file, or fail as a full disk does."""
        if self.disk_fault is not None:
            raise self.disk_fault
        settings.save(self.file)

    def calibrate(self, profile: PrinterProfile) -> None:
        """Take the profile, or fail as a printer does."""
        if self.printer_fault is not None:
            raise self.printer_fault
        self.calibrated.append(profile)

    def page(self, appearance: Appearance, sandbox_store: StoreSettings | None = None) -> SettingsPage:
        """The page of this post."""
        return SettingsPage(
            appearance,
            self.settings,
            self.save,
            lambda: self.printers,
            self.calibrate,
            lambda: self.readers,
            sandbox_store,
        )


def shell_around(appearance: Appearance, page: SettingsPage) -> Shell:
    """The window, this page shown."""
    shell = Shell(appearance, PRACTICE.name, QWidget(), sandbox=True)
    for key, icon, words in (("opening", "folder-plus", "Ouverture"), ("waiting", "inbox", "À traiter")):
        shell.add_page(key, icon, words, QWidget())
    shell.add_page("settings", "gear", "Réglages", page, bottom=True)
    shell.show_work("Solène Papier", "Accueil")
    shell.go("settings")
    return shell


def main(arguments: list[str]) -> None:
    """Draw the page from its top and from its end, right, wrong and in the sandbox."""
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, height = (int(n) for n in (arguments[2] if len(arguments) > 2 else "1366x768").split("x"))
    zoom = int(arguments[3]) if len(arguments) > 3 else 100
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    appearance = Appearance(application, theme, zoom)
    file = out / "settings.json"
    Settings(structure=PRACTICE, theme=theme, zoom=zoom).save(file)
    for name, store in (("own", None), ("sandbox", SANDBOX_STORE)):
        page = Post(file).page(appearance, store)
        window = shell_around(appearance, page)
        window.resize(width, height)
        window.show()
        window.activateWindow()
        page.focus_first()
        for step, at in (("top", 0.0), ("middle", 0.5), ("end", 1.0)):
            for _ in range(4):
                application.processEvents()
            bar = page.area.verticalScrollBar()
            bar.setValue(round(bar.maximum() * at))
            application.processEvents()
            window.grab().save(str(out / f"{name}-{step}.png"))
        if store is None:
            for path, text in (("structure.identifier", "12"), ("sticker_printer.offset_x", "loin")):
                editor = page.fields[path].editor
                assert isinstance(editor, QLineEdit)
                editor.setText(text)
            page.save()
            for _ in range(4):
                application.processEvents()
            window.grab().save(str(out / "wrong.png"))
            page.revert()
            editor = page.fields["structure.name"].editor
            assert isinstance(editor, QLineEdit)
            editor.setText("Cabinet du Vieux-Pont")
            page.save()
            for _ in range(4):
                application.processEvents()
            window.grab().save(str(out / "kept.png"))
        window.close()
        window.deleteLater()
        application.processEvents()


if __name__ == "__main__":
    main(sys.argv[1:])
