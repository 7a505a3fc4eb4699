-- The entries in the ledger for the persons of that page: a row that lists them, and 159 rows that show them again. The
-- hashes are made up, SQLite does not count them.
INSERT INTO ledger (sequence, form, entries, at, token_id, organisation_id, responsible_id, role, action, purpose, ground,
    field_groups, result, request_id, trace_id, address, again, subjects, previous_hash, hash)
SELECT last + 25, 3, 25, :now, :token, :organisation, :organisation, 'allocator', 'list', 'letting', 'consent',
    'status identity rent_fit housing_needs support', 'ok', '019a71b6d980701', '', '127.0.0.1',
    iif(:n % 160 = 0, NULL, last - 25 * (:n % 160 - 1)), zeroblob(iif(:n % 160 = 0, 800, 0)), :hash, :hash
FROM (SELECT max(sequence) AS last FROM ledger);
INSERT INTO ledger_person (referral_id, sequence)
SELECT referral_id, (SELECT max(sequence) FROM ledger) - 25 + row_number() OVER ()
FROM (SELECT referral_id FROM match WHERE landlord_id = :organisation AND status <> 'proposed' ORDER BY id DESC LIMIT 25)
WHERE :n % 160 = 0;
