"""The one style sheet, built from the tokens; widgets choose by dynamic properties, never by a sheet of their own."""

from __future__ import annotations

from dmp_desktop.ui.theme.tokens import Theme, ThemeName

_TONES = (
    *("text", "text-2", "text-3", "action", "info", "success", "warning", "danger", "offline", "sandbox", "secret"),
    *("on-emergency", "emergency-text"),
)
_STATES = ("info", "success", "warning", "danger", "offline", "sandbox", "secret")
_ROLES = ("caption", "body", "body-strong", "value", "section", "title", "clock")


def style_sheet(theme: Theme) -> str:
    """The QSS of ``theme``."""
    c, px, line = theme.hex, theme.px, theme.hairline
    parts = [
        f"QWidget {{ color: {c('text')}; }}",
        f"QMainWindow, QWidget[room='page'], QScrollArea, QWidget[room='scrolled'] {{ background: {c('bg')}; }}",
        "QScrollArea { border: none; } QLabel { background: transparent; }",
        f"QWidget[room='bar'] {{ background: {c('surface')}; }}",
        f"QWidget[edge='bottom'] {{ border-bottom: {line}px solid {c('line')}; }}",
        f"QWidget[edge='top'] {{ border-top: {line}px solid {c('line')}; }}",
        f"QWidget[edge='left'] {{ border-left: {line}px solid {c('line')}; }}",
        f"QWidget[edge='right'] {{ border-right: {line}px solid {c('line')}; }}",
        f"QFrame[kind='panel'] {{ background: {c('surface')}; border: {line}px solid {c('line')};"
        f" border-radius: {px(4)}px; }}",
        f"QFrame[kind='check'] {{ background: {c('surface')}; border: none; }}",
        f"QFrame[kind='check'][last='false'] {{ border-bottom: {line}px solid {c('line')}; }}",
        f"QFrame[kind='check'][state='failed'] {{ background: {c('warning-bg')}; }}",
        f"QFrame[kind='advice'] {{ background: {c('surface')}; border: {line}px solid {c('line')};"
        f" border-radius: {px(4)}px; }}",
        f"QFrame[kind='advice'][state='warning'] {{ border-left: {px(4)}px solid {c('warning')};"
        " border-top-left-radius: 0; border-bottom-left-radius: 0; }",
        f"QFrame[kind='advice'][state='chosen'] {{ border-left: {px(4)}px solid {c('action')};"
        " border-top-left-radius: 0; border-bottom-left-radius: 0; }",
        f"QFrame[kind='sunken'] {{ background: {c('sunken')}; }}",
        f"QFrame[kind='hairline-v'], QFrame[kind='hairline-h'] {{ background: {c('line')}; border: none; }}",
        f"QFrame[kind='hairline-v'] {{ min-width: {line}px; max-width: {line}px; }}",
        f"QFrame[kind='hairline-h'] {{ min-height: {line}px; max-height: {line}px; }}",
    ]
    parts += [f"QFrame[long='{n}'] {{ min-height: {px(n)}px; max-height: {px(n)}px; }}" for n in (24, 40)]
    for role in _ROLES:
        font = theme.font(role)
        weight = "bold" if font.bold() else "normal"
        parts.append(f"QLabel[role='{role}'] {{ font-size: {font.pixelSize()}px; font-weight: {weight}; }}")
    strong = theme.font("caption").pixelSize()
    parts.append(f"QLabel[role='caption-strong'] {{ font-size: {strong}px; font-weight: bold; }}")
    parts += [f"QLabel[tone='{tone}'] {{ color: {c(tone)}; }}" for tone in _TONES]
    parts += [*_keys(theme), *_buttons(theme), *_emergency(theme), *_fields(theme), *_strips(theme), *_lists(theme)]
    return "\n".join(parts)


def _keys(theme: Theme) -> list[str]:
    c, px = theme.hex, theme.px
    key = f"border-radius: {px(3)}px; padding: 0 {px(5)}px; font-size: {px(12)}px;"
    return [
        f"QLabel[kind='key'] {{ background: {c('sunken')}; border: 1px solid {c('control')};"
        f" color: {c('text-2')}; {key} }}",
        f"QLabel[kind='key-on-action'] {{ background: transparent; border: 1px solid {c('on-action')};"
        f" color: {c('on-action')}; {key} }}",
        f"QLabel[kind='key-disabled'] {{ background: transparent; border: 1px solid {c('text-disabled')};"
        f" color: {c('text-disabled')}; {key} }}",
        f"QLabel[kind='number'] {{ background: {c('selected')}; color: {c('action')}; font-weight: bold;"
        f" font-size: {px(12)}px; border-radius: {px(10)}px; min-width: {px(20)}px; max-width: {px(20)}px;"
        f" min-height: {px(20)}px; max-height: {px(20)}px; }}",
    ]


