"""Documents, the real client against the real sandbox: two readings of the same published interface meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from helpers import documents_world as world
from helpers import wire_sandbox
from helpers.clocks import HandClock
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder

from dmp_desktop.domain.document import (
    DocumentEntry,
    DocumentStatus,
    MediaType,
    NewDocument,
    Replaced,
    Submission,
    Visibility,
    new_oid,
)
from dmp_desktop.domain.document_history import histories
from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.habilitations import Access
from dmp_desktop.domain.identity import Identity, InsStatus
from dmp_desktop.reading import cda_source
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sync.documents import Documents
from dmp_desktop.sync.errors import DuplicateDocument, RightsRefused
from dmp_desktop.sync.gateway import Gateway
from dmp_desktop.sync.query import FindDocuments

__all__ = ["sandbox", "sandbox_clock", "sandbox_pki_folder"]

ERNEST = next(one for one in people.PEOPLE if one.traits.birth_name == "MIRABELLE")
IDENTITY = Identity(ERNEST.traits, InsStatus.QUALIFIED, ERNEST.ins)
ANY = FindDocuments(statuses=tuple(DocumentStatus))


@pytest.fixture
def gateway(sandbox: Sandbox, sandbox_clock: HandClock) -> Iterator[Gateway]:
    """Signed in as Dr Brindille, whom Ernest authorises."""
    made = Gateway(wire_sandbox.settings(sandbox), sandbox_clock, address=world.CUSTODIAN.address)
    made.sign_in(wire_sandbox.credentials(sandbox))
    made.set_authorisation(ERNEST.ins, AuthorisationAct.ADD)
    yield made
    made.close()


@pytest.fixture
def documents(gateway: Gateway) -> Documents:
    """Their transactions about documents."""
    return gateway.documents


def _new(clock: HandClock, **changes: object) -> NewDocument:
    at = clock.now() - timedelta(minutes=1)
    fresh = {"unique_id": new_oid(world.SOURCE), "set_id": new_oid(world.SOURCE), "created_at": at}
    plain = replace(world.document(), service_start=at, service_stop=None)
    return replace(plain, **(fresh | changes))  # type: ignore[arg-type]


def _sent(*documents: NewDocument) -> Submission:
    return replace(world.submission(*documents), unique_id=new_oid(world.SOURCE), signature_id=new_oid(world.SOURCE))


def _find(documents: Documents, document: NewDocument) -> DocumentEntry:
    (entry,) = [one for one in documents.find(ERNEST.ins, ANY) if one.unique_id == document.unique_id]
    return entry


def test_what_is_deposited_is_found_and_read(documents: Documents, sandbox_clock: HandClock) -> None:
    """Several documents under one signature; what is read is what was sent, header and content."""
    first = _new(sandbox_clock, title="Bilan « é » & suivi")
    text = b"Vu ce jour : tension 13/8."
    second = _new(sandbox_clock, content=world.content(text, MediaType.TEXT))
    documents.deposit(_sent(first, second), IDENTITY)
    entries = [_find(documents, first), _find(documents, second)]
    assert [entry.title for entry in entries] == [first.title, second.title]
    assert entries[0].authors[0].family == "BRINDILLE"
    assert entries[0].comments == first.comments
    read = documents.retrieve(ERNEST.ins, entries).documents
    contents = [cda_source.read(one.content) for one in read]
    assert [one.content for one in contents] == [world.PDF, text]
    assert contents[0].text("title") == first.title
    assert documents.entry_uuids(ERNEST.ins, [first.unique_id]) == (entries[0].entry_uuid,)


def test_a_deposit_sent_twice_is_its_own_echo(documents: Documents, sandbox_clock: HandClock) -> None:
    """Its answer may have been lost: the second time says that the first was taken."""
    sent = _sent(_new(sandbox_clock))
    documents.deposit(sent, IDENTITY)
    with pytest.raises(DuplicateDocument):
        documents.deposit(sent, IDENTITY)


def test_a_replacement_makes_the_old_one_obsolete(documents: Documents, sandbox_clock: HandClock) -> None:
    """The old document stays, replaced by the new one."""
    old = _new(sandbox_clock)
    documents.deposit(_sent(old), IDENTITY)
    filed = _find(documents, old)
    since = sandbox_clock.now()
    new = _new(sandbox_clock, set_id=old.set_id, replaces=Replaced(filed.entry_uuid, old.unique_id, old.set_id))
    documents.deposit(_sent(new), IDENTITY)
    assert _find(documents, old).status is DocumentStatus.DEPRECATED
    changes = documents.changes(ERNEST.ins, since - timedelta(days=1))
    found = {one.current.unique_id: one for one in histories(changes.entries, changes.associations)}
    assert found[new.unique_id].replaces == (found[old.unique_id].current.logical_id,)


def test_a_mask_is_a_new_version_of_the_description(documents: Documents, sandbox_clock: HandClock) -> None:
    """Same logical id, another entryUUID, one version more; and back."""
    document = _new(sandbox_clock)
    documents.deposit(_sent(document), IDENTITY)
    before = _find(documents, document)
    documents.set_visibility(ERNEST.ins, before.entry_uuid, Visibility(from_professionals=True))
    (masked,) = [one for one in documents.find(ERNEST.ins) if one.unique_id == document.unique_id]
    assert masked.visibility == Visibility(from_professionals=True)
    assert masked.logical_id == before.logical_id
    assert masked.entry_uuid != before.entry_uuid
    assert masked.version == before.version + 1
    documents.set_visibility(ERNEST.ins, masked.entry_uuid, Visibility())
    (back,) = [one for one in documents.find(ERNEST.ins) if one.unique_id == document.unique_id]
    assert back.visibility == Visibility()


def test_an_author_archives_takes_out_and_deletes(documents: Documents, sandbox_clock: HandClock) -> None:
    """Each from the state the description is in."""
    document = _new(sandbox_clock)
    documents.deposit(_sent(document), IDENTITY)
    for status in (DocumentStatus.ARCHIVED, DocumentStatus.APPROVED, DocumentStatus.DELETED):
        documents.set_status(ERNEST.ins, _find(documents, document), status)
        assert [one for one in documents.find(ERNEST.ins) if one.unique_id == document.unique_id] == [] or (
            status is DocumentStatus.APPROVED
        )


def test_a_secret_deposit_is_taken(documents: Documents, sandbox_clock: HandClock) -> None:
    """Hidden from the representatives, under a secret connection."""
    document = _new(sandbox_clock, visibility=Visibility(from_representatives=True))
    documents.deposit(_sent(document), IDENTITY, access=Access(secret=True))
    assert _find(documents, document).visibility.from_representatives


def test_reception_sends_for_a_doctor_and_reads_nothing(
    sandbox: Sandbox, sandbox_clock: HandClock, gateway: Gateway
) -> None:
    """TD2.2: the doctor is the author, the desk signs; descriptions and documents are refused to it."""
    desk = Gateway(wire_sandbox.settings(sandbox), sandbox_clock)
    desk.sign_in(wire_sandbox.credentials(sandbox, "papier"))
    try:
        document = _new(sandbox_clock, author=world.DOCTOR)
        desk.documents.deposit(_sent(document), IDENTITY)
        assert len(desk.documents.entry_uuids(ERNEST.ins, [document.unique_id])) == 1
        with pytest.raises(RightsRefused):
            desk.documents.find(ERNEST.ins)
    finally:
        desk.close()
    assert _find(gateway.documents, document).authors[0].family == "BRINDILLE"
