-- The Telegram adapter's own state.

-- What a button stands for. Its data on the wire is the id alone: nothing to forge, nothing to read.
CREATE TABLE telegram_button (
    id TEXT NOT NULL PRIMARY KEY,
    action TEXT NOT NULL,
    args TEXT NOT NULL,
    actor BIGINT,
    made_at BIGINT NOT NULL
);
CREATE INDEX telegram_button_made ON telegram_button (made_at);

-- Messages that are edited instead of sent again, by what they show (`session:ID`).
CREATE TABLE telegram_slot (
    slot TEXT NOT NULL PRIMARY KEY,
    chat BIGINT NOT NULL,
    message BIGINT NOT NULL,
    at BIGINT NOT NULL
);

-- A question that was asked in a private chat and waits for its answer.
CREATE TABLE telegram_dialogue (
    account BIGINT NOT NULL PRIMARY KEY,
    topic TEXT NOT NULL,
    args TEXT NOT NULL,
    until BIGINT NOT NULL
);
