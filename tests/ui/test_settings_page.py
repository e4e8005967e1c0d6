"""The settings of the post, by real key events in the real window and a real file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.settings_gallery import PRACTICE, SANDBOX_STORE, Post, shell_around
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.config import BadSettings, DietSettings, PrinterProfile, Settings, StoreSettings
from dmp_desktop.printing.printer import NoPrinter
from dmp_desktop.ui import settings_rules as rules
from dmp_desktop.ui.settings_page import SettingsPage
from dmp_desktop.ui.shell import Shell
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton

KEY = Qt.Key
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Screen:
    """The window, the page and the post around it."""

    def __init__(self, qtbot: QtBot, appearance: Appearance, post: Post, store: StoreSettings | None = None) -> None:
        self.qtbot, self.appearance, self.post = qtbot, appearance, post
        self.page: SettingsPage = post.page(appearance, store)
        self.window: Shell = shell_around(appearance, self.page)
        qtbot.addWidget(self.window)
        self.window.resize(1366, 688)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.page.focus_first()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, where the focus is."""
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def write(self, path: str, text: str) -> None:
        """Go to a line and replace what it holds, by keys."""
        editor = self.page.fields[path].editor
        assert isinstance(editor, QLineEdit | QPlainTextEdit)
        editor.setFocus()
        self.key(KEY.Key_A, CONTROL)
        self.key(KEY.Key_Delete)
        self.qtbot.keyClicks(editor, text)

    def down(self, path: str, times: int = 1) -> None:
        """Go to a list and press the arrow."""
        self.page.fields[path].editor.setFocus()
        for _ in range(times):
            self.key(KEY.Key_Down)

    def save(self) -> None:
        """Ctrl+Entrée."""
        self.key(KEY.Key_Return, CONTROL)

    def words(self) -> str:
        """What the strip says, empty when there is none."""
        return self.page.strip.accessibleName() if self.page.strip.isVisible() else ""


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    made = Appearance(qapp, "light", 100)
    yield made
    made.choose("light", 100)
    made.deleteLater()


@pytest.fixture
def post(tmp_path: Path) -> Post:
    file = tmp_path / "settings.json"
    Settings(structure=PRACTICE, theme="light").save(file)
    return Post(file)


@pytest.fixture
def screen(qtbot: QtBot, appearance: Appearance, post: Post) -> Screen:
    return Screen(qtbot, appearance, post)


def test_every_setting_goes_to_the_file_and_comes_back(
    qtbot: QtBot, appearance: Appearance, post: Post, tmp_path: Path
) -> None:
    """What was written by hand in each field is what the file holds, and what the next page shows."""
    authority, module = tmp_path / "authority.pem", tmp_path / "module.so"
    for file in (authority, module):
        file.touch()
    screen = Screen(qtbot, appearance, post)
    screen.write("structure.name", "Cabinet du Vieux-Pont")
    screen.write("structure.identifier", "112345678 9".replace(" ", ""))
    screen.write("cards.pkcs11_module", str(module))
    screen.write("store.base_url", "https://dmp.exemple.invalid/services/")
    screen.write("store.authority", str(authority))
    screen.write("store.timeout_seconds", "12,5")
    screen.write("store.software_oid", "1.2.250.1.999.1.1")
    screen.write("sticker_printer.offset_x", "-1,5")
    screen.down("sticker_printer.printer", 2)
    screen.down("sticker_printer.rotation")
    screen.down("cards.vitale_reader")
    screen.down("store.ins_oid")
    screen.down("idle_lock_minutes", 2)
    screen.down("structure.medical_regulation")
    screen.down("structure.secret_from", 3)
    screen.write("diet.days", "45")
    screen.write("diet.quota_mib", "512")
    screen.save()

    kept = post.settings()
    assert kept.structure == replace(
        PRACTICE, name="Cabinet du Vieux-Pont", identifier="1123456789", medical_regulation=True, secret_from=15
    )
    assert kept.diet == DietSettings(45, 512)
    assert kept.cards.pkcs11_module == module
    assert kept.cards.vitale_reader == "Lecteur bifente, fente 1"
    assert kept.store.base_url == "https://dmp.exemple.invalid/services"
    assert (kept.store.authority, kept.store.timeout_seconds) == (authority, 12.5)
    assert (kept.store.ins_oid, kept.store.software_oid) == ("1.2.250.1.213.1.4.10", "1.2.250.1.999.1.1")
    profile = PrinterProfile(printer="dymo-450", stock="label-24x12", offset_x=-1.5, rotation=90)
    assert kept.sticker_printer == profile
    assert kept.idle_lock_minutes == 7
    again = post.page(appearance)
    qtbot.addWidget(again)
    again.show()
    assert not again.changed and not again.faults
    assert again.fields["sticker_printer.offset_x"].text() == "-1,5"


