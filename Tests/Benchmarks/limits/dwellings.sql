-- A page of a landlord's own dwellings.
SELECT d.id, o.id AS organisation, o.name, d.status, d.form, d.municipality, d.neighbourhood, d.street,
    d.house_number, d.postcode, d.city, d.rooms, d.rent, d.service_cost, d.accessibility, d.household_maximum,
    d.pets_allowed, d.tenancy_kind, d.available_from, d.remarks, d.external_reference, d.created_at, d.version
FROM dwelling d JOIN organisation o ON o.id = d.organisation_id
WHERE d.organisation_id = :organisation ORDER BY d.id DESC LIMIT 25;
