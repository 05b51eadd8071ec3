roster-menu-start = Get to know each other
roster-menu-links = The personal links
roster-start-anyone = Hello! I am Préau, the assistant of { $school } in Telegram. I do not know you yet: ask the school for your personal link, then open it.
roster-start-student = Hello! I am Préau, the assistant of { $school }. I tell you your lessons and remind you of them, and you can announce an absence or a late arrival.
roster-start-teacher = Hello! I am Préau, the assistant of { $school }. When a lesson begins I offer you the roll; when it ends I prepare the attendance sheet, and you correct and approve it in two taps.
roster-start-supervisor = Hello! I am Préau, the assistant of { $school }. I help you link the students of your classes, and follow attendance and the sheets that wait.
roster-start-manager = Hello! I am Préau, the assistant of { $school }. I show you the classes, their attendance and what waits for a decision.
roster-start-admin = Hello! I am Préau, the assistant of { $school }. Send me the timetable (.xlsx, .xls or .ods): I show you the differences before anything is changed.
roster-start-help = See what I can do
roster-start-link = How to get my link
roster-start-privacy = See what I keep
roster-ask-birth = Hello! To check that this link is yours: what is your date of birth (day/month/year)? For example 25/03/2009.
roster-ask-card = Hello! To check that this link is yours: what is the number of your school card (or badge)?
roster-ask-birth-or-card = Hello! To check that this link is yours: what is your date of birth (day/month/year, for example 25/03/2009), or the number of your school card (or badge)?
roster-ask-email = Hello! To check that this link is yours: which e-mail address did you give the school?
roster-ask-time = You have an hour to answer.
roster-ask-stop = /cancel to stop.
roster-unread-birth = I see no date in this, so it does not count. Write the day, month and year of your birth (day/month/year), for example 25/03/2009. /cancel to stop.
roster-unread-card = I see no number in this, so it does not count. Write the number of your school card (or badge). /cancel to stop.
roster-unread-birth-or-card = I see neither a date nor a number in this, so it does not count. Write your date of birth (day/month/year), for example 25/03/2009, or the number of your school card (or badge). /cancel to stop.
roster-unread-email = This is not an e-mail address, so it does not count. Write the address that you gave the school. /cancel to stop.
roster-unread-enough = Let us stop here for now. Your link still works: open it again when you have the answer, or ask the school for help.
roster-wrong = { $left ->
    [one] This is not what the school noted. Check and try again: { $left } try is left. /cancel to stop.
   *[other] This is not what the school noted. Check and try again: { $left } tries are left. /cancel to stop.
}
roster-wrong-dead = This link is closed after 5 answers that did not match. The school has been told: ask it for a new link. (LIE-05)
roster-you = { $name }: is this you?
roster-you-of = { $name }, { $classes }: is this you?
roster-yes = Yes, this is me
roster-no = No
roster-not-me = Thank you for saying so. This link is closed and the school has been told: ask it for yours.
roster-age = How old are you?
roster-age-under = Under 16
roster-age-sixteen = 16–17
roster-age-adult = 18 or more
roster-too-young = Telegram asks for 16 years in Europe. So your account is not linked, and nothing of it is kept: the technical trace of this exchange erases itself within 48 hours. The school offers another way, by e-mail or through a parent’s account: it has been told and will speak to you.
roster-other-way-key = See the other way
roster-other-way = Without Telegram, the school offers another way:
    – by e-mail: lessons, their changes and your attendance, at the address that you give;
    – through a parent: the same news by their account.
    The supervisors do this, I do not: they have been told. Tell them which one suits you, and which address or parent to write to. Your attendance is noted in class like everybody’s.
roster-tied = Done, { $name }: your account is linked.
roster-yours = Your account is linked already, { $name }.
roster-notice-student = What the school ({ $school }) keeps, in six lines:
    1. What: name, class and, if the school noted them, date of birth, card number, e-mail address; Telegram account, language, age band, attendance and absences.
    2. Why: to tell you about lessons, to check who you are and to make attendance sheets.
    3. How long: attendance for 3 to 10 years, depending on who funds it; this account while you are at the school.
    4. Who sees it: you, your teachers, supervisors, managers, admins. Not your classmates.
    5. In the group I do not keep conversations.
    6. Your rights and the details: /privacy.
