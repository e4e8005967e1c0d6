"""The patient banner: order, room, and what is never cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.banner import BannerCell, BannerContent, BannerValue, PatientBanner
from dmp_desktop.ui.widgets.basic import ElidedText

ODILE = BannerContent(
    "LAVANDIN-GENÊT, Odile",
    "Nom utilisé CORNICHE",
    (
        BannerValue("Née le", "23/05/1979", note="46\u00a0ans"),
        BannerValue("Sexe", "Féminin"),
        BannerValue("Née à", "Villeneuve-l’Exemple (99)", elastic=True),
        BannerValue("Identité INS", "Récupérée", "success", "success"),
    ),
    BannerValue("Dossier", "À ouvrir", "folder-plus"),
)


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    made = Appearance(qapp, "light", 100)
    yield made
    made.choose("light", 100)
    made.deleteLater()


@pytest.fixture
def banner(qtbot: QtBot, appearance: Appearance) -> PatientBanner:
    made = PatientBanner(appearance)
    qtbot.addWidget(made)
    made.resize(1366, 64)
    made.show()
    return made


def _label(banner: PatientBanner, words: str) -> QLabel:
    return next(label for label in banner.findChildren(QLabel) if label.text() == words)


def _told(qtbot: QtBot, banner: PatientBanner, content: BannerContent) -> None:
    """The content is there, laid out and seen."""
    banner.tell(content)
    qtbot.waitUntil(lambda: all(label.isVisible() for label in banner.findChildren(QLabel) if label.text()))


def _left(banner: PatientBanner, words: str) -> int:
    label = _label(banner, words)
    return label.mapTo(banner, label.rect().topLeft()).x()


def test_cells_stand_in_their_fixed_order_on_one_row(banner: PatientBanner, qtbot: QtBot) -> None:
    """Name, birth, sex, place, INS, then the dossier, 64 high at 1366."""
    _told(qtbot, banner, ODILE)
    values = [ODILE.name, *(cell.value for cell in ODILE.cells), ODILE.dossier.value]
    assert banner.height() == 64
    assert [_left(banner, value) for value in values] == sorted(_left(banner, value) for value in values)


def test_the_name_is_never_cut(banner: PatientBanner, appearance: Appearance, qtbot: QtBot) -> None:
    """At 200 % the cells go on a second row and the name keeps all its letters."""
    appearance.choose("light", 200)
    _told(qtbot, banner, ODILE)
    name = _label(banner, ODILE.name)
    assert banner.height() == (64 + 36) * 2
    assert name.width() >= QFontMetrics(appearance.theme.font("title")).horizontalAdvance(ODILE.name)
    name_bottom = name.mapTo(banner, name.rect().bottomLeft()).y()
    born = _label(banner, "23/05/1979")
    assert born.mapTo(banner, born.rect().topLeft()).y() > name_bottom


def test_the_birth_place_gives_way_first_and_stays_whole_for_screen_readers(
    banner: PatientBanner, qtbot: QtBot
) -> None:
    """Cut on screen, its whole text is in its tip and its accessible name."""
    content = replace(ODILE, cells=(replace(ODILE.cells[2], value="Saint-Exemple-les-Trois-Tilleuls " * 6),))
    _told(qtbot, banner, content)
    banner.grab()
    place = _label(banner, content.cells[0].value)
    assert place.toolTip() == place.accessibleName() == content.cells[0].value
    assert _left(banner, "À ouvrir") + _label(banner, "À ouvrir").width() <= banner.width()


def test_a_cell_reads_label_then_value(banner: PatientBanner) -> None:
    """The banner is a group; each cell says its label first."""
    banner.tell(ODILE)
    cells = [cell.accessibleName() for cell in banner.findChildren(BannerCell)]
    assert cells[0] == "Née le 23/05/1979 46\u00a0ans"
    assert "Dossier À ouvrir" in cells
    assert banner.accessibleName() == "Identité de la personne"
    assert "Identité INS Récupérée" in banner.accessibleDescription()


def test_someone_deceased_is_said_in_words_and_hatched(banner: PatientBanner, qtbot: QtBot) -> None:
    """Colour alone is not enough: the words replace the second line, the ground is no longer plain."""
    _told(qtbot, banner, replace(ODILE, deceased="Décédée le 02 janv. 2026"))
    assert _label(banner, "Décédée le 02 janv. 2026").isVisible()
    image = banner.grab().toImage()
    corner = {image.pixel(x, y) for x in range(900, 960) for y in range(4, 60)}
    assert len(corner) > 1


@pytest.mark.parametrize(
    "name", ["NÉ, Ali", "CORNICHE, Gaspard", "LAVANDIN-GENÊT, Odile", "SAINT-EXEMPLE-TILLEUL, Anne-Aurore"]
)
def test_nothing_but_the_birth_place_is_ever_cut(qtbot: QtBot, appearance: Appearance, name: str) -> None:
    """A birth date without its last digit names someone else: whole in a small window, and at every zoom."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    banner = PatientBanner(appearance)
    banner.setMinimumWidth(1)  # as in a window that may not grow: too much is cut, never pushed outside
    column.addWidget(banner)
    column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
    window.resize(1366, 768)
    window.show()
    content = replace(ODILE, name=name, under="Nom utilisé non renseigné")
    for width, zoom in ((900, 100), (1024, 100), (1024, 110), *((1366, zoom) for zoom in range(100, 201, 10))):
        appearance.choose("light", zoom)
        window.resize(width, 768)
        _told(qtbot, banner, content)
        for label in banner.findChildren(QLabel):
            if label.isVisible() and label.text() and not isinstance(label, ElidedText):
                cut = f"{label.text()} in {width} at {zoom} %"
                assert label.wordWrap() or label.width() >= label.sizeHint().width(), cut
