-- The ledger also says on whose responsibility something was done, on which ground of the law, and whether it was
-- answered or refused. What was written before keeps the form in which it was hashed (1), so that the chain still holds;
-- an entry of form 1 has the defaults in the new columns, and one that has not was tampered with.

ALTER TABLE ledger ADD COLUMN form INTEGER NOT NULL DEFAULT 1 CHECK (form IN (1, 2));
-- The organisation that answers for it (NEN 7513, section 5); none for a person who looks into their own dossier, nor for
-- a command on the machine itself.
ALTER TABLE ledger ADD COLUMN responsible_id BLOB CHECK (length(responsible_id) = 16);
ALTER TABLE ledger ADD COLUMN ground TEXT NOT NULL DEFAULT '';
ALTER TABLE ledger ADD COLUMN result TEXT NOT NULL DEFAULT 'ok' CHECK (result IN ('ok', 'refused'));
