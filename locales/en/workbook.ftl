# ── Words ─────────────────────────────────────────────────────────────────────
workbook-role-student = student
workbook-role-teacher = teacher
workbook-role-supervisor = supervisor
workbook-role-manager = manager
workbook-role-admin = admin
workbook-mode-on-site = on site
workbook-mode-remote = remote
workbook-mode-hybrid = hybrid
workbook-monday = Monday
workbook-tuesday = Tuesday
workbook-wednesday = Wednesday
workbook-thursday = Thursday
workbook-friday = Friday
workbook-saturday = Saturday
workbook-sunday = Sunday
workbook-line = row { $row }
workbook-line-of = row { $row } of “{ $sheet }”
workbook-sheets = { $count ->
    [one] { $count } sheet
   *[other] { $count } sheets
}
workbook-lines = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
workbook-names-and-more = { $count ->
    [one] { $names } and { $count } more
   *[other] { $names } and { $count } more
}

# ── The file cannot be read ───────────────────────────────────────────────────
workbook-too-heavy = I did not read this file: it is over 20 MB. Take out pictures and sheets you do not need, then send it again.
workbook-not-a-workbook = I did not read this file: it is not a workbook. Save it as .xlsx, .xls or .ods, then send it again.
workbook-password = I did not read this file: it is protected by a password. Save a copy without password, then send that.
workbook-corrupt = I did not read this file: it is damaged. Open it in Excel or LibreOffice, save it again, then send it.
workbook-bomb = I did not read this file: once opened it takes far too much room. Copy your rows into a new workbook, then send that.
workbook-too-many-cells = I did not read this file: it has more than 2,000,000 cells. Take out sheets and rows you do not need, then send it again.
workbook-no-column = I recognised nothing in this file: no sheet has headings such as Date, Start, End, Class, Subject, or Last name, First name, E-mail. Send /template to get a workbook to fill in.
workbook-too-many-lessons = I did not keep this file: it stands for more than 200,000 sessions. Send it as several files, one for each period.
workbook-reader-spent = I did not read this file: reading it takes too much memory or time. Save it again without pictures and sheets you do not need, or as several files, then send it.
workbook-reader-broke = I did not read this file: its reading broke off. Open it in Excel or LibreOffice, save it again, then send it.

