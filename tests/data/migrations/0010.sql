-- A row of every table of 0010, as that version wrote them.
INSERT INTO caller_account (account, name, sealed, state, why, signed_in_at, lost_at) VALUES
    (7001, 'Horizon appels', 'c1:00', 'ready', NULL, 1795500000000, NULL);
INSERT INTO caller_peer (account, peer, access_hash) VALUES (7001, -1002000000001, 42);
INSERT INTO classroom_making (classroom_id, account, day, began_at, chat, done_at) VALUES
    ('c1', 7001, '2026-11-24', 1795500000000, -1002000000001, 1795500001000);
INSERT INTO group_pause (account, day, why) VALUES (7001, '2026-11-24', 'PEER_FLOOD');
INSERT INTO group_kept (chat, title, about) VALUES (-1002000000001, '1A', 'Groupe de 1A');
INSERT INTO group_manager (chat, account, rights) VALUES (-1002000000001, 501, 'manage_call');
INSERT INTO group_notice (chat, account, what, at) VALUES (-1002000000001, 502, 'stranger', 1795500002000);
INSERT INTO session_call (session_id, state, at) VALUES ('s1', 'open', 1795525000000);
INSERT INTO live_call (session_id, call_id, chat, account, title, adopted, message, opened_at, closed_at, extended, end_asked) VALUES
    ('s1', 99, -1002000000001, 7001, 'Réseaux · 24/11', FALSE, 12, 1795525000000, NULL, 15, FALSE);
INSERT INTO presence_poll (session_id, at, complete, people) VALUES ('s1', 1795525012000, TRUE, 3);
INSERT INTO presence_watch (session_id, opened_at, closed_at) VALUES ('s1', 1795525000000, NULL);
INSERT INTO presence_now (session_id, peer, person_id, since) VALUES ('s1', 501, NULL, 1795525001000);
