"""The sticker for the Carte Vitale, and the page that shows where a printer really puts things.

A mark of 24 × 12 mm: « DMP », « Dossier médical partagé », month and year. No name, no number, no code, and not the
official logo, which is reserved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.config import PrinterProfile
from dmp_desktop.printing import words
from dmp_desktop.printing.layout import BOLD, DEMONSTRATION, HAIR, INK, MM, REGULAR, page
from dmp_desktop.printing.papers import StickerPaper
from dmp_desktop.printing.stocks import Stock, page_size, stock_of

MARK: Final = (24.0, 12.0)
# Height of a capital of Noto Sans, for one point of size.
_CAPITALS: Final = 0.714
# From this height, in millimetres, a page has room for numbers and a text.
_ROOMY: Final = 100.0


def sticker(paper: StickerPaper, profile: PrinterProfile) -> bytes:
    """One mark on the profile's stock: its own label, or the label ``start`` of a sheet.

    :raises dmp_desktop.printing.stocks.BadProfile: the profile cannot be followed.
    """
    stock = stock_of(profile)
    left, top, width, height = stock.cell(profile.start if stock.kind == "sheet" else 1)
    x, y = left + (width - MARK[0]) / 2, stock.page[1] - top - (height + MARK[1]) / 2

    def draw(canvas: Canvas) -> None:
        canvas.translate(x * MM, y * MM)
        if stock.cut:
            canvas.setStrokeColor(HAIR)
            canvas.setLineWidth(0.4)
            canvas.rect(0, 0, MARK[0] * MM, MARK[1] * MM)
        _mark(canvas, words.month_year(paper.opened_at), demonstration=paper.demonstration)

    return page("Autocollant DMP", _points(profile), _placed(profile, stock, draw))


def calibration(profile: PrinterProfile) -> bytes:
    """Rulers from two edges and the outline of every label, under the profile's offsets: what is out of place shows.

    :raises dmp_desktop.printing.stocks.BadProfile: the profile cannot be followed.
    """
    stock = stock_of(profile)

    def draw(canvas: Canvas) -> None:
        _rulers(canvas, stock)
        if stock.kind == "sheet":
            for number in range(1, stock.capacity + 1):
                _outline(canvas, stock, number)
        if stock.page[1] >= _ROOMY:
            _explain(canvas, stock)

    return page("Page de calibrage", _points(profile), _placed(profile, stock, draw))


def _points(profile: PrinterProfile) -> tuple[float, float]:
    width, height = page_size(profile)
    return width * MM, height * MM


def _placed(profile: PrinterProfile, stock: Stock, draw: Callable[[Canvas], None]) -> Callable[[Canvas], None]:
    """``draw``, in the axes of the stock, turned clockwise then moved right and down as the paper comes out."""
    width, height = stock.page[0] * MM, stock.page[1] * MM

    def placed(canvas: Canvas) -> None:
        canvas.translate(profile.offset_x * MM, -profile.offset_y * MM)
        if profile.rotation:
            canvas.translate(
                {90: 0.0, 180: width, 270: height}[profile.rotation],
                {90: width, 180: height, 270: 0.0}[profile.rotation],
            )
            canvas.rotate(-profile.rotation)
        draw(canvas)

    return placed


def _mark(canvas: Canvas, month: str, *, demonstration: bool) -> None:
    """The mark, its lower left corner at the origin; 1.2 mm are left free all around for the cut and the printer."""
    width, height, free = MARK[0] * MM, MARK[1] * MM, 1.2 * MM
    size, leading, top = (5.4, 5.6, height - 8.8) if demonstration else (6.6, 6.9, height - free)
    canvas.setFillColor(INK)
    if demonstration:
        canvas.setFont(BOLD, 4.4)
        canvas.drawCentredString(width / 2, height - 7.1, DEMONSTRATION)
    canvas.setFont(BOLD, 12.5)
    canvas.drawString(1.5 * MM, (free + top) / 2 - _CAPITALS / 2 * 12.5, "DMP")
    bar = 12.25 * MM
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    canvas.line(bar, free, bar, top)
    canvas.setFont(REGULAR, size)
    for line, text in enumerate(("Dossier", "médical", "partagé")):
        canvas.drawString(bar + 1.2 * MM, top - _CAPITALS * size - line * leading, text)
    canvas.setFont(BOLD, 5.6)
    canvas.drawString(bar + 1.2 * MM, free, month)


def _rulers(canvas: Canvas, stock: Stock) -> None:
    """Graduations every millimetre from the upper left corner, longer every 5 and 10, and a cross in the middle."""
    width, height = stock.page
    unit = 0.8 if height < _ROOMY else 2.0
    canvas.setStrokeColor(INK)
    canvas.setFillColor(INK)
    canvas.setLineWidth(0.3)
    canvas.setFont(REGULAR, 6)
    for across in (True, False):
        for tick in range(int(width if across else height) + 1):
            length = unit * (1 if tick % 5 else 2 if tick % 10 else 3)
            numbered = tick and tick % 10 == 0 and height >= _ROOMY
            if across:
                canvas.line(tick * MM, height * MM, tick * MM, (height - length) * MM)
                if numbered:
                    canvas.drawCentredString(tick * MM, (height - length - 2.6) * MM, str(tick))
            else:
                canvas.line(0, (height - tick) * MM, length * MM, (height - tick) * MM)
                if numbered:
                    canvas.drawString((length + 0.8) * MM, (height - tick) * MM - 2.1, str(tick))
    x, y, arm = width / 2 * MM, height / 2 * MM, min(12.0, height / 4) * MM
    canvas.line(x - arm, y, x + arm, y)
    canvas.line(x, y - arm, x, y + arm)


def _outline(canvas: Canvas, stock: Stock, number: int) -> None:
    left, top, width, height = stock.cell(number)
    bottom = stock.page[1] - top - height
    canvas.setStrokeColor(HAIR)
    canvas.setLineWidth(0.4)
    canvas.rect(left * MM, bottom * MM, width * MM, height * MM)
    canvas.setFillColor(INK)
    canvas.setFont(REGULAR, 7)
    canvas.drawRightString((left + width - 1.5) * MM, (bottom + 1.5) * MM, str(number))


def _explain(canvas: Canvas, stock: Stock) -> None:
    lines = (
        (BOLD, f"Page de calibrage – {stock.name}"),
        (REGULAR, "Les graduations partent des bords de la feuille, en haut et à gauche."),
        (REGULAR, "Mesurez du bord gauche au trait 50. Si vous lisez 49 mm, ajoutez 1 mm au décalage horizontal."),
        (REGULAR, "Mesurez du bord haut au trait 50. Si vous lisez 49 mm, ajoutez 1 mm au décalage vertical."),
        (REGULAR, "Imprimez de nouveau : les traits tombent juste quand les deux mesures donnent 50 mm."),
    )
    x, y = 24.0, stock.page[1] * 0.36
    canvas.setFillColorRGB(1, 1, 1)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    canvas.rect(x * MM, (y - 29) * MM, (stock.page[0] - 2 * x) * MM, 36 * MM, stroke=1, fill=1)
    canvas.setFillColor(INK)
    for face, text in lines:
        canvas.setFont(face, 9)
        canvas.drawString((x + 6) * MM, y * MM, text)
        y -= 6.0
