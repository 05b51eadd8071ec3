-- 0014 adds an index: one more call, which is over, as that version wrote it.
INSERT INTO live_call (session_id, call_id, chat, account, title, adopted, message, opened_at, closed_at, extended, end_asked)
VALUES ('s1', 5000000000000000099, -1002000000001, 7001, 'Réseaux · 24/11', TRUE, 12, 1795525000000, 1795525100000, 0, FALSE);
