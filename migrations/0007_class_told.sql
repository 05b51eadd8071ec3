-- What stands on a phone while a lesson runs, so that it follows; what a class was told of changes.

-- The roll in a private chat: which screen stands there, and a hash of its words.
CREATE TABLE roll_shown (
    session_id TEXT NOT NULL REFERENCES session (id),
    account BIGINT NOT NULL,
    screen TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (session_id, account)
);

-- A session that changed and of which its class was not told yet.
CREATE TABLE session_untold (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES session (id),
    classroom_id TEXT NOT NULL REFERENCES classroom (id),
    -- The session as the class knows it, as JSON; NULL: the class does not know of it.
    known TEXT,
    due_at BIGINT NOT NULL,
    -- The notice that tells of it, once one is on its way.
    notice TEXT
);
CREATE INDEX session_untold_classroom ON session_untold (classroom_id, due_at);

-- A merged change notice that went to a class's group: its day in school time, its lines as JSON.
CREATE TABLE class_notice (
    id TEXT NOT NULL PRIMARY KEY,
    classroom_id TEXT NOT NULL REFERENCES classroom (id),
    day TEXT NOT NULL,
    said TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX class_notice_day ON class_notice (classroom_id, day);
