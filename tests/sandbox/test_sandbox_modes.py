"""Structures that speak for their people, and stores of before: what is accepted, what is not."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import wire_sandbox
from helpers.clocks import START, HandClock
from helpers.sandbox_matrix import ERNEST, credentials

from dmp_desktop.domain.habilitations import IdentityMode
from dmp_desktop.domain.identifiers import PsId
from dmp_desktop.domain.rights import Column
from dmp_desktop.errors import RefusedByStore
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.pki import OrganisationUse
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sandbox.store import Store
from dmp_desktop.sync import keyfiles
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.gateway import Gateway


def _code(sandbox: Sandbox, clock: HandClock, made: Credentials) -> str:
    """``""`` when the store heard, the code of its refusal otherwise."""
    gateway = Gateway(wire_sandbox.settings(sandbox), clock)
    gateway.sign_in(made)
    try:
        gateway.existence(ERNEST.ins)
    except RefusedByStore as refusal:
        return refusal.store_code
    finally:
        gateway.close()
    return ""


@pytest.mark.parametrize("reinforced", [False, True])
def test_a_structure_speaks_for_its_people(sandbox: Sandbox, sandbox_clock: HandClock, reinforced: bool) -> None:
    """Both indirect modes are heard; the history says which, and who."""
    made = credentials(sandbox, Column.STRUCTURE, reinforced=reinforced)
    assert _code(sandbox, sandbox_clock, made) == ""
    kept = sandbox.store.accesses(ERNEST.ins)[-1]
    mode = IdentityMode.REINFORCED if reinforced else IdentityMode.INDIRECT
    assert (kept.professional, kept.identity) == (people.BRINDILLE, mode)


def test_wrong_structures(sandbox: Sandbox, sandbox_clock: HandClock) -> None:
    """Keys swapped, another structure's seal, a professional of elsewhere, a card for a structure: each refused."""
    good = credentials(sandbox, Column.STRUCTURE, reinforced=True)
    elsewhere = people.profile("officinal").situations[0]

    def key(structure: bool, use: OrganisationUse) -> keyfiles.KeyFile:
        place = good.situation if structure else elsewhere
        issued = sandbox.pki.issue_organisation(place.structure, place.name, use)
        return keyfiles.load(issued.certificate, key_path=issued.key)

    stranger = replace(good.professional, id=PsId(people.GABARIT))
    card = wire_sandbox.credentials(sandbox)
    for made, code in (
        (replace(good, signer=key(True, OrganisationUse.AUTH_CLI)), "DMPInvalidCertificate"),
        (replace(good, signer=key(False, OrganisationUse.SIGN)), "DMPInvalidCertificate"),
        (replace(good, install_tls_key=key(False, OrganisationUse.AUTH_CLI).install_tls_key), "DMPInvalidCertificate"),
        (replace(good, situation=elsewhere), "FailedAuthentication"),
        (replace(good, professional=stranger), "FailedAuthentication"),
        (replace(good, signer=card.signer, install_tls_key=card.install_tls_key), "FailedAuthentication"),
        (replace(card, signer=good.signer, install_tls_key=good.install_tls_key), "FailedAuthentication"),
    ):
        assert _code(sandbox, sandbox_clock, made) == code


def test_a_store_of_before_is_brought_up_to_date(tmp_path: Path) -> None:
    """Its dossiers and its history are kept, its documents arrive."""
    path = tmp_path / "store.db"
    old = sqlite3.connect(path)
    old.executescript(
        """
        CREATE TABLE dossier (
            ins TEXT PRIMARY KEY, state TEXT NOT NULL, created_at TEXT NOT NULL, created_by TEXT NOT NULL,
            consent_at TEXT NOT NULL, centre_15 INTEGER NOT NULL, break_glass INTEGER NOT NULL, mobile TEXT NOT NULL,
            email TEXT NOT NULL, representative TEXT NOT NULL, representative_quality TEXT NOT NULL,
            card_name TEXT NOT NULL, card_given TEXT NOT NULL, card_birth TEXT NOT NULL,
            attached_to_mes INTEGER NOT NULL, closed_on TEXT NOT NULL, close_reason TEXT NOT NULL
        ) STRICT;
        CREATE TABLE authorisation (
            ins TEXT NOT NULL, grantee TEXT NOT NULL, state TEXT NOT NULL, treating INTEGER NOT NULL,
            since TEXT NOT NULL, PRIMARY KEY (ins, grantee)
        ) STRICT;
        CREATE TABLE access (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, message_id TEXT NOT NULL, act TEXT NOT NULL,
            professional TEXT NOT NULL, structure TEXT NOT NULL, mode TEXT NOT NULL, ins TEXT NOT NULL,
            outcome TEXT NOT NULL
        ) STRICT;
        PRAGMA user_version = 1;
        """
    )
    values = (ERNEST.ins.value, "active", "x", "y", "", 1, 0, "0612345678", "", "", "", "", "", "", 0, "", "")
    old.execute(f"INSERT INTO dossier VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608 - marks only
    old.execute("INSERT INTO access VALUES (1, 'a', 'm', 'TD0.2', 'p', 's', 'normal', ?, 'OK')", (ERNEST.ins.value,))
    old.commit()
    old.close()
    store = Store(path, people.PEOPLE, START)
    dossier = store.dossier(ERNEST.ins)
    assert dossier is not None
    assert (dossier.mobile, dossier.break_glass, dossier.account) == ("0612345678", False, "")
    assert store.accesses(ERNEST.ins)[0].motive == ""
    assert store.registry.entries(ERNEST.ins.value)
    store.close()
    Store(path, people.PEOPLE, START).close()
