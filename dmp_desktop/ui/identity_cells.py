"""The cells of a patient banner: who somebody is, and their dossier; the same wherever one person is on the screen."""

from __future__ import annotations

from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.identity import InsAttribute, InsStatus, Sex, Traits
from dmp_desktop.services.places import place_name
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.widgets.banner import BannerValue

_BORN = {Sex.FEMALE: ("Née le", "Née à"), Sex.MALE: ("Né le", "Né à")}
_STATUS_LOOK = {InsStatus.UNVERIFIED: ("warning", "warning"), InsStatus.PROVISIONAL: ("info", "info")}
_ATTRIBUTE = {
    InsAttribute.HOMONYM: "Homonyme",
    InsAttribute.DOUBTFUL: "Douteux",
    InsAttribute.FICTITIOUS: "Fictif",
}


def used_name(traits: Traits) -> str:
    """The line under the name."""
    return f"Nom utilisé {traits.used_name}" if traits.used_name else "Nom utilisé non renseigné"


def identity_cells(
    traits: Traits, age: int | None, status: InsStatus, attributes: frozenset[InsAttribute] = frozenset()
) -> tuple[BannerValue, ...]:
    """Birth, sex, birth place, and how sure the identity is."""
    born, at = _BORN.get(traits.sex, ("Né(e) le", "Né(e) à"))
    icon, tone = ("warning", "warning") if attributes else _STATUS_LOOK.get(status, ("success", "success"))
    words = ", ".join([texts.INS_STATUS[status], *(_ATTRIBUTE[a] for a in sorted(attributes))])
    return (
        BannerValue(born, traits.birth_date.text, note=texts.age(age)),
        BannerValue("Sexe", texts.SEX[traits.sex]),
        BannerValue(at, place_name(traits.birth_place) or texts.NOT_KNOWN, elastic=True),
        BannerValue("Identité INS", words, icon, tone),
    )


def dossier_cell(known: ExistenceAnswer | None) -> BannerValue:
    """The store's last word on the dossier."""
    if known is None:
        return BannerValue("Dossier", "Pas encore demandé", "help")
    blocked = known.authorisation is Authorisation.FORBIDDEN
    icon, words = texts.STATE_CHIP[DossierState.BLOCKED if blocked else known.state]
    return BannerValue("Dossier", words, icon)
