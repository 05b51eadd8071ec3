-- A call of 0029 whose muting Telegram refused, as that version wrote it.
INSERT INTO caller_muting (call_id, done, at) VALUES (290029, FALSE, 1795500000000);
