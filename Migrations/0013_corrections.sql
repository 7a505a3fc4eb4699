-- What stood there before a correction, and the person's requests for one (GDPR, article 16; Wmo 2015, article 5.3.2(6)).

-- Who changed it and when is the event's; the field is its place in a PATCH. Kept as it was written, but that it goes with an
-- erased dossier.
CREATE TABLE field_trace (
    event_id BLOB NOT NULL REFERENCES event (id),
    field TEXT NOT NULL CHECK (length(field) BETWEEN 2 AND 60),
    -- Null when nothing stood there.
    before TEXT CHECK (length(before) BETWEEN 1 AND 4000),
    PRIMARY KEY (event_id, field)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER field_trace_is_kept_as_written BEFORE UPDATE ON field_trace
    BEGIN SELECT RAISE(ABORT, 'a trace is never changed'); END;
CREATE TRIGGER field_trace_is_never_removed BEFORE DELETE ON field_trace
    WHEN NOT EXISTS (
        SELECT 1 FROM event v JOIN erasure e ON e.referral_id = v.referral_id WHERE v.id = OLD.event_id)
    BEGIN SELECT RAISE(ABORT, 'a trace is never removed'); END;

CREATE TABLE correction_request (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    requested_at INTEGER NOT NULL,
    role TEXT NOT NULL,
    -- The groups of fields it is about, by name.
    fields TEXT NOT NULL CHECK (length(fields) > 0),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    due_on INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN ('corrected', 'refused')),
    -- Why not, or what was changed.
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
    decided_at INTEGER,
    -- What the person wants to stand beside what was not changed.
    statement TEXT CHECK (length(statement) BETWEEN 1 AND 4000),
    CHECK ((outcome IS NULL) = (decided_at IS NULL)),
    CHECK (outcome IS NOT 'refused' OR note IS NOT NULL),
    CHECK (statement IS NULL OR outcome IS 'refused')
) STRICT;
CREATE INDEX correction_request_referral ON correction_request (referral_id, id);
