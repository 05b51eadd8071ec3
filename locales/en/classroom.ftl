classroom-menu-adopt = Link this group with a class
classroom-menu-classes = Classes and their groups
classroom-adopt-small-group = This is still a small group. Open its settings, turn on “Chat history for new members” (Telegram then makes it a supergroup), and type /adopt again. (CLA-01)
classroom-adopt-not-admin = I cannot look after this group yet. Make me an admin with these rights, then type /adopt again (CLA-02):
classroom-rights-missing = I still lack these admin rights in this group (CLA-03):
classroom-right-invite = – invite users (for the links by which people join)
classroom-right-delete = – delete messages (to take away what is private)
classroom-right-ban = – ban users (to take out whoever leaves the class)
classroom-right-pin = – pin messages
classroom-right-info = – change group info
classroom-adopted = This group now belongs to class { $class }. Reminders and reports of its sessions will come here.
classroom-adopted-already = This group belongs to class { $class } already.
classroom-group-taken = This group belongs to class { $class } already. One group serves one class. (CLA-04)
classroom-has-group = Class { $class } has a group already: “{ $title }”. Replace it by this one?
classroom-replace-key = Take this group
classroom-unknown = I know no class “{ $name }”. /classrooms lists them. (CLA-05)
classroom-gone = This class does not exist any more. /adopt offers the others. (CLA-06)
classroom-unknown-near = I know no class “{ $name }”. Did you mean { $near }? (CLA-05)
classroom-choose = Which class meets in this group?
classroom-none-free = Every class has a group already. To replace one: /adopt followed by the name of the class.
classroom-none = No class yet. Send me your Excel timetable, or take the template: /template.
classroom-list = { $count ->
    [one] { $count } class:
   *[other] { $count } classes:
}
classroom-line = – { $class }: group “{ $title }”
classroom-line-no-group = – { $class }: no group yet
classroom-line-making = – { $class }: its group is being made
classroom-line-foreseen = – { $class }: its group will be made on { $day }
classroom-line-no-rights = – { $class }: group “{ $title }”, where I am no admin any more
classroom-adopt-late = Nothing has changed: meanwhile class { $class } was given another group, or this group another class. To see what holds now: /classrooms. (CLA-07)
classroom-adopted-again = This group is class { $class }’s. Its link for joining is new: everybody finds it with /start.
