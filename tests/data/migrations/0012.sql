-- A message that was looked for when its process stopped during the call.
INSERT INTO outbox (id, kind, key, lane, door, rank, policy, payload, state, due_at, expires_at, called_at, trace, doubt_at, created_at)
VALUES ('0012-doubt', 'session.remind', 'session.remind:0012', 'chat:-12', 'telegram', 1, 'at_most_once', '{}', 'retryable',
    1795500000000, 1795586400000, 1795500000100, '{"chat":-12,"words":"Rappel","slot":null,"at":1795500000100}', 1795500000100,
    1795500000000);
