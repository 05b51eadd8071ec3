-- A session that begins with another one.
INSERT INTO session (id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, link,
    state, revision, created_at, updated_at) VALUES
    ('s21', 'c1', NULL, 1795501000000, 1795508200000, 'Maths', NULL, '', 'B13', 'on_site', NULL, 'planned', 1,
    1795500000000, 1795500000000);
