help-start = Says who I am and what I can do for you. With a personal link from the school, links your account.
    Example: type /start when you no longer know where to begin.
help-help = Shows what people with your role ask me most. With the name of a command or the code of a refusal, explains it.
    Example: /help week
help-settings = Chooses the language in which I write to you; the menu of commands follows.
    Example: type /settings, then Français.
help-privacy = Says exactly what I read, what the school keeps about you, for how long, and what your rights are.
    Example: /privacy
help-cancel = Drops the question that I asked you; nothing is changed. A question without an answer is forgotten after 24 hours.
    Example: I ask for a reason, you change your mind: /cancel
help-ping = Answers at once, with the school’s time: then I am well.
    Example: /ping
help-today = Shows today’s lessons, with hours, subject, teacher, and room or link. In a group: those of its class.
    Example: /today
help-week = Shows the lessons of the week, Monday to Sunday. In a group: those of its class.
    Example: /week
help-next = Shows the next lesson, or the one that is running, with a button to join it when it has a link.
    Example: /next
help-attendance = Shows the attendance sheets of the last 7 days. Tap one to fill it in, correct it or approve it.
    Example: after the lesson, /attendance, then the sheet, then Approve.
help-me = Shows your attendance, absences and late arrivals of the last two weeks. What seems wrong can be contested with a button.
    Example: /me, then Contest under the line.
help-timetable = Says how to send me the timetable. I show the differences before changing anything, and the lines to correct.
    Example: type /timetable, then send your .xlsx file.
help-template = Sends an empty workbook to fill in: one sheet for people, one for lessons.
    Example: /template
help-links = Makes personal links for those of a class who have not linked their account yet. First I say how many. An account is unlinked here too: lost, changed, or linked by mistake.
    Example: /links 1A
help-classes = Shows each class with its group, and those that have none.
    Example: /classrooms
help-adopt = Ties this group to a class: reminders, notices and reports come here. I must be an admin of the group.
    Example: in the group, /adopt 1A
help-status = Says how I am: what waits, what could not leave, what needs somebody.
    Example: /status
help-journal = Shows who did what, newest first. Search it by name, class, day or action.
    Example: /audit Diallo 24/11
