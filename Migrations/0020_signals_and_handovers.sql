-- Early warnings that a home may be lost, and what was done about them. A signal about somebody who is not known here yet has
-- a name and a way to reach them, apart, which goes once the signal is about a referral.

CREATE TABLE signal (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB REFERENCES referral (id),
    -- Whether the intake point found out later whose it is; who gave it does not learn that.
    is_linked INTEGER NOT NULL DEFAULT 0 CHECK (is_linked IN (0, 1)),
    -- The home it is about, and who lets it.
    tenancy_id BLOB REFERENCES tenancy (id),
    landlord_id BLOB REFERENCES organisation (id),
    municipality TEXT NOT NULL CHECK (municipality GLOB 'GM[0-9][0-9][0-9][0-9]'),
    kind TEXT NOT NULL CHECK (kind IN
        ('arrears', 'nuisance', 'damage', 'empty_home', 'eviction_announced', 'lost_contact', 'crisis', 'relapse',
         'discharge_without_home')),
    -- What was said of the conditions under which arrears may be reported.
    preconditions TEXT NOT NULL,
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
    organisation_id BLOB NOT NULL REFERENCES organisation (id),
    role TEXT NOT NULL,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    at INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
    closed_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK ((status = 'open') = (closed_at IS NULL)),
    CHECK (tenancy_id IS NULL OR referral_id IS NOT NULL)
) STRICT;
CREATE INDEX signal_referral ON signal (referral_id, id);
CREATE INDEX signal_organisation ON signal (organisation_id, role, id);
CREATE INDEX signal_landlord ON signal (landlord_id, id) WHERE landlord_id IS NOT NULL;
CREATE INDEX signal_open ON signal (referral_id) WHERE status = 'open';

CREATE TABLE signal_person (
    signal_id BLOB NOT NULL PRIMARY KEY REFERENCES signal (id),
    given_name TEXT CHECK (length(given_name) BETWEEN 1 AND 100),
    infix TEXT CHECK (length(infix) BETWEEN 1 AND 30),
    family_name TEXT NOT NULL CHECK (length(family_name) BETWEEN 1 AND 100),
    birth_date INTEGER,
    phone TEXT CHECK (length(phone) BETWEEN 3 AND 30),
    email TEXT CHECK (length(email) BETWEEN 3 AND 200),
    CHECK (phone IS NOT NULL OR email IS NOT NULL)
) STRICT;

CREATE TABLE signal_response (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    signal_id BLOB NOT NULL REFERENCES signal (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('not_reached', 'linked', 'helped', 'advised', 'unfounded')),
    at INTEGER NOT NULL,
    role TEXT NOT NULL,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000)
) STRICT;
CREATE INDEX signal_response_signal ON signal_response (signal_id, id);

-- Warm transfers to another region or organisation, and where a referral came from that was handed over to us.

CREATE TABLE handover (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    recipient_name TEXT NOT NULL CHECK (length(recipient_name) BETWEEN 1 AND 200),
    recipient_contact TEXT CHECK (length(recipient_contact) BETWEEN 1 AND 200),
    recipient_id BLOB REFERENCES organisation (id),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    advice TEXT NOT NULL,
    -- What is sent, each part with its ground: identity:consent.
    parts TEXT NOT NULL CHECK (length(parts) > 0),
    consent_given_on INTEGER,
    asked_at INTEGER NOT NULL,
    answer_due_on INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('asked', 'accepted', 'declined', 'withdrawn')),
    answered_at INTEGER,
    decline_reason TEXT CHECK (decline_reason IN
        ('no_capacity', 'not_our_task', 'information_missing', 'candidate_declines', 'other')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
    reference TEXT CHECK (length(reference) BETWEEN 1 AND 64),
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK ((status = 'asked') = (answered_at IS NULL)),
    CHECK ((status = 'accepted') = (reference IS NOT NULL)),
    CHECK ((status = 'declined') = (decline_reason IS NOT NULL)),
    CHECK (consent_given_on IS NOT NULL OR parts NOT LIKE '%:consent%')
) STRICT;
CREATE INDEX handover_referral ON handover (referral_id, id);
CREATE INDEX handover_recipient ON handover (recipient_id, id) WHERE recipient_id IS NOT NULL;
CREATE UNIQUE INDEX handover_asked ON handover (referral_id) WHERE status = 'asked';

CREATE TABLE provenance (
    referral_id BLOB NOT NULL PRIMARY KEY REFERENCES referral (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    reference TEXT NOT NULL CHECK (length(reference) BETWEEN 1 AND 64)
) STRICT;
