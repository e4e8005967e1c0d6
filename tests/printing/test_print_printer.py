"""The way to the printer: what leaves, under which name and size, and what is told when nothing leaves."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import print_papers as p
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from dmp_desktop.config import PrinterProfile
from dmp_desktop.printing.attestation import attestation
from dmp_desktop.printing.papers import StickerPaper
from dmp_desktop.printing.preview import page_sizes
from dmp_desktop.printing.printer import (
    Chosen,
    NoPrinter,
    PaperNotSaved,
    PrinterRefused,
    PrintQuestion,
    PrintRoom,
    WrongStock,
    check_stock,
    paint,
    printers,
)
from dmp_desktop.printing.sticker import sticker

A4 = PrinterProfile(printer="Laser", tray="Tray1")
LABEL = PrinterProfile(printer="Roll", stock="label-24x12")


def _lp(folder: Path, ending: str = "exit 0") -> Path:
    """A stand-in for CUPS's command, at the outer edge: keeps its arguments and its input, then ends as told."""
    command = folder / "lp"
    command.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{folder}/args"\ncat > "{folder}/input"\n{ending}\n')
    command.chmod(0o700)
    return command


def test_cups_receives_the_paper_as_it_is(tmp_path: Path) -> None:
    """The very bytes, on standard input, at true size, on the profile's printer and tray, under a harmless name."""
    pdf = attestation(p.opened())
    PrintRoom(_lp(tmp_path)).send(pdf, A4, "Attestation DMP")
    assert (tmp_path / "input").read_bytes() == pdf
    args = (tmp_path / "args").read_text().split("\n")
    assert args[-2] == "-"
    assert {"media=A4", "print-scaling=none", "Laser", "InputSlot=Tray1", "Attestation DMP"} <= set(args)
    assert "LAVANDIN" not in " ".join(args)


def test_a_label_announces_its_own_size(tmp_path: Path) -> None:
    """The size of the stock as it is turned reaches the driver."""
    turned = replace(LABEL, rotation=90)
    PrintRoom(_lp(tmp_path)).send(sticker(StickerPaper(p.CONFIRMED), turned), turned, "Autocollant DMP")
    assert "media=Custom.12x24mm" in (tmp_path / "args").read_text()


def test_a_sheet_of_labels_is_a4(tmp_path: Path) -> None:
    """The driver knows the sheet, not its labels."""
    profile = PrinterProfile(stock="sheet-24", start=5)
    PrintRoom(_lp(tmp_path)).send(sticker(StickerPaper(p.CONFIRMED), profile), profile, "Autocollant DMP")
    args = (tmp_path / "args").read_text()
    assert "media=A4" in args
    assert "-d\n" not in args


@pytest.mark.parametrize(
    ("ending", "error"),
    [
        ('echo "lp: Error - The printer or class does not exist." >&2; exit 1', NoPrinter),
        ('echo "lp: Error - No default destination." >&2; exit 1', NoPrinter),
        ('echo "lp: Unable to print LAVANDIN" >&2; exit 1', PrinterRefused),
    ],
)
def test_a_spooler_that_refuses_is_told(tmp_path: Path, ending: str, error: type[Exception]) -> None:
    """No printer or a refusal: two gestures, two errors, and nothing of what the spooler quoted."""
    with pytest.raises(error) as caught:
        PrintRoom(_lp(tmp_path, ending)).send(attestation(p.opened()), A4, "Attestation DMP")
    assert "LAVANDIN" not in str(caught.value)


def test_a_vanished_command_is_a_refusal(tmp_path: Path) -> None:
    """CUPS removed while the program runs loses nothing: the paper can be printed again."""
    with pytest.raises(PrinterRefused):
        PrintRoom(tmp_path / "gone").send(attestation(p.opened()), A4, "Attestation DMP")


def test_the_wrong_stock_is_told_before_anything_leaves(tmp_path: Path) -> None:
    """An attestation never reaches a roll of labels; both sizes are named."""
    with pytest.raises(WrongStock) as caught:
        PrintRoom(_lp(tmp_path)).send(attestation(p.opened()), LABEL, "Attestation DMP")
    assert caught.value.facts == {"paper": "210 × 297", "stock": "24 × 12"}
    assert not (tmp_path / "args").exists()


