"""A masked document on the real store: the screen of whoever may not know of it is the same with and without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.record_gallery import PaperStandIn
from helpers.record_store import RecordPost
from helpers.record_world import HandLanes, Memory, screen_tree
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.document import DocumentStatus
from dmp_desktop.reading.readable import read_document
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.ui.record.page import RecordPage
from dmp_desktop.ui.record.presenter import RecordPresenter
from dmp_desktop.ui.theme.appearance import Appearance

__all__ = ["sandbox", "sandbox_clock", "sandbox_pki_folder"]


@pytest.fixture
def author(sandbox: Sandbox, sandbox_clock: HandClock, tmp_path: Path) -> Iterator[RecordPost]:
    """Dr Gabarit, who wrote the masked document and is médecin traitant."""
    made = RecordPost(sandbox, sandbox_clock, tmp_path / "gabarit", "gabarit")
    yield made
    made.close()


def _screen(
    qtbot: QtBot, appearance: Appearance, sandbox: Sandbox, clock: HandClock, folder: Path
) -> tuple[QImage, list[tuple[str, ...]]]:
    """What Dr Brindille sees of Firmin's record, on a post that never heard of him."""
    post = RecordPost(sandbox, clock, folder)
    record = post.record(post.context("firmin"))
    presenter = RecordPresenter(record, HandLanes(), clock.now, read_document, Memory())
    page = RecordPage(appearance, presenter, PaperStandIn())
    qtbot.addWidget(page)
    page.resize(1294, 620)
    with qtbot.waitExposed(page):
        page.show()
    presenter.open()
    assert presenter.rows
    seen = page.grab().toImage(), screen_tree(page)
    presenter.forget()
    page.close()
    post.close()
    return seen


def test_pixels_and_accessibility_are_those_of_a_dossier_without_it(
    qtbot: QtBot,
    appearance: Appearance,
    sandbox: Sandbox,
    sandbox_clock: HandClock,
    author: RecordPost,
    tmp_path: Path,
) -> None:
    """The author deletes the masked document: nothing changes on the screen of the other."""
    before = _screen(qtbot, appearance, sandbox, sandbox_clock, tmp_path / "one")
    theirs = author.record(author.context("firmin"))
    theirs.refresh()
    masked = [row for row in theirs.rows() if row.entry.visibility.from_professionals]
    assert len(masked) == 1
    author.gateway.documents.set_status(theirs.context.ins, masked[0].entry, DocumentStatus.DELETED)
    after = _screen(qtbot, appearance, sandbox, sandbox_clock, tmp_path / "two")
    same = before == after
    assert same, "a masked document shows"
    assert masked[0].entry.title not in str(before[1])
