"""What must be known before trusting a document, above it: two strips at most (guide 4.6)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dmp_desktop.errors import DmpError, IdentityError
from dmp_desktop.reading.errors import NothingOutside, NotStructured, OtherKind
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import MessageStrip

_QUIET = (NothingOutside, NotStructured, OtherKind)


class Strips(QWidget):
    """The warnings of the documents on screen."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 12, 24, 0)
        self._column.setSpacing(8)
        self.hide()

    def tell(self, warnings: Sequence[DmpError]) -> None:
        """These and no other."""
        empty_layout(self._column)
        for strip in _strips(self._appearance, warnings):
            self._column.addWidget(strip)
        self.setVisible(bool(warnings))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrapped words keep every line, whatever the paper below wants."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        margins = self._column.contentsMargins()
        width = self.width() - margins.left() - margins.right()
        for strip in self.findChildren(MessageStrip):
            layout = strip.layout()
            if layout is not None and not strip.isHidden():
                strip.setFixedHeight(layout.totalHeightForWidth(width))


def _state(warning: DmpError) -> str:
    if isinstance(warning, IdentityError):
        return "danger"
    return "info" if isinstance(warning, _QUIET) else "warning"


def _strips(appearance: Appearance, warnings: Sequence[DmpError]) -> list[MessageStrip]:
    if len(warnings) <= 2:
        return [_one(appearance, warning) for warning in warnings]
    grave = [one for one in warnings if isinstance(one, IdentityError)][:1]
    rest = [one for one in warnings if one not in grave]
    told = " ".join(dict.fromkeys(sentence(one).what for one in rest))
    state = "warning" if any(_state(one) == "warning" for one in rest) else "info"
    together = MessageStrip(appearance, state, f"{len(rest)} points à savoir avant de lire.", told)
    return [*(_one(appearance, one) for one in grave), together]


def _one(appearance: Appearance, warning: DmpError) -> MessageStrip:
    told = sentence(warning)
    return MessageStrip(appearance, _state(warning), told.what, f"{told.effect} {told.todo}")
