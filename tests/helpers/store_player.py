"""A desk in a process of its own, to be killed: it opens its profile, captures an opening, runs a pass.

Started once (imports are slow), it forks for each line it reads: the fork is the program that gets killed, with nothing
of its own left in memory. Prints the fork's pid when it starts and ``ended`` when it is gone.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from helpers.store_world import BRINDILLE, CONSENT

from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cache.vault import DESK, Keys
from dmp_desktop.config import StoreSettings
from dmp_desktop.domain import oids
from dmp_desktop.domain.clock import SystemClock
from dmp_desktop.domain.dossier import AccessChoice, Contact
from dmp_desktop.domain.events import Opening
from dmp_desktop.domain.identifiers import Ins, Secret
from dmp_desktop.domain.identity import BirthDate, CardTraits, Sex, Traits
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.cards.professional import KeyFiles, SimulatedProfessionalCard
from dmp_desktop.sandbox.people import FictionalPerson
from dmp_desktop.sync.engine import Engine
from dmp_desktop.sync.gateway import Credentials, Gateway


@dataclass(frozen=True)
class Profile:
    """Where a desk keeps its things and whom it speaks to; travels as JSON."""

    folder: str
    key: str
    salt: str
    base_url: str
    insi_url: str
    authority: str
    signature: tuple[str, str]
    authentication: tuple[str, str]

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The reverse of ``json.dumps(asdict(profile))``."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """As one argument of a command line."""
        return json.dumps(asdict(self))

    def keys(self) -> Keys:
        """The unlocked vault."""
        return Keys({DESK: DatabaseKey(bytes.fromhex(self.key), bytes.fromhex(self.salt))})


def patient(number: int) -> FictionalPerson:
    """One of many adults without a dossier."""
    traits = Traits(f"PATIENTELLE{chr(65 + number % 26)}", ("ARIANE",), Sex.FEMALE, BirthDate("19810412"), "99901")
    body = f"28104999{number:05d}"
    return FictionalPerson(f"p{number}", people._ins(body), traits, "Pas encore de dossier.")


def act(number: int) -> Opening:
    """The opening of that person's dossier, with an access to be given."""
    who = patient(number)
    card = CardTraits(who.traits.birth_name, "ARIANE", who.traits.birth_date, who.ins.matricule, who.ins.matricule)
    return Opening(
        reference=f"OUV-2026-0414-{number:04d}",
        ins=Ins(who.ins.matricule, oids.INS_NIR_TEST),
        traits=who.traits,
        card=card,
        consent=CONSENT,
        access=AccessChoice.THIS_PROFESSIONAL,
        contact=Contact(),
    )


class DeskProcess:
    """The parts of the program that an opening goes through, over the real wire."""

    def __init__(self, profile: Profile) -> None:
        clock = SystemClock()
        self.store = DeskStore.open(Path(profile.folder), profile.keys(), clock)
        self.gateway = Gateway(
            StoreSettings(
                base_url=profile.base_url,
                insi_url=profile.insi_url,
                authority=Path(profile.authority),
                ins_oid=oids.INS_NIR_TEST,
                software_oid="1.2.250.1.999.1.1",
                timeout_seconds=10.0,
            ),
            clock,
        )
        cast = people.profile("brindille")
        signature, authentication = (KeyFiles(Path(c), Path(k)) for c, k in (profile.signature, profile.authentication))
        plastic = SimulatedProfessionalCard(cast.professional, cast.situations, cast.pin, signature, authentication)
        card = plastic.opened(lambda: True)
        card.login(Secret(cast.pin))
        situation = cast.situations[0]
        self.gateway.sign_in(Credentials(cast.professional, situation, card.signature(), card.install_tls_key))
        self.engine = Engine(self.store.outbox, self.store.patients, self.gateway, clock)

    def play(self, number: int) -> None:
        """Capture one opening and send what is due."""
        self.store.outbox.add(act(number), BRINDILLE)
        self.engine.run(BRINDILLE)

    def close(self) -> None:
        """The end of the day."""
        self.gateway.close()
        self.store.close()


def tell(line: str) -> None:
    """One line to whoever started this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Fork for each number read."""
    profile = Profile.from_json(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if not child:
            desk = DeskProcess(profile)
            desk.play(int(line))
            desk.close()
            os._exit(0)
        tell(str(child))
        os.waitpid(child, 0)
        tell("ended")


if __name__ == "__main__":
    main()
