"""The way to a real printer: which there are, Qt's dialog, and the sending of a paper. The only Qt of this layer.

CUPS takes the PDF as it is, on the standard input of ``lp``: letters stay letters, and no file of ours is left behind.
Elsewhere the pages are painted at 300 dots an inch or more, at their true size, never fitted to the sheet.

:func:`printers` and :class:`PrintQuestion` belong to the UI thread, :class:`PrintRoom` to the print lane.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from dmp_desktop.config import PrinterProfile
from dmp_desktop.errors import ServiceUnavailable, StorageError, UserError
from dmp_desktop.printing.preview import page_sizes, rasterise
from dmp_desktop.printing.stocks import page_size

_LP_SECONDS: Final = 30
_MIN_DPI: Final = 300
_MAX_DPI: Final = 600
# Half a millimetre is below what a feeder holds; a wrong stock is several away.
_TOLERANCE_MM: Final = 0.5


class NoPrinter(ServiceUnavailable):
    """No printer is installed, or the profile's one is gone."""

    code = "no-printer"


class PrinterRefused(ServiceUnavailable):
    """The printer or its spooler did not take the paper; nothing was printed."""

    code = "printer-refused"


class WrongStock(UserError):
    """The paper does not have the size of the stock. ``facts``: ``paper`` and ``stock``, sizes in millimetres."""

    code = "wrong-stock"


class PaperNotSaved(StorageError):
    """The file chosen in the dialog could not be written."""

    code = "paper-not-saved"


@dataclass(frozen=True, slots=True)
class PrinterName:
    """A printer as the system knows it."""

    name: str
    description: str
    default: bool


def printers() -> tuple[PrinterName, ...]:
    """Every printer installed, the default one first."""
    found = (
        PrinterName(info.printerName(), info.description() or info.printerName(), info.isDefault())
        for info in QPrinterInfo.availablePrinters()
    )
    return tuple(sorted(found, key=lambda printer: not printer.default))


def check_stock(pdf: bytes, profile: PrinterProfile) -> None:
    """Warn before, not after: every page must have the size of the profile's stock.

    :raises WrongStock: it does not.
    :raises dmp_desktop.printing.stocks.BadProfile: the profile cannot be followed.
    """
    expected = page_size(profile)
    for size in page_sizes(pdf):
        if any(abs(have - want) > _TOLERANCE_MM for have, want in zip(size, expected, strict=True)):
            raise WrongStock("paper and stock differ in size", paper=_words(size), stock=_words(expected))


def _words(size: tuple[float, float]) -> str:
    return f"{size[0]:.0f} × {size[1]:.0f}"


