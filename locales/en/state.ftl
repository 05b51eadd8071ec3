state-menu = My state, what waits
state-title = { $school } · { $now }
state-well = All is well.
state-look = { $count ->
    [one] { $count } thing to look at.
   *[other] { $count } things to look at.
}
state-now = At this moment:
state-line = · { $line }
state-stuck = { $count ->
    [one] { $count } message has waited
   *[other] { $count } messages have waited
} for more than { $minutes } minutes. I keep trying; “preau check” at the machine says what does not answer.
state-doubts = { $count ->
    [one] { $count } message may not have left: you decide.
   *[other] { $count } messages may not have left: you decide.
}
state-dead = { $count ->
    [one] { $count } message that I had to give up.
   *[other] { $count } messages that I had to give up.
}
state-agreements = { $count ->
    [one] { $count } agreement is needed
   *[other] { $count } agreements are needed, the first
} before { $until }.
state-weak = Group “{ $group }”: I lack { $count ->
    [one] { $count } right
   *[other] { $count } rights
}. /adopt in the group says which.
state-weak-more = { $count ->
    [one] And { $count } other group.
   *[other] And { $count } other groups.
}
state-groupless = { $count ->
    [one] { $count } class without a group
   *[other] { $count } classes without a group
}: { $names }. To link one: /adopt in the group.
state-coming = { $count ->
    [one] Group to be made: { $count }, on { $day }; /classrooms shows which.
   *[other] Groups to be made: { $count }, by { $day }; /classrooms shows which.
}
state-no-classes = No class. Send me your timetable workbook, or take the template: /template.
state-no-alert = No alert channel: if Telegram is down, nobody is told. At the machine, set alert.smtp_host, alert.mail_to and alert.mail_from, or alert.webhook_url.
state-alert = Alert channel: set, no alert yet (“preau check” tries it).
state-alert-last = Alert channel: the last one, { $at }.
state-updates = Reading: last message, { $at }{ $count ->
    [0] .
    [one] ; { $count } is waiting.
   *[other] ; { $count } are waiting.
}
state-updates-never = Reading: no message yet, or none for two days{ $count ->
    [0] .
    [one] ; { $count } is waiting.
   *[other] ; { $count } are waiting.
}
state-waiting = Going out: the last one, { $at }{ $count ->
    [0] .
    [one] ; { $count } waits or is leaving.
   *[other] ; { $count } wait or are leaving.
}
state-waiting-never = Going out: nothing yet, or not for two days{ $count ->
    [0] .
    [one] ; { $count } waits or is leaving.
   *[other] ; { $count } wait or are leaving.
}
state-next = Next: { $what }, { $at }.
state-next-none = Next: nothing is planned.
state-classes = Classes: { $classes }, { $groups } of them with a group.
state-people = Linked to Telegram: { $people }.
state-people-student = students { $linked } of { $all }
state-people-teacher = teachers { $linked } of { $all }
state-people-supervisor = supervisors { $linked } of { $all }
state-people-manager = managers { $linked } of { $all }
state-people-admin = admins { $linked } of { $all }
state-numbered = { $number }. { $sentence }
state-doubt = Perhaps not sent: { $what }. I did not send it again, so as not to double it.
state-missed = Not sent in time: { $what }. I did not send it afterwards.
state-overdue-again = Overdue: { $what }. It has not gone through yet; I try again at { $at }.
state-overdue-turn = Overdue: { $what }. I was asked to wait: not before { $at }.
state-overdue-queued = Overdue: { $what }. I am trying, or waiting for what must go before it.
state-failed = I could not do it: { $what }. I tried several times.
state-what-lesson = { $kind } ({ $class }, { $subject }, { $start })
state-what = { $kind } ({ $due })
state-more = { $count ->
    [one] And { $count } other. /status shows them.
   *[other] And { $count } others. /status shows them.
}
state-all-settled = Settled: there is nothing left to decide here.
state-retried = I am trying again: { $what }.
state-forgotten = Forgotten: { $what }.
state-retry-key = Try again
state-forget-key = Forget
state-retry-key-number = Try { $number } again
state-forget-key-number = Forget { $number }
state-recall-key = Undo ({ $minutes } min)
state-retried-alert = I am trying again.
state-forgotten-alert = Forgotten.
state-recalled-alert = It is back in the list.
state-settled-alert = It was settled before, or it is too late for it to be of use.
state-too-late-alert = Too late to undo.
state-restored = The database was just restored from a backup. What was due before now is not sent any more, so that nothing goes twice:
state-restored-reminders = { $count ->
    [one] { $count } lesson reminder from before was not sent again.
   *[other] { $count } lesson reminders from before were not sent again.
}
state-restored-others = { $count ->
    [one] { $count } other message was not sent again.
   *[other] { $count } other messages were not sent again.
}
state-restored-doubts = { $count ->
    [one] { $count } was on its way: perhaps sent. /status shows it.
   *[other] { $count } were on their way: perhaps sent. /status shows them.
}
state-restored-since = What was done since the backup is not in it: do it again where needed. What is planned for later will leave.
state-kind-telegram-answer = an answer to somebody
state-kind-telegram-press = the answer to a button
state-kind-telegram-delete = the removal of a message
state-kind-telegram-menus = the update of the menus
state-kind-group-queue = the list of groups to make
state-kind-group-make = the making of a class’s group
state-kind-group-equip = the setting up of a class’s group
state-kind-group-greet = the welcome of a group
state-kind-group-tend = the check of the groups
state-kind-group-rights = the teachers’ rights in a group
state-kind-group-compare = the comparison of a group’s members
state-kind-group-remove = taking those who are not of the class out of a group
state-kind-group-photo = the picture of a group
state-kind-classroom-adopt = the tie between a group and its class
state-kind-classroom-grouped = the reminders of a class that has just got its group
state-kind-classroom-rights = the check of my rights in a group
state-kind-classroom-hush = the removal of a line “left the group”
state-kind-classroom-standing = the question who is in a group
state-kind-roster-approve-join = somebody’s entry into their group
state-kind-roster-decline-join = a refused entry into a group
state-kind-roster-decline-note = the explanation of a refused entry
state-kind-roster-welcome = a word of welcome
state-kind-roster-tell = a message to the supervisors
state-kind-roster-menu = the update of a personal menu
state-kind-roster-mail = a personal link by mail
state-kind-roster-depart = leaving a class’s group
state-kind-roster-links = a file of personal links
state-kind-approval-show = a request for agreement
state-kind-approval-outcome = the outcome of a request for agreement
state-kind-approval-expire = the end of a request for agreement
state-kind-session-remind = a lesson’s reminder
state-kind-session-notice = a notice of changes to a class
state-kind-session-arrange = the preparation of reminders and sheets
state-kind-session-show = the update of a lesson’s message
state-kind-attendance-open = the opening of an attendance sheet
state-kind-attendance-close = the closing of an attendance sheet
state-kind-attendance-nudge = the check of a sheet to approve
state-kind-attendance-tell-nudge = a reminder of a sheet to approve
state-kind-attendance-lock = the locking of old sheets
state-kind-attendance-roll = the roll sent to the teacher
state-kind-attendance-follow = an update of the roll
state-kind-attendance-ask = the sheet to approve, sent to the teacher
state-kind-attendance-report = a lesson’s report in the group
state-kind-attendance-file = the file of an approved sheet
state-kind-attendance-change = a late change of a sheet
state-kind-attendance-contested = an objection to decide
state-kind-attendance-decided = the answer to an objection
state-kind-workbook-read = the reading of a timetable
state-kind-workbook-apply = the application of a timetable
state-kind-workbook-rest = the rest of a large timetable
state-kind-workbook-leave = the departures from groups after an import
state-kind-workbook-show = a message about a timetable that was sent
state-kind-workbook-over = the end of a request to agree
state-kind-workbook-undo = the undoing of an import
state-kind-workbook-annotate = the sending of the annotated file
state-kind-workbook-template = the sending of the timetable template
state-kind-workbook-forget = the removal of old imports
state-kind-journal-file = the file of the audit
state-kind-state = a notice of trouble to the admins
state-kind-unknown = a task ({ $kind })
state-kind-roster-walked-out = a word about who left the group
state-kind-roster-stray = the departure from groups of an unlinked account
state-kind-roster-forget = the erasing of accounts of who left the school
state-kind-call-open = the opening of a video call
state-kind-call-end = the end of a video call
state-kind-call-look = a look into a video call
state-kind-call-find = the search for a call opened again
state-kind-call-show = a call’s message in a group
state-kind-call-board = the news of a call to a teacher
state-kind-call-say = a teacher’s word to the group
state-kind-caller-lost = the news of a lost calling account
state-kind-caller-shut = the news of a calling account that does not open
state-kind-caller-away = the notice of a calling account without an answer
state-kind-caller-left = taking over the groups of a lost account
state-kind-call-nobody = the look whether anybody is there
state-caller-trouble = Calling account { $name }: { $trouble }
state-caller-unsigned = Calling account: foreseen, but none is signed in, hence no video calls. On the server: “preau login”.
state-caller-no-api = Calling account: telegram.caller.api_id and telegram.caller.api_hash_file are missing, and Telegram may refuse it without them. Put them back on the server (my.telegram.org).
state-caller-none = Calling account: none, hence no video calls and no groups made. On the server, “preau check” says how to have one.
state-callers = { $count ->
    [one] Calling account
   *[other] Calling accounts
}: { $names }.
state-backup = Backup: the last one, { $at }; the next one, { $next }.
state-backup-never = Backup: the first one, { $next }.
state-backup-none = Backup: none is made by itself. On the server, “preau check” says how.
state-imported = Timetable: last import, { $at }.
state-imported-never = Timetable: no import yet.
state-calls = Video calls: the last one, { $at }; the next one, { $next }.
state-calls-last = Video calls: the last one, { $at }.
state-calls-next = Video calls: the first one, { $next }.
state-from-hour = from { $at } on
state-from-moment = from { $at } on
state-store = Database: it answers ({ $engine }).
state-telegram-away = Telegram has not answered since { $since }. What is due leaves as soon as it answers.
state-telegram-was-away = Telegram did not answer from { $since } to { $until }. What could still leave has left; what came too late is told apart.
state-store-away = The database cannot be written since { $since }. Everything waits.
state-store-was-away = The database could not be written from { $since } to { $until }. What waited goes on; what came too late is told apart.
state-backup-failed = Backup: today’s failed ({ $why }). I try again each hour; at the machine, check backup.folder, and the room beside the database.
state-page-off = This page is off. To open it, at the server: a token of at least 16 letters in a file that the service can read (chown root:preau and chmod 640), its path in web.admin_token_file, then restart Préau.
state-page-refused = This page needs its token: /?token=…, once, or “Authorization: Bearer …”. It is in the file that web.admin_token_file names.
state-page-away = The database does not answer.
state-page-troubles = To decide
state-page-decide = Try again or forget: /status in Telegram, or “preau outbox list” here.
state-page-overdue = Overdue
state-page-again = To try again at once: /status in Telegram.
state-page-parts = Each part
state-page-ahead = Next
state-page-machine = For machines
state-check-not-yet = Telegram has not answered since the start. At the machine, “preau check” says what is missing.
state-check-silent = Telegram does not answer: what is to be sent waits. At the machine, “preau check” says what is missing.
state-check-rival = Another program fetches the bot’s messages with the same token. Stop it, or change the token with @BotFather (/revoke).
state-check-webhook = Telegram sends the bot’s messages elsewhere (a “webhook”): I take it off. If it comes back, change the token with @BotFather (/revoke).
state-check-store-silent = The database does not answer. Everything waits.
state-check-late = I cannot check my own state within 3 seconds: the machine is overloaded, or its disk does not answer. At the machine, “preau check” says what is missing.
state-check-stands-by = another process serves Telegram, this one is ready to take over
state-check-other = { $name }: { $detail }
state-page-due = { $what }, { $at }
