-- How many times a validated sheet was made public: what « Révision » on its file says. `version` counts every change.
ALTER TABLE sheet ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
UPDATE sheet SET revision = 1 WHERE validated_at IS NOT NULL;
