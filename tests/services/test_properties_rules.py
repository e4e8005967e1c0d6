"""What may be changed of a document, by whom, why not; and what joins the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.emergency_gallery import EXISTENCE, context, document_row
from helpers.store_world import desk_store

from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.acts import StatusChange, VisibilityChange
from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.habilitations import Access, AccessMode
from dmp_desktop.domain.record import RecordContext, RecordRow
from dmp_desktop.sandbox import people
from dmp_desktop.services.properties import (
    HIDDEN_HERE,
    ON_ITS_WAY,
    PAIR,
    Change,
    ChangeRefused,
    PropertiesDesk,
    choices,
)

TREATING = replace(context(), existence=replace(EXISTENCE, treating=True))


def allowed(row: RecordRow, inside: RecordContext | None = None) -> set[Change]:
    """The changes that may be made."""
    return {choice.change for choice in choices(row, inside or context()) if choice.allowed}


def why(row: RecordRow, change: Change, inside: RecordContext | None = None) -> str:
    """Why one may not."""
    return next(choice.why for choice in choices(row, inside or context()) if choice.change is change)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    with desk_store(tmp_path, HandClock()) as made:
        yield made


def test_each_role_may_what_the_matrix_says() -> None:
    """Author, médecin traitant, another doctor, a pharmacist, the desk, occupational medicine."""
    own, other = document_row(own=True, hidden=()), document_row(hidden=())
    assert allowed(own) == {Change.MASK, Change.ARCHIVE, Change.DELETE}
    assert allowed(other) == {Change.MASK}
    assert allowed(other, TREATING) == {Change.MASK, Change.ARCHIVE}
    masked = document_row(hidden=("MASQUE_PS",))
    assert allowed(masked) == set()
    assert allowed(masked, TREATING) == {Change.UNMASK, Change.ARCHIVE}
    for key, expected in (("officinal", {Change.MASK}), ("papier", set())):
        inside = replace(context(), professional=people.profile(key).professional)
        assert allowed(other, inside) == expected


def test_what_is_refused_says_its_rule_and_its_day() -> None:
    """A sentence, never a bare no."""
    told = why(document_row(hidden=()), Change.DELETE)
    assert told == "Ses propres documents seulement (matrice des droits du 25/09/2024)."
    for choice in choices(document_row(), context()):
        assert choice.allowed == (not choice.why)


def test_a_document_of_the_person_is_for_the_treating_doctor() -> None:
    """Archived by the médecin traitant alone; nobody deletes it here."""
    row = document_row(hidden=(), class_code=replace(document_row().entry.class_code, value="90"))
    assert Change.ARCHIVE not in allowed(row)
    assert Change.ARCHIVE in allowed(row, TREATING)


def test_the_forbidden_pair_is_not_offered() -> None:
    """Not visible of the person: it cannot be masked to the professionals too, unless the store's parameter says so."""
    row = document_row()
    assert why(row, Change.MASK) == PAIR
    assert Change.MASK in {c.change for c in choices(row, context(), both_allowed=True) if c.allowed}


def test_an_emergency_masks_nothing_and_a_secret_stays_one() -> None:
    """The mode of the access is part of the rule."""
    broken = replace(context(), access=Access(AccessMode.BREAK_GLASS, "Personne inconsciente"))
    assert allowed(document_row(hidden=()), broken) == {Change.ARCHIVE}
    secret = replace(context(), access=Access(secret=True))
    row = document_row(hidden=("INVISIBLE_REPRESENTANTS_LEGAUX",))
    assert why(row, Change.SHOW_REPRESENTATIVES, secret) == HIDDEN_HERE
    assert Change.SHOW_REPRESENTATIVES in allowed(row)


def test_one_change_at_a_time() -> None:
    """A change on its way leaves no other."""
    row = replace(document_row(hidden=(), own=True), act=EventState.WAITING)
    assert {choice.why for choice in choices(row, context())} == {ON_ITS_WAY}


def test_a_deleted_document_has_no_change_left() -> None:
    """Nor one whose state is unknown."""
    assert choices(document_row(status=DocumentStatus.DELETED), context()) == ()
    assert choices(document_row(status=None), context()) == ()


def test_a_change_joins_the_outbox_with_what_the_screen_showed(store: DeskStore) -> None:
    """Visibility or status, before and wanted."""
    desk = PropertiesDesk(store)
    shown = desk.apply(Change.SHOW_PATIENT, document_row(), context())
    assert isinstance(shown.payload, VisibilityChange)
    assert (shown.payload.before, shown.payload.wanted) == (Visibility(from_patient=True), Visibility())
    row = document_row(own=True, hidden=())
    put_away = desk.apply(Change.ARCHIVE, row, replace(context(), access=Access(secret=True)))
    assert isinstance(put_away.payload, StatusChange)
    assert (put_away.payload.before, put_away.payload.wanted) == (DocumentStatus.APPROVED, DocumentStatus.ARCHIVED)
    assert put_away.payload.secret
    back = desk.apply(Change.UNARCHIVE, document_row(own=True, status=DocumentStatus.ARCHIVED), context())
    assert isinstance(back.payload, StatusChange)
    assert back.payload.wanted is DocumentStatus.APPROVED


def test_what_is_not_allowed_is_not_written(store: DeskStore) -> None:
    """Nothing joins the outbox."""
    with pytest.raises(ChangeRefused):
        PropertiesDesk(store).apply(Change.DELETE, document_row(), context())
    assert store.outbox.waiting() == ()
