-- Keeping and forgetting: requests to destroy a dossier, and what was destroyed. Of an erased referral no word remains that
-- says who it was about; a row for the statistics stays, which nobody reads as a dossier any more.

CREATE TABLE erasure_request (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    requested_at INTEGER NOT NULL,
    role TEXT NOT NULL,
    due_on INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN ('granted', 'refused')),
    -- Why not: somebody else's substantial interest, or a law (Wmo 2015, article 5.3.5).
    ground TEXT CHECK (ground IN ('substantial_interest', 'legal_obligation')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
    decided_at INTEGER,
    CHECK ((outcome IS NULL) = (decided_at IS NULL)),
    CHECK (outcome IS NOT 'refused' OR (ground IS NOT NULL AND note IS NOT NULL))
) STRICT;
CREATE INDEX erasure_request_referral ON erasure_request (referral_id, id);
CREATE INDEX erasure_request_granted ON erasure_request (referral_id) WHERE outcome = 'granted';
CREATE UNIQUE INDEX erasure_request_open ON erasure_request (referral_id) WHERE outcome IS NULL;

CREATE TABLE erasure (
    referral_id BLOB NOT NULL PRIMARY KEY REFERENCES referral (id),
    ground TEXT NOT NULL CHECK (ground IN ('with_provision', 'without_provision', 'request')),
    erased_at INTEGER NOT NULL
) STRICT;

-- An event is kept as it was written, but that the words of an erased referral go.
DROP TRIGGER event_is_kept_as_written;
CREATE TRIGGER event_is_kept_as_written BEFORE UPDATE ON event
    WHEN NOT (
        NEW.reason IS NULL AND NEW.id = OLD.id AND NEW.referral_id = OLD.referral_id AND NEW.kind = OLD.kind
        AND NEW.from_status IS OLD.from_status AND NEW.to_status IS OLD.to_status AND NEW.at = OLD.at
        AND NEW.token_id = OLD.token_id AND NEW.organisation_id = OLD.organisation_id AND NEW.role = OLD.role
        AND EXISTS (SELECT 1 FROM erasure e WHERE e.referral_id = OLD.referral_id))
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
