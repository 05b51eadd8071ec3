call-open = The call “{ $title }” is open.
call-join-key = Join
call-over = The call is over. { $session }
call-board = The call is open: { $session }. Present { $present }/{ $count }. I keep this message up to date.
call-board-hidden = The call is open: { $session }. Seen { $present }/{ $count }: Telegram hides who is in the call. When the lesson begins, mark them here.
call-board-in = in the call
call-board-out = not here yet
call-board-announced = announced absent
call-failed = No video call for { $session }. { $instead } Cause, for the admins: { $why }
call-never-signed-in = No video call: a calling account is foreseen, but none was signed in yet. On the server: “preau login”. Until then remote lessons have their link or “I am here”.
call-groupless = No video call for { $session }: the class { $class } has no Telegram group yet. Mark the sheet. For the admins: /classrooms says when the group is made; /adopt, typed in a group, links that one.
call-why-no-caller = the school’s account is not connected; the administrator has been told.
call-why-no-caller-admin = no calling account is connected (“preau login” on the server).
call-why-shut = the school’s account does not open on the server; the administrator has been told.
call-why-shut-admin = the calling account does not open on the server. /status says why and what to do.
call-why-not-allowed = no calling account may open a call in this group: add it and give it the right “manage video chats”.
call-why-wait = Telegram makes the calling account wait beyond the start of the lesson.
call-why-away = Telegram does not answer the calling account.
call-why-refused = Telegram refused ({ $word }).
call-instead-link = The lesson’s link is in the group’s message.
call-instead-here = Students have the button “I am here” in the group’s message.
call-instead-mark = Mark the sheet.
call-failed-more = If other lessons have the same trouble within the hour, only their teachers are told.
call-groupless-more = Other classes without a group today: only their teachers are told.
call-not-open = The call is not open.
call-ending = The call is being ended.
call-left = The call goes on for “{ $title }”; this lesson leaves it.
call-cut-short = The video call of { $session } ended just as it was extended, and I cannot open it again. To go on, open one in the group. Cause, for the admins: { $why }
call-extended = The call stays open until { $hour }.
call-you-are-missed = The lesson has begun and you are expected: { $session }. Join the group’s call.
call-written = { $count ->
    [0] Nobody else to write to.
    [one] Message sent to { $count } student.
   *[other] Message sent to { $count } students.
}
call-written-some = Messages sent: { $count }. Without a linked Telegram: { $others }.
call-write-unseen = I cannot see who is in the call just now, so I write to nobody. Mark the sheet yourself.
call-teacher-late = { $subject }: the teacher is { $minutes } min late.
call-late-said = The group knows that you are { $minutes } min late.
call-late-said-before = The group knows already.
call-end-key = End the call
call-extend-key = 15 min longer
call-write-key = { $count ->
    [one] Write to the student
   *[other] Write to the { $count }
}
call-late-key = Announce 5 min late
call-account-lost = The calling account { $name } is no longer connected to Telegram ({ $why }). Calls go through another account if there is one, else by “I am here”. On the server: { $remedy }.
call-account-shut = The calling account { $name } does not open on the server. { $why } Until then calls go through another account if there is one, else by “I am here”.
call-accounts-away = Telegram has not answered the calling { $count ->
    [one] account
   *[other] accounts
} { $names } since { $since }: video calls go through another account if there is one, else by “I am here”. I try again each minute, and /status says how it stands. On the server, check the network.
call-nobody = { $session }: { $count } min after the start nobody is noted present. If the lesson takes place, tap “All present except…”; else tell the school office.
call-out-of-sight = I no longer see who is in the video call of { $session }. The call goes on; mark the sheet yourself. Around the start of the lesson, students also have “I am here”. Cause, for the admins: { $why }
call-unseen-not-allowed = the calling account has no access to this group any more: add it and give it the right “manage video chats”.
call-unseen-wait = Telegram makes the calling account wait.
call-unended = The video call of { $session } is still open and I cannot end it. End it in Telegram; I try again each minute. Cause, for the admins: { $why }
call-unended-not-allowed = no calling account has the right “manage video chats” in this group any more.
