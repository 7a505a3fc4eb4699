-- One seek for the id and for who may know of it, so that what is hidden is missed where what is not there is missed and
-- no clock tells the two apart. What is not offered is nobody's to know of but the intake point's, and not in these.

CREATE INDEX match_offered_landlord ON match (landlord_id, id) WHERE offered_at IS NOT NULL;
CREATE INDEX match_offered_referral ON match (referral_id, id) WHERE offered_at IS NOT NULL;
CREATE INDEX support_request_supported ON support_request (provider_id, referral_id) WHERE status = 'accepted';

-- Landlords list what was offered to them, by the index above.
DROP INDEX match_landlord;
