"""A document's description as one compact JSON array, read back fast: a list of two thousand opens in one look.

Codes and authors repeat from document to document: each is one string, so that the reader makes it once per list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from dmp_desktop.cache.errors import BrokenDatabase
from dmp_desktop.cache.rows import moment, stamp
from dmp_desktop.domain.document import DocumentAuthor, DocumentEntry, DocumentStatus
from dmp_desktop.domain.shelf import KeptEntry
from dmp_desktop.domain.terminology import Code

_STATUSES = {status.value: status for status in DocumentStatus}


def dump_code(code: Code | None) -> str | list[str] | None:
    """A code as JSON."""
    if code is None:
        return None
    parts = [code.value, code.system, code.label]
    return parts if "\t" in code.value + code.system else "\t".join(parts)


def read_code(held: str | list[str]) -> Code:
    """A code back."""
    return Code(*(held.split("\t", 2) if isinstance(held, str) else held))


def dump(kept: KeptEntry) -> str:
    """The description and its links, without what has a column of its own."""
    e = kept.entry
    values = (
        e.entry_uuid,
        e.unique_id,
        e.status.value if e.status else None,
        e.status_text,
        dump_code(e.type_code),
        dump_code(e.class_code),
        dump_code(e.format_code),
        e.title,
        e.comments,
        e.mime_type,
        e.version,
        _when(e.created_at),
        _when(e.service_start),
        _when(e.service_stop),
        e.language,
        [_author(author) for author in e.authors],
        _author(e.legal_authenticator) if e.legal_authenticator else None,
        _codes(e.confidentiality),
        dump_code(e.facility),
        dump_code(e.practice),
        _codes(e.events),
        e.patient_id,
        e.source_patient_id,
        e.source_patient_info,
        e.repository_id,
        e.hash,
        e.size,
        e.references,
        kept.submission,
        kept.replaced_by,
        kept.replaces,
    )
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def read(rows: Sequence[Any]) -> tuple[KeptEntry, ...]:
    """Descriptions back, in the order of ``rows`` (logical_id, learned_at, read_at, described, here).

    :raises BrokenDatabase: a row does not hold a description.
    """
    reader = _Reader()
    try:
        # One call for all: the fixed cost of a decoder is paid once.
        described = json.loads("[" + ",".join([row["described"] for row in rows]) + "]")
        return tuple([reader.kept(row, values) for row, values in zip(rows, described, strict=True)])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise BrokenDatabase(f"description: {type(error).__name__}") from None


class _Reader:
    """Remembers the codes and authors it made."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}
        self._authors: dict[str, DocumentAuthor] = {}
        self._confidentiality: dict[str, tuple[Code, ...]] = {}

    def kept(self, row: Any, values: list[Any]) -> KeptEntry:
        """One row and its array."""
        code = self._code
        (
            entry_uuid, unique_id, status, status_text, type_code, class_code, format_code, title, comments, mime_type,
            version, created_at, start, stop, language, authors, legal, confidentiality, facility, practice, events,
            patient_id, source_patient_id, source_info, repository_id, digest, size, references, submission,
            replaced_by, replaces,
        ) = values  # fmt: skip
        entry = DocumentEntry(
            entry_uuid,
            row["logical_id"],
            unique_id,
            _STATUSES[status] if status else None,
            status_text,
            code(type_code),
            code(class_code),
            code(format_code),
            title,
            comments,
            mime_type,
            version,
            moment(created_at),
            moment(start),
            moment(stop),
            language,
            tuple([self._author(author) for author in authors]),
            self._author(legal) if legal else None,
            tuple([code(held) for held in confidentiality]),
            code(facility) if facility else None,
            code(practice) if practice else None,
            tuple([code(held) for held in events]),
            patient_id,
            source_patient_id,
            tuple(source_info),
            repository_id,
            digest,
            size,
            tuple(references),
        )
        return KeptEntry(
            entry,
            submission,
            tuple(replaced_by),
            tuple(replaces),
            moment(row["learned_at"]),
            moment(row["read_at"]),
            bool(row["here"]),
        )

    def _code(self, held: str | list[str]) -> Code:
        if isinstance(held, list):
            return read_code(held)
        code = self._codes.get(held)
        if code is None:
            code = self._codes[held] = read_code(held)
        return code

    def _author(self, held: str | list[Any]) -> DocumentAuthor:
        if isinstance(held, list):
            return self._made(held)
        author = self._authors.get(held)
        if author is None:
            author = self._authors[held] = self._made(held.split("\n"))
        return author

    def _made(self, parts: list[Any]) -> DocumentAuthor:
        family, given, speciality = parts[1], parts[2], parts[6]
        return DocumentAuthor(
            parts[0], family, given, parts[3], parts[4], parts[5], self._code(speciality) if speciality else None,
            parts[7], parts[8],
        )  # fmt: skip


def _when(when: datetime | None) -> str | None:
    return stamp(when) if when else None


def _codes(codes: Iterable[Code]) -> list[str | list[str] | None]:
    return [dump_code(code) for code in codes]


def _author(author: DocumentAuthor) -> str | list[Any]:
    speciality = dump_code(author.speciality) or ""
    parts = [
        author.id, author.family, author.given, author.id_domain, author.id_kind, author.role, speciality,
        author.structure, author.structure_name,
    ]  # fmt: skip
    plain = all(isinstance(part, str) and "\n" not in part for part in parts)
    return "\n".join(map(str, parts)) if plain else parts