def test_untouched_settings_stay_to_the_letter(screen: Screen, post: Post) -> None:
    """One answer changed changes nothing else of the file."""
    before = post.settings()
    screen.write("structure.post", "Accueil 2")
    screen.save()
    assert post.settings() == replace(before, structure=replace(before.structure, post="Accueil 2"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("structure.name", " "),
        ("structure.identifier", "12"),
        ("cards.pkcs11_module", "/nowhere/module.so"),
        ("store.base_url", "http://dmp.exemple.invalid"),
        ("store.insi_url", "https://dmp.exemple.invalid:port"),
        ("store.software_oid", "1.2..3"),
        ("store.timeout_seconds", "0"),
        ("store.web_ps_domain", "https://web"),
        ("attestation_printer.offset_y", "loin"),
        ("sticker_printer.offset_x", "nan"),
        ("sticker_printer.start", "0"),
        ("diet.days", "0"),
        ("diet.days", "30,5"),
        ("diet.quota_mib", "63"),
        ("diet.quota_mib", "²"),
    ],
)
def test_nothing_is_kept_while_something_is_wrong(screen: Screen, post: Post, path: str, text: str) -> None:
    """The sentence stands under the field and in its description; Ctrl+Entrée goes there and writes nothing."""
    before = post.file.read_bytes()
    screen.write("structure.post", "Accueil 2")
    screen.write(path, text)
    screen.page.focus_first()
    screen.save()
    field = screen.page.fields[path]
    assert post.file.read_bytes() == before
    assert screen.page.faults == (field,)
    assert field.editor.accessibleDescription() == field.fault != ""
    assert QApplication.focusWidget() is field.editor
    assert not field.visibleRegion().isEmpty()
    screen.key(KEY.Key_Escape)
    assert not screen.page.changed and not screen.page.faults


def test_answers_are_also_checked_together(screen: Screen, tmp_path: Path) -> None:
    """An address needs its authority, and a sheet has so many labels."""
    screen.write("store.base_url", "https://dmp.exemple.invalid/services")
    assert [field.path for field in screen.page.faults] == ["store.authority"]
    authority = tmp_path / "authority.pem"
    authority.touch()
    screen.write("store.authority", str(authority))
    screen.write("sticker_printer.start", "66")
    assert not screen.page.faults  # a single label has no first free place
    screen.down("sticker_printer.stock", 4)
    assert screen.page.fields["sticker_printer.start"].fault == "Cette planche porte 65 étiquettes."


def test_colours_and_size_are_seen_at_once_and_given_back(screen: Screen, post: Post, appearance: Appearance) -> None:
    """The choice shows before it is kept; Échap gives the saved one back, Ctrl+Entrée keeps it."""
    screen.down("theme")
    screen.down("zoom", 10)
    assert (appearance.theme.name, appearance.theme.zoom) == ("dark", 200)
    editor = screen.page.fields["zoom"].editor
    screen.qtbot.waitUntil(lambda: editor.visibleRegion().boundingRect() == editor.rect())
    screen.key(KEY.Key_Escape)
    assert (appearance.theme.name, appearance.theme.zoom) == ("light", 100)
    screen.down("zoom")
    screen.save()
    assert post.settings().zoom == appearance.theme.zoom == 110


