-- Everything that is stored when a referral is posted: its rows, event, clocks, the ledger entries of the post and of what its
-- answer shows, the change feed, and the answer that is kept under its idempotency key. What the triggers mark is put in and
-- taken out by them. The hashes are made up, SQLite does not count them; and nobody is looked for, checked or read back.
SELECT coalesce(max(number), 0) + 1 FROM referral;
INSERT INTO referral (id, number, organisation_id, external_reference, route, municipality, status, received_at,
    updated_at, household_adults, household_children, pets, accessibility, version)
VALUES (:id0, (SELECT max(number) FROM referral) + 1, :organisation, 'limit-' || :n, 'shelter_exit', 'GM0153',
    'submitted', :now, :now, 1, 0, 0, '', 1);
INSERT INTO person (referral_id, given_name, infix, family_name, folded_family_name, birth_date, phone)
VALUES (:id0, 'Robin', 'van der', 'Meer', 'meer', 7352, '+31612345678');
INSERT INTO situation (referral_id, opening_declined, missed_signals, needed_two_years_ago, legal_residence,
    acute_danger, lasting_24h_supervision, own_strength_suffices, homeless_tonight, support_needs)
VALUES (:id0, 0, 'The rent was late for a year, and nobody came by to ask why that was.',
    'Somebody to open the mail with, and who calls back.', 1, 0, 0, 0, 0, 'money day_structure');
INSERT INTO wish_version (referral_id, number, written_at, role) VALUES (:id0, 1, :now, 'referrer');
INSERT INTO wish (referral_id, version, rank, form, municipalities, note)
VALUES (:id0, 1, 1, 'independent_ambulatory', 'GM0153 GM0164', 'Close to my sister.');
INSERT INTO consent (id, referral_id, purpose, given_at, role) VALUES (:id2, :id0, 'intake', :now, 'referrer');
INSERT INTO consent (id, referral_id, purpose, given_at, role) VALUES (:id3, :id0, 'matching', :now, 'referrer');
INSERT INTO consent (id, referral_id, purpose, given_at, role)
VALUES (:id4, :id0, 'share_with_landlord', :now, 'referrer');
INSERT INTO event (id, referral_id, kind, to_status, at, token_id, organisation_id, role)
VALUES (:id5, :id0, 'submit', 'submitted', :now, :token, :organisation, 'referrer');
INSERT INTO ledger (sequence, form, entries, at, token_id, organisation_id, responsible_id, role, action, purpose, ground,
    field_groups, result, request_id, trace_id, address, again, subjects, previous_hash, hash)
SELECT max(sequence) + 1, 3, 1, :now, :token, :organisation, :organisation, 'referrer', 'submit', 'referral', 'consent',
    'status origin identity contact bsn care finances wishes housing_needs', 'ok', '019a71b6d980701', '', '127.0.0.1', NULL,
    CAST(:id0 || :id5 AS BLOB), :hash, :hash
FROM ledger;
INSERT INTO ledger_person (referral_id, sequence) VALUES (:id0, (SELECT max(sequence) FROM ledger));
INSERT INTO clock (id, referral_id, kind, started_on, working_days, days, region_version, due_on)
VALUES (:id6, :id0, 'completeness', 20785, 10, NULL, 0, 20798), (:id7, :id0, 'personal_plan', 20785, NULL, 7, 0, 20794),
    (:id8, :id0, 'investigation', 20785, NULL, 42, 0, 20829), (:id9, :id0, 'wishes', 20785, NULL, 91, 0, 20876);
INSERT INTO ledger (sequence, form, entries, at, token_id, organisation_id, responsible_id, role, action, purpose, ground,
    field_groups, result, request_id, trace_id, address, again, subjects, previous_hash, hash)
SELECT max(sequence) + 1, 3, 1, :now, :token, :organisation, :organisation, 'referrer', 'read', 'referral', 'consent',
    'status origin identity contact bsn care finances wishes housing_needs', 'ok', '019a71b6d980701', '', '127.0.0.1', NULL,
    CAST(:id0 || :id0 AS BLOB), :hash, :hash
FROM ledger;
INSERT INTO ledger_person (referral_id, sequence) VALUES (:id0, (SELECT max(sequence) FROM ledger));
INSERT INTO idempotency (token_id, key, request_hash, status, fields, body, referral_id, created_at)
VALUES (:token, 'limit-' || :n, :hash, 201, 'Location: /v1/referrals/019a71b6-d980-701a-9b64-bfba3ab81e83',
    zeroblob(1100), :id0, :now);
INSERT INTO feed (kind, resource, part, owner, sequence, at, gone)
SELECT 1, :id0, column1, column2, (SELECT sequence FROM feed_position) + column1, :now, 0
FROM (VALUES (1, x''), (2, :organisation), (6, CAST('GM0153' AS BLOB)), (7, :id0)) WHERE true
ON CONFLICT (kind, resource, part, owner) DO UPDATE SET sequence = excluded.sequence, at = excluded.at;
UPDATE feed_position SET sequence = sequence + 7;
DELETE FROM touched;
