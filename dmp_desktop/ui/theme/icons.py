"""Icons: one drawing per name, coloured by a token, sharp at any scale."""

from __future__ import annotations

import json
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from dmp_desktop.config import resource


@cache
def _drawings() -> tuple[dict[str, str], float, float]:
    raw = json.loads(resource("icons", "icons.json").read_text("utf-8"))
    return raw["paths"], raw["stroke"], raw["stroke_small"]


def names() -> frozenset[str]:
    """Every icon there is."""
    return frozenset(_drawings()[0])


def svg(name: str, color: str, size: int) -> str:
    """One icon as SVG text.

    :raises KeyError: no such icon.
    """
    paths, stroke, small = _drawings()
    width = small if size <= 16 else stroke
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" fill="none" '
        f'stroke="{color}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round">'
        f"{paths[name].replace('currentColor', color)}</svg>"
    )


@cache
def pixmap(name: str, color: str, size: int, ratio: float = 1.0) -> QPixmap:
    """One icon, ``size`` logical pixels wide, ready for a screen of ``ratio`` device pixels per logical one."""
    image = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    image.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(svg(name, color, size).encode()))
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def icon(name: str, color: str, size: int, ratio: float = 1.0, disabled: str = "") -> QIcon:
    """One icon for a button; ``disabled`` is its colour when the button is."""
    made = QIcon(pixmap(name, color, size, ratio))
    if disabled:
        made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made