roster-notice-staff = What the school ({ $school }) keeps, in six lines:
    1. What: name, role, classes and, if the school noted them, date of birth, card number, e-mail address; Telegram account, language, and your decisions (rolls, corrections, agreements).
    2. Why: to run lessons, to check who you are and to prove who decided what.
    3. How long: evidence for 3 to 10 years, depending on who funds it; this account while you are at the school.
    4. Who sees it: you, supervisors, managers, admins.
    5. In groups I do not keep conversations.
    6. Your rights and the details: /privacy.
roster-join = Join the group
roster-join-class = Join { $class }
roster-group-soon = Your school will soon open the group of { $classes }. Open /start again then: there is nothing else to do.
roster-ask-name = Hello! This link makes you an admin of { $school }. What are your first and last name? For example: Claire Dupont.
roster-name-again = I need a first and a last name, for example: Claire Dupont. /cancel to stop.
roster-admin-confirm = { $name }, this link makes you an admin of the school: timetables, personal links, groups. Do you want that?
roster-admin-yes = Become an admin
roster-admin-no = Change nothing
roster-admin-stay = Nothing is changed. The link stays open until its hour is over.
roster-admin-done = Done, { $name }: you are an admin of the school. Send me the timetable (.xlsx, .xls or .ods); /template gives you an empty one.
roster-link-unknown = I do not recognise this link. Check that it is complete, or ask the school for a new one. (LIE-01)
roster-link-used = This link has been used: it works only once. If it was not you, tell the school; it will give you a new one. (LIE-02)
roster-link-dead = This link no longer works: another one replaced it, or it was closed. Ask the school for a new one. (LIE-03)
roster-link-expired = This link has expired. A supervisor or the office gives you a new one at once: ask for it, then open it. (LIE-04)
roster-link-expired-admin = This link has expired: it lives for an hour, and one more to answer when it is opened in time. On the school’s machine, type “preau invite --role admin” for a new one. (LIE-04)
roster-account-taken = This Telegram account is linked to another person already. The school has been told: ask it to undo that, or open your link from your own account. (LIE-06)
roster-person-taken = The person of this link has linked another Telegram account already. The school has been told: ask it to undo the old one, then open this link again. (LIE-07)
roster-nothing-known = The school noted no date of birth, card or e-mail address for this link: I cannot check that it is yours. It has been told. (LIE-08)
roster-told-nothing-known = { $name } opened their personal link, but I have no date of birth, card or e-mail to check with. Add one of the three to the sheet People, then tell them to open the link again.
roster-told-account-taken = Somebody opened the link of { $name } from a Telegram account that is linked to { $other }. I linked nothing. If this account belongs to { $name }, unlink it, then tell them to open their link again.
roster-told-person-taken = Somebody opened a link of { $name }, who has linked another Telegram account already. I linked nothing. If { $name } has a new account, unlink the old one, then tell them to open their link again.
roster-told-tries = The personal link of { $name } ({ $classes }) is closed: 5 answers in a row did not match. If it was this person after all, make a new link with /links.
roster-told-tries-alone = The personal link of { $name } is closed: 5 answers in a row did not match. If it was this person after all, make a new link with /links.
roster-told-not-me = Somebody opened the link of { $name }, gave the right answer, then said they are not this person. The link is closed. Make a new one with /links.
roster-told-too-young = { $name } is under 16: Telegram does not allow that in Europe. I linked nothing and the link is closed. Offer e-mail or a parent’s account.
roster-told-tied = { $name } has just linked a Telegram account. If it is not this person, unlink the account.
roster-told-tied-of = { $name } ({ $classes }) has just linked a Telegram account. If it is not this person, unlink the account.
roster-told-tied-many = { $class }: { $count } people have just linked a Telegram account: { $names }. If one of them is not this person, unlink the account.
roster-told-admin = { $name } is an admin of the school now, by a link made on the machine. If you did not expect this, unlink the account.
roster-told-join-failed = I could not let { $name } into the group of { $class }: Telegram refused. Check that I am an admin of the group with the right to invite, then accept the request in the group.
roster-untie = Unlink
roster-untied = The account of { $name } is no longer linked: it gets nothing any more and can do nothing. In 10 minutes it also leaves the class groups that it was in by this tie alone; the group is not told. /links makes a new link.
roster-untied-already = This account is no longer linked: it was done before.
roster-retie = Undo (10 min)
roster-retied = The account of { $name } is linked again.
roster-retie-late = Too late to undo, or something changed meanwhile. Make a new link with /links.
roster-not-yours = This is not yours to decide: it is for the supervisors of the class, or an admin.
roster-welcome = Welcome { $name }!
roster-welcome-many = Welcome { $names } and { $last }!
roster-welcome-crowd = Welcome { $names } and { $count } others!
roster-decline = This group is for the people of the class, and I do not know you yet. Ask the school for your personal link, open it here, then ask to join again.
roster-decline-known = This group is for the people of the class, and you are not in this class. If that is a mistake, talk to a supervisor.
roster-links-which = For which class?
roster-links-staff = Staff without a class
roster-links-no-class = I cannot find a class “{ $class }”. /links alone shows all of them.
roster-links-no-classes = There is no class yet that you look after. They come with the timetable.
roster-links-not-yours = You do not look after { $class }: ask its supervisors or an admin.
roster-links-staff-not-yours = Staff without a class get their links from a manager or an admin: ask one of them.
roster-links-none = { $class }: everybody is linked. There is no link to make.
roster-links-count = { $count ->
    [one] { $class }: { $count } person has not linked their account yet.
   *[other] { $class }: { $count } people have not linked their account yet.
}
roster-links-dying = { $count ->
    [one] { $count } link that was printed before will cease to work.
   *[other] { $count } links that were printed before will cease to work.
}
roster-links-life = A link works once and lives for 14 days. You will get a file to print and cut up; give each person their own.
roster-links-make = { $count ->
    [one] Make { $count } link
   *[other] Make { $count } links
}
roster-links-changed = The list changed meanwhile, here is the new one.
roster-links-coming = { $count ->
    [one] { $class }: the file with { $count } link is on its way.
   *[other] { $class }: the file with { $count } links is on its way.
}
roster-links-failed = The file with the links of { $class } may not have arrived. Its links do not work, those made before still do: type /links again.
roster-csv-name = Links { $class }
roster-csv-last-name = Last name
roster-csv-first-name = First name
roster-csv-link = Link
roster-csv-until = Valid until
roster-csv-caption = { $count ->
    [one] { $class }: { $count } personal link, valid once, until { $until }. Give it only to its person.
   *[other] { $class }: { $count } personal links, valid once, until { $until }. Give each person only their own.
}
roster-told-bot-left = I am no longer in the group “{ $title }” of class { $class }: neither reminders nor reports arrive there. To mend it: put me back into the group as an admin, then type /adopt there.
roster-told-rights = In the group “{ $title }” of class { $class } I lack admin rights:
roster-told-rights-how = To mend it: in the group, open its administrators, touch my name and give me these rights back.
roster-links-back = « Back
roster-link-expired-mailed = This link has expired: by e-mail it lives only 15 minutes. Get a new one at the same address. (LIE-04)
roster-mail-key = Send by e-mail…
roster-mail-off = I cannot write by e-mail yet: no mail server is set up for the school. On the machine, “preau check” says how. /links makes a file to print.
roster-mail-nobody = { $count ->
    [0] { $class }: everybody is linked. There is no link to send.
    [one] { $class }: { $count } person is not linked, and the school does not know their e-mail address. Give them a printed link.
   *[other] { $class }: { $count } people are not linked, and the school does not know their e-mail addresses. Give them printed links.
}
roster-mail-count = { $count ->
    [one] { $class }: { $count } e-mail will leave, to { $names }
   *[other] { $class }: { $count } e-mails will leave, to { $names }
}
roster-mail-without = { $count ->
    [one] { $count } person has no known address: they need a printed link.
   *[other] { $count } people have no known address: they need printed links.
}
roster-mail-life = A link by e-mail works once and lives 15 minutes; opened too late, it offers a new one. Printed links still work. An e-mail that has left cannot be taken back.
roster-mail-send = { $count ->
    [one] Send { $count } e-mail
   *[other] Send { $count } e-mails
}
roster-mail-leaving = { $count ->
    [one] { $class }: { $count } e-mail is leaving.
   *[other] { $class }: { $count } e-mails are leaving. If one cannot leave, I tell you.
}
roster-mail-failed = The link of { $name } could not leave by e-mail, or may not have left. Check the address in the sheet People, then type /links again.
roster-mail-again-key = Get a new link
roster-mail-again-sent = A new link is leaving for the e-mail address that the school knows. Open it within 15 minutes.
roster-mail-subject = Your link for { $school } in Telegram
roster-mail-body =
    Hello { $name },

    { $school } uses Telegram to tell lessons and attendance. Here is your personal link:

    { $link }

    It works once, within 15 minutes. Pass it on to nobody. Too late? Open it all the same: it offers you a new one.

    If you did not expect this message, or do not want Telegram, leave it and speak to the school: it has another way.
