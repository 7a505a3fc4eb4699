-- Consents by their last day, for what ends with it.

CREATE INDEX consent_end ON consent (ends_on, id) WHERE ends_on IS NOT NULL AND withdrawn_at IS NULL;
