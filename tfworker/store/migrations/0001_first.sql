-- The first format of the vault. Frozen: what ran on a laptop is never edited.
--
-- NOT NULL, PRIMARY KEY and UNIQUE say ON CONFLICT FAIL. With SQLite's default, ABORT, every insert
-- into a table with a trigger keeps a statement journal, and cipher_memory_security locks and wipes
-- every piece of memory that takes: 20,000 notes took 1.4 s instead of 0.1 s. A failing statement
-- raises either way, and the vault undoes the whole transaction.

CREATE TABLE action (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    goal_id VARCHAR(32),
    note_id VARCHAR(32),
    what TEXT,
    owner_kind VARCHAR(40),
    owner_name TEXT,
    owner_person_id VARCHAR(32),
    owner_worker_id VARCHAR(32),
    agency_id VARCHAR(32),
    due DATE,
    state VARCHAR(40),
    done_on DATE,
    state_reason TEXT,
    visible_to_family BOOLEAN,
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_action PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_action_family_id ON action (family_id);
CREATE INDEX ix_action_goal_id ON action (goal_id);
CREATE INDEX ix_action_scope ON action (scope);
CREATE TABLE agency (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    name TEXT NOT NULL ON CONFLICT FAIL,
    type VARCHAR(40),
    sharing_basis VARCHAR(40),
    agreement_ref TEXT,
    agreement_expires DATE,
    CONSTRAINT pk_agency PRIMARY KEY (id) ON CONFLICT FAIL,
    CONSTRAINT uq_agency_name UNIQUE (name) ON CONFLICT FAIL
);
CREATE INDEX ix_agency_scope ON agency (scope);
CREATE TABLE allocation (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    worker_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    role VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    from_on DATE NOT NULL ON CONFLICT FAIL,
    to_on DATE,
    reason VARCHAR(40),
    decided_by VARCHAR(32),
    CONSTRAINT pk_allocation PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_allocation_family_id ON allocation (family_id);
CREATE INDEX ix_allocation_scope ON allocation (scope);
CREATE INDEX ix_allocation_worker_id ON allocation (worker_id);
CREATE TABLE chronology_entry (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    happened_on DATE NOT NULL ON CONFLICT FAIL,
    precision VARCHAR(40),
    event TEXT,
    impact_on_child TEXT,
    positive BOOLEAN,
    source VARCHAR(40),
    source_name TEXT,
    note_id VARCHAR(32),
    confidence VARCHAR(40),
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_chronology_entry PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_chronology_entry_family_id_happened_on ON chronology_entry (family_id, happened_on);
CREATE INDEX ix_chronology_entry_scope ON chronology_entry (scope);
CREATE TABLE concern_step (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    concern_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    family_id VARCHAR(32),
    raised_by VARCHAR(32),
    step VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    happened_at DATETIME,
    told JSON,
    text TEXT,
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_concern_step PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_concern_step_concern_id ON concern_step (concern_id);
CREATE INDEX ix_concern_step_scope ON concern_step (scope);
CREATE TABLE "conflict" (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT 0 NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    table_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    group_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    kind VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    columns JSON NOT NULL ON CONFLICT FAIL,
    base JSON,
    sides JSON,
    state VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    opened_at INTEGER NOT NULL ON CONFLICT FAIL,
    decided_at INTEGER,
    decided_by VARCHAR(32),
    decision JSON,
    CONSTRAINT pk_conflict PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX conflict_record ON "conflict" (record);
CREATE INDEX conflict_scope ON "conflict" (scope, id);
CREATE TABLE contact_point (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    person_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    kind VARCHAR(40),
    value TEXT,
    safe_to_call VARCHAR(40),
    safe_note TEXT,
    do_not_leave_message BOOLEAN,
    valid_from DATE,
    valid_to DATE,
    CONSTRAINT pk_contact_point PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_contact_point_person_id ON contact_point (person_id);
CREATE INDEX ix_contact_point_scope ON contact_point (scope);
CREATE TABLE cursor (
    head VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    epoch VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    seq INTEGER NOT NULL ON CONFLICT FAIL,
    hash VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    schema_version INTEGER NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_cursor PRIMARY KEY (head) ON CONFLICT FAIL
);
CREATE TABLE device_state (
    id INTEGER NOT NULL ON CONFLICT FAIL,
    generation VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    n INTEGER NOT NULL ON CONFLICT FAIL,
    chain VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    sent_pos INTEGER DEFAULT 0 NOT NULL ON CONFLICT FAIL,
    last_round_at INTEGER,
    skew_ms INTEGER,
    CONSTRAINT pk_device_state PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE TABLE family (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_ref TEXT,
    label TEXT NOT NULL ON CONFLICT FAIL,
    status VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    status_on DATE,
    status_reason TEXT,
    status_review_on DATE,
    intensity VARCHAR(40),
    locality_id VARCHAR(32),
    team_id VARCHAR(32),
    opened_on DATE,
    supported_on DATE,
    attached_on DATE,
    attach_year TEXT,
    delivery_agency_id VARCHAR(32),
    story_so_far TEXT,
    story_on DATE,
    story_by VARCHAR(32),
    priority_now TEXT,
    CONSTRAINT pk_family PRIMARY KEY (id) ON CONFLICT FAIL,
    CONSTRAINT uq_family_family_ref UNIQUE (family_ref) ON CONFLICT FAIL
);
CREATE INDEX ix_family_scope ON family (scope);
CREATE INDEX ix_family_team_id ON family (team_id);
CREATE TABLE goal (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    plan_id VARCHAR(32),
    need_ids JSON,
    person_ids JSON,
    statement TEXT,
    measure TEXT,
    baseline_0_10 INTEGER,
    target_0_10 INTEGER,
    current_0_10 INTEGER,
    due DATE,
    state VARCHAR(40),
    state_on DATE,
    state_reason TEXT,
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_goal PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_goal_family_id ON goal (family_id);
CREATE INDEX ix_goal_scope ON goal (scope);
CREATE TABLE headline_problem (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    rule_set VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    code VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    title TEXT NOT NULL ON CONFLICT FAIL,
    position INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    active BOOLEAN DEFAULT '1' NOT NULL ON CONFLICT FAIL,
    indicators JSON,
    CONSTRAINT pk_headline_problem PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_headline_problem_scope ON headline_problem (scope);
CREATE TABLE held (
    op_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    seq INTEGER NOT NULL ON CONFLICT FAIL,
    table_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    author VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    line VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    made_at INTEGER NOT NULL ON CONFLICT FAIL,
    reason VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    state VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_held PRIMARY KEY (op_id) ON CONFLICT FAIL
);
CREATE INDEX held_record ON held (record);
CREATE INDEX held_scope_state ON held (scope, state);
CREATE TABLE held_scope (
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    kinds JSON NOT NULL ON CONFLICT FAIL,
    level INTEGER NOT NULL ON CONFLICT FAIL,
    filled BOOLEAN NOT NULL ON CONFLICT FAIL,
    lost BOOLEAN NOT NULL ON CONFLICT FAIL,
    checked_at INTEGER,
    CONSTRAINT pk_held_scope PRIMARY KEY (scope) ON CONFLICT FAIL
);
CREATE TABLE household (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    address_lines TEXT,
    postcode TEXT,
    uprn TEXT,
    confidential BOOLEAN,
    tenure VARCHAR(40),
    access_note TEXT,
    from_on DATE,
    to_on DATE,
    CONSTRAINT pk_household PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_household_family_id ON household (family_id);
CREATE INDEX ix_household_scope ON household (scope);
CREATE TABLE ledger (
    seq INTEGER NOT NULL ON CONFLICT FAIL,
    op_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    kind VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    table_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    author VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    device VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    line VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    n INTEGER NOT NULL ON CONFLICT FAIL,
    made_at INTEGER NOT NULL ON CONFLICT FAIL,
    received_at INTEGER NOT NULL ON CONFLICT FAIL,
    outcome VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    reason VARCHAR(64),
    fields JSON,
    commitment VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    hash VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_ledger PRIMARY KEY (seq) ON CONFLICT FAIL,
    CONSTRAINT uq_ledger_op_id UNIQUE (op_id) ON CONFLICT FAIL
);
CREATE INDEX ledger_record ON ledger (record, version);
CREATE TABLE ledger_content (
    seq INTEGER NOT NULL ON CONFLICT FAIL,
    salt VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    content BLOB NOT NULL ON CONFLICT FAIL,
    effect BLOB,
    CONSTRAINT pk_ledger_content PRIMARY KEY (seq) ON CONFLICT FAIL
);
CREATE TABLE ledger_head (
    head VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    epoch VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    seq INTEGER NOT NULL ON CONFLICT FAIL,
    hash VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_ledger_head PRIMARY KEY (head) ON CONFLICT FAIL
);
CREATE TABLE local_need_type (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    code VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    title TEXT NOT NULL ON CONFLICT FAIL,
    maps_to_headline VARCHAR(40),
    active BOOLEAN DEFAULT '1' NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_local_need_type PRIMARY KEY (id) ON CONFLICT FAIL,
    CONSTRAINT uq_local_need_type_code UNIQUE (code) ON CONFLICT FAIL
);
CREATE INDEX ix_local_need_type_scope ON local_need_type (scope);
CREATE TABLE locality (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    code TEXT NOT NULL ON CONFLICT FAIL,
    name TEXT NOT NULL ON CONFLICT FAIL,
    district TEXT,
    target_years JSON,
    CONSTRAINT pk_locality PRIMARY KEY (id) ON CONFLICT FAIL,
    CONSTRAINT uq_locality_code UNIQUE (code) ON CONFLICT FAIL
);
CREATE INDEX ix_locality_scope ON locality (scope);
CREATE TABLE membership (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    person_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    role VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    parental_responsibility VARCHAR(40),
    lives_here VARCHAR(40),
    from_on DATE,
    to_on DATE,
    CONSTRAINT pk_membership PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_membership_family_id ON membership (family_id);
CREATE INDEX ix_membership_person_id ON membership (person_id);
CREATE INDEX ix_membership_scope ON membership (scope);
CREATE TABLE need (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    person_ids JSON,
    headline VARCHAR(40),
    indicator VARCHAR(40),
    local_type VARCHAR(40),
    described_in_family_words TEXT,
    identified_on DATE,
    source VARCHAR(40),
    severity VARCHAR(40),
    status VARCHAR(40),
    counts_for_claim BOOLEAN,
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_need PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_need_family_id ON need (family_id);
CREATE INDEX ix_need_scope ON need (scope);
CREATE TABLE note_amendment (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    note_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    kind VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    part VARCHAR(40),
    text TEXT,
    old_value TEXT,
    reason TEXT,
    approved_by VARCHAR(32),
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_note_amendment PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_note_amendment_note_id ON note_amendment (note_id);
CREATE INDEX ix_note_amendment_scope ON note_amendment (scope);
CREATE TABLE op (
    pos INTEGER NOT NULL ON CONFLICT FAIL,
    op_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    n INTEGER NOT NULL ON CONFLICT FAIL,
    chain VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    kind VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    table_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    base_epoch VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    base_version INTEGER NOT NULL ON CONFLICT FAIL,
    made_at INTEGER NOT NULL ON CONFLICT FAIL,
    act_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    salt VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    content BLOB NOT NULL ON CONFLICT FAIL,
    knows JSON,
    urgent BOOLEAN NOT NULL ON CONFLICT FAIL,
    waiting BOOLEAN NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_op PRIMARY KEY (pos) ON CONFLICT FAIL,
    CONSTRAINT uq_op_op_id UNIQUE (op_id) ON CONFLICT FAIL
);
CREATE INDEX op_waiting ON op (pos) WHERE waiting = 1;
CREATE INDEX op_waiting_record ON op (record) WHERE waiting = 1;
CREATE TABLE peer (
    device VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    generation VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    n INTEGER NOT NULL ON CONFLICT FAIL,
    chain VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    last_seen_at INTEGER NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_peer PRIMARY KEY (device) ON CONFLICT FAIL
);
CREATE TABLE person (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    person_ref TEXT,
    forenames TEXT,
    family_name TEXT,
    known_as TEXT,
    other_names TEXT,
    dob DATE,
    dob_estimated BOOLEAN DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    expected_date DATE,
    gender TEXT,
    pronouns TEXT,
    ethnicity_code VARCHAR(40),
    first_language TEXT,
    interpreter_needed BOOLEAN DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    communication_needs TEXT,
    nhs_number TEXT,
    upn TEXT,
    ni_number TEXT,
    disability TEXT,
    health_note TEXT,
    school TEXT,
    year_group TEXT,
    legal_status VARCHAR(40),
    legal_status_on DATE,
    legal_status_source TEXT,
    CONSTRAINT pk_person PRIMARY KEY (id) ON CONFLICT FAIL,
    CONSTRAINT uq_person_person_ref UNIQUE (person_ref) ON CONFLICT FAIL
);
CREATE INDEX ix_person_scope ON person (scope);
CREATE TABLE "plan" (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    number INTEGER,
    period_from DATE,
    period_to DATE,
    aims_in_family_words TEXT,
    members_covered JSON,
    agreed_with JSON,
    aligned_outcomes JSON,
    state VARCHAR(40),
    state_on DATE,
    state_reason TEXT,
    superseded_by VARCHAR(32),
    review_due DATE,
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_plan PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_plan_family_id ON "plan" (family_id);
CREATE INDEX ix_plan_scope ON "plan" (scope);
CREATE TABLE practice_standard (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    code VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    text TEXT NOT NULL ON CONFLICT FAIL,
    measure TEXT,
    n INTEGER,
    unit VARCHAR(40),
    applies_to VARCHAR(40),
    source TEXT,
    set_by TEXT,
    set_on DATE,
    CONSTRAINT pk_practice_standard PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_practice_standard_scope ON practice_standard (scope);
CREATE TABLE programme (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    name_local TEXT NOT NULL ON CONFLICT FAIL,
    council_name TEXT,
    accountable_body TEXT,
    phase_label TEXT,
    funding_mode VARCHAR(40),
    from_on DATE,
    to_on DATE,
    emergency_numbers JSON,
    settings JSON,
    CONSTRAINT pk_programme PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_programme_scope ON programme (scope);
CREATE TABLE receipt (
    op_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    epoch VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    seq INTEGER NOT NULL ON CONFLICT FAIL,
    version INTEGER NOT NULL ON CONFLICT FAIL,
    outcome VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    reason VARCHAR(64),
    fields JSON,
    received_at INTEGER NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_receipt PRIMARY KEY (op_id) ON CONFLICT FAIL
);
CREATE INDEX receipt_outcome ON receipt (outcome);
CREATE TABLE risk_marker (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32),
    person_id VARCHAR(32),
    kind VARCHAR(40),
    detail TEXT,
    evidence TEXT,
    do_not_disclose_to JSON,
    set_on DATE,
    review_on DATE,
    state VARCHAR(40),
    cleared_on DATE,
    cleared_by VARCHAR(32),
    cleared_why TEXT,
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_risk_marker PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_risk_marker_family_id ON risk_marker (family_id);
CREATE INDEX ix_risk_marker_person_id ON risk_marker (person_id);
CREATE INDEX ix_risk_marker_scope ON risk_marker (scope);
CREATE TABLE safeguarding_concern (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32),
    happened_at DATETIME,
    about JSON,
    seen_or_said TEXT,
    immediate_danger BOOLEAN,
    told JSON,
    family_told VARCHAR(40),
    follow_up_due DATE,
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_safeguarding_concern PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_safeguarding_concern_family_id ON safeguarding_concern (family_id);
CREATE INDEX ix_safeguarding_concern_scope ON safeguarding_concern (scope);
CREATE TABLE scope_grant (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    user_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    kinds VARCHAR(1000) NOT NULL ON CONFLICT FAIL,
    level INTEGER NOT NULL ON CONFLICT FAIL,
    from_seq INTEGER NOT NULL ON CONFLICT FAIL,
    to_seq INTEGER,
    CONSTRAINT pk_scope_grant PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX scope_grant_from ON scope_grant (user_id, from_seq);
CREATE INDEX scope_grant_scope ON scope_grant (scope);
CREATE INDEX scope_grant_to ON scope_grant (user_id, to_seq);
CREATE INDEX scope_grant_user ON scope_grant (user_id, scope);
CREATE TABLE shadow (
    table_name VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER NOT NULL ON CONFLICT FAIL,
    "row" JSON NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_shadow PRIMARY KEY (table_name, record) ON CONFLICT FAIL
);
CREATE TABLE sync_never (
    id INTEGER NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_sync_never PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE TABLE tally (
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    kind VARCHAR(64) NOT NULL ON CONFLICT FAIL,
    records INTEGER NOT NULL ON CONFLICT FAIL,
    digest VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_tally PRIMARY KEY (scope, kind) ON CONFLICT FAIL
);
CREATE TABLE team (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    code TEXT NOT NULL ON CONFLICT FAIL,
    name TEXT NOT NULL ON CONFLICT FAIL,
    locality_id VARCHAR(32),
    leader_id VARCHAR(32),
    employing_agency_id VARCHAR(32),
    CONSTRAINT pk_team PRIMARY KEY (id) ON CONFLICT FAIL,
    CONSTRAINT uq_team_code UNIQUE (code) ON CONFLICT FAIL
);
CREATE INDEX ix_team_scope ON team (scope);
CREATE TABLE visit (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    worker_ids JSON,
    planned_at DATETIME,
    expected_out DATETIME,
    type VARCHAR(40),
    place TEXT,
    purpose TEXT,
    risk_level VARCHAR(40),
    measures TEXT,
    announced BOOLEAN,
    state VARCHAR(40),
    started_at DATETIME,
    ended_at DATETIME,
    rooms_seen TEXT,
    hazard_note TEXT,
    next_date_given DATE,
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_visit PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_visit_family_id_planned_at ON visit (family_id, planned_at);
CREATE INDEX ix_visit_scope ON visit (scope);
CREATE TABLE visit_note (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    family_id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    visit_id VARCHAR(32),
    note_ref TEXT,
    kind VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    visit_type VARCHAR(40),
    correspondence VARCHAR(40),
    happened_at DATETIME NOT NULL ON CONFLICT FAIL,
    ended_at DATETIME,
    place TEXT,
    present JSON,
    children_seen JSON,
    what_happened TEXT,
    child_means TEXT,
    next_date DATE,
    significant BOOLEAN,
    need_ids JSON,
    goal_ids JSON,
    finalised_at DATETIME,
    finalised_by VARCHAR(32),
    device_name TEXT,
    original_hash TEXT,
    written_by VARCHAR(32),
    written_at DATETIME,
    CONSTRAINT pk_visit_note PRIMARY KEY (id) ON CONFLICT FAIL,
    CONSTRAINT uq_visit_note_note_ref UNIQUE (note_ref) ON CONFLICT FAIL
);
CREATE INDEX ix_visit_note_family_id_happened_at ON visit_note (family_id, happened_at);
CREATE INDEX ix_visit_note_scope ON visit_note (scope);
CREATE INDEX ix_visit_note_visit_id ON visit_note (visit_id);
CREATE TABLE worker (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    version INTEGER DEFAULT '0' NOT NULL ON CONFLICT FAIL,
    scope VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    extra JSON,
    staff_no TEXT,
    display_name TEXT NOT NULL ON CONFLICT FAIL,
    work_email TEXT,
    work_phone TEXT,
    employing_agency_id VARCHAR(32),
    team_id VARCHAR(32),
    roles JSON,
    fte_percent INTEGER,
    active_from DATE,
    active_to DATE,
    clearance_on DATE,
    CONSTRAINT pk_worker PRIMARY KEY (id) ON CONFLICT FAIL,
    CONSTRAINT uq_worker_staff_no UNIQUE (staff_no) ON CONFLICT FAIL
);
CREATE INDEX ix_worker_scope ON worker (scope);
CREATE INDEX ix_worker_team_id ON worker (team_id);
CREATE TABLE sync_gate (
    record VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    must_be_shut INTEGER DEFAULT 1 NOT NULL ON CONFLICT FAIL,
    CONSTRAINT pk_sync_gate PRIMARY KEY (record) ON CONFLICT FAIL,
    FOREIGN KEY(must_be_shut) REFERENCES sync_never (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE draft (
    id VARCHAR(32) NOT NULL ON CONFLICT FAIL,
    kind VARCHAR(40) NOT NULL ON CONFLICT FAIL,
    family_id VARCHAR(32),
    body JSON NOT NULL ON CONFLICT FAIL,
    cursor INTEGER NOT NULL ON CONFLICT FAIL,
    opened_at DATETIME NOT NULL ON CONFLICT FAIL,
    saved_at DATETIME NOT NULL ON CONFLICT FAIL,
    PRIMARY KEY (id) ON CONFLICT FAIL
);
CREATE INDEX ix_draft_family_id ON draft (family_id);
CREATE TABLE fact (
    name VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    value JSON NOT NULL ON CONFLICT FAIL,
    PRIMARY KEY (name) ON CONFLICT FAIL
);
CREATE TABLE schema_step (
    number INTEGER NOT NULL ON CONFLICT FAIL,
    name VARCHAR(80) NOT NULL ON CONFLICT FAIL,
    ran_at DATETIME NOT NULL ON CONFLICT FAIL,
    PRIMARY KEY (number) ON CONFLICT FAIL
);
CREATE TABLE search_stale (
    entry INTEGER,
    name TEXT,
    words TEXT
);
