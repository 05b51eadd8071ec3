approval-title = Agreement needed · { $reference }
approval-asked = Asked by { $asker }
approval-by-preau = Préau
approval-accepted = Accepted by { $names }
approval-refused = Refused by { $names }
approval-open = { $left ->
    [one] { $left } acceptance is missing.
   *[other] { $left } acceptances are missing, from different people.
} Without an answer before { $until }, nothing will be done.
approval-open-alone = You are the only admin: accept here; then, from { $from } on, type “preau agree { $reference }” on the server. Without that before { $until }, nothing will be done.
approval-open-alone-second = You are the only admin: from { $from } on, type “preau agree { $reference }” on the server. Without that before { $until }, nothing will be done.
approval-state-agreed = Accepted: in progress.
approval-state-done = Accepted and done.
approval-state-refused = Refused: nothing is done.
approval-state-withdrawn = Taken back by whoever asked: nothing is done.
approval-state-expired = Not accepted before { $until }: nothing is done.
approval-accept = Accept
approval-refuse = Refuse
approval-counted = { $left ->
    [one] Noted. One more person must accept.
   *[other] Noted. { $left } acceptances are missing.
}
approval-counted-alone = Noted. You are the only admin: from { $from } on, type “preau agree { $reference }” on the server.
approval-agreed-alert = Accepted: I am on it.
approval-refused-alert = Refused: nothing will be done.
approval-expired-alert = Too late: this request has expired and nothing was done. Ask again if it is still useful.
approval-already = You have answered already, or it is decided already.
approval-unknown = I cannot find this request among those that wait for an answer.
approval-admins-only = This is for the school’s admins.
approval-cli-others = Another admin must accept in Telegram. The command line stands in for a second person only in a school with a single admin.
approval-cli-first = The admin must accept in Telegram first. The command line comes second.
approval-cli-until = Too early: with a single admin the second acceptance waits a day. Try again from { $moment }.
