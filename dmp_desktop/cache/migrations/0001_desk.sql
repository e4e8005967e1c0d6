-- desk.db: identities, openings, authorisations, what the central store said, journal. No clinical content, ever.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys the dossiers' pseudonyms. Kept in the file rather than derived from its key: it outlives a change of key.
INSERT INTO meta VALUES ('dossier-pepper', randomblob(32));

-- Who the people are, as INSi (or, provisionally, the card) said. dossier: HMAC-SHA-256 of the INS, hex.
CREATE TABLE patients (
    dossier       TEXT PRIMARY KEY,
    identity      TEXT NOT NULL CHECK (json_valid(identity)),
    identified_at TEXT NOT NULL
) STRICT;

-- Server truth: changes on an answer of the central store and on nothing else. The store answers each professional for
-- themselves: an authorisation, or a block, is theirs alone.
CREATE TABLE dossiers (
    dossier         TEXT NOT NULL,
    professional    TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('none', 'active', 'closed', 'opposed', 'blocked')),
    authorisation   TEXT NOT NULL,
    treating        INTEGER NOT NULL,
    attached_to_mes INTEGER NOT NULL,
    web_account     INTEGER NOT NULL,
    closed_on       TEXT NOT NULL,
    close_reason    TEXT NOT NULL,
    answered_at     TEXT NOT NULL,
    PRIMARY KEY (dossier, professional)
) STRICT, WITHOUT ROWID;

-- The outbox: what a person did, written once; only its progress moves.
CREATE TABLE events (
    position       INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    kind           TEXT NOT NULL CHECK (kind IN
                   ('opening', 'reactivation', 'authorisation', 'deposit', 'visibility', 'status', 'contact')),
    professional   TEXT NOT NULL,
    structure      TEXT NOT NULL,
    sector         TEXT NOT NULL,
    display_name   TEXT NOT NULL,
    structure_name TEXT NOT NULL,
    created_at     TEXT NOT NULL,
    payload        TEXT NOT NULL CHECK (json_valid(payload)),
    after          TEXT REFERENCES events (id),
    -- what it acts upon within its dossier: acts on one thing leave in order ('dossier': everything waits for it)
    target         TEXT NOT NULL,
    -- progress
    dossier        TEXT NOT NULL,
    state          TEXT NOT NULL DEFAULT 'waiting'
                   CHECK (state IN ('waiting', 'sending', 'confirmed', 'refused', 'held', 'stuck')),
    attempts       INTEGER NOT NULL DEFAULT 0,
    in_doubt       INTEGER NOT NULL DEFAULT 0,
    due_at         TEXT,
    cause          TEXT NOT NULL DEFAULT '',
    cause_text     TEXT NOT NULL DEFAULT '',
    answered_at    TEXT,
    store_id       TEXT NOT NULL DEFAULT '',
    resolved       TEXT CHECK (json_valid(resolved)),
    -- what the store held, when it was neither what the act was made on nor what it wants: both versions are shown
    found          TEXT CHECK (json_valid(found)),
    seen_at        TEXT,  -- when a person took note of a refusal
    draft_settled   INTEGER NOT NULL DEFAULT 0  -- a deposit that ended: its draft went, or is a draft again
) STRICT;

CREATE INDEX events_by_dossier ON events (dossier, position);
CREATE INDEX events_pending ON events (position) WHERE state NOT IN ('confirmed', 'refused');

-- One opening at a time for a dossier: the second one is refused at the desk, not at the store.
CREATE UNIQUE INDEX events_one_opening ON events (dossier)
    WHERE kind IN ('opening', 'reactivation') AND state NOT IN ('confirmed', 'refused');

-- A document leaves once.
CREATE UNIQUE INDEX events_one_deposit ON events (target) WHERE kind = 'deposit' AND state <> 'refused';

CREATE INDEX events_drafts_left ON events (professional)
    WHERE kind = 'deposit' AND draft_settled = 0 AND state IN ('confirmed', 'refused');

CREATE VIEW pending AS SELECT * FROM events WHERE state NOT IN ('confirmed', 'refused');

CREATE TRIGGER events_are_written_once
BEFORE UPDATE OF position, id, kind, professional, structure, sector, display_name, structure_name, created_at, payload,
    after, target ON events
BEGIN
    SELECT RAISE(ABORT, 'an event is written once');
END;

CREATE TRIGGER events_change_dossier_only_when_resolved
BEFORE UPDATE OF dossier ON events WHEN NEW.dossier <> OLD.dossier AND NEW.resolved IS NULL
BEGIN
    SELECT RAISE(ABORT, 'an event keeps its dossier');
END;

CREATE TRIGGER events_end_for_good
BEFORE UPDATE OF dossier, state, attempts, in_doubt, due_at, cause, cause_text, answered_at, store_id, resolved,
    found ON events
