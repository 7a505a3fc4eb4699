-- The first house: parties, referrals and their conversation, supply, matches, support, tenancies, and the ledger.
--
-- Ids are UUIDv7 as 16 bytes, so rows lie in the order they came. Moments are milliseconds since 1970 (UTC), days are
-- day numbers since 1970-01-01, money is euro cents. Lists of codes are words separated by one space. Every closed list
-- repeats the words of the domain in a CHECK, so that no other program can put in what the service could not read.

CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Parties -----------------------------------------------------------------------------------------------------------

CREATE TABLE organisation (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (kind IN
        ('municipality', 'housing_corporation', 'care_provider', 'intake_point', 'self_managed_facility')),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    municipality TEXT CHECK (municipality GLOB 'GM[0-9][0-9][0-9][0-9]'),
    created_at INTEGER NOT NULL,
    disabled_at INTEGER,
    CHECK (kind <> 'municipality' OR municipality IS NOT NULL),
    UNIQUE (kind, name)
) STRICT;

CREATE TABLE access_token (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisation (id),
    role TEXT NOT NULL CHECK (role IN
        ('referrer', 'supporter', 'policymaker', 'intaker', 'coordinator', 'allocator', 'panel', 'candidate',
         'auditor', 'admin')),
    referral_id BLOB REFERENCES referral (id),
    label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    CHECK ((role = 'candidate') = (referral_id IS NOT NULL))
) STRICT;
CREATE INDEX access_token_organisation ON access_token (organisation_id);
CREATE INDEX access_token_referral ON access_token (referral_id) WHERE referral_id IS NOT NULL;

-- Referrals: the queue's own facts, without who it is about --------------------------------------------------------------

CREATE TABLE referral (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    number INTEGER NOT NULL UNIQUE CHECK (number > 0),
    organisation_id BLOB NOT NULL REFERENCES organisation (id),
    external_reference TEXT CHECK (length(external_reference) BETWEEN 1 AND 64),
    route TEXT NOT NULL CHECK (route IN
        ('prevention', 'shelter_intake', 'shelter_exit', 'protected_living_intake', 'protected_living_exit',
         'youth_care_exit', 'clinic_exit', 'detention_exit')),
    municipality TEXT NOT NULL CHECK (municipality GLOB 'GM[0-9][0-9][0-9][0-9]'),
    status TEXT NOT NULL CHECK (status IN
        ('submitted', 'awaiting_information', 'intake', 'reported', 'waiting', 'matched', 'accepted', 'housed',
         'on_hold', 'closed', 'redirected', 'rejected', 'withdrawn')),
    resume_status TEXT CHECK (resume_status IN ('submitted', 'intake', 'reported')),
    received_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    waiting_since INTEGER,
    promise_due_on INTEGER,
    hold_started_on INTEGER,
    hold_until INTEGER,
    urgency TEXT CHECK (urgency IN ('acute', 'urgent', 'regular')),
    urgency_rank INTEGER AS (CASE urgency WHEN 'acute' THEN 1 WHEN 'urgent' THEN 2 WHEN 'regular' THEN 3 END) STORED,
    form TEXT CHECK (form IN
        ('independent', 'independent_ambulatory', 'clustered', 'shared', 'protected_home', 'housing_first',
         'self_managed')),
    outcome TEXT CHECK (outcome IN
        ('settled', 'settled_with_light_support', 'moved_elsewhere', 'deceased', 'lost_contact')),
    household_adults INTEGER NOT NULL CHECK (household_adults BETWEEN 1 AND 20),
    household_children INTEGER NOT NULL CHECK (household_children BETWEEN 0 AND 20),
    pets INTEGER NOT NULL CHECK (pets IN (0, 1)),
    accessibility TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK ((status = 'awaiting_information') = (resume_status IS NOT NULL)),
    CHECK ((status = 'on_hold') = (hold_until IS NOT NULL)),
    CHECK (status NOT IN ('waiting', 'matched', 'accepted', 'housed', 'on_hold', 'closed')
        OR (waiting_since IS NOT NULL AND promise_due_on IS NOT NULL AND urgency IS NOT NULL AND form IS NOT NULL))
) STRICT;
-- The reference first: the intake point searches by it whosever it is.
CREATE UNIQUE INDEX referral_external_reference ON referral (external_reference, organisation_id)
    WHERE external_reference IS NOT NULL;
