"""TD0.3: the authorisation of the person at work, added or removed on an explicit act (EX_0.3-1010).

The patient and the professional are those of the VIHF. Removing the quality of médecin traitant alone is an addition
without the role.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain.dossier import Confirmation
from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.oids import NS_HABILITATIONS
from dmp_desktop.sync.errors import UnexpectedAnswer, refused
from dmp_desktop.sync.soap import element, node

ACTION: Final = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"
ANSWER_ACTION: Final = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorizationResponse"
_OK: Final = "dmpok"


def authorisation_request(act: AuthorisationAct, *, treating: bool) -> etree._Element:
    """``setAuthorization``, with the role of médecin traitant when asked."""
    root = element(f"{{{NS_HABILITATIONS}}}setAuthorization", {None: NS_HABILITATIONS})
    node(root, "action", act.value)
    if treating:
        node(root, "role", "MEDECIN_TRAITANT")
    return root


def read_authorisation(root: etree._Element, at: datetime) -> Confirmation:
    """What the store did; an authorisation that was there already is confirmed too (the act is idempotent).

    :param at: the store's time, which this answer does not carry itself.
    :raises RefusedByStore: any status but ``DMPOk``.
    """
    if root.tag != f"{{{NS_HABILITATIONS}}}setAuthorizationResponse":
        raise UnexpectedAnswer("another answer than awaited", part="setAuthorizationResponse")
    status = (root.findtext(f"{{{NS_HABILITATIONS}}}output/{{{NS_HABILITATIONS}}}status") or "").strip()
    context = root.findtext(f"{{{NS_HABILITATIONS}}}output/{{{NS_HABILITATIONS}}}context") or ""
    text = " ".join(context.split())[:500]
    if not status:
        raise UnexpectedAnswer("a part is missing", part="status")
    # The kit compares the status without regard to case.
    if status.lower() != _OK:
        raise refused(status[:80], text)
    return Confirmation(at, text=text)