def _buttons(theme: Theme) -> list[str]:
    c, px, line = theme.hex, theme.px, theme.hairline
    # A minimum here takes the place of the one the widget set: it must be the height of the table.
    height = theme.size("button") - 2 * line
    base = f"border-radius: {px(4)}px; padding: 0 {px(16)}px; min-height: {height}px;"
    return [
        f"QPushButton[kind='primary'] {{ background: {c('action')}; border: {line}px solid {c('action')}; {base} }}",
        f"QPushButton[kind='primary']:hover {{ background: {c('action-hover')}; border-color: {c('action-hover')}; }}",
        f"QPushButton[kind='primary']:pressed {{ background: {c('action-pressed')}; }}",
        f"QPushButton[kind='primary']:disabled {{ background: {c('disabled')}; border-color: {c('disabled')}; }}",
        f"QPushButton[kind='secondary'] {{ background: {c('surface')};"
        f" border: {line}px solid {c('control')}; {base} }}",
        f"QPushButton[kind='secondary']:hover {{ background: {c('hover')}; }}",
        f"QPushButton[kind='secondary']:pressed, QPushButton[kind='secondary']:checked"
        f" {{ background: {c('selected')}; border-color: {c('action')}; }}",
        f"QPushButton[kind='secondary']:disabled {{ background: {c('disabled')}; border-color: {c('disabled')}; }}",
        "QPushButton[kind='link'], QPushButton[kind='quiet'] { background: transparent; border: none; padding: 0; }",
        f"QLabel[on='primary'] {{ color: {c('on-action')}; font-weight: bold; }}",
        f"QLabel[on='secondary'], QLabel[on='quiet'] {{ color: {c('action')}; }}",
        "QLabel[on='secondary'] { font-weight: bold; }",
        f"QLabel[on='link'] {{ color: {c('action')}; text-decoration: underline; }}",
        f"QLabel[on='disabled'] {{ color: {c('text-disabled')}; font-weight: bold; }}",
        f"QPushButton[kind='search'] {{ background: {c('surface')}; border: {line}px solid {c('control')};"
        f" border-radius: {px(4)}px; padding: 0; }}",
        f"QPushButton[kind='search']:hover {{ border-color: {c('text-2')}; }}",
        f"QToolButton[kind='navigation'] {{ background: transparent; border: none;"
        f" border-left: {px(3)}px solid transparent; font-size: {px(12)}px; color: {c('text-2')};"
        f" padding: {px(6)}px 0 {px(4)}px 0; }}",
        f"QToolButton[kind='navigation']:hover {{ background: {c('hover')}; }}",
        f"QToolButton[kind='navigation']:checked {{ background: {c('selected')}; border-left-color: {c('action')};"
        f" color: {c('action')}; font-weight: bold; }}",
    ]


def _emergency(theme: Theme) -> list[str]:
    """The band of an emergency access and the button that opens one; the calmer band of a secret connection."""
    c, px, line = theme.hex, theme.px, theme.hairline
    height = theme.size("button") - 2 * line
    base = f"border-radius: {px(4)}px; padding: 0 {px(16)}px;"
    return [
        f"QFrame[band='emergency'] {{ background: {c('emergency')}; border: none; }}",
        f"QFrame[band='secret'] {{ background: {c('secret-bg')}; border: none;"
        f" border-left: {px(4)}px solid {c('secret')}; }}",
        f"QPushButton[kind='emergency'] {{ background: {c('emergency')}; border: {line}px solid {c('emergency')};"
        f" min-height: {height}px; {base} }}",
        f"QPushButton[kind='emergency']:disabled {{ background: {c('disabled')}; border-color: {c('disabled')}; }}",
        f"QPushButton[kind='on-emergency'] {{ background: transparent; border: {line}px solid {c('on-emergency')};"
        f" min-height: {px(32) - 2 * line}px; {base} }}",
        f"QPushButton[kind='on-secret'] {{ background: transparent; border: {line}px solid {c('secret')};"
        f" min-height: {px(32) - 2 * line}px; {base} }}",
        f"QLabel[on='on-secret'] {{ color: {c('secret')}; font-weight: bold; }}",
        f"QLabel[on='emergency'], QLabel[on='on-emergency'] {{ color: {c('on-emergency')}; font-weight: bold; }}",
        f"QLabel[kind='key-on-emergency'] {{ background: transparent; border: 1px solid {c('on-emergency')};"
        f" color: {c('on-emergency')}; border-radius: {px(3)}px; padding: 0 {px(5)}px; font-size: {px(12)}px; }}",
    ]


