"""Which documents a caller may see: masked ones are for their author, the médecin traitant and, if allowed, urgency."""

from __future__ import annotations

from dmp_desktop.domain.rights import Action, Facts
from dmp_desktop.sandbox import ebrim
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.registry import Entry
from dmp_desktop.sandbox.request import Request
from dmp_desktop.sandbox.store import Dossier


def rights_facts(request: Request, entry: Entry, dossier: Dossier) -> Facts:
    """What the conditions of the matrix look at, for one document."""
    said = ebrim.facts_of(entry.xml)
    return Facts(
        own=request.caller.professional in said.authors.people,
        of_structure=request.caller.structure in said.authors.structures,
        of_patient=said.by_patient,
        masked_in_urgency=dossier.masked_in_urgency,
    )


def sees(request: Request, entry: Entry, dossier: Dossier) -> bool:
    """Whether a query shows this document at all."""
    if entry.ins != request.ins.value:
        return False
    if not ebrim.facts_of(entry.xml).masked:
        return True
    facts = rights_facts(request, entry, dossier)
    if not request.gate.may(Action.FIND):
        return facts.of_structure
    return facts.own or request.gate.may(Action.READ_MASKED, facts)


def check_reading(request: Request, entry: Entry, dossier: Dossier) -> None:
    """Check the rows of TD3.2 that concern one document.

    :raises Refusal: one of them says no.
    """
    said, facts = ebrim.facts_of(entry.xml), rights_facts(request, entry, dossier)
    request.gate.check(Action.READ, facts)
    if said.masked:
        request.gate.check(Action.READ_MASKED, facts)
    hidden = said.confidentiality & {ebrim.NOT_PATIENT, ebrim.NOT_REPRESENTATIVES}
    if hidden or entry.status != ebrim.APPROVED:
        request.gate.check(Action.READ_SET_ASIDE, facts)


def one(request: Request, entries: tuple[Entry, ...]) -> Entry:
    """The one document asked for.

    :raises Refusal: there is none in this dossier.
    """
    found = [entry for entry in entries if entry.ins == request.ins.value]
    if len(found) != 1:
        raise Refusal(Code.UNKNOWN_DOCUMENT, "Document introuvable")
    return found[0]
