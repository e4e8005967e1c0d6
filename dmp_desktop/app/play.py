"""An opening, then a record read, played by themselves in the real window: keys, papers, pictures; no screen needed.

Every step is a real key event to the real window on the sandbox; what it leaves is what a receptionist would hand over.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dmp_desktop.config import PrinterProfile
from dmp_desktop.services.opening import Stage
from dmp_desktop.services.session import SessionState
from dmp_desktop.ui.record.document import Showing
from dmp_desktop.ui.session_presenter import Busy

if TYPE_CHECKING:
    from dmp_desktop.app.open_record import OpenRecord
    from dmp_desktop.app.program import Program
    from dmp_desktop.ui.opening.presenter import OpeningPresenter

_STEP_SECONDS = 60
_FILES = {"Attestation": "attestation.pdf", "Autocollant": "sticker.pdf", "Récépissé provisoire": "receipt.pdf"}
_PROFESSIONAL, _VITALE, _READ = "brindille", "famille-corniche", "hortense"


class FolderPress:
    """Papers go to a folder instead of a printer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, pdf: bytes, profile: PrinterProfile, title: str) -> None:
        """Keep one paper."""
        (self._folder / _FILES.get(title, "leaflet.pdf")).write_bytes(pdf)


@dataclass(frozen=True, slots=True)
class _Step:
    words: str
    act: Callable[[], None]
    until: Callable[[], bool]
    shot: str = ""


