-- The school: who did what, who must agree, classes and groups, people, sessions, sheets, imports.

CREATE TABLE audit_entry (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    -- 'person', 'account' (not linked), 'cli', 'system'
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    old TEXT,
    new TEXT
);
CREATE INDEX audit_entry_object ON audit_entry (object, at);

CREATE TABLE agreement (
    id TEXT NOT NULL PRIMARY KEY,
    -- Which feature carries it out (`workbook.apply`).
    kind TEXT NOT NULL,
    -- What will happen, in words (a Text as JSON).
    effects TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- How many different people must agree.
    needs BIGINT NOT NULL,
    asked_by TEXT,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'agreed', 'refused', 'expired', 'done')),
    decided_at BIGINT
);
CREATE INDEX agreement_open ON agreement (expires_at) WHERE state = 'open';

CREATE TABLE agreement_voice (
    agreement_id TEXT NOT NULL REFERENCES agreement (id),
    -- A person's id, or 'cli' for the command line.
    voter TEXT NOT NULL,
    agrees BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (agreement_id, voter)
);

CREATE TABLE classroom (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL UNIQUE,
    lang TEXT,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);

CREATE TABLE classroom_group (
    classroom_id TEXT NOT NULL PRIMARY KEY REFERENCES classroom (id),
    chat BIGINT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    bot_is_admin BOOLEAN NOT NULL,
    -- Bot API names of the rights that the bot lacks, joined by spaces.
    missing_rights TEXT NOT NULL,
    join_link TEXT,
    -- The caller accounts that own and second the group (step 2).
    owner_account TEXT,
    spare_account TEXT,
    adopted_by TEXT,
    adopted_at BIGINT NOT NULL
);

CREATE TABLE group_member (
    chat BIGINT NOT NULL,
    account BIGINT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('absent', 'member', 'admin', 'banned')),
    since BIGINT NOT NULL,
    PRIMARY KEY (chat, account)
);

CREATE TABLE group_movement (
    id TEXT NOT NULL PRIMARY KEY,
    chat BIGINT NOT NULL,
    account BIGINT NOT NULL,
    was TEXT NOT NULL,
    becomes TEXT NOT NULL,
    by_account BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX group_movement_chat ON group_movement (chat, at);

CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    -- « prénom nom », folded.
    name_fold TEXT NOT NULL,
    email TEXT,
    email_fold TEXT,
    birth TEXT,
    card TEXT,
    role TEXT NOT NULL CHECK (role IN ('student', 'teacher', 'supervisor', 'manager', 'admin')),
    lang TEXT CHECK (lang IN ('fr', 'en')),
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX person_name ON person (name_fold);
CREATE INDEX person_email ON person (email_fold);

-- A person belongs to a class: as a student, or in charge of it (teacher, supervisor) by their role.
CREATE TABLE enrolment (
    person_id TEXT NOT NULL REFERENCES person (id),
    classroom_id TEXT NOT NULL REFERENCES classroom (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (person_id, classroom_id)
);
CREATE INDEX enrolment_classroom ON enrolment (classroom_id);

-- The tie between a Telegram account and a person.
CREATE TABLE account (
    telegram_id BIGINT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL UNIQUE REFERENCES person (id),
    lang TEXT CHECK (lang IN ('fr', 'en')),
    linked_at BIGINT NOT NULL,
    -- False once Telegram says that the person blocked the bot.
    reachable BOOLEAN NOT NULL,
    age_band TEXT
);

-- Personal links, stored hashed.
CREATE TABLE personal_link (
    token_hash TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('admin', 'printed', 'mailed')),
    person_id TEXT REFERENCES person (id),
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    made_by TEXT,
    tries BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('open', 'used', 'dead')),
    used_by BIGINT,
    used_at BIGINT
);
CREATE INDEX personal_link_person ON personal_link (person_id);

CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    classroom_id TEXT NOT NULL REFERENCES classroom (id),
    reference TEXT,
    start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    subject TEXT NOT NULL,
    teacher_id TEXT REFERENCES person (id),
    teacher_name TEXT NOT NULL,
    room TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('on_site', 'remote', 'hybrid')),
    link TEXT,
    state TEXT NOT NULL CHECK (state IN ('planned', 'cancelled')),
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX session_classroom ON session (classroom_id, start_at);
CREATE INDEX session_teacher ON session (teacher_id, start_at);

-- « Je serai absent », « En retard ».
CREATE TABLE announcement (
    session_id TEXT NOT NULL REFERENCES session (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('absent', 'late')),
    minutes BIGINT,
    at BIGINT NOT NULL,
    PRIMARY KEY (session_id, person_id)
);

-- Append-only: what was seen, by whom, when it happened and when we learnt it.
CREATE TABLE presence_event (
    id TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES session (id),
    person_id TEXT REFERENCES person (id),
    account BIGINT,
    kind TEXT NOT NULL CHECK (kind IN
        ('joined', 'left', 'seen', 'button', 'card', 'signature', 'manual', 'import')),
    source TEXT NOT NULL,
    source_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    detail TEXT
);
CREATE INDEX presence_event_session ON presence_event (session_id, source_at);

CREATE TABLE sheet (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES session (id),
    state TEXT NOT NULL CHECK (state IN ('running', 'proposed', 'validated', 'locked')),
    -- Rises with each change of a line: what a press was made on.
    version BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    proposed_at BIGINT,
    validated_at BIGINT,
    validated_by TEXT
);

-- One line a student of the frozen roster.
CREATE TABLE sheet_line (
    session_id TEXT NOT NULL REFERENCES sheet (session_id),
    person_id TEXT NOT NULL REFERENCES person (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'present', 'partial', 'absent', 'justified')),
    late BIGINT,
    early BIGINT,
    minutes BIGINT,
    source TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, person_id)
);
CREATE INDEX sheet_line_person ON sheet_line (person_id);

CREATE TABLE sheet_change (
    id TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sheet (session_id),
    person_id TEXT NOT NULL REFERENCES person (id),
    version BIGINT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL,
    reason TEXT NOT NULL,
    by_person TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sheet_change_session ON sheet_change (session_id, version);

CREATE TABLE contest (
    id TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sheet (session_id),
    person_id TEXT NOT NULL REFERENCES person (id),
    words TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'refused')),
    reason TEXT,
    decided_by TEXT,
    at BIGINT NOT NULL,
    decided_at BIGINT,
    UNIQUE (session_id, person_id)
);

CREATE TABLE workbook_import (
    id TEXT NOT NULL PRIMARY KEY,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    chat BIGINT,
    by_person TEXT,
    state TEXT NOT NULL CHECK (state IN ('reading', 'previewed', 'waiting', 'applied', 'abandoned', 'refused')),
    -- The parsed workbook and the difference shown, as JSON.
    workbook TEXT,
    fingerprint TEXT,
    agreement_id TEXT,
    created_at BIGINT NOT NULL,
    settled_at BIGINT
);

-- What an applied import did, by the key of the row that did it.
CREATE TABLE workbook_receipt (
    key TEXT NOT NULL PRIMARY KEY,
    receipt TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- Removals from timetables and rosters, counted over 24 hours from all sources.
CREATE TABLE removal (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('session', 'roster', 'group')),
    classroom_id TEXT NOT NULL REFERENCES classroom (id),
    object TEXT NOT NULL
);
CREATE INDEX removal_at ON removal (at);
