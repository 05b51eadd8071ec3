-- An account that is held back until a moment of another day.
INSERT INTO group_pause (account, day, why, until) VALUES (7015, '2026-11-25', 'FLOOD_WAIT', 1795600000000);
-- A group with a picture.
INSERT INTO group_kept (chat, title, about, photo) VALUES (-1002000000015, '1F', 'Groupe de 1F', 'e3b0c442');