class Play(QObject):
    """Plays the script step by step.

    :ivar status: 0 once every step was reached; ``keys``: how many were pressed from F2 to the papers.
    """

    def __init__(self, program: Program, out: Path) -> None:
        super().__init__(program)
        self._program, self._out = program, out
        (out / "screens").mkdir(parents=True, exist_ok=True)
        program.press = FolderPress(out)
        self.status, self.keys, self._counting = 1, 0, True
        self._steps = self._script()
        self._current, self._settled = -1, False
        self._since = QElapsedTimer()
        self._looking = QTimer(self)
        self._looking.setInterval(30)
        self._looking.timeout.connect(self._look)

    def begin(self) -> None:
        """Start playing."""
        self._next()
        self._looking.start()

    # -- the script ---------------------------------------------------------------------------------------------------

    def _script(self) -> tuple[_Step, ...]:
        session, shell = self._program.flow, self._program.shell

        def stage(wanted: Stage) -> Callable[[], bool]:
            return lambda: self._stage is wanted

        return (
            _Step("Le programme démarre sur le bac à sable.", lambda: None, self._awake, "01-poste"),
            _Step(
                "La carte du Dr Aurore Brindille est insérée.",
                lambda: self._insert("left", _PROFESSIONAL),
                lambda: session.state is SessionState.AWAITING_PIN and self._calm and self._awaits("Code de la carte"),
                "02-connexion",
            ),
            _Step(
                "Son code est tapé, la session s’ouvre.",
                lambda: self._type("1234", "Return"),
                lambda: session.is_open and not shell.locked and self._stage is Stage.CARD,
                "03-vitale-attendue",
            ),
            _Step(
                "F2, puis la carte Vitale de la famille Corniche est insérée et lue.",
                self._begin_opening,
                stage(Stage.PERSON),
                "04-personnes",
            ),
            _Step(
                "1 désigne Odile.", lambda: self._press("1"), lambda: self._presenter.chosen == 1, "05-personne-choisie"
            ),
            _Step(
                "Entrée : INSi répond, un trait diffère, le programme demande une décision.",
                lambda: self._press("Return"),
                lambda: self._stage is Stage.IDENTITY and self._presenter.flow.awaits_decision,
                "06-identite",
            ),
            _Step(
                "La carte d’identité est montrée ; Alt+C continue. Aucun dossier n’existe.",
                self._decide,
                stage(Stage.CONSENT),
                "07-consentement",
            ),
            _Step(
                "Information donnée, consentement recueilli.",
                lambda: self._type("Space", "Tab", "Space"),
                lambda: not self._presenter.flow.blockers,
                "08-recapitulatif",
            ),
            _Step(
                "Ctrl+Entrée : la carte est relue, le dossier est ouvert et confirmé.",
                lambda: self._press("Ctrl+Return"),
                lambda: self._stage is Stage.DONE and self._presenter.flow.confirmed and self._papers_drawn,
                "09-dossier-ouvert",
            ),
            _Step("F8 : les papiers cochés sortent.", lambda: self._press("F8"), self._printed, "10-papiers"),
            _Step(
                "La carte Vitale est rendue ; F3 cherche une personne.",
                self._find_somebody,
                lambda: self._program.board.vitale_slot() is None and self._quiet,
            ),
            _Step(
                "La carte Vitale d’Hortense Sauge-Verveine est insérée : son dossier s’ouvre, un document est lu.",
                lambda: self._insert("right", _READ),
                lambda: self._record_read and self._quiet,
                "11-dossier",
            ),
            _Step(
                "Alt+F : la frise et la synthèse.",
                lambda: self._press("Alt+F"),
                lambda: self._quiet and self._record_seen,
                "12-frise",
            ),
            _Step(
                "La carte professionnelle est retirée : tout contenu est caché.",
                lambda: self._remove("left"),
                lambda: shell.locked,
                "13-verrouille",
            ),
        )

    # -- what is looked at --------------------------------------------------------------------------------------------

    def _awake(self) -> bool:
        return self._program.room is not None and self._calm

    @property
    def _calm(self) -> bool:
        return self._program.session.busy is Busy.NOTHING

    @staticmethod
    def _awaits(field: str) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and focus.accessibleName() == field

    @property
    def _presenter(self) -> OpeningPresenter:
        room = self._program.room
        if room is None or room.presenter is None:
            raise RuntimeError("the play looks at the opening before anyone signed in")
        return room.presenter

    @property
    def _stage(self) -> Stage | None:
        room = self._program.room
        return room.presenter.flow.stage if room is not None and room.presenter is not None else None

    @property
    def _papers_drawn(self) -> bool:
        tray = self._presenter.tray
        return bool(tray.slots) and all(slot.preview is not None for slot in tray.slots if slot.paper.pdf is not None)

    @property
    def _record(self) -> OpenRecord | None:
        room = self._program.room
        return room.clinic.record.record if room is not None else None

    @property
    def _record_read(self) -> bool:
        return self._record is not None and self._record.presenter.document.showing is Showing.READY

    @property
    def _record_seen(self) -> bool:
        return self._record is not None and self._record.overview.overview is not None

    def _printed(self) -> bool:
        return all((self._out / name).exists() for name in ("attestation.pdf", "sticker.pdf")) and self._quiet

    @property
    def _quiet(self) -> bool:
        return not self._program.lanes.busy

    # -- hands --------------------------------------------------------------------------------------------------------

    def _insert(self, side: str, key: str) -> None:
        sandbox = self._program.parts.sandbox if self._program.parts else None
        if sandbox is None:
            raise RuntimeError("the play needs the sandbox")
        from dmp_desktop.sandbox.cards.readers import LEFT, RIGHT

        sandbox.insert(LEFT if side == "left" else RIGHT, key)

    def _remove(self, side: str) -> None:
        sandbox = self._program.parts.sandbox if self._program.parts else None
        if sandbox is None:
            raise RuntimeError("the play needs the sandbox")
        from dmp_desktop.sandbox.cards.readers import LEFT, RIGHT

        sandbox.readers.remove(LEFT if side == "left" else RIGHT)

    def _begin_opening(self) -> None:
        self._press("F2")
        self._insert("right", _VITALE)

    def _find_somebody(self) -> None:
        self._counting = False
        self._remove("right")
        self._press("F3")

    def _decide(self) -> None:
        self._press("1")
        self._press("Alt+C")

    def _type(self, *keys: str) -> None:
        for key in keys:
            if len(key) > 1 and key.isdigit():
                self._type(*key)
            else:
                self._press(key)

    def _press(self, keys: str) -> None:
        """One key as a keyboard sends it: the window's shortcuts first, then the widget that has the focus."""
        if self._counting:
            self.keys = 1 if keys == "F2" else self.keys + 1
        combination = QKeySequence(keys)[0]  # type: ignore[index]  # missing in the stubs
        target = QApplication.focusWidget() or self._program.shell
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())

    # -- the pace -----------------------------------------------------------------------------------------------------

    def _next(self) -> None:
        self._current += 1
        self._settled = False
        if self._current == len(self._steps):
            self._looking.stop()
            self.status = 0
            self._say(f"Terminé : les papiers et les écrans sont dans {self._out}/.")
            self._program.shell.close()
            return
        step = self._steps[self._current]
        self._say(f"{self._current + 1}. {step.words}")
        self._since.start()
        step.act()

    def _look(self) -> None:
        step = self._steps[self._current]
        if step.until():
            if not self._settled:
                # One more beat: what was asked of the screen last is laid out, and the ring has followed.
                self._settled = True
                return
            if step.shot:
                self._program.shell.grab().save(str(self._out / "screens" / f"{step.shot}.png"))
            self._next()
        elif self._since.elapsed() > _STEP_SECONDS * 1000:
            self._looking.stop()
            self._program.shell.grab().save(str(self._out / "screens" / "arret.png"))
            self._say(f"Arrêté : cette étape n’a pas abouti en {_STEP_SECONDS} s.")
            self._program.shell.close()

    @staticmethod
    def _say(words: str) -> None:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()
