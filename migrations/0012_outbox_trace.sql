-- A message whose process stopped during its call is looked for outside before anything is decided about it.

-- By what it would be found: set when the call begins, gone when the row is settled.
ALTER TABLE outbox ADD COLUMN trace TEXT;
-- Machine time at which the call began whose end nobody knows.
ALTER TABLE outbox ADD COLUMN doubt_at BIGINT;
