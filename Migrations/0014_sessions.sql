-- A browser's session stands for a token, so that a page need not keep one. Its secret is kept as a hash; it ends with its
-- token, when nobody has used it for a while, and at its end at the latest.

CREATE TABLE session (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    token_id BLOB NOT NULL REFERENCES access_token (id),
    created_at INTEGER NOT NULL,
    -- Until when it holds if it is not used again; moved on by use, at most to the end, and back by signing out.
    lives_until INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    CHECK (lives_until <= ends_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_end ON session (ends_at);
