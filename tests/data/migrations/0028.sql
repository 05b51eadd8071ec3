-- An account of 0028 that could not be opened, as that version wrote it.
INSERT INTO caller_account (account, name, sealed, state, why, signed_in_at, lost_at, standing, standing_why, standing_since) VALUES
    (7028, 'Horizon réserve', 'c1:00', 'ready', NULL, 1795500000000, NULL, 'shut', '{"key":"vault-key-missing","args":[]}', 1795500001000);
