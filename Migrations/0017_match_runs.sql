-- Match runs, frozen: what was asked, by which rules and settings, what everybody and every home brought, and what came of it.
-- Everything is numbers. A run can be made again from these tables, and is the same; nothing but the reference to a
-- referral says who somebody was, and that goes when the dossier is destroyed.

CREATE TABLE match_run (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed')),
    asked_at INTEGER NOT NULL,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    -- Whether what it proposes is offered at once.
    offers INTEGER NOT NULL CHECK (offers IN (0, 1)),
    -- The rules, as far as they may be tried otherwise.
    horizon_days INTEGER NOT NULL CHECK (horizon_days BETWEEN 0 AND 1000),
    rent_share_percent INTEGER CHECK (rent_share_percent BETWEEN 1 AND 100),
    neighbourhood_cap INTEGER CHECK (neighbourhood_cap >= 0),
    holds_to_agreements INTEGER NOT NULL CHECK (holds_to_agreements IN (0, 1)),
    left_out TEXT NOT NULL,
    is_trial INTEGER NOT NULL CHECK (is_trial IN (0, 1)),
    -- Versions: of the limits and scores as the program has them, and of the region's settings with their exit profiles.
    rules_version INTEGER,
    region_version INTEGER,
    -- The moment that it is about, and when its result was there.
    as_of INTEGER,
    finished_at INTEGER,
    candidates INTEGER,
    dwellings INTEGER,
    pairs INTEGER,
    proposals INTEGER,
    total_score INTEGER,
    -- What is certain, as words.
    proven TEXT,
    -- What it is compared with; nil for a trial, which is compared with the rules in force at the same moment.
    compared_run_id BLOB REFERENCES match_run (id),
    gained INTEGER,
    lost INTEGER,
    moved INTEGER,
    fault TEXT CHECK (length(fault) BETWEEN 1 AND 500),
    CHECK (offers = 0 OR is_trial = 0),
    CHECK ((status = 'done') = (as_of IS NOT NULL)),
    CHECK ((status = 'failed') = (fault IS NOT NULL))
) STRICT;
CREATE INDEX match_run_open ON match_run (status) WHERE status IN ('queued', 'running');

-- The caps that could bind, each with what it still allowed.
CREATE TABLE match_run_cap (
    run_id BLOB NOT NULL REFERENCES match_run (id),
    number INTEGER NOT NULL,
    municipality TEXT NOT NULL,
    neighbourhood TEXT NOT NULL,
    places INTEGER NOT NULL CHECK (places > 0),
    PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE match_run_dwelling (
    run_id BLOB NOT NULL REFERENCES match_run (id),
    number INTEGER NOT NULL,
    dwelling_id BLOB NOT NULL REFERENCES dwelling (id),
    dwelling_version INTEGER NOT NULL,
    cap INTEGER,
    -- Whose proposal it is, and from which place in the queue on it was out of reach.
    place INTEGER,
    cut_off INTEGER,
    PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX match_run_dwelling_dwelling ON match_run_dwelling (dwelling_id, run_id);

CREATE TABLE match_run_candidate (
    run_id BLOB NOT NULL REFERENCES match_run (id),
    place INTEGER NOT NULL,
    referral_id BLOB REFERENCES referral (id),
    referral_version INTEGER NOT NULL,
    -- For each dwelling in the order of numbers the limits that fail, two bytes a dwelling, low byte first; for each that
    -- fits the score, four bytes.
    limits BLOB NOT NULL,
    scores BLOB NOT NULL,
    -- The number of the dwelling proposed; without one, the limits of which each alone would have given one.
    dwelling INTEGER,
    score INTEGER,
    unlocks TEXT,
    change TEXT NOT NULL CHECK (change IN ('first', 'same', 'gained', 'lost', 'moved')),
    PRIMARY KEY (run_id, place),
    CHECK ((dwelling IS NULL) = (unlocks IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX match_run_candidate_referral ON match_run_candidate (referral_id, run_id);

-- The run that a match came from; none for one by hand.
ALTER TABLE match ADD COLUMN run_id BLOB REFERENCES match_run (id);

-- Offers that nobody answered, the longest overdue first.
CREATE INDEX match_due ON match (answer_due_on, id) WHERE status = 'offered';
