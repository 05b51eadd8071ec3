-- Which of our calls are muted for whoever joins, as far as the school wishes that: done, or owed still. It is done once,
-- whoever serves the accounts: what is changed afterwards is somebody's wish.
CREATE TABLE caller_muting (
    call_id BIGINT NOT NULL PRIMARY KEY,
    done BOOLEAN NOT NULL,
    at BIGINT NOT NULL
);
-- The session was in a call before, at the same hours: what was said of that one goes on with this one.
ALTER TABLE live_call ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE;
