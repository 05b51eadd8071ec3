-- A row of every table of 0009, as that version wrote them.
INSERT INTO audit_batch (id, batch, at) VALUES ('ab1', 'b1', 1795600000000);
