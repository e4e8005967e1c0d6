"""Links to the Web-PS: an INS only where the page asks for one, and never in a repr."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers import wire_world

from dmp_desktop.config import StoreSettings
from dmp_desktop.sync.errors import NoSuchPage
from dmp_desktop.sync.webps import WebPsPage, link

STORE = StoreSettings(web_ps_domain="web.exemple.example")
ROOT = "https://web.exemple.example/AccesDirect"


@pytest.mark.parametrize("page", WebPsPage)
def test_every_page_has_its_address(page: WebPsPage) -> None:
    """PDT-INF-527: one path each; about a patient, their matricule ends it."""
    made = link(STORE, page, wire_world.ODILE)
    ending = f"/{wire_world.ODILE.value}" if page.about_a_patient else ""
    assert made.reveal() == f"{ROOT}/{page.value[0]}{ending}"
    assert wire_world.ODILE.value not in f"{made} {made!r}"


def test_a_page_about_nobody_never_names_anybody() -> None:
    """The dashboard and the settings, even when a dossier is open."""
    assert link(STORE, WebPsPage.DASHBOARD, wire_world.ODILE).reveal() == f"{ROOT}/TableauDeBord"
    assert link(STORE, WebPsPage.SETTINGS).reveal() == f"{ROOT}/Parametrages"


def test_what_a_link_lacks_is_said() -> None:
    """A patient for a page about one; the domain, which is a setting."""
    with pytest.raises(NoSuchPage) as caught:
        link(STORE, WebPsPage.ACCESS_HISTORY)
    assert caught.value.facts["field"] == "patient"
    with pytest.raises(NoSuchPage) as caught:
        link(replace(STORE, web_ps_domain=""), WebPsPage.DASHBOARD)
    assert caught.value.facts["field"] == "web_ps_domain"
