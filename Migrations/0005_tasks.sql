-- Who must do what by when. A task is about one referral, names no person, and is for a role: of one organisation, or of
-- the intake point when no organisation is named; it may be handed to one token of them.

CREATE TABLE task (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    -- What it is about besides: a consent, a match, a request.
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
    CHECK ((status = 'open') = (ended_at IS NULL))
) STRICT;
CREATE INDEX task_referral ON task (referral_id, id);
CREATE INDEX task_organisation ON task (organisation_id, id);
-- What is to be done, the most pressing first.
CREATE INDEX task_open ON task (due_on, id) WHERE status = 'open';
-- One open task of a kind about one thing: asking twice makes no second one.
CREATE UNIQUE INDEX task_open_once ON task (referral_id, kind, ifnull(object_id, x''), role, ifnull(organisation_id, x''))
    WHERE status = 'open';
