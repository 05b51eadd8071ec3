-- The worker's look stays short however many rows wait: whose turn it is, and which row may go on first.

CREATE INDEX outbox_turn ON outbox (rank, due_at, id) WHERE state IN ('scheduled', 'retryable');
CREATE INDEX outbox_hold ON outbox (hold_until) WHERE state IN ('scheduled', 'retryable') AND hold_until > 0;
