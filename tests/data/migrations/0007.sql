-- A row of every table of 0007, as that version wrote them.
INSERT INTO roll_shown (session_id, account, screen, words) VALUES ('s1', 1000002, '"Main"', 'e3b0');
INSERT INTO session_untold (session_id, classroom_id, known, due_at, notice) VALUES ('s1', 'c1', NULL, 1795500120000, NULL);
INSERT INTO class_notice (id, classroom_id, day, said, at) VALUES
    ('session.notice:c1:1795500120000', 'c1', '2026-11-24', '[{"key":"x","args":[]}]', 1795500120500);
