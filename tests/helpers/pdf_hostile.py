"""PDFs made to hold whoever opens them. Small files all of them; about nobody."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name

_A4 = (595, 842)
_SCRIBBLE = b"0 0 m 595 842 l 300 500 20 30 500 800 c S "


def endless() -> bytes:
    """Four thousand forms that each draw the next one twice: two to the power of that many strokes."""
    with pikepdf.new() as made:
        form = made.make_stream(_SCRIBBLE, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, *_A4])
        for _ in range(4_000):
            form = made.make_stream(
                b"/F Do /F Do ",
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=[0, 0, *_A4],
                Resources=Dictionary(XObject=Dictionary(F=form)),
            )
        return _page(made, b"/F Do ", Dictionary(XObject=Dictionary(F=form)))


def long_page() -> bytes:
    """Many strokes, each soon drawn: PDFium can stop between any two."""
    with pikepdf.new() as made:
        return _page(made, _SCRIBBLE * 40_000, Dictionary())


def endless_text() -> bytes:
    """A page of so much text that finding its lines takes longer than anybody waits."""
    with pikepdf.new() as made:
        font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Helvetica")))
        words = b"BT /F1 6 Tf " + b"1 0 0 1 10 10 Tm (potassium modere du jour) Tj " * 200_000 + b"ET"
        return _page(made, words, Dictionary(Font=Dictionary(F1=font)))


def recursive() -> bytes:
    """A form that draws itself, on a page that is its own parent."""
    with pikepdf.new() as made:
        form = made.make_stream(b"/F Do " * 50, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, *_A4])
        form.Resources = Dictionary(XObject=Dictionary(F=form))
        page = made.add_blank_page(page_size=_A4)
        page.Resources = Dictionary(XObject=Dictionary(F=form))
        page.Contents = made.make_stream(b"/F Do ")
        made.Root.Pages.Kids = Array([page.obj, made.Root.Pages])
        made.Root.Pages.Parent = made.Root.Pages
        return _saved(made)


def vast_page() -> bytes:
    """A page of thousands of kilometres, filled with a pattern of one point."""
    with pikepdf.new() as made:
        pattern = made.make_stream(
            b"0 0 1 1 re f",
            Type=Name.Pattern,
            PatternType=1,
            PaintType=1,
            TilingType=1,
            BBox=[0, 0, 1, 1],
            XStep=1,
            YStep=1,
            Resources=Dictionary(),
        )
        page = made.add_blank_page(page_size=(14_400, 14_400))
        page.MediaBox = Array([0, 0, 2_000_000_000, 2_000_000_000])
        page.Resources = Dictionary(Pattern=Dictionary(P=pattern))
        page.Contents = made.make_stream(b"/Pattern cs /P scn 0 0 2000000000 2000000000 re f")
        return _saved(made)


def vast_image() -> bytes:
    """An image that needs gigabytes once its few bytes are unfolded."""
    with pikepdf.new() as made:
        side = 40_000
        image = made.make_stream(
            b"\0" * 1_000,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=side,
            Height=side,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=16,
        )
        return _page(made, b"595 0 0 842 0 0 cm /I Do", Dictionary(XObject=Dictionary(I=image)))


def _page(made: pikepdf.Pdf, drawn: bytes, resources: Dictionary) -> bytes:
    page = made.add_blank_page(page_size=_A4)
    page.Resources = resources
    page.Contents = made.make_stream(drawn)
    return _saved(made)


def _saved(made: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    made.save(out, compress_streams=True)
    return out.getvalue()