# ── Rows to correct ───────────────────────────────────────────────────────────
workbook-column-missing = the column “{ $column }” is missing, so this sheet is not read. Add it.
workbook-column-missing-end = a column “End” or “Duration” is missing, so this sheet is not read. Add it.
workbook-column-missing-date = a column “Date” (or “Day”, “From” and “Until”) is missing, so this sheet is not read. Add it.
workbook-sheet-hidden = this sheet is hidden: the sessions in it are not read. Show it, or delete it.
workbook-sheet-headless = this sheet has dates and hours but no headings such as Date, Start, End, Class, Subject: it is not read. Add them, or delete it.
workbook-line-above = this line stands above the headings (row { $row }), so it is not read. Put the headings above it.
workbook-fault-empty = “{ $column }” is empty. Fill in the cell.
workbook-fault-class-missing = the class is missing. Write its name.
workbook-fault-class-unreadable = “{ $value }” is not the name of a class: Excel takes it for a date or an error. Format the cell as Text.
workbook-fault-too-long = the text is too long ({ $limit } letters at most). Make it shorter.
workbook-fault-error-value = the formula gives “{ $value }”. Correct it or write the value.
workbook-fault-mode = “{ $value }” is not a mode. Write on site, remote or hybrid.
workbook-fault-date-missing = the date is missing. Write it like 24/11/2026.
workbook-fault-date-none = “{ $value }” does not exist. Correct the date.
workbook-fault-date-unreadable = “{ $value }” is not a date. Write it like 24/11/2026.
workbook-fault-date-far = “{ $value }” is far away. Check the year.
workbook-fault-weekday = “{ $value }” is not a day. Write Monday, Tuesday…
workbook-fault-range-backwards = the last date comes before the first. Swap them.
workbook-fault-range-long = there is more than a year between the two dates. Check the year.
workbook-fault-range-empty = this day never falls between the two dates. Check them.
workbook-fault-hour = “{ $value }” is not a time. Write it like 08:30.
workbook-fault-hour-missing = the start is missing. Write it like 08:30.
workbook-fault-end-missing = the end is missing. Write it like 10:30.
workbook-fault-end-before-start = the end does not come after the start. Correct one of the two.
workbook-fault-length = “{ $value }” is not a duration. Write it like 1h30 or 90 min.
workbook-fault-past-midnight = the session would end after midnight. Correct the start or the duration.
workbook-fault-reference-twice = the same reference already stands in { $other }. Give each row its own.
workbook-fault-identity = nobody can tell who this is. Give the e-mail, or the card, or last name, first name and date of birth.
workbook-fault-nameless = this person is new: their last and first name are needed.
workbook-fault-email = “{ $value }” is not an e-mail address. Correct it.
workbook-fault-birth-far = “{ $value }” cannot be a date of birth. Check the year.
workbook-fault-role = “{ $value }” is not a role. Write student, teacher, supervisor or manager.
workbook-fault-admin = a file cannot make an admin: an admin’s link is made with the command “preau invite --role admin”. Choose another role.
workbook-fault-status = “{ $value }” is not a status. Write active or left.
workbook-fault-person-twice = this person already stands in { $other }, with other data. Keep only one of the two rows; if they are two people, leave empty what they share.
workbook-fault-same-person = two rows mean the same person. Keep only one.
workbook-fault-two-matches = the e-mail, the card and the name mean two different people. Correct the wrong one.
workbook-fault-other-person = this e-mail or card belongs to { $name }. If it is somebody else, give their own or leave the cell empty. If it is { $name }, write the name so; to change a first name, the row needs both the e-mail and the card that the school knows already.

