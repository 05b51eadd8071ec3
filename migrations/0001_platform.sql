-- The machine room: what came in, what must go out, who holds what.

CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    taken_at BIGINT NOT NULL
);

-- Small values that belong to no table: the polling offset.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE inbox (
    update_id BIGINT NOT NULL PRIMARY KEY,
    chat BIGINT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'done', 'failed')),
    attempts BIGINT NOT NULL DEFAULT 0,
    received_at BIGINT NOT NULL,
    settled_at BIGINT,
    note TEXT
);
CREATE INDEX inbox_new ON inbox (update_id) WHERE state = 'new';
CREATE INDEX inbox_settled ON inbox (settled_at) WHERE state <> 'new';

CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    door TEXT NOT NULL,
    rank BIGINT NOT NULL,
    policy TEXT NOT NULL CHECK (policy IN ('at_most_once', 'at_least_once')),
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('scheduled', 'executing', 'retryable', 'completed', 'cancelled', 'discarded', 'unknown')),
    due_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    hold_until BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT NOT NULL DEFAULT 0,
    holder TEXT,
    called_at BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    note TEXT
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('scheduled', 'retryable');
CREATE INDEX outbox_lane ON outbox (lane, due_at) WHERE state IN ('scheduled', 'retryable', 'executing');
CREATE INDEX outbox_executing ON outbox (lease_until) WHERE state = 'executing';
CREATE INDEX outbox_settled ON outbox (settled_at) WHERE state IN ('completed', 'cancelled');
