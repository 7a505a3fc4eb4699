-- A page of the intake point's referrals, with names.
SELECT r.id, r.number, r.organisation_id, r.route, r.municipality, r.status, r.resume_status, r.received_at,
    r.updated_at, r.waiting_since, r.promise_due_on, r.hold_started_on, r.hold_until, r.urgency, r.form, r.outcome,
    r.version, r.external_reference, p.given_name, p.infix, p.family_name, p.birth_date
FROM referral r JOIN person p ON p.referral_id = r.id
ORDER BY r.id LIMIT 25;
