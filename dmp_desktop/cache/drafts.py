"""Drafts kept in ``clinical.db`` (or in memory): what is being written, until it was sent or thrown away.

Nothing else than :meth:`KeptDrafts.drop` removes one: neither the diet, nor a revocation, nor emptying the copy.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from dmp_desktop.cache.contents import BrokenContent, Contents, Sealed
from dmp_desktop.cache.database import Database
from dmp_desktop.cache.errors import BrokenDatabase
from dmp_desktop.cache.purge import Purge
from dmp_desktop.cache.rows import stamp
from dmp_desktop.domain.document import MediaType, Replaced, Visibility
from dmp_desktop.domain.draft import Draft
from dmp_desktop.domain.terminology import Code

_COLUMNS = ("id", "dossier", "professional", "changed_at", "event")


class KeptDrafts:
    """A :class:`~dmp_desktop.domain.draft.Drafts` on SQLite. Any lane."""

    def __init__(self, database: Database, contents: Contents, purge: Purge) -> None:
        self._database = database
        self._contents = contents
        self._purge = purge

    def save(self, draft: Draft, content: bytes | None = None) -> None:
        """Write a draft, whole; ``content`` replaces its bytes, ``None`` leaves them as they are.

        :raises StorageError: what was kept before stands.
        """
        sealed = None if content is None else self._contents.seal(_bound(draft.id), content)
        try:
            with self._purge.transaction() as files:
                former = self._database.row("SELECT file FROM drafts WHERE id = ?", (draft.id,))
                if former and former["file"] and sealed:
                    files.append(former["file"])
                if former:
                    self._purge.note("dropped")
                self._database.execute(
                    "INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                    " dossier = excluded.dossier, professional = excluded.professional,"
                    " changed_at = excluded.changed_at, event = excluded.event, draft = excluded.draft,"
                    " file = coalesce(excluded.file, file), key = coalesce(excluded.key, key)",
                    (
                        draft.id,
                        draft.dossier,
                        draft.professional,
                        stamp(draft.changed_at),
                        draft.event,
                        _dump(draft),
                        sealed.file if sealed else None,
                        sealed.key if sealed else None,
                    ),
                )
        except BaseException:
            if sealed:
                self._contents.remove((sealed.file,))
            raise

    def get(self, draft_id: str) -> Draft | None:
        """One draft."""
        row = self._database.row("SELECT * FROM drafts WHERE id = ?", (draft_id,))
        return _read(row) if row else None

    def content(self, draft_id: str) -> bytes:
        """Its bytes.

        :raises BrokenContent: none, or not those that were kept. :raises StorageError: they cannot be read now.
        """
        row = self._database.row("SELECT file, key FROM drafts WHERE id = ? AND file IS NOT NULL", (draft_id,))
        content = self._contents.open(Sealed(row["file"], row["key"]), _bound(draft_id)) if row else None
        if content is None:
            raise BrokenContent("no content of this draft")
        return content

    def of(self, dossier: str, professional: str) -> tuple[Draft, ...]:
        """Drafts of this record by this hand, latest first, those that left excepted."""
        rows = self._database.rows(
            "SELECT * FROM drafts WHERE dossier = ? AND professional = ? AND event = '' ORDER BY changed_at DESC, id",
            (dossier, professional),
        )
        return tuple(_read(row) for row in rows)

    def drop(self, draft_id: str) -> None:
        """Purge a draft and its bytes: it was sent, or thrown away."""
        with self._purge.transaction() as files:
            row = self._database.row("SELECT file FROM drafts WHERE id = ?", (draft_id,))
            if row is None:
                return
            files += [row["file"]] if row["file"] else []
            self._database.execute("DELETE FROM drafts WHERE id = ?", (draft_id,))
            self._purge.note("dropped")

    def count(self) -> int:
        """Drafts of everybody, those on their way included: what is not at the store yet."""
        row = self._database.row("SELECT count(*) AS n FROM drafts")
        return int(row["n"]) if row else 0


def _bound(draft_id: str) -> str:
    return f"draft {draft_id}"


def _dump(draft: Draft) -> str:
    held = {name: value for name, value in asdict(draft).items() if name not in _COLUMNS}
    held["service_start"] = stamp(draft.service_start) if draft.service_start else None
    return json.dumps(held, ensure_ascii=False)


def _read(row: Any) -> Draft:
    try:
        held = json.loads(row["draft"])
        start, media = held.pop("service_start"), held.pop("media_type")
        type_code, visibility, replaces = held.pop("type_code"), held.pop("visibility"), held.pop("replaces")
        return Draft(
            id=row["id"],
            dossier=row["dossier"],
            professional=row["professional"],
            changed_at=datetime.fromisoformat(row["changed_at"]),
            event=row["event"],
            service_start=datetime.fromisoformat(start) if start else None,
            media_type=MediaType(media) if media else None,
            type_code=Code(**type_code) if type_code else None,
            visibility=Visibility(**visibility) if visibility else None,
            replaces=Replaced(**replaces) if replaces else None,
            **held,
        )
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenDatabase(f"draft: {type(error).__name__}") from None
