"""The date of a statement, which leads to its document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Text, mark
from dmp_desktop.ui.widgets.controls import ActionButton


def source_link(
    appearance: Appearance, told: str, at: datetime | None, key: str, ask: Callable[[str], None]
) -> ActionButton:
    """A small link; ``told`` is the statement, which a screen reader says first."""
    when = texts.day(at) if at is not None else "Sans date"
    link = ActionButton(appearance, when, kind="link")
    words = link.findChild(Text)
    if words is not None:
        mark(words, role="caption")
    link.setAccessibleName(f"{told}, ouvrir le document du {when}" if at is not None else f"{told}, ouvrir le document")
    link.clicked.connect(lambda _c=False: ask(key))
    return link
