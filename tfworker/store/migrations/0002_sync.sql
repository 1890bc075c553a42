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

-- Every round counts a scope by ids and versions: all of that in one index, so that no row is read.
DROP INDEX ix_chronology_entry_scope;
CREATE INDEX ix_chronology_entry_scope ON chronology_entry (scope, id, version);
DROP INDEX ix_document_scope;
CREATE INDEX ix_document_scope ON document (scope, id, version);
DROP INDEX ix_family_scope;
CREATE INDEX ix_family_scope ON family (scope, id, version);
DROP INDEX ix_household_scope;
CREATE INDEX ix_household_scope ON household (scope, id, version);
DROP INDEX ix_need_scope;
CREATE INDEX ix_need_scope ON need (scope, id, version);
DROP INDEX ix_worker_scope;
CREATE INDEX ix_worker_scope ON worker (scope, id, version);
DROP INDEX ix_allocation_scope;
CREATE INDEX ix_allocation_scope ON allocation (scope, id, version);
DROP INDEX ix_person_scope;
CREATE INDEX ix_person_scope ON person (scope, id, version);
DROP INDEX ix_membership_scope;
CREATE INDEX ix_membership_scope ON membership (scope, id, version);
DROP INDEX ix_contact_point_scope;
CREATE INDEX ix_contact_point_scope ON contact_point (scope, id, version);
DROP INDEX ix_plan_scope;
CREATE INDEX ix_plan_scope ON plan (scope, id, version);
DROP INDEX ix_goal_scope;
CREATE INDEX ix_goal_scope ON goal (scope, id, version);
DROP INDEX ix_action_scope;
CREATE INDEX ix_action_scope ON action (scope, id, version);
DROP INDEX ix_programme_scope;
CREATE INDEX ix_programme_scope ON programme (scope, id, version);
DROP INDEX ix_locality_scope;
CREATE INDEX ix_locality_scope ON locality (scope, id, version);
DROP INDEX ix_agency_scope;
CREATE INDEX ix_agency_scope ON agency (scope, id, version);
DROP INDEX ix_team_scope;
CREATE INDEX ix_team_scope ON team (scope, id, version);
DROP INDEX ix_headline_problem_scope;
CREATE INDEX ix_headline_problem_scope ON headline_problem (scope, id, version);
DROP INDEX ix_local_need_type_scope;
CREATE INDEX ix_local_need_type_scope ON local_need_type (scope, id, version);
DROP INDEX ix_practice_standard_scope;
CREATE INDEX ix_practice_standard_scope ON practice_standard (scope, id, version);
DROP INDEX ix_risk_marker_scope;
CREATE INDEX ix_risk_marker_scope ON risk_marker (scope, id, version);
DROP INDEX ix_safeguarding_concern_scope;
CREATE INDEX ix_safeguarding_concern_scope ON safeguarding_concern (scope, id, version);
DROP INDEX ix_concern_step_scope;
CREATE INDEX ix_concern_step_scope ON concern_step (scope, id, version);
DROP INDEX ix_visit_scope;
CREATE INDEX ix_visit_scope ON visit (scope, id, version);
DROP INDEX ix_visit_note_scope;
CREATE INDEX ix_visit_note_scope ON visit_note (scope, id, version);
DROP INDEX ix_note_amendment_scope;
CREATE INDEX ix_note_amendment_scope ON note_amendment (scope, id, version);
