"""The client's side of a sandbox: cards of its cast, settings that point at it, openings of its people."""

from __future__ import annotations

from dataclasses import replace

from helpers import wire_world
from helpers.clocks import HandClock

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain.events import Author, Opening
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.cards.professional import InsertedProfessionalCard, SimulatedProfessionalCard
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sync.credentials import Credentials


def card(sandbox: Sandbox, key: str) -> InsertedProfessionalCard:
    """A professional card of the cast, open."""
    plastic = sandbox.card(key)
    assert isinstance(plastic, SimulatedProfessionalCard)
    inserted = plastic.opened(lambda: True)
    inserted.login(Secret(people.PIN))
    return inserted


def credentials(sandbox: Sandbox, key: str = "brindille", situation: int = 0) -> Credentials:
    """Direct mode with that card, in one of its situations."""
    inserted = card(sandbox, key)
    return Credentials(
        inserted.holder(), inserted.situations()[situation], inserted.signature(), inserted.install_tls_key
    )


def author(made: Credentials) -> Author:
    """The author of an event under these keys."""
    return wire_world.author(made.professional, made.situation)


def settings(sandbox: Sandbox) -> StoreSettings:
    """What points at the sandbox."""
    return StoreSettings(
        base_url=sandbox.base_url,
        insi_url=sandbox.insi_url,
        authority=sandbox.authority,
        ins_oid=sandbox.ins_oid,
        software_oid="1.2.250.1.999.1.1",
        timeout_seconds=10,
    )


def opening(key: str, clock: HandClock, *, reactivation: bool = False) -> Opening:
    """An opening for someone of the cast, consented now."""
    someone = people.person(key)
    made = wire_world.opening(someone.ins, reactivation=reactivation)
    consent = replace(made.consent, informed_at=clock.now(), given_at=clock.now())
    traits = replace(
        made.card,
        name=someone.traits.birth_name,
        given_name=someone.traits.first_given_name,
        birth_date=someone.traits.birth_date,
    )
    return replace(made, traits=someone.traits, card=traits, consent=consent)
