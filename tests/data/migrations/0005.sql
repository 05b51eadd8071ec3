UPDATE sheet SET revision = 2 WHERE session_id = 's1';
