"""One screen of the opening: the frame of a page, with its presenter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.page_frame import KeyHint as KeyHint
from dmp_desktop.ui.page_frame import PageFrame
from dmp_desktop.ui.page_frame import fill as fill
from dmp_desktop.ui.page_frame import on_key as on_key
from dmp_desktop.ui.page_frame import press as press
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Labelled, Panel


def side_by_side(*parts: Labelled) -> QHBoxLayout:
    """Labelled sentences in columns, their labels on one line."""
    row = QHBoxLayout()
    row.setSpacing(24)
    for part in parts:
        row.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
    return row


def explained(title: str, *parts: tuple[str, str]) -> Panel:
    """A panel of labelled sentences: cause, effect on the dossier, what to do."""
    panel = Panel(title)
    panel.body.addLayout(side_by_side(*(Labelled(label, words, "body") for label, words in parts)))
    return panel


class Screen(PageFrame):
    """One screen. Subclasses fill ``body`` and the command row, and draw themselves in :meth:`refresh`."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance)
        self.presenter = presenter
