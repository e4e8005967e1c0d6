"""Links to the Web-PS: the DMP in a browser, for what has no web service (PDT-INF-527 v1.7, TD0.9).

Traces of access, blocking of a professional, requests of destruction or of a copy: the person at work opens them in
their browser, where their card or e-CPS identifies them. The address of a page about a patient holds their INS, as the
interface wants it: it is made only for a page that asks for it, hides itself from logs, and is handed to the browser.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.sync.errors import NoSuchPage

_ROOT: Final = "AccesDirect"


class WebPsPage(Enum):
    """Pages that a link may open: their path, and whether they are about one patient."""

    DASHBOARD = ("TableauDeBord", False)
    SETTINGS = ("Parametrages", False)
    PATIENT = ("DossierPatient", True)
    ADMINISTRATION = ("GestionDMPPatient", True)
    DOCUMENTS = ("Documents", True)
    CARE_PATH = ("ParcoursDeSoins", True)
    ACCESS_HISTORY = ("HistoriqueAcces", True)
    WISHES_AND_RIGHTS = ("VolontesEtDroits", True)
    VACCINATIONS = ("CarnetVaccination", True)

    @property
    def about_a_patient(self) -> bool:
        """Whether the address must name a patient."""
        return self.value[1]


@dataclass(frozen=True, slots=True, repr=False)
class WebPsLink:
    """An address to open in a browser; it may hold an INS."""

    page: WebPsPage
    _url: str

    def reveal(self) -> str:
        """The address itself, for the browser alone."""
        return self._url

    def __repr__(self) -> str:
        return f"WebPsLink({self.page.name})"

    __str__ = __repr__


def link(store: StoreSettings, page: WebPsPage, ins: Ins | None = None) -> WebPsLink:
    """The link to a page; ``ins`` is left out of the address of a page that is about nobody.

    :raises NoSuchPage: the settings hold no domain of the Web-PS, or no patient was given for a page about one.
    """
    if not store.web_ps_domain:
        raise NoSuchPage("no domain of the Web-PS", field="web_ps_domain")
    path, about_a_patient = page.value
    url = f"https://{store.web_ps_domain}/{_ROOT}/{path}"
    if not about_a_patient:
        return WebPsLink(page, url)
    if ins is None:
        raise NoSuchPage("this page needs a patient", field="patient")
    return WebPsLink(page, f"{url}/{ins.value}")
