"""The sticker: the right size, the right place, and nothing about anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from helpers import print_papers as p

from dmp_desktop.config import PrinterProfile, resource
from dmp_desktop.printing.papers import StickerPaper
from dmp_desktop.printing.preview import page_sizes
from dmp_desktop.printing.sticker import calibration, sticker
from dmp_desktop.printing.stocks import BadProfile, Stock, labels, stock_of, stocks

PAPER = StickerPaper(datetime(2026, 4, 14, 7, 13, tzinfo=UTC))
LABEL = PrinterProfile(stock="label-24x12")
ROLL = PrinterProfile(stock="label-57x32")
SHEETS = [stock for stock in stocks() if stock.kind == "sheet"]
DPI = 600.0


def _box_mm(pdf: bytes, dpi: float = DPI) -> tuple[float, float, float, float]:
    left, top, right, bottom = p.ink_box(p.image(pdf, dpi))
    return left * 25.4 / dpi, top * 25.4 / dpi, right * 25.4 / dpi, bottom * 25.4 / dpi


@pytest.mark.parametrize("stock", [stock for stock in stocks() if stock.kind == "label"], ids=lambda stock: stock.id)
def test_the_page_is_the_stock_to_a_tenth_of_a_millimetre(stock: Stock) -> None:
    """A label printer feeds what the page says."""
    assert page_sizes(sticker(PAPER, PrinterProfile(stock=stock.id))) == (pytest.approx(stock.page, abs=0.1),)


def test_it_says_the_mark_and_the_month_and_nothing_else() -> None:
    """No name, no number, no code; the month is the one in Paris."""
    assert p.text(sticker(PAPER, LABEL)) == "DMP Dossier médical partagé 04/2026"
    new_year = StickerPaper(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert p.text(sticker(new_year, LABEL)).endswith("01/2027")


def test_nobody_is_in_the_file() -> None:
    """The paper has no place for an identity: two openings of the same month give the same bytes."""
    other = StickerPaper(datetime(2026, 4, 28, 15, 0, tzinfo=UTC))
    assert sticker(PAPER, LABEL) == sticker(other, LABEL)
    contents = p.every_byte(sticker(PAPER, LABEL))
    assert p.NIR.encode() not in contents
    assert b"LAVANDIN" not in contents


def test_the_mark_stays_off_the_edges_of_its_label() -> None:
    """One millimetre at least on each side, for the cut and for what a printer cannot reach."""
    left, top, right, bottom = _box_mm(sticker(replace(PAPER, demonstration=True), LABEL))
    assert left >= 1
    assert top >= 1
    assert right <= 23
    assert bottom <= 11


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_an_offset_moves_the_marks_by_as_much(rotation: int) -> None:
    """1.5 mm in the profile is 1.5 ± 0.1 mm to the right and down on the paper as it comes out, however turned."""
    turned = replace(ROLL, rotation=rotation)
    still = _box_mm(sticker(PAPER, turned))
    moved = _box_mm(sticker(PAPER, replace(turned, offset_x=1.5, offset_y=1.5)))
    assert [after - before for before, after in zip(still, moved, strict=True)] == pytest.approx([1.5] * 4, abs=0.1)


def test_a_quarter_turn_turns_the_page_clockwise() -> None:
    """The page is as high as the label is wide, and shows the straight mark turned clockwise."""
    straight, turned = sticker(PAPER, ROLL), sticker(PAPER, replace(ROLL, rotation=90))
    assert page_sizes(turned) == (pytest.approx((32, 57), abs=0.1),)
    left, top, right, bottom = _box_mm(straight)
    assert _box_mm(turned) == pytest.approx((32 - bottom, left, 32 - top, right), abs=0.15)


@pytest.mark.parametrize("stock", SHEETS, ids=lambda stock: stock.id)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_sheet_already_begun_goes_on_at_its_start(stock: Stock, place: str) -> None:
    """The mark lies wholly inside the label the profile names, and in its middle."""
    start = {"first": 1, "middle": stock.columns + 2, "last": stock.capacity}[place]
    left, top, width, height = stock.cell(start)
    box = _box_mm(sticker(PAPER, PrinterProfile(stock=stock.id, start=start)), 150)
    assert left <= box[0] < box[2] <= left + width + 0.2
    assert top <= box[1] < box[3] <= top + height + 0.2
    assert (box[0] + box[2]) / 2 == pytest.approx(left + width / 2, abs=1)


@pytest.mark.parametrize("stock", SHEETS, ids=lambda stock: stock.id)
def test_every_label_of_a_sheet_is_on_the_sheet_and_apart_from_the_others(stock: Stock) -> None:
    """The table of stocks holds together: no label over an edge, none over its neighbour, each as large as the mark."""
    assert stock.label[0] >= 24
    assert stock.label[1] >= 12
    assert stock.pitch[0] >= stock.label[0]
    assert stock.pitch[1] >= stock.label[1]
    left, top, width, height = stock.cell(stock.capacity)
    assert left + width <= 210
    assert top + height <= 297


def test_the_next_start_follows_and_begins_a_new_sheet() -> None:
    """After the last label comes the first of a new sheet."""
    stock = stock_of(PrinterProfile(stock="sheet-24"))
    assert [stock.next_start(number) for number in (1, 23, 24)] == [2, 24, 1]


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        (PrinterProfile(stock="label-1x1"), "stock"),
        (PrinterProfile(stock="sheet-24", start=25), "start"),
        (PrinterProfile(stock="sheet-24", start=0), "start"),
        (PrinterProfile(stock="label-24x12", rotation=45), "rotation"),
    ],
)
def test_a_profile_that_cannot_be_followed_is_refused_before_printing(profile: PrinterProfile, field: str) -> None:
    """The field at fault is named."""
    with pytest.raises(BadProfile) as caught:
        sticker(PAPER, profile)
    assert caught.value.facts["field"] == field


@pytest.mark.parametrize("stock", stocks(), ids=lambda stock: stock.id)
def test_the_calibration_page_has_the_size_of_its_stock(stock: Stock) -> None:
    """Each stock has its page, and a sheet shows the number of its last label."""
    pdf = calibration(PrinterProfile(stock=stock.id))
    assert page_sizes(pdf) == (pytest.approx(stock.page, abs=0.1),)
    if stock.kind == "sheet":
        assert str(stock.capacity) in p.text(pdf).split()


def test_the_calibration_page_shows_the_offset_of_the_profile() -> None:
    """A profile that is right gives graduations that start at the edge of the sheet."""
    still = p.ink_box(p.image(calibration(PrinterProfile(stock="label-57x32")), DPI))
    moved = p.ink_box(p.image(calibration(PrinterProfile(stock="label-57x32", offset_x=2, offset_y=3)), DPI))
    assert (moved[0] - still[0]) * 25.4 / DPI == pytest.approx(2, abs=0.1)
    assert (moved[1] - still[1]) * 25.4 / DPI == pytest.approx(3, abs=0.1)


def test_the_table_of_stocks_is_dated() -> None:
    """Measures come from somewhere and some day."""
    raw = json.loads(resource("print", "stocks.json").read_text("utf-8"))
    assert datetime.fromisoformat(raw["dated"])
    assert raw["source"]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("stock", SHEETS, ids=lambda stock: stock.id)
def test_the_outlines_told_are_where_the_mark_falls(stock: Stock, rotation: int) -> None:
    """The labels a preview draws hold the printed mark, however the sheet is turned; another stock has none."""
    profile = PrinterProfile(stock=stock.id, rotation=rotation, start=stock.capacity)
    left, top, right, bottom = _box_mm(sticker(PAPER, profile), 150.0)
    x, y, width, height = labels(profile)[-1]
    assert x - 0.2 <= left <= right <= x + width + 0.2
    assert y - 0.2 <= top <= bottom <= y + height + 0.2
    assert labels(LABEL) == ()
