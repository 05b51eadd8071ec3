-- A row of every table of 0017, as that version wrote them.
INSERT INTO classroom (id, name, name_fold, lang, created_at, closed_at) VALUES
    ('c17', '2e année Éco', '2e annee eco', NULL, 1795500000000, NULL);
INSERT INTO session_untold (session_id, classroom_id, known, due_at, notice) VALUES
    ('s1', 'c17', '{}', 1795500120000, NULL);
