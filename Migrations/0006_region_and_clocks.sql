-- The region's settings in versions, each whole and kept as it was applied; and the clocks of referrals.

CREATE TABLE region_version (
    version INTEGER NOT NULL PRIMARY KEY CHECK (version > 0),
    applied_at INTEGER NOT NULL,
    document TEXT NOT NULL CHECK (length(document) > 1),
    -- SHA-256 of the document, by which what was read of it is remembered.
    checksum BLOB NOT NULL CHECK (length(checksum) = 32)
) STRICT;
CREATE TRIGGER region_version_is_kept_as_applied BEFORE UPDATE ON region_version
    BEGIN SELECT RAISE(ABORT, 'a version of the region''s settings is never changed'); END;
CREATE TRIGGER region_version_is_never_removed BEFORE DELETE ON region_version
    BEGIN SELECT RAISE(ABORT, 'a version of the region''s settings is never removed'); END;

-- Which version a decision rested on; 0 for the defaults.
ALTER TABLE decision ADD COLUMN region_version INTEGER NOT NULL DEFAULT 0;
-- Which version's criteria were held against the answers at the door.
ALTER TABLE situation ADD COLUMN region_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE clock (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    kind TEXT NOT NULL CHECK (kind IN
        ('completeness', 'personal_plan', 'investigation', 'decision', 'promise', 'landlord_answer',
         'candidate_answer', 'support_answer', 'wishes', 'objection')),
    object_id BLOB CHECK (length(object_id) = 16),
    started_on INTEGER NOT NULL,
    -- One of the two: how the term counts.
    working_days INTEGER CHECK (working_days > 0),
    days INTEGER CHECK (days > 0),
    region_version INTEGER NOT NULL,
    -- The last day, not counting a pause that goes on.
    due_on INTEGER NOT NULL,
    paused_on INTEGER,
    ended_on INTEGER,
    outcome TEXT CHECK (outcome IN ('done', 'dropped')),
    CHECK ((working_days IS NULL) <> (days IS NULL)),
    CHECK ((ended_on IS NULL) = (outcome IS NULL)),
    CHECK (ended_on IS NULL OR paused_on IS NULL)
) STRICT;
CREATE INDEX clock_referral ON clock (referral_id, id);
-- What is due, the most urgent first; rights that lapse (the plan, the objection) are nobody's duty.
CREATE INDEX clock_due ON clock (due_on, referral_id)
    WHERE ended_on IS NULL AND paused_on IS NULL AND kind NOT IN ('personal_plan', 'objection');
CREATE UNIQUE INDEX clock_runs_once ON clock (referral_id, kind, ifnull(object_id, x'')) WHERE ended_on IS NULL;

CREATE TABLE clock_pause (
    clock_id BLOB NOT NULL REFERENCES clock (id),
    number INTEGER NOT NULL CHECK (number > 0),
    ground TEXT NOT NULL CHECK (ground IN
        ('information_awaited', 'agreed_in_writing', 'candidates_delay', 'force_majeure', 'candidates_wish')),
    from_on INTEGER NOT NULL,
    until_on INTEGER,
    PRIMARY KEY (clock_id, number)
) STRICT, WITHOUT ROWID;

-- The clocks that run for referrals from before, as far as dates in the tables tell: the promise, the terms to answer,
-- the wishes, the investigation and the decision. (The two weeks to ask for what is missing were not written down.) Ids
-- have the moment and the version of the id they come from.
INSERT INTO clock (id, referral_id, kind, started_on, days, region_version, due_on, paused_on)
    SELECT CAST(substr(id, 1, 9) || randomblob(7) AS BLOB), id, 'promise', promise_due_on - 182, 182, 0, promise_due_on,
        iif(status = 'on_hold', hold_started_on, NULL)
    FROM referral WHERE status IN ('waiting', 'matched', 'accepted', 'on_hold');
INSERT INTO clock_pause (clock_id, number, ground, from_on)
    SELECT id, 1, 'candidates_wish', paused_on FROM clock WHERE paused_on IS NOT NULL;
INSERT INTO clock (id, referral_id, kind, started_on, days, region_version, due_on)
    SELECT CAST(substr(id, 1, 9) || randomblob(7) AS BLOB), id, 'investigation', received_at / 86400000, 42, 0,
        received_at / 86400000 + 42
    FROM referral WHERE status IN ('submitted', 'intake');
INSERT INTO clock (id, referral_id, kind, started_on, days, region_version, due_on)
    SELECT CAST(substr(r.id, 1, 9) || randomblob(7) AS BLOB), r.id, 'decision', p.answered_at / 86400000, 14, 0,
        p.answered_at / 86400000 + 14
    FROM referral r JOIN report p ON p.referral_id = r.id
        AND p.number = (SELECT max(number) FROM report WHERE referral_id = r.id)
    WHERE r.status = 'reported' AND p.answered_at IS NOT NULL;
INSERT INTO clock (id, referral_id, kind, object_id, started_on, working_days, region_version, due_on)
    SELECT CAST(substr(m.id, 1, 9) || randomblob(7) AS BLOB), m.referral_id, 'landlord_answer', m.id, m.offered_at / 86400000, 5, 0,
        m.answer_due_on
    FROM match m WHERE m.status = 'offered' AND m.landlord_answer = 'pending' AND m.answer_due_on IS NOT NULL;
INSERT INTO clock (id, referral_id, kind, object_id, started_on, working_days, region_version, due_on)
    SELECT CAST(substr(m.id, 1, 9) || randomblob(7) AS BLOB), m.referral_id, 'candidate_answer', m.id, m.offered_at / 86400000, 5, 0,
        m.answer_due_on
    FROM match m WHERE m.status = 'offered' AND m.candidate_answer = 'pending' AND m.answer_due_on IS NOT NULL;
INSERT INTO clock (id, referral_id, kind, object_id, started_on, working_days, region_version, due_on)
    SELECT CAST(substr(id, 1, 9) || randomblob(7) AS BLOB), referral_id, 'support_answer', id, asked_at / 86400000, 5, 0,
        answer_due_on
    FROM support_request WHERE status = 'asked';
INSERT INTO clock (id, referral_id, kind, started_on, days, region_version, due_on)
    SELECT CAST(substr(w.id, 1, 9) || randomblob(7) AS BLOB), w.referral_id, 'wishes', w.written_at / 86400000, 91, 0,
        w.written_at / 86400000 + 91
    FROM wish_version w JOIN referral r ON r.id = w.referral_id
    WHERE w.number = (SELECT max(number) FROM wish_version WHERE referral_id = w.referral_id)
        AND r.status NOT IN ('closed', 'redirected', 'rejected', 'withdrawn');
