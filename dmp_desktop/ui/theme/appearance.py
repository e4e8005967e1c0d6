"""The appearance in force: theme, zoom and density, followed by every window without a restart."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTranslator, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from dmp_desktop.ui.theme.fonts import load_fonts
from dmp_desktop.ui.theme.style import style_sheet
from dmp_desktop.ui.theme.tokens import Density, Theme, ThemeName
from dmp_desktop.ui.theme.zoom import LayoutZoom


class Appearance(QObject):
    """Applies a :class:`Theme` to the whole application and says when it changes."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: str = "system", zoom: int = 100) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._french = QTranslator(self)
        load_fonts()
        QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
        if self._french.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            application.installTranslator(self._french)
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._layouts = LayoutZoom(application, self)
        self.theme = Theme(self._resolved(), zoom)
        self._apply()

    def choose(self, choice: str, zoom: int, density: Density | None = None) -> None:
        """``system``, ``light``, ``dark`` or ``high_contrast``; zoom in per cent; no density: it stays."""
        self._choice = choice
        theme = Theme(self._resolved(), max(100, min(200, zoom)), density or self.theme.density)
        if theme != self.theme:
            self.theme = theme
            self._apply()
            self.changed.emit()

    def _resolved(self) -> ThemeName:
        if self._choice in set(ThemeName):
            return ThemeName(self._choice)
        dark = self._application.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return ThemeName.DARK if dark else ThemeName.LIGHT

    def _system_changed(self) -> None:
        self.choose(self._choice, self.theme.zoom)

    def _apply(self) -> None:
        theme = self.theme
        palette = QPalette()
        roles = QPalette.ColorRole
        for role, token in (
            (roles.Window, "bg"),
            (roles.WindowText, "text"),
            (roles.Base, "surface"),
            (roles.AlternateBase, "sunken"),
            (roles.Text, "text"),
            (roles.Button, "surface"),
            (roles.ButtonText, "action"),
            (roles.Highlight, "selected"),
            (roles.HighlightedText, "text"),
            (roles.PlaceholderText, "text-3"),
            (roles.ToolTipBase, "surface"),
            (roles.ToolTipText, "text"),
            (roles.Link, "action"),
        ):
            palette.setColor(role, theme.color(token))
        self._application.setPalette(palette)
        self._application.setFont(theme.font("body"))
        self._application.setStyleSheet(style_sheet(theme))
        self._layouts.choose(theme.zoom)