roster-told-departed = { $count ->
    [one] { $names } left class { $class } and is no longer in its Telegram group. The group is not told.
   *[other] { $names } left class { $class } and are no longer in its Telegram group. The group is not told.
}
roster-told-stuck = I could not remove { $names } from the group of { $class }: Telegram does not let me remove an admin of the group. Please do it yourself in Telegram. (ROS-02)
roster-told-held = { $count ->
    [one] { $names } left class { $class }, but I could not take them out of the group: I lack the right “ban users”. Give it to me among the group’s admins, and I see to it at once; or remove this person yourself. (ROS-01)
   *[other] { $names } left class { $class }, but I could not take them out of the group: I lack the right “ban users”. Give it to me among the group’s admins, and I see to it at once; or remove these people yourself. (ROS-01)
}
roster-told-walked-out = { $count ->
    [one] { $names } is no longer in the Telegram group of { $class }, but still in the class. The group is not told. To come back: open their chat with me, type /start, touch “Join”.
   *[other] { $names } are no longer in the Telegram group of { $class }, but still in the class. The group is not told. To come back: open their chat with me, type /start, touch “Join”.
}
roster-told-stray = { $count ->
    [one] The unlinked Telegram account of { $names } is no longer in the group of { $class }. The group is not told.
   *[other] The unlinked Telegram accounts of { $names } are no longer in the group of { $class }. The group is not told.
}
roster-told-stray-held = { $count ->
    [one] The unlinked Telegram account of { $names } is still in the group of { $class }: to take it out, I lack the right “ban users”. Give it to me among the group’s admins, and I see to it at once; or remove it yourself. (ROS-01)
   *[other] The unlinked Telegram accounts of { $names } are still in the group of { $class }: to take them out, I lack the right “ban users”. Give it to me among the group’s admins, and I see to it at once; or remove them yourself. (ROS-01)
}
roster-untied-account = the unlinked account of { $name }
roster-told-taken-elsewhere = Somebody opened the link of { $name } from a Telegram account that is linked to another person already. I linked nothing. Whoever looks after that other person has the button to unlink the account.
roster-linked-key = Unlink an account…
roster-linked-which = { $class }: which account to unlink? Here are the linked people. Nothing is undone before you touch “Unlink”.
roster-linked-one = Since { $since }, { $name } has a linked Telegram account. Unlink it? This person then gets nothing any more, and the account leaves the groups that it was in by this tie alone.
roster-linked-one-of = Since { $since }, { $name } ({ $classes }) has a linked Telegram account. Unlink it? This person then gets nothing any more, and the account leaves the groups that it was in by this tie alone.
