-- A student who changed class.
INSERT INTO enrolment_past (person_id, classroom_id, since, until) VALUES ('p1', 'c1', 1795400000000, 1795450000000);
