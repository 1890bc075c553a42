-- Sync that never loses a note: what waits apart from what was saved, trays, parked records, files.
-- Waiting ops survive every statement here. A synced value is never changed by a step.
SELECT 1;
