"""The sandbox's own access history, as the page « Accès » reads it: what only a store of our own can tell."""

from __future__ import annotations

from datetime import datetime

from dmp_desktop.domain.habilitations import AccessMode
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.history import AccessRow, Deed, Known, Source

_DEEDS = {
    "TD0.3": Deed.AUTHORISED,
    "TD2.1": Deed.DEPOSITED,
    "TD2.2": Deed.DEPOSITED,
    "TD3.1": Deed.LISTED,
    "TD3.2": Deed.READ,
    "TD3.3": Deed.CHANGED,
}


class SandboxHistory:
    """What the sandbox recorded of a dossier."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def of(self, ins: Ins) -> tuple[AccessRow, ...]:
        """Sync lane. Every access, oldest first; a test of existence is none."""
        found = []
        for access in self._sandbox.store.accesses(ins):
            if access.act.startswith("TD0.2"):
                continue
            deed = next((deed for act, deed in _DEEDS.items() if access.act.startswith(act)), Deed.ADMINISTERED)
            known = who(access.professional) or Known("")
            found.append(
                AccessRow(
                    datetime.fromisoformat(access.at),
                    access.professional,
                    known.name,
                    known.role,
                    deed,
                    AccessMode(access.mode) if access.mode in set(AccessMode) else AccessMode.NORMAL,
                    Source.STORE,
                    access.motive,
                    bool(access.secret),
                    "" if access.outcome == "OK" else access.outcome,
                )
            )
        return tuple(found)


def who(professional: str) -> Known | None:
    """Someone of the sandbox's directory."""
    for profile in people.everyone():
        if profile.professional.id.value == professional:
            return Known(profile.professional.display_name, profile.professional.practice)
    return None
