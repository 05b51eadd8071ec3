-- New sessions of a large import wait for their round in packs, not line by line: what is written, read, copied and removed
-- for each of fifty thousand is half of what an import costs.

-- Some new sessions of a batch, as they will be.
CREATE TABLE session_pack (
    batch TEXT NOT NULL,
    -- The id of the first of them.
    first_id TEXT NOT NULL,
    -- As JSON: words that stand on several once, then each session by the places of its words.
    sessions TEXT NOT NULL,
    PRIMARY KEY (batch, first_id)
);
