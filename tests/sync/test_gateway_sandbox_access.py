"""Access, administration and identity modes: the real gateway against the real sandbox, over mutual TLS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from helpers import wire_sandbox
from helpers.clocks import HandClock
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder

from dmp_desktop.domain.administration import (
    PATIENT_REQUEST,
    ChannelAct,
    ChannelKind,
    ClosingReason,
    CodeChannel,
    PostalAddress,
    Telecom,
)
from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.habilitations import (
    Access,
    AccessMode,
    AuthorisationFilter,
    IdentityMode,
    ListedBy,
    PatientQuery,
)
from dmp_desktop.errors import RefusedByStore
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.pki import OrganisationUse
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sync import keyfiles
from dmp_desktop.sync.credentials import PGSSI_S, SMARTCARD, Authentication, structure_credentials
from dmp_desktop.sync.errors import AdministeredElsewhere, AlreadyClosed, NoDossier, RightsRefused
from dmp_desktop.sync.gateway import Gateway

__all__ = ["sandbox", "sandbox_clock", "sandbox_pki_folder"]

ODILE = people.person("odile")
ERNEST = people.person("ernest")
BLAISE = people.person("blaise")


@pytest.fixture
def gateway(sandbox: Sandbox, sandbox_clock: HandClock) -> Iterator[Gateway]:
    """Signed in as Dr Brindille."""
    made = Gateway(wire_sandbox.settings(sandbox), sandbox_clock)
    made.sign_in(wire_sandbox.credentials(sandbox))
    yield made
    made.close()


@pytest.fixture
def opened(gateway: Gateway, sandbox: Sandbox, sandbox_clock: HandClock) -> Gateway:
    """A dossier was just opened for Odile, not attached to Mon espace santé, read by nobody."""
    author = wire_sandbox.author(wire_sandbox.credentials(sandbox))
    gateway.create(wire_sandbox.opening("odile", sandbox_clock), author)
    return gateway


def test_an_authorisation_lives(opened: Gateway) -> None:
    """Given, as médecin traitant, no more médecin traitant but still authorised, taken away."""

    def state() -> tuple[Authorisation, bool]:
        answer = opened.existence(ODILE.ins)
        return answer.authorisation, answer.treating

    assert state() == (Authorisation.NONE, False)
    opened.access.set_authorisation(ODILE.ins, AuthorisationAct.ADD)
    assert state() == (Authorisation.VALID, False)
    opened.access.set_authorisation(ODILE.ins, AuthorisationAct.ADD, treating=True)
    assert state() == (Authorisation.VALID, True)
    opened.access.cease_treating(ODILE.ins)
    assert state() == (Authorisation.VALID, False)
    opened.access.set_authorisation(ODILE.ins, AuthorisationAct.REMOVE)
    assert state() == (Authorisation.NONE, False)


def test_the_dossiers_one_may_read_are_listed(opened: Gateway, sandbox_clock: HandClock) -> None:
    """TD0.4: by authorisation, since a moment; nothing before the act."""
    before = {line.ins for line in opened.access.authorised_dossiers(ListedBy.AUTHORISATION)}
    assert ODILE.ins not in before
    opened.access.set_authorisation(ODILE.ins, AuthorisationAct.ADD, treating=True)
    (line,) = [d for d in opened.access.authorised_dossiers(ListedBy.AUTHORISATION) if d.ins == ODILE.ins]
    assert (line.birth_name, line.treating) == (ODILE.traits.birth_name, True)
    assert line.birth_date == ODILE.traits.birth_date
    sandbox_clock.forward(minutes=1)
    assert opened.access.authorised_dossiers(ListedBy.AUTHORISATION, sandbox_clock.now()) == ()


def test_the_professionals_of_a_dossier_are_listed(opened: Gateway) -> None:
    """TD1.6: who may read it; one who is blocked there is told so and reads nothing."""
    assert opened.access.professionals(ODILE.ins) == ()
    opened.access.set_authorisation(ODILE.ins, AuthorisationAct.ADD, treating=True)
    (line,) = opened.access.professionals(ODILE.ins, AuthorisationFilter.ACTIVE)
    assert (line.id, line.treating, line.blocked) == (people.BRINDILLE, True, False)
    with pytest.raises(RightsRefused):
        opened.access.professionals(BLAISE.ins)


def test_a_search_without_ins_is_for_a_medical_regulation(gateway: Gateway) -> None:
    """TD0.5: someone by their birth name, nobody by another."""
    found = gateway.access.search(PatientQuery((ERNEST.traits.birth_name,), sex=ERNEST.traits.sex))
    assert [match.ins for match in found.matches] == [ERNEST.ins]
    assert found.matches[0].birth_date == ERNEST.traits.birth_date
    assert gateway.access.search(PatientQuery(("INEXISTANT",))).matches == ()


def test_the_data_of_a_dossier_are_read_and_changed(opened: Gateway) -> None:
    """TD1.3a, then TD1.3b: contacts, address and oppositions; what was not changed stays."""
    known, data = opened.existence(ODILE.ins), opened.administration.data(ODILE.ins)
    assert (data.state, data.birth_name, data.used_name) == (
        DossierState.ACTIVE,
        ODILE.traits.birth_name,
        ODILE.traits.used_name,
    )
    changed = replace(
        data,
        telecoms=(Telecom("tel:0611223344", "MC"), Telecom("mailto:nouvelle@exemple.example")),
        address=PostalAddress(("9 rue de l’Exemple", "Bâtiment B"), "", "99000", "Villeneuve-l’Exemple"),
        opposed_to_break_glass=not data.opposed_to_break_glass,
    )
    opened.administration.change(changed, known)
    assert opened.administration.data(ODILE.ins) == changed


def test_a_dossier_is_closed_with_its_reason(opened: Gateway) -> None:
    """TD1.4: closed on a day, for the person's own request; closing it again is refused."""
    known = opened.existence(ODILE.ins)
    reason = ClosingReason("Demande faite à l’accueil")
    opened.administration.close(ODILE.ins, ODILE.traits, reason, known)
    answer = opened.existence(ODILE.ins)
    assert (answer.state, answer.close_code) == (DossierState.CLOSED, PATIENT_REQUEST)
    assert len(answer.closed_on) == 8
    with pytest.raises(AlreadyClosed):
        opened.administration.close(ODILE.ins, ODILE.traits, reason, known)


