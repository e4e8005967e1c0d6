"""Directives and people to call: one key away from any view of the record (Alt+D)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dmp_desktop.domain.facts import PersonToWarn
from dmp_desktop.services.synthesis import Overview, PartKind
from dmp_desktop.ui.page_frame import KeyHint, PageFrame, on_key
from dmp_desktop.ui.synthesis.panel import ROLES
from dmp_desktop.ui.synthesis.source_link import source_link
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.timeline import words
from dmp_desktop.ui.timeline.presenter import OverviewPresenter
from dmp_desktop.ui.widgets.basic import IconLabel, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.frames import empty_layout

HINTS = (KeyHint("Tab", "Document suivant"), KeyHint("Échap", "Revenir"))
_NOBODY = "Aucune personne n’est indiquée dans les documents lus."
_NO_DIRECTIVE = "Aucune directive anticipée dans ce dossier. Elle peut exister ailleurs."


class ContactsPage(PageFrame):
    """Two panels: what the person wishes, whom to call."""

    left = Signal()

    def __init__(self, appearance: Appearance, presenter: OverviewPresenter) -> None:
        super().__init__(appearance, alone=True)
        self._presenter = presenter
        self.setAccessibleName("Directives et proches")
        self._wishes, self._people = Panel("Directives anticipées"), Panel("Personnes à appeler")
        self._inside: list[QVBoxLayout] = []
        for panel in (self._wishes, self._people):
            inner = QVBoxLayout()
            inner.setSpacing(8)
            panel.body.addLayout(inner)
            self._inside.append(inner)
            self.body.addWidget(panel)
        self.body.addStretch(1)
        back = ActionButton(appearance, "Revenir", keys="Échap")
        back.clicked.connect(lambda _c=False: self.left.emit())
        self.commands.offer([back], [])
        on_key(self, "Esc", self.left.emit)
        presenter.changed.connect(self.refresh)
        self.refresh()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of this screen, for the status bar."""
        return HINTS

    def refresh(self) -> None:
        """Draw what the presenter holds."""
        found = self._presenter.overview
        self.say("Directives et proches", words.gaps(found) if found is not None else "")
        for inner in self._inside:
            empty_layout(inner)
        if found is None:
            return
        for line in found.part(PartKind.DIRECTIVES).lines:
            self._inside[0].addWidget(self._row("file", line.text, "", found, line.key))
        for person in found.contacts:
            self._inside[1].addWidget(self._row("phone", *_told(person), found, person.source_key))
        for inner, nothing in zip(self._inside, (_NO_DIRECTIVE, _NOBODY), strict=True):
            if not inner.count():
                inner.addWidget(Text(nothing, "body", "text-2", wrap=True))

    def _row(self, icon: str, name: str, more: str, found: Overview, key: str) -> QWidget:
        source = found.row(key)
        at = source.at if source is not None else None
        link = source_link(self.appearance, name, at, key, self._presenter.open)
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(IconLabel(self.appearance, icon, "text-2", 18), 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(Text(name, "body-strong", wrap=True))
        if more:
            said.addWidget(Text(more, "body", "text-2", wrap=True))
        row.addLayout(said, 1)
        row.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        return held


def _told(person: PersonToWarn) -> tuple[str, str]:
    """Name, then role, relation and numbers."""
    parts = [ROLES[person.role], person.relation.lower() if person.relation else ""]
    parts += [_phone(number) for number in person.phones]
    return person.name, ", ".join(part for part in parts if part)


def _phone(number: str) -> str:
    """Ten digits by pairs; anything else as it is."""
    digits = number.replace(" ", "")
    if len(digits) == 10 and digits.isdecimal():
        return "\u00a0".join(digits[start : start + 2] for start in range(0, 10, 2))
    return number
