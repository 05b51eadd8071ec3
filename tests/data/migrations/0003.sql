-- A row of every table of 0003, as that version wrote them.
INSERT INTO audit_entry (id, at, actor_kind, actor, action, object, old, new) VALUES
    ('01900000-0000-7000-8000-000000000010', 1795500000000, 'person', 'p1', 'session.moved', 'session:s1', '08:30', '09:30'),
    ('01900000-0000-7000-8000-000000000011', 1795500000001, 'cli', '', 'link.made', 'link:1', NULL, NULL);
INSERT INTO agreement (id, kind, effects, payload, needs, asked_by, asked_at, expires_at, state, decided_at) VALUES
    ('a1', 'workbook.apply', '{"key":"x","args":[]}', '{}', 2, 'p1', 1795500000000, 1795600000000, 'open', NULL);
INSERT INTO agreement_voice (agreement_id, voter, agrees, at) VALUES ('a1', 'cli', TRUE, 1795500000100);
INSERT INTO agreement_voice (agreement_id, voter, agrees, at) VALUES ('a1', 'p1', FALSE, 1795500000101);
INSERT INTO classroom (id, name, name_fold, lang, created_at, closed_at) VALUES
    ('c1', '1re année Éco', '1re annee eco', NULL, 1795500000000, NULL);
INSERT INTO classroom_group (classroom_id, chat, title, bot_is_admin, missing_rights, join_link, owner_account,
    spare_account, adopted_by, adopted_at) VALUES
    ('c1', -1001000000001, '1A · 日本語 🏫', TRUE, '', 'https://t.me/+abc', NULL, NULL, 'p1', 1795500000000);
INSERT INTO group_member (chat, account, standing, since) VALUES (-1001000000001, 1000001, 'member', 1795500000000);
INSERT INTO group_movement (id, chat, account, was, becomes, by_account, at) VALUES
    ('m1', -1001000000001, 1000001, 'absent', 'member', 1000001, 1795500000000);
INSERT INTO person (id, last_name, first_name, name_fold, email, email_fold, birth, card, role, lang, active, created_at, updated_at) VALUES
    ('p1', 'Moreau', 'Inès', 'ines moreau', 'Ines@ecole.example', 'ines@ecole.example', '2007-02-28', '00A1', 'student', 'fr', TRUE, 1795500000000, 1795500000000),
    ('p2', 'O''Neill', 'Zoë', 'zoe o neill', NULL, NULL, NULL, NULL, 'teacher', NULL, FALSE, 1795500000000, 1795500000000);
INSERT INTO enrolment (person_id, classroom_id, since) VALUES ('p1', 'c1', 1795500000000);
INSERT INTO account (telegram_id, person_id, lang, linked_at, reachable, age_band) VALUES (1000001, 'p1', NULL, 1795500000000, TRUE, '15-17');
INSERT INTO personal_link (token_hash, kind, person_id, made_at, expires_at, made_by, tries, state, used_by, used_at) VALUES
    ('e3b0c44298fc1c149afbf4c8996fb924', 'printed', 'p1', 1795500000000, 1798000000000, 'p2', 1, 'used', 1000001, 1795500000500);
INSERT INTO session (id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, link,
    state, revision, created_at, updated_at) VALUES
    ('s1', 'c1', 'R-1', 1795501000000, 1795508200000, 'Économie', 'p2', 'Zoë O''Neill', 'B12', 'hybrid', 'https://x.example/a', 'planned', 3, 1795500000000, 1795500000001);
INSERT INTO announcement (session_id, person_id, kind, minutes, at) VALUES ('s1', 'p1', 'late', 10, 1795500500000);
INSERT INTO presence_event (id, session_id, person_id, account, kind, source, source_at, received_at, detail) VALUES
    ('e1', 's1', 'p1', 1000001, 'button', 'telegram', 1795501100000, 1795501100100, NULL);
INSERT INTO sheet (session_id, state, version, opened_at, proposed_at, validated_at, validated_by) VALUES
    ('s1', 'proposed', 2, 1795501000000, 1795508200000, NULL, NULL);
INSERT INTO sheet_line (session_id, person_id, state, late, early, minutes, source, updated_at) VALUES
    ('s1', 'p1', 'partial', 12, NULL, 90, 'button', 1795508200000);
INSERT INTO sheet_change (id, session_id, person_id, version, old, new, reason, by_person, at) VALUES
    ('k1', 's1', 'p1', 2, 'absent', 'partial', 'vue en cours', 'p2', 1795508200000);
INSERT INTO contest (id, session_id, person_id, words, state, reason, decided_by, at, decided_at) VALUES
    ('t1', 's1', 'p1', 'j''étais là', 'open', NULL, NULL, 1795509000000, NULL);
INSERT INTO workbook_import (id, file_name, sha256, chat, by_person, state, workbook, fingerprint, agreement_id, created_at, settled_at) VALUES
    ('w1', 'emploi du temps.xlsx', 'ab', NULL, 'p2', 'applied', NULL, 'f', 'a1', 1795500000000, 1795500000002);
INSERT INTO removal (id, at, kind, classroom_id, object) VALUES ('r1', 1795500000000, 'session', 'c1', 's0');
INSERT INTO workbook_receipt (key, receipt, at) VALUES ('workbook.apply:w1:f:false', '{"added":1}', 1795500000002);
