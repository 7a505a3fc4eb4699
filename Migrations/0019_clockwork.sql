-- What time itself brings about: the clock as somebody who acts, tasks about what is no referral yet, and everything that
-- happened to a task.

-- Who an event, an answer and a ledger entry name when nobody asked: an organisation that is closed and a token that never
-- held. Its id is the greatest there is (RFC 9562, section 5.10).
INSERT INTO organisation (id, kind, name, created_at, disabled_at)
    VALUES (x'ffffffffffffffffffffffffffffffff', 'intake_point', 'Thuispunt (klok)', 0, 0);
INSERT INTO access_token (id, organisation_id, role, label, hash, created_at, revoked_at)
    VALUES (x'ffffffffffffffffffffffffffffffff', x'ffffffffffffffffffffffffffffffff', 'coordinator', 'clock', randomblob(32), 0, 0);

-- As `task` was, but that a task need not be about a referral.
CREATE TABLE task_renewed (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB REFERENCES referral (id),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    -- What it is about besides: a consent, a match, a clock, a signal.
    object_id BLOB CHECK (length(object_id) = 16),
    role TEXT NOT NULL,
    organisation_id BLOB REFERENCES organisation (id),
    token_id BLOB REFERENCES access_token (id),
    created_at INTEGER NOT NULL,
    due_on INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'done', 'dropped')),
    ended_at INTEGER,
    ended_by BLOB REFERENCES access_token (id),
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK ((status = 'open') = (ended_at IS NULL)),
    CHECK (referral_id IS NOT NULL OR object_id IS NOT NULL)
) STRICT;
INSERT INTO task_renewed SELECT id, referral_id, kind, object_id, role, organisation_id, token_id, created_at, due_on, status,
    ended_at, ended_by, note, version FROM task;
DROP TABLE task;
ALTER TABLE task_renewed RENAME TO task;
CREATE INDEX task_referral ON task (referral_id, id);
CREATE INDEX task_organisation ON task (organisation_id, id);
-- What is to be done, the most pressing first.
CREATE INDEX task_open ON task (due_on, id) WHERE status = 'open';
-- What a task is about, to end it with that.
CREATE INDEX task_object ON task (object_id) WHERE object_id IS NOT NULL;
-- One open task of a kind about one thing: asking twice makes no second one.
CREATE UNIQUE INDEX task_open_once
    ON task (ifnull(referral_id, x''), kind, ifnull(object_id, x''), role, ifnull(organisation_id, x'')) WHERE status = 'open';

-- One row for each change of a task, in the order of the commits.
CREATE TABLE task_event (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    task_id BLOB NOT NULL REFERENCES task (id),
    kind TEXT NOT NULL CHECK (kind IN ('made', 'assigned', 'answered', 'escalated', 'done', 'dropped')),
    at INTEGER NOT NULL,
    token_id BLOB NOT NULL REFERENCES access_token (id),
    -- An answer says why it takes longer, and until when.
    reason TEXT CHECK (reason IN
        ('capacity', 'information_missing', 'waits_for_other_party', 'candidate_not_reached', 'candidates_wish',
         'no_fitting_home', 'no_support_available', 'other')),
    until_on INTEGER,
    note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
    CHECK ((kind = 'answered') = (reason IS NOT NULL)),
    CHECK ((kind = 'answered') = (until_on IS NOT NULL))
) STRICT;
CREATE INDEX task_event_task ON task_event (task_id, number);
INSERT INTO task_event (task_id, kind, at, token_id)
    SELECT id, 'made', created_at, x'ffffffffffffffffffffffffffffffff' FROM task ORDER BY id;
INSERT INTO task_event (task_id, kind, at, token_id, note)
    SELECT id, status, ended_at, ended_by, note FROM task WHERE ended_by IS NOT NULL ORDER BY ended_at, id;

-- Whoever has a home is not asked for wishes again; that clock stops with the key now, and stops here for those who have theirs.
UPDATE clock SET ended_on = started_on, outcome = 'dropped', paused_on = NULL
WHERE kind = 'wishes' AND ended_on IS NULL AND referral_id IN (SELECT id FROM referral WHERE status = 'housed');
