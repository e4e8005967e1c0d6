"""The bundled type: Noto Sans, the same on every computer."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

from dmp_desktop.config import resource

FAMILY = "Noto Sans"


def load_fonts() -> None:
    """Register the four styles; must follow the making of the application."""
    for style in ("Regular", "Bold", "Italic", "BoldItalic"):
        QFontDatabase.addApplicationFont(str(resource("fonts", f"NotoSans-{style}.ttf")))
