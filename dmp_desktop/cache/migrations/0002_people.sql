-- Finding people, and the day's appointments.

-- One row for each row of patients, narrow, numbered in the order in which people are shown: rank packs the first
-- letters of name and given name, so that the index below answers in that order and stops after a screenful.
CREATE TABLE people (
    rank       INTEGER PRIMARY KEY,
    dossier    TEXT NOT NULL UNIQUE REFERENCES patients (dossier) ON DELETE CASCADE,
    birth_name TEXT NOT NULL,
    used_name  TEXT NOT NULL,
    given_name TEXT NOT NULL,
    sex        TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    status     TEXT NOT NULL,
    seen_at    TEXT NOT NULL,
    words      TEXT NOT NULL
) STRICT;

-- Beginnings of words (one letter may be a mark) have lists of their own, in order of rank: the slow case of a search.
CREATE VIRTUAL TABLE people_words USING fts5 (
    words, content = 'people', content_rowid = 'rank', tokenize = "ascii tokenchars '@'", prefix = '1 2 3 4 5', detail = none,
    columnsize = 0
);

-- A person taken out leaves no word behind.
INSERT INTO people_words (people_words, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER people_come AFTER INSERT ON people
BEGIN
    INSERT INTO people_words (rowid, words) VALUES (NEW.rank, NEW.words);
END;

CREATE TRIGGER people_go AFTER DELETE ON people
BEGIN
    INSERT INTO people_words (people_words, rowid, words) VALUES ('delete', OLD.rank, OLD.words);
END;

CREATE TRIGGER people_keep_their_place BEFORE UPDATE OF rank, dossier, words ON people
BEGIN
    SELECT RAISE(ABORT, 'a person is taken out and put back');
END;

-- Ends of their numbers, hashed with the file's pepper.
CREATE TABLE people_numbers (
    ending BLOB NOT NULL,
    rank   INTEGER NOT NULL REFERENCES people (rank) ON DELETE CASCADE,
    PRIMARY KEY (ending, rank)
) STRICT, WITHOUT ROWID;

CREATE INDEX people_numbers_by_rank ON people_numbers (rank);

CREATE INDEX people_by_seen ON people (seen_at);

-- Who is expected. label: the person as the agenda says; dossier: who it is, once that is sure or somebody said so.
CREATE TABLE appointments (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    day        TEXT NOT NULL,
    minute     INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
    label      TEXT NOT NULL,
    folded     TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    uid        TEXT NOT NULL,
    dossier    TEXT REFERENCES patients (dossier) ON DELETE SET NULL,
    UNIQUE (day, minute, folded)
) STRICT;

CREATE INDEX appointments_by_uid ON appointments (uid) WHERE uid <> '';
