"""The banner of an open record: allergies in four honest states, never for a reception; pages offered by role."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.record_world import NOW, World
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.facts import Allergies, AllergyKnowledge
from dmp_desktop.domain.professional import ProfessionalKind
from dmp_desktop.errors import BugError
from dmp_desktop.ui.record.banner import allergy_cell, record_banner
from dmp_desktop.ui.shell import Shell
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.banner import BannerCell, PatientBanner


def test_allergies_are_told_in_four_states_and_no_other() -> None:
    """Each with its word and its icon; « none » is only said when somebody wrote it."""
    known = allergy_cell(Allergies(AllergyKnowledge.KNOWN, ("pénicilline", "latex", "aspirine"), NOW))
    assert (known.label, known.value, known.icon) == (
        "Allergies connues",
        "Pénicilline, latex et 1 autre",
        "warning",
    )
    assert known.strong
    none = allergy_cell(Allergies(AllergyKnowledge.NONE_KNOWN, at=NOW))
    assert (none.value, none.note) == ("Aucune allergie connue", "au 14 avr. 2026")
    assert allergy_cell(Allergies(AllergyKnowledge.NOT_RECORDED)).value == "Allergies non renseignées"
    gone = allergy_cell(Allergies(AllergyKnowledge.UNAVAILABLE, cause="hors ligne"))
    assert (gone.value, gone.note) == ("Allergies indisponibles", "hors ligne")
    assert allergy_cell(None).value == "En cours de lecture"


def test_a_reception_is_given_no_clinical_banner() -> None:
    """Not hidden: not built."""
    world = World()
    staff = replace(world.context.professional, kind=ProfessionalKind.CPE)
    with pytest.raises(BugError):
        record_banner(replace(world.context, professional=staff), None, NOW)
    world.close()


@pytest.mark.parametrize(("width", "zoom"), [(1366, 100), (1024, 100), (1366, 150), (1366, 200), (1100, 200)])
def test_an_allergy_is_never_cut(qtbot: QtBot, appearance: Appearance, width: int, zoom: int) -> None:
    """Whatever the width and the zoom, the cell is as wide as its words and inside the banner."""
    appearance.choose("light", zoom)
    world = World()
    banner = PatientBanner(appearance)
    qtbot.addWidget(banner)
    banner.resize(width, 100)
    banner.tell(record_banner(world.context, Allergies(AllergyKnowledge.KNOWN, ("pénicilline", "latex")), NOW))
    banner.show()
    qtbot.waitUntil(lambda: any(c.isVisible() and c.width() > 1 for c in banner.findChildren(BannerCell)))
    cell = next(c for c in banner.findChildren(BannerCell) if c.accessibleName().startswith("Allergies"))
    qtbot.waitUntil(lambda: cell.width() >= cell.sizeHint().width())
    assert cell.mapTo(banner, cell.rect().topRight()).x() <= width
    world.close()


def test_a_note_gives_way_before_the_list_under_the_banner(qtbot: QtBot, appearance: Appearance) -> None:
    """At 200 % on 1366 the banner keeps two rows: the allergies are whole, their note waits in the tooltip."""
    appearance.choose("light", 200)
    world = World()
    banner = PatientBanner(appearance)
    qtbot.addWidget(banner)
    banner.resize(1366, 100)
    gone = Allergies(AllergyKnowledge.UNAVAILABLE, cause="lisez-les dans le dossier")
    banner.tell(record_banner(world.context, gone, NOW))
    banner.show()
    qtbot.waitUntil(lambda: any(c.isVisible() and c.width() > 1 for c in banner.findChildren(BannerCell)))
    cells = banner.findChildren(BannerCell)
    cell = next(c for c in cells if c.accessibleName().startswith("Allergies"))
    assert "Allergies indisponibles lisez-les dans le dossier" in cell.accessibleName()
    assert cell.toolTip() == "lisez-les dans le dossier"
    assert "lisez-les dans le dossier" not in [label.text() for label in cell.findChildren(QLabel)]
    assert len({c.mapTo(banner, c.rect().topLeft()).y() for c in cells}) == 2
    banner.resize(2800, 100)
    qtbot.waitUntil(lambda: any(label.text() == gone.cause for label in banner.findChildren(QLabel)))
    world.close()


def test_pages_are_offered_by_role(qtbot: QtBot, appearance: Appearance) -> None:
    """A page that is not offered has no entry, in the column, the menu or under the arrows; its title still tells."""
    shell = Shell(appearance, "Cabinet", QWidget(), sandbox=False)
    qtbot.addWidget(shell)
    for key, words in (("day", "Journée"), ("record", "Dossier"), ("waiting", "À traiter")):
        shell.add_page(key, "folder", words, QWidget())
    assert [key for key, _ in shell.navigation.entries()] == ["day", "record", "waiting"]
    shell.navigation.offer(("day", "waiting"))
    assert [key for key, _ in shell.navigation.entries()] == ["day", "waiting"]
    assert not shell.navigation.is_offered("record")
    shell.go("record")
    assert shell.page == "record"
    shell.navigation.offer(("record",))
    assert [key for key, _ in shell.navigation.entries()] == ["record"]
