-- People born on a day, with what their names are compared by: looking for somebody alike reads the index alone.

DROP INDEX person_birth;
CREATE INDEX person_birth ON person (birth_date, referral_id, given_name, family_name);
