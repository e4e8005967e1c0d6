"""Documents made ready to be shown: what they say is kept, what they could do is not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from helpers import hostile_documents as hostile
from helpers.hostile_documents import CORPUS, LARGE, Hostile, cda, section
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.identity import BirthDate, Sex, Traits
from dmp_desktop.domain.readable import (
    Abnormal,
    Align,
    ImagePart,
    ListBlock,
    Paragraph,
    PdfPart,
    Readable,
    Rule,
    Section,
    Table,
    TextPart,
)
from dmp_desktop.errors import IdentityError
from dmp_desktop.pdfium.documents import warm_pdf
from dmp_desktop.reading.errors import UnreadableDocument
from dmp_desktop.reading.readable import block_words, read_document, text_of

ODILE = Traits("LAVANDIN-GENÊT", ("ODILE",), Sex.FEMALE, BirthDate("19790523"), used_name="CORNICHE")
NOW = datetime(2026, 4, 14, 7, 0, tzinfo=UTC)


def document(data: bytes) -> RetrievedDocument:
    return RetrievedDocument("1.2.3", "1.2.4", "text/xml", data)


def read(body: str, **more: Any) -> Readable:
    return read_document(document(cda(body, **more)), ODILE, NOW)


def words(readable: Readable) -> str:
    """Everything that is shown."""
    told: list[str] = []
    if readable.header is not None:
        header = readable.header
        told += [header.title, header.kind, header.patient.words, *(value for _, value in header.facts)]
    for part in readable.parts:
        told.append(part.title)
        if isinstance(part, Section):
            for block in part.blocks:
                told += block_words(block)
        elif isinstance(part, TextPart):
            told += part.paragraphs
    return "\n".join(told)


def only_section(body: str) -> Section:
    (part,) = read(body).parts
    assert isinstance(part, Section)
    return part


def only_table(text: str, after: str = "") -> Table:
    (block,) = only_section(section(text, after=after)).blocks
    assert isinstance(block, Table)
    return block


# -- hostile ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def quiet() -> Iterator[list[str]]:
    """What was opened for writing, or spoken to, while the test ran; the process that reads PDFs was there before."""
    warm_pdf()
    with hostile.watched() as events:
        yield events


def test_the_guard_sees_what_it_must(quiet: list[str], tmp_path: Any) -> None:
    """A file written and a socket made are both seen."""
    (tmp_path / "x").write_text("x", "utf-8")
    with socket.socket():
        pass
    assert {event.split()[0] for event in quiet} == {"open", "socket.__new__"}


@pytest.mark.parametrize("one", [*CORPUS, *LARGE], ids=lambda one: one.name)
def test_a_hostile_document_is_shown_as_far_as_safe(one: Hostile, quiet: list[str]) -> None:
    """Its words are seen, its faults are told, nothing is fetched, run or written."""
    made = one.document()
    quiet.clear()
    if one.refused:
        with pytest.raises(UnreadableDocument) as caught:
            read_document(made, ODILE, NOW)
        assert caught.value.__cause__ is None
        assert text_of(made) == ""
        return
    readable = read_document(made, ODILE, NOW)
    told = text_of(made) if one in CORPUS else ""
    assert quiet == []
    assert {warning.code for warning in readable.warnings} == one.codes
    assert one.seen in words(readable)
    assert len(told) <= 400_001
    assert len(words(readable)) < 2_200_000


def test_what_acts_is_gone_and_its_target_too() -> None:
    """Neither a script nor the address of a link stands in what is shown."""
    shown = words(read(section('<script>alert(1)</script><linkHtml href="http://192.0.2.1/x">le site</linkHtml>')))
    assert "alert" not in shown
    assert "192.0.2.1" not in shown
    assert "le site" in shown


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty elements weigh in memory what they do not in the file."""
    monkeypatch.setattr("dmp_desktop.reading.cda_source.MAX_TEXT", 100_000)
    with pytest.raises(UnreadableDocument) as caught:
        read("<structuredBody>" + "<a/>" * 10_000 + "</structuredBody>")
    assert caught.value.facts["reason"] == "size"


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_shown_or_refused(data: bytes) -> None:
    """Whatever comes from the store."""
    try:
        read_document(document(data), ODILE, NOW)
    except UnreadableDocument:
        return


