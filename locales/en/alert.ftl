alert-stuck-subject = Préau: messages are stuck
alert-stuck-body = { $count ->
    [one] { $count } message has
   *[other] { $count } messages have
} been waiting for more than { $minutes } minutes. Look at /status in Telegram, or at the logs if Telegram does not answer. Nothing is lost: they go out as soon as possible.
