-- A row of every table of 0001, as that version wrote them.
INSERT INTO lease (name, holder, until, taken_at) VALUES ('telegram', '01900000-0000-7000-8000-000000000001', 0, 1795500000000);
INSERT INTO setting (name, value) VALUES ('telegram.offset', '1204');
INSERT INTO inbox (update_id, chat, body, state, attempts, received_at, settled_at, note) VALUES
    (1202, 1000001, '{"update_id":1202,"message":{"text":"/aide · « l''été »"}}', 'new', 1, 1795500000000, NULL, 'outage'),
    (1203, -1001000000001, '', 'done', 0, 1795500000001, 1795500000002, NULL);
INSERT INTO outbox (id, kind, key, lane, door, rank, policy, payload, state, due_at, expires_at, hold_until, lease_until,
    holder, called_at, attempts, created_at, settled_at, note) VALUES
    ('01900000-0000-7000-8000-000000000002', 'session.remind', 'session.remind:1', 'session:1', 'telegram', 1,
     'at_most_once', '{"session":"1"}', 'scheduled', 1795501000000, 1795502000000, 0, 0, NULL, NULL, 0, 1795500000000, NULL, NULL),
    ('01900000-0000-7000-8000-000000000003', 'session.remind', 'session.remind:2', 'session:2', 'telegram', 1,
     'at_most_once', '{}', 'completed', 1795401000000, 1795402000000, 0, 0, '01900000-0000-7000-8000-000000000001',
     1795401000005, 1, 1795400000000, 1795401000010, NULL);