# ── To look at ────────────────────────────────────────────────────────────────
workbook-warning-column-aside = the column “{ $aside }” is not read: “{ $column }” says the same and counts alone.
workbook-warning-link = the link “{ $value }” does not open, so the session is kept without a link.
workbook-warning-far = { $day } is far ahead. Check the year.
workbook-warning-weekday = { $day } is a { $real }, not a { $said }. The date counts.
workbook-warning-lang = I do not speak “{ $value }”. The language stays as it was.
workbook-warning-twice = already in { $other }, counted once.
workbook-warning-class-near = the class “{ $class }” is new and looks like “{ $near }”. Is it the same?
workbook-warning-over = row not taken: its reference ({ $reference }) is that of “{ $subject }” ({ $day }), over or under way, which stays as it is. If it is another session, give it another one.
workbook-warning-has-sheet = row not taken: its reference ({ $reference }) is that of “{ $subject }” ({ $day }), which already has its sheet and stays as it is. If it is another session, give it another one.
workbook-warning-into-past = row not taken: its reference ({ $reference }) is that of “{ $subject }” ({ $day }), and the new date is already over; the session stays as it is.
workbook-warning-numbered-anew = “{ $reference }” was the reference of “{ $subject }” ({ $day }), over or under way: this row is another session. Give each session a reference that does not come again.
workbook-warning-class-joined = the class “{ $class }” is new and taken as one. If it is several classes, put a comma between their names.
workbook-warning-teacher-none = { $count ->
    [one] no teacher is called “{ $name }”. The roll of one session goes to the supervisors.
   *[other] no teacher is called “{ $name }”. The roll of { $count } sessions goes to the supervisors.
}
workbook-warning-teacher-several = { $count ->
    [one] several teachers may be “{ $name }”. Add the first name; otherwise the roll of one session goes to the supervisors.
   *[other] several teachers may be “{ $name }”. Add the first name; otherwise the roll of { $count } sessions goes to the supervisors.
}
workbook-warning-teacher-kept-several = { $count ->
    [one] several teachers may be “{ $name }”. One session stays with { $keeper }, as before. If it is somebody else, add the first name.
   *[other] several teachers may be “{ $name }”. { $count } sessions stay with { $keeper }, as before. If it is somebody else, add the first name.
}
workbook-warning-teacher-kept = { $count ->
    [one] no teacher is called “{ $name }”. One session stays with { $keeper }, as before. If it is somebody else, correct the name.
   *[other] no teacher is called “{ $name }”. { $count } sessions stay with { $keeper }, as before. If it is somebody else, correct the name.
}
workbook-warning-from-afar = “{ $subject }” ({ $reference }), planned for { $day }, outside this file’s weeks, is moved here. If it is another session, give it another reference.
workbook-warning-reference-elsewhere = “{ $reference }” is the reference of { $subject } ({ $class }, { $day }) already, which stays: two sessions bear it. Give another one, or, to move the one of { $class }, put { $class } and its week into the file too.
workbook-warning-renamed = { $old } becomes { $new }, and what was theirs follows: sheets, Telegram account. If it is somebody else, correct the e-mail or the card.
workbook-warning-namesake = { $name } exists already, with other data: a second person is added. If it is the same, give the e-mail, card or date of birth that the school knows.
workbook-warning-namesake-line = { $name } already stands in { $other }, with other data: two people are added. If it is the same, keep one row.
workbook-warning-lowered = { $name } ({ $from }) loses this role and becomes { $to }.
workbook-warning-namesake-admin = { $name } is an admin already, without e-mail or date of birth: a second person is added. If it is the same, remove this row: a file changes nothing in an admin who has a name only.
workbook-warning-admin-left = { $name } is an admin and does not leave by a file.
workbook-warning-admin-role = { $name } is an admin and stays one: a file does not change that.
workbook-warning-gone = { $name } is noted as gone. Write “active” under Status to take them back.
workbook-clash-lesson = { $subject } ({ $class }, row { $row })
workbook-clash-lesson-known = { $subject } ({ $class })
workbook-clash-class = { $class } has two sessions at once, { $moment }: { $first } and { $second }.
workbook-clash-teacher = { $teacher } has two sessions at once, { $moment }: { $first } and { $second }.
workbook-clash-room = room { $room } is taken twice, { $moment }: { $first } and { $second }.

