"""The table of tokens: contrast recomputed, no colour elsewhere, icons and type that are really there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo

from dmp_desktop.ui.theme import icons
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.style import style_sheet
from dmp_desktop.ui.theme.tokens import Density, Theme, ThemeName, table

UI = Path(__file__).parents[2] / "dmp_desktop"
PAIRS = [(front, back, ratio) for kind in ("text", "controls") for front, back, ratio in table()["contrast"][kind]]


def luminance(color: QColor) -> float:
    """Relative luminance of WCAG 2."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = color.getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one() -> None:
    """The formula used here is the one of the standard."""
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)


@pytest.mark.parametrize("name", list(ThemeName))
def test_every_pair_keeps_its_contrast(name: ThemeName) -> None:
    """Text at 4.5 and controls at 3, recomputed from the colours, in the three themes."""
    theme = Theme(name)
    low = {
        (front, back): round(contrast(theme.color(front), theme.color(back)), 2)
        for front, back, ratio in PAIRS
        if contrast(theme.color(front), theme.color(back)) < ratio
    }
    assert low == {}


def test_the_pairs_cover_every_state() -> None:
    """Each state is checked as text on its own background, on panels and on the floor."""
    pairs = {(front, back) for front, back, _ in PAIRS}
    for state in ("info", "success", "warning", "danger", "offline", "sandbox", "secret"):
        assert {(state, f"{state}-bg"), (state, "surface"), (state, "bg"), ("text", f"{state}-bg")} <= pairs


def test_every_token_is_a_colour_in_every_theme() -> None:
    """Six digits, three times."""
    wrong = {
        (token, name)
        for token, values in table()["color"].items()
        for name in ThemeName
        if not re.fullmatch(r"#[0-9a-f]{6}", values[name.value])
    }
    assert wrong == set()


def test_no_colour_is_written_outside_the_theme() -> None:
    """A literal colour would ignore the themes."""
    found = {
        str(path.relative_to(UI)): match.group()
        for path in UI.rglob("*.py")
        if "theme" not in path.parts and "printing" not in path.parts and "sandbox" not in path.parts
        for match in re.finditer(r"#[0-9a-fA-F]{6}\b|Qt\.GlobalColor\.(?!transparent)\w+", path.read_text("utf-8"))
    }
    assert found == {}


def test_no_widget_has_a_style_sheet_of_its_own() -> None:
    """One sheet, built from the tokens."""
    found = [
        p.name
        for p in (UI / "ui").rglob("*.py")
        if "setStyleSheet" in p.read_text("utf-8") and p.name != "appearance.py"
    ]
    assert found == []


@pytest.mark.parametrize("name", sorted(icons.names()))
def test_every_icon_draws_something(qapp: object, name: str) -> None:
    """A drawing with a hole where its colour should be would be seen by nobody."""
    image = icons.pixmap(name, Theme().hex("text"), 20).toImage()
    drawn = sum(1 for x in range(20) for y in range(20) if image.pixelColor(x, y).alpha() > 0)
    assert drawn > 12


def test_an_unknown_icon_is_a_fault_of_ours() -> None:
    """It is found at once, not drawn as nothing."""
    with pytest.raises(KeyError):
        icons.svg("no-such-icon", Theme().hex("text"), 20)


def test_the_icons_named_in_the_code_exist() -> None:
    """Every name given to an icon is in the set."""
    named = {
        match.group(1)
        for path in (UI / "ui").rglob("*.py")
        for match in re.finditer(r'(?:icon=|IconLabel\([\w.]+, )"([a-z-]+)"', path.read_text("utf-8"))
    }
    assert named
    assert named <= icons.names()


@pytest.mark.parametrize("zoom", [100, 150, 200])
@pytest.mark.parametrize("name", list(ThemeName))
def test_the_style_sheet_is_whole(name: ThemeName, zoom: int) -> None:
    """Braces pair, no value is missing, every length is a whole number of pixels."""
    sheet = style_sheet(Theme(name, zoom))
    assert sheet.count("{") == sheet.count("}")
    assert not re.search(r":\s*;", sheet)
    assert not re.search(r"\d\.\d+px", sheet)


def test_the_bundled_type_is_the_one_used(appearance: Appearance) -> None:
    """Noto Sans of the program, regular and bold, not something near it."""
    for role, bold in (("body", False), ("title", True)):
        info = QFontInfo(appearance.theme.font(role))
        assert info.family() == "Noto Sans"
        assert info.bold() is bold


def test_zoom_multiplies_and_hairlines_thicken_late() -> None:
    """200 % doubles lengths and type; a hairline stays one pixel up to 150 %."""
    once, twice = Theme(zoom=100), Theme(zoom=200)
    assert twice.px(8) == 16
    assert twice.font("body").pixelSize() == 2 * once.font("body").pixelSize()
    assert [Theme(zoom=z).hairline for z in (100, 150, 151, 200)] == [1, 1, 2, 2]


def test_compact_is_lower_and_never_under_thirty_two() -> None:
    """Density changes heights, not type; a target stays reachable."""
    wide, dense = Theme(), Theme(density=Density.COMPACT)
    assert dense.size("button") < wide.size("button")
    assert dense.font("body").pixelSize() == wide.font("body").pixelSize()
    assert all(value >= 32 for values in table()["density"].values() for value in values.values())


def test_the_system_decides_until_a_person_does(appearance: Appearance) -> None:
    """« Comme le système » follows its scheme; a choice holds against it."""
    appearance.choose("system", 100)
    dark = Qt.ColorScheme.Dark
    scheme = appearance.parent().styleHints().colorScheme()  # type: ignore[attr-defined]
    assert appearance.theme.name == (ThemeName.DARK if scheme is dark else ThemeName.LIGHT)
    appearance.choose("high_contrast", 300)
    assert appearance.theme == Theme(ThemeName.HIGH_CONTRAST, 200)
