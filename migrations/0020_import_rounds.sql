-- A large import is written in rounds: the first with all that decides, the others one by one.

-- An import whose first round was written, and whose others are still to be.
CREATE TABLE workbook_rest (
    -- The batch of its first round.
    plan TEXT NOT NULL PRIMARY KEY,
    import_id TEXT NOT NULL REFERENCES workbook_import (id),
    -- When the first was written: what began or was changed since then stays as it is.
    at BIGINT NOT NULL,
    -- Under which its receipt is kept.
    receipt_key TEXT NOT NULL,
    -- Who is told when the last one is through.
    account BIGINT
);

-- A round to come. Staged as the rest: it counts once its import is in workbook_rest.
CREATE TABLE workbook_round (
    plan TEXT NOT NULL,
    position BIGINT NOT NULL,
    batch TEXT NOT NULL,
    -- What goes with it that is not staged, as JSON.
    work TEXT NOT NULL,
    PRIMARY KEY (plan, position)
);
CREATE INDEX workbook_round_batch ON workbook_round (batch);
