-- The change feed. Whatever changes a row that somebody is shown leaves a mark in `touched`; before the commit the writer
-- works out who may see what was marked, and renews their entries in `feed` (Storage/FeedPublisher). An entry is what one
-- audience knows of one resource: the latest change, or that it is gone from their sight.
--
-- Kinds: 1 referral, 2 match, 3 support request, 4 tenancy, 5 dwelling, 6 task, 7 signal, 8 handover, 9 consultation.
-- Parts of an audience: 1 intake point, 2 referrer, 3 supporter, 4 allocator, 5 panel, 6 municipality, 7 candidate,
-- 8 one named person. The owner is the organisation, the municipality's code, the referral or the token; empty for part 1.

CREATE TABLE feed (
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 9),
    resource BLOB NOT NULL CHECK (length(resource) = 16),
    part INTEGER NOT NULL CHECK (part BETWEEN 1 AND 8),
    owner BLOB NOT NULL,
    -- Counts over all audiences, so that two lists are read as one.
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    at INTEGER NOT NULL,
    gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
    PRIMARY KEY (kind, resource, part, owner)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX feed_audience ON feed (part, owner, sequence);

-- One row: the last sequence number given.
CREATE TABLE feed_position (
    sequence INTEGER NOT NULL
) STRICT;
INSERT INTO feed_position VALUES (0);

-- A life of the file. Every start of the service begins another one at the number it had reached, so that a cursor from what
-- came after that in some other file is known for what it is. When a copy was put back nothing read before holds.
CREATE TABLE feed_epoch (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    nonce INTEGER NOT NULL UNIQUE CHECK (nonce BETWEEN 0 AND 4294967295),
    began_at INTEGER NOT NULL,
    restored INTEGER NOT NULL CHECK (restored IN (0, 1))
) STRICT;
INSERT INTO feed_epoch (nonce, began_at, restored) VALUES (abs(random() % 4294967296), 0, 0);

-- What the next commit tells. Kind 0 is everything about a referral, 10 the matches of one. The depth says whom a change
-- concerns: 1 all who see it, 2 all but the municipality, 3 who reads its timeline, 4 the intake point, 5 only those who
-- begin or cease to see it.
CREATE TABLE touched (
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 10),
    resource BLOB NOT NULL CHECK (length(resource) = 16),
    depth INTEGER NOT NULL CHECK (depth BETWEEN 1 AND 5),
    PRIMARY KEY (kind, resource, depth)
) STRICT, WITHOUT ROWID;

-- Referrals and what is shown with them.
CREATE TRIGGER referral_added_is_told AFTER INSERT ON referral BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.id, 1);
END;
CREATE TRIGGER referral_changed_is_told AFTER UPDATE OF status, version, updated_at, external_reference ON referral BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.id, 1);
END;
CREATE TRIGGER referral_needs_are_told
    AFTER UPDATE OF household_adults, household_children, pets, accessibility ON referral BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.id, 1), (10, NEW.id, 2);
END;
CREATE TRIGGER referral_scope_is_told AFTER UPDATE OF municipality, organisation_id, restricted ON referral
    WHEN OLD.municipality <> NEW.municipality OR OLD.organisation_id <> NEW.organisation_id
        OR OLD.restricted <> NEW.restricted BEGIN
    INSERT OR IGNORE INTO touched VALUES (0, NEW.id, 5);
END;
CREATE TRIGGER referral_removed_is_told AFTER DELETE ON referral BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, OLD.id, 5);
END;
CREATE TRIGGER person_changed_is_told AFTER UPDATE ON person BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
END;
CREATE TRIGGER person_removed_is_told AFTER DELETE ON person BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, OLD.referral_id, 2), (10, OLD.referral_id, 2);
END;
CREATE TRIGGER situation_changed_is_told AFTER UPDATE ON situation BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
END;
-- The intake point's own business is nobody else's, as in the timeline (Storage/ScopeSQL).
CREATE TRIGGER event_is_told AFTER INSERT ON event BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, CASE
        WHEN NEW.kind IN ('match_proposed', 'draft_withdrawn', 'link', 'unlink', 'task_done', 'task_assigned',
            'task_answered', 'restricted', 'restriction_ended', 'assigned') THEN 4
        WHEN NEW.organisation_id = (SELECT organisation_id FROM referral WHERE id = NEW.referral_id) THEN 2
        ELSE 3 END);
END;
CREATE TRIGGER consent_added_is_told AFTER INSERT ON consent BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
END;
CREATE TRIGGER consent_changed_is_told AFTER UPDATE ON consent BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
END;
CREATE TRIGGER wishes_are_told AFTER INSERT ON wish_version BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
END;
CREATE TRIGGER report_added_is_told AFTER INSERT ON report BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 3), (10, NEW.referral_id, 2);
END;
CREATE TRIGGER report_changed_is_told AFTER UPDATE ON report BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 3), (10, NEW.referral_id, 2);
END;
CREATE TRIGGER clock_added_is_told AFTER INSERT ON clock BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 1);
END;
CREATE TRIGGER clock_changed_is_told AFTER UPDATE ON clock BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.referral_id, 1);
END;
CREATE TRIGGER link_is_told AFTER INSERT ON person_link BEGIN
    INSERT OR IGNORE INTO touched VALUES (1, NEW.first_id, 4), (1, NEW.second_id, 4);
END;

-- Who is named when others are kept out.
CREATE TRIGGER named_person_added_is_told AFTER INSERT ON named_person BEGIN
    INSERT OR IGNORE INTO touched VALUES (0, NEW.referral_id, 5);
END;
CREATE TRIGGER named_person_changed_is_told AFTER UPDATE ON named_person BEGIN
    INSERT OR IGNORE INTO touched VALUES (0, NEW.referral_id, 5);
