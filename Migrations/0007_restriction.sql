-- Restricted people: only named bearers of tokens, and the person, know of the referral. And the looks in an emergency.

ALTER TABLE referral ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1));

CREATE TABLE restriction (
    referral_id BLOB NOT NULL PRIMARY KEY REFERENCES referral (id),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    since INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

-- Who may know of a restricted referral: for as long as it is restricted, or until a moment.
CREATE TABLE named_person (
    token_id BLOB NOT NULL REFERENCES access_token (id),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    ends_at INTEGER,
    PRIMARY KEY (token_id, referral_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_person_referral ON named_person (referral_id);

CREATE TABLE emergency_access (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    token_id BLOB NOT NULL REFERENCES access_token (id),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 10 AND 1000),
    opened_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN ('justified', 'unjustified')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
    reviewed_at INTEGER,
    reviewed_by BLOB REFERENCES access_token (id),
    -- Nobody judges their own.
    CHECK (reviewed_by IS NULL OR reviewed_by <> token_id),
    CHECK ((outcome IS NULL) = (reviewed_at IS NULL))
) STRICT;
CREATE INDEX emergency_access_referral ON emergency_access (referral_id, id);
