-- Whose token it is: what every request with a token asks first.
SELECT k.id, k.organisation_id, k.role, k.referral_id, o.municipality, k.expires_at, k.addresses, k.last_used_on
FROM access_token k JOIN organisation o ON o.id = k.organisation_id
WHERE k.hash = :hash AND k.revoked_at IS NULL AND o.disabled_at IS NULL
    AND (k.expires_at IS NULL OR k.expires_at > :now);