WHEN OLD.state IN ('confirmed', 'refused')
BEGIN
    SELECT RAISE(ABORT, 'a finished event does not move');
END;

CREATE TRIGGER events_stay
BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'an event is kept');
END;

-- "No", or "not yet": kept so that nobody asks again too soon.
CREATE TABLE refusals (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    dossier      TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('refused', 'hesitates')),
    at           TEXT NOT NULL,
    text_version TEXT NOT NULL,
    professional TEXT NOT NULL,
    structure    TEXT NOT NULL
) STRICT;

CREATE INDEX refusals_by_dossier ON refusals (dossier, position);

-- Papers that left the printer. sha256: of the bytes printed.
CREATE TABLE papers_printed (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    event        TEXT NOT NULL REFERENCES events (id),
    kind         TEXT NOT NULL,
    reference    TEXT NOT NULL,
    at           TEXT NOT NULL,
    reason       TEXT NOT NULL,
    sha256       TEXT NOT NULL,
    professional TEXT NOT NULL,
    structure    TEXT NOT NULL
) STRICT;

CREATE INDEX papers_by_event ON papers_printed (event, position);

-- What was done here: ids, acts and reasons only; each row carries the hash of the one before.
CREATE TABLE journal (
    row          INTEGER PRIMARY KEY,
    at           TEXT NOT NULL,
    act          TEXT NOT NULL,
    event        TEXT NOT NULL,
    dossier      TEXT NOT NULL,
    professional TEXT NOT NULL,
    structure    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    offset_ms    INTEGER,
    previous     TEXT NOT NULL,
    hash         TEXT NOT NULL
) STRICT;

-- Where the chain ends, so that rows cut off its end are missed.
CREATE TABLE journal_head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    row  INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;

INSERT INTO journal_head VALUES (1, 0, '');

CREATE TRIGGER journal_rows_stay_as_written BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal only grows');
END;

CREATE TRIGGER journal_rows_stay BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal only grows');
END;

CREATE TRIGGER journal_head_stays BEFORE DELETE ON journal_head
BEGIN
    SELECT RAISE(ABORT, 'the journal only grows');
END;

CREATE TRIGGER refusals_stay_as_written BEFORE UPDATE ON refusals
BEGIN
    SELECT RAISE(ABORT, 'a refusal is written once');
END;

CREATE TRIGGER papers_stay_as_written BEFORE UPDATE ON papers_printed
BEGIN
    SELECT RAISE(ABORT, 'a print is written once');
END;

-- Evidence of each consent, as it stands in the act that carried it (EX_1.1-1010).
CREATE VIEW consents AS
SELECT
    id AS event,
    dossier,
    json_extract(payload, '$.reference') AS reference,
    json_extract(payload, '$.consent.text_version') AS text_version,
    json_extract(payload, '$.consent.informed_at') AS informed_at,
    json_extract(payload, '$.consent.given_at') AS given_at,
    json_extract(payload, '$.consent.collected_by') AS collected_by,
    json_extract(payload, '$.consent.centre_15') AS centre_15,
    json_extract(payload, '$.consent.break_glass') AS break_glass,
    json_extract(payload, '$.representative') IS NOT NULL AS by_representative
FROM events
WHERE kind IN ('opening', 'reactivation');

-- What a dossier looks like from this desk to each professional ('': to one whom the store never answered): the store's
-- last word, with what is on its way laid over it. A refused act lays nothing over, so a refusal needs no undo.
CREATE VIEW dossiers_projected AS
WITH known AS (
    SELECT dossier, professional FROM dossiers
    UNION
    SELECT dossier, professional FROM events
    UNION
    SELECT dossier, '' FROM dossiers
    UNION
    SELECT dossier, '' FROM events
    UNION
    SELECT dossier, '' FROM patients
),
act AS (
    SELECT * FROM pending WHERE kind IN ('opening', 'reactivation')
),
right_asked AS (
    SELECT dossier, professional, max(position) AS position FROM pending
    WHERE kind = 'authorisation'
    GROUP BY dossier, professional
)
SELECT
    known.dossier,
    known.professional,
    dossiers.state AS store_state,
    dossiers.answered_at AS answered_at,
    dossiers.authorisation AS authorisation,
    dossiers.treating AS treating,
    act.id AS act_event,
    act.kind AS act_kind,
    act.state AS act_state,
    act.cause AS act_cause,
    right_event.id AS right_event,
    right_event.state AS right_state,
    CASE WHEN act.id IS NULL THEN coalesce(dossiers.state, 'unknown') ELSE act.kind || '-' || act.state END AS shown
FROM known
LEFT JOIN dossiers ON dossiers.dossier = known.dossier AND dossiers.professional = known.professional
LEFT JOIN act ON act.dossier = known.dossier
LEFT JOIN right_asked ON right_asked.dossier = known.dossier AND right_asked.professional = known.professional
LEFT JOIN events AS right_event ON right_event.position = right_asked.position;