END;
CREATE TRIGGER named_person_removed_is_told AFTER DELETE ON named_person BEGIN
    INSERT OR IGNORE INTO touched VALUES (0, OLD.referral_id, 5);
END;

-- Support: what a landlord reads of it stands in the match, and who supports sees the person.
CREATE TRIGGER support_request_added_is_told AFTER INSERT ON support_request BEGIN
    INSERT OR IGNORE INTO touched VALUES (3, NEW.id, 2), (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
    INSERT OR IGNORE INTO touched SELECT 0, NEW.referral_id, 5 WHERE NEW.status = 'accepted';
END;
CREATE TRIGGER support_request_changed_is_told AFTER UPDATE ON support_request BEGIN
    INSERT OR IGNORE INTO touched VALUES (3, NEW.id, 2), (1, NEW.referral_id, 2), (10, NEW.referral_id, 2);
    INSERT OR IGNORE INTO touched SELECT 0, NEW.referral_id, 5 WHERE NEW.status <> OLD.status;
END;

CREATE TRIGGER match_added_is_told AFTER INSERT ON match BEGIN
    INSERT OR IGNORE INTO touched VALUES (2, NEW.id, 1);
END;
CREATE TRIGGER match_changed_is_told AFTER UPDATE ON match BEGIN
    INSERT OR IGNORE INTO touched VALUES (2, NEW.id, 1);
END;
CREATE TRIGGER match_response_is_told AFTER INSERT ON match_response BEGIN
    INSERT OR IGNORE INTO touched VALUES (2, NEW.match_id, 1);
END;
CREATE TRIGGER match_review_is_told AFTER INSERT ON decline_review BEGIN
    INSERT OR IGNORE INTO touched VALUES (2, NEW.match_id, 1);
END;
CREATE TRIGGER match_viewing_is_told AFTER INSERT ON match_viewing BEGIN
    INSERT OR IGNORE INTO touched VALUES (2, NEW.match_id, 1);
END;
CREATE TRIGGER tenancy_added_is_told AFTER INSERT ON tenancy BEGIN
    INSERT OR IGNORE INTO touched VALUES (4, NEW.id, 1), (2, NEW.match_id, 1);
END;
CREATE TRIGGER tenancy_changed_is_told AFTER UPDATE ON tenancy BEGIN
    INSERT OR IGNORE INTO touched VALUES (4, NEW.id, 1), (2, NEW.match_id, 1);
    INSERT OR IGNORE INTO touched SELECT 7, id, 5 FROM signal
        WHERE referral_id = NEW.referral_id AND tenancy_id = NEW.id;
END;

CREATE INDEX match_dwelling ON match (dwelling_id);
CREATE TRIGGER dwelling_added_is_told AFTER INSERT ON dwelling BEGIN
    INSERT OR IGNORE INTO touched VALUES (5, NEW.id, 1);
END;
CREATE TRIGGER dwelling_changed_is_told AFTER UPDATE ON dwelling BEGIN
    INSERT OR IGNORE INTO touched VALUES (5, NEW.id, 1);
    INSERT OR IGNORE INTO touched SELECT 2, id, 1 FROM match WHERE dwelling_id = NEW.id;
END;

CREATE TRIGGER task_added_is_told AFTER INSERT ON task BEGIN
    INSERT OR IGNORE INTO touched VALUES (6, NEW.id, 1);
END;
CREATE TRIGGER task_changed_is_told AFTER UPDATE ON task BEGIN
    INSERT OR IGNORE INTO touched VALUES (6, NEW.id, 1);
END;
CREATE TRIGGER task_event_is_told AFTER INSERT ON task_event BEGIN
    INSERT OR IGNORE INTO touched VALUES (6, NEW.task_id, 1);
END;

CREATE TRIGGER signal_added_is_told AFTER INSERT ON signal BEGIN
    INSERT OR IGNORE INTO touched VALUES (7, NEW.id, 1);
END;
CREATE TRIGGER signal_changed_is_told AFTER UPDATE ON signal BEGIN
    INSERT OR IGNORE INTO touched VALUES (7, NEW.id, 1);
END;
CREATE TRIGGER signal_response_is_told AFTER INSERT ON signal_response BEGIN
    INSERT OR IGNORE INTO touched VALUES (7, NEW.signal_id, 1);
END;

CREATE TRIGGER handover_added_is_told AFTER INSERT ON handover BEGIN
    INSERT OR IGNORE INTO touched VALUES (8, NEW.id, 1);
END;
CREATE TRIGGER handover_changed_is_told AFTER UPDATE ON handover BEGIN
    INSERT OR IGNORE INTO touched VALUES (8, NEW.id, 1);
END;

CREATE TRIGGER consultation_added_is_told AFTER INSERT ON consultation BEGIN
    INSERT OR IGNORE INTO touched VALUES (9, NEW.id, 1);
END;
CREATE TRIGGER consultation_changed_is_told AFTER UPDATE ON consultation BEGIN
    INSERT OR IGNORE INTO touched VALUES (9, NEW.id, 1);
END;

-- What is there already; the writer tells it in its first commits.
INSERT INTO touched SELECT 1, id, 1 FROM referral;
INSERT INTO touched SELECT 2, id, 1 FROM match;
INSERT INTO touched SELECT 3, id, 1 FROM support_request;
INSERT INTO touched SELECT 4, id, 1 FROM tenancy;
INSERT INTO touched SELECT 5, id, 1 FROM dwelling;
INSERT INTO touched SELECT 6, id, 1 FROM task;
INSERT INTO touched SELECT 7, id, 1 FROM signal;
INSERT INTO touched SELECT 8, id, 1 FROM handover;
INSERT INTO touched SELECT 9, id, 1 FROM consultation;
