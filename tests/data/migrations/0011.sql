-- A row of every table of 0011, as that version wrote them.
INSERT INTO presence_peer (session_id, peer, title, first_at, person_id, matched_by, matched_at) VALUES
    ('s1', -1002000000099, 'Le coin d''Inès', 1795525013000, 'p1', 'p2', 1795525900000),
    ('s1', 777, NULL, 1795525014000, NULL, NULL, NULL);
UPDATE session_call SET state = 'unseen' WHERE session_id = 's1';
