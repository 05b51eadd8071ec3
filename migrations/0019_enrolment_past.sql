-- Who was in a class until when: the roster of a session is that of its start, however late it is written down.
CREATE TABLE enrolment_past (
    person_id TEXT NOT NULL REFERENCES person (id),
    classroom_id TEXT NOT NULL REFERENCES classroom (id),
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (person_id, classroom_id, until)
);
CREATE INDEX enrolment_past_classroom ON enrolment_past (classroom_id, until);
