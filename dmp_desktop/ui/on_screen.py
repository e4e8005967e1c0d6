"""What the screen shown offers, read from its buttons: nothing to declare twice, nothing forgotten."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dmp_desktop.ui.command_rows import HERE, Command
from dmp_desktop.ui.keymap import cap_of
from dmp_desktop.ui.widgets.basic import KeyCap
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import QuestionPanel

_SEND = cap_of("Ctrl+Return")


def on_screen(window: QWidget) -> tuple[Command, ...]:
    """The buttons a person sees in ``window``, in reading order.

    A new act for the DMP and the answer to a question keep their own key (guide §6, 4.7): they are listed, never run by
    the Enter of a list.
    """
    return tuple(_command(button) for button in window.findChildren(ActionButton) if button.isVisible())


def _command(button: ActionButton) -> Command:
    caps = button.findChildren(KeyCap)
    keys = caps[0].text() if caps else ""
    reason = ""
    if not button.isEnabled():
        reason = button.accessibleDescription() or "Pas encore possible sur cet écran"
    elif keys == _SEND or _in_question(button):
        reason = "Demande sa propre touche"
    return Command(
        button.accessibleName(), button.click, keys=keys, reason=reason, group=HERE, where=HERE, anchor=button
    )


def _in_question(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QuestionPanel):
        parent = parent.parentWidget()
    return parent is not None
