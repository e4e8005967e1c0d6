"""The papers and labels a printer can hold, from ``resources/print/stocks.json``; lengths in millimetres.

A profile says which stock is loaded, how far its marks come out of place, how it is turned, and where a sheet already
begun starts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dmp_desktop.config import PrinterProfile, resource
from dmp_desktop.errors import UserError


class BadProfile(UserError):
    """A printer profile cannot be followed. ``facts["field"]`` is ``stock``, ``start`` or ``rotation``."""

    code = "bad-printer-profile"


@dataclass(frozen=True, slots=True)
class Stock:
    """One paper: a page, one label, or an A4 sheet of labels.

    :ivar left: from the left edge of the sheet to its first label; ``top`` from its upper edge.
    :ivar pitch: from one label to the next, across and down.
    :ivar cut: plain adhesive paper: labels are outlined, to be cut out.
    """

    id: str
    name: str
    kind: str
    page: tuple[float, float]
    columns: int = 1
    rows: int = 1
    label: tuple[float, float] = (0.0, 0.0)
    left: float = 0.0
    top: float = 0.0
    pitch: tuple[float, float] = (0.0, 0.0)
    cut: bool = False

    @property
    def capacity(self) -> int:
        """How many labels one page holds."""
        return self.columns * self.rows

    def cell(self, number: int) -> tuple[float, float, float, float]:
        """Left, top, width and height of label ``number`` (from 1, line by line); the whole page for a single label.

        :raises BadProfile: there is no such label.
        """
        if not 1 <= number <= self.capacity:
            raise BadProfile("no such label on the sheet", field="start", last=self.capacity)
        row, column = divmod(number - 1, self.columns)
        width, height = self.label if self.kind == "sheet" else self.page
        return self.left + column * self.pitch[0], self.top + row * self.pitch[1], width, height

    def next_start(self, start: int) -> int:
        """The label after ``start``; 1 when the sheet is used up."""
        return start + 1 if start < self.capacity else 1


def stocks() -> tuple[Stock, ...]:
    """Every stock known, in the order of the file."""
    raw = json.loads(resource("print", "stocks.json").read_text("utf-8"))
    return tuple(_stock(one) for one in raw["stocks"])


def _stock(one: dict[str, Any]) -> Stock:
    values: Any = {name: tuple(value) if isinstance(value, list) else value for name, value in one.items()}
    return Stock(**values)


def stock_of(profile: PrinterProfile) -> Stock:
    """The stock of a profile, its start and rotation checked.

    :raises BadProfile: unknown stock, start beyond the sheet, rotation that is no quarter turn.
    """
    found = next((stock for stock in stocks() if stock.id == profile.stock), None)
    if found is None:
        raise BadProfile("unknown stock", field="stock")
    if profile.rotation not in (0, 90, 180, 270):
        raise BadProfile("rotation is not a quarter turn", field="rotation")
    if found.kind == "sheet":
        found.cell(profile.start)
    return found


def page_size(profile: PrinterProfile) -> tuple[float, float]:
    """Width and height of the page sent to the printer: the stock as it is turned.

    :raises BadProfile: see :func:`stock_of`.
    """
    width, height = stock_of(profile).page
    return (height, width) if profile.rotation in (90, 270) else (width, height)


def labels(profile: PrinterProfile) -> tuple[tuple[float, float, float, float], ...]:
    """Left, top, width and height of every label on the page as it is turned; none when the stock is no sheet.

    :raises BadProfile: see :func:`stock_of`.
    """
    stock = stock_of(profile)
    if stock.kind != "sheet":
        return ()
    return tuple(_turned(stock, stock.cell(number), profile.rotation) for number in range(1, stock.capacity + 1))


def _turned(stock: Stock, cell: tuple[float, float, float, float], rotation: int) -> tuple[float, float, float, float]:
    (left, top, width, height), (page_width, page_height) = cell, stock.page
    match rotation:
        case 90:
            return page_height - top - height, left, height, width
        case 180:
            return page_width - left - width, page_height - top - height, width, height
        case 270:
            return top, page_width - left - width, height, width
        case _:
            return cell
