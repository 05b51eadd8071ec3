-- The user accounts that do what bots cannot: groups made, calls opened.

CREATE TABLE caller_account (
    account BIGINT NOT NULL PRIMARY KEY,
    -- As the account calls itself, for admins' eyes.
    name TEXT NOT NULL,
    -- Data centre, address and key, sealed: whoever holds the key is the account.
    sealed TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'lost')),
    -- Telegram's own word for why it was lost.
    why TEXT,
    signed_in_at BIGINT NOT NULL,
    lost_at BIGINT
);

-- What an account may ask Telegram about: a hash of its own for each user (positive) and group (as the Bot API numbers it).
CREATE TABLE caller_peer (
    account BIGINT NOT NULL,
    peer BIGINT NOT NULL,
    access_hash BIGINT NOT NULL,
    PRIMARY KEY (account, peer)
);

-- Who owns a group that was made here, and who may step in.
ALTER TABLE classroom_group ADD COLUMN owner BIGINT;
ALTER TABLE classroom_group ADD COLUMN spare BIGINT;

-- A group on its way: begun is not done, and what was begun is found again.
CREATE TABLE classroom_making (
    classroom_id TEXT NOT NULL PRIMARY KEY REFERENCES classroom (id),
    -- Who makes it; none yet: only its day is foreseen.
    account BIGINT,
    -- The school's day on which it counts.
    day TEXT NOT NULL,
    -- Telegram was asked for it: from then on it is looked for before it is made.
    began_at BIGINT,
    chat BIGINT,
    done_at BIGINT
);
CREATE INDEX classroom_making_day ON classroom_making (account, day);

-- An account that Telegram lets make no more groups that day.
CREATE TABLE group_pause (
    account BIGINT NOT NULL PRIMARY KEY,
    day TEXT NOT NULL,
    why TEXT NOT NULL
);
-- A group as it was called here: what a person called it since is theirs.
CREATE TABLE group_kept (
    chat BIGINT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    about TEXT NOT NULL
);
-- Who was made an administrator of a group here, and with which rights: nobody else's are touched.
CREATE TABLE group_manager (
    chat BIGINT NOT NULL,
    account BIGINT NOT NULL,
    rights TEXT NOT NULL,
    PRIMARY KEY (chat, account)
);
-- Who is in a group without being of the class, or of the class without being in it, and was told of.
CREATE TABLE group_notice (
    chat BIGINT NOT NULL,
    account BIGINT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('stranger', 'missing')),
    at BIGINT NOT NULL,
    PRIMARY KEY (chat, account, what)
);

-- What became of a session's video call.
CREATE TABLE session_call (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES session (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'failed', 'over')),
    at BIGINT NOT NULL
);

-- The calls that were open for a session; one at a time is open.
CREATE TABLE live_call (
    session_id TEXT NOT NULL REFERENCES session (id),
    call_id BIGINT NOT NULL,
    chat BIGINT NOT NULL,
    account BIGINT NOT NULL,
    title TEXT NOT NULL,
    adopted BOOLEAN NOT NULL,
    -- Telegram's own line about it in the group.
    message BIGINT,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    -- So many minutes longer than its session and grace, as the teacher said.
    extended BIGINT NOT NULL,
    -- The teacher said to end it.
    end_asked BOOLEAN NOT NULL,
    PRIMARY KEY (session_id, call_id)
);
CREATE INDEX live_call_open ON live_call (chat, closed_at);

-- One row per look into a call.
CREATE TABLE presence_poll (
    session_id TEXT NOT NULL REFERENCES session (id),
    at BIGINT NOT NULL,
    complete BOOLEAN NOT NULL,
    people BIGINT NOT NULL,
    PRIMARY KEY (session_id, at)
);
-- When a session's call was open.
CREATE TABLE presence_watch (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES session (id),
    opened_at BIGINT NOT NULL,
    closed_at BIGINT
);
-- Who is in a session's call, as of the last look.
CREATE TABLE presence_now (
    session_id TEXT NOT NULL REFERENCES session (id),
    -- An account; or, below zero, a channel as which somebody joined.
    peer BIGINT NOT NULL,
    person_id TEXT,
    since BIGINT NOT NULL,
    PRIMARY KEY (session_id, peer)
);
