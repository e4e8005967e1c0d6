"""From what reportlab draws to an archivable file: PDF/A-2b, same input, same bytes, nothing written to disk."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
from pikepdf import pdfa

from dmp_desktop.errors import BugError

FLAVOUR = "2b"
"""Of the papers we print."""

DEPOSITED = "1b"
"""Of what is deposited: the store takes PDF/A-1 (CI-SIS, volet structuration minimale §N1)."""


class PaperNotArchivable(BugError):
    """A paper drew something PDF/A does not allow."""

    code = "paper-not-archivable"


def archive(drawn: bytes, dated: datetime | None, flavour: str = FLAVOUR) -> bytes:
    """The PDF/A of one drawn paper, :data:`FLAVOUR` or :data:`DEPOSITED`.

    ``pikepdf.pdfa.save`` is not used: it goes through a temporary file, which would leave an identity on the disk, and
    stamps the present. Its three steps are taken here in memory instead.

    :param dated: creation date of the file, ``None`` to state none.
    :raises PaperNotArchivable: the result does not pass the validator.
    """
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        for page in pdf.pages:
            # reportlab writes an empty transition, which PDF/A forbids.
            if "/Trans" in page.obj:
                del page.obj["/Trans"]
        for key in ("/CreationDate", "/ModDate"):
            if dated is not None:
                pdf.docinfo[key] = dated.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00")
            elif key in pdf.docinfo:
                del pdf.docinfo[key]
        pdfa.prepare(pdf, flavour)
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            if "xmp:MetadataDate" in metadata:
                del metadata["xmp:MetadataDate"]
        settings = pdfa.resolve_save_kwargs(flavour, deterministic_id=True)
        out = io.BytesIO()
        pdf.save(out, **settings)
    report = pdfa.validate_written(out, flavour, save_kwargs=settings)
    if not report.passed:
        raise PaperNotArchivable("; ".join(sorted({finding.rule for finding in report.findings})))
    return out.getvalue()
