-- One entry in the ledger for each person of that page; the hashes are made up, SQLite does not count them.
INSERT INTO ledger (sequence, at, token_id, organisation_id, role, action, purpose, referral_id, object_id,
    field_groups, request_id, trace_id, address, previous_hash, hash, form,
    responsible_id, ground, result)
SELECT (SELECT max(sequence) FROM ledger) + row_number() OVER (), :now, :token, :organisation, 'coordinator', 'list',
    'run the queue', id, id, 'status origin identity decision', '019a71b6-d980-701a-9b64-bfba3ab81e83', '',
    '127.0.0.1', :hash, :hash, 2, :organisation, 'municipal_task', 'ok'
FROM (SELECT id FROM referral ORDER BY id LIMIT 25);
