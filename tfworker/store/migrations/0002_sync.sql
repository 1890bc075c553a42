-- Sync that never loses a note: what waits apart from what was saved, trays, parked records, files.
-- Waiting ops survive every statement here. A synced value is never changed by a step.

-- The queue: ops are written once; that one waits is a row beside it, which its receipt deletes.
CREATE TABLE queue (
    pos INTEGER NOT NULL ON CONFLICT FAIL,
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_queue PRIMARY KEY (pos) ON CONFLICT FAIL
);
INSERT INTO queue (pos, record, scope) SELECT pos, record, scope FROM op WHERE waiting = 1 ORDER BY pos;
CREATE INDEX queue_record ON queue (record);
DROP INDEX op_waiting;
DROP INDEX op_waiting_record;
ALTER TABLE op DROP COLUMN waiting;
SELECT 1;
