-- A row of the ledger holds everybody whom one answer showed on the same terms, and a row for the same people once more
-- names the row that lists them. Entries are counted as before, one for each person: a row has the number of its last.
-- What was written before keeps the form in which it was hashed (1, 2), one entry to a row.

CREATE TABLE new_ledger (
    sequence INTEGER NOT NULL PRIMARY KEY CHECK (sequence > 0),
    form INTEGER NOT NULL CHECK (form IN (1, 2, 3)),
    entries INTEGER NOT NULL CHECK (entries BETWEEN 1 AND 100),
    at INTEGER NOT NULL,
    token_id BLOB NOT NULL,
    organisation_id BLOB NOT NULL,
    responsible_id BLOB CHECK (length(responsible_id) = 16),
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    purpose TEXT NOT NULL,
    ground TEXT NOT NULL,
    field_groups TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('ok', 'refused')),
    request_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    address TEXT NOT NULL,
    -- The earlier row that lists the same people in the same order; none in a row that lists them itself.
    again INTEGER CHECK (again >= sequence - 4096 AND again <= sequence - entries),
    -- For each entry in order 16 bytes of the referral and 16 of the thing that was looked at.
    subjects BLOB NOT NULL,
    previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    CHECK (form = 3 OR (entries = 1 AND again IS NULL)),
    CHECK (form <> 3 OR length(subjects) = iif(again IS NULL, 32 * entries, 0))
) STRICT;
INSERT INTO new_ledger
SELECT sequence, form, 1, at, token_id, organisation_id, responsible_id, role, action, purpose, ground, field_groups,
    result, request_id, trace_id, address, NULL, CAST(referral_id || object_id AS BLOB), previous_hash, hash
FROM ledger ORDER BY sequence;

-- Which entries are about whom: what a person is told of who looked rests on it, so it is held against the rows both ways
-- when the ledger is verified. A row that repeats another has its entries by that one's.
CREATE TABLE ledger_person (
    referral_id BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (referral_id, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_person SELECT referral_id, sequence FROM ledger ORDER BY referral_id, sequence;
CREATE TRIGGER ledger_person_is_never_changed BEFORE UPDATE ON ledger_person
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never changed'); END;
CREATE TRIGGER ledger_person_is_never_shortened BEFORE DELETE ON ledger_person
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never removed'); END;

DROP TABLE ledger;
ALTER TABLE new_ledger RENAME TO ledger;
CREATE INDEX ledger_again ON ledger (again) WHERE again IS NOT NULL;
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never changed'); END;
CREATE TRIGGER ledger_is_never_shortened BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never removed'); END;
-- REPLACE removes a row without a delete trigger (https://www.sqlite.org/lang_conflict.html), so nothing may come in
-- but the next entries.
CREATE TRIGGER ledger_only_grows BEFORE INSERT ON ledger
    WHEN NEW.sequence <> NEW.entries + (SELECT coalesce(max(sequence), 0) FROM ledger)
    BEGIN SELECT RAISE(ABORT, 'a ledger entry comes after the last one'); END;

-- A number that is another one after every commit but those that only write down that somebody looked: what was read
-- under it is still true while it stands.
CREATE TABLE generation (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO generation (one, number) VALUES (1, 1);
