-- Where a token comes from: who let somebody look along, and in the place of which token it came.

ALTER TABLE access_token ADD COLUMN issued_by BLOB REFERENCES access_token (id);
ALTER TABLE access_token ADD COLUMN replaces BLOB REFERENCES access_token (id);
-- Staff first, should two have done so in one millisecond: what is theirs ends when the person is restricted.
UPDATE access_token SET issued_by = (
    SELECT e.token_id FROM event e
    WHERE e.referral_id = access_token.referral_id AND e.kind = 'trusted' AND e.at = access_token.created_at
    ORDER BY e.role = 'candidate' LIMIT 1)
    WHERE delegate = 1;
