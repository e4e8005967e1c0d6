"""What the patient banner says at each moment of the opening: nothing while several people are on the screen."""

from __future__ import annotations

from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.identity import InsAttribute, InsStatus, Sex
from dmp_desktop.services.opening import OpeningFlow
from dmp_desktop.services.places import place_name
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.widgets.banner import BannerContent, BannerValue

_BORN = {Sex.FEMALE: ("Née le", "Née à"), Sex.MALE: ("Né le", "Né à")}
_STATUS_LOOK = {
    InsStatus.UNVERIFIED: ("warning", "warning"),
    InsStatus.PROVISIONAL: ("info", "info"),
}
_ATTRIBUTE = {
    InsAttribute.HOMONYM: "Homonyme",
    InsAttribute.DOUBTFUL: "Douteux",
    InsAttribute.FICTITIOUS: "Fictif",
}


def banner(flow: OpeningFlow, age: int | None) -> BannerContent | None:
    """The banner of the person being received, or ``None`` until one is chosen.

    No clinical cell for anybody here: an opening shows no clinical data.
    """
    traits = flow.traits
    if flow.person is None or traits is None:
        return None
    born, at = _BORN.get(traits.sex, ("Né(e) le", "Né(e) à"))
    under = "Traits lus sur la carte Vitale"
    if flow.identity is not None and flow.identity.ins is not None:
        under = f"Nom utilisé {traits.used_name}" if traits.used_name else "Nom utilisé non renseigné"
    return BannerContent(
        texts.full_name(traits),
        under,
        (
            BannerValue(born, traits.birth_date.text, note=texts.age(age)),
            BannerValue("Sexe", texts.SEX[traits.sex]),
            BannerValue(at, place_name(traits.birth_place) or texts.NOT_KNOWN, elastic=True),
            _status(flow),
        ),
        _dossier(flow),
    )


def _status(flow: OpeningFlow) -> BannerValue:
    status = flow.identity.status if flow.identity else InsStatus.UNVERIFIED
    icon, tone = _STATUS_LOOK.get(status, ("success", "success"))
    attributes = flow.identity.attributes if flow.identity else frozenset()
    words = ", ".join([texts.INS_STATUS[status], *(_ATTRIBUTE[a] for a in sorted(attributes))])
    return BannerValue("Identité INS", words, "warning" if attributes else icon, "warning" if attributes else tone)


def _dossier(flow: OpeningFlow) -> BannerValue:
    state = flow.existence.state if flow.existence else None
    if flow.event is not None and flow.event.state is EventState.CONFIRMED:
        state = DossierState.ACTIVE
    if state is None:
        return BannerValue("Dossier", "Pas encore demandé", "help")
    icon, words = texts.STATE_CHIP[state]
    return BannerValue("Dossier", words, icon)
