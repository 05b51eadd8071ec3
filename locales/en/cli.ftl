# The command line: what could not be done.
cli-away = { $system }: { $why }.
cli-away-telegram = Telegram does not answer: { $why }.
cli-away-database = Database: { $why }.
cli-away-other-database = The other database: { $why }.
cli-away-backup = Backup: { $why }.
cli-away-files = { $why }.
cli-fault = A fault of Préau itself: { $why }.
cli-nothing-typed = Nothing was typed: an answer is expected at the terminal. Nothing is done.
cli-why-no-connection = no connection
cli-why-broke = the connection broke
cli-why-no-answer = no answer in time
cli-why-no-tls = no encrypted connection (TLS)
cli-why-io = reading or writing failed
cli-why-in-use = { $place } is in use by another preau, stop it first
cli-why-in-use-shared = it is in use by another preau, stop it first (one that was killed is forgotten after ten seconds)
cli-why-port = { $place } is in use by another program
cli-why-moved = another preau moves or restores it just now, try again afterwards
cli-why-denied = permission denied
cli-why-absent = it does not exist
cli-why-no-folder = a file stands there, not a folder
cli-why-read-only = the file system is read-only
cli-why-full = there is no space left on the disk
cli-why-full-there = there is no room left on the disk of the database’s server
cli-why-file = a file cannot be opened
cli-why-wait = it asks to wait { $seconds } s
cli-why-of = { $what }: { $why }
cli-why-open = Cannot open { $place }
cli-why-make = Cannot make { $place }
cli-no-token = telegram.token is not set: give it as PREAU__TELEGRAM__TOKEN, or in the file that telegram.token_file names. Nothing is set up here yet? “preau init” asks the questions.
cli-no-token-for-link = telegram.token is not set, and the link leads to the bot: give it as PREAU__TELEGRAM__TOKEN, or in the file that telegram.token_file names. Nothing is set up here yet? “preau init” asks the questions.
cli-pending = { $count ->
    [one] { $count } change of the tables waits
   *[other] { $count } changes of the tables wait
}: stop Préau, then “preau migrate”.
cli-newer = { $place } was written by a newer version of Préau: install that version.
cli-no-database = No database of Préau at { $place }: type the command in the folder of “preau run”, or name its configuration with --config. If Préau never ran: “preau init”, then “preau migrate”.
cli-no-row = { $id } is nothing that was given up or is in doubt: “preau outbox list” shows those.
cli-file-there = { $file } is there already: name another file.
cli-file-absent = { $file } does not exist.
cli-file-unreadable = { $file }: { $why }.
cli-not-empty = { $place } is not empty; --replace removes what it holds first.
cli-same-database = { $key } names the database of database.url itself.
cli-no-target = It takes --to or --to-file to name a database.
cli-no-admin-listen = web.admin_listen is empty: there is nobody to ask.
cli-health-away = { $address } does not answer: { $why }.
cli-clock-source = clock.source must be “machine”.
cli-migrated = { $place }: { $count ->
    [one] { $count } migration done
   *[other] { $count } migrations done
}, { $now } of them now.
cli-store-moved = The same on both sides: { $old } → { $new }. Now set database.url (PREAU__DATABASE__URL) to the new one.
cli-store-unrecorded = Copied: everything is in { $new } and the same. Only the entry in both journals is missing. { $why }
cli-password-seen = --to holds a password that other accounts of this machine may see; better: --to-file FILE.
cli-saved = Saved in { $file }, sealed whole. Only the key of this machine’s secrets (secrets.key_file) opens it, and it is not in there: keep a copy of that key elsewhere.
cli-restored = { $file } is back in { $place }.
cli-table-name = table
cli-table-rows = rows
cli-table-hash = sha256 (sum of rows)
cli-table-total = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
} in { $tables ->
    [one] { $tables } table
   *[other] { $tables } tables
}
cli-outbox-nothing = Nothing waits.
cli-outbox-again = { $id }: tried again.
cli-outbox-kind = kind
cli-outbox-state = state
cli-outbox-due = due
cli-outbox-key = key
cli-outbox-why = why
cli-row-scheduled = scheduled
cli-row-executing = under way
cli-row-retryable = to be retried
cli-row-completed = done
cli-row-cancelled = cancelled
cli-row-discarded = given up
cli-row-unknown = in doubt
cli-not-as-owner = This command goes on as the owner of { $place }, and cannot: { $why }.
cli-bench-school = A bench touches no school: this database knows people or classes already. Name an empty one by PREAU__DATABASE__URL.
cli-bench-loopback = A bench writes to made-up groups: telegram.api_url must be an address of this machine (127.0.0.1).
