"""The hand a document is written in: fonts, colours and lengths on white paper, at one zoom."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFrameFormat,
    QTextTableCellFormat,
)

from dmp_desktop.domain.readable import Align, Span
from dmp_desktop.ui.theme.tokens import Theme, ThemeName, table

_QT_ALIGN = {Align.LEFT: 0x1, Align.RIGHT: 0x2, Align.CENTER: 0x4}


@dataclass(frozen=True, slots=True)
class Ink:
    """Paper is white whatever the theme: states are written in the colours of the light one.

    :ivar theme: of the window, for its zoom; ``zoom``: of the document, in per cent, over it.
    """

    theme: Theme
    zoom: int = 100

    def px(self, length: float) -> int:
        """A length of the guide at both zooms."""
        return max(1, round(length * self.theme.zoom * self.zoom / 10_000))

    def color(self, name: str) -> QColor:
        """A colour on white paper; ``text`` is the paper's own."""
        on_white = Theme(self.theme.name if name in {"paper", "on-paper"} else ThemeName.LIGHT)
        return on_white.color("on-paper" if name == "text" else name)

    def char(self, role: str = "body", tone: str = "text", *, bold: bool | None = None) -> QTextCharFormat:
        """The hand of a role of the guide (``caption``, ``body``, ``section``…)."""
        entry = table()["type"][role]
        strong = entry["weight"] >= 700 if bold is None else bold
        made = QTextCharFormat()
        made.setFontFamilies(table()["family"])
        made.setProperty(QTextCharFormat.Property.FontPixelSize, self.px(entry["size"]))
        made.setFontWeight(QFont.Weight.Bold if strong else QFont.Weight.Normal)
        made.setForeground(QBrush(self.color(tone)))
        return made

    def span(self, base: QTextCharFormat, span: Span) -> QTextCharFormat:
        """``base`` in the hand of ``span``."""
        made = QTextCharFormat(base)
        if span.bold:
            made.setFontWeight(QFont.Weight.Bold)
        made.setFontItalic(span.italic)
        made.setFontUnderline(span.underline)
        made.setFontStrikeOut(span.struck)
        if span.raised:
            sides = QTextCharFormat.VerticalAlignment
            made.setVerticalAlignment(sides.AlignSuperScript if span.raised > 0 else sides.AlignSubScript)
        return made

    def block(
        self, *, above: float = 0, below: float = 0, indent: float = 0, align: Align = Align.LEFT
    ) -> QTextBlockFormat:
        """A paragraph's air, in lengths of the guide."""
        made = QTextBlockFormat()
        made.setTopMargin(self.px(above) if above else 0)
        made.setBottomMargin(self.px(below) if below else 0)
        made.setLeftMargin(self.px(indent) if indent else 0)
        made.setProperty(QTextBlockFormat.Property.BlockAlignment, _QT_ALIGN[align])
        made.setLineHeight(125, int(QTextBlockFormat.LineHeightTypes.ProportionalHeight.value))
        return made

    def cell(self, *, strong: bool = False) -> QTextTableCellFormat:
        """A cell, a line under it: firmer under a head."""
        made = QTextTableCellFormat()
        made.setBottomBorder(1)
        made.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        made.setBottomBorderBrush(QBrush(self.color("text-3" if strong else "line")))
        made.setTopPadding(self.px(5))
        made.setBottomPadding(self.px(5))
        made.setRightPadding(self.px(10))
        return made
