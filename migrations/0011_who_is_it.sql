-- Who was in a session's call without being known at first: an account that nobody had tied to a person, or (below zero) a
-- channel as which somebody joined. What was seen of them is in presence_event under this number.
CREATE TABLE presence_peer (
    session_id TEXT NOT NULL REFERENCES session (id),
    peer BIGINT NOT NULL,
    -- The channel's name, as staff read it.
    title TEXT,
    first_at BIGINT NOT NULL,
    -- Who it turned out to be.
    person_id TEXT REFERENCES person (id),
    -- Who said so; nobody: the account was tied to the person meanwhile. Said without a person: nobody of the class.
    matched_by TEXT REFERENCES person (id),
    matched_at BIGINT,
    PRIMARY KEY (session_id, peer)
);

-- A call may go on unseen.
CREATE TABLE session_call_0011 (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES session (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'unseen', 'failed', 'over')),
    at BIGINT NOT NULL
);
INSERT INTO session_call_0011 (session_id, state, at) SELECT session_id, state, at FROM session_call;
DROP TABLE session_call;
ALTER TABLE session_call_0011 RENAME TO session_call;
