-- A session may go from one class to another: what is untold of it is kept for each.
CREATE TABLE session_untold_0017 (
    session_id TEXT NOT NULL REFERENCES session (id),
    classroom_id TEXT NOT NULL REFERENCES classroom (id),
    -- The session as the class knows it, as JSON; NULL: the class does not know of it.
    known TEXT,
    due_at BIGINT NOT NULL,
    -- The notice that tells of it, once one is on its way.
    notice TEXT,
    PRIMARY KEY (session_id, classroom_id)
);
INSERT INTO session_untold_0017 (session_id, classroom_id, known, due_at, notice)
    SELECT session_id, classroom_id, known, due_at, notice FROM session_untold;
DROP TABLE session_untold;
ALTER TABLE session_untold_0017 RENAME TO session_untold;
CREATE INDEX session_untold_classroom ON session_untold (classroom_id, due_at);
