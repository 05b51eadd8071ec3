-- What makes the audit's fingerprints ours alone: made once, when the first is needed.
CREATE TABLE audit_salt (
    id BIGINT NOT NULL PRIMARY KEY,
    salt TEXT NOT NULL,
    CONSTRAINT audit_salt_one CHECK (id = 1)
);
