-- Whom a class's group was told to welcome, by day: one message, which names all of them.
CREATE TABLE group_welcome (
    classroom_id TEXT NOT NULL REFERENCES classroom (id),
    day TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (classroom_id, day, person_id)
);
