"""The keys of the window: one meaning each, everywhere, and no screen takes one for something else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence

from dmp_desktop.ui.keymap import TABLE, Binding, KeyClash, KeyMap, cap_of

CODE = Path(__file__).parents[2] / "dmp_desktop"
_BOUND = re.compile(r'(?:on_key\([\w.]+, |shortcut\(|press\([\w.]+, |\bkeys=)"([^"]+)"')


def bound() -> set[str]:
    """Every key written in the code of the screens."""
    texts = [path.read_text("utf-8") for room in ("ui", "app") for path in (CODE / room).rglob("*.py")]
    return {key for text in texts for match in _BOUND.finditer(text) for key in match.group(1).split("|")}


def test_the_keys_as_delivered_do_not_clash() -> None:
    """And each is a key that Qt knows."""
    keys = KeyMap()
    for binding in TABLE:
        assert QKeySequence(binding.key).count() == 1
        assert keys.key(binding.act) == binding.key


@pytest.mark.parametrize("key", ["F9", "Ctrl+K", "ctrl+k"])
def test_two_acts_on_one_key_stop_the_start(key: str) -> None:
    """However the key is written; what clashes is named."""
    with pytest.raises(KeyClash) as caught:
        KeyMap((*TABLE, Binding("mine", "Faire", key)))
    assert caught.value.facts["second"] == "mine"


def test_every_function_key_bound_is_in_the_table() -> None:
    """F keys mean the same on every screen: a screen invents none."""
    functions = {key for key in bound() if re.fullmatch(r"F\d+", key)}
    assert functions
    assert functions <= {binding.key for binding in TABLE}


@pytest.mark.parametrize(
    ("key", "cap"),
    [
        ("Ctrl+Return", "Ctrl Entrée"),
        ("Esc", "Échap"),
        ("Alt+A", "Alt+A"),
        ("Alt+Left", "Alt+←"),
        ("Ctrl+K", "Ctrl K"),
        ("F2", "F2"),
    ],
)
def test_a_key_is_read_as_a_french_keyboard_names_it(key: str, cap: str) -> None:
    """One cap may hold a chord."""
    assert cap_of(key) == cap
