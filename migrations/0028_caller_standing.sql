-- How a user account that is signed in stands, as the process that serves the accounts last knew: fine, its secret does
-- not open there, or Telegram does not answer it.
ALTER TABLE caller_account ADD COLUMN standing TEXT NOT NULL DEFAULT 'well' CHECK (standing IN ('well', 'shut', 'away'));
-- Why it does not open, as JSON words.
ALTER TABLE caller_account ADD COLUMN standing_why TEXT;
ALTER TABLE caller_account ADD COLUMN standing_since BIGINT;
