-- A row of every table of 0013, as that version wrote them.
INSERT INTO audit_salt (id, salt) VALUES (1, 'abcdefghijklmnopqrstuvwxyz234567');