# ── The message ───────────────────────────────────────────────────────────────
workbook-preview-read = Read: { $sheets }, { $lines }.
workbook-preview-ignored = { $count ->
    [one] Sheet left aside: { $names }.
   *[other] Sheets left aside: { $names }.
}
workbook-preview-lessons = Sessions: +{ $added } −{ $removed } ~{ $changed }, unchanged { $unchanged }.
workbook-preview-untaken = { $count ->
    [one] { $count } row not taken.
   *[other] { $count } rows not taken.
}
workbook-preview-past = { $count ->
    [one] { $count } session already over, left aside.
   *[other] { $count } sessions already over, left aside.
}
workbook-preview-people = { $left ->
    [0] People: +{ $added } ~{ $changed }, unchanged { $unchanged }.
   *[other] People: +{ $added } ~{ $changed }, { $left } leaving, unchanged { $unchanged }.
}
workbook-preview-strangers = { $count ->
    [one] { $count } person noted as gone, unknown to the school.
   *[other] { $count } people noted as gone, unknown to the school.
}
workbook-preview-legend = + to add, − to remove, ~ to change.
workbook-preview-classes = { $count ->
    [one] Class to create: { $names }.
   *[other] Classes to create: { $names }.
}
workbook-preview-to-look-at = { $faults ->
    [0] {""}
    [one] { $faults } row to correct{ $warnings ->
        [0] {":"}
       *[other] {", "}
    }
   *[other] { $faults } rows to correct{ $warnings ->
        [0] {":"}
       *[other] {", "}
    }
}{ $warnings ->
    [0] {""}
    [one] { $warnings } warning:
   *[other] { $warnings } warnings:
}
workbook-preview-clean = Nothing to correct.
workbook-preview-rest = { $count ->
    [one] and { $count } more, in the annotated file.
   *[other] and { $count } more, in the annotated file.
}
workbook-preview-frozen = { $count ->
    [one] { $count } session missing from the file is kept: a row to correct may stand for it.
   *[other] { $count } sessions missing from the file are kept: a row to correct may stand for them.
}
workbook-preview-right = { $name } ({ $role })
workbook-preview-rights = { $count ->
    [one] Role to confirm separately: { $names }.
   *[other] Roles to confirm separately: { $names }.
}
workbook-preview-waiting = { $sessions ->
    [0] { $people ->
        [one] { $people } person waits for these rights.
       *[other] { $people } people wait for these rights.
    }
    [one] { $people ->
        [one] { $people } person and { $sessions } session wait for these rights.
       *[other] { $people } people and { $sessions } session wait for these rights.
    }
   *[other] { $people ->
        [one] { $people } person and { $sessions } sessions wait for these rights.
       *[other] { $people } people and { $sessions } sessions wait for these rights.
    }
}
workbook-told-now = { $count ->
    [one] { $count } class will be told at once.
   *[other] { $count } classes will be told at once.
}
workbook-told-sunday = { $count ->
    [one] { $count } class will be told on { $at }: no notices on Sundays.
   *[other] { $count } classes will be told on { $at }: no notices on Sundays.
}
workbook-told-night = { $count ->
    [one] { $count } class will be told on { $at }, after the quiet hours.
   *[other] { $count } classes will be told on { $at }, after the quiet hours.
}
workbook-told-rest = { $count ->
    [one] { $count } other will be by { $at }.
   *[other] { $count } others will be by { $at }.
}
workbook-preview-empty = There are only headings, and no line below them: nothing has changed. Fill the file in and send it again.
workbook-preview-nothing = Nothing to change: everything already is as in the file.
workbook-preview-nothing-yet = Nothing to apply: correct these rows first, then send the file again.
workbook-said-cell = • { $sheet }, row { $row }, { $column }: { $what }
workbook-said-line = • { $sheet }, row { $row }: { $what }
workbook-said = • { $what }

# ── The template and the annotated file ───────────────────────────────────────
workbook-problem = Problem
workbook-template-timetable = Timetable
workbook-template-people = People
workbook-template-help = Help
workbook-template-active = active
workbook-template-left = left
workbook-template-date = Date
workbook-template-date-note = The day of the session, like 24/11/2026.
workbook-template-start = Start
workbook-template-start-note = When it starts, like 08:30, 8h30 or 0830. Not 8.5: would that be 8:30 or 8:50?
workbook-template-end = End
workbook-template-end-note = When it ends. A column Duration does too: 1h30, 90 min.
workbook-template-class = Class
workbook-template-class-note = The name of the class. Several: 1A, 1B.
workbook-template-subject = Subject
workbook-template-subject-note = The name of the course.
workbook-template-teacher = Teacher
workbook-template-teacher-note = First and last name, as in People.
workbook-template-room = Room
workbook-template-room-note = Optional.
workbook-template-mode = Mode
workbook-template-mode-note = on site, remote or hybrid. Empty: on site, or remote when there is a link.
workbook-template-link = Link
workbook-template-link-note = The address of the video call. Optional.
workbook-template-reference = Reference
workbook-template-reference-note = Optional: a number of its own for each session, which comes again neither next week nor in another subject. It is what lets me recognise a session that moved, even to another class.
workbook-template-last-name = Last name
workbook-template-last-name-note = The family name.
workbook-template-first-name = First name
workbook-template-first-name-note = The first name.
workbook-template-email = E-mail
workbook-template-email-note = A person is recognised by e-mail, else by card, else by last name, first name and date of birth.
workbook-template-birth = Date of birth
workbook-template-birth-note = Like 12/03/2009.
workbook-template-role = Role
workbook-template-role-note = student, teacher, supervisor or manager. Empty: student.
workbook-template-classes = Class(es)
workbook-template-classes-note = One or several: 1A, 1B.
workbook-template-language = Language
workbook-template-language-note = fr or en.
workbook-template-card = Card
workbook-template-card-note = The number of the card or badge.
workbook-template-status = Status
workbook-template-status-note = Empty or active. Write left when the person leaves the school: taking them off the list is not enough.
workbook-template-help-lines = How to fill in this workbook
    Timetable: one row a session. The order of the columns is free.
    Example: 24/11/2026, 08:30, 10:30, 1A, Networks, Mr Diallo, B204, on site.
    Every week: replace Date by three columns, Day, From and Until. Example: Tuesday, 01/09/2026, 18/12/2026.
    Two classes together: 1A, 1B in the same cell.
    The file speaks for the classes that it names, and the whole weeks between its first and last date. The rest stays.
    A session that is over, or has its sheet, changes no more.
    People: one row a person. Example: Moreau, Inès, ines.moreau@school.fr, 12/03/2009, student, 1A.
    A person missing from the list is never removed. Write left under Status.
    Roles above student are confirmed separately: until then a new person is not taken in. An admin is made with preau invite.

