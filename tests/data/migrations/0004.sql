-- A row of each kind that the new indexes leave out or take in.
INSERT INTO outbox (id, kind, key, lane, door, rank, policy, payload, state, due_at, expires_at, hold_until, created_at)
VALUES ('0004-held', 'telegram.answer', 'telegram.answer:0004', 'chat:4', 'telegram', 0, 'at_least_once', '{}',
    'retryable', 1795500000000, 1795586400000, 1795500030000, 1795500000000);
