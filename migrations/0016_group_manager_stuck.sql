-- Since when rights stand that nobody of ours may change: an account that is lost gave them.
ALTER TABLE group_manager ADD COLUMN stuck_at BIGINT;
