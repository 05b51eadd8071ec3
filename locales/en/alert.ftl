alert-stuck-subject = Préau: messages are stuck
alert-stuck-body = { $count ->
    [one] { $count } message has
   *[other] { $count } messages have
} been waiting for more than { $minutes } minutes. Look at /status in Telegram, or at the logs if Telegram does not answer. Nothing is lost: they go out as soon as possible.
alert-webhook-subject = Préau: a webhook was taking the bot’s messages
alert-webhook-body = Telegram was sending the bot’s messages to { $host } (a “webhook”). Préau took it off and fetches messages itself again; none is lost. If it comes back, another program holds the bot’s token: stop it, or change the token at @BotFather (/revoke) and then in the file that telegram.token_file names, and restart Préau.
alert-rival-subject = Préau: another program fetches the bot’s messages
alert-rival-body = Two programs fetch the bot’s messages with the same token; Telegram gives them to one at a time, and people stay without an answer. Stop the other program. If you do not know it, change the token at @BotFather (/revoke) and then in the file that telegram.token_file names, and restart Préau.
alert-away-subject = Préau: Telegram does not answer
alert-away-body = Telegram has not answered Préau since { $since }. Nothing is lost: what is due leaves when the connection is back, and admins are told what came too late. Check the machine’s connection; if other bots work, check the token with “preau check”.
alert-store-subject = Préau: the database cannot be written any more
alert-store-body = The database cannot be written since { $since }: nobody gets an answer, and nothing leaves. Nothing is lost: everything waits and goes on as soon as it can be written, and admins are told what came too late. Check the room on the disk, then whether another program blocks it or whether the PostgreSQL server answers; “preau check” says what is wrong.
alert-backup-subject = Préau: today’s backup was not made
alert-backup-body = The backup in { $folder } (backup.folder) failed: { $why }. Préau tries again each hour. Check who may write in the folder, and the room on its disk and beside the database (a backup goes there first); /status says when the last one was made.
