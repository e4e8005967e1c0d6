"""What the patient banner says while a record is open (guide 4.1): identity, allergies in four honest states, dossier.

For clinical roles only: a reception has no record, and this cell is not built for it.
"""

from __future__ import annotations

from datetime import datetime

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.facts import Allergies, AllergyKnowledge
from dmp_desktop.domain.identity import Identity, InsAttribute, InsStatus, Sex
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.errors import BugError
from dmp_desktop.services.gate import AccessGate
from dmp_desktop.services.places import place_name
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.widgets.banner import BannerContent, BannerValue

_BORN = {Sex.FEMALE: ("Née le", "Née à"), Sex.MALE: ("Né le", "Né à")}
_STATUS_LOOK = {InsStatus.UNVERIFIED: ("warning", "warning"), InsStatus.PROVISIONAL: ("info", "info")}
_ATTRIBUTE = {
    InsAttribute.HOMONYM: "Homonyme",
    InsAttribute.DOUBTFUL: "Douteux",
    InsAttribute.FICTITIOUS: "Fictif",
}
SHOWN = 2
"""Allergies named in the banner; more are counted, and all stand in the synthesis."""


def record_banner(context: RecordContext, allergies: Allergies | None, today: datetime) -> BannerContent:
    """The banner of an open record.

    :param allergies: ``None`` until the documents were looked at: the cell says that it is not known yet.
    :raises BugError: asked for a reception.
    """
    if context.professional.is_desk_staff:
        raise BugError("no clinical banner for a reception")
    traits = context.identity.traits
    born, at = _BORN.get(traits.sex, ("Né(e) le", "Né(e) à"))
    age = traits.birth_date.age_on(today.astimezone(PARIS).date())
    return BannerContent(
        texts.full_name(traits),
        f"Nom utilisé {traits.used_name}" if traits.used_name else "Nom utilisé non renseigné",
        (
            BannerValue(born, traits.birth_date.text, note=texts.age(age)),
            BannerValue("Sexe", texts.SEX[traits.sex]),
            BannerValue(at, place_name(traits.birth_place) or texts.NOT_KNOWN, elastic=True),
            _status(context.identity),
            allergy_cell(allergies),
        ),
        _dossier(context),
    )


def gate_banner(gate: AccessGate) -> BannerContent:
    """The banner of somebody whose record is not open yet: nothing of it was read."""
    unread = Allergies(AllergyKnowledge.UNAVAILABLE)
    context = RecordContext(gate.dossier, gate.identity, gate.professional, gate.author, existence=gate.existence)
    return record_banner(context, unread, gate.clock.now())


def allergy_cell(allergies: Allergies | None) -> BannerValue:
    """Known, none known, not recorded, not available; and nothing else."""
    if allergies is None:
        return BannerValue("Allergies", "En cours de lecture", "clock", "text-2")
    match allergies.knowledge:
        case AllergyKnowledge.KNOWN:
            named = ", ".join(allergies.labels[:SHOWN])
            more = len(allergies.labels) - SHOWN
            words = texts.sentence_start(named) + (f" et {more} autre{'s' if more > 1 else ''}" if more > 0 else "")
            return BannerValue("Allergies connues", words, "warning", "danger", strong=True)
        case AllergyKnowledge.NONE_KNOWN:
            day = f"au {texts.day(allergies.at)}" if allergies.at else ""
            return BannerValue("Allergies", "Aucune allergie connue", "success", "success", note=day)
        case AllergyKnowledge.NOT_RECORDED:
            return BannerValue("Allergies", "Allergies non renseignées", "info", "info")
        case AllergyKnowledge.UNAVAILABLE:
            return BannerValue("Allergies", "Allergies indisponibles", "offline", "offline", note=allergies.cause)


def _status(identity: Identity) -> BannerValue:
    icon, tone = _STATUS_LOOK.get(identity.status, ("success", "success"))
    words = ", ".join([texts.INS_STATUS[identity.status], *(_ATTRIBUTE[a] for a in sorted(identity.attributes))])
    flagged = bool(identity.attributes)
    return BannerValue("Identité INS", words, "warning" if flagged else icon, "warning" if flagged else tone)


def _dossier(context: RecordContext) -> BannerValue:
    known = context.existence
    if known is None:
        return BannerValue("Dossier", "Pas encore demandé", "help")
    blocked = known.authorisation is Authorisation.FORBIDDEN
    icon, words = texts.STATE_CHIP[DossierState.BLOCKED if blocked else known.state]
    return BannerValue("Dossier", words, icon)