def _fields(theme: Theme) -> list[str]:
    c, px, line = theme.hex, theme.px, theme.hairline
    height = theme.size("field") - 2 * line
    field = f"border-radius: {px(4)}px; padding: 0 {px(12)}px; min-height: {height}px; max-height: {height}px;"
    kinds = ("QLineEdit", "QComboBox", "QSpinBox", "QDoubleSpinBox")
    every = ", ".join(kinds)
    return [
        f"{every} {{ background: {c('surface')}; border: {line}px solid {c('control')}; {field}"
        f" selection-background-color: {c('selected')}; selection-color: {c('text')}; }}",
        ", ".join(f"{k}:hover" for k in kinds) + f" {{ border-color: {c('text-2')}; }}",
        ", ".join(f"{k}[invalid='true']" for k in kinds) + f" {{ border: 2px solid {c('danger')}; }}",
        ", ".join(f"{k}:disabled" for k in kinds)
        + f" {{ background: {c('sunken')}; color: {c('text-disabled')}; border-color: {c('line')}; }}",
        f"QPlainTextEdit {{ background: {c('surface')}; border: {line}px solid {c('control')};"
        f" border-radius: {px(4)}px; padding: {px(8)}px; }}",
        # A document: white in every theme.
        f"QTextEdit[kind='paper'] {{ background: {c('paper')}; color: {c('on-paper')};"
        f" border: {line}px solid {c('control')}; selection-background-color: {c('action')};"
        f" selection-color: {c('on-action')}; }}",
        "QComboBox::drop-down { border: none; width: 0; }",
        f"QComboBox QAbstractItemView {{ background: {c('surface')}; border: {line}px solid {c('control')};"
        f" selection-background-color: {c('selected')}; selection-color: {c('text')}; outline: none; }}",
        f"QLineEdit[kind='code'] {{ font-size: {px(20)}px; letter-spacing: {px(6)}px; min-height: {px(46)}px;"
        f" max-height: {px(46)}px; }}",
    ]


def _strips(theme: Theme) -> list[str]:
    c, px = theme.hex, theme.px
    parts = []
    for state in _STATES:
        parts += [
            f"QFrame[strip='{state}'] {{ background: {c(state + '-bg')}; border: none;"
            f" border-left: {px(4)}px solid {c(state)}; }}",
            f"QFrame[chip='{state}'] {{ background: {c(state + '-bg')}; border: none; border-radius: {px(4)}px; }}",
        ]
    if theme.name is ThemeName.HIGH_CONTRAST:
        # Backgrounds of states are black there: an edge keeps the chip a thing.
        parts += [f"QFrame[chip='{s}'] {{ border: 1px solid {c(s)}; }}" for s in _STATES]
    parts.append(
        f"QFrame[chip='sandbox'] {{ border: 1px solid {c('sandbox')}; }} QFrame[room='sandbox-line']"
        f" {{ background: {c('sandbox')}; border: none; }}"
    )
    return parts


def _lists(theme: Theme) -> list[str]:
    c, px, line = theme.hex, theme.px, theme.hairline
    return [
        f"QAbstractItemView {{ background: {c('surface')}; border: {line}px solid {c('line')};"
        f" border-radius: {px(4)}px; outline: none; }}",
        # The command bar: over everything, so a firmer edge; what it holds has none of its own.
        f"QFrame[kind='floating'] {{ background: {c('surface')}; border: {line}px solid {c('control')};"
        f" border-radius: {px(4)}px; }}",
        "QComboBox QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }",
        "QLineEdit[kind='bare'] { border: none; padding: 0; min-height: 0; background: transparent; }",
        f"QFrame[kind='search'] {{ background: {c('surface')}; border: {line}px solid {c('control')};"
        f" border-radius: {px(4)}px; }}",
        f"QListView[kind='plain'] {{ border: none; background: {c('surface')}; }}",
        "QSplitter::handle { background: transparent; }",
        f"QListView[kind='bare'] {{ border: none; border-radius: 0; border-top: {line}px solid {c('line')}; }}",
        f"QHeaderView::section {{ background: {c('sunken')}; color: {c('text-2')}; border: none;"
        f" font-size: {px(12)}px; font-weight: bold; padding: 0 {px(16)}px; }}",
        "QTableView { gridline-color: transparent; }",
        f"QTableView[kind='lines']::item {{ padding: {px(6)}px {px(16)}px; }}",
        f"QTableView[kind='lines']::item:selected {{ background: {c('selected')}; color: {c('text')}; }}",
        f"QTableView[kind='facts']::item {{ padding: 0 {px(16)}px; border-bottom: {line}px solid {c('line')}; }}"
        f" QTableView[kind='facts']::item:selected {{ background: {c('selected')}; color: {c('text')}; }}",
        f"QScrollBar:vertical {{ background: {c('sunken')}; width: {px(8)}px; margin: 0; border: none; }}",
        f"QScrollBar::handle:vertical {{ background: {c('control')}; min-height: {px(32)}px;"
        f" border-radius: {px(4)}px; }}",
        "QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }"
        " QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }",
        f"QScrollBar:horizontal {{ height: {px(8)}px; background: {c('sunken')}; }}",
        f"QMenu {{ background: {c('surface')}; border: {line}px solid {c('control')}; padding: {px(8)}px 0;"
        f" font-size: {px(14)}px; }}",
        f"QMenu::item {{ padding: {px(8)}px {px(32)}px {px(8)}px {px(24)}px; }}",
        f"QMenu::item:selected {{ background: {c('hover')}; }} QMenu::item:checked {{ background: {c('selected')};"
        f" color: {c('action')}; font-weight: bold; }} QMenu::item:disabled {{ color: {c('text-2')}; }}",
        "QMenu::indicator { width: 0; }",
        f"QMenu::separator {{ height: {line}px; background: {c('line')}; margin: {px(8)}px 0; }}",
        f"QToolTip {{ background: {c('surface')}; color: {c('text')}; border: {line}px solid {c('control')}; }}",
    ]