def test_what_waits_for_a_restart_is_named(screen: Screen, tmp_path: Path) -> None:
    """After saving: in force now, or which parts at the next start."""
    screen.write("structure.post", "Accueil 2")
    screen.save()
    assert screen.words() == "Enregistré. En vigueur dès maintenant."
    module = tmp_path / "module.so"
    module.touch()
    screen.write("cards.pkcs11_module", str(module))
    assert screen.words() == ""
    screen.write("store.timeout_seconds", "20")
    screen.save()
    assert screen.words() == (
        "Enregistré. Au prochain démarrage du programme\u00a0: l’accès au DMP, le module PKCS#11."
    )


@pytest.mark.parametrize("fault", [BadSettings("settings: refused"), OSError(28, "full")])
def test_a_disk_that_refuses_keeps_the_answers_on_screen(screen: Screen, post: Post, fault: Exception) -> None:
    """Said with its effect and what to do; nothing typed is lost, and the next try may succeed."""
    post.disk_fault = fault
    screen.write("structure.post", "Accueil 2")
    screen.save()
    assert "n’ont pas pu être écrits" in screen.words()
    assert (getattr(fault, "incident", "aucun dossier")) in screen.words()
    assert screen.page.changed
    post.disk_fault = None
    screen.save()
    assert post.settings().structure.post == "Accueil 2"


def test_the_calibration_page_takes_the_profile_on_screen(screen: Screen, post: Post) -> None:
    """Alt+E with unsaved offsets; not with a profile that is wrong; a printer that is gone is told."""
    screen.write("sticker_printer.offset_y", "2")
    screen.key(KEY.Key_E, ALT)
    assert post.calibrated == [PrinterProfile(stock="label-24x12", offset_y=2.0)]
    screen.write("sticker_printer.offset_y", "x")
    screen.key(KEY.Key_E, ALT)
    assert len(post.calibrated) == 1
    post.printer_fault = NoPrinter("gone")
    screen.key(KEY.Key_A, ALT)
    assert post.printer_fault.incident in screen.words()


def test_the_sandbox_gives_its_own_addresses(qtbot: QtBot, appearance: Appearance, post: Post) -> None:
    """There the part is only to be read, says why, and its values never reach the file."""
    screen = Screen(qtbot, appearance, post, SANDBOX_STORE)
    assert not [path for path in screen.page.fields if path.startswith("store.")]
    shown = [label.text() for label in screen.page.findChildren(QWidget) if hasattr(label, "text") and label.text()]
    assert SANDBOX_STORE.base_url in shown
    assert any("données par lui" in str(words) for words in shown)
    screen.write("structure.post", "Accueil 2")
    screen.save()
    assert post.settings().store == StoreSettings()


def test_a_printer_or_reader_gone_stays_chosen_and_says_so(qtbot: QtBot, appearance: Appearance, post: Post) -> None:
    """What was saved is never replaced by what happens to be plugged in."""
    held = post.settings()
    saved = replace(
        held,
        cards=replace(held.cards, vitale_reader="Lecteur prêté"),
        attestation_printer=PrinterProfile(printer="ancienne"),
    )
    saved.save(post.file)
    post.printers, post.readers = (), ()
    screen = Screen(qtbot, appearance, post)
    printer = screen.page.fields["attestation_printer.printer"].editor
    reader = screen.page.fields["cards.vitale_reader"].editor
    assert isinstance(printer, QComboBox) and isinstance(reader, QComboBox)
    assert printer.currentText() == "ancienne (absente de ce poste)"
    assert reader.currentText() == "Lecteur prêté (débranché)"
    screen.write("structure.post", "Accueil 2")
    screen.save()
    assert post.settings() == replace(saved, structure=replace(saved.structure, post="Accueil 2"))


