-- What a post writes, in fewer and cheaper rows. Nothing means anything else than before; ids of events, clocks and consents are
-- held to be unique among those of one referral.
--
-- A list of more than two words after IN is made into an index of its own each time a row is checked; with OR it costs
-- nothing that can be measured. And what is only ever looked for by its referral lies by its referral, in one tree
-- (https://www.sqlite.org/withoutrowid.html), where it was in three: the rows of a new referral are then the last of each.
-- Without the two SQLite alone stores 4,800 new referrals a second where it stores 7,200 with them, and half as many pages
-- are written for one.

-- The triggers of other tables name the tables that are away for a moment.
PRAGMA legacy_alter_table = ON;

-- A row whose parent is missing has no referral and stops this here (LEFT JOIN), rather than being left out.

CREATE TABLE referral_renewed (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    number INTEGER NOT NULL UNIQUE CHECK (number > 0),
    organisation_id BLOB NOT NULL REFERENCES organisation (id),
    external_reference TEXT CHECK (length(external_reference) BETWEEN 1 AND 64),
    route TEXT NOT NULL CHECK (route = 'prevention' OR route = 'shelter_intake' OR route = 'shelter_exit' OR
        route = 'protected_living_intake' OR route = 'protected_living_exit' OR route = 'youth_care_exit' OR
        route = 'clinic_exit' OR route = 'detention_exit'),
    municipality TEXT NOT NULL CHECK (municipality GLOB 'GM[0-9][0-9][0-9][0-9]'),
    status TEXT NOT NULL CHECK (status = 'submitted' OR status = 'awaiting_information' OR status = 'intake' OR
        status = 'reported' OR status = 'waiting' OR status = 'matched' OR status = 'accepted' OR status = 'housed' OR
        status = 'on_hold' OR status = 'closed' OR status = 'redirected' OR status = 'rejected' OR status = 'withdrawn'),
    resume_status TEXT CHECK (resume_status = 'submitted' OR resume_status = 'intake' OR resume_status = 'reported'),
    received_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    waiting_since INTEGER,
    promise_due_on INTEGER,
    hold_started_on INTEGER,
    hold_until INTEGER,
    urgency TEXT CHECK (urgency = 'acute' OR urgency = 'urgent' OR urgency = 'regular'),
    urgency_rank INTEGER AS (CASE urgency WHEN 'acute' THEN 1 WHEN 'urgent' THEN 2 WHEN 'regular' THEN 3 END) STORED,
    form TEXT CHECK (form = 'independent' OR form = 'independent_ambulatory' OR form = 'clustered' OR form = 'shared' OR
        form = 'protected_home' OR form = 'housing_first' OR form = 'self_managed'),
    outcome TEXT CHECK (outcome = 'settled' OR outcome = 'settled_with_light_support' OR outcome = 'moved_elsewhere' OR
        outcome = 'deceased' OR outcome = 'lost_contact'),
    household_adults INTEGER NOT NULL CHECK (household_adults BETWEEN 1 AND 20),
    household_children INTEGER NOT NULL CHECK (household_children BETWEEN 0 AND 20),
    pets INTEGER NOT NULL CHECK (pets IN (0, 1)),
    accessibility TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1)),
    assignee_id BLOB REFERENCES access_token (id),
    CHECK ((status = 'awaiting_information') = (resume_status IS NOT NULL)),
    CHECK ((status = 'on_hold') = (hold_until IS NOT NULL)),
    CHECK ((status <> 'waiting' AND status <> 'matched' AND status <> 'accepted' AND status <> 'housed' AND
        status <> 'on_hold' AND status <> 'closed')
        OR (waiting_since IS NOT NULL AND promise_due_on IS NOT NULL AND urgency IS NOT NULL AND form IS NOT NULL))
) STRICT;
INSERT INTO referral_renewed (id, number, organisation_id, external_reference, route, municipality, status, resume_status,
    received_at, updated_at, waiting_since, promise_due_on, hold_started_on, hold_until, urgency, form, outcome,
    household_adults, household_children, pets, accessibility, version, restricted, assignee_id)
    SELECT id, number, organisation_id, external_reference, route, municipality, status, resume_status, received_at,
    updated_at, waiting_since, promise_due_on, hold_started_on, hold_until, urgency, form, outcome, household_adults,
    household_children, pets, accessibility, version, restricted, assignee_id
    FROM referral ORDER BY id;
DROP TABLE referral;
ALTER TABLE referral_renewed RENAME TO referral;
CREATE UNIQUE INDEX referral_external_reference ON referral (external_reference, organisation_id)
    WHERE external_reference IS NOT NULL;
