-- Somebody who joined.
INSERT INTO group_welcome (classroom_id, day, person_id) VALUES ('c1', '2026-11-24', 'p1');
