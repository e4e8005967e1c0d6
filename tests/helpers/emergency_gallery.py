"""Emergency, deposit, properties and access pages as pictures. Fictional people only.

``python -m helpers.emergency_gallery OUT [light|dark|high_contrast] [1366x768] [100] [part of a scene's name]…``, from
``tests/``, with ``QT_QPA_PLATFORM=offscreen``.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from helpers.clocks import HandClock
from helpers.emergency_world import AtOnce, Memory, entry
from helpers.store_world import keys
from PIL import Image
from PySide6.QtWidgets import QApplication, QWidget

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.config import Settings, StructureSettings
from dmp_desktop.domain.document import NORMAL, DocumentAuthor
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.habilitations import Access, AccessMode, AuthorisationFilter, AuthorisedProfessional
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import Identity, InsStatus
from dmp_desktop.domain.record import RecordContext, RecordRow
from dmp_desktop.domain.shelf import KeptEntry
from dmp_desktop.domain.terminology import TYPE, Code, table
from dmp_desktop.sandbox import people
from dmp_desktop.services.deposit import DepositDesk
from dmp_desktop.services.deposit_form import Audience
from dmp_desktop.services.emergency import EmergencyDesk, EmergencyFlow, Ending, ReadLine, Situation, Stage, Why
from dmp_desktop.services.history import AccessLog, History, own_name
from dmp_desktop.services.places import place_name
from dmp_desktop.services.practice_log import PracticeLog
from dmp_desktop.services.properties import Change, PropertiesDesk
from dmp_desktop.services.rights_view import Rights, Ruling
from dmp_desktop.ui.access.page import AccessPage
from dmp_desktop.ui.access.practice import PracticePage, PracticePresenter
from dmp_desktop.ui.access.presenter import AccessPresenter, Part
from dmp_desktop.ui.deposit.page import DepositPage
from dmp_desktop.ui.deposit.presenter import DepositPresenter
from dmp_desktop.ui.emergency.page import EmergencyPage
from dmp_desktop.ui.emergency.presenter import EmergencyPresenter
from dmp_desktop.ui.emergency.secret import BAND
from dmp_desktop.ui.properties.panel import PropertiesPanel, PropertiesPresenter
from dmp_desktop.ui.shell import Shell, Status
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.banner import BannerContent, BannerValue

NOW = datetime(2026, 4, 14, 7, 12, tzinfo=UTC)
PLACE = "Cabinet des Trois-Tilleuls"
DOCTOR = people.profile("brindille").professional
AUTHOR = Author(DOCTOR.id.value, "499700000017001", "SA07", DOCTOR.display_name, PLACE)
EXISTENCE = ExistenceAnswer(DossierState.ACTIVE, NOW, Authorisation.NONE)


def context(key: str = "ernest", existence: ExistenceAnswer | None = EXISTENCE) -> RecordContext:
    """The record of someone of the cast, for Dr Brindille."""
    someone = people.person(key)
    identity = Identity(someone.traits, InsStatus.QUALIFIED, someone.ins)
    return RecordContext("d" * 64, identity, DOCTOR, AUTHOR, existence=existence)


def banner(key: str = "ernest", allergies: str = "Indisponibles avant le motif") -> BannerContent:
    """The banner of someone of the cast."""
    traits = people.person(key).traits
    return BannerContent(
        f"{traits.birth_name}, {traits.first_given_name.title()}",
        "Nom utilisé non renseigné",
        (
            BannerValue("Né le", traits.birth_date.text, note="73 ans"),
            BannerValue("Sexe", "Masculin"),
            BannerValue("Né à", place_name(traits.birth_place), elastic=True),
            BannerValue("Identité INS", "Qualifiée", "success", "success"),
            BannerValue("Allergies", allergies, "eye-off"),
        ),
        BannerValue("Dossier", "DMP actif", "folder"),
    )


def document_row(*, own: bool = False, hidden: tuple[str, ...] = ("INVISIBLE_PATIENT",), **changes: Any) -> RecordRow:
    """A report by a colleague (or by Dr Brindille), hidden from whom it says."""
    by = people.profile("brindille" if own else "gabarit").professional
    codes = tuple(Code(value, "1.2.250.1.213.1.1.4.13") for value in hidden)
    made = replace(
        entry("lid-1", "Compte rendu d’échographie", "18748-4"),
        authors=(DocumentAuthor(by.id.value, by.family, by.given, structure_name=PLACE),),
        confidentiality=(NORMAL, *codes),
        created_at=NOW - timedelta(days=3),
        service_start=NOW - timedelta(days=4),
        size=182_000,
        **changes,
    )
    return RecordRow(KeptEntry(made), ("imagerie",), copies=(KeptEntry(made),), older=(KeptEntry(made),), lot=("a",))


class Listed:
    """A store that names who may read."""

    def professionals(
        self, ins: Ins, which: AuthorisationFilter = AuthorisationFilter.ALL
    ) -> tuple[AuthorisedProfessional, ...]:
        """The médecin traitant, a pharmacist, someone blocked."""
        return tuple(
            AuthorisedProfessional(
                one.id.value,
                "1.2.250.1.71.4.2.1",
                one.family,
                one.given,
                (Code("x", "y", one.speciality_label or one.profession_label),),
                blocked,
                treating,
                NOW - timedelta(days=200),
                NOW - timedelta(days=3),
            )
            for one, blocked, treating in (
                (people.profile("gabarit").professional, False, True),
                (people.profile("officinal").professional, False, False),
                (people.profile("pansement").professional, True, False),
            )
        )


class Scenes:
    """Each page in the window around it."""

    def __init__(self, appearance: Appearance) -> None:
        self.appearance, self.clock = appearance, HandClock(NOW)
        self.keep: list[Any] = []
        # A window without a parent lives as long as somebody holds it.
        self.windows: list[Shell] = []
        self._folders = TemporaryDirectory()

    @property
    def folder(self) -> Path:
        """A new folder for a store."""
        return Path(mkdtemp(dir=self._folders.name))

    def close(self) -> None:
        """End of a scene."""
        for store in self.keep:
            store.close()
        self.keep.clear()
        self.windows.clear()

    def end(self) -> None:
        """End of the last scene."""
        self.close()
        self._folders.cleanup()

    def shell(self, page: QWidget, key: str) -> Shell:
        """The window, this page shown."""
        shell = Shell(self.appearance, PLACE, QWidget(), sandbox=True)
        self.windows.append(shell)
        for name, icon, words in (
            ("day", "calendar", "Journée"),
            ("record", "folder", "Dossier"),
            ("deposit", "file-plus", "Déposer"),
            ("waiting", "inbox", "À traiter"),
            ("access", "history", "Accès"),
        ):
            shell.add_page(name, icon, words, page if name == key else QWidget())
        shell.add_page("settings", "gear", "Réglages", QWidget(), bottom=True)
        shell.show_work("Dr Aurore Brindille", "Médecine générale")
        shell.top.tell_freshness("cloud", "À jour à 09:12", "success")
        shell.status.tell(
            (
                Status("card-pro", "Carte pro\u00a0: Dr Brindille", "success"),
                Status("card", "Vitale\u00a0: fente vide"),
                Status("cloud", "DMP\u00a0: joignable", "success"),
            )
        )
        shell.go(key)
        return shell

    def emergency(self, stage: Stage, why: Why | None = None, mode: AccessMode = AccessMode.BREAK_GLASS) -> Shell:
        """The emergency page at a stage."""
        desk: Any = None
        presenter = EmergencyPresenter(desk, AtOnce(), Memory)
        page = EmergencyPage(self.appearance, presenter)
        permission = Ruling(why is not Why.ROLE, "yes", "")
        flow = EmergencyFlow(self.clock, context(), mode, "access", permission)
        flow.stage, flow.why = stage, why
        presenter.flow = flow
        presenter.changed.emit()
        shell = self.shell(page, "record")
        shell.tell_banner(banner())
        page.refresh()
        shell.tell_band(presenter.band())
        return shell

    def scene_empty(self) -> Shell:
        """The form before anything."""
        return self.emergency(Stage.MOTIVE)

    def scene_filled(self) -> Shell:
        """The form, ready."""
        shell = self.emergency(Stage.MOTIVE)
        page = shell.findChild(EmergencyPage)
        assert page is not None
        screen: Any = page.screen_shown
        screen._group.buttons()[0].setChecked(True)
        screen.sentence.setPlainText("Personne inconsciente, allergies et traitements à connaître")
        screen.tick.setChecked(True)
        page.shown()
        return shell

    def scene_opposed(self) -> Shell:
        """The person refused such accesses."""
        return self.emergency(Stage.REFUSED, Why.OPPOSED)

    def scene_asking(self) -> Shell:
        """The store is asked."""
        return self.emergency(Stage.ASKING)

    def scene_regulation(self) -> Shell:
        """Medical regulation."""
        return self.emergency(Stage.MOTIVE, mode=AccessMode.CENTRE_15)

    def scene_summary(self) -> Shell:
        """What was read, to sign."""
        shell = self.emergency(Stage.MOTIVE)
        page = shell.findChild(EmergencyPage)
        assert page is not None
        flow = page.presenter.flow
        assert flow is not None
        flow.situation, flow.sentence, flow.ticked = Situation.UNABLE, "Personne inconsciente à domicile", True
        flow.open()
        for number, title in enumerate(("Bilan biologique", "Lettre de sortie, cardiologie", "Ordonnance"), 1):
            flow.note(ReadLine(f"lid-{number}", title, NOW + timedelta(minutes=number)))
        self.clock.forward(minutes=29)
        flow.beat()
        self.clock.forward(minutes=2)
        flow.beat()
        page.presenter.changed.emit()
        shell.tell_band(page.presenter.band())
        return shell

    def scene_ending(self) -> Shell:
        """The band two minutes before the end, over another page."""
        shell = self.emergency(Stage.MOTIVE)
        page = shell.findChild(EmergencyPage)
        assert page is not None
        flow = page.presenter.flow
        assert flow is not None
        flow.situation, flow.sentence, flow.ticked = Situation.UNABLE, "Personne inconsciente à domicile", True
        flow.open()
        self.clock.forward(minutes=28, seconds=20)
        flow.beat()
        shell.tell_band(page.presenter.band())
        return shell

    def scene_secret(self) -> Shell:
        """The band of a secret connection."""
        shell = self.emergency(Stage.MOTIVE)
        shell.tell_band(BAND)
        return shell

    def deposit(self, key: str = "ernest", *, secret: bool = False) -> tuple[Shell, DepositPresenter]:
        """The deposit page on a record."""
        store: Any = DeskStore.open(self.folder, keys(), self.clock, create=True)
        copy = ClinicalStore.in_memory(self.clock)
        settings = Settings(structure=StructureSettings(PLACE, ("4 rue de l’Exemple",), "499700000017001"))
        desk = DepositDesk(store, lambda: copy.drafts, self.clock, lambda: settings, demonstration=True)
        presenter = DepositPresenter(desk, AtOnce(), lambda: None)
        page = DepositPage(self.appearance, presenter, lambda: "")
        inside = context(key)
        identity = inside.identity
        inside = replace(
            inside, dossier=store.patients.remember(identity), access=Access(secret=secret) if secret else inside.access
        )
        presenter.start(inside)
        shell = self.shell(page, "deposit")
        shell.tell_banner(banner(key, "Non renseignées"))
        shell.tell_band(BAND if secret else None)
        self.keep += [store, copy]
        return shell, presenter

    def scene_deposit_empty(self) -> Shell:
        """Nothing yet."""
        return self.deposit()[0]

    def scene_deposit_report(self) -> Shell:
        """A report written, all but one answer given, one deposit on its way."""
        shell, presenter = self.deposit()
        for title in ("Certificat médical", "Compte rendu du 14 avril"):
            presenter.write(f"{title}. Tension 13/8, auscultation sans particularité.\n\nContrôle dans trois mois.")
            presenter.entitle(title)
            presenter.answer(Audience.PROFESSIONALS, False)
            if title.startswith("Certificat"):
                presenter.answer(Audience.PATIENT, False)
                presenter.send()
        return shell

    def scene_deposit_file(self) -> Shell:
        """An image dropped, ready to leave."""
        shell, presenter = self.deposit()
        out = io.BytesIO()
        Image.new("RGB", (800, 1100), "white").save(out, "JPEG")
        presenter.take_bytes(out.getvalue(), "courrier_cardiologue.jpg")
        presenter.choose_type(table(TYPE).require("96349-6"))
        presenter.answer(Audience.PROFESSIONALS, False)
        presenter.answer(Audience.PATIENT, True)
        return shell

    def scene_deposit_secret(self) -> Shell:
        """A minor, in a secret connection."""
        shell, presenter = self.deposit("lilou", secret=True)
        presenter.write("Consultation de ce jour.")
        return shell

    def scene_properties(self) -> Shell:
        """A document that the person does not see yet, one change chosen."""
        store: Any = None
        presenter = PropertiesPresenter(PropertiesDesk(store), AtOnce())
        page = PropertiesPanel(self.appearance, presenter)
        presenter.open(document_row(), context())
        presenter.choose(Change.SHOW_PATIENT)
        shell = self.shell(page, "record")
        shell.tell_banner(banner("ernest", "Non renseignées"))
        page.shown()
        return shell

    def access(self) -> tuple[Shell, AccessPresenter]:
        """The page « Accès » over a real journal and a store that names three professionals."""
        store: Any = DeskStore.open(self.folder, keys(), self.clock, create=True)
        self.keep.append(store)
        made = context()
        inside = replace(made, dossier=store.patients.remember(made.identity))
        log = AccessLog(store, self.clock)
        access = log.opened(inside)
        for number in (1, 2):
            self.clock.forward(minutes=2)
            log.read(inside, access, f"lid-{number}")
        nobody: Any = None
        desk = EmergencyDesk(nobody, nobody, store.journal, self.clock, regulation=lambda: False)
        flow = desk.begin(inside)
        flow.stage, flow.situation, flow.sentence, flow.ticked = (
            Stage.MOTIVE,
            Situation.UNABLE,
            "Malaise au cabinet",
            True,
        )
        desk.journal_opened(flow)
        flow.open()
        flow.note(desk.read(flow, entry("lid-3")))
        flow.end(Ending.BY_HAND)
        desk.journal_ended(flow)
        history = History(store, own_name(AUTHOR, "Médecine générale"))
        presenter = AccessPresenter(
            Rights(Listed(), store), history, AtOnce(), lambda: None, lambda _c, _rows: None, lambda: None
        )
        page = AccessPage(self.appearance, presenter)
        presenter.start(inside)
        shell = self.shell(page, "access")
        shell.tell_banner(banner("ernest", "Non renseignées"))
        page.shown()
        return shell, presenter

    def scene_access_rights(self) -> Shell:
        """Who may read."""
        return self.access()[0]

    def scene_access_history(self) -> Shell:
        """Who did."""
        shell, presenter = self.access()
        presenter.show_part(Part.HISTORY)
        return shell

    def scene_access_practice(self) -> Shell:
        """What the practice did."""
        self.access()[0].deleteLater()
        store: Any = self.keep[-1]
        log = PracticeLog(store, own_name(AUTHOR, "Médecine générale"))
        presenter = PracticePresenter(
            log, AtOnce(), lambda: AUTHOR, self.clock.now, lambda _content: None, lambda: DOCTOR
        )
        page = PracticePage(self.appearance, presenter)
        shell = self.shell(page, "access")
        page.shown()
        return shell

    def all(self) -> dict[str, Callable[[], Shell]]:
        """Every scene by its name."""
        return {name[6:]: getattr(self, name) for name in dir(self) if name.startswith("scene_")}


def main(arguments: list[str]) -> None:
    """Draw the scenes."""
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, height = (int(n) for n in (arguments[2] if len(arguments) > 2 else "1366x768").split("x"))
    zoom = int(arguments[3]) if len(arguments) > 3 else 100
    wanted = arguments[4:]
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    appearance = Appearance(application, theme, zoom)
    scenes = Scenes(appearance)
    for name, scene in scenes.all().items():
        if wanted and not any(part in name for part in wanted):
            continue
        window = scene()
        window.resize(width, height)
        window.show()
        window.activateWindow()
        for _ in range(6):
            application.processEvents()
        window.grab().save(str(out / f"{name}-{theme}-{zoom}.png"))
        window.close()
        window.deleteLater()
        application.processEvents()
        scenes.close()
    scenes.end()


if __name__ == "__main__":
    main(sys.argv[1:])
