"""The code of the professional card: field, tries left, and the one button that presents it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from dmp_desktop.services.session import SessionState
from dmp_desktop.ui.session_presenter import SessionPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import MessageStrip
from dmp_desktop.ui.widgets.tries import TRIES, TriesDots

_SHORTEST = 4
_DIGITS = "[0-9]{0,8}"


def code_entry(appearance: Appearance, presenter: SessionPresenter, body: QVBoxLayout) -> QLineEdit:
    """Add it to ``body``; the field, for the keyboard. On the last try, Enter alone presents nothing."""
    flow = presenter.flow
    entry = QVBoxLayout()
    entry.setSpacing(8)
    entry.addWidget(Text("Code de la carte", "body-strong"))
    code = QLineEdit()
    code.setProperty("kind", "code")
    code.setEchoMode(QLineEdit.EchoMode.Password)
    code.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhDigitsOnly)
    code.setValidator(QRegularExpressionValidator(_DIGITS, code))
    code.setAccessibleName("Code de la carte")
    code.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    entry.addWidget(code)
    body.addLayout(entry)
    last_try = flow.tries == 1
    if flow.tries is not None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        row.addWidget(TriesDots(appearance, flow.tries))
        row.addWidget(
            Text(
                f"{flow.tries} essai{'s' if flow.tries > 1 else ''} restant{'s' if flow.tries > 1 else ''}",
                "body-strong",
            )
        )
        row.addWidget(Text(f"sur {TRIES}. Après {TRIES} codes faux, la carte se bloque.", "caption", "text-3"))
        row.addStretch(1)
        entry.addLayout(row)
    if last_try:
        strip = MessageStrip(
            appearance,
            "danger",
            "Dernier essai.",
            "Un code faux bloque la carte. En cas de doute, vérifiez-le avant de le taper.",
        )
        body.addWidget(strip)
    foot = QHBoxLayout()
    foot.setSpacing(16)
    kept = "Votre travail d’avant la pause vous attend." if presenter.flow.returning else ""
    note = Text("", "caption", "text-2", wrap=True)
    foot.addWidget(note, 1)
    button = ActionButton(appearance, "Ouvrir ma session", kind="primary", keys="Ctrl Entrée" if last_try else "Entrée")
    foot.addWidget(button)
    body.addLayout(foot)

    def send() -> None:
        typed = code.text()
        if len(typed) >= _SHORTEST and flow.state is SessionState.AWAITING_PIN:
            code.clear()
            presenter.code_entered(typed)

    def typed_so_far(text: str) -> None:
        enough = len(text) >= _SHORTEST
        button.setEnabled(enough)
        note.setText(kept if enough or kept else f"Le code a {_SHORTEST} chiffres au moins.")

    code.textChanged.connect(typed_so_far)
    typed_so_far("")
    if last_try:
        button.setShortcut("Ctrl+Return")
    else:
        code.returnPressed.connect(send)
    button.clicked.connect(lambda _c=False: send())
    checking = flow.state is SessionState.CHECKING_PIN
    code.setEnabled(not checking)
    return code
