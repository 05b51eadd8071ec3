-- A row of every table of 0020, as that version wrote them.
INSERT INTO workbook_rest (plan, import_id, at, receipt_key, account) VALUES ('b20', 'w1', 1795500000000, 'w1', NULL);
INSERT INTO workbook_round (plan, position, batch, work) VALUES ('b20', 1, 'b21', '{}');
