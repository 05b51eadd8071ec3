-- The next session of all classes, and those of a day, are looked for by their start.
CREATE INDEX session_start ON session (start_at, id);