def test_a_file_written_by_hand_is_corrected_before_it_is_kept(
    qtbot: QtBot, appearance: Appearance, post: Post
) -> None:
    """Values that the screen never offers are shown as they are, each with what to do."""
    held = post.settings()
    odd = replace(held, zoom=500, theme="pink", idle_lock_minutes=0)
    replace(odd, attestation_printer=PrinterProfile(stock="parchment", rotation=45)).save(post.file)
    screen = Screen(qtbot, appearance, post)
    wrong = {field.path for field in screen.page.faults}
    assert wrong == {
        "zoom", "theme", "idle_lock_minutes", "attestation_printer.stock", "attestation_printer.rotation"
    }  # fmt: skip


def test_coming_back_keeps_what_was_being_changed(screen: Screen, post: Post) -> None:
    """Unsaved answers outlive a visit elsewhere; without any, the page shows what is in force now."""
    screen.write("structure.post", "Accueil 9")
    screen.window.go("waiting")
    screen.window.go("settings")
    assert screen.page.fields["structure.post"].text() == "Accueil 9"
    screen.key(KEY.Key_Escape)
    screen.window.go("waiting")
    held = post.settings()
    replace(held, structure=replace(held.structure, post="Pharmacie")).save(post.file)
    screen.window.go("settings")
    assert screen.page.fields["structure.post"].text() == "Pharmacie"


def test_tab_visits_every_answer_once_and_each_has_a_name(screen: Screen) -> None:
    """Reading order, the address included; whatever takes the focus has a name and is scrolled into view."""
    screen.page.focus_first()
    seen: list[QWidget] = []
    wanted = [field.editor for field in screen.page.fields.values()]
    while (here := QApplication.focusWidget()) is not None and here not in seen and screen.page.isAncestorOf(here):
        seen.append(here)
        assert here.accessibleName()
        assert not here.visibleRegion().isEmpty()
        screen.key(KEY.Key_Tab)
    assert [widget for widget in seen if widget in wanted] == wanted


def test_the_wheel_scrolls_past_a_list_without_changing_it(screen: Screen) -> None:
    """A setting never changes because the page was scrolled over it."""
    editor = screen.page.fields["theme"].editor
    assert isinstance(editor, QComboBox)
    editor.setFocus()
    point = QPointF(editor.rect().center())
    wheel = QWheelEvent(
        point,
        QPointF(editor.mapToGlobal(editor.rect().center())),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor, wheel)
    assert editor.currentData() == "light"


@pytest.mark.parametrize(("size", "zoom"), [((1366, 688), 100), ((1366, 688), 150), ((1366, 768), 200)])
def test_nothing_is_cut_at_any_size(
    qtbot: QtBot, appearance: Appearance, post: Post, size: tuple[int, int], zoom: int
) -> None:
    """No horizontal scrolling, no button narrower than its words, with something wrong on screen."""
    appearance.choose("light", zoom)
    screen = Screen(qtbot, appearance, post)
    screen.window.resize(*size)
    screen.write("structure.identifier", "12")
    screen.write("sticker_printer.offset_x", "x")
    page = screen.page
    screen.save()
    editor = page.fields["structure.identifier"].editor
    qtbot.waitUntil(lambda: not editor.visibleRegion().isEmpty())
    inside = page.area.widget()
    assert inside is not None
    assert inside.width() <= page.area.viewport().width()
    for button in page.findChildren(ActionButton):
        assert button.width() >= button.sizeHint().width(), button.words()
    for field in page.fields.values():
        right = field.mapTo(inside, QPoint(field.width(), 0)).x()
        assert right <= inside.width()


READERS: tuple[Callable[[str], object], ...] = tuple(
    rule.read
    for rule in (rules.STRUCTURE, rules.ADDRESS, rules.OID, rules.HOST, rules.SECONDS_RULE, rules.OFFSET, rules.WHOLE)
)


@settings(max_examples=60)
@given(st.text(max_size=40) | st.from_regex(r"https://[a-z0-9:\[\]/@.]{0,20}", fullmatch=True))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    """No text makes a rule fail otherwise than by its sentence, and what it reads is read the same again."""
    for read in READERS:
        try:
            value = read(text)
        except ValueError:
            continue
        assert read(str(value)) == value
