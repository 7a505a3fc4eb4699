-- What is asked of a whole year is counted when it happens, or lies together in an index: with two million referrals in one
-- year the report of missed signals read them all, which took two seconds. And the ledger's rows are checked without
-- making an index of a list for each (as 0026 did for the other rows of a post). With two million referrals all of it, the check
-- of references and the copy of 12 GB before it took 69 seconds.

-- How many openings of a year say the same. Years are those of Amsterdam, which begin an hour before those of UTC.
CREATE TABLE opening_count (
    year INTEGER NOT NULL,
    municipality TEXT NOT NULL,
    route TEXT NOT NULL,
    declined INTEGER NOT NULL CHECK (declined IN (0, 1)),
    -- Empty until the intake point has given them.
    themes TEXT NOT NULL,
    openings INTEGER NOT NULL CHECK (openings >= 0),
    PRIMARY KEY (year, municipality, route, declined, themes)
) STRICT, WITHOUT ROWID;
INSERT INTO opening_count (year, municipality, route, declined, themes, openings)
SELECT CAST(strftime('%Y', r.received_at / 1000 + 3600, 'unixepoch') AS INTEGER), r.municipality, r.route,
    s.opening_declined, ifnull(s.themes, ''), count(*)
FROM referral r JOIN situation s ON s.referral_id = r.id GROUP BY 1, 2, 3, 4, 5;

CREATE TRIGGER opening_is_counted AFTER INSERT ON situation BEGIN
    INSERT INTO opening_count (year, municipality, route, declined, themes, openings)
    SELECT CAST(strftime('%Y', received_at / 1000 + 3600, 'unixepoch') AS INTEGER), municipality, route,
        NEW.opening_declined, ifnull(NEW.themes, ''), 1
    FROM referral WHERE id = NEW.referral_id
    ON CONFLICT (year, municipality, route, declined, themes) DO UPDATE SET openings = openings + 1;
END;
CREATE TRIGGER opening_is_counted_anew AFTER UPDATE OF opening_declined, themes ON situation
    WHEN NEW.opening_declined <> OLD.opening_declined OR NEW.themes IS NOT OLD.themes BEGIN
    UPDATE opening_count SET openings = openings - 1
    FROM (SELECT CAST(strftime('%Y', received_at / 1000 + 3600, 'unixepoch') AS INTEGER) AS in_year, municipality AS at,
            route AS by
        FROM referral WHERE id = NEW.referral_id) r
    WHERE year = r.in_year AND municipality = r.at AND route = r.by AND declined = OLD.opening_declined
        AND themes = ifnull(OLD.themes, '');
    INSERT INTO opening_count (year, municipality, route, declined, themes, openings)
    SELECT CAST(strftime('%Y', received_at / 1000 + 3600, 'unixepoch') AS INTEGER), municipality, route,
        NEW.opening_declined, ifnull(NEW.themes, ''), 1
    FROM referral WHERE id = NEW.referral_id
    ON CONFLICT (year, municipality, route, declined, themes) DO UPDATE SET openings = openings + 1;
END;
CREATE TRIGGER opening_is_counted_elsewhere AFTER UPDATE OF municipality, route ON referral
    WHEN NEW.municipality <> OLD.municipality OR NEW.route <> OLD.route BEGIN
    UPDATE opening_count SET openings = openings - 1
    FROM (SELECT opening_declined AS was_declined, ifnull(themes, '') AS named FROM situation WHERE referral_id = NEW.id) s
    WHERE year = CAST(strftime('%Y', OLD.received_at / 1000 + 3600, 'unixepoch') AS INTEGER)
        AND municipality = OLD.municipality AND route = OLD.route AND declined = s.was_declined AND themes = s.named;
    INSERT INTO opening_count (year, municipality, route, declined, themes, openings)
    SELECT CAST(strftime('%Y', NEW.received_at / 1000 + 3600, 'unixepoch') AS INTEGER), NEW.municipality, NEW.route,
        opening_declined, ifnull(themes, ''), 1
    FROM situation WHERE referral_id = NEW.id
    ON CONFLICT (year, municipality, route, declined, themes) DO UPDATE SET openings = openings + 1;
END;
-- A dossier that is destroyed is emptied and its row stays, so nothing is ever counted less.
CREATE TRIGGER opening_is_never_removed BEFORE DELETE ON situation
    BEGIN SELECT RAISE(ABORT, 'an opening is emptied, never removed'); END;

-- The offers of a landlord by their moments, and all that is asked of those that somebody declined.
CREATE INDEX match_offered ON match (landlord_id, offered_at) WHERE offered_at IS NOT NULL;
CREATE INDEX match_declined ON match (landlord_id, offered_at, status, landlord_answer, candidate_answer, decline_reason,
    ended_at, answer_due_on) WHERE decline_reason IS NOT NULL;

CREATE TABLE new_ledger (
    sequence INTEGER NOT NULL PRIMARY KEY CHECK (sequence > 0),
    form INTEGER NOT NULL CHECK (form BETWEEN 1 AND 3),
    entries INTEGER NOT NULL CHECK (entries BETWEEN 1 AND 100),
    at INTEGER NOT NULL,
    token_id BLOB NOT NULL,
    organisation_id BLOB NOT NULL,
    responsible_id BLOB CHECK (length(responsible_id) = 16),
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    purpose TEXT NOT NULL,
    ground TEXT NOT NULL,
    field_groups TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result = 'ok' OR result = 'refused'),
    request_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    address TEXT NOT NULL,
    -- The earlier row that lists the same people in the same order; none in a row that lists them itself.
    again INTEGER CHECK (again >= sequence - 4096 AND again <= sequence - entries),
    -- For each entry in order 16 bytes of the referral and 16 of the thing that was looked at.
    subjects BLOB NOT NULL,
    previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    CHECK (form = 3 OR (entries = 1 AND again IS NULL)),
    CHECK (form <> 3 OR length(subjects) = iif(again IS NULL, 32 * entries, 0))
) STRICT;
INSERT INTO new_ledger SELECT * FROM ledger ORDER BY sequence;
DROP TABLE ledger;
ALTER TABLE new_ledger RENAME TO ledger;
CREATE INDEX ledger_again ON ledger (again) WHERE again IS NOT NULL;
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never changed'); END;
CREATE TRIGGER ledger_is_never_shortened BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never removed'); END;
CREATE TRIGGER ledger_only_grows BEFORE INSERT ON ledger
    WHEN NEW.sequence <> NEW.entries + (SELECT coalesce(max(sequence), 0) FROM ledger)
    BEGIN SELECT RAISE(ABORT, 'a ledger entry comes after the last one'); END;
