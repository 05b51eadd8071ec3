-- The same file again, when nothing was recorded since it was wholly applied: it has nothing to do, and need not be read.

CREATE TABLE workbook_again (
    -- The file's content and name, and all that what is said of it hangs on.
    key TEXT NOT NULL PRIMARY KEY,
    -- What stood in the audit when it was applied, as JSON.
    mark TEXT NOT NULL,
    -- What is said of it since then, as JSON.
    said TEXT NOT NULL,
    at BIGINT NOT NULL
);
