"""Who may replace which document, when, and what the page proposes of the older version."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.emergency_gallery import context, document_row

from dmp_desktop.domain.document import DocumentStatus, RetrievedDocument
from dmp_desktop.domain.events import EventState
from dmp_desktop.services.properties import ON_ITS_WAY
from dmp_desktop.services.replacement import NOT_IN_FORCE, replacement, ruled
from dmp_desktop.services.rights_view import NotAllowed

CDA = b'<ClinicalDocument xmlns="urn:hl7-org:v3"><setId root="1.2.9"/><versionNumber value="2"/></ClinicalDocument>'
DOCUMENT = RetrievedDocument("1.2.3", "", "text/xml", CDA)


def test_only_ones_own_document_in_force_is_replaced() -> None:
    """Somebody else's is not even asked about; a document on its way, archived or replaced says why not."""
    own = document_row(own=True)
    assert ruled(document_row(), context()) is None
    allowed = ruled(own, context())
    assert allowed is not None and allowed.allowed
    archived = document_row(own=True, status=DocumentStatus.ARCHIVED)
    older = replace(own, kept=replace(own.kept, replaced_by=("urn:uuid:2",)))
    moving = replace(own, act=EventState.WAITING)
    for row, words in ((archived, NOT_IN_FORCE), (older, NOT_IN_FORCE), (moving, ON_ITS_WAY)):
        refused = ruled(row, context())
        assert refused is not None
        assert (refused.allowed, refused.words) == (False, words)


def test_the_next_version_names_the_one_it_replaces() -> None:
    """Set and number of the header, ids of the description; of somebody else's nothing is made."""
    own = document_row(own=True).entry
    made = replacement(own, context(), DOCUMENT)
    assert (made.replaces.set_id, made.replaces.version) == ("1.2.9", 2)
    assert (made.replaces.entry_uuid, made.replaces.unique_id) == (own.entry_uuid, own.unique_id)
    with pytest.raises(NotAllowed):
        replacement(document_row().entry, context(), DOCUMENT)
