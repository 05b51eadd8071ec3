-- A row of every table of 0006, as that version wrote them.
INSERT INTO workbook_effect (import_id, position, at, effect, outcome) VALUES
    ('w1', 1, 1795500000002, '{"class_made":{"id":"c1"}}', NULL),
    ('w1', 2, 1795500000002, '{"class_made":{"id":"c2"}}', 'undone');
UPDATE workbook_import SET undone_at = 1795500000900 WHERE id = 'w1';
UPDATE agreement SET over_kind = 'workbook.over', ending = '{"key":"approval-state-withdrawn","args":[]}' WHERE id = 'a1';
INSERT INTO departure (classroom_id, person_id, account, due_at, state, at) VALUES
    ('c1', 'p1', 1000001, 1795500600000, 'waiting', 1795500000000);