class PrintRoom:
    """Sends papers. Holds no state but the place of ``lp``.

    :param lp: the CUPS command, ``None`` to paint through Qt (Windows, or no CUPS).
    """

    def __init__(self, lp: Path | None) -> None:
        self._lp = lp

    @classmethod
    def of_this_system(cls) -> PrintRoom:
        """With ``lp`` when the system has it."""
        found = shutil.which("lp")
        return cls(Path(found) if found else None)

    def send(self, pdf: bytes, profile: PrinterProfile, title: str) -> None:
        """Print every page on the profile's printer, at true size.

        :param title: name of the job in the printer's queue, which others see: a kind of paper, never a person.
        :raises WrongStock: the paper does not have the size of the stock.
        :raises NoPrinter: there is none.
        :raises PrinterRefused: it did not take the paper.
        """
        check_stock(pdf, profile)
        if self._lp is not None:
            self._spool(self._lp, pdf, profile, title)
        else:
            paint(pdf, _qt_printer(profile, title))

    @staticmethod
    def save(pdf: bytes, file: Path) -> None:
        """Write the paper where the dialog said.

        :raises PaperNotSaved: it could not be.
        """
        try:
            file.write_bytes(pdf)
        except OSError as error:
            raise PaperNotSaved(f"paper not written: {type(error).__name__}") from None

    @staticmethod
    def _spool(lp: Path, pdf: bytes, profile: PrinterProfile, title: str) -> None:
        width, height = page_size(profile)
        media = "A4" if profile.stock == "A4" or profile.stock.startswith("sheet-") else f"Custom.{width}x{height}mm"
        command = [str(lp), "-s", "-t", title, "-o", f"media={media}", "-o", "print-scaling=none"]
        if profile.printer:
            command += ["-d", profile.printer]
        if profile.tray:
            command += ["-o", f"InputSlot={profile.tray}"]
        command.append("-")
        try:
            done = subprocess.run(  # noqa: S603 - a command of the system, each argument its own
                command,
                input=pdf,
                capture_output=True,
                timeout=_LP_SECONDS,
                check=False,
                env={**os.environ, "LC_ALL": "C"},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PrinterRefused(f"lp: {type(error).__name__}") from None
        if done.returncode:
            # What lp says may quote the job; only the two cases that call for another gesture are told apart.
            said = done.stderr.lower()
            if b"no default destination" in said or b"does not exist" in said:
                raise NoPrinter("lp knows no such printer")
            raise PrinterRefused(f"lp ended with {done.returncode}")


def _qt_printer(profile: PrinterProfile, title: str) -> QPrinter:
    info = QPrinterInfo.printerInfo(profile.printer) if profile.printer else QPrinterInfo.defaultPrinter()
    if info.isNull():
        raise NoPrinter("Qt knows no such printer")
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    return printer


def paint(pdf: bytes, printer: QPrinter) -> None:
    """Paint every page on ``printer`` at true size; the caller keeps the printer alive.

    :raises PrinterRefused: it cannot begin, or stops half-way.
    """
    sizes = page_sizes(pdf)
    printer.setResolution(min(max(printer.resolution(), _MIN_DPI), _MAX_DPI))
    _set_page(printer, sizes[0])
    painter = QPainter()
    if not painter.begin(printer):
        raise PrinterRefused("the printer does not begin")
    try:
        for number, (width, height) in enumerate(sizes):
            if number and not (_set_page(printer, (width, height)) and printer.newPage()):
                raise PrinterRefused("the printer takes no further page")
            raster = rasterise(pdf, max(printer.logicalDpiX(), printer.logicalDpiY()), number)
            image = QImage(raster.data, raster.width, raster.height, raster.width * 3, QImage.Format.Format_RGB888)
            # Each axis by its own dots: some label printers have 300 × 600 of them.
            target = QRectF(0, 0, width / 25.4 * printer.logicalDpiX(), height / 25.4 * printer.logicalDpiY())
            painter.drawImage(target, image)
    finally:
        painter.end()
    if printer.printerState() in (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Error):
        raise PrinterRefused("the printer gave up")


def _set_page(printer: QPrinter, size: tuple[float, float]) -> bool:
    """Give the page its size, edge to edge; QPageSize knows portrait only, a wider page is a turned one."""
    short, long = sorted(size)
    fuzzy = QPageSize.SizeMatchPolicy.FuzzyMatch
    page = QPageSize(QSizeF(short, long), QPageSize.Unit.Millimeter, "", fuzzy)
    turned = QPageLayout.Orientation.Landscape if size[0] > size[1] else QPageLayout.Orientation.Portrait
    layout = QPageLayout(page, turned, QMarginsF(0, 0, 0, 0))
    # The mode travels with the layout: setFullPage on the printer would be undone by it.
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return printer.setPageLayout(layout)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the dialog gave: a printer, or a file.

    :ivar file: where to write the PDF instead of printing.
    """

    profile: PrinterProfile
    file: Path | None = None


class PrintQuestion:
    """Qt's print dialog, opened without a loop of its own. Kept by the caller until it answered.

    The printer handed to the dialog stays an attribute: a temporary one crashes the program at its end.

    :param answered: called in the UI thread with what was chosen, ``None`` when the person gave up.
    """

    def __init__(
        self, parent: QWidget | None, profile: PrinterProfile, answered: Callable[[Chosen | None], None]
    ) -> None:
        self._profile = profile
        self._answered = answered
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if profile.printer:
            self._printer.setPrinterName(profile.printer)
        self.dialog = QPrintDialog(self._printer, parent)
        self.dialog.finished.connect(self._finished)

    def ask(self) -> None:
        """Show the dialog and come back at once."""
        # QPrintDialog hides the one that takes no receiver.
        QDialog.open(self.dialog)

    def _finished(self, result: int) -> None:
        if result != QDialog.DialogCode.Accepted:
            self._answered(None)
            return
        file = self._printer.outputFileName()
        profile = replace(self._profile, printer=self._printer.printerName())
        self._answered(Chosen(profile, Path(file) if file else None))
