"""The keys of the post joined to the printer: the recovery page, drawn and printed in the print lane, kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.domain.professional import Professional
from dmp_desktop.errors import DmpError
from dmp_desktop.ui.keys_presenter import KeysPresenter
from dmp_desktop.ui.settings_keys import KeysPart
from dmp_desktop.ui.tasks import Lane

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program
    from dmp_desktop.services.stationery import Press


class KeysRoom(QObject):
    """Prints the page that the sign-in or the settings ask for."""

    def __init__(self, program: Program, press: Press) -> None:
        super().__init__(program)
        self._program, self._press = program, press
        session = program.session
        self.presenter = KeysPresenter(
            session.copy.keys, lambda: session.cards, program.lanes, self._in_session, self.print_recovery
        )
        self.part = KeysPart(program.appearance, self.presenter)
        session.hidden.connect(self.presenter.forget)
        session.print_recovery_asked.connect(
            lambda code: self.print_recovery(code, session.recovery_printed, session.recovery_not_printed)
        )

    def _in_session(self) -> Professional | None:
        flow = self._program.flow
        return flow.holder if flow.is_open else None

    def print_recovery(
        self, code: Secret, printed: Callable[[], None], not_printed: Callable[[DmpError], None]
    ) -> None:
        """Print the page of ``code``; one closed in the dialog of the printer comes back as :class:`Cancelled`."""
        program = self._program

        def go() -> None:
            from dmp_desktop.printing.recovery import TITLE, RecoveryPaper, recovery

            paper = RecoveryPaper(
                code, program.session.copy.keys.reference, program.clock.now(), program.options.sandbox
            )
            self._press.send(recovery(paper), program.settings.attestation_printer, TITLE)

        program.lanes.run(Lane.PRINT, go, lambda _none: printed(), not_printed)
