-- A row of every table of 0002, as that version wrote them.
INSERT INTO telegram_button (id, action, args, actor, made_at) VALUES ('abcdefgh', 'session.absent', '1', 1000001, 1795500000000);
INSERT INTO telegram_button (id, action, args, actor, made_at) VALUES ('abcdefgi', 'session.late', '1', NULL, 1795500000000);
INSERT INTO telegram_slot (slot, chat, message, at) VALUES ('session:1', -1001000000001, 17, 1795500000000);
INSERT INTO telegram_dialogue (account, topic, args, until) VALUES (1000001, 'roster.confirm', '', 1795600000000);
