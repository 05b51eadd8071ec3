-- An account that Telegram lets make no more groups for so long: the last of its days, and the moment when it is over.
-- None: it is held back for the whole day.
ALTER TABLE group_pause ADD COLUMN until BIGINT;

-- The picture that a group was given here: the hash of its bytes.
ALTER TABLE group_kept ADD COLUMN photo TEXT;
