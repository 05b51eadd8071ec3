-- A row of every table of 0026, as that version wrote them.
INSERT INTO workbook_again (key, mark, said, at) VALUES ('k26', '{"from":"01","count":2}', '{"file":"edt.xlsx"}', 1795500000000);
