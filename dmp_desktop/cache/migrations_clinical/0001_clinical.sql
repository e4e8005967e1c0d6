-- clinical.db: what the central store showed of its documents, and drafts. The store answers each professional for
-- themselves: a shelf is one professional's view of one dossier, and nothing is shared between two shelves.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE shelves (
    id           INTEGER PRIMARY KEY,
    dossier      TEXT NOT NULL,
    professional TEXT NOT NULL,
    until        TEXT,
    refreshed_at TEXT,
    first_only   INTEGER NOT NULL DEFAULT 0,
    halted_by    TEXT NOT NULL DEFAULT '',
    last_visit   TEXT,
    used_at      TEXT NOT NULL,  -- last legitimate access: the diet counts from it
    UNIQUE (dossier, professional)
) STRICT;

-- id: shelf * 2^20 + rank, so that the rows of a shelf lie together, here and in texts.
-- described: the store's description and what was made of it, as a JSON array (cache/described.py).
CREATE TABLE entries (
    id         INTEGER PRIMARY KEY,
    shelf      INTEGER NOT NULL REFERENCES shelves (id),
    logical_id TEXT NOT NULL,
    sort_at    TEXT NOT NULL,
    learned_at TEXT NOT NULL,
    read_at    TEXT,
    described  TEXT NOT NULL CHECK (json_valid(described)),
    UNIQUE (shelf, logical_id)
) STRICT;

-- Bytes lie in files of random names. Each has its own key, here and nowhere else: without its row it is noise.
CREATE TABLE contents (
    entry         INTEGER PRIMARY KEY REFERENCES entries (id),
    file          TEXT NOT NULL UNIQUE,
    key           BLOB NOT NULL,
    size          INTEGER NOT NULL,
    unique_id     TEXT NOT NULL,
    repository_id TEXT NOT NULL,
    mime_type     TEXT NOT NULL
) STRICT;

-- folded: the words a search looks at (cache/words.py), each after a space; the rest is what it shows, as received.
-- A search never leaves its shelf, whose rows lie together: looking through them is fast at any size of the store, and
-- what is purged is purged with its row, where an index would keep pieces of words between its own pages.
CREATE TABLE texts (
    entry  INTEGER PRIMARY KEY REFERENCES entries (id),
    folded TEXT NOT NULL,
    title  TEXT NOT NULL,
    author TEXT NOT NULL,
    body   TEXT NOT NULL
) STRICT;

CREATE TABLE drafts (
    id           TEXT PRIMARY KEY,
    dossier      TEXT NOT NULL,
    professional TEXT NOT NULL,
    changed_at   TEXT NOT NULL,
    event        TEXT NOT NULL,
    draft        TEXT NOT NULL CHECK (json_valid(draft)),
    file         TEXT UNIQUE,
    key          BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX drafts_by_hand ON drafts (dossier, professional, changed_at);
