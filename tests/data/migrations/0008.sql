-- A row of every table of 0008, as that version wrote them.
INSERT INTO session_staged (batch, id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room,
    mode, link, state, revision) VALUES
    ('b1', 's9', 'c1', NULL, 1795600000000, 1795607200000, 'Réseaux', NULL, '', 'B204', 'on_site', NULL, 'planned', 1);
INSERT INTO person_staged (batch, id, last_name, first_name, name_fold, email, email_fold, birth, card, role, lang, active)
    VALUES ('b1', 'p9', 'Moreau', 'Inès', 'ines moreau', NULL, NULL, NULL, NULL, 'student', NULL, TRUE);
INSERT INTO enrolment_staged (batch, person_id, classroom_id, leaves) VALUES ('b1', 'p9', 'c1', FALSE);
INSERT INTO audit_staged (batch, id, actor_kind, actor, action, object, old, new) VALUES
    ('b1', 'a9', 'cli', '', 'person.added', 'person:p9', NULL, 'student');