_TAGS = st.sampled_from(
    ["paragraph", "table", "tr", "td", "th", "list", "item", "content", "br", "sup", "caption", "thead", "hr", "x"]
)
_TREE = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_characters="<&\r", exclude_categories=["Cc", "Cs"]), max_size=12),
    lambda inner: st.builds(
        lambda tag, inside, span: f'<{tag} rowspan="{span}" colspan="{span}">{"".join(inside)}</{tag}>',
        _TAGS,
        st.lists(inner, max_size=4),
        st.integers(-1, 5),
    ),
    max_leaves=25,
)


@settings(max_examples=150)
@given(_TREE)
def test_any_narrative_is_shown(text: str) -> None:
    """No cell stands on another, none goes beyond its table, no word is lost."""
    try:
        readable = read(section(text))
    except UnreadableDocument:
        return
    for part in readable.parts:
        for block in part.blocks if isinstance(part, Section) else ():
            if isinstance(block, Table):
                taken: set[tuple[int, int]] = set()
                for at, row in enumerate(block.rows):
                    for cell in row.cells:
                        places = {
                            (at + down, cell.column + across)
                            for down in range(cell.rowspan)
                            for across in range(cell.colspan)
                        }
                        assert not places & taken
                        assert all(x < len(block.rows) and y < block.columns for x, y in places)
                        taken |= places


# -- the person -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "birth", "said"),
    [
        ("LAVANDIN GENET", "19790523", None),
        ("CORNICHE", "19790523", None),
        ("LAVANDIN-GENÊT", "", None),
        ("LAVANDIN-GENÊT", "19790524", "document-other-person"),
        ("CORNICHON", "19790523", "document-other-person"),
        ("", "19790523", "document-no-person"),
    ],
)
def test_the_person_named_is_compared(family: str, birth: str, said: str | None) -> None:
    """Accents, hyphens and the used name are no difference; another birth date or name is, and is told first."""
    data = cda(section("Bien.", title="x")).replace("LAVANDIN-GENÊT".encode(), family.encode())
    data = data.replace(b"19790523", birth.encode()).replace(hostile.TIME.encode(), b"21260101", 1)
    warnings = read_document(document(data), ODILE, NOW).warnings
    codes = [warning.code for warning in warnings]
    assert [code for code in codes if code != "document-future-date"] == ([said] if said else [])
    if said == "document-other-person":
        assert isinstance(warnings[0], IdentityError)


def test_the_header_is_told() -> None:
    """Who, about whom, when; the patient never stands in a repr."""
    header = read(section("Bien.")).header
    assert header is not None
    assert (header.title, header.created) == ("Consultation du matin", "09/04/2026 07:40")
    assert header.custodian == ("Cabinet des Trois-Tilleuls",)
    assert header.authors[0].words == "Dr Aurore BRINDILLE"
    assert header.patient.words == "LAVANDIN-GENÊT, Odile, née le 23/05/1979, sexe féminin"
    assert header.essentials == (("Auteur", "Dr Aurore BRINDILLE, le 09/04/2026 07:40"),)
    assert "LAVANDIN" not in repr(header)
    assert "LAVANDIN" not in repr(read(section("LAVANDIN")))


# -- narrative --------------------------------------------------------------------------------------------------------


def test_paragraphs_lists_rules_and_hands() -> None:
    """Each as it was written."""
    blocks = only_section(
        section(
            '<paragraph>Un <content styleCode="Bold">gras</content> et CO<sub>2</sub>.<br/>Suite</paragraph>'
            '<list listType="ordered"><item>a</item><item>b<list><item>c</item></list></item></list><hr/>Fin'
        )
    ).blocks
    first, items, rule, last = blocks
    assert isinstance(first, Paragraph)
    assert first.text == "Un gras et CO2.\nSuite"
    assert [(s.text, s.bold, s.raised) for s in first.spans][1:4] == [
        ("gras", True, 0),
        (" et CO", False, 0),
        ("2", False, -1),
    ]
    assert isinstance(items, ListBlock)
    assert items.ordered
    assert isinstance(items.items[1][1], ListBlock)
    assert isinstance(rule, Rule)
    assert isinstance(last, Paragraph)


