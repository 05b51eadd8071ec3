-- What applied imports did, so that it can be undone; who is to leave a class's group; how agreements really ended.

-- One thing that an application of an import changed, with what it was before. Kept for the time of undoing.
CREATE TABLE workbook_effect (
    import_id TEXT NOT NULL REFERENCES workbook_import (id),
    -- In the order of doing; undone in the other.
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    effect TEXT NOT NULL,
    -- Once undoing looked at it: 'undone', or why it stays.
    outcome TEXT,
    PRIMARY KEY (import_id, position)
);

ALTER TABLE workbook_import ADD COLUMN undone_at BIGINT;

-- The job that hears of an agreement's end without agreement, and what really happened (a Text as JSON).
ALTER TABLE agreement ADD COLUMN over_kind TEXT;
ALTER TABLE agreement ADD COLUMN ending TEXT;

-- Somebody who left a class and is to leave its group: not at once, so that it can be undone.
CREATE TABLE departure (
    classroom_id TEXT NOT NULL REFERENCES classroom (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    account BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    -- 'held': the bot may not remove people there. Who left, or need not leave any more, has no row.
    state TEXT NOT NULL CHECK (state IN ('waiting', 'held')),
    at BIGINT NOT NULL,
    PRIMARY KEY (classroom_id, person_id)
);
CREATE INDEX departure_state ON departure (state, due_at);
