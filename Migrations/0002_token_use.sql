-- When a token was last used, to the day, and from which addresses it may be used.

ALTER TABLE access_token ADD COLUMN last_used_on INTEGER;
ALTER TABLE access_token ADD COLUMN addresses TEXT CHECK (length(addresses) BETWEEN 2 AND 1600);
