-- People born on a day, with what their names are compared by: looking for somebody alike reads the index alone.

DROP INDEX person_birth;
CREATE INDEX person_birth ON person (birth_date, referral_id, given_name, family_name);
-- The newest of those of one name first, without sorting all of them.
DROP INDEX person_name;
CREATE INDEX person_name ON person (folded_family_name, birth_date, referral_id);
