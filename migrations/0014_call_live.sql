-- The calls that are open, by the account that looks into them: counted at every look.
CREATE INDEX live_call_live ON live_call (account) WHERE closed_at IS NULL;
