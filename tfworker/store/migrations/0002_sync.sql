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
CREATE INDEX op_urgent ON op (pos) WHERE urgent = 1;

-- Trays: what waits for a person travels like any record. The table was empty on every laptop.
DROP TABLE held;
CREATE TABLE held (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    table_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    kind VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    author VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    line VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    made_at INTEGER NOT NULL ON CONFLICT FAIL,
    reason VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    follows VARCHAR(32),
    patch JSON,
    was JSON,
    state VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    decided_at INTEGER,
    decided_by VARCHAR(32),
    why TEXT,
    CONSTRAINT pk_held PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX held_follows ON held (follows);
CREATE INDEX held_record ON held (record);
CREATE INDEX held_tray ON held (scope, id);

-- Purges are asked for at every insert and every filling.
CREATE INDEX ledger_purged ON ledger (record, scope) WHERE kind = 'purge';

-- The laptop's side of sync: where it stands, what it cannot keep yet, what nothing explains.
ALTER TABLE op ADD COLUMN commitment VARCHAR(64);
ALTER TABLE device_state ADD COLUMN sent_n INTEGER;
ALTER TABLE device_state ADD COLUMN sent_chain VARCHAR(64);
ALTER TABLE device_state ADD COLUMN past JSON;
ALTER TABLE device_state ADD COLUMN flight INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE device_state ADD COLUMN batch_ops INTEGER;
ALTER TABLE device_state ADD COLUMN page_rows INTEGER;
ALTER TABLE device_state ADD COLUMN put_back BOOLEAN;
UPDATE device_state SET
    sent_n = (SELECT n FROM op WHERE pos <= sent_pos AND n > 0 ORDER BY pos DESC LIMIT 1),
    sent_chain = (SELECT chain FROM op WHERE pos <= sent_pos AND n > 0 ORDER BY pos DESC LIMIT 1);
CREATE TABLE parked (
    table_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    columns JSON NOT NULL ON CONFLICT FAIL,
    "row" BLOB NOT NULL ON CONFLICT FAIL,
    schema_version INTEGER NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_parked PRIMARY KEY (table_name, record) ON CONFLICT FAIL
);
CREATE INDEX parked_scope ON parked (scope);
CREATE TABLE set_aside (
    table_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    noticed_at INTEGER NOT NULL ON CONFLICT FAIL,
    agreed_at INTEGER,
    "row" JSON,
    CONSTRAINT pk_set_aside PRIMARY KEY (table_name, record) ON CONFLICT FAIL
);
ALTER TABLE peer ADD COLUMN past JSON;
ALTER TABLE peer ADD COLUMN replaced JSON;
ALTER TABLE peer ADD COLUMN cloned_at INTEGER;

-- Files: documents, where their bytes stand on this laptop, and (empty here) the council's store of them.
CREATE TABLE document (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    kind VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    title TEXT,
    file_name TEXT,
    media_type TEXT,
    size_bytes INTEGER,
    sha256 TEXT,
    taken_at DATETIME,
    consent_for_photo BOOLEAN,
    received_at DATETIME,
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_document PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_document_family_id ON document (family_id);
CREATE INDEX ix_document_scope ON document (scope);
CREATE TABLE file (
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    table_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    size INTEGER NOT NULL ON CONFLICT FAIL,
    complete BOOLEAN NOT NULL ON CONFLICT FAIL,
    touched_at INTEGER NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_file PRIMARY KEY (record) ON CONFLICT FAIL
);
CREATE TABLE file_part (
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    part INTEGER NOT NULL ON CONFLICT FAIL,
    sha256 VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    data BLOB NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_file_part PRIMARY KEY (record, part) ON CONFLICT FAIL
);
CREATE TABLE file_state (
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    table_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    blob VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    blob_key BLOB NOT NULL ON CONFLICT FAIL,
    size INTEGER NOT NULL ON CONFLICT FAIL,
    sha256 VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    have INTEGER NOT NULL ON CONFLICT FAIL,
    whole BOOLEAN NOT NULL ON CONFLICT FAIL,
    sent INTEGER NOT NULL ON CONFLICT FAIL,
    received_epoch VARCHAR(32),
    received_version INTEGER,
    refused VARCHAR(64),
    damaged BOOLEAN NOT NULL ON CONFLICT FAIL,
    sealed BOOLEAN NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_file_state PRIMARY KEY (record) ON CONFLICT FAIL
);
CREATE INDEX file_state_scope ON file_state (scope);

-- When a scope was lost, and the receipt that stays once it has left.
ALTER TABLE held_scope ADD COLUMN lost_at INTEGER;
CREATE TABLE farewell (
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    lost_at INTEGER NOT NULL ON CONFLICT FAIL,
    purged_at INTEGER NOT NULL ON CONFLICT FAIL,
    records INTEGER NOT NULL ON CONFLICT FAIL,
    applied INTEGER NOT NULL ON CONFLICT FAIL,
    to_read INTEGER NOT NULL ON CONFLICT FAIL,
    held INTEGER NOT NULL ON CONFLICT FAIL,
    refused INTEGER NOT NULL ON CONFLICT FAIL,
    files INTEGER NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_farewell PRIMARY KEY (scope) ON CONFLICT FAIL
);
