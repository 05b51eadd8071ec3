group-about = Group of the class { $class } · { $school }
group-welcome = Welcome to the group of the class { $class }. Reminders, video calls and reports of sessions arrive here. For questions of your own, write to me in private: @{ $bot }.
group-made = The group of the class { $class } is ready. Linked students find it with /start; teachers and supervisors come in by this link: { $link }
group-orphaned = While I made the group “{ $title }”, the class { $class } got another one by /adopt. The one I made serves nobody: the account that made it can delete it.
group-all-paused = { $count ->
    [one] { $count } class waits for its group
   *[other] { $count } classes wait for their groups
}: Telegram does not let our accounts make any more ({ $why }). Next try: { $day }. To be quicker: sign another account in (“preau login” on the server), or make the group yourself, then /adopt.
group-strangers = { $count ->
    [one] One person is in the group { $class } without being of the class: { $names }. I removed nobody
   *[other] { $count } people are in the group { $class } without being of the class: { $names }. I removed nobody
}: please see whether to enrol them, or to remove them from the group in Telegram.
group-missing = { $count ->
    [one] One student of { $class } is not in the group: { $names }. They come in
   *[other] { $count } students of { $class } are not in the group: { $names }. They come in
} with /start, or by the link that you give them.
group-maker-lost = The account that made the group “{ $title }” of the class { $class } is lost: Telegram signed it out. The group that it may have made serves nobody. Another account makes one; if there is none, sign one in (“preau login” on the server).
group-owner-lost = { $count ->
    [one] The account that held the group “{ $titles }” is lost and no other is in it: calls do not open there by themselves any more. Let an account signed in by “preau login” into this group, and give it the right to manage video calls.
   *[other] The account that held these { $count } groups is lost and no other is in them: { $titles }. Calls do not open there by themselves any more. Let an account signed in by “preau login” into each, and give it the right to manage video calls.
}
group-rights-stuck = In the group “{ $title }”, { $name } keeps their former administrator rights: an account that the school no longer has gave them, and our other accounts may not change them. Sign that account in again (“preau login” on the server) and I see to it; or change them in Telegram with the account that owns the group.
group-back-key = « Back
group-page = Class { $class } · group “{ $title }”.
group-page-gone = This class has no group. /classrooms gives you the list.
group-compare-key = Compare the members
group-compare-begun = I compare the group’s members with the class: the answer arrives here.
group-compared = Group { $class }: { $count ->
    [one] one person
   *[other] { $count } people
} compared with the list of the class.
group-compared-strangers = Not of the class: { $names }. I removed nobody.
group-compared-missing = Of the class, and not in the group: { $names }
group-compared-same = Everybody is where they belong.
group-compare-hidden = Telegram does not show me every member of the group { $class }: I conclude nothing from it and removed nobody. In the group’s settings, switch “Hide members” off, then try again.
group-compare-nobody = None of our accounts is in the group “{ $title }”: I cannot read the list of its members. Let an account signed in by “preau login” into it, then try again.
group-photo-unreadable = I cannot read the groups’ picture ({ $why }): they keep the one they had. Correct school.photo (a JPEG or PNG file of at most 10 MB), then start Préau again.
group-remove-key = Remove { $count ->
    [one] one person
   *[other] { $count } people
}
group-remove-sure = Remove from the group of the class { $class }: { $names }? { $count ->
    [one] This person leaves
   *[other] These { $count } people leave
} the group, and nothing is announced. Whoever has the link can ask to join again.
group-remove-now-key = Yes, remove { $count }
group-remove-begun = { $count ->
    [one] I remove this person
   *[other] I remove these { $count } people
}: the result arrives here.
group-remove-asked = { $count ->
    [one] Removing one more person is
   *[other] Removing these { $count } people is
} more than one person decides in a day. I removed nobody: I ask the admins for two agreements.
group-remove-effects = Remove from the group of the class { $class } { $count ->
    [one] one person who is
   *[other] { $count } people who are
} not of the class: { $names }.
group-remove-nobody = Nobody to remove: the list has changed since. “Compare the members” gives you the new one.
group-removed = { $count ->
    [one] Out of the group
   *[other] Out of the group
}: { $names }.
group-remove-stuck = Telegram does not let me remove { $names }: I cannot remove an admin of the group, nor anybody without the right to ban. Please do it in Telegram.
