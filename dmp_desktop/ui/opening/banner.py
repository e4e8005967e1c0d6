"""What the patient banner says at each moment of the opening: nothing while several people are on the screen."""

from __future__ import annotations

from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.identity import InsStatus
from dmp_desktop.services.opening import OpeningFlow
from dmp_desktop.ui.identity_cells import identity_cells, used_name
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.widgets.banner import BannerContent, BannerValue


def banner(flow: OpeningFlow, age: int | None) -> BannerContent | None:
    """The banner of the person being received, or ``None`` until one is chosen.

    No clinical cell for anybody here: an opening shows no clinical data.
    """
    traits = flow.traits
    if flow.person is None or traits is None:
        return None
    identity = flow.identity
    status, attributes = (identity.status, identity.attributes) if identity else (InsStatus.UNVERIFIED, frozenset())
    known = identity is not None and identity.ins is not None
    return BannerContent(
        texts.full_name(traits),
        used_name(traits) if known else "Traits lus sur la carte Vitale",
        identity_cells(traits, age, status, attributes),
        _dossier(flow),
    )


def _dossier(flow: OpeningFlow) -> BannerValue:
    state = flow.existence.state if flow.existence else None
    if flow.event is not None and flow.event.state is EventState.CONFIRMED:
        state = DossierState.ACTIVE
    if state is None:
        return BannerValue("Dossier", "Pas encore demandé", "help")
    icon, words = texts.STATE_CHIP[state]
    return BannerValue("Dossier", words, icon)
