"""Settings, command bar and map of keys through the real window."""

from helpers.window import Window
from PySide6.QtWidgets import QApplication


def go(window: Window, key: str) -> None:
    """Show a page."""
    room = window.program.room
    assert room is not None
    room.go(key)


def test_the_command_bar_goes_anywhere_and_is_shut_by_the_lock(window: Window) -> None:
    """Ctrl+K, a few letters, Enter: the settings; nothing opens on a locked post."""
    window.press("Ctrl+K")
    assert window.focus_name != "Patient, document ou action"
    window.sign()
    window.press("Ctrl+K")
    window.until(lambda: window.focus_name == "Patient, document ou action")
    window.type("regler")
    window.press("Return")
    window.until(lambda: window.program.shell.page == "settings")


def test_a_setting_is_kept_and_followed_at_once(window: Window) -> None:
    """The theme chosen is the theme seen, and the file holds it."""
    window.sign()
    go(window, "settings")
    room = window.program.room
    assert room is not None
    page = room.settings.page
    theme = page.fields["theme"]
    assert theme is not None
    settings = window.program.settings
    window.program.change_settings(type(settings)(**{**_plain(settings), "theme": "dark"}))
    assert window.program.appearance.theme.name == "dark"
    assert '"dark"' in (window.folder / "profile" / "settings.json").read_text("utf-8")


def test_the_post_can_be_set_up_before_anyone_signs_in(window: Window) -> None:
    """Alt+R on the sign-in screen: the settings, and Alt+Left back; no patient is there to be seen."""
    window.until(lambda: "Insérez votre carte" in window.words() and QApplication.focusWidget() is not None)
    window.press("Alt+R")
    assert "Réglages de ce poste" in window.words()
    window.press("Alt+Left")
    window.until(lambda: "Réglages de ce poste" not in window.words())


def test_f2_begins_an_opening_from_any_page(window: Window) -> None:
    """The key means the same everywhere."""
    window.sign()
    for page in ("settings", "readers", "waiting"):
        go(window, page)
        window.press("F2")
        assert window.program.shell.page == "opening"


def _plain(settings: object) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__slots__}  # type: ignore[attr-defined]
