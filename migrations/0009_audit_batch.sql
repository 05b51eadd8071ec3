-- What a batch does is written to the audit before it is done, in its final form, and stays where it was written: one row
-- here makes all of it count. Until then, and without, it is nothing.
CREATE TABLE audit_batch (
    -- Made at the flip, not when the batch was begun: whoever looks for what is new finds it.
    id TEXT NOT NULL PRIMARY KEY,
    batch TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT audit_batch_once UNIQUE (batch)
);
CREATE INDEX audit_staged_object ON audit_staged (object);
