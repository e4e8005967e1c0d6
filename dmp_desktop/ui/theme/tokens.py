"""The table of tokens: every colour, size and type of the screens, for three themes, two densities and any zoom."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from PySide6.QtGui import QColor, QFont

from dmp_desktop.config import resource

NARROW = 1240


class ThemeName(StrEnum):
    """The three themes."""

    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


class Density(StrEnum):
    """Comfortable at the desk and the counter, compact for the doctor."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


@cache
def table() -> dict[str, Any]:
    """``resources/theme/tokens.json``, read once."""
    loaded: dict[str, Any] = json.loads(resource("theme", "tokens.json").read_text("utf-8"))
    return loaded


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme at one zoom.

    :ivar zoom: per cent, 100 to 200; multiplies type, spacing and sizes. Hairlines stay 1 px up to 150 %, then 2.
    """

    name: ThemeName = ThemeName.LIGHT
    zoom: int = 100
    density: Density = Density.COMFORTABLE

    def hex(self, token: str) -> str:
        """Colour of a token, ``#rrggbb``."""
        value: str = table()["color"][token][self.name.value]
        return value

    def color(self, token: str) -> QColor:
        """Colour of a token."""
        return QColor(self.hex(token))

    def px(self, length: float) -> int:
        """A length of the guide, in pixels at 100 %, at this zoom."""
        return round(length * self.zoom / 100)

    def narrow(self, width: int) -> bool:
        """Whether a window of ``width`` pixels has room for one column only.

        The guide says below 900 at 100 %. Steps, form and command row in French do not fit beside each other below
        1240 (120 % on a screen of 1366), so the narrow layout begins there.
        """
        return width * 100 / self.zoom < NARROW

    @property
    def hairline(self) -> int:
        """Width of a thin line, in pixels."""
        return 1 if self.zoom <= 150 else 2

    def size(self, name: str) -> int:
        """A size of the table (``button``, ``top_bar``…), zoomed; densities win where they speak."""
        sizes = table()["density"][self.density.value] | {"_": 0}
        value = sizes.get(name, table()["size"].get(name))
        return self.px(float(value))

    def font(self, role: str, *, bold: bool | None = None, italic: bool = False) -> QFont:
        """Font of a role (``caption``, ``body``, ``body-strong``, ``value``, ``section``, ``title``, ``clock``)."""
        entry = table()["type"][role]
        font = QFont(table()["family"])
        font.setPixelSize(self.px(entry["size"]))
        strong = entry["weight"] >= 700 if bold is None else bold
        font.setWeight(QFont.Weight.Bold if strong else QFont.Weight.Normal)
        font.setItalic(italic)
        return font

    def line(self, role: str) -> int:
        """Line height of a role, in pixels."""
        return self.px(table()["type"][role]["line"])