def test_a_table_keeps_its_places() -> None:
    """Heads, spans and sides; a cell under a tall one stands beside it."""
    table = only_table(
        "<table><caption>Bilan</caption><thead><tr><th>A</th><th align='right'>B</th></tr></thead><tbody>"
        '<tr><td rowspan="2">x</td><td>1</td></tr><tr><td>2</td></tr><tr><td colspan="2">y</td></tr></tbody></table>'
    )
    assert (table.caption, table.columns, table.rows[0].header) == ("Bilan", 2, True)
    assert table.rows[0].cells[1].align is Align.RIGHT
    assert [(c.text, c.column, c.rowspan, c.colspan) for row in table.rows[1:] for c in row.cells] == [
        ("x", 0, 2, 1),
        ("1", 1, 1, 1),
        ("2", 1, 1, 1),
        ("y", 0, 1, 2),
    ]


_RESULT = """<entry><observation classCode="OBS" moodCode="EVN"><code code="2823-3" displayName="Potassium">
<originalText><reference value="#{ref}"/></originalText></code><effectiveTime value="20260409"/>
<value xsi:type="PQ" value="5.4" unit="mmol/L"/><interpretationCode code="{flag}"/><referenceRange><observationRange>
<value xsi:type="IVL_PQ"><low value="3.5" unit="mmol/L"/><high value="5.1" unit="mmol/L"/></value></observationRange>
</referenceRange></observation></entry>"""


@pytest.mark.parametrize(
    ("flag", "told"), [("H", Abnormal.HIGH), ("LL", Abnormal.LOW), ("A", Abnormal.OTHER), ("N", None)]
)
def test_a_result_is_abnormal_when_its_author_says_so(flag: str, told: Abnormal | None) -> None:
    """On the row that tells it, whatever the numbers."""
    text = '<table><tr><td><content ID="k">Potassium</content></td><td>5,4</td></tr><tr><td>Sodium</td></tr></table>'
    table = only_table(text, after=_RESULT.format(ref="k", flag=flag))
    assert [row.abnormal for row in table.rows] == [told, None]


def test_entries_are_told_where_nobody_wrote_the_text() -> None:
    """Name, value and unit in French, usual values, date; abnormal as its author says."""
    (part,) = read(
        "<structuredBody><component><section><title>Résultats</title>"
        + _RESULT.format(ref="k", flag="H")
        + "</section></component></structuredBody>"
    ).parts
    assert isinstance(part, Section)
    (table,) = part.blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[1].cells] == [
        "Potassium",
        "5,4\u00a0mmol/L",
        "3,5 – 5,1\u00a0mmol/L",
        "09/04/2026",
    ]
    assert table.rows[1].abnormal is Abnormal.HIGH


def test_media_stand_after_the_section_that_shows_them() -> None:
    """Once each; what no text shows comes last."""
    media = (
        '<entry><observationMedia ID="{0}" classCode="OBS" moodCode="EVN"><value mediaType="{1}" '
        'representation="B64">{2}</value></observationMedia></entry>'
    )
    import base64

    def held(name: str, kind: str, data: bytes) -> str:
        return media.format(name, kind, base64.b64encode(data).decode())

    after = held("a", "image/jpeg", hostile.image()) + held("b", "application/pdf", hostile.pdf())
    parts = read(
        section('<renderMultiMedia referencedObject="a"/><renderMultiMedia referencedObject="a"/>', after=after)
    ).parts
    assert [type(part) for part in parts] == [Section, ImagePart, PdfPart]


# -- what a document is found by --------------------------------------------------------------------------------------


def test_a_document_is_found_by_its_words_its_codes_and_its_pdf() -> None:
    """Not by the patient's name: every document of the dossier would be."""
    coded = section("Voir", after=_RESULT.format(ref="k", flag="H"))
    assert "Potassium" in text_of(document(cda(coded)))
    pdf = text_of(document(cda(hostile.unstructured(hostile.pdf(2), "application/pdf"))))
    assert "Potassium modere 2" in pdf
    assert "BRINDILLE" in pdf
    assert "LAVANDIN" not in pdf


def test_the_reading_for_the_index_can_be_given_up() -> None:
    """A lane that closes does not wait for a thousand pages."""
    assert text_of(document(cda(section("Bien."))), give_up=lambda: True) == ""
