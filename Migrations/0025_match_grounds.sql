-- What matches rest on. Caps of a run lie within one another and are about a year; a match cites the region's settings and of
-- those the exit profile; a wish names the places it should be close to, so that no free text has to be read for that.

ALTER TABLE match_run_cap ADD COLUMN year INTEGER;
-- The number of the cap around it. A whole municipality has no neighbourhood ('') and the region no municipality ('').
ALTER TABLE match_run_cap ADD COLUMN parent INTEGER;

ALTER TABLE match ADD COLUMN region_version INTEGER;
ALTER TABLE match ADD COLUMN profile_version INTEGER;

-- One place a line: the municipality's code and, behind a space, the neighbourhood.
ALTER TABLE wish ADD COLUMN near TEXT CHECK (length(near) BETWEEN 1 AND 5000);
