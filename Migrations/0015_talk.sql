-- The conversation in full: what was said and handed in, what was measured, risks, the people around somebody, places they
-- must avoid, advice that was told, who does the intake, and objections to a refusal.

-- The bearer at the intake point who does the intake.
ALTER TABLE referral ADD COLUMN assignee_id BLOB REFERENCES access_token (id);
CREATE INDEX referral_assignee ON referral (assignee_id, id) WHERE assignee_id IS NOT NULL;

-- Wishes say more than form and place.
ALTER TABLE wish ADD COLUMN surroundings TEXT NOT NULL DEFAULT '';
ALTER TABLE wish ADD COLUMN living_with TEXT CHECK (living_with IN ('alone', 'partner', 'children', 'family', 'others'));
ALTER TABLE wish ADD COLUMN pets INTEGER CHECK (pets IN (0, 1));
ALTER TABLE wish ADD COLUMN close_to TEXT CHECK (length(close_to) BETWEEN 1 AND 500);

-- To whom somebody wants to be handed over when the referral is redirected.
ALTER TABLE decision ADD COLUMN handover_to TEXT CHECK (length(handover_to) BETWEEN 1 AND 200);

CREATE TABLE intake_record (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    kind TEXT NOT NULL CHECK (kind IN ('conversation', 'personal_plan', 'client_support')),
    happened_on INTEGER NOT NULL,
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 20000),
    written_at INTEGER NOT NULL,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    role TEXT NOT NULL
) STRICT;
CREATE INDEX intake_record_referral ON intake_record (referral_id, id);

CREATE TABLE advice_told (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    advice TEXT NOT NULL CHECK (advice IN
        ('youth_care', 'national_contact_point', 'crisis_service', 'long_term_care', 'neighbourhood_team',
         'shelter_first', 'other_region', 'other_municipality')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 1000),
    told_at INTEGER NOT NULL,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    role TEXT NOT NULL
) STRICT;
CREATE INDEX advice_told_referral ON advice_told (referral_id, id);

-- The stable mix: 1 present, 0 absent, nothing when it was not asked.
CREATE TABLE measurement (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    moment TEXT NOT NULL CHECK (moment IN ('start', 'between', 'move_in', 'closing')),
    measured_on INTEGER NOT NULL,
    housing INTEGER CHECK (housing IN (0, 1)),
    income INTEGER CHECK (income IN (0, 1)),
    day_activity INTEGER CHECK (day_activity IN (0, 1)),
    support_contact INTEGER CHECK (support_contact IN (0, 1)),
    written_at INTEGER NOT NULL,
    role TEXT NOT NULL
) STRICT;
CREATE INDEX measurement_referral ON measurement (referral_id, id);

-- A domain that was not asked has no row: a level is from 1 to 5, and each says why it was needed.
CREATE TABLE measurement_domain (
    measurement_id BLOB NOT NULL REFERENCES measurement (id),
    domain TEXT NOT NULL CHECK (domain IN
        ('finances', 'work_and_education', 'use_of_time', 'housing', 'domestic_relations', 'mental_health',
         'physical_health', 'substance_use', 'basic_daily_living', 'instrumental_daily_living', 'social_network',
         'community_participation', 'justice')),
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
    necessity TEXT NOT NULL CHECK (length(necessity) BETWEEN 1 AND 500),
    PRIMARY KEY (measurement_id, domain)
) STRICT, WITHOUT ROWID;

CREATE TABLE risk_version (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    number INTEGER NOT NULL CHECK (number > 0),
    risks TEXT NOT NULL,
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
    written_at INTEGER NOT NULL,
    role TEXT NOT NULL,
    UNIQUE (referral_id, number)
) STRICT;

-- Somebody from the person's own surroundings. With the consent their name and number go.
CREATE TABLE network_person (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    name TEXT CHECK (length(name) BETWEEN 1 AND 100),
    relation TEXT NOT NULL CHECK (relation IN ('family', 'friend', 'neighbour', 'colleague', 'volunteer', 'other')),
    phone TEXT CHECK (length(phone) BETWEEN 3 AND 30),
    helps_with TEXT CHECK (length(helps_with) BETWEEN 1 AND 500),
    consent_given_on INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    role TEXT NOT NULL,
    withdrawn_at INTEGER,
    CHECK (withdrawn_at IS NOT NULL OR name IS NOT NULL),
    CHECK (withdrawn_at IS NULL OR (name IS NULL AND phone IS NULL AND helps_with IS NULL))
) STRICT;
CREATE INDEX network_person_referral ON network_person (referral_id, id);

CREATE TABLE exclusion_zone (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    municipality TEXT NOT NULL CHECK (municipality GLOB 'GM[0-9][0-9][0-9][0-9]'),
    -- Nothing for the whole municipality.
    neighbourhood TEXT CHECK (length(neighbourhood) BETWEEN 1 AND 100),
    ground TEXT NOT NULL CHECK (ground IN ('contact_ban', 'area_ban', 'unsafe', 'relapse')),
    until_on INTEGER,
    written_at INTEGER NOT NULL,
    role TEXT NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX exclusion_zone_referral ON exclusion_zone (referral_id, id);

CREATE TABLE objection (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    decision_id BLOB NOT NULL REFERENCES decision (id),
    lodged_at INTEGER NOT NULL,
    role TEXT NOT NULL,
    text TEXT CHECK (length(text) BETWEEN 1 AND 10000),
    due_on INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN ('founded', 'partly_founded', 'unfounded', 'withdrawn')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 4000),
    decided_at INTEGER,
    CHECK ((outcome IS NULL) = (decided_at IS NULL)),
    CHECK (outcome IS NULL OR note IS NOT NULL)
) STRICT;
CREATE INDEX objection_referral ON objection (referral_id, id);
-- One objection to a decision.
CREATE UNIQUE INDEX objection_decision ON objection (decision_id);
