-- Advice on cases without a person, the themes of openings, and support while waiting.

CREATE TABLE consultation (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisation (id),
    token_id BLOB NOT NULL REFERENCES access_token (id),
    asked_at INTEGER NOT NULL,
    opening_declined INTEGER NOT NULL CHECK (opening_declined IN (0, 1)),
    missed_signals TEXT CHECK (length(missed_signals) BETWEEN 1 AND 4000),
    needed_two_years_ago TEXT CHECK (length(needed_two_years_ago) BETWEEN 1 AND 4000),
    route TEXT NOT NULL CHECK (route IN
        ('prevention', 'shelter_intake', 'shelter_exit', 'protected_living_intake', 'protected_living_exit',
         'youth_care_exit', 'clinic_exit', 'detention_exit')),
    municipality TEXT NOT NULL CHECK (municipality GLOB 'GM[0-9][0-9][0-9][0-9]'),
    age_band TEXT CHECK (age_band IN ('under_18', '18_22', '23_26', '27_44', '45_64', '65_plus')),
    question TEXT NOT NULL CHECK (length(question) BETWEEN 1 AND 4000),
    answer TEXT CHECK (length(answer) BETWEEN 1 AND 4000),
    advice TEXT NOT NULL,
    answered_at INTEGER,
    -- The referral that it became.
    referral_id BLOB REFERENCES referral (id),
    themes TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (opening_declined = 1 OR (missed_signals IS NOT NULL AND needed_two_years_ago IS NOT NULL)),
    CHECK ((answer IS NULL) = (answered_at IS NULL))
) STRICT;
CREATE INDEX consultation_organisation ON consultation (organisation_id, id);
CREATE UNIQUE INDEX consultation_referral ON consultation (referral_id) WHERE referral_id IS NOT NULL;

-- By which missed signals are counted; nothing until the intake point has read the opening.
ALTER TABLE situation ADD COLUMN themes TEXT;

ALTER TABLE support_request ADD COLUMN kind TEXT NOT NULL DEFAULT 'tenancy' CHECK (kind IN ('tenancy', 'bridging'));
-- One request at a time to one provider about one person, and one provider that supports a person: of each kind.
DROP INDEX support_request_open;
DROP INDEX support_request_accepted;
CREATE UNIQUE INDEX support_request_open ON support_request (referral_id, provider_id, kind) WHERE status = 'asked';
CREATE UNIQUE INDEX support_request_accepted ON support_request (referral_id, kind) WHERE status = 'accepted';
