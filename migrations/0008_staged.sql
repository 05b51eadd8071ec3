-- Imports stage in batches what they are going to write, then flip it in one short transaction.

-- Sessions as they will be: new ones, and changed ones with their next revision.
CREATE TABLE session_staged (
    batch TEXT NOT NULL,
    id TEXT NOT NULL,
    classroom_id TEXT NOT NULL,
    reference TEXT,
    start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    subject TEXT NOT NULL,
    teacher_id TEXT,
    teacher_name TEXT NOT NULL,
    room TEXT NOT NULL,
    mode TEXT NOT NULL,
    link TEXT,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (batch, id)
);

-- People as they will be.
CREATE TABLE person_staged (
    batch TEXT NOT NULL,
    id TEXT NOT NULL,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    email TEXT,
    email_fold TEXT,
    birth TEXT,
    card TEXT,
    role TEXT NOT NULL,
    lang TEXT,
    active BOOLEAN NOT NULL,
    PRIMARY KEY (batch, id)
);

-- Who enters and who leaves which class.
CREATE TABLE enrolment_staged (
    batch TEXT NOT NULL,
    person_id TEXT NOT NULL,
    classroom_id TEXT NOT NULL,
    leaves BOOLEAN NOT NULL,
    PRIMARY KEY (batch, person_id, classroom_id)
);

-- What will have been done.
CREATE TABLE audit_staged (
    batch TEXT NOT NULL,
    id TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    old TEXT,
    new TEXT,
    PRIMARY KEY (batch, id)
);

-- Effects up to this position were done; those beyond it are staged.
ALTER TABLE workbook_import ADD COLUMN effects_until BIGINT NOT NULL DEFAULT 0;
UPDATE workbook_import SET effects_until =
    (SELECT COALESCE(MAX(e.position), 0) FROM workbook_effect e WHERE e.import_id = workbook_import.id);
