group-about = Group of the class { $class } · { $school }
group-welcome = Welcome to the group of the class { $class }. Reminders, video calls and reports of sessions arrive here. For questions of your own, write to me in private: @{ $bot }.
group-made = The group of the class { $class } is there. Linked students find it with /start; teachers and supervisors come in by this link: { $link }
group-orphaned = While I made the group “{ $title }”, the class { $class } got another one by /adopt. The one I made serves nobody: the account that made it can delete it.
group-all-paused = { $count ->
    [one] { $count } class waits for its group
   *[other] { $count } classes wait for their groups
}: Telegram does not let our accounts make any more today ({ $why }). I try again tomorrow. To be quicker: sign another account in (“preau login” on the server), or make the group yourself, then /adopt.
group-strangers = { $count ->
    [one] One person is in the group { $class } without being of the class: { $names }. I removed nobody
   *[other] { $count } people are in the group { $class } without being of the class: { $names }. I removed nobody
}: please see whether to enrol them, or to remove them from the group in Telegram.
group-missing = { $count ->
    [one] One student of { $class } is not in the group: { $names }. They come in
   *[other] { $count } students of { $class } are not in the group: { $names }. They come in
} with /start, or by the link that you give them.