CREATE INDEX referral_organisation ON referral (organisation_id, id);
CREATE INDEX referral_municipality ON referral (municipality, id);
CREATE INDEX referral_status ON referral (status, id);
-- The queue: urgency class, then waiting date, then id.
CREATE INDEX referral_queue ON referral (urgency_rank, waiting_since, id) WHERE status = 'waiting';

CREATE TABLE person (
    referral_id BLOB NOT NULL PRIMARY KEY REFERENCES referral (id),
    given_name TEXT NOT NULL CHECK (length(given_name) BETWEEN 1 AND 100),
    infix TEXT CHECK (length(infix) BETWEEN 1 AND 30),
    family_name TEXT NOT NULL CHECK (length(family_name) BETWEEN 1 AND 100),
    folded_family_name TEXT NOT NULL,
    birth_date INTEGER NOT NULL,
    bsn TEXT CHECK (bsn GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'),
    phone TEXT CHECK (length(phone) BETWEEN 3 AND 30),
    email TEXT CHECK (length(email) BETWEEN 3 AND 200)
) STRICT;
CREATE INDEX person_bsn ON person (bsn) WHERE bsn IS NOT NULL;
-- The name first: a search may not know the birth date.
CREATE INDEX person_name ON person (folded_family_name, birth_date);

-- What the referrer wrote about the person's situation, and the two opening questions.
CREATE TABLE situation (
    referral_id BLOB NOT NULL PRIMARY KEY REFERENCES referral (id),
    opening_declined INTEGER NOT NULL CHECK (opening_declined IN (0, 1)),
    missed_signals TEXT CHECK (length(missed_signals) BETWEEN 1 AND 4000),
    needed_two_years_ago TEXT CHECK (length(needed_two_years_ago) BETWEEN 1 AND 4000),
    legal_residence INTEGER NOT NULL CHECK (legal_residence IN (0, 1)),
    acute_danger INTEGER NOT NULL CHECK (acute_danger IN (0, 1)),
    lasting_24h_supervision INTEGER NOT NULL CHECK (lasting_24h_supervision IN (0, 1)),
    own_strength_suffices INTEGER NOT NULL CHECK (own_strength_suffices IN (0, 1)),
    homeless_tonight INTEGER NOT NULL CHECK (homeless_tonight IN (0, 1)),
    support_needs TEXT NOT NULL,
    health TEXT CHECK (length(health) BETWEEN 1 AND 4000),
    income_per_month INTEGER CHECK (income_per_month BETWEEN 0 AND 100000000),
    debts INTEGER CHECK (debts BETWEEN 0 AND 100000000000),
    CHECK (opening_declined = 1 OR (missed_signals IS NOT NULL AND needed_two_years_ago IS NOT NULL))
) STRICT;

CREATE TABLE event (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    from_status TEXT,
    to_status TEXT,
    at INTEGER NOT NULL,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    organisation_id BLOB NOT NULL REFERENCES organisation (id),
    role TEXT NOT NULL,
    reason TEXT CHECK (length(reason) BETWEEN 1 AND 4000)
) STRICT;
CREATE INDEX event_referral ON event (referral_id, id);
CREATE TRIGGER event_is_kept_as_written BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;

CREATE TABLE decision (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    kind TEXT NOT NULL CHECK (kind IN ('admit', 'redirect', 'reject')),
    at INTEGER NOT NULL,
    form TEXT,
    profile_version INTEGER,
    urgency TEXT,
    urgency_ground TEXT CHECK (length(urgency_ground) BETWEEN 1 AND 1000),
    agreement_waived TEXT CHECK (length(agreement_waived) BETWEEN 1 AND 1000),
    advice TEXT NOT NULL,
    objection_due_on INTEGER,
    CHECK (kind <> 'admit' OR (form IS NOT NULL AND profile_version IS NOT NULL AND urgency IS NOT NULL)),
    CHECK (kind = 'admit' OR advice <> ''),
    CHECK (kind <> 'reject' OR objection_due_on IS NOT NULL)
) STRICT;
CREATE INDEX decision_referral ON decision (referral_id, id);

-- The conversation, in its versions ------------------------------------------------------------------------------------

CREATE TABLE report (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    number INTEGER NOT NULL CHECK (number > 0),
    written_at INTEGER NOT NULL,
    summary TEXT NOT NULL CHECK (length(summary) BETWEEN 1 AND 20000),
    support_needs TEXT NOT NULL,
    risks TEXT NOT NULL,
    advised_form TEXT NOT NULL,
    income_per_month INTEGER CHECK (income_per_month BETWEEN 0 AND 100000000),
    personal_plan_received INTEGER NOT NULL CHECK (personal_plan_received IN (0, 1)),
    client_support_offered INTEGER NOT NULL CHECK (client_support_offered IN (0, 1)),
    agreed INTEGER CHECK (agreed IN (0, 1)),
    remarks TEXT CHECK (length(remarks) BETWEEN 1 AND 10000),
    answered_at INTEGER,
    answered_by TEXT,
    UNIQUE (referral_id, number),
    CHECK ((agreed IS NULL) = (answered_at IS NULL)),
    CHECK (agreed IS NOT 0 OR remarks IS NOT NULL)
) STRICT;

CREATE TABLE report_condition (
    report_id BLOB NOT NULL REFERENCES report (id),
    condition TEXT NOT NULL CHECK (condition IN ('health', 'housing', 'income', 'activities', 'relations')),
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
    note TEXT NOT NULL CHECK (length(note) <= 2000),
    PRIMARY KEY (report_id, condition)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_skill (
    report_id BLOB NOT NULL REFERENCES report (id),
    skill TEXT NOT NULL CHECK (skill IN ('housekeeping', 'money', 'self_care', 'neighbours', 'day_structure')),
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
    PRIMARY KEY (report_id, skill)
) STRICT, WITHOUT ROWID;

CREATE TABLE wish_version (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    number INTEGER NOT NULL CHECK (number > 0),
    phase TEXT CHECK (phase IN ('stabilising', 'rebuilding', 'growing')),
    written_at INTEGER NOT NULL,
    role TEXT NOT NULL,
    UNIQUE (referral_id, number)
) STRICT;

CREATE TABLE wish (
    version_id BLOB NOT NULL REFERENCES wish_version (id),
    rank INTEGER NOT NULL CHECK (rank BETWEEN 1 AND 10),
    form TEXT NOT NULL CHECK (form IN
        ('independent', 'independent_ambulatory', 'clustered', 'shared', 'protected_home', 'housing_first',
         'self_managed')),
    municipalities TEXT NOT NULL,
    note TEXT CHECK (length(note) BETWEEN 1 AND 1000),
    PRIMARY KEY (version_id, rank)
) STRICT, WITHOUT ROWID;

CREATE TABLE consent (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('intake', 'matching', 'share_with_landlord', 'network')),
    recipient_id BLOB REFERENCES organisation (id),
    given_at INTEGER NOT NULL,
    ends_on INTEGER,
    withdrawn_at INTEGER,
    withdrawal_reason TEXT CHECK (length(withdrawal_reason) BETWEEN 1 AND 1000),
    role TEXT NOT NULL
) STRICT;
CREATE INDEX consent_referral ON consent (referral_id, id);

-- Supply --------------------------------------------------------------------------------------------------------------

CREATE TABLE dwelling (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisation (id),
    external_reference TEXT CHECK (length(external_reference) BETWEEN 1 AND 64),
    status TEXT NOT NULL CHECK (status IN ('free', 'reserved', 'let', 'withdrawn')),
    form TEXT NOT NULL CHECK (form IN
        ('independent', 'independent_ambulatory', 'clustered', 'shared', 'protected_home', 'housing_first',
         'self_managed')),
    municipality TEXT NOT NULL CHECK (municipality GLOB 'GM[0-9][0-9][0-9][0-9]'),
    neighbourhood TEXT NOT NULL CHECK (length(neighbourhood) BETWEEN 1 AND 100),
    street TEXT NOT NULL CHECK (length(street) BETWEEN 1 AND 100),
    house_number TEXT NOT NULL CHECK (length(house_number) BETWEEN 1 AND 20),
    postcode TEXT NOT NULL CHECK (postcode GLOB '[1-9][0-9][0-9][0-9] [A-Z][A-Z]'),
    city TEXT NOT NULL CHECK (length(city) BETWEEN 1 AND 100),
    rooms INTEGER NOT NULL CHECK (rooms BETWEEN 1 AND 50),
    rent INTEGER NOT NULL CHECK (rent BETWEEN 0 AND 1000000),
    service_cost INTEGER NOT NULL CHECK (service_cost BETWEEN 0 AND 1000000),
    accessibility TEXT NOT NULL,
    household_maximum INTEGER NOT NULL CHECK (household_maximum BETWEEN 1 AND 40),
    pets_allowed INTEGER NOT NULL CHECK (pets_allowed IN (0, 1)),
    tenancy_kind TEXT NOT NULL CHECK (tenancy_kind IN ('regular', 'three_party', 'via_provider')),
    available_from INTEGER NOT NULL,
    remarks TEXT CHECK (length(remarks) BETWEEN 1 AND 2000),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX dwelling_external_reference ON dwelling (organisation_id, external_reference)
    WHERE external_reference IS NOT NULL;
CREATE INDEX dwelling_organisation ON dwelling (organisation_id, id);
CREATE INDEX dwelling_status ON dwelling (status, id);

CREATE TABLE match (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    dwelling_id BLOB NOT NULL REFERENCES dwelling (id),
    landlord_id BLOB NOT NULL REFERENCES organisation (id),
    status TEXT NOT NULL CHECK (status IN
        ('proposed', 'offered', 'accepted', 'declined', 'expired', 'withdrawn', 'fallen_through', 'fulfilled')),
    landlord_answer TEXT NOT NULL CHECK (landlord_answer IN ('pending', 'accepted', 'declined')),
    candidate_answer TEXT NOT NULL CHECK (candidate_answer IN ('pending', 'accepted', 'declined')),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    -- The hard limits that did not hold when the match was made by hand, and the versions the check rested on.
    failing_limits TEXT NOT NULL,
    wish_version INTEGER NOT NULL,
    referral_version INTEGER NOT NULL,
    dwelling_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    offered_at INTEGER,
    answer_due_on INTEGER,
    ended_at INTEGER,
    decline_reason TEXT,
    decline_note TEXT CHECK (length(decline_note) BETWEEN 1 AND 2000),
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (status IN ('proposed', 'withdrawn') OR offered_at IS NOT NULL),
    CHECK (status <> 'accepted' OR (landlord_answer = 'accepted' AND candidate_answer = 'accepted'))
) STRICT;
-- Never two live matches for one dwelling, nor two accepted ones for one candidate.
CREATE UNIQUE INDEX match_live_dwelling ON match (dwelling_id) WHERE status IN ('proposed', 'offered', 'accepted');
CREATE UNIQUE INDEX match_accepted_referral ON match (referral_id) WHERE status = 'accepted';
CREATE INDEX match_landlord ON match (landlord_id, id);
CREATE INDEX match_referral ON match (referral_id, id);

CREATE TABLE match_response (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    match_id BLOB NOT NULL REFERENCES match (id),
    answer TEXT NOT NULL CHECK (answer IN ('accept', 'decline', 'withdraw', 'expire')),
    party TEXT CHECK (party IN ('landlord', 'candidate')),
    on_behalf INTEGER NOT NULL CHECK (on_behalf IN (0, 1)),
    role TEXT NOT NULL,
    reason TEXT,
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX match_response_match ON match_response (match_id, id);

-- Support and tenancies ------------------------------------------------------------------------------------------------

CREATE TABLE support_request (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    provider_id BLOB NOT NULL REFERENCES organisation (id),
    status TEXT NOT NULL CHECK (status IN ('asked', 'accepted', 'declined', 'withdrawn')),
    needs TEXT NOT NULL,
    hours_per_week INTEGER NOT NULL CHECK (hours_per_week BETWEEN 1 AND 168),
    wanted_from INTEGER,
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
    asked_at INTEGER NOT NULL,
    answer_due_on INTEGER NOT NULL,
    answered_at INTEGER,
    starts_on INTEGER,
    contact_name TEXT CHECK (length(contact_name) BETWEEN 1 AND 100),
    contact_phone TEXT CHECK (length(contact_phone) BETWEEN 3 AND 30),
    decline_reason TEXT CHECK (decline_reason IN ('no_capacity', 'outside_area', 'expertise_lacking', 'other')),
    decline_note TEXT CHECK (length(decline_note) BETWEEN 1 AND 2000),
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (status <> 'accepted' OR (starts_on IS NOT NULL AND contact_name IS NOT NULL AND contact_phone IS NOT NULL)),
    CHECK (status <> 'declined' OR decline_reason IS NOT NULL)
) STRICT;
CREATE INDEX support_request_referral ON support_request (referral_id, id);
CREATE INDEX support_request_provider ON support_request (provider_id, id);
-- One request at a time to one provider about one person, and one provider that supports a person.
CREATE UNIQUE INDEX support_request_open ON support_request (referral_id, provider_id) WHERE status = 'asked';
CREATE UNIQUE INDEX support_request_accepted ON support_request (referral_id) WHERE status = 'accepted';

CREATE TABLE tenancy (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    match_id BLOB NOT NULL UNIQUE REFERENCES match (id),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    dwelling_id BLOB NOT NULL REFERENCES dwelling (id),
    landlord_id BLOB NOT NULL REFERENCES organisation (id),
    support_request_id BLOB NOT NULL REFERENCES support_request (id),
    kind TEXT NOT NULL CHECK (kind IN ('regular', 'three_party', 'via_provider')),
    starts_on INTEGER NOT NULL,
    convert_on INTEGER,
    registered_at INTEGER NOT NULL,
    ended_on INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (convert_on IS NULL OR kind = 'via_provider')
) STRICT;
CREATE INDEX tenancy_referral ON tenancy (referral_id, id);
CREATE INDEX tenancy_landlord ON tenancy (landlord_id, id);
CREATE INDEX tenancy_dwelling ON tenancy (dwelling_id);

-- Safe to repeat ------------------------------------------------------------------------------------------------------

CREATE TABLE idempotency (
    token_id BLOB NOT NULL REFERENCES access_token (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    status INTEGER NOT NULL,
    fields TEXT NOT NULL,
    body BLOB NOT NULL,
    referral_id BLOB REFERENCES referral (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (token_id, key)
) STRICT;
CREATE INDEX idempotency_created ON idempotency (created_at);

-- The disclosure ledger: who saw or changed what about whom ------------------------------------------------------------

CREATE TABLE ledger (
    sequence INTEGER NOT NULL PRIMARY KEY CHECK (sequence > 0),
    at INTEGER NOT NULL,
    token_id BLOB NOT NULL,
    organisation_id BLOB NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    purpose TEXT NOT NULL,
    referral_id BLOB NOT NULL,
    object_id BLOB NOT NULL,
    field_groups TEXT NOT NULL,
    request_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    address TEXT NOT NULL,
    previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX ledger_referral ON ledger (referral_id, sequence);
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never changed'); END;
CREATE TRIGGER ledger_is_never_shortened BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never removed'); END;
-- REPLACE removes a row without a delete trigger (https://www.sqlite.org/lang_conflict.html), so nothing may come in
-- but the next entry.
CREATE TRIGGER ledger_only_grows BEFORE INSERT ON ledger
    WHEN NEW.sequence <> 1 + (SELECT coalesce(max(sequence), 0) FROM ledger)
    BEGIN SELECT RAISE(ABORT, 'a ledger entry comes after the last one'); END;
