-- A button that stands in a group.
INSERT INTO telegram_button (id, action, args, actor, chat, made_at) VALUES ('abcdefgj', 'session.late', '1', NULL, -1001000000001, 1795500000000);
