-- Whether two referrals are one person's: what somebody at the intake point decided about a pair, each time, so that a link
-- can be undone and a split is remembered. The newest decision about a pair counts.

CREATE TABLE person_link (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    -- The older referral of the two first.
    first_id BLOB NOT NULL REFERENCES referral (id),
    second_id BLOB NOT NULL REFERENCES referral (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('same_person', 'different_people', 'undecided')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 1000),
    at INTEGER NOT NULL,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    CHECK (first_id < second_id)
) STRICT;
CREATE INDEX person_link_first ON person_link (first_id, second_id, id);
CREATE INDEX person_link_second ON person_link (second_id, first_id, id);
CREATE TRIGGER person_link_is_kept_as_written BEFORE UPDATE ON person_link
    BEGIN SELECT RAISE(ABORT, 'a decision about a pair is never changed'); END;

-- People born on a day, for names that are alike.
CREATE INDEX person_birth ON person (birth_date, referral_id);
