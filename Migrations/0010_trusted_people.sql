-- A person can let somebody they trust look along: with a token for their own referral that only looks. Its label is the
-- name the person gave.

ALTER TABLE access_token ADD COLUMN delegate INTEGER NOT NULL DEFAULT 0 CHECK (delegate IN (0, 1));
