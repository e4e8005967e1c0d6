"""Draws the clinical views of a record: ``python tests/helpers/timeline_gallery.py OUT [theme] [WxH] [zoom] [scene]…``.

Fictional people only; with ``QT_QPA_PLATFORM=offscreen`` and ``TZ=Europe/Paris``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers import facts_record
from helpers.facts_lanes import AtOnce
from PySide6.QtWidgets import QApplication, QWidget

from dmp_desktop.domain.facts import ReimbursementKind
from dmp_desktop.ui.curves.page import CurvesPage
from dmp_desktop.ui.prevention.page import VaccinationPage
from dmp_desktop.ui.reimbursements.page import ReimbursementsPage
from dmp_desktop.ui.shell import Shell, Status
from dmp_desktop.ui.synthesis.contacts import ContactsPage
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.tokens import Density
from dmp_desktop.ui.timeline.page import TimelinePage
from dmp_desktop.ui.timeline.presenter import OverviewPresenter

View = TimelinePage | CurvesPage | VaccinationPage | ReimbursementsPage | ContactsPage


def presenter(owner: str = "hortense") -> OverviewPresenter:
    """The clinical views of a fictional record, read at once."""
    made = OverviewPresenter(lambda: facts_record.read(owner), AtOnce())
    made.load()
    return made


def timeline(appearance: Appearance) -> View:
    return TimelinePage(appearance, presenter())


def timeline_close(appearance: Appearance) -> View:
    held = presenter()
    held.zoom(2)
    held.change_lane(-1)
    return TimelinePage(appearance, held)


def timeline_small(appearance: Appearance) -> View:
    return TimelinePage(appearance, presenter("firmin"))


def curve(appearance: Appearance) -> View:
    page = CurvesPage(appearance, presenter())
    page.show_curve(page.series_called("Potassium"))
    return page


def curve_unit(appearance: Appearance) -> View:
    page = CurvesPage(appearance, presenter())
    page.show_curve(page.series_called("Cholestérol LDL"))
    return page


def vaccinations(appearance: Appearance) -> View:
    return VaccinationPage(appearance, presenter())


def reimbursements(appearance: Appearance) -> View:
    return ReimbursementsPage(appearance, presenter())


def reimbursements_filtered(appearance: Appearance) -> View:
    held = presenter()
    held.filter(ReimbursementKind.IMAGING)
    return ReimbursementsPage(appearance, held)


def contacts(appearance: Appearance) -> View:
    return ContactsPage(appearance, presenter())


SCENES: dict[str, Callable[[Appearance], View]] = {
    "timeline": timeline,
    "timeline-close": timeline_close,
    "timeline-small": timeline_small,
    "curve": curve,
    "curve-unit": curve_unit,
    "vaccinations": vaccinations,
    "reimbursements": reimbursements,
    "reimbursements-filtered": reimbursements_filtered,
    "contacts": contacts,
}


def main(arguments: list[str]) -> None:
    """Draw everything, or the scenes named after the zoom."""
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, height = (int(n) for n in (arguments[2] if len(arguments) > 2 else "1366x768").split("x"))
    zoom = int(arguments[3]) if len(arguments) > 3 else 100
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    appearance = Appearance(application, theme, zoom)
    appearance.choose(theme, zoom, Density.COMPACT)
    for name, build in SCENES.items():
        if arguments[4:] and name not in arguments[4:]:
            continue
        shell = Shell(appearance, "Cabinet des Trois-Tilleuls", QWidget(), sandbox=True)
        page = build(appearance)
        shell.add_page("record", "folder", "Dossier", page)
        shell.go("record")
        shell.status.list_keys(page.hints())
        shell.status.tell((Status("card-pro", "Carte pro\u00a0: Dr Brindille", "success"),))
        shell.show_work("Dr Aurore Brindille", "Médecine générale")
        shell.resize(width, height)
        shell.show()
        shell.activateWindow()
        for _ in range(5):
            application.processEvents()
        shell.grab().save(str(out / f"{name}.png"))
        shell.close()
        shell.deleteLater()
        application.processEvents()


if __name__ == "__main__":
    main(sys.argv[1:])
