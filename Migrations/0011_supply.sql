-- Supply: when each dwelling was offered, which is what agreements count, and whether a nuisance file is open on it.

ALTER TABLE dwelling ADD COLUMN nuisance_file INTEGER NOT NULL DEFAULT 0 CHECK (nuisance_file IN (0, 1));

-- A dwelling comes as supply on a day; taken back without having been let it did not count after all.
CREATE TABLE dwelling_offering (
    dwelling_id BLOB NOT NULL REFERENCES dwelling (id),
    offered_on INTEGER NOT NULL,
    taken_back_on INTEGER,
    PRIMARY KEY (dwelling_id, offered_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX dwelling_offering_day ON dwelling_offering (offered_on);

INSERT INTO dwelling_offering (dwelling_id, offered_on, taken_back_on)
    SELECT d.id, d.created_at / 86400000,
        iif(d.status = 'withdrawn' AND NOT EXISTS (SELECT 1 FROM tenancy t WHERE t.dwelling_id = d.id),
            d.created_at / 86400000, NULL)
    FROM dwelling d;
