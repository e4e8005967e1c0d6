"""Changes of contact on their way (TD1.3b): what the store holds is read first (TD1.3a).

Already as wanted, it is done. As the person saw it, the change is sent. Anything else was changed elsewhere meanwhile:
both versions are kept for a person to decide (F95).
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp_desktop.domain.acts import ContactChange
from dmp_desktop.domain.administration import AdministrativeData
from dmp_desktop.domain.dossier import Contact, ExistenceAnswer
from dmp_desktop.domain.events import Event
from dmp_desktop.sync.delivery_common import Asked, Send, Way
from dmp_desktop.sync.errors import AdministeredElsewhere
from dmp_desktop.sync.policy import Decision, Standing


@dataclass(frozen=True, slots=True)
class ContactWay(Way):
    """The way of a change to the administrative file."""

    def deliver(self, event: Event, change: ContactChange) -> Decision:
        """Send it, or write down why not."""
        base = event.found if isinstance(event.found, Contact) else change.base
        read: list[tuple[AdministrativeData, ExistenceAnswer]] = []

        def ask(_in_doubt: bool) -> Asked:
            known = self._known(event, change)
            if known.attached_to_mes:
                raise AdministeredElsewhere("the dossier is attached to Mon espace santé")
            data = self.gateway.administration.data(change.ins)
            read.append((data, known))
            held = data.contact
            if held == change.wanted:
                return Asked(Standing.AS_WANTED)
            return Asked(Standing.AS_BEFORE) if held == base else Asked(Standing.OTHER, held)

        def prepare() -> Send:
            data, known = read[-1]
            changed = data.with_contact(change.wanted)
            return lambda: self.gateway.administration.change(changed, known, event.author)

        return self.carry(event, ask, prepare)

    def _known(self, event: Event, change: ContactChange) -> ExistenceAnswer:
        known = self.patients.existence(event.dossier, event.author)
        if known is None:
            known = self.gateway.existence(change.ins)
            self.patients.learned(event.dossier, known, event.author)
        return known