def test_mon_espace_sante_administers_its_own(gateway: Gateway) -> None:
    """Known here before anything leaves, and refused there when one tries all the same."""
    known = gateway.existence(ERNEST.ins)
    data = gateway.administration.data(ERNEST.ins)
    with pytest.raises(AdministeredElsewhere):
        gateway.administration.change(data, known)
    with pytest.raises(RightsRefused):
        gateway.administration.change(data, replace(known, attached_to_mes=False))


def test_an_account_and_its_channel(opened: Gateway) -> None:
    """TD1.5a and b: secrets told once, an account made once, the channel changed."""
    known, mobile = opened.existence(ODILE.ins), CodeChannel(ChannelKind.SMS, "0611223344")
    account = opened.administration.create_account(ODILE.ins, mobile, known)
    assert account.login.reveal() and account.password.reveal()
    with pytest.raises(RefusedByStore):
        opened.administration.create_account(ODILE.ins, mobile, known)
    other = CodeChannel(ChannelKind.SMS, "0699887766")
    assert opened.administration.set_channel(ODILE.ins, ChannelAct.CHANGE, other, known)
    with pytest.raises(RefusedByStore):
        opened.administration.set_channel(ODILE.ins, ChannelAct.ADD, other, known)


def test_nobody_to_administer(gateway: Gateway) -> None:
    """A person without a dossier: told as such."""
    with pytest.raises(NoDossier):
        gateway.administration.data(people.person("ghjulia").ins)


@pytest.mark.parametrize(
    "access",
    [
        Access(AccessMode.BREAK_GLASS, "Patient inconscient, traitement inconnu"),
        Access(AccessMode.CENTRE_15),
        Access(secret=True),
    ],
)
def test_every_mode_of_access_is_understood(gateway: Gateway, sandbox: Sandbox, access: Access) -> None:
    """Bris de glace with its motive, medical regulation, secret connection."""
    assert gateway.access.existence(ERNEST.ins, access).state is DossierState.ACTIVE
    assert gateway.administration.data(ERNEST.ins, access).ins == ERNEST.ins


@pytest.mark.parametrize(
    "authentication",
    [Authentication(IdentityMode.INDIRECT), Authentication(IdentityMode.REINFORCED, SMARTCARD, PGSSI_S)],
)
def test_a_structure_speaks(sandbox: Sandbox, sandbox_clock: HandClock, authentication: Authentication) -> None:
    """Both indirect modes, with the two certificates of an organisation in files."""
    profile = people.profile("brindille")
    situation = profile.situations[0]
    seal, channel = (
        keyfiles.load(issued.certificate, None, issued.key)
        for issued in (
            sandbox.pki.issue_organisation(situation.structure, situation.name, use)
            for use in (OrganisationUse.SIGN, OrganisationUse.AUTH_CLI)
        )
    )
    gateway = Gateway(wire_sandbox.settings(sandbox), sandbox_clock)
    gateway.sign_in(structure_credentials(profile.professional, situation, authentication, seal=seal, channel=channel))
    try:
        assert gateway.existence(ERNEST.ins).state is DossierState.ACTIVE
    finally:
        gateway.close()


@pytest.mark.parametrize("situation", [0, 1])
def test_whoever_practises_in_two_places_speaks_from_the_chosen_one(
    sandbox: Sandbox, sandbox_clock: HandClock, situation: int
) -> None:
    """Structure and sector of one and the same situation."""
    gateway = Gateway(wire_sandbox.settings(sandbox), sandbox_clock)
    gateway.sign_in(wire_sandbox.credentials(sandbox, "gabarit", situation))
    try:
        answer = gateway.existence(ERNEST.ins)
        assert (answer.state, answer.treating) == (DossierState.ACTIVE, True)
    finally:
        gateway.close()


def test_a_pharmacist_speaks_with_the_section_of_their_order(sandbox: Sandbox, sandbox_clock: HandClock) -> None:
    """The second role of a pharmacist is in another table than a doctor's."""
    gateway = Gateway(wire_sandbox.settings(sandbox), sandbox_clock)
    gateway.sign_in(wire_sandbox.credentials(sandbox, "officinal"))
    try:
        assert gateway.existence(ERNEST.ins).state is DossierState.ACTIVE
    finally:
        gateway.close()