CREATE INDEX referral_organisation ON referral (organisation_id, id);
CREATE INDEX referral_municipality ON referral (municipality, id);
CREATE INDEX referral_status ON referral (status, id);
CREATE INDEX referral_queue ON referral (urgency_rank, waiting_since, id) WHERE status = 'waiting';
CREATE INDEX referral_assignee ON referral (assignee_id, id) WHERE assignee_id IS NOT NULL;
CREATE TRIGGER referral_added_is_told AFTER INSERT ON referral BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.id, 1);
END;
CREATE TRIGGER referral_changed_is_told AFTER UPDATE OF status, version, updated_at, external_reference ON referral BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.id, 1);
END;
CREATE TRIGGER referral_needs_are_told
    AFTER UPDATE OF household_adults, household_children, pets, accessibility ON referral BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.id, 1), (10, NEW.id, 2);
END;
CREATE TRIGGER referral_scope_is_told AFTER UPDATE OF municipality, organisation_id, restricted ON referral
    WHEN OLD.municipality <> NEW.municipality OR OLD.organisation_id <> NEW.organisation_id
        OR OLD.restricted <> NEW.restricted BEGIN
    INSERT OR IGNORE INTO touched VALUES (0, NEW.id, 5);
END;
CREATE TRIGGER referral_removed_is_told AFTER DELETE ON referral BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, OLD.id, 5);
END;

CREATE TABLE person_renewed (
    referral_id BLOB NOT NULL PRIMARY KEY REFERENCES referral (id),
    given_name TEXT NOT NULL CHECK (length(given_name) BETWEEN 1 AND 100),
    infix TEXT CHECK (length(infix) BETWEEN 1 AND 30),
    family_name TEXT NOT NULL CHECK (length(family_name) BETWEEN 1 AND 100),
    folded_family_name TEXT NOT NULL,
    birth_date INTEGER NOT NULL,
    bsn TEXT CHECK (bsn GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'),
    phone TEXT CHECK (length(phone) BETWEEN 3 AND 30),
    email TEXT CHECK (length(email) BETWEEN 3 AND 200)
) STRICT, WITHOUT ROWID;
INSERT INTO person_renewed (referral_id, given_name, infix, family_name, folded_family_name, birth_date, bsn, phone, email)
    SELECT referral_id, given_name, infix, family_name, folded_family_name, birth_date, bsn, phone, email
    FROM person ORDER BY referral_id;
DROP TABLE person;
ALTER TABLE person_renewed RENAME TO person;
CREATE INDEX person_bsn ON person (bsn) WHERE bsn IS NOT NULL;
CREATE INDEX person_birth ON person (birth_date, referral_id, given_name, family_name);
CREATE INDEX person_name ON person (folded_family_name, birth_date, referral_id);
CREATE TRIGGER person_changed_is_told AFTER UPDATE ON person BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
END;
CREATE TRIGGER person_removed_is_told AFTER DELETE ON person BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, OLD.referral_id, 2), (10, OLD.referral_id, 2);
END;

