"""PDF, RTF, texts and images taken out of documents."""

from __future__ import annotations

import pytest
from helpers import hostile_documents as hostile
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.domain.charsets import decode_text
from dmp_desktop.domain.readable import ImagePart, TextPart
from dmp_desktop.reading import pdf
from dmp_desktop.reading.cda_source import Content
from dmp_desktop.reading.errors import UnreadablePage
from dmp_desktop.reading.finding import flat, occurrences
from dmp_desktop.reading.parts import MAX_FRAMES, parts_of
from dmp_desktop.reading.rtf import rtf_text


def test_a_page_is_drawn_at_the_width_asked_and_turned() -> None:
    """Turned a quarter, its sides change places."""
    data = hostile.pdf()
    upright = pdf.pdf_page(data, 0, 200)
    lying = pdf.pdf_page(data, 0, 200, turned=1)
    assert (upright.width, upright.height) == (200, 283)
    assert (lying.width, lying.height) == (200, 141)
    assert len(upright.rgb) == 200 * 283 * 3
    assert set(upright.rgb[:600]) == {255}


def test_a_page_is_never_larger_than_the_bound() -> None:
    """A zoom of the screen cannot ask for a gigabyte."""
    page = pdf.pdf_page(hostile.pdf(), 0, 60_000)
    assert page.width * page.height <= pdf.MAX_PIXELS


def test_a_slow_page_is_given_up() -> None:
    """By whoever asked, while it is drawn; the page says it cannot be."""
    asked = 0

    def give_up() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    with pytest.raises(UnreadablePage) as caught:
        pdf.pdf_page(hostile.slow_pdf(), 0, 300, give_up=give_up)
    assert caught.value.facts == {"page": 1}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", hostile.pdf()[:200]])
def test_a_pdf_that_does_not_open_has_no_words_and_no_page(data: bytes) -> None:
    """Typed, whatever is asked."""
    assert (pdf.pdf_text(data), pdf.pdf_find(data, "x")) == ((), ())
    with pytest.raises(UnreadablePage):
        pdf.pdf_page(data, 0, 100)


def test_a_page_that_is_not_there_is_told() -> None:
    """Never another one."""
    with pytest.raises(UnreadablePage):
        pdf.pdf_page(hostile.pdf(), 7, 100)


def test_words_are_found_on_their_page() -> None:
    """Case and accents aside; the box is where the words are."""
    (hit,) = pdf.pdf_find(hostile.pdf(3), "modéré 2")
    assert hit.page == 1
    left, top, right, bottom = hit.boxes[0]
    assert 0.1 < left < right < 0.9
    assert 0.1 < top < bottom < 0.25


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_may_be_said_to_be_a_pdf(data: bytes) -> None:
    """A part, or a word about it."""
    parts, warnings = parts_of(Content("application/pdf", b"%PDF-1.4\n" + data))
    assert parts or warnings


@settings(max_examples=100)
@given(
    st.sampled_from([b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM"]),
    st.binary(max_size=300),
)
def test_any_bytes_may_be_said_to_be_an_image(mark: bytes, data: bytes) -> None:
    """A part, or a word about it."""
    parts, warnings = parts_of(Content("image/jpeg", mark + data))
    assert parts or warnings


def test_the_pages_of_a_tiff_are_images() -> None:
    """So many of them and no more."""
    import io

    from PIL import Image

    out = io.BytesIO()
    frames = [Image.new("L", (8, 8), number) for number in range(MAX_FRAMES + 5)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    parts, warnings = parts_of(Content("image/tiff", out.getvalue()))
    assert len(parts) == MAX_FRAMES
    assert [warning.code for warning in warnings] == ["document-too-long"]


def test_what_is_transparent_is_paper() -> None:
    """Black ink on nothing is read on white."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGBA", (2, 2), (0, 0, 0, 0)).save(out, "PNG")
    ((part,), _) = parts_of(Content("image/png", out.getvalue()))
    assert isinstance(part, ImagePart)
    assert part.rgb == b"\xff" * 12


# -- RTF and texts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1 Un\par Deux\line Trois}", "Un\nDeux\nTrois"),
        (rb"{\rtf1\ansi\ansicpg1252 \'e9t\'e9 {\b gras}}", "été gras"),
        (rb"{\rtf1\uc1 \u233?t\u233?}", "été"),
        (rb"{\rtf1\uc2 \u8364??x}", "€x"),
        (rb"{\rtf1\u-10179?\u-8704?}", "\U0001f600"),
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}{\colortbl;}{\*\inconnu secret}{\pict 0102}vu}", "vu"),
        (rb"{\rtf1{\field{\*\fldinst HYPERLINK http://192.0.2.1}{\fldrslt ici}}}", "ici"),
        (rb"{\rtf1 a\cell b\row c\~d\_e\{\}}", "a\tb\nc\u00a0d\u2011e{}"),
        (rb"{\rtf1\bin4 {{{{x}", "x"),
        (rb"{\rtf1\mac \'8e}", "é"),
        (rb"{\rtf1 " + b"{" * 9000, ""),
    ],
)
def test_the_words_of_an_rtf(rtf: bytes, text: str) -> None:
    """And nothing else of it."""
    assert rtf_text(rtf).strip() == text


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_rtf_ends(data: bytes) -> None:
    """With text that can be shown."""
    rtf_text(b"{\\rtf1 " + data).encode("utf-8")


@given(st.text(max_size=40), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_a_text_with_its_mark_is_read(text: str, charset: str) -> None:
    """Or in UTF-8 without one."""
    try:
        data = text.encode(charset)
    except UnicodeEncodeError:
        return
    if "\0" not in text and not text.startswith("\ufeff"):
        assert decode_text(data) == text


@given(st.binary(max_size=200), st.text(max_size=10))
def test_any_bytes_are_some_text(data: bytes, charset: str) -> None:
    """Whatever the charset told."""
    decode_text(data, charset)


def test_control_characters_are_not_shown() -> None:
    """A text cannot draw over itself."""
    ((part,), _) = parts_of(Content("text/plain", b"vu\x08\x1b[31m ici, le patient est suivi depuis longtemps"))
    assert isinstance(part, TextPart)
    assert part.paragraphs == ("vu[31m ici, le patient est suivi depuis longtemps",)


# -- finding ----------------------------------------------------------------------------------------------------------


@given(st.text(max_size=60))
def test_places_are_kept(text: str) -> None:
    """One character for each UTF-16 unit, as Qt and PDFium count."""
    assert len(flat(text)) == len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_a_phrase_first_else_its_words() -> None:
    """Accents, case and kinds of blank aside."""
    text = flat("Créatinine élevée,\u00a0potassium élevé")
    assert list(occurrences(text, "ELEVEE, POTASSIUM")) == [(11, 28)]
    assert [text[a:b] for a, b in occurrences(text, "potassium creatinine")] == ["creatinine", "potassium"]
    assert list(occurrences(text, "  ")) == []