workbook-menu-timetable = Send the timetable
workbook-menu-template = An empty Excel template
workbook-send = Send me your timetable here (.xlsx, .xls or .ods). I first show what would change; nothing is applied without your word. /template gives you an empty file.
workbook-reading = Reading your file…
workbook-apply-key = Apply
workbook-apply-without-key = { $count ->
    [one] Apply without row { $row }
   *[other] Apply the rest
}
workbook-give-rights-key = Give these rights
workbook-annotated-key = Get the annotated file
workbook-annotated-coming = Your file is on its way, with a column “Problem”.
workbook-annotated-caption = Your file, with a column “Problem” and the cells to look at in colour. Correct it and send it back to me.
workbook-abandon-key = Drop it
workbook-abandoned = Dropped: nothing has changed.
workbook-applying = Checking, then applying…
workbook-stale = The timetable changed since this preview. Here it is up to date.
workbook-settled = This import is over already.
workbook-forgotten = I do not have this file any more. Please send it again. (IMP-09)
workbook-not-applied = Nothing was applied: the timetable changed meanwhile. Send the file again for a fresh preview. (IMP-10)
workbook-done = Done: { $what }.
workbook-done-sessions-added = { $count ->
    [one] { $count } session added
   *[other] { $count } sessions added
}
workbook-done-sessions-changed = { $count ->
    [one] { $count } session changed
   *[other] { $count } sessions changed
}
workbook-done-sessions-removed = { $count ->
    [one] { $count } session removed
   *[other] { $count } sessions removed
}
workbook-done-people-added = { $count ->
    [one] { $count } person added
   *[other] { $count } people added
}
workbook-done-people-changed = { $count ->
    [one] { $count } person changed
   *[other] { $count } people changed
}
workbook-done-people-left = { $count ->
    [one] { $count } person gone
   *[other] { $count } people gone
}
workbook-done-added = { $count ->
    [one] { $count } added
   *[other] { $count } added
}
workbook-done-changed = { $count ->
    [one] { $count } changed
   *[other] { $count } changed
}
workbook-done-removed = { $count ->
    [one] { $count } removed
   *[other] { $count } removed
}
workbook-done-left = { $count ->
    [one] { $count } gone
   *[other] { $count } gone
}
workbook-done-classes = { $count ->
    [one] { $count } class created
   *[other] { $count } classes created
}
workbook-done-kept = { $count ->
    [one] { $count } change is not made: while the file was being written, the session began, or somebody changed the session or the person. Send the file again to see what still differs.
   *[other] { $count } changes are not made: while the file was being written, the session began, or somebody changed the session or the person. Send the file again to see what still differs.
}
workbook-rights-given = { $count ->
    [one] Done: { $count } role given.
   *[other] Done: { $count } roles given.
}
workbook-waits = This import waits for two people to agree.
workbook-unfetched = I could not take this file from Telegram. Please send it again.
workbook-confirm = { $count ->
    [one] This file { $moves ->
        [0] removes
       *[other] moves
    } { $count } session ({ $classes }): more than usual in a day. Is that intended?
   *[other] This file { $moves ->
        [0] removes
       *[other] { $removes ->
            [0] moves
           *[other] removes or moves
        }
    } { $count } sessions ({ $classes }): more than usual in a day. Is that intended?
}
workbook-confirm-key = { $moves ->
    [0] Remove { $count }: { $classes }
   *[other] Yes, { $count }: { $classes }
}
workbook-confirm-key-many = { $classes ->
    [one] { $moves ->
        [0] Remove { $count } ({ $classes } class)
       *[other] Yes, { $count } ({ $classes } class)
    }
   *[other] { $moves ->
        [0] Remove { $count } ({ $classes } classes)
       *[other] Yes, { $count } ({ $classes } classes)
    }
}
workbook-agree-people = { $count ->
    [one] The file “{ $file }” removes { $count } person ({ $classes }).
   *[other] The file “{ $file }” removes { $count } people ({ $classes }).
}
workbook-agree-names = { $count ->
    [one] Person removed: { $names }
   *[other] People removed: { $names }
}
workbook-agree-rights = { $count ->
    [one] Role given: { $names }.
   *[other] Roles given: { $names }.
}
workbook-no-class = without a class
workbook-waiting = { $count ->
    [one] This file removes { $count } person: more than allowed in a day. Two people must agree: you just did; the message “Agreement needed” says who gives the second one, or when. Nothing is applied until then.
   *[other] This file removes { $count } people: more than allowed in a day. Two people must agree: you just did; the message “Agreement needed” says who gives the second one, or when. Nothing is applied until then.
}
workbook-template-name = timetable-template.xlsx
workbook-template-caption = The empty template. The sheet “Help” explains each column.

