"""What the patient banner says while a record is open (guide 4.1): identity, allergies in four honest states, dossier.

For clinical roles only: a reception has no record, and this cell is not built for it.
"""

from __future__ import annotations

from datetime import datetime

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.facts import Allergies, AllergyKnowledge
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.errors import BugError
from dmp_desktop.services.gate import AccessGate
from dmp_desktop.ui.identity_cells import dossier_cell, identity_cells, used_name
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.widgets.banner import BannerContent, BannerValue

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
    age = traits.birth_date.age_on(today.astimezone(PARIS).date())
    identity = context.identity
    return BannerContent(
        texts.full_name(traits),
        used_name(traits),
        (*identity_cells(traits, age, identity.status, identity.attributes), allergy_cell(allergies)),
        dossier_cell(context.existence),
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
