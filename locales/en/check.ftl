check-well = ✓ { $said }
check-note = · { $said }
check-missing = ✗ { $said }
check-configuration = Configuration read: { $school }, time zone { $zone }.
check-sandbox = The time comes from the sandbox (clock.source): nothing here is a real school.
check-secret-exposed = The file { $file } holds a secret, and other accounts of this machine may read it. Correct it: chmod 600 { $file } if it is your account’s own; for the service, chown root:preau { $file } and chmod 640 { $file }.
check-key-unread = The key of the secrets (secrets.key_file) cannot be read: { $why } It belongs to the service’s account (chown preau), readable by it alone (chmod 600).
check-store = Database open: { $engine }, { $place }, { $count ->
    [one] { $count } migration done
   *[other] { $count } migrations done
}.
check-store-pending = { $count ->
    [one] { $count } migration will be done
   *[other] { $count } migrations will be done
} at the next “preau run” (or now, by “preau migrate”).
check-store-empty = The database { $place } is still empty: “preau migrate” or “preau run” makes its tables.
check-store-absent = The database { $place } is not there yet: “preau migrate” or “preau run” makes it.
check-store-newer = The database { $place } was written by a newer version of Préau: install that one.
check-store-away = The database does not answer: { $why }. Check database.url.
check-telegram = Telegram answers: the bot is @{ $bot }.
check-telegram-token = The bot’s token is missing. Get it from @BotFather and give it as PREAU__TELEGRAM__TOKEN, or in the file that telegram.token_file names. Nothing is set up here yet? “preau init” asks the questions.
check-telegram-away = Telegram does not answer at { $address }. Check the network and telegram.api_url.
check-telegram-no-groups = The bot cannot be added to any group. At @BotFather: /setjoingroups, then Enable.
check-telegram-reads-all = The bot may read every message in groups; what is not meant for it is dropped without being kept. To forbid it where the bot is no admin: @BotFather, /setprivacy, Enable.
check-telegram-reads-little = In groups where it is no admin, the bot reads only what is addressed to it.
check-classes-none = No class yet: an admin imports the timetable (“preau invite --role admin” makes the first one).
check-rule-class = “{ $class }” has an attendance rule of its own (attendance.classes), but no class has that name: correct it.
check-language-class = “{ $class }” has a language of its own (classroom.languages), but no class has that name: correct it.
check-groups = { $classes ->
    [one] { $classes } class
   *[other] { $classes } classes
}, { $groups ->
    [0] no adopted group
    [one] { $groups } adopted group
   *[other] { $groups } adopted groups
}. To adopt one: /adopt in the group.
check-group-rights = Group “{ $group }”: in its settings, give the bot the admin rights that it lacks:
check-outbox-troubled = { $count ->
    [one] { $count } message was given up, or may not have left
   *[other] { $count } messages were given up, or may not have left
}: “preau outbox list” shows them.
check-alert = Alert channel connected: admins are told even without Telegram.
check-alert-none = No alert channel: if Telegram goes down, nobody is told. Set alert.smtp_host, alert.mail_to and alert.mail_from, or alert.webhook_url.
check-webhook-away = The address of alerts (alert.webhook_url) does not answer: { $why }. Check it, and the network.
check-admin-none = web.admin_listen is empty: no /healthz, no /readyz, no /metrics.
check-web-unused = web.listen or web.public_url is set, but nothing is served there yet: only web.admin_listen answers.
check-end-well = Everything needed is there.
check-end-broken = Préau can run. What is set and does not work is marked ✗.
check-end-missing = Something needed is missing: see the lines marked ✗.
check-invited = This link makes one admin, once, until { $until } ({ $zone }). Send it to one person only.
check-telegram-webhook = Telegram sends the bot’s messages to { $host } (a “webhook”): while it is there, nothing arrives here. “preau run” takes it off when it starts. If it comes back, another program holds the token: stop it, or change the token at @BotFather (/revoke).
check-mail = Personal links can leave by mail, from { $from }.
check-mail-none = Personal links do not leave by mail. To allow it, set alert.smtp_host and mail.from.
check-mail-away = The mail server (alert.smtp_host) does not answer as it should: { $why }. Check alert.smtp_host, smtp_port, smtp_tls, smtp_user and its password.
check-privacy-contact-none = Nobody is named for questions about data (/privacy): set school.privacy_contact.
check-caller-none = No calling account: no groups made, no video calls. To have one: telegram.caller.api_id and telegram.caller.api_hash_file (my.telegram.org), then “preau login”.
check-caller-not-signed = A calling account is foreseen, but none is signed in: type “preau login”.
check-caller-no-api = A calling account is signed in, but telegram.caller.api_id and telegram.caller.api_hash_file are missing: put them back (my.telegram.org).
check-caller = Calling account signed in to Telegram: { $name }.
check-caller-served = Calling account { $name }: signed in, and used by the “preau run” that is live.
check-caller-hindered = Calling account { $name }: { $trouble }
check-caller-lost = Calling account { $name }: lost since { $since } ({ $why }). Type { $remedy }.
check-caller-gone = Calling account { $name }: { $why }. Type { $remedy }.
check-caller-away = Calling account { $name }: Telegram does not answer ({ $why }). Check the network: its servers must be reachable directly, without a proxy.
check-caller-shut = Calling account { $name }: { $why }
check-caller-one = Only one calling account: if Telegram blocks it, calls stop. A second, spare one takes over by itself (“preau login” once more).
check-secrets-rotated = { $count ->
    [0] New key in place; there was no secret yet.
    [one] New key in place: { $count } secret is sealed with it.
   *[other] New key in place: { $count } secrets are sealed with it.
}
check-secrets-given = Now put the new key into PREAU__SECRETS__KEY and remove PREAU__SECRETS__NEW_KEY. The old one opens nothing any more but the backups of before: keep it for them.
check-live-title = Trial with the account { $name }.
check-live-left = A trial that was cut off had left a group: removed.
check-live-group = Trial group “{ $title }” made: this account can make the groups of classes.
check-live-call = Call opened: it can open those of lessons.
check-live-look = The call can be read without being in it: presence is visible.
check-live-ask = Your turn, within { $seconds } seconds: open this link on a phone, enter the group, then join the call.
check-live-pushed = Somebody came in, seen after { $seconds } s, and Telegram announced it though the account is not in the call: Préau looks at once.
check-live-polled = Somebody came in, seen after { $seconds } s. Telegram did not announce it: Préau sees it by looking, about every { $pace } seconds.
check-live-nobody = Nobody came in: whether Telegram announces arrivals is not known. Presence does not depend on it.
check-live-ended = Call ended.
check-live-deleted = Trial group removed: nothing is left.
check-live-stopped = Interrupted: tidying up.
check-live-failed = { $step }: Telegram did not do it ({ $why }).
check-live-step-group = Make a group
check-live-step-call = Open a call
check-live-step-look = Read the call
check-live-step-link = Make a link to the group
check-live-step-end = End the call
check-live-step-delete = Remove the group
check-live-by-hand = The group “{ $title }” may still be there: remove it in this account’s app.
check-backup = Backup each day from { $hour } on, in { $folder }; { $keep ->
    [one] { $keep } is kept
   *[other] { $keep } are kept
}.
check-backup-sealed = Only the key of the secrets (secrets.key_file) opens the backups: keep a copy of it elsewhere than on this machine.
check-backup-last = Last backup: { $at }.
check-backup-failed = The backup of { $at } failed: { $why }. Check backup.folder, the room on its disk and on the database’s, and who may write there.
check-backup-none = Préau does not save itself. For it to do so each day, set backup.folder; else “preau backup” each night.
check-admin-page = Admin page: { $address } followed by the token (that of web.admin_token_file).
check-admin-page-off = No admin page: put a token of at least 16 letters into a file that the service can read (chown root:preau and chmod 640), and its path into web.admin_token_file.