# ── At the school's machine ───────────────────────────────────────────────────
workbook-cli-remove = { $count ->
    [one] This file { $moves ->
        [0] removes
       *[other] moves
    } { $count } session ({ $classes }): more than usual in a day. If that is meant, add { $option }.
   *[other] This file { $moves ->
        [0] removes
       *[other] { $removes ->
            [0] moves
           *[other] removes or moves
        }
    } { $count } sessions ({ $classes }): more than usual in a day. If that is meant, add { $option }.
}
workbook-cli-people = { $count ->
    [one] This file removes { $count } person ({ $classes }): more than allowed in a day. Two people will have to agree.
   *[other] This file removes { $count } people ({ $classes }): more than allowed in a day. Two people will have to agree.
}
workbook-cli-asked = { $count ->
    [one] This file removes { $count } person ({ $classes }): more than allowed in a day. Nothing is applied: two admins must accept in Telegram, where they have just been asked. If there is only one, the second voice is “{ $command }”, after 24 h.
   *[other] This file removes { $count } people ({ $classes }): more than allowed in a day. Nothing is applied: two admins must accept in Telegram, where they have just been asked. If there is only one, the second voice is “{ $command }”, after 24 h.
}
workbook-cli-nobody = { $count ->
    [one] This file removes { $count } person ({ $classes }): more than allowed in a day. Nothing is applied: two people must agree, and no admin is linked. First run “{ $command }”, then do this again.
   *[other] This file removes { $count } people ({ $classes }): more than allowed in a day. Nothing is applied: two people must agree, and no admin is linked. First run “{ $command }”, then do this again.
}
workbook-cli-rights = { $count ->
    [one] { $count } role above student is not given: add { $option }.
   *[other] { $count } roles above student are not given: add { $option }.
}
workbook-cli-rights-later = { $count ->
    [one] { $count } role could not be named in the request: once it is accepted, import this file again with { $option }.
   *[other] { $count } roles are too many to be all named in the request: once it is accepted, import this file again with { $option }.
}

