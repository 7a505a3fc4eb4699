-- A number held for a migration that is on its way elsewhere; nothing changes.
SELECT 1;
