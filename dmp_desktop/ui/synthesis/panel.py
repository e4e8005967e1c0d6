"""The synthesis: what matters in ten seconds, each line leading to its document by its date (guide, picture 07)."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dmp_desktop.domain.facts import AllergyKnowledge, ContactRole
from dmp_desktop.services.synthesis import Overview, PartKind, SourceLine
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.page_frame import press
from dmp_desktop.ui.synthesis.source_link import source_link
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.timeline.presenter import OverviewPresenter
from dmp_desktop.ui.widgets.basic import Hairline, IconLabel, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.frames import empty_layout

PARTS: Final = {
    PartKind.ALLERGIES: ("warning", "Allergies", "Non renseignées dans les documents lus."),
    PartKind.PROBLEMS: ("heart", "Problèmes en cours", "Aucun dans les documents lus."),
    PartKind.TREATMENTS: ("pill", "Traitements en cours", "Aucun dans les documents lus."),
    PartKind.LAST_STAY: ("hospital", "Dernière hospitalisation", "Aucune dans ce dossier."),
    PartKind.DUE: ("calendar", "À prévoir", "Rien n’est demandé dans les documents lus."),
    PartKind.DIRECTIVES: ("users", "Directives et proches", "Aucune directive, aucune personne à prévenir."),
}
ROLES: Final = {
    ContactRole.EMERGENCY: "À prévenir",
    ContactRole.TRUSTED: "Personne de confiance",
    ContactRole.HELPER: "Aidant",
}
_SHOWN: Final = 5
"""Lines of one part; more are counted."""

_WIDTH: Final = 344


def line_words(kind: PartKind, line: SourceLine) -> str:
    """What a line says: name and detail, when it is due."""
    told = f"{line.text}, {line.detail[:1].lower()}{line.detail[1:]}" if line.detail else line.text
    return f"{told}, prévu le {texts.day(line.due)}" if kind is PartKind.DUE and line.due is not None else told


def contact_lines(found: Overview) -> list[SourceLine]:
    """People to call, as lines."""
    dated = {row.key: row.at for row in found.rows}
    return [
        SourceLine(f"{ROLES[person.role]}\u00a0: {person.name}", person.source_key, dated.get(person.source_key))
        for person in found.contacts
    ]


def allergies_words(found: Overview) -> str:
    """The honest sentence when no allergy is listed."""
    told = found.allergies
    if told.knowledge is AllergyKnowledge.NONE_KNOWN:
        since = f", d’après un document du {texts.day(told.at)}" if told.at is not None else ""
        return f"Aucune allergie connue{since}."
    if told.knowledge is AllergyKnowledge.UNAVAILABLE:
        return f"Indisponibles\u00a0: {told.cause}."
    return PARTS[PartKind.ALLERGIES][2]


def lines_of(found: Overview, kind: PartKind) -> list[SourceLine]:
    """Every line of a part."""
    lines = list(found.part(kind).lines)
    return lines + contact_lines(found) if kind is PartKind.DIRECTIVES else lines


def nothing_words(found: Overview, kind: PartKind) -> str:
    """What a part without lines says."""
    return allergies_words(found) if kind is PartKind.ALLERGIES else PARTS[kind][2]


class SynthesisPanel(QFrame):
    """344 wide at the right of the timeline, or under it."""

    print_asked = Signal()

    def __init__(self, appearance: Appearance, presenter: OverviewPresenter) -> None:
        super().__init__()
        self._appearance, self._presenter = appearance, presenter
        self.setProperty("room", "bar")
        self.setProperty("edge", "left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Synthèse")
        head = QHBoxLayout()
        self._title = Text("Synthèse", "title")
        self._print = ActionButton(appearance, "Imprimer", keys="F8", icon="printer")
        self._print.clicked.connect(lambda _c=False: self.print_asked.emit())
        press(self._print, "F8")
        head.addWidget(self._title, 1)
        head.addWidget(self._print)
        self._inside = QWidget()
        self._inside.setProperty("room", "bar")
        self._inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._parts = QVBoxLayout(self._inside)
        self._parts.setContentsMargins(20, 4, 14, 8)
        self._parts.setSpacing(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inside)
        above = QVBoxLayout()
        above.setContentsMargins(20, 16, 24, 4)
        above.setSpacing(0)
        above.addLayout(head)
        above.addWidget(Text("Chaque ligne mène à son document.", "caption", "text-3", wrap=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(self._scroll, 1)
        self._narrow = False
        presenter.changed.connect(self.refresh)
        appearance.changed.connect(self._refit)
        self.fit(narrow=False)
        self.refresh()

    def _refit(self) -> None:
        self.fit(narrow=self._narrow)

    def fit(self, *, narrow: bool) -> None:
        """A column of its own, or the whole width under the timeline."""
        self._narrow = narrow
        wide = self._appearance.theme.px(_WIDTH)
        self.setMinimumWidth(0 if narrow else wide)
        self.setMaximumWidth(16_777_215 if narrow else wide)
        self._scroll.setMinimumHeight(self._inside.sizeHint().height() if narrow else 0)

    def refresh(self) -> None:
        """Draw what the presenter holds."""
        empty_layout(self._parts)
        found = self._presenter.overview
        self._print.setEnabled(found is not None)
        if found is None:
            return
        for number, kind in enumerate(PARTS):
            if number:
                self._parts.addSpacing(self._appearance.theme.px(3))
                self._parts.addWidget(Hairline())
                self._parts.addSpacing(self._appearance.theme.px(3))
            self._add(found, kind)
        self._parts.addStretch(1)
        self.fit(narrow=self._narrow)

    def _add(self, found: Overview, kind: PartKind) -> None:
        icon, title, _ = PARTS[kind]
        lines = lines_of(found, kind)
        tone = "danger" if kind is PartKind.ALLERGIES and lines else "text"
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel(self._appearance, icon, "danger" if tone == "danger" else "text-2", 16))
        row.addWidget(Text(title, "body-strong", tone), 1)
        self._parts.addLayout(row)
        for line in lines[:_SHOWN]:
            self._parts.addLayout(self._line(kind, line))
        if not lines:
            self._parts.addLayout(self._indented(Text(nothing_words(found, kind), "body", "text-3", wrap=True)))
        if len(lines) > _SHOWN:
            more = f"{len(lines) - _SHOWN} de plus dans les documents."
            self._parts.addLayout(self._indented(Text(more, "caption", "text-3", wrap=True)))

    def _line(self, kind: PartKind, line: SourceLine) -> QHBoxLayout:
        told = line_words(kind, line)
        link = source_link(self._appearance, told, line.at, line.key, self._presenter.open)
        row = self._indented(Text(told, "body", wrap=True))
        row.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _indented(self, text: Text) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(26, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(text, 1)
        return row