CREATE TABLE field_trace_renewed (
    referral_id BLOB NOT NULL REFERENCES referral (id),
    event_id BLOB NOT NULL,
    field TEXT NOT NULL CHECK (length(field) BETWEEN 2 AND 60),
    -- Null when nothing stood there.
    before TEXT CHECK (length(before) BETWEEN 1 AND 4000),
    PRIMARY KEY (referral_id, event_id, field),
    FOREIGN KEY (referral_id, event_id) REFERENCES event (referral_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO field_trace_renewed (referral_id, event_id, field, before)
    SELECT e.referral_id, t.event_id, t.field, t.before
    FROM field_trace t LEFT JOIN event e ON e.id = t.event_id ORDER BY 1, 2, 3;
DROP TABLE field_trace;
ALTER TABLE field_trace_renewed RENAME TO field_trace;
CREATE TRIGGER field_trace_is_kept_as_written BEFORE UPDATE ON field_trace
    BEGIN SELECT RAISE(ABORT, 'a trace is never changed'); END;
CREATE TRIGGER field_trace_is_never_removed BEFORE DELETE ON field_trace
    WHEN NOT EXISTS (SELECT 1 FROM erasure e WHERE e.referral_id = OLD.referral_id)
    BEGIN SELECT RAISE(ABORT, 'a trace is never removed'); END;

CREATE TABLE event_renewed (
    referral_id BLOB NOT NULL REFERENCES referral (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    from_status TEXT,
    to_status TEXT,
    at INTEGER NOT NULL,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    organisation_id BLOB NOT NULL REFERENCES organisation (id),
    role TEXT NOT NULL,
    reason TEXT CHECK (length(reason) BETWEEN 1 AND 4000),
    PRIMARY KEY (referral_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO event_renewed (referral_id, id, kind, from_status, to_status, at, token_id, organisation_id, role, reason)
    SELECT referral_id, id, kind, from_status, to_status, at, token_id, organisation_id, role, reason
    FROM event ORDER BY referral_id, id;
DROP TABLE event;
ALTER TABLE event_renewed RENAME TO event;
CREATE TRIGGER event_is_kept_as_written BEFORE UPDATE ON event
    WHEN NOT (
        NEW.reason IS NULL AND NEW.id = OLD.id AND NEW.referral_id = OLD.referral_id AND NEW.kind = OLD.kind
        AND NEW.from_status IS OLD.from_status AND NEW.to_status IS OLD.to_status AND NEW.at = OLD.at
        AND NEW.token_id = OLD.token_id AND NEW.organisation_id = OLD.organisation_id AND NEW.role = OLD.role
        AND EXISTS (SELECT 1 FROM erasure e WHERE e.referral_id = OLD.referral_id))
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_is_told AFTER INSERT ON event BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, CASE
        WHEN NEW.kind = 'match_proposed' OR NEW.kind = 'draft_withdrawn' OR NEW.kind = 'link' OR NEW.kind = 'unlink' OR
        NEW.kind = 'task_done' OR NEW.kind = 'task_assigned' OR NEW.kind = 'task_answered' OR NEW.kind = 'restricted' OR
        NEW.kind = 'restriction_ended' OR NEW.kind = 'assigned' THEN 4
        WHEN NEW.organisation_id = (SELECT organisation_id FROM referral WHERE id = NEW.referral_id) THEN 2
        ELSE 3 END);
END;

CREATE TABLE clock_pause_renewed (
    referral_id BLOB NOT NULL REFERENCES referral (id),
    clock_id BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    ground TEXT NOT NULL CHECK (ground = 'information_awaited' OR ground = 'agreed_in_writing' OR
        ground = 'candidates_delay' OR ground = 'force_majeure' OR ground = 'candidates_wish'),
    from_on INTEGER NOT NULL,
    until_on INTEGER,
    PRIMARY KEY (referral_id, clock_id, number),
    FOREIGN KEY (referral_id, clock_id) REFERENCES clock (referral_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO clock_pause_renewed (referral_id, clock_id, number, ground, from_on, until_on)
    SELECT k.referral_id, p.clock_id, p.number, p.ground, p.from_on, p.until_on
    FROM clock_pause p LEFT JOIN clock k ON k.id = p.clock_id ORDER BY 1, 2, 3;
DROP TABLE clock_pause;
ALTER TABLE clock_pause_renewed RENAME TO clock_pause;

CREATE TABLE clock_renewed (
    referral_id BLOB NOT NULL REFERENCES referral (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (kind = 'completeness' OR kind = 'personal_plan' OR kind = 'investigation' OR
        kind = 'decision' OR kind = 'promise' OR kind = 'landlord_answer' OR kind = 'candidate_answer' OR
        kind = 'support_answer' OR kind = 'wishes' OR kind = 'objection'),
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
    CHECK (ended_on IS NULL OR paused_on IS NULL),
    PRIMARY KEY (referral_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO clock_renewed (referral_id, id, kind, object_id, started_on, working_days, days, region_version, due_on,
    paused_on, ended_on, outcome)
    SELECT referral_id, id, kind, object_id, started_on, working_days, days, region_version, due_on, paused_on, ended_on,
    outcome
    FROM clock ORDER BY referral_id, id;
DROP TABLE clock;
ALTER TABLE clock_renewed RENAME TO clock;
CREATE INDEX clock_due ON clock (due_on, referral_id)
    WHERE ended_on IS NULL AND paused_on IS NULL AND kind NOT IN ('personal_plan', 'objection');
CREATE UNIQUE INDEX clock_runs_once ON clock (referral_id, kind, ifnull(object_id, x'')) WHERE ended_on IS NULL;
CREATE TRIGGER clock_added_is_told AFTER INSERT ON clock BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 1);
END;
CREATE TRIGGER clock_changed_is_told AFTER UPDATE ON clock BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 1);
END;

CREATE TABLE consent_renewed (
    referral_id BLOB NOT NULL REFERENCES referral (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    purpose TEXT NOT NULL CHECK (purpose = 'intake' OR purpose = 'matching' OR purpose = 'share_with_landlord' OR
        purpose = 'network'),
    recipient_id BLOB REFERENCES organisation (id),
    given_at INTEGER NOT NULL,
    ends_on INTEGER,
    withdrawn_at INTEGER,
    withdrawal_reason TEXT CHECK (length(withdrawal_reason) BETWEEN 1 AND 1000),
    role TEXT NOT NULL,
    PRIMARY KEY (referral_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO consent_renewed (referral_id, id, purpose, recipient_id, given_at, ends_on, withdrawn_at, withdrawal_reason,
    role)
    SELECT referral_id, id, purpose, recipient_id, given_at, ends_on, withdrawn_at, withdrawal_reason, role
    FROM consent ORDER BY referral_id, id;
DROP TABLE consent;
ALTER TABLE consent_renewed RENAME TO consent;
CREATE INDEX consent_end ON consent (ends_on, id) WHERE ends_on IS NOT NULL AND withdrawn_at IS NULL;
CREATE TRIGGER consent_added_is_told AFTER INSERT ON consent BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
END;
CREATE TRIGGER consent_changed_is_told AFTER UPDATE ON consent BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
END;

CREATE TABLE wish_renewed (
    referral_id BLOB NOT NULL REFERENCES referral (id),
    -- The number of the version that it stands in.
    version INTEGER NOT NULL,
    rank INTEGER NOT NULL CHECK (rank BETWEEN 1 AND 10),
    form TEXT NOT NULL CHECK (form = 'independent' OR form = 'independent_ambulatory' OR form = 'clustered' OR
        form = 'shared' OR form = 'protected_home' OR form = 'housing_first' OR form = 'self_managed'),
    municipalities TEXT NOT NULL,
    note TEXT CHECK (length(note) BETWEEN 1 AND 1000),
    surroundings TEXT NOT NULL DEFAULT '',
    living_with TEXT CHECK (living_with = 'alone' OR living_with = 'partner' OR living_with = 'children' OR
        living_with = 'family' OR living_with = 'others'),
    pets INTEGER CHECK (pets IN (0, 1)),
    close_to TEXT CHECK (length(close_to) BETWEEN 1 AND 500),
    near TEXT CHECK (length(near) BETWEEN 1 AND 5000),
    PRIMARY KEY (referral_id, version, rank),
    FOREIGN KEY (referral_id, version) REFERENCES wish_version (referral_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO wish_renewed (referral_id, version, rank, form, municipalities, note, surroundings, living_with, pets, close_to,
    near)
    SELECT v.referral_id, v.number, w.rank, w.form, w.municipalities, w.note, w.surroundings, w.living_with, w.pets,
    w.close_to, w.near
    FROM wish w LEFT JOIN wish_version v ON v.id = w.version_id ORDER BY 1, 2, 3;
DROP TABLE wish;
ALTER TABLE wish_renewed RENAME TO wish;

CREATE TABLE wish_version_renewed (
    referral_id BLOB NOT NULL REFERENCES referral (id),
    number INTEGER NOT NULL CHECK (number > 0),
    phase TEXT CHECK (phase = 'stabilising' OR phase = 'rebuilding' OR phase = 'growing'),
    written_at INTEGER NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (referral_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO wish_version_renewed (referral_id, number, phase, written_at, role)
    SELECT referral_id, number, phase, written_at, role
    FROM wish_version ORDER BY referral_id, number;
DROP TABLE wish_version;
ALTER TABLE wish_version_renewed RENAME TO wish_version;
CREATE TRIGGER wishes_are_told AFTER INSERT ON wish_version BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
END;

-- The oldest answers are the first: they need no index by their time.
CREATE TABLE idempotency_renewed (
    -- In the order in which they were kept.
    number INTEGER PRIMARY KEY,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    status INTEGER NOT NULL,
    referral_id BLOB REFERENCES referral (id),
    created_at INTEGER NOT NULL,
    fields TEXT NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (token_id, key)
) STRICT;
INSERT INTO idempotency_renewed (token_id, key, request_hash, status, referral_id, created_at, fields, body)
    SELECT token_id, key, request_hash, status, referral_id, created_at, fields, body
    FROM idempotency ORDER BY created_at;
DROP TABLE idempotency;
ALTER TABLE idempotency_renewed RENAME TO idempotency;

PRAGMA legacy_alter_table = OFF;
