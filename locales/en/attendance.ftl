attendance-open = to be marked
attendance-present = present
attendance-partial = partial
attendance-absent = absent
attendance-justified = excused
attendance-source-nothing = nothing
attendance-source-call = video call
attendance-source-button = button
attendance-source-card = card
attendance-source-signature = signature
attendance-source-manual = by hand
attendance-menu-presence = Attendance sheets
attendance-menu-me = My attendance
attendance-gone = This sheet does not exist any more. /attendance lists the recent ones. (PRE-01)
attendance-not-yours = This is another teacher’s sheet. The school’s supervisors can correct it. (PRE-02)
attendance-not-open = The sheet opens when the lesson starts.
attendance-stale = The sheet changed meanwhile; here it is up to date.
attendance-locked = Approved and closed. The teacher or a supervisor changes it with Correct and a reason; an admin has to agree. (PRE-03)
attendance-change-asked = This sheet is closed: an admin has to agree. I am asking them; without an answer within 3 days nothing changes.
attendance-change-waits = This request waits for an admin’s agreement already.
attendance-change-effects = Change a closed attendance sheet. { $class }, { $session }. { $name }: { $old } → { $new }. Reason: { $reason }
attendance-roll-effects = { $absent ->
    [0] Call the roll of a closed attendance sheet. { $class }, { $session }. Present: { $present }.
   *[other] Call the roll of a closed attendance sheet. { $class }, { $session }. Present: { $present }. Absent: { $names }.
}
attendance-same = It says so already.
attendance-not-absent = An excuse is noted on an absence. Put “Absent” first.
attendance-saved = { $count ->
    [one] { $count } line noted.
   *[other] { $count } lines noted.
}
attendance-unsaved = { $count ->
    [one] Undone: { $count } line is as before.
   *[other] Undone: { $count } lines are as before.
}
attendance-unsave-late = The 10 minutes are over. Change each line through the list.
attendance-undone = Undone. { $name }: { $state }.
attendance-undo-late = The 10 minutes are over. Correct it through the list, with a reason.
attendance-reason-words = Write me the reason in one sentence (or /cancel). No health details, please.
attendance-validated-alert = Sheet approved.
attendance-file-coming = The sheet is on its way.
attendance-here-noted = Noted: you are here.
attendance-here-not-listed = Your name is not on this lesson’s sheet, which was fixed when it began. Tell your teacher that you are here. (PRE-05)
attendance-choose = Which sheet?
attendance-choose-key = { $hour } { $subject } · { $class }, { $day }
attendance-choose-open = To approve, at the head of the list: { $count }.
attendance-none = { $count ->
    [one] No attendance sheet since yesterday. It opens by itself when a lesson starts.
   *[other] No attendance sheet in the last { $count } days. It opens by itself when a lesson starts.
}
attendance-me-none = I have no attendance noted for you in the last two weeks.
attendance-me-head = Your attendance in the last two weeks:
attendance-me-line = – { $subject }, { $day }, { $hours }: { $state }
attendance-me-seen = { $state }, seen { $count } min in the call
attendance-me-open = { $state } (sheet not approved yet)
attendance-contest-key = Contest { $hour } { $day }
attendance-contest-late = { $count ->
    [one] The { $count } day for contesting is over. Please talk to the school. (PRE-04)
   *[other] The { $count } days for contesting are over. Please talk to the school. (PRE-04)
}
attendance-contest-early = The lesson is not over: wait for the sheet proposed at its end.
attendance-contest-twice = You have contested this line already. The answer will come here.
attendance-contest-over = You have contested this line already, and the answer came here. If the line is still wrong, talk to the school.
attendance-contest-ask = You contest your line: { $session }. Write me in a sentence or two what happened (or /cancel). No health details, please.
attendance-contest-noted = Passed on to your teacher. The answer will come here.
attendance-contest-decided-already = This is decided already.
attendance-contest-refuse-words = Write me in one sentence why you refuse (or /cancel). The student will read it. No health details, please.
attendance-contest-accepted = Noted: the line now says “{ $state }”, and I let them know.
attendance-contest-refused = Refused. The student gets your explanation.
attendance-contested = { $name } contests their line ({ $state }). { $session }. “{ $words }”
attendance-contest-accept-key = Mark present
attendance-contest-other-key = Another state…
attendance-contest-refuse-key = Refuse
attendance-decided-accepted = Your objection is accepted. Your line now says “{ $state }”: { $session }.
attendance-decided-corrected = Answer to your objection: your line now says “{ $state }”. { $session }. Reason: { $reason }
attendance-decided-refused = Your objection is refused. { $session }. Explanation: “{ $reason }”
attendance-late-short = late { $count } min
attendance-late-by = late by { $count } min
attendance-early-short = left { $count } min early
attendance-early-by = left { $count } min before the end
attendance-changed = { $name }: { $old } → { $new }.
attendance-undo-key = Undo (10 min)
attendance-ask-open = { $count ->
    [one] { $count } person to be marked: leave it so? They will count neither present nor absent.
   *[other] { $count } people to be marked: leave it so? They will count neither present nor absent.
}
attendance-leave-open-key = Approve as it is
attendance-list-key = List
attendance-correct-key = Correct
attendance-back-key = « Back
attendance-closed = The sheet still waits to be approved.
attendance-head = { $class }: { $session }
attendance-counts = { $counts }.
attendance-running = { $count ->
    [0] Nobody is enrolled in this class.
    [one] { $count } enrolled. Who is here? I keep this message up to date.
   *[other] { $count } enrolled. Who is here? I keep this message up to date.
}
attendance-live-present = Present { $count }
attendance-live-late = Late { $count }
attendance-live-partial = Partial { $count }
attendance-live-open = To be marked { $count }
attendance-live-waiting = Not here yet { $count }
attendance-live-waiting-names = Not here yet { $count } ({ $names })
attendance-live-announced = Announced absent { $count } ({ $names })
attendance-live-gone = Left { $count } ({ $names })
attendance-live-absent = Absent { $count }
attendance-live-justified = Excused { $count }
attendance-hidden = Telegram hides who is in the call: mark them here.
attendance-roll-ended = The lesson is over. The sheet to approve is a message of its own; /attendance gives it again.
attendance-roll-cancelled = This lesson was just cancelled: there is no roll to call any more.
attendance-handed-over = Someone else is in charge of this lesson now. I no longer update this message.
attendance-roll-late = This roll is { $count } min late.
attendance-proposed = The lesson is over. Is everything right?
attendance-validated = Sheet approved.
attendance-locked-open = Sheet closed before anybody approved it: you can approve it as it stands; a change takes two people.
attendance-locked-state = Sheet closed: a change takes two people.
attendance-count-present = { $count } present
attendance-count-late = { $present } ({ $count } of them late)
attendance-count-partial = { $count } partial
attendance-count-absent = { $count } absent
attendance-count-justified = { $count } excused
attendance-count-open = { $count } to be marked
attendance-names-more = { $names } and { $count } others
attendance-names-absent = { $count ->
    [one] Absent: { $names }
   *[other] Absent: { $names }
}
attendance-names-partial = { $count ->
    [one] Partial, for you to decide: { $names }
   *[other] Partial, for you to decide: { $names }
}
attendance-names-open = To be marked: { $names }
attendance-announced-absent = Announced absent: { $names }
attendance-announced-late = Announced late: { $names }
attendance-file-key = Get the sheet
attendance-except-key = All present except…
attendance-all-key = All present
attendance-validate-key = Approve
attendance-page-before = ‹ { $page }/{ $pages }
attendance-page-after = { $page }/{ $pages } ›
attendance-list-head = { $class }: { $session }. Tap a name to change that line.
attendance-name-key = { $name } · { $state }
attendance-except-head = { $count ->
    [0] Tap those who are absent, then save.
    [one] { $count } absent picked, { $present } to mark present. Tap the name again to take it off.
   *[other] { $count } absent picked, { $present } to mark present. Tap a name again to take it off.
}
attendance-picked-key = Absent: { $name }
attendance-save-key = Save: { $absent } absent
attendance-one = { $name }: { $state }.
attendance-one-source = Source: { $source }.
attendance-minutes = Seen { $count } of { $of } min in the call. Rule: present from { $percent }%.
attendance-present-key = Present
attendance-absent-key = Absent
attendance-late-key = Late…
attendance-late-by-key = Late { $count } min
attendance-justified-key = Excused absence
attendance-late-ask = { $name }: how late?
attendance-minutes-key = { $count } min
attendance-why = Reason?
attendance-why-network = Network trouble
attendance-why-mistake = My mistake
attendance-why-other = Other…
attendance-why-document = Proof received
attendance-why-school = Agreed by the school
attendance-why-contest = objection accepted
attendance-why-contest-key = Objection accepted
attendance-report = { $session }: lesson over, { $counts }.
attendance-report-counts = { $present } of { $all } present
attendance-report-open = { $count } not marked
attendance-report-me = Everybody sees their own line with /me.
attendance-nudge = This sheet still waits for your approval.
attendance-nudge-staff = This sheet is still not approved by its teacher. You can read and approve it.
attendance-file-caption = Attendance sheet, { $class }: { $session }
# sheet
attendance-sheet-tab = Attendance
attendance-sheet-title = Attendance sheet
attendance-sheet-school = School
attendance-sheet-registration = Registration
attendance-sheet-class = Class
attendance-sheet-subject = Subject
attendance-sheet-teacher = Teacher
attendance-sheet-date = Date
attendance-sheet-time = Hours
attendance-sheet-mode = Mode
attendance-sheet-place = Place or link
attendance-sheet-day = { $day } { $year }
attendance-sheet-hours = { $hours }
attendance-sheet-last-name = Last name
attendance-sheet-first-name = First name
attendance-sheet-state = State
attendance-sheet-late-minutes = Late (min)
attendance-sheet-early-minutes = Left before the end (min)
attendance-sheet-minutes = Minutes seen
attendance-sheet-source = Source
attendance-sheet-signature = Signature
attendance-sheet-late = late { $minutes } min
attendance-sheet-open = not marked
attendance-sheet-all = Students
attendance-sheet-count-present = Present
attendance-sheet-count-late = of them late
attendance-sheet-count-partial = Partial (not marked)
attendance-sheet-count-absent = Absent
attendance-sheet-count-justified = Excused
attendance-sheet-count-open = To be marked (not marked)
attendance-sheet-revision = Revision { $number }
attendance-sheet-validated = Approved by { $who }, { $day } { $year }, { $hour }
attendance-sheet-corrected = Corrected by { $who }, { $day } { $year }, { $hour }
attendance-sheet-not-validated = Proposal, not approved
attendance-sheet-teacher-signature = Teacher’s signature
attendance-sheet-rule = Rule: present from { $present }% of the minutes seen, partial from { $partial }%, late beyond { $late } min, left early beyond { $early } min
attendance-sheet-watched = Call seen { $minutes } of { $lesson } min; open without being seen: { $blind } min
attendance-sheet-interval = Call looked into every { $seconds } s
attendance-sheet-unusable = The call was not seen enough: nothing was proposed by it
# call
attendance-rule = Rule: present from { $percent }% of the { $minutes } min.
attendance-rule-none = The call was seen for only { $minutes } of { $lesson } min: I propose nothing by it, please mark.
attendance-rule-unseen = I never saw who was in the call: I propose nothing from it, it is yours to mark.
attendance-blind = For { $count } min I did not see who was in the call: that time counts for nobody.
attendance-interval = The call was looked into every { $seconds } s.
attendance-minutes-all-key = Show minutes
attendance-minutes-line = – { $name }: { $count } min, { $state }
attendance-name-line = – { $name }: { $state }
attendance-strangers = { $count ->
    [one] In the call, and I do not know who: { $names }.
   *[other] In the call, and I do not know who ({ $count }): { $names }.
}
attendance-stranger-channel = { $title } ({ $hour })
attendance-stranger-account = unknown account ({ $hour })
attendance-stranger-accounts = { $count } unknown accounts
attendance-who-key = Who is it?
attendance-who-which = They were in the call, from the hour shown, and I do not know who they are. Tap one that you know.
attendance-who-whose = { $who } was in the call. Who is it? Here are those whom I did not see there.
attendance-who-nobody-key = Nobody of the class
attendance-who-named = { $who } is { $name }: { $state }.
attendance-who-nobody = { $who }: nobody of the class. Noted.
attendance-who-none = Nobody unknown is left in this call.
attendance-who-undone = Undone: again I do not know who it is.
attendance-who-undo-late = The 10 minutes are over. Correct the line through the list, with a reason.
attendance-all-ask = { $count ->
    [one] { $names } announced an absence. What shall I note?
   *[other] { $names } announced an absence. What shall I note?
}
attendance-all-but-key = All present but { $absent }
attendance-all-sure-key = All present: { $count }
