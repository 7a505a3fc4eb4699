-- The life of an offer: a landlord's decline is reviewed, a viewing is set, a resident panel votes on what the applicant chose
-- to show.

-- What the coordinator made of a landlord's decline, once.
CREATE TABLE decline_review (
    match_id BLOB NOT NULL PRIMARY KEY REFERENCES match (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('uphold', 'ask_again', 'override')),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    at INTEGER NOT NULL,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    -- The match that came of it.
    next_match_id BLOB REFERENCES match (id),
    CHECK ((outcome = 'uphold') = (next_match_id IS NULL))
) STRICT;
CREATE INDEX decline_review_next ON decline_review (next_match_id) WHERE next_match_id IS NOT NULL;

-- Moments at which the home can be seen; the last one counts.
CREATE TABLE match_viewing (
    match_id BLOB NOT NULL REFERENCES match (id),
    number INTEGER NOT NULL CHECK (number > 0),
    at INTEGER NOT NULL,
    role TEXT NOT NULL,
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (match_id, number)
) STRICT, WITHOUT ROWID;

-- What the applicant chose to show the residents of a self-managed facility, in their own words.
ALTER TABLE match ADD COLUMN introduction TEXT CHECK (length(introduction) BETWEEN 1 AND 4000);
-- Of a resident panel's answer, how many residents were there and how many said yes.
ALTER TABLE match_response ADD COLUMN present INTEGER CHECK (present > 0);
ALTER TABLE match_response ADD COLUMN in_favour INTEGER CHECK (in_favour BETWEEN 0 AND present);
