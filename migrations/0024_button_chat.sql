-- The chat whose messages a button stands under: its data pressed under another chat's message is somebody's invention.
-- NULL: laid before this was kept; such a button is forgotten with its age.
ALTER TABLE telegram_button ADD COLUMN chat BIGINT;
