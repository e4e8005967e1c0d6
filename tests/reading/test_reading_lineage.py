"""The set and the number of a document's version, from its header."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.reading.errors import UnreadableDocument
from dmp_desktop.reading.lineage import Lineage, lineage

SET, NUMBER = '<setId root="1.2.250.1.999.7"/>', '<versionNumber value="3"/>'


def told(header: str) -> Lineage:
    """Of a document with this header."""
    text = f'<ClinicalDocument xmlns="urn:hl7-org:v3">{header}</ClinicalDocument>'
    return lineage(RetrievedDocument("1.2.3", "", "text/xml", text.encode()))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (SET + NUMBER, Lineage("1.2.250.1.999.7", 3)),
        (SET, Lineage("1.2.250.1.999.7", 1)),
        (NUMBER, Lineage("", 3)),
        ("", Lineage()),
        ('<setId root="1.2.250" extension="A-7"/>', Lineage()),
        ('<setId root="not an oid"/><versionNumber value="-2"/>', Lineage()),
        (f'<setId root="1.{"9" * 64}"/><versionNumber value="99999999"/>', Lineage()),
        ('<versionNumber value="0"/>', Lineage()),
        ('<versionNumber value="²"/>', Lineage()),
    ],
)
def test_a_header_tells_its_set_and_its_number_or_nothing(header: str, expected: Lineage) -> None:
    """An OID alone and a number from 1; whatever else stands there is not taken up into a new document."""
    assert told(header) == expected


def test_what_is_no_document_is_refused() -> None:
    """A typed error, as for reading it."""
    with pytest.raises(UnreadableDocument):
        lineage(RetrievedDocument("1.2.3", "", "text/xml", b"%PDF-1.4"))


@given(
    root=st.text(alphabet=st.characters(exclude_characters='<&"'), max_size=80),
    number=st.text("0123456789x-", max_size=12),
)
def test_any_header_gives_what_a_new_version_may_carry(root: str, number: str) -> None:
    """Never more than an OID of 64 characters, never a number under 1."""
    with suppress(UnreadableDocument):
        found = told(f'<setId root="{root}"/><versionNumber value="{number}"/>')
        assert found.version >= 1
        assert len(found.set_id) <= 64
        assert all(c.isascii() and (c.isdigit() or c == ".") for c in found.set_id)