# ── What would change, line by line ───────────────────────────────────────────
workbook-changes-key = { $count ->
    [one] See the change
   *[other] See the { $count } changes
}
workbook-changes-key-many = See the changes
workbook-roles-key = See the { $count } roles
workbook-roles-head = Roles to confirm separately: { $count }.
workbook-roles-line = – { $right }
workbook-changes-back-key = « Back
workbook-changes-before = ‹ { $page }/{ $pages }
workbook-changes-after = { $page }/{ $pages } ›
workbook-changes-none = There is nothing left to change.
workbook-changes-sessions-removed = Sessions to remove ({ $count })
workbook-changes-sessions-changed = Sessions to change ({ $count })
workbook-changes-sessions-added = Sessions to add ({ $count })
workbook-changes-people-left = Departures ({ $count })
workbook-changes-people-changed = People to change ({ $count })
workbook-changes-people-added = People to add ({ $count })
workbook-changes-classes = Classes to create ({ $count })
workbook-change-removed = − { $what }
workbook-change-added = + { $what }
workbook-change-changed = ~ { $what }: { $details }
workbook-change-when = { $day }, { $hours }
workbook-change-when-year = { $day } { $year }, { $hours }
workbook-change-session = { $when } · { $class } · { $subject }
workbook-change-hours = now { $new }
workbook-change-class = class { $old } → { $new }
workbook-change-subject = subject { $old } → { $new }
workbook-change-teacher = teacher { $old } → { $new }
workbook-change-teacher-found = teacher recognised ({ $name })
workbook-change-room = room { $old } → { $new }
workbook-change-mode = { $old } → { $new }
workbook-change-reference = reference { $old } → { $new }
workbook-change-link = link changed
workbook-change-link-added = link added
workbook-change-link-removed = link removed
workbook-change-nothing = nothing
workbook-change-person = { $name } ({ $role })
workbook-change-person-of = { $name } ({ $role }) · { $classes }
workbook-change-back = back again
workbook-change-name = name { $old } → { $new }
workbook-change-role = role { $old } → { $new }
workbook-change-classes = class { $old } → { $new }
workbook-change-lang = language { $new }
workbook-change-email = e-mail changed
workbook-change-birth = birth date changed
workbook-change-card = card changed

# ── Once it is applied ────────────────────────────────────────────────────────
workbook-undo-key = Undo (10 min)
workbook-undoing = Undoing…
workbook-undone = Undone: timetable and people are as before this import.
workbook-undone-some = { $back ->
    [one] Undone: { $back } change is put back.
   *[other] Undone: { $back } changes are put back.
}
workbook-undone-kept = { $count ->
    [one] { $count } stays as it is:
   *[other] { $count } stay as they are:
}
workbook-undone-line = • { $what }: { $why }
workbook-undone-more = and others. The file from before, sent again, shows what still differs.
workbook-undone-older = { $count ->
    [one] { $count } change of this import is more than 10 minutes old and stays.
   *[other] { $count } changes of this import are more than 10 minutes old and stay.
}
workbook-undone-class = a class
workbook-kept-changed = changed by somebody since
workbook-kept-begun = the session has begun
workbook-kept-near = the session begins soon, its class was told
workbook-kept-joined = the person has come into Telegram meanwhile
workbook-kept-used = something that stays needs it
workbook-undone-already = It is undone already, or about to be.
workbook-undo-late = Too late: the 10 minutes are over, this import stays. Send the file from before to go back. (IMP-13)

# ── Agreements ────────────────────────────────────────────────────────────────
workbook-not-agreed = Nothing was applied: an admin refused. Talk it over; if it is meant, send the file again. (IMP-11)
workbook-ran-out = Nothing was applied: nobody else accepted in time. If it is still meant, send the file again. (IMP-12)
workbook-agreed-late = Accepted, but nothing is done: the timetable or the people changed meanwhile. The file must be sent again.
workbook-agree-stray = The unlinked Telegram account of { $name } will leave the group of { $classes }. With the other departures of the last 24 hours, that is more than allowed without a second agreement.
workbook-stray-nothing = Nothing left to do: this account is no longer in these groups, or has its place there again.