def test_a_turned_label_is_not_its_straight_stock() -> None:
    """24 × 12 and 12 × 24 are two stocks for a feeder."""
    check_stock(sticker(StickerPaper(p.CONFIRMED), LABEL), LABEL)
    with pytest.raises(WrongStock):
        check_stock(sticker(StickerPaper(p.CONFIRMED), replace(LABEL, rotation=90)), LABEL)


def test_the_system_is_looked_at_for_cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``lp`` on the path papers go through it."""
    _lp(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    PrintRoom.of_this_system().send(attestation(p.opened()), A4, "Attestation DMP")
    assert (tmp_path / "input").exists()


def test_without_cups_an_unknown_printer_is_told(qtbot: QtBot) -> None:
    """Qt finds none of that name."""
    with pytest.raises(NoPrinter):
        PrintRoom(None).send(attestation(p.opened()), replace(A4, printer="No such printer"), "Attestation DMP")


def test_printers_are_listed_default_first(qtbot: QtBot) -> None:
    """Whatever the system has, at most one default, and it is the first."""
    found = printers()
    assert sum(printer.default for printer in found) <= 1
    assert [printer.default for printer in found] == sorted((printer.default for printer in found), reverse=True)


@pytest.mark.parametrize(
    ("pdf", "size"),
    [
        (attestation(p.opened()), (210, 297)),
        (sticker(StickerPaper(p.CONFIRMED), PrinterProfile(stock="label-57x32")), (57, 32)),
    ],
    ids=["attestation", "label"],
)
def test_painting_keeps_the_true_size(qtbot: QtBot, tmp_path: Path, pdf: bytes, size: tuple[int, int]) -> None:
    """Painted through Qt, at 300 dots an inch or more, each mark is where the paper has it, within 0.3 mm."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    paint(pdf, printer)
    painted = (tmp_path / "out.pdf").read_bytes()
    assert page_sizes(painted) == (pytest.approx(size, abs=0.5),)
    dpi = 200
    wanted, got = p.ink_box(p.image(pdf, dpi)), p.ink_box(p.image(painted, dpi))
    assert got == pytest.approx(wanted, abs=0.3 / 25.4 * dpi)
    assert printer.resolution() >= 300
    assert printer.fullPage()


def test_painting_works_away_from_the_ui_thread(qtbot: QtBot, tmp_path: Path) -> None:
    """The print lane paints; the screen does not wait."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    lane = threading.Thread(target=paint, args=(attestation(p.opened()), printer))
    lane.start()
    lane.join(30)
    assert "%PDF" in (tmp_path / "out.pdf").read_bytes()[:8].decode("latin-1")


@pytest.mark.qt_log_ignore(r"QPainter::begin\(\): Returned false")
def test_a_printer_that_does_not_begin_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    """An output that cannot be opened is a refusal, not a silence."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "no folder" / "out.pdf"))
    with pytest.raises(PrinterRefused):
        paint(attestation(p.opened()), printer)


def test_a_paper_is_saved_where_the_dialog_said(tmp_path: Path) -> None:
    """The archived bytes themselves, not a picture of them."""
    pdf = attestation(p.opened())
    PrintRoom.save(pdf, tmp_path / "attestation.pdf")
    assert (tmp_path / "attestation.pdf").read_bytes() == pdf
    with pytest.raises(PaperNotSaved):
        PrintRoom.save(pdf, tmp_path / "no folder" / "attestation.pdf")


def test_the_dialog_gives_a_file_or_a_printer(qtbot: QtBot, tmp_path: Path) -> None:
    """Accepted with a file name, it gives the file and keeps the rest of the profile; nothing blocks meanwhile."""
    answers: list[Chosen | None] = []
    question = PrintQuestion(None, replace(A4, printer=""), answers.append)
    qtbot.addWidget(question.dialog)
    question.ask()
    assert question.dialog.isVisible()
    question.dialog.printer().setOutputFileName(str(tmp_path / "chosen.pdf"))
    question.dialog.done(QDialog.DialogCode.Accepted)
    assert [answer.file for answer in answers if answer] == [tmp_path / "chosen.pdf"]
    assert answers[0] is not None
    assert answers[0].profile.tray == "Tray1"


def test_giving_up_the_dialog_prints_nothing(qtbot: QtBot) -> None:
    """Escape answers that nothing was chosen."""
    answers: list[Chosen | None] = []
    question = PrintQuestion(None, A4, answers.append)
    qtbot.addWidget(question.dialog)
    question.ask()
    question.dialog.reject()
    assert answers == [None]
