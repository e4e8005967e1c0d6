"""The whole road on the real card service: a Vitale and a CPS in pcscd, the card's own keys, the sandbox over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.cards_desk import WatchedDesk
from helpers.cards_pcscd import PrivatePcscd
from helpers.cards_virtual_cps import AUTHENTICATION, SIGNATURE, VirtualCps
from helpers.clocks import HandClock

from dmp_desktop.cards.vitale import read_inserted
from dmp_desktop.config import StoreSettings
from dmp_desktop.domain.clock import SystemClock
from dmp_desktop.domain.dossier import AccessChoice, Consent, Contact, DossierState
from dmp_desktop.domain.events import Author, Opening
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.domain.readers import CardFamily, ReaderChange
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.cards.virtual_vitale import Holder, VirtualVitale
from dmp_desktop.sandbox.pki import KeyUse
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.sign_in import SignIn
from dmp_desktop.sync.gateway import Gateway

pytestmark = pytest.mark.integration


@pytest.fixture
def store(tmp_path: Path, sandbox_pki_folder: Path) -> Iterator[Sandbox]:
    """A central store on the computer's own clock: the card's keys sign now."""
    made = Sandbox(tmp_path / "sandbox", SystemClock(), pki_folder=sandbox_pki_folder)
    made.start()
    yield made
    made.stop()


def _plastic(store: Sandbox) -> VirtualCps:
    """Dr Brindille's card, with the keys and certificates that the sandbox's authority issued."""
    profile = people.profile("brindille")
    issued = {use: store.pki.issue(profile.professional, use) for use in KeyUse}
    keys = {SIGNATURE: issued[KeyUse.SIGNATURE], AUTHENTICATION: issued[KeyUse.AUTHENTICATION]}
    places = [(s.name, s.structure.value, s.sector) for s in profile.situations]
    return VirtualCps(
        {which: one.private_key() for which, one in keys.items()},
        {which: one.der() for which, one in keys.items()},
        places,
    )


def test_an_opening_with_the_cards_own_keys(pcscd: PrivatePcscd, desk: WatchedDesk, store: Sandbox) -> None:
    """Both cards in pcscd, the code, TLS by one key and VIHF by the other: INSi, TD0.2 and TD1.1 are accepted."""
    holder = next(card for card in people.VITALE_CARDS if card.key == "famille-corniche")
    pcscd.slots[0].insert(_plastic(store))
    desk.wait(ReaderChange.CARD_IN)
    pcscd.slots[1].insert(VirtualVitale([Holder(h.name, h.given_name, h.birth_date, h.nir) for h in holder.holders]))
    desk.wait(ReaderChange.CARD_IN)
    settings = StoreSettings(
        base_url=store.base_url,
        insi_url=store.insi_url,
        authority=store.authority,
        ins_oid=store.ins_oid,
        software_oid="1.2.250.1.999.1.1",
    )
    clock = SystemClock()
    gateway = Gateway(settings, clock)
    sign_in = SignIn(desk.system, gateway)
    try:
        professional, tries = sign_in.open_card(pcscd.readers[0])
        assert (professional.display_name, tries) == ("Dr Aurore Brindille", 3)
        situations = sign_in.login(Secret("1234"))
        sign_in.speak(professional, situations[0])

        reading = read_inserted(desk.system, pcscd.readers[1], CardFamily.VITALE_2, HandClock())
        gaspard = reading.card_traits(reading.beneficiaries[1])
        answer = gateway.insi_by_vitale(gaspard)
        assert answer.ins == people.person("gaspard").ins
        assert answer.ins is not None
        assert answer.traits is not None
        assert gateway.existence(answer.ins).state is DossierState.NONE

        author = Author(
            professional.id.value,
            situations[0].structure.value,
            situations[0].sector,
            professional.display_name,
            situations[0].name,
        )
        now = clock.now()
        consent = Consent("2026-11", now, now, professional.id.value, centre_15=True, break_glass=False)
        opening = Opening(
            "OUV-2026-0414-0001", answer.ins, answer.traits, gaspard, consent, AccessChoice.NOBODY, Contact()
        )
        gateway.create(opening, author)
        assert gateway.existence(answer.ins).state is DossierState.ACTIVE
    finally:
        sign_in.let_go()
        gateway.close()
    acts = [(a.act, a.outcome) for a in store.store.accesses(answer.ins)]
    assert ("TD1.1", "OK") in acts
