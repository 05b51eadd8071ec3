-- A teacher whose rights nobody may take back.
INSERT INTO group_manager (chat, account, rights, stuck_at) VALUES (-1002000000015, 7016, 'manage_call', 1795600000000);
