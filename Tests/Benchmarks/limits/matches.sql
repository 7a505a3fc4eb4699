-- A page of matches with what the landlord may see of each candidate.
SELECT m.id, m.status, m.created_at, m.offered_at, m.answer_due_on, m.landlord_answer, m.candidate_answer, m.version,
    d.id AS dwelling, o.id AS organisation, o.name, d.status AS state, d.form, d.municipality, d.neighbourhood,
    d.street, d.house_number, d.postcode, d.city, d.rooms, d.rent, d.service_cost, d.accessibility,
    d.household_maximum, d.pets_allowed, d.tenancy_kind, d.available_from, d.remarks, d.external_reference,
    d.created_at AS since, d.version AS dwelling_version, p.given_name, p.infix, p.family_name, p.birth_date,
    r.household_adults, r.household_children, r.pets, r.accessibility AS needs,
    (SELECT group_concat(w.form, ' ') FROM wish w WHERE w.referral_id = r.id AND w.version =
        (SELECT max(v.number) FROM wish_version v WHERE v.referral_id = r.id)) AS wanted_forms,
    coalesce((SELECT t.income_per_month FROM report t WHERE t.referral_id = r.id ORDER BY t.number DESC LIMIT 1),
        s.income_per_month) AS income
FROM match m
JOIN referral r ON r.id = m.referral_id
JOIN dwelling d ON d.id = m.dwelling_id
JOIN organisation o ON o.id = d.organisation_id
JOIN person p ON p.referral_id = r.id
JOIN situation s ON s.referral_id = r.id
WHERE m.landlord_id = :organisation AND m.status <> 'proposed'
ORDER BY m.id DESC LIMIT 25;
